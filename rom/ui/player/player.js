// Two recordings on one clock. All words come in `data.words`; the browser decides nothing about
// a repetition: it says what was done, and draws what comes back.
const SVG = "http://www.w3.org/2000/svg";
const LEFT = 48, RIGHT = 10, TOP = 12, BOTTOM = 26;
const PAINTED_AGAIN_S = 0.0005;
const DRIFT_S = 0.12;
const KEYS_REST_MS = 700;
const NOISE_FRAC = 0.1;
const STYLES = ["first", "second"];

const interpolate = (at, from, to) => {
  if (at <= from[0]) return to[0];
  const last = from.length - 1;
  if (at >= from[last]) return to[last];
  let low = 0, high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle] <= at) low = middle; else high = middle;
  }
  const part = (at - from[low]) / (from[high] - from[low] || 1);
  return to[low] + part * (to[high] - to[low]);
};
const fill = (words, values) =>
  words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
const element = (tag, attributes = {}, text = null) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== null) made.textContent = text;
  return made;
};
const shape = (tag, attributes, text = null) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== null) made.textContent = text;
  return made;
};

class Player {
  constructor(root, say) {
    this.root = root;
    this.say = say;
    this.find = (name) => root.querySelector(`[data-${name}]`);
    this.clock = null;
    this.playing = false;
    this.rate = 1;
    this.chosen = null;
    this.videos = [];
    this.sources = "";
    this.edits = 0;
    this.settle = null;
    this.width = 960;
    this.height = 270;
    root.addEventListener("keydown", (event) => this.pressed(event));
    new ResizeObserver(() => this.resize()).observe(this.find("chart"));
    this.tick = this.tick.bind(this);
  }

  update(data) {
    const before = this.data;
    this.data = data;
    this.words = data.words;
    this.root.dataset.blind = String(data.blind);
    this.root.setAttribute("aria-label", this.words.player);
    if (this.clock === null || !before || before.id !== data.id) {
      this.clock = data.start_s;
      this.chosen = null;
    }
    this.clock = Math.min(Math.max(this.clock, data.span_s[0]), data.span_s[1]);
    this.drawVideos();
    this.drawControls();
    this.drawChart();
    this.drawLanes();
    this.find("keys").textContent = this.words.keys;
    this.show(true);
  }

  // Time

  timeOf(track, clock = this.clock) { return interpolate(clock, track.clock_s, track.time_s); }
  clockOf(track, time) { return interpolate(time, track.time_s, track.clock_s); }

  angleOf(track, time) {
    const at = track.series_s, count = at.length;
    if (!count) return null;
    let low = 0, high = count - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (at[middle] <= time) low = middle; else high = middle;
    }
    const nearest = Math.abs(at[low] - time) <= Math.abs(at[high] - time) ? low : high;
    return Math.abs(at[nearest] - time) <= 2 * this.data.frame_s ? track.angle_deg[nearest] : null;
  }

  seek(clock, { announce = true } = {}) {
    this.clock = Math.min(Math.max(clock, this.data.span_s[0]), this.data.span_s[1]);
    this.show(announce);
  }

  play() {
    if (this.clock >= this.data.span_s[1] - 1e-3) this.clock = this.data.span_s[0];
    this.playing = true;
    this.last = performance.now();
    this.refresh();
    requestAnimationFrame(this.tick);
  }

  pause() {
    this.playing = false;
    this.refresh();
    this.show(true);
  }

  tick(now) {
    if (!this.playing || !this.root.isConnected) { this.halt(); return; }
    this.clock += ((now - this.last) / 1000) * this.rate;
    this.last = now;
    if (this.clock >= this.data.span_s[1]) {
      this.clock = this.data.span_s[1];
      this.pause();
      return;
    }
    this.show(false);
    requestAnimationFrame(this.tick);
  }

  halt() { for (const video of this.videos) if (video) video.pause(); }

  show(announce) {
    this.data.tracks.forEach((track, index) => this.follow(track, this.videos[index]));
    const readings = this.data.tracks.map((track, index) => {
      const angle = this.angleOf(track, this.timeOf(track));
      const words = angle === null ? this.words.unseen : `${Math.round(angle)}°`;
      const output = this.root.querySelector(`[data-reading="${index}"]`);
      if (output) output.textContent = words;
      this.placeDot(index, angle);
      return fill(this.words.reading, { label: track.label, angle: words });
    });
    const x = this.x(this.clock);
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
    this.knob.style.left = `${(100 * x) / this.width}%`;
    const said = fill(this.words.now, { readings: readings.join(", "), place: this.place() });
    this.knob.setAttribute("aria-valuenow", this.clock.toFixed(2));
    this.knob.setAttribute("aria-valuetext", said);
    const now = this.find("now");
    now.setAttribute("aria-live", this.playing ? "off" : "polite");
    if (announce || this.playing) now.textContent = said;
    this.root.dataset.clock = this.clock.toFixed(3);
  }

  follow(track, video) {
    if (!video || !video.duration) return;
    const target = Math.min(this.timeOf(track), Math.max(video.duration - 1e-3, 0));
    const ahead = this.timeOf(track, this.clock + 0.02);
    const pace = ((ahead - this.timeOf(track)) / 0.02) * this.rate;
    const runs = this.playing && pace >= 0.07;
    if (!runs) {
      if (!video.paused) video.pause();
      if (Math.abs(video.currentTime - target) > 1e-3) video.currentTime = target;
      return;
    }
    const drift = video.currentTime - target;
    if (Math.abs(drift) > DRIFT_S && !video.seeking) video.currentTime = target;
    video.playbackRate = Math.min(Math.max(pace * (1 - drift), 0.07), 8);
    if (video.paused) video.play().catch(() => {});
  }

  place() {
    const track = this.data.tracks[0];
    const time = this.timeOf(track);
    const number = track.repetitions.findIndex((r) => r.onset_s <= time && time <= r.offset_s);
    return number < 0
      ? this.words.between
      : fill(this.words.during, { number: number + 1, count: track.repetitions.length });
  }

  // Drawing

  drawVideos() {
    const holder = this.find("videos");
    const shown = this.data.tracks.filter((track) => track.video);
    const sources = JSON.stringify(this.data.tracks.map((track) => track.video));
    holder.dataset.count = String(this.data.tracks.length);
    holder.hidden = !shown.length;
    if (sources !== this.sources) {
      this.sources = sources;
      this.halt();
      this.videos = [];
      holder.replaceChildren(...this.data.tracks.map((track, index) => this.figure(track, index)));
    }
    this.data.tracks.forEach((track, index) => {
      holder.children[index].querySelector(".name").textContent = track.label;
      if (this.videos[index]) {
        this.videos[index].setAttribute("aria-label", fill(this.words.video, track));
      }
    });
  }

  figure(track, index) {
    const figure = element("figure");
    const caption = element("figcaption");
    caption.append(element("span", { class: "name" }));
    caption.append(element("output", { "data-reading": index, "aria-live": "off" }));
    figure.append(caption);
    if (track.video) {
      const video = element("video", { src: track.video, preload: "auto", playsinline: "" });
      video.muted = true;
      // Chromium paints no picture that it went to while the video was out of sight.
      new IntersectionObserver(([seen]) => {
        if (seen.isIntersecting && video.paused) video.currentTime += PAINTED_AGAIN_S;
      }).observe(video);
      for (const event of ["loadedmetadata", "loadeddata"]) {
        video.addEventListener(event, () => this.show(false));
      }
      figure.append(video);
      this.videos[index] = video;
    }
    return figure;
  }

  drawControls() {
    const holder = this.find("controls");
    holder.setAttribute("aria-label", this.words.controls);
    if (!holder.children.length) {
      this.button(holder, "back", () => this.step(-1));
      this.button(holder, "play", () => (this.playing ? this.pause() : this.play())).classList.add("main");
      this.button(holder, "forward", () => this.step(1));
      this.button(holder, "previous", () => this.jump(-1));
      this.button(holder, "next", () => this.jump(1));
      const label = element("label", {}, this.words.speed);
      const select = element("select");
      for (const [value, words] of this.words.speeds) select.append(element("option", { value }, words));
      select.addEventListener("change", () => { this.rate = Number(select.value); });
      label.append(select);
      holder.append(label);
    }
    this.refresh();
  }

  button(holder, name, action) {
    const made = element("button", { type: "button", "data-button": name });
    made.textContent = this.words[name];
    made.addEventListener("click", action);
    holder.append(made);
    return made;
  }

  refresh() {
    const play = this.root.querySelector('[data-button="play"]');
    if (play) play.textContent = this.playing ? this.words.pause : this.words.play;
  }

  resize() {
    const width = Math.max(Math.round(this.find("chart").clientWidth), 280);
    if (width === this.width || !this.data) return;
    this.width = width;
    this.height = width < 600 ? 200 : 270;
    this.drawChart();
    this.drawLanes();
    this.show(false);
  }

  x(clock) {
    const [from, to] = this.data.span_s;
    return LEFT + ((clock - from) / (to - from || 1)) * (this.width - LEFT - RIGHT);
  }

  y(angle) {
    const [low, high] = this.scale;
    return this.height - BOTTOM - ((angle - low) / (high - low || 1)) * (this.height - BOTTOM - TOP);
  }

  drawChart() {
    const angles = this.data.tracks.flatMap((track) => track.angle_deg.filter((a) => a !== null));
    const lowest = Math.min(0, ...angles), highest = Math.max(10, ...angles);
    const step = [5, 10, 20, 30, 45, 90].find((each) => (highest - lowest) / each <= 5) || 90;
    const below = lowest > -NOISE_FRAC * step ? 0 : Math.floor(lowest / step) * step;
    this.scale = [below, Math.ceil(highest / step) * step];
    const svg = shape("svg", {
      viewBox: `0 0 ${this.width} ${this.height}`, role: "img", "aria-label": this.data.description,
    });
    for (let tick = this.scale[0]; tick <= this.scale[1]; tick += step) {
      const y = this.y(tick);
      svg.append(shape("line", { class: "grid", x1: LEFT, x2: this.width - RIGHT, y1: y, y2: y }));
      svg.append(shape("text", { x: LEFT - 8, y: y + 4, "text-anchor": "end" }, `${tick}°`.replace("-", "−")));
    }
    svg.append(shape("text", { x: (LEFT + this.width - RIGHT) / 2, y: this.height - 4, "text-anchor": "middle" }, this.words.axis));
    this.data.tracks.forEach((track) => this.shades(svg, track));
    this.data.tracks.forEach((track, index) => this.curve(svg, track, STYLES[index]));
    this.cursor = shape("line", { class: "cursor", y1: TOP - 6, y2: this.height - BOTTOM });
    svg.append(this.cursor);
    this.dots = this.data.tracks.map((track, index) => {
      const dot = shape("circle", { class: `dot ${STYLES[index]}`, r: 5 });
      svg.append(dot);
      return dot;
    });
    const chart = this.find("chart");
    const focused = this.knob && this.root.getRootNode().activeElement === this.knob;
    if (!this.knob) {
      this.knob = element("div", { class: "knob", role: "slider", tabindex: "0" });
      this.draggable(chart, (clock) => { this.pause(); this.seek(clock); }, this.knob);
    }
    this.knob.setAttribute("aria-label", this.words.cursor);
    this.knob.setAttribute("aria-valuemin", this.data.span_s[0].toFixed(2));
    this.knob.setAttribute("aria-valuemax", this.data.span_s[1].toFixed(2));
    if (chart.firstChild) chart.firstChild.replaceWith(svg); else chart.append(svg);
    if (!this.knob.isConnected) chart.append(this.knob);
    if (focused) this.knob.focus();
  }

  shades(svg, track) {
    for (const each of track.repetitions.filter((r) => r.counted)) {
      const from = this.x(this.clockOf(track, each.onset_s)), to = this.x(this.clockOf(track, each.offset_s));
      svg.append(shape("rect", {
        class: "shade", x: from, width: Math.max(to - from, 0), y: TOP, height: this.height - BOTTOM - TOP,
      }));
    }
  }

  curve(svg, track, style) {
    let path = "", pen = "M";
    track.series_s.forEach((time, at) => {
      const angle = track.angle_deg[at];
      if (angle === null) { pen = "M"; return; }
      path += `${pen}${this.x(this.clockOf(track, time)).toFixed(1)} ${this.y(angle).toFixed(1)}`;
      pen = "L";
    });
    svg.append(shape("path", { class: `line ${style}`, d: path }));
    for (const each of track.repetitions.filter((r) => r.counted)) {
      const x = this.x(this.clockOf(track, each.peak_s)), y = this.y(each.peak_deg);
      svg.append(style === "first"
        ? shape("circle", { class: `peak ${style}`, cx: x, cy: y, r: 5 })
        : shape("rect", { class: `peak ${style}`, x: x - 4.5, y: y - 4.5, width: 9, height: 9 }));
    }
  }

  placeDot(index, angle) {
    const dot = this.dots[index];
    dot.style.display = angle === null ? "none" : "";
    if (angle === null) return;
    dot.setAttribute("cx", this.x(this.clock));
    dot.setAttribute("cy", this.y(angle));
  }

  drawLanes() {
    const holder = this.find("lanes");
    const active = this.root.getRootNode().activeElement;
    const focus = active && active.dataset ? active.dataset.focus : null;
    holder.replaceChildren(...this.data.tracks.map((track, index) => this.lane(track, index)));
    this.drawChosen();
    const again = focus && this.root.querySelector(`[data-focus="${focus}"]`);
    if (again) again.focus();
  }

  lane(track, index) {
    const lane = element("div", { class: "lane" });
    lane.style.setProperty("--colour", `var(--${STYLES[index]})`);
    const title = element("div", { class: "title" });
    title.append(element("span", {}, fill(this.words.lane, track)));
    if (track.editable) {
      const add = element("button", { type: "button", "data-focus": `add-${index}` }, fill(this.words.add, track));
      add.addEventListener("click", () => this.edit({ kind: "add", track: index, at_s: this.timeOf(track) }));
      title.append(add);
    }
    const rail = element("div", { class: "rail" });
    track.repetitions.forEach((each, number) => rail.append(this.repetition(track, index, each, number)));
    if (this.chosen && this.chosen.track === index && track.editable) {
      const each = track.repetitions[this.chosen.number];
      if (each) for (const mark of ["onset_s", "peak_s", "offset_s"]) rail.append(this.mark(track, index, each, mark));
    }
    lane.append(title, rail);
    return lane;
  }

  percent(clock) { return `${(100 * this.x(clock)) / this.width}%`; }

  repetition(track, index, each, number) {
    const from = this.clockOf(track, each.onset_s), to = this.clockOf(track, each.offset_s);
    const pressed = this.chosen && this.chosen.track === index && this.chosen.number === number;
    const made = element("button", {
      type: "button", class: "repetition", "aria-pressed": String(Boolean(pressed)),
      "data-counted": String(each.counted), "data-edited": String(each.edited),
      "data-focus": `repetition-${index}-${number}`, "aria-label": each.words,
    }, each.short);
    made.style.left = this.percent(from);
    made.style.width = `${(100 * (this.x(to) - this.x(from))) / this.width}%`;
    made.addEventListener("click", () => {
      this.chosen = pressed ? null : { track: index, number };
      this.pause();
      this.seek(this.clockOf(track, each.peak_s));
      this.drawLanes();
    });
    return made;
  }

  mark(track, index, each, name) {
    const made = element("div", {
      class: "mark", role: "slider", tabindex: "0", "data-focus": `mark-${index}-${name}`,
      "aria-label": fill(this.words.mark, { mark: this.words.marks[name], label: track.label }),
      "aria-valuemin": "0", "aria-valuemax": track.duration_s.toFixed(2),
      "aria-valuenow": each[name].toFixed(2),
      "aria-valuetext": fill(this.words.seconds, { time: each[name].toFixed(2) }),
    });
    made.style.left = this.percent(this.clockOf(track, each[name]));
    let moved = each[name];
    const commit = () => {
      clearTimeout(this.settle);
      if (Math.abs(moved - each[name]) < 1e-4) return;
      this.edit({ kind: "move", track: index, number: this.chosen.number, mark: name, to_s: moved });
    };
    const to = (time) => {
      moved = Math.min(Math.max(time, 0), track.duration_s);
      made.style.left = this.percent(this.clockOf(track, moved));
      made.setAttribute("aria-valuenow", moved.toFixed(2));
      made.setAttribute("aria-valuetext", fill(this.words.seconds, { time: moved.toFixed(2) }));
      this.seek(this.clockOf(track, moved), { announce: false });
    };
    const held = () => this.clockOf(track, moved);
    this.draggable(made, (clock) => to(this.timeOf(track, clock)), made, { done: commit, held });
    const later = () => { clearTimeout(this.settle); this.settle = setTimeout(commit, KEYS_REST_MS); };
    made.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (way) { to(moved + way * this.data.frame_s * (event.shiftKey ? 5 : 1)); later(); }
      else if (event.key === "Enter") commit();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return made;
  }

  // `held` says where the handle stands: then it is taken along from there, and a click alone does
  // not move it. Without it, the handle comes to where the pointer is.
  draggable(area, to, handle, { done = () => {}, held = null } = {}) {
    const clockAt = (event) => {
      const box = this.find("chart").getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * this.width;
      const [from, end] = this.data.span_s;
      return from + ((x - LEFT) / (this.width - LEFT - RIGHT)) * (end - from);
    };
    area.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      area.setPointerCapture(event.pointerId);
      const apart = held ? held() - clockAt(event) : 0;
      const move = (each) => to(clockAt(each) + apart);
      const end = () => {
        area.removeEventListener("pointermove", move);
        area.removeEventListener("pointerup", end);
        area.removeEventListener("pointercancel", end);
        done();
      };
      area.addEventListener("pointermove", move);
      area.addEventListener("pointerup", end);
      area.addEventListener("pointercancel", end);
      if (!held) move(event);
      handle.focus({ preventScroll: true });
      event.preventDefault();
    });
  }

  drawChosen() {
    const holder = this.find("chosen");
    const track = this.chosen && this.data.tracks[this.chosen.track];
    const each = track && track.repetitions[this.chosen.number];
    holder.hidden = !each || !track.editable;
    holder.replaceChildren();
    if (holder.hidden) return;
    holder.setAttribute("aria-label", this.words.chosen);
    holder.append(element("p", {}, `${each.words} ${this.words.how_to_move}`));
    const kind = each.counted ? "take_out" : "put_back";
    const made = element("button", { type: "button", "data-focus": "chosen" }, this.words[kind]);
    made.addEventListener("click", () => this.edit({ kind, track: this.chosen.track, number: this.chosen.number }));
    holder.append(made);
  }

  // What is done

  edit(what) {
    clearTimeout(this.settle);
    this.edits += 1;
    this.say({ ...what, data_id: this.data.id, id: `${Date.now()}-${this.edits}` });
  }

  step(way) {
    this.pause();
    this.seek(this.clock + way * this.data.frame_s);
  }

  jump(way) {
    this.pause();
    const peaks = this.data.tracks.flatMap((track) =>
      track.repetitions.filter((r) => r.counted).map((r) => this.clockOf(track, r.peak_s)));
    const there = [...new Set(peaks.map((each) => Number(each.toFixed(2))))].sort((a, b) => a - b);
    const found = way > 0
      ? there.find((each) => each > this.clock + 0.05)
      : there.reverse().find((each) => each < this.clock - 0.05);
    if (found !== undefined) this.seek(found);
  }

  pressed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.composedPath()[0];
    if (target.tagName === "SELECT") return;
    const onButton = target.tagName === "BUTTON";
    const actions = {
      ArrowLeft: () => this.step(event.shiftKey ? -10 : -1),
      ArrowRight: () => this.step(event.shiftKey ? 10 : 1),
      PageUp: () => this.jump(1),
      PageDown: () => this.jump(-1),
      Home: () => { this.pause(); this.seek(this.data.span_s[0]); },
      End: () => { this.pause(); this.seek(this.data.span_s[1]); },
    };
    if (!onButton) actions[" "] = () => (this.playing ? this.pause() : this.play());
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }
}

export default function ({ parentElement, data, setStateValue }) {
  const root = parentElement.querySelector("[data-player]");
  if (!root.player) root.player = new Player(root, (edit) => setStateValue("edit", edit));
  root.player.update(data);
  return () => root.player.pause();
}
