// Sends what the learner does, one thing at a time and in order, and keeps what
// could not be sent. Each has an id of its own, so sending it again is harmless.
// Nothing is written to the phone: what was typed might be a secret.

const WAITS = [1, 2, 4, 8, 15]; // seconds between tries
const TIMEOUT = 20000;

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Only a secure page has randomUUID; a tutor on a local network may be plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Post JSON: {status, body, wait}; status 0 when the network failed. */
export async function post(path, body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT);
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      credentials: "same-origin",
      cache: "no-store",
      body: JSON.stringify(body),
      signal: stop.signal,
    });
    const wait = Number(response.headers.get("Retry-After")) || 0;
    return { status: response.status, body: await response.json().catch(() => ({})), wait };
  } catch {
    return { status: 0, body: {}, wait: 0 };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The queue. `reopen()` resolves to true once the page has its cookie again.
 * Each thing is {body, show(state, answer), refused(sentence)}. The states are "sending",
 * "waiting" (for the network), "failed" (a try and its retry, with the network there), and
 * "sent", with the server's answer.
 */
export class Sending {
  constructor(reopen) {
    this.reopen = reopen;
    this.waiting = [];
    this.busy = false;
    this.tries = 0;
    this.timer = 0;
    window.addEventListener("online", () => this.now());
    window.addEventListener("offline", () => this.show());
  }

  add(thing) {
    thing.body.id = newId();
    this.waiting.push(thing);
    thing.show(this.state());
    this.now();
  }

  state() {
    if (!navigator.onLine) return "waiting";
    return this.tries > 1 ? "failed" : "sending";
  }

  show() {
    this.waiting.forEach((each) => each.show(this.state()));
  }

  /** Try at once, whatever the wait. */
  now() {
    clearTimeout(this.timer);
    this.run();
  }

  async run() {
    if (this.busy || !this.waiting.length) return;
    this.busy = true;
    const thing = this.waiting[0];
    thing.show(navigator.onLine ? "sending" : "waiting");
    const answer = await post("/say", thing.body);
    const known = answer.status !== 401 || (await this.reopen());
    this.busy = false;
    if (answer.status === 200) {
      this.settle(thing);
      thing.show("sent", answer.body);
    } else if (answer.status === 401 && known && this.tries < 3) {
      this.tries += 1;
    } else if (answer.status >= 400 && answer.status < 500 && ![401, 408, 429].includes(answer.status)) {
      this.settle(thing);
      thing.refused(answer.body.error || "Chưa gửi được tin này.");
    } else {
      const wait = answer.wait || WAITS[Math.min(this.tries, WAITS.length - 1)];
      this.tries += 1;
      this.show();
      this.timer = setTimeout(() => this.run(), wait * 1000);
      return;
    }
    this.run();
  }

  settle(thing) {
    this.waiting.splice(this.waiting.indexOf(thing), 1);
    this.tries = 0;
  }
}
