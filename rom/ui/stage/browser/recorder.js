// Records the camera while a scene asks for it, and sends what it recorded.

import { Ahead } from "./ahead.js";

const KINDS = [
  "video/mp4;codecs=avc1",
  "video/mp4",
  "video/webm;codecs=vp9",
  "video/webm;codecs=vp8",
  "video/webm",
];
const BITS_PER_PIXEL_S = 8;
const LONGEST_MS = 180000;
const PIECE_MS = 1000;
const SENDING_MS = 55000;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 4000;
const FINAL = [204, 403, 404, 409, 413, 415, 422];

const pause = (time_ms) => new Promise((done) => { setTimeout(done, time_ms); });

export class Recorder {
  constructor({ folder, token, lost, sending }) {
    this.folder = folder;
    this.token = token;
    this.lost = lost;
    this.sending = sending;
    this.stream = null;
    this.name = null;
    this.toSend = new Map();
    this.queue = Promise.resolve();
  }

  static kind() {
    if (!("MediaRecorder" in window)) return undefined;
    return KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  }

  static possible() {
    return Recorder.kind() !== undefined;
  }

  // Clips that are recorded, but have not arrived.
  held() {
    return [...this.toSend.keys()];
  }

  want(name) {
    if (name === this.name) return;
    this.finish();
    this.name = name;
    if (name) this.begin(name);
  }

  begin(name) {
    if (!this.stream?.active) return this.lost(name, "camera");
    const { width = 640, height = 480 } = this.stream.getVideoTracks()[0].getSettings();
    const options = {
      mimeType: Recorder.kind(),
      videoBitsPerSecond: BITS_PER_PIXEL_S * width * height,
      // MP4 is written from key frame to key frame; by default that takes three seconds.
      videoKeyFrameIntervalDuration: PIECE_MS,
    };
    const parts = [];
    const ahead = new Ahead({ folder: this.folder, token: this.token, name, type: options.mimeType });
    const recorder = new MediaRecorder(this.stream, options);
    recorder.ondataavailable = (event) => {
      parts.push(event.data);
      if (recorder.state === "recording") ahead.send(event.data);
    };
    recorder.onerror = () => this.fail(name, "recorder");
    recorder.onstop = () => {
      if (recorder.dropped) return;
      this.send(name, new Blob(parts, { type: recorder.mimeType }));
    };
    this.recorder = recorder;
    this.limit = setTimeout(() => this.fail(name, "long"), LONGEST_MS);
    try {
      recorder.start(PIECE_MS);
    } catch {
      this.fail(name, "recorder");
    }
    return undefined;
  }

  finish() {
    clearTimeout(this.limit);
    const recorder = this.recorder;
    this.recorder = null;
    if (!recorder) return;
    if (recorder.state === "inactive") this.lost(this.name, "recorder");
    else {
      this.toSend.set(this.name, null);
      recorder.stop();
    }
  }

  // Gives up what is being recorded, without a word.
  drop() {
    clearTimeout(this.limit);
    const recorder = this.recorder;
    this.recorder = null;
    if (!recorder) return;
    recorder.dropped = true;
    if (recorder.state !== "inactive") recorder.stop();
  }

  fail(name, reason) {
    if (!this.recorder) return;
    this.drop();
    this.lost(name, reason);
  }

  send(name, clip) {
    this.toSend.set(name, clip);
    this.sending(this.toSend.size);
    this.queue = this.queue.then(async () => {
      const arrived = await this.deliver(name, clip);
      this.toSend.delete(name);
      this.sending(this.toSend.size);
      if (!arrived) this.lost(name, "connection");
    });
  }

  // Sends until the server has answered for good; false where it never does.
  async deliver(name, clip) {
    const address = new URL(`${this.folder}/clip`, location.origin);
    address.searchParams.set("name", name);
    const until = performance.now() + SENDING_MS;
    for (let wait_ms = FIRST_WAIT_MS; performance.now() < until; wait_ms *= 2) {
      try {
        const headers = { "X-Rom-Stage": this.token, "Content-Type": clip.type };
        const answer = await fetch(address, { method: "POST", body: clip, headers });
        if (FINAL.includes(answer.status)) return true;
      } catch {
        // The server cannot be reached; it may be back in a moment.
      }
      await pause(Math.min(wait_ms, LONGEST_WAIT_MS));
    }
    return false;
  }
}
