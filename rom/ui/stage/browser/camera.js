// The camera: its picture is shown without delay, and each new picture is offered as a JPEG.

import { Encoder } from "./encoder.js";

const USUAL = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
const FINE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const FINE_PX = 720;

const TROUBLE = {
  insecure: "insecure",
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

// Which of the words says what is wrong with the camera.
export function cameraTrouble(error) {
  return TROUBLE[error.name] || "camera_failed";
}

export class Camera {
  constructor(video, on) {
    this.video = video;
    this.on = on;
    this.encoder = new Encoder((blob, time_ms) => on.picture(blob, time_ms));
    this.presented = 0;
    this.taken = 0;
    this.pauseOffers = false;
  }

  async start(cameraId, fine) {
    this.stop();
    if (!navigator.mediaDevices?.getUserMedia) {
      throw Object.assign(new Error("insecure"), { name: "insecure" });
    }
    this.fine = fine;
    const size = fine ? FINE : USUAL;
    const chosen = cameraId ? { ...size, deviceId: { exact: cameraId } } : size;
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: chosen, audio: false });
    } catch (error) {
      const isElsewhere = ["NotFoundError", "OverconstrainedError"].includes(error.name);
      if (!cameraId || !isElsewhere) throw error;
      this.stream = await navigator.mediaDevices.getUserMedia({ video: size, audio: false });
    }
    const track = this.stream.getVideoTracks()[0];
    track.addEventListener("ended", () => {
      if (this.stream?.getVideoTracks()[0] !== track) return;
      this.stop();
      this.on.ended();
    });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.watch(this.stream);
    this.tellCoarse();
  }

  // A finer picture where the face is measured; a camera that cannot keeps what it has, and it is
  // told.
  async setFine(fine) {
    if (fine === this.fine || !this.stream) return;
    this.fine = fine;
    const track = this.stream.getVideoTracks()[0];
    await track.applyConstraints(fine ? FINE : USUAL).catch(() => {});
    this.tellCoarse();
  }

  tellCoarse() {
    const { width, height } = this.stream?.getVideoTracks()[0].getSettings() ?? {};
    this.on.coarse(Boolean(this.fine) && Math.min(width, height) < FINE_PX);
  }

  stop() {
    const stream = this.stream;
    this.stream = null;
    stream?.getTracks().forEach((track) => track.stop());
    this.video.srcObject = null;
  }

  // Follows the pictures as they are shown; `now` is when one was.
  watch(stream) {
    const shown = (now) => {
      if (this.stream !== stream) return;
      this.presented += 1;
      this.presented_ms = now;
      this.offer();
      next();
    };
    let last = -1;
    const changed = () => {
      if (this.stream !== stream) return;
      if (this.video.currentTime === last) return requestAnimationFrame(changed);
      last = this.video.currentTime;
      return shown(performance.now());
    };
    const next = () => {
      if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(shown);
      else requestAnimationFrame(changed);
    };
    next();
  }

  // Takes the picture that is shown, unless it was taken before or one is being encoded.
  offer() {
    if (this.pauseOffers || this.encoder.busy || this.taken === this.presented || !this.stream) return;
    if (!this.on.wanted()) return;
    this.taken = this.presented;
    this.encoder.encode(this.video, this.presented_ms);
  }

  close() {
    this.stop();
    this.encoder.close();
  }
}
