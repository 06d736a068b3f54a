// The stage: draws the scene that the server tells, speaks it, records while it asks for it, and
// sends pictures and actions. It decides nothing.

import { Camera, cameraTrouble } from "./camera.js";
import { Link } from "./link.js";
import { forget, recall, remember } from "./memory.js";
import { Overlay } from "./overlay.js";
import { Recorder } from "./recorder.js";
import { SceneView } from "./scene.js";
import { Sound } from "./sound.js";
import { Keys } from "./keys.js";

const SLOW_HZ = 8;
const STEADY_HZ = 10;
const PACE_WINDOW_MS = 3000;
const FIGURES_KEPT = 3000;
const HIDDEN_MS = 300;
const GONE_AFTER_MS = 60000;

const stages = new WeakMap();

// Streamlit calls this for every run of the page, and the clean-up of any call but the last may
// come late; only that of the last one ends the stage.
export default function (component) {
  const root = component.parentElement;
  const stage = stages.get(root) || new Stage(root, component);
  stages.set(root, stage);
  const call = stage.update(component);
  return () => {
    if (stage.calls === call) {
      stages.delete(root);
      stage.stop();
    }
  };
}

class Stage {
  constructor(root, component) {
    this.calls = 0;
    this.data = component.data;
    this.words = component.data.words;
    this.card = root.querySelector(".card");
    this.dialog = root.querySelector("dialog");
    this.scene = null;
    this.running = false;
    this.blind = false;
    // For whoever measures: when each result came, and how old its picture was then.
    this.figures = { came_ms: [], age_ms: [], presented: 0 };
    this.dialog.figures = this.figures;
    this.sound = new Sound();
    this.view = new SceneView(this.dialog, this.words, {
      act: (option, value) => this.act(option, value),
      voice: (on) => this.sound.setVoice(on),
    });
    this.overlay = new Overlay(this.dialog.querySelector(".overlay"));
    this.camera = new Camera(this.dialog.querySelector("video"), {
      wanted: () => Boolean(this.link?.ready),
      picture: (blob, time_ms) => this.link?.sendPicture(blob, time_ms),
      ended: () => this.cameraGone(),
      coarse: (isCoarse) => this.view.setStatus("coarse", isCoarse ? this.words.coarse : ""),
    });
    this.recorder = new Recorder({
      folder: this.data.folder,
      token: this.data.token,
      lost: (name, reason) => this.lostClip(name, reason),
      sending: (count) => this.view.setStatus("sending", count ? this.words.sending : ""),
    });
    this.keys = new Keys(this.dialog, this.view, (option, value) => this.act(option, value));
    this.unsent = [];
    this.drawCard();
    this.onHidden = () => this.pageHidden();
    document.addEventListener("visibilitychange", this.onHidden);
    root.querySelector(".start").addEventListener("click", () => this.start());
    this.dialog.addEventListener("cancel", (event) => event.preventDefault());
    this.dialog.addEventListener("close", () => this.running && this.dialog.showModal());
    const isBack = recall(this.data.key) === this.data.token;
    const wasClicked = navigator.userActivation?.hasBeenActive ?? false;
    if (component.data.settings.at_once && wasClicked && !isBack) {
      // Once the first call is over, so that its clean-up finds what was started.
      setTimeout(() => stages.get(root) === this && this.start());
    }
  }

  update(component) {
    this.component = component;
    this.data = component.data;
    const settings = component.data.settings;
    this.dialog.classList.toggle("large-text", settings.large_text);
    this.dialog.classList.toggle("still", settings.reduced_motion);
    if (!this.running) this.sound.setVoice(settings.voice);
    this.view.setVoice(this.sound.voice);
    this.calls += 1;
    return this.calls;
  }

  drawCard() {
    const put = (name, text) => { this.card.querySelector(name).textContent = text; };
    const back = recall(this.data.key) === this.data.token;
    put(".card-title", this.words.start_title);
    put(".card-text", back ? this.words.start_resume : this.words.start_text);
    put(".card-local", this.words.local);
    put(".start", this.words.start);
    this.dialog.setAttribute("aria-label", this.words.stage);
  }

  async start() {
    if (this.running) return;
    this.running = true;
    remember(this.data.key, this.data.token);
    this.sound.unlock();
    this.dialog.showModal();
    this.dialog.querySelector(".title").focus();
    if (!("WebSocket" in window)) return this.notice("no_network", ["close"]);
    await this.startCamera();
  }

  async startCamera() {
    this.view.clearNotice();
    this.view.setStatus("camera", this.words.starting);
    if (!Recorder.possible()) return this.cameraNotice("no_recorder");
    try {
      await this.camera.start(this.data.settings.camera_id, Boolean(this.face));
    } catch (error) {
      return this.cameraNotice(cameraTrouble(error));
    } finally {
      this.view.setStatus("camera", "");
    }
    this.recorder.stream = this.camera.stream;
    this.connect();
  }

  cameraNotice(name) {
    const local = `http://localhost:${location.port || 80}`;
    const buttons = name === "insecure" || name === "no_recorder" ? [] : ["again"];
    this.notice(name, [...buttons, "without_camera", "close"], { local });
  }

  notice(name, buttons, filled = {}) {
    const does = {
      again: () => this.startCamera(),
      without_camera: () => { this.view.clearNotice(); this.connect(); },
      reconnect: () => { this.view.clearNotice(); this.lostSince = null; this.reconnect(); },
      here: () => { this.view.clearNotice(); this.reconnect(); },
      close: () => this.leave(),
    };
    const labels = { ...this.words, reconnect: this.words.again };
    const text = this.fill(this.words[name], filled);
    this.view.showNotice(text, buttons.map((each, index) => (
      { label: labels[each], click: does[each], isMain: index === 0 && each !== "close" }
    )));
    this.sound.say(text);
  }

  fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  }

  // ---- connection ----

  connect() {
    if (this.link) return;
    this.link = new Link(this.data.folder, this.data.token, {
      open: () => this.opened(),
      message: (message) => this.hear(message),
      lost: () => this.connectionLost(),
      refused: (code) => this.connectionRefused(code),
      ready: () => this.camera.offer(),
    });
    this.view.setStatus("connection", this.words.connecting);
    this.link.connect();
  }

  reconnect() {
    if (!this.link) return this.connect();
    this.link.connect();
  }

  opened() {
    this.link.send({ type: "hello", held: this.recorder.held() });
    for (const message of this.unsent.splice(0)) this.link.send(message);
  }

  hear(message) {
    if (message.drawing) this.view.addDrawing(message.drawing);
    if (message.scene) this.show(message.scene, message.face);
    if (message.type !== "seen") return;
    if (message.trouble) return this.noPictures(message.trouble);
    this.count(message);
    if (!message.feedback) return;
    this.view.showFeedback(message.feedback);
    this.overlay.draw(message.feedback, message.size_px);
  }

  show(scene, face) {
    if (this.lostSince) {
      this.lostSince = null;
      this.view.clearNotice();
    }
    this.view.setStatus("connection", "");
    const isNew = scene.id !== this.scene?.id;
    this.scene = scene;
    this.face = face;
    this.view.showScene(scene);
    if (isNew) {
      this.sound.beep(scene.beep);
      if (!this.view.hasNotice()) this.sound.say(scene.spoken);
    }
    this.recorder.want(scene.recording);
    this.camera.setFine(Boolean(face));
    if (scene.kind === "ended") this.ended();
  }

  ended() {
    forget(this.data.key);
    this.camera.stop();
    this.component.setStateValue("ended", true);
  }

  leave() {
    forget(this.data.key);
    this.component.setStateValue("left", true);
    this.stop();
  }

  connectionLost() {
    if (!this.running || this.scene?.kind === "ended") return;
    this.recorder.drop();
    this.overlay.clear();
    this.lostSince ??= performance.now();
    if (performance.now() - this.lostSince > GONE_AFTER_MS) {
      this.link.rest();
      return this.notice("failed", ["reconnect", "close"]);
    }
    if (!this.view.noticeIs(this.words.lost)) this.notice("lost", ["close"]);
    this.link.retry();
  }

  connectionRefused(code) {
    if (!this.running || this.scene?.kind === "ended") return;
    this.recorder.drop();
    this.overlay.clear();
    this.lostSince = performance.now();
    if (code === "elsewhere") return this.notice("elsewhere", ["here", "close"]);
    if (code === "gone") {
      forget(this.data.key);
      return this.notice("gone", ["close"]);
    }
    return this.notice("failed", ["reconnect", "close"]);
  }

  act(option, value = null) {
    if (!this.scene || this.lostSince) return;
    this.link?.send({ type: "act", scene: this.scene.id, option, value });
  }

  // ---- camera, page, recording ----

  cameraGone() {
    if (!this.running || this.scene?.kind === "ended") return;
    this.recorder.drop();
    this.recorder.stream = null;
    this.overlay.clear();
    this.view.showFeedback(null);
    this.link?.send({ type: "interrupted", reason: "camera" });
    this.notice("unplugged", ["again", "without_camera"]);
  }

  // A page that is being left is hidden as well, but not for long enough to matter.
  pageHidden() {
    clearTimeout(this.hiding);
    if (document.hidden) this.hiding = setTimeout(() => this.stayedHidden(), HIDDEN_MS);
  }

  stayedHidden() {
    if (!this.running || !document.hidden || !this.scene || this.scene.kind === "ended") return;
    this.recorder.drop();
    this.link?.send({ type: "interrupted", reason: "hidden" });
    this.view.setStatus("hidden", this.words.hidden);
    setTimeout(() => this.view.setStatus("hidden", ""), 60000);
  }

  lostClip(name, reason) {
    const message = { type: "lost", name, reason };
    if (this.link?.isOpen()) this.link.send(message);
    else this.unsent.push(message);
  }

  noPictures(sentence) {
    this.camera.pauseOffers = true;
    this.view.setStatus("trouble", sentence);
  }

  // ---- how fast results come ----

  count(message) {
    const now = performance.now();
    const { came_ms, age_ms } = this.figures;
    came_ms.push(now);
    age_ms.push(now - message.time_ms);
    if (came_ms.length > FIGURES_KEPT) {
      came_ms.shift();
      age_ms.shift();
    }
    this.figures.presented = this.camera.presented;
    this.pace ??= { since: now, seen: 0, offered: this.camera.presented };
    this.pace.seen += 1;
    const passed_s = (now - this.pace.since) / 1000;
    if (passed_s * 1000 < PACE_WINDOW_MS) return;
    const seen_hz = this.pace.seen / passed_s;
    const offered_hz = (this.camera.presented - this.pace.offered) / passed_s;
    if (seen_hz < SLOW_HZ && offered_hz > STEADY_HZ) {
      this.view.setStatus("slow", this.words.slow);
    } else if (seen_hz > STEADY_HZ) {
      this.view.setStatus("slow", "");
    }
    this.pace = null;
  }

  stop() {
    const finished = this.scene?.kind === "ended";
    this.running = false;
    document.removeEventListener("visibilitychange", this.onHidden);
    this.keys.stop();
    this.recorder.drop();
    this.link?.close();
    this.camera.close();
    this.sound.stop(finished);
    if (this.dialog.open) this.dialog.close();
  }
}
