// The steps that the server has not answered yet: one batch is under way at a time, what is done meanwhile stands in line
// and is drawn at once. Both are kept for the person in the browser's tab: they are done though another text was chosen or
// the page was left before they were answered, and never in the name of whoever works there next.

const RESEND_AFTER = 5000; // milliseconds without an answer before a batch is sent again; the server knows it by name
const WAITING = "workbench.grid.waiting."; // and the person

/** A step without what only this page needs. */
function bareStep({ at: _at, guess: _guess, ...step }) {
  return step;
}

/** What a person typed in steps: a corrected text, or the two halves of a cut. */
function typedIn(steps) {
  return steps.flatMap((step) => (step.op === "fix" ? [step.text] : step.op === "cut" ? [`${step.before} | ${step.after}`] : []));
}

Object.assign(GridEditor.prototype, {
  /** Take over what an earlier editor of this tab had to leave unanswered. */
  loadWaiting() {
    this.queue = []; // steps not sent
    this.sent = null; // {id, slug, revision, steps, result}: under way; result: the rows it makes, where they are known
    this.revisions = new Map(); // of each text, as last heard of
    this.postedAt = -Infinity;
    this.waitingKey = WAITING + this.base.person;
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.waitingKey));
      if (!kept) return;
      this.sent = kept.sent;
      this.queue = kept.queue;
      this.revisions = new Map(kept.revisions);
    } catch {
      // nothing that could be read
    }
  },

  keepWaiting() {
    if (this.closed) return;
    try {
      if (!this.unanswered()) return void sessionStorage.removeItem(this.waitingKey);
      const sent = this.sent && { ...this.sent, steps: this.sent.steps.map(bareStep), result: null };
      const kept = { sent, queue: this.queue.map(bareStep), revisions: [...this.revisions] };
      sessionStorage.setItem(this.waitingKey, JSON.stringify(kept));
    } catch {
      // no room, or not allowed: the browser still asks before the page is left
    }
  },

  unanswered() {
    return Boolean(this.sent || this.queue.length);
  },

  /** The steps on the text at work that are not in what the server has told. */
  waitingHere() {
    const under = this.sent?.slug === this.base.slug ? this.sent.steps : [];
    return [...under, ...this.queue.filter((step) => step.slug === this.base.slug)];
  },

  enqueue(step) {
    this.queue.push({ at: performance.now(), ...step, slug: this.base.slug });
    this.flush();
    this.drawState();
  },

  flush() {
    if (this.sent || !this.queue.length || !this.send) return;
    const [{ slug }] = this.queue;
    const other = this.queue.findIndex((step) => step.slug !== slug);
    const steps = this.queue.splice(0, other < 0 ? this.queue.length : other);
    const all = slug === this.base.slug && !this.queue.some((step) => step.slug === slug);
    const id = `${this.name}-${++this.batches}`;
    this.sent = { id, slug, steps, revision: this.revisions.get(slug) ?? -1, result: all ? this.rows : null };
    this.post();
  },

  post() {
    const { id, slug, revision } = this.sent;
    const steps = this.sent.steps.map(bareStep).map(({ old: _old, slug: _slug, ...step }) => step);
    this.send("edit", { id, slug, revision, steps });
    this.postedAt = performance.now();
    this.postLater();
  },

  /** Without an answer the batch is sent again; while the page is being drawn anew the grid is out of it for a moment. */
  postLater() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (!this.sent || this.closed) return;
      if (this.parts.grid.isConnected) this.post();
      else this.postLater();
    }, RESEND_AFTER);
  },

  /** Take the answer to the batch under way; returns what there is to say of it. anew: the page has begun anew. */
  takeAnswer(data, anew) {
    const { sent } = this;
    if (!sent) return null;
    const here = sent.slug === this.base.slug;
    if (data.ack !== sent.id) {
      if (!anew || !here || !this.stored(sent)) return null;
      this.sent = null;
      this.revisions.set(sent.slug, this.revision);
      return null;
    }
    this.sent = null;
    clearTimeout(this.timer);
    if (sent.steps[0].at) performance.measure("grid:answer", { start: sent.steps[0].at, end: performance.now() });
    this.revisions.set(sent.slug, data.answered.revision);
    if (!data.message) return null;
    // An answer that was lost on the way looks like somebody else's change: what is drawn is what is stored.
    const lost = here && data.message.kind === "conflict" && sent.result && sameRows(sent.result, this.server) && !typedIn(sent.steps).length;
    if (lost) return null;
    const behind = this.dropFrom(this.queue.find((step) => step.slug === sent.slug));
    const dropped = [...sent.steps.slice(data.answered.done), ...behind];
    this.putBack(dropped);
    return { ...data.message, text: this.withTyped(data.message.text, dropped), typed: typedIn(dropped) };
  },

  /** Whether the page that began anew (the server came back) holds a batch whose answer was lost on the way. */
  stored(sent) {
    const words = sent.steps.every((step) => step.op === "fix"); // corrections alone leave the grid's revision
    return Boolean(sent.result) && (words || this.revision !== sent.revision)
      && sameRows(sent.result, this.server) && this.wordsStored(sent.steps);
  },

  /** Take a step and those after it on the same text out of the line. */
  dropFrom(first) {
    const from = this.queue.indexOf(first);
    if (from < 0) return [];
    const goes = (step, n) => n >= from && step.slug === first.slug;
    const dropped = this.queue.filter(goes);
    this.queue = this.queue.filter((step, n) => !goes(step, n));
    this.putBack(dropped);
    return dropped;
  },

  /** Let corrected segments that were not stored say again what they said before, the last correction first. */
  putBack(steps) {
    for (const step of [...steps].reverse()) {
      const now = step.slug === this.base.slug && this.segments.get(step.segment);
      // What the server has told since stays.
      if (step.old && now && now.text === step.text && now.revision === step.seen + 1) this.segments.set(step.segment, step.old);
    }
    this.view.forget();
  },

  withTyped(text, steps) {
    const typed = typedIn(steps);
    return typed.length ? `${text} ${fill(this.words.typed, { typed: typed.join(" — ") })}` : text;
  },
});
