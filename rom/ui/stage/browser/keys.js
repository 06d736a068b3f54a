// The keyboard: digits and Enter answer, arrows move, Escape and Space pause and go on.

const TWO_DIGITS_MS = 900;

export class Keys {
  constructor(dialog, view, act) {
    this.dialog = dialog;
    this.view = view;
    this.act = act;
    this.onKey = (event) => this.pressed(event);
    dialog.addEventListener("keydown", this.onKey);
  }

  stop() {
    this.dialog.removeEventListener("keydown", this.onKey);
  }

  pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.view.scene) return;
    const target = event.composedPath()[0];
    const onControl = target.closest?.("button, input") !== null;
    if (this.view.hasNotice()) {
      if (event.key === "Escape") event.preventDefault();
      return;
    }
    if (event.key === "Escape" || (event.key === " " && !onControl)) {
      event.preventDefault();
      if (!event.repeat) this.pauseOrGoOn();
    } else if (/^[0-9]$/.test(event.key)) {
      event.preventDefault();
      this.digit(Number(event.key));
    } else if (event.key === "Enter" && !target.closest?.("button")) {
      event.preventDefault();
      this.view.confirm();
    } else if (event.key.startsWith("Arrow") && target.type !== "range") {
      event.preventDefault();
      this.view.move(["ArrowRight", "ArrowDown"].includes(event.key) ? 1 : -1);
    } else {
      const option = this.view.scene.options.find((each) => each.key === event.key);
      if (option) this.act(option.id);
    }
  }

  pauseOrGoOn() {
    const { paused, standing } = this.view.scene;
    if (paused) this.act("resume");
    else if (standing.includes("pause")) this.act("pause");
  }

  digit(digit) {
    if (this.view.scene.kind !== "rate") {
      this.view.choose(digit - 1);
      return;
    }
    const now = performance.now();
    const isTen = digit === 0 && this.one_ms && now - this.one_ms < TWO_DIGITS_MS;
    this.view.setRating(isTen ? 10 : digit);
    this.one_ms = digit === 1 ? now : null;
  }
}
