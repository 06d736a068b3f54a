// The socket to the server: one picture under way, a sign of life every second, and again after a
// loss.

const SIGN_MS = 1000;
const SILENCE_MS = 5000;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;
const REFUSED = { 4404: "gone", 4409: "elsewhere", 4400: "failed", 4413: "failed", 4500: "failed" };

export class Link {
  constructor(folder, token, on) {
    this.address = new URL(`${folder}/socket`, location.origin.replace(/^http/, "ws"));
    this.token = token;
    this.on = on;
    this.wait_ms = FIRST_WAIT_MS;
    this.underWay = false;
  }

  connect() {
    this.rest();
    this.underWay = false;
    const socket = new WebSocket(this.address, ["rom.stage", `rom.token.${this.token}`]);
    this.socket = socket;
    this.heard_ms = performance.now();
    socket.onopen = () => socket === this.socket && this.on.open();
    socket.onmessage = (event) => socket === this.socket && this.hear(event.data);
    socket.onclose = (event) => socket === this.socket && this.closed(event.code);
    this.watch = setInterval(() => this.sign(), SIGN_MS);
  }

  retry() {
    this.rest();
    this.waiting = setTimeout(() => this.connect(), this.wait_ms);
    this.wait_ms = Math.min(2 * this.wait_ms, LONGEST_WAIT_MS);
  }

  isOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  send(message) {
    if (this.isOpen()) this.socket.send(JSON.stringify(message));
  }

  // One picture at a time: the next is taken when this one is answered.
  sendPicture(blob, time_ms) {
    if (!this.isOpen() || this.underWay) return;
    this.underWay = true;
    this.socket.send(new Blob([new Float64Array([time_ms]).buffer, blob]));
  }

  // Lets go of the socket without a word to anybody.
  rest() {
    clearInterval(this.watch);
    clearTimeout(this.waiting);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  close() {
    this.rest();
    this.on = { open() {}, message() {}, lost() {}, refused() {}, ready() {} };
  }

  hear(text) {
    this.heard_ms = performance.now();
    this.wait_ms = FIRST_WAIT_MS;
    const message = JSON.parse(text);
    if (message.type === "seen") this.underWay = false;
    this.on.message(message);
    if (message.type === "seen") this.on.ready();
  }

  sign() {
    this.send({ type: "alive" });
    if (performance.now() - this.heard_ms > SILENCE_MS) this.closed(1006);
  }

  closed(code) {
    this.rest();
    if (code in REFUSED) this.on.refused(REFUSED[code]);
    else this.on.lost();
  }

  get ready() {
    return this.isOpen() && !this.underWay;
  }
}
