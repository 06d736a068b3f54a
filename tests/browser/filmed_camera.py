"""A camera that shows sample clips when the test says so: real pictures, and movement on demand.

In place of the camera's stream the page gets that of a canvas; on it stands the first picture of a
clip until the clip is played, and its last one afterwards.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, Route

from rom.samples import sample_folder

RATE_HZ = 30

_SCRIPT = """
(() => {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { alpha: false });
  const clips = new Map();
  let shown = null, mirrored = false;
  const load = async (name) => {
    if (!clips.has(name)) {
      const blob = await (await fetch(`/sample-clips/${name}`)).blob();
      const video = document.createElement("video");
      video.muted = true;
      video.src = URL.createObjectURL(blob);
      await new Promise((done, fail) => {
        video.onloadeddata = done;
        video.onerror = () => fail(new Error(`${name}: ${video.error.message}`));
      });
      clips.set(name, video);
    }
    return clips.get(name);
  };
  const show = async (name, mirror) => {
    const video = await load(name);
    video.currentTime = 0;
    [shown, mirrored] = [video, mirror];
  };
  const draw = () => {
    if (shown) {
      if (canvas.width !== shown.videoWidth || canvas.height !== shown.videoHeight) {
        canvas.width = shown.videoWidth;
        canvas.height = shown.videoHeight;
      }
      pen.setTransform(mirrored ? -1 : 1, 0, 0, 1, mirrored ? canvas.width : 0, 0);
      pen.drawImage(shown, 0, 0);
    } else {
      pen.fillStyle = "#777";
      pen.fillRect(0, 0, canvas.width, canvas.height);
    }
  };
  setInterval(draw, 1000 / RATE_HZ);
  canvas.width = 480;
  canvas.height = 640;
  draw();
  window.filmed = {
    async stand(name, mirror) { await show(name, mirror); shown.pause(); },
    async move(name, mirror) { await show(name, mirror); await shown.play(); },
    leave() { shown = null; },
    ended() { return Boolean(shown?.ended); },
  };
  const stream = async () => canvas.captureStream(RATE_HZ);
  Object.defineProperty(navigator.mediaDevices, "getUserMedia", { value: stream });
})();
""".replace("RATE_HZ", str(RATE_HZ))


class FilmedCamera:
    """Puts the camera of a page under the test's control; before the page is opened."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.add_init_script(_SCRIPT)
        page.route("**/sample-clips/*", self._send)

    def stand(self, clip: str, *, mirrored: bool = False) -> None:
        """Somebody stands as at the beginning of a clip, or of its mirror image."""
        self._page.evaluate("one => window.filmed.stand(...one)", [clip, mirrored])

    def move(self, clip: str, *, mirrored: bool = False) -> None:
        """Somebody moves as in a clip, or with the other side."""
        self._page.evaluate("one => window.filmed.move(...one)", [clip, mirrored])

    def leave(self) -> None:
        """Nobody is there."""
        self._page.evaluate("() => window.filmed.leave()")

    @property
    def still(self) -> bool:
        """Whether the clip is over."""
        return bool(self._page.evaluate("() => window.filmed.ended()"))

    def _send(self, route: Route) -> None:
        name = Path(route.request.url).name
        body = (sample_folder() / name).read_bytes()
        route.fulfill(body=body, content_type="video/mp4")
