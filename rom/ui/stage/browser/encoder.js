// Pictures to JPEG, in a thread of their own where the browser has one: on the page itself, browsers
// put encoding off until the page is idle.

const FORMAT = { type: "image/jpeg", quality: 0.8 };
const MAX_SIDE_PX = 1280;

// In the worker.
function encodeInWorker() {
  let canvas;
  let pen;
  self.onmessage = async ({ data: { picture, width, height, time_ms } }) => {
    if (canvas?.width !== width || canvas?.height !== height) {
      canvas = new OffscreenCanvas(width, height);
      pen = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    }
    pen.drawImage(picture, 0, 0, width, height);
    picture.close();
    self.postMessage({ blob: await canvas.convertToBlob(FORMAT), time_ms });
  };
}

if (typeof WorkerGlobalScope !== "undefined") encodeInWorker();

export class Encoder {
  constructor(done) {
    this.done = done;
    this.busy = false;
    try {
      if ("OffscreenCanvas" in window && ("VideoFrame" in window || "createImageBitmap" in window)) {
        this.worker = new Worker(import.meta.url, { type: "module" });
        this.worker.onmessage = ({ data }) => this.finished(data.blob, data.time_ms);
        this.worker.onerror = () => this.withoutWorker();
      }
    } catch {
      this.worker = null;
    }
  }

  // Encodes the picture that a video shows; one at a time.
  async encode(video, time_ms) {
    this.busy = true;
    const { videoWidth, videoHeight } = video;
    const scale = Math.min(1, MAX_SIDE_PX / Math.max(videoWidth, videoHeight));
    const size = { width: Math.round(videoWidth * scale), height: Math.round(videoHeight * scale) };
    if (!this.worker) {
      this.onPage(video, size, time_ms);
      return;
    }
    try {
      const picture = "VideoFrame" in window
        ? new VideoFrame(video, { timestamp: 0 })
        : await createImageBitmap(video);
      this.worker.postMessage({ picture, ...size, time_ms }, [picture]);
    } catch {
      this.withoutWorker();
    }
  }

  withoutWorker() {
    this.worker?.terminate();
    this.worker = null;
    this.busy = false;
  }

  onPage(video, { width, height }, time_ms) {
    this.canvas ??= document.createElement("canvas");
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.pen = this.canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    }
    this.pen.drawImage(video, 0, 0, width, height);
    this.canvas.toBlob((blob) => this.finished(blob, time_ms), FORMAT.type, FORMAT.quality);
  }

  finished(blob, time_ms) {
    this.busy = false;
    if (blob) this.done(blob, time_ms);
  }

  close() {
    this.worker?.terminate();
    this.worker = null;
  }
}
