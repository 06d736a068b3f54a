// Sends what is recorded so far of a clip, so that it can be read before it is complete. The whole
// clip follows in any case: what fails here is not tried again.

export class Ahead {
  constructor({ folder, token, name, type }) {
    this.address = new URL(`${folder}/piece`, location.origin);
    this.address.searchParams.set("name", name);
    this.headers = { "X-Rom-Stage": token, "Content-Type": type };
    this.waiting = [];
    this.sent_bytes = 0;
    this.busy = false;
    this.failed = false;
  }

  // Sends a piece, or keeps it until the one before has arrived.
  async send(piece) {
    if (this.failed) return;
    this.waiting.push(piece);
    if (this.busy) return;
    this.busy = true;
    while (this.waiting.length && !this.failed) await this.next();
    this.busy = false;
  }

  async next() {
    const body = new Blob(this.waiting.splice(0));
    this.address.searchParams.set("start", this.sent_bytes);
    try {
      const answer = await fetch(this.address, { method: "POST", body, headers: this.headers });
      this.failed = !answer.ok;
    } catch {
      this.failed = true;
    }
    this.sent_bytes += body.size;
  }
}
