// What the server says. The base (segments and rows at one revision) comes once through the feed; after that the server
// sends only splices, so that a step on 2,000 rows costs a few hundred bytes.

Object.assign(GridEditor.prototype, {
  openBase(base) {
    this.base = base;
    this.words = base.words;
    this.languages = base.languages.map((language) => language.code);
    this.limits = base.limits;
    this.segments = new Map();
    base.segments.forEach((list) => {
      list.forEach((item) => this.segments.set(item[0], segmentOf(item)));
    });
    useOrder((number) => this.segments.get(number)?.at ?? number);
    this.server = base.rows;
    this.rows = base.rows;
    this.applied = 0;
    this.view = new RowView({ languages: base.languages, segments: this.segments, words: this.words, limits: this.limits, terms: () => this.terms });
    this.parts.editor.style.setProperty("--columns", String(base.languages.length));
    this.past = [];
    this.future = [];
  },

  /** Take what the server says: splices since the base, which batch it answers, and what it has to say. */
  take(data, send) {
    const first = !this.send;
    this.send = send;
    if (this.fixing) {
      this.later = data; // what is being typed is not drawn over
      return;
    }
    this.reading = Boolean(data.reading);
    this.parts.editor.classList.toggle("reading", this.reading);
    const { slug } = this.base;
    const anchor = this.anchor();
    const before = this.rows;
    const fresh = data.base !== this.base.id;
    if (fresh && !this.takeBase(data.base)) return;
    let rows = this.server;
    for (const [start, removed, inserted] of data.splices.slice(this.applied)) {
      rows = [...rows.slice(0, start), ...inserted, ...rows.slice(start + removed)];
    }
    this.applied = data.splices.length;
    this.server = rows;
    this.revision = data.revision;
    this.canUndo = data.canUndo;
    this.canRedo = data.canRedo;
    const message = this.takeAnswer(data, first || fresh);
    // Steps that stand in line are made on the rows their own batches before them leave, not on a colleague's.
    if (!this.waitingHere().length) this.revisions.set(this.base.slug, data.revision);
    this.takeTexts(data.texts);
    if (!this.sent || first || fresh) this.redraw(before, anchor, message);
    if (this.base.slug !== slug) this.go(data.place ?? 0, 0);
    // The page began anew under way: the batch may have been lost, unless it has only just been sent.
    if (this.sent && (first || fresh) && performance.now() - this.postedAt > 1000) this.post();
    if (!this.sent && this.queue.length) this.flush();
    this.drawState();
    requestAnimationFrame(() => this.parts.grid.isConnected && this.fitHeight());
  },

  /** Open another base than the one at work; false where it is not there (any more). */
  takeBase(id) {
    const base = feedBase(id);
    if (!base) return false;
    const language = this.languages[this.active.column];
    this.openBase(base);
    this.active.column = Math.max(this.languages.indexOf(language), 0); // a language that came may stand before it
    this.drawFixed();
    this.scroller.heights.clear();
    this.scroller.drawn.forEach((element) => element.remove());
    this.scroller.drawn.clear();
    return true;
  },

  takeTexts(texts) {
    let changed = false;
    for (const item of texts ?? []) {
      const fresh = segmentOf(item);
      const old = this.segments.get(item[0]);
      if (old && old.text === fresh.text && old.stale === fresh.stale && old.revision === fresh.revision && old.at === fresh.at) continue;
      this.segments.set(item[0], fresh);
      changed = true;
    }
    if (changed) {
      this.view.forget();
      this.scroller.heights.clear();
    }
  },

  /** Show the server's rows with what is still waiting on top; rows that say the same keep their drawing. */
  redraw(before, anchor, message) {
    let rows = keepDrawn(before, this.server);
    for (const step of this.waitingHere()) {
      try {
        rows = applyStep(rows, step, this.languages);
      } catch {
        if (!this.queue.includes(step)) break; // the server says what becomes of a batch that is under way
        const dropped = this.dropFrom(step);
        message ??= { kind: "conflict", text: this.withTyped(this.words.changedElsewhere, dropped), typed: typedIn(dropped) };
        break;
      }
    }
    const moved = rows.length !== before.length || rows.some((row, n) => row !== before[n]);
    this.rows = rows;
    if (moved || message) this.follow(anchor, moved);
    if (message) this.say(message.text, message.kind, message.typed);
    this.draw();
  },

  /** Remember where the eye is: the first segment of the active row, and how far from the top it stands. */
  anchor() {
    const row = this.rows?.[this.active.place];
    const number = row?.c[this.active.column][this.active.index] ?? row?.c.flat()[0];
    const item = this.items ? this.itemOf(this.active.place) : -1;
    return { number, top: item >= 0 && this.scroller.isVisible(item) ? this.scroller.screenTop(item) : null };
  },

  follow(anchor, moved) {
    if (moved && anchor.number != null) {
      const here = this.rows[this.active.place];
      if (!here || !here.c.some((cell) => cell.includes(anchor.number))) {
        const place = this.rows.findIndex((row) => row.c.some((cell) => cell.includes(anchor.number)));
        if (place >= 0) this.active.place = place;
      }
    }
    this.clampActive();
    this.list();
    const item = this.itemOf(this.active.place);
    if (anchor.top != null && item >= 0) {
      this.parts.grid.scrollTop = Math.max(0, this.scroller.offsets[item] - anchor.top);
    }
  },
});
