// What the person did and the server has not acknowledged yet. Streamlit keeps only the last of several waiting
// messages, so each carries everything that is unacknowledged; the server skips what it has seen. What is typed also
// lies in the browser's own storage until it is acknowledged: a dead server or a closed tab loses nothing.

const RESEND_AFTER = 4000; // ms without an answer before everything is sent again
const TROUBLE_AFTER = 9000; // ms without an answer before the person is told
const MOST_KEYS = 12; // rows for which help is asked at once: the newest wish comes first

const LASTING = new Set(["leave_out", "split", "join", "undo", "settle"]); // what is typed lies in the browser's storage
const unheard = (globalThis[Symbol.for("workbench.unheard")] ??= new Map()); // by place, of desks that ended

/** A name of the browser's tab that outlives a reload: without it one would meet oneself as a colleague afterwards. */
function windowName() {
  const name = Math.random().toString(36).slice(2, 10);
  try {
    const kept = sessionStorage.getItem("workbench.window") ?? name;
    sessionStorage.setItem("workbench.window", kept);
    return kept;
  } catch {
    return name;
  }
}

class Outbox {
  constructor({ slug, target, source, person }, onState) {
    this.place = `workbench:${slug}:${target}:`;
    this.sentBy = `sent:${person}:${this.place}`; // what was said is never sent again in another person's name
    this.desk = [slug, target, source];
    this.onState = onState;
    // A desk opened again goes on where it was left, so that what was heard since is known to have been.
    const left = unheard.get(String(this.desk));
    unheard.delete(String(this.desk));
    this.client = left?.client ?? Math.random().toString(36).slice(2, 10);
    this.waiting = left?.waiting ?? [];
    this.window = windowName();
    this.number = left?.number ?? 0;
    this.seen = left?.seen ?? 0; // results up to here are drawn
    this.since = 0;
    this.send = () => {};
    this.timer = setInterval(() => this.look(), 1000);
  }

  /** Add an operation and send; of several drafts for one row only the last is kept, of several looks one for all. */
  add(operation) {
    if (operation.op === "look") {
      const earlier = this.waiting.filter((o) => o.op === "look").flatMap((o) => o.keys);
      operation = { ...operation, keys: [...new Set([...operation.keys, ...earlier])].slice(0, MOST_KEYS) };
    }
    if (operation.op === "draft" || ["look", "refresh", "at", "view"].includes(operation.op)) {
      this.waiting = this.waiting.filter(
        (o) => o.op !== operation.op || (o.op === "draft" && o.key !== operation.key),
      );
    }
    const entry = { ...operation, n: (this.number += 1) };
    this.waiting.push(entry);
    if (!this.since) this.since = Date.now();
    this.deliver();
    return entry.n;
  }

  deliver() {
    if (!this.waiting.length) return;
    this.sentAt = Date.now();
    this.send({ client: this.client, window: this.window, place: this.desk, ops: this.waiting, seen: this.seen });
    this.tell();
  }

  acknowledge(number) {
    this.isCut = false;
    const before = this.waiting.length;
    this.waiting = this.waiting.filter((o) => o.n > number);
    if (this.waiting.length !== before) this.since = this.waiting.length ? Date.now() : 0;
    this.tell();
  }

  look() {
    if (this.waiting.length && Date.now() - this.sentAt > RESEND_AFTER) this.deliver();
    this.tell();
  }

  /** True while something a person would miss is on its way. */
  get unsaved() {
    return this.waiting.some((o) => !["look", "refresh", "history", "at", "view"].includes(o.op));
  }

  /** The connection is known to be cut: no need to wait before saying so. */
  cut() {
    this.isCut = true;
    this.tell();
  }

  tell() {
    const late = this.since && (this.isCut || Date.now() - this.since > TROUBLE_AFTER);
    this.onState(this.unsaved ? (late ? "trouble" : "saving") : "saved");
  }

  // The browser's own storage; private windows may refuse it.
  keep(key, text, base) {
    try {
      localStorage.setItem(this.place + key, JSON.stringify({ text, base, at: Date.now() }));
    } catch {}
  }

  forget(key) {
    try {
      localStorage.removeItem(this.place + key);
    } catch {}
  }

  /** By row, what was typed and the token of the answer it was begun over. */
  kept() {
    const found = new Map();
    try {
      for (let n = 0; n < localStorage.length; n += 1) {
        const name = localStorage.key(n);
        if (!name.startsWith(this.place)) continue;
        const { text, base, at } = JSON.parse(localStorage.getItem(name)) ?? {};
        if (typeof text === "string") found.set(Number(name.slice(this.place.length)), { text, base, at });
      }
    } catch {}
    return found;
  }

  /** A comment begun and not sent, by row. */
  keepComment(key, text) {
    try {
      if (text.trim()) localStorage.setItem(`comment:${this.place}${key}`, text);
      else localStorage.removeItem(`comment:${this.place}${key}`);
    } catch {}
  }

  comment(key) {
    try {
      return localStorage.getItem(`comment:${this.place}${key}`) ?? "";
    } catch {
      return "";
    }
  }

  /** Comments sent and not known to be stored: ``{key, text}``. */
  sentComments() {
    try {
      return JSON.parse(localStorage.getItem(this.sentBy)) ?? [];
    } catch {
      return [];
    }
  }

  keepSent(comments) {
    try {
      if (comments.length) localStorage.setItem(this.sentBy, JSON.stringify(comments));
      else localStorage.removeItem(this.sentBy);
    } catch {}
  }

  stop() {
    clearInterval(this.timer);
    const waiting = this.waiting.filter((o) => LASTING.has(o.op));
    const { client, number, seen } = this;
    if (waiting.length) unheard.set(String(this.desk), { client, number, seen, waiting });
  }
}
