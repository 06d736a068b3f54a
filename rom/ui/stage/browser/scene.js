// One scene on the page: what is new is changed, what stays keeps its place and the focus.

// Characters; a longer prompt would push the picture away.
const LONG_PROMPT = 48;
// So many answers, or one of more characters, stand in a list; long ones in wider columns.
const MANY_ANSWERS = 5;
const LONG_ANSWER = 60;

const STANDING = ["pause", "repeat", "back", "end"];
const TIMER_MS = 200;
const MINUTE_S = 60;
const WAITING_FRAC = 0.25;

export class SceneView {
  constructor(dialog, words, does) {
    this.words = words;
    this.does = does;
    this.dialog = dialog;
    this.scene = null;
    this.feedback = null;
    this.drawings = new Map();
    this.status = new Map();
    this.part = (name) => dialog.querySelector(`.${name}`);
    this.part("options").setAttribute("aria-label", words.answers);
    this.part("overlay").setAttribute("role", "img");
    this.part("overlay").setAttribute("aria-label", words.live_picture);
    this.makeControls();
    this.makeRating();
    this.hideScene();
  }

  // ---- the scene ----

  showScene(scene) {
    const before = this.scene;
    const isNew = before?.id !== scene.id;
    this.scene = scene;
    const held = this.dialog.getRootNode().activeElement;
    if (isNew && scene.kind !== "take") this.feedback = null;
    this.dialog.dataset.kind = scene.kind;
    this.dialog.dataset.camera = scene.camera;
    this.put("title", scene.title);
    if (!this.hasNotice()) this.unhideScene();
    this.showPicture(scene.picture);
    this.put("picture-words", scene.picture_words);
    this.part("picture-words").hidden = !scene.picture_words || this.part("picture").hidden;
    this.showOptions(before, scene);
    this.showRating(before, scene);
    this.showControls(scene);
    this.startTimer(scene);
    this.showFeedback(this.feedback);
    if (isNew && !this.hasNotice()) this.announce(scene.spoken || [scene.title, scene.text].filter(Boolean).join(". "));
    const lost = held && (!held.isConnected || held.hidden || held.disabled);
    if (lost || (isNew && held === null)) this.part("title").focus({ preventScroll: true });
    if (isNew) this.part("panel").scrollTop = 0;
  }

  // What one picture adds; null clears it.
  showFeedback(feedback) {
    this.feedback = feedback;
    const scene = this.scene;
    if (!scene) return;
    const isTake = scene.kind === "take";
    const prompt = feedback?.prompt || (isTake ? scene.text : "");
    this.put("prompt", prompt);
    this.part("prompt").classList.toggle("long", prompt.length > LONG_PROMPT);
    if (!this.part("scene").hidden) this.put("caption", prompt === scene.spoken ? "" : scene.spoken);
    this.put("text", isTake ? "" : scene.text);
    this.put("number", feedback?.number ?? "");
    this.put("count", feedback?.count ?? "");
    this.part("reading").hidden = !(feedback?.number || feedback?.count);
    this.showRing();
    if (feedback?.prompt) this.announce(feedback.prompt);
  }

  showRing() {
    const timer = this.timeLeft();
    const frac = this.feedback?.ring_frac ?? this.scene.ring_frac ?? timer?.frac ?? null;
    const waiting = this.scene.kind === "busy" && frac === null;
    this.part("ring").hidden = frac === null && timer === null && !waiting;
    this.part("ring").classList.toggle("waiting", waiting);
    this.part("ring-filled").style.strokeDashoffset = String(100 * (1 - (frac ?? WAITING_FRAC)));
    this.put("ring-text", timer?.text ?? "");
  }

  startTimer(scene) {
    clearInterval(this.ticking);
    if (scene.ends_in_s === null || scene.paused) {
      this.ends_ms = null;
      this.left_s = scene.ends_in_s;
    } else {
      if (this.timerId !== scene.id) this.whole_s = scene.ends_in_s;
      this.ends_ms = performance.now() + 1000 * scene.ends_in_s;
      this.ticking = setInterval(() => this.showRing(), TIMER_MS);
    }
    this.timerId = scene.id;
  }

  timeLeft() {
    if (this.scene.ends_in_s === null) return null;
    const left_s = this.ends_ms === null
      ? this.left_s
      : Math.max(0, (this.ends_ms - performance.now()) / 1000);
    const whole = Math.ceil(left_s);
    const seconds = String(whole % MINUTE_S).padStart(2, "0");
    const text = whole < MINUTE_S
      ? this.words.seconds.replace("{count}", whole)
      : this.words.minutes.replace("{minutes}", Math.floor(whole / MINUTE_S))
        .replace("{seconds}", seconds);
    return { text, frac: this.whole_s ? 1 - left_s / this.whole_s : 0 };
  }

  addDrawing({ name, svg }) {
    this.drawings.set(name, svg);
  }

  showPicture(name) {
    const part = this.part("picture");
    if (part.dataset.name === (name ?? "")) return;
    part.dataset.name = name ?? "";
    // Own drawings, made by the server; nothing that anybody typed is among them.
    part.innerHTML = (name && this.drawings.get(name)) || "";
    part.hidden = part.innerHTML === "";
    this.dialog.classList.toggle("illustrated", !part.hidden);
  }

  // ---- answers ----

  showOptions(before, scene) {
    const part = this.part("options");
    const signature = (each) => each && JSON.stringify([
      each.id, each.multiple, each.options.map(({ id, label, detail }) => [id, label, detail]),
    ]);
    if (signature(before) !== signature(scene)) {
      part.replaceChildren(...scene.options.map((option, index) => this.optionButton(option, index)));
      if (scene.multiple && scene.kind === "choose") part.append(this.doneButton());
    }
    part.hidden = part.childElementCount === 0;
    const isLong = scene.options.some(({ label }) => label.length > LONG_ANSWER);
    part.classList.toggle("list", isLong || scene.options.length >= MANY_ANSWERS);
    part.classList.toggle("long", isLong);
    scene.options.forEach((option, index) => {
      const button = part.children[index];
      button.classList.toggle("highlighted", option.id === scene.highlighted);
      button.classList.toggle("chosen", option.chosen);
      if (scene.multiple) button.setAttribute("aria-pressed", String(option.chosen));
    });
  }

  optionButton(option, index) {
    const button = this.button("option", () => this.does.act(option.id));
    const label = document.createElement("span");
    label.className = "option-label";
    label.textContent = option.label;
    button.append(label);
    if (option.detail) {
      const detail = document.createElement("span");
      detail.className = "option-detail";
      detail.textContent = option.detail;
      button.append(detail);
    }
    const key = option.key ?? (index < 9 ? String(index + 1) : "");
    if (key) {
      const shown = document.createElement("kbd");
      shown.textContent = key;
      shown.setAttribute("aria-hidden", "true");
      button.prepend(shown);
    }
    button.dataset.option = option.id;
    return button;
  }

  doneButton() {
    const button = this.button("main done", () => this.does.act("done"));
    button.textContent = this.words.done;
    return button;
  }

  choose(index) {
    const option = this.scene.options[index];
    if (option && !this.scene.options.some((each) => each.key === String(index + 1) && each !== option)) {
      this.does.act(option.id);
    }
  }

  // Enter: the rating as it is set, the highlighted answer, or the only one.
  confirm() {
    const { kind, options, highlighted, multiple } = this.scene;
    if (kind === "rate" && this.rating !== null) this.does.act("rate", this.rating);
    else if (highlighted) this.does.act(highlighted);
    else if (multiple) this.does.act("done");
    else if (options.length === 1) this.does.act(options[0].id);
  }

  // Arrows: the rating, or the focus from answer to answer.
  move(step) {
    if (this.scene.kind === "rate") {
      this.setRating(Math.min(10, Math.max(0, (this.rating ?? (step > 0 ? -1 : 1)) + step)));
      return;
    }
    const buttons = [...this.part("options").children];
    if (buttons.length === 0) return;
    const held = buttons.indexOf(this.dialog.getRootNode().activeElement);
    const next = held < 0 ? (step > 0 ? 0 : buttons.length - 1) : held + step;
    buttons[(next + buttons.length) % buttons.length].focus();
  }

  // ---- rating ----

  makeRating() {
    this.rating = null;
    this.part("rating").setAttribute("aria-label", this.words.rating);
    this.part("rating-slider").setAttribute("aria-label", this.words.rating);
    this.put("rating-low", this.words.rating_low);
    this.put("rating-high", this.words.rating_high);
    this.put("rating-set", this.words.set);
    const buttons = Array.from({ length: 11 }, (_, value) => {
      const button = this.button("", () => this.setRating(value));
      button.textContent = String(value);
      return button;
    });
    this.part("rating-buttons").replaceChildren(...buttons);
    this.part("rating-slider").addEventListener("input", (event) => {
      this.setRating(Number(event.target.value));
    });
    this.part("rating-set").addEventListener("click", () => this.confirm());
  }

  showRating(before, scene) {
    const isRate = scene.kind === "rate";
    this.part("rating").hidden = !isRate;
    if (!isRate) return;
    const told = scene.value === null ? null : Math.round(scene.value);
    if (before?.id !== scene.id || (told !== null && before?.value !== scene.value)) {
      this.setRating(told);
    }
  }

  setRating(value) {
    this.rating = value;
    this.put("rating-value", value === null ? "–" : String(value));
    this.part("rating-slider").value = String(value ?? 0);
    this.part("rating-set").disabled = value === null;
    [...this.part("rating-buttons").children].forEach((button, index) => {
      button.setAttribute("aria-pressed", String(index === value));
    });
  }

  // ---- standing buttons ----

  makeControls() {
    const part = this.part("controls");
    part.setAttribute("aria-label", this.words.controls);
    for (const name of STANDING) {
      const button = this.button("", () => this.does.act(button.dataset.option));
      button.dataset.option = name;
      button.textContent = this.words[name];
      part.append(button);
    }
    this.voice = this.button("voice", () => {
      this.setVoice(this.voice.getAttribute("aria-pressed") !== "true");
      this.does.voice(this.voice.getAttribute("aria-pressed") === "true");
    });
    part.append(this.voice);
    const keys = document.createElement("p");
    keys.className = "keys";
    keys.textContent = this.words.keys;
    part.append(keys);
  }

  setVoice(on) {
    this.voice.setAttribute("aria-pressed", String(on));
    this.voice.textContent = on ? this.words.voice_on : this.words.voice_off;
  }

  showControls(scene) {
    const buttons = this.part("controls").querySelectorAll("[data-option]");
    const ended = scene.kind === "ended";
    const offered = scene.options.map((option) => option.id);
    buttons.forEach((button, index) => {
      const name = STANDING[index];
      const now = name === "pause" && scene.paused ? "resume" : name;
      button.dataset.option = now;
      button.textContent = this.words[now];
      const can = now === "resume" || scene.standing.includes(now);
      button.hidden = ended || !can || offered.includes(now);
    });
  }

  // ---- notices ----

  showNotice(text, buttons) {
    this.hideScene();
    this.part("notice").hidden = false;
    this.put("notice-text", text);
    const made = buttons.map(({ label, click, isMain }) => {
      const button = this.button(isMain ? "main" : "", click);
      button.textContent = label;
      return button;
    });
    this.part("notice-buttons").replaceChildren(...made);
    (buttons[0]?.isMain ? made[0] : this.part("notice-text")).focus();
  }

  hideScene() {
    this.part("scene").hidden = true;
    this.part("controls").hidden = true;
    this.put("step", "");
    this.put("caption", "");
    this.put("spoken", "");
  }

  unhideScene() {
    this.part("scene").hidden = false;
    this.part("controls").hidden = false;
    this.put("step", this.scene.step);
    this.put("caption", this.scene.spoken);
  }

  clearNotice() {
    this.part("notice").hidden = true;
    if (this.scene) this.unhideScene();
    this.part("title").focus();
  }

  hasNotice() {
    return !this.part("notice").hidden;
  }

  noticeIs(text) {
    return this.hasNotice() && this.part("notice-text").textContent === text;
  }

  setStatus(name, text) {
    if (text) this.status.set(name, text);
    else this.status.delete(name);
    this.put("status", [...this.status.values()].join(" "));
  }

  // ---- small things ----

  // Said once to whoever uses a screen reader.
  announce(text) {
    if (this.said === text) return;
    this.said = text;
    this.put("spoken", text);
  }

  put(name, text) {
    const part = this.part(name);
    if (part.textContent !== text) part.textContent = text;
  }

  button(name, click) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = name;
    button.addEventListener("click", click);
    return button;
  }
}
