// What is typed and not confirmed: kept at once, found again, and never put over what its author has not seen.

const KEPT_FOR = 30 * 24 * 3600 * 1000; // ms that what was typed in a row that is not here lies in the browser
const SEEN_AFTER = 3000; // ms that what another has just confirmed stands in the open row before it counts as seen

Object.assign(Desk.prototype, {
  /** What lies in the browser's storage was typed before a crash or while the server was away: it is a draft again. */
  restored() {
    if (this.restoredOnce) return;
    this.restoredOnce = true;
    this.sendCommentsAgain();
    let count = 0;
    for (const [key, { text, base, at }] of this.outbox.kept()) {
      const row = this.rows.get(key);
      if (!row && Date.now() - at < KEPT_FOR) continue; // it may be a row of the translation from another language
      if (!row || text === (row.d ?? row.t)) {
        this.outbox.forget(key);
        continue;
      }
      if (typeof base === "string") this.bases.set(key, base);
      this.texts.set(key, text);
      this.outbox.add({ op: "draft", key, text, base: this.base(row) });
      this.refresh(key);
      count += 1;
    }
    if (count) this.say(count === 1 ? this.words.restoredOne : fill(this.words.restored, { n: count }));
  },

  /** Forget a typed text once the store has it. */
  settle(key) {
    if (this.outbox.waiting.some((o) => o.key === key && (o.op === "draft" || o.op === "confirm"))) return;
    if (key === this.active && this.panel?.since !== undefined) return;
    const row = this.rows.get(key);
    const text = this.texts.get(key);
    if (!row || text === (row.d ?? row.t) || (text === "" && row.d === undefined)) {
      this.texts.delete(key);
      if (row?.d === undefined) this.bases.delete(key);
      this.outbox.forget(key);
      this.refresh(key);
    }
  },

  /** What is typed from now on answers what the row says now; what comes in meanwhile was not seen. */
  begun(row) {
    this.bases.set(row.k, this.bases.get(row.k) ?? row.db ?? this.hardlySeen(row) ?? row.tok);
  },

  /** The token of what stood in the open row until so lately that who types at once answers that, not what came in. */
  hardlySeen(row) {
    const unseen = this.panel?.row.k === row.k ? this.panel.unseen : undefined;
    return unseen && Date.now() - unseen.at < SEEN_AFTER ? unseen.token : undefined;
  },

  /** Whether this person has just split, joined or undone something, so that a change of the open row is theirs. */
  reshapedJustNow() {
    return Boolean(this.reshaping) || Date.now() - (this.reshapedAt ?? 0) < SEEN_AFTER;
  },

  /** The token of the answer a person had before them when they began to type, today or before a reload. */
  base(row) {
    return this.bases.get(row.k) ?? row.db ?? row.tok;
  },

  /** What another made of a row since this person began to type, if it is something else than what they typed. */
  overtaken(row) {
    const typed = this.typed(row);
    if (typed === null || typed === row.t || this.base(row) === row.tok) return undefined;
    return { message: fill(this.words.changedMeanwhile, { by: row.by || this.words.somebody }), theirs: row.t };
  },

  /** What was typed after a confirmation was sent had that confirmation before it. */
  typedSince(row) {
    this.bases.set(row.k, row.tok);
    this.storeDraft(row.k, row.k === this.active ? this.panel.value : row.d);
  },

  storeDraft(key, text) {
    const row = this.rows.get(key);
    if (!row) return;
    const base = this.base(row);
    this.texts.set(key, text);
    this.outbox.keep(key, text, base);
    this.outbox.add({ op: "draft", key, text: text === row.t ? "" : text, check: text, base });
  },

  takeTheirs() {
    const row = this.rows.get(this.active);
    this.conflicts.delete(this.active);
    this.bases.set(row.k, row.tok);
    typeInto(this.panel.field, row.t, { all: true });
    this.panel.store();
    this.panel.refresh();
  },
});

// A comment lies in the browser's storage until the server has said that it is kept, or has refused it.
Object.assign(Desk.prototype, {
  sendComment(key, text) {
    this.comments.set(this.outbox.add({ op: "comment", key, text }), { key, text });
    this.keepComments((kept) => [...kept, { key, text }], text, key);
  },

  /** Change the comments in the browser's storage; the one that is changed stands there once or not at all. */
  keepComments(change, text, key) {
    this.outbox.keepSent(change(this.outbox.sentComments().filter((c) => c.key !== key || c.text !== text)));
  },

  /** What another page sent and was not answered is sent again; the server keeps it once. */
  sendCommentsAgain() {
    for (const { key, text } of this.outbox.sentComments()) {
      const row = this.rows.get(key);
      if (!row) continue;
      const there = (row.cm ?? []).some((comment) => comment.text === text.replace(/\s+/g, " "));
      if (there) this.keepComments((kept) => kept, text, key);
      else this.sendComment(key, text);
    }
  },

  commented({ n, kind, message }) {
    if (!this.comments.has(n)) return; // written at an earlier desk
    const { key, text } = this.comments.get(n);
    this.comments.delete(n);
    this.keepComments((kept) => kept, text, key);
    if (kind === "kept") return;
    this.outbox.keepComment(key, [text, this.outbox.comment(key)].filter(Boolean).join("\n"));
    if (!this.rows.has(key)) return this.lost(text);
    this.say(message);
    if (key === this.active) this.panel.notes.giveBack();
  },
});
