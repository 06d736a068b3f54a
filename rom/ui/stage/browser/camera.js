// The camera: its picture is shown without delay, and each new picture is offered as a JPEG.

const USUAL = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
const FINE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };
const MAX_SIDE_PX = 1280;
const QUALITY = 0.8;

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
    this.canvas = document.createElement("canvas");
    this.pen = this.canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    this.presented = 0;
    this.taken = 0;
    this.encoding = false;
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
  }

  // A finer picture where the face is measured; a camera that cannot keeps what it has.
  async setFine(fine) {
    if (fine === this.fine || !this.stream) return;
    this.fine = fine;
    const track = this.stream.getVideoTracks()[0];
    await track.applyConstraints(fine ? FINE : USUAL).catch(() => {});
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
    if (this.pauseOffers || this.encoding || this.taken === this.presented || !this.stream) return;
    if (!this.on.wanted()) return;
    this.encoding = true;
    this.taken = this.presented;
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.min(1, MAX_SIDE_PX / Math.max(videoWidth, videoHeight));
    const width = Math.round(videoWidth * scale);
    const height = Math.round(videoHeight * scale);
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const time_ms = this.presented_ms;
    this.pen.drawImage(this.video, 0, 0, width, height);
    this.canvas.toBlob((blob) => {
      this.encoding = false;
      if (blob) this.on.picture(blob, time_ms);
    }, "image/jpeg", QUALITY);
  }
}
