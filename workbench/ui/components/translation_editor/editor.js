// The desk: rows, the open one, keys, and the exchange with the server.

const AHEAD = 4; // rows whose suggestions are fetched before the person gets there
const REFRESH_EVERY = 20000; // ms between two looks at what others have done, while the page is seen
const REFRESH_TOGETHER = 5000; // the same while somebody else works on the version

class Desk {
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.words = data.words;
    this.rows = new Map();
    this.order = [];
    this.texts = new Map(); // typed here, not known to the server yet
    this.bases = new Map(); // the token of the answer a person had before them when they began to type
    this.optimistic = new Map(); // confirmed here, the server has not answered yet
    this.assist = new Map();
    this.asked = new Map();
    this.findings = new Map();
    this.conflicts = new Map();
    this.comments = new Map(); // sent and not answered, by their number in the outbox
    this.articles = new Map();
    this.filter = "all";
    this.version = 0;
    this.epoch = "";
    this.drawn = 0; // the last answer that was drawn
    this.active = null;
    this.panel = null;
    this.outbox = new Outbox(data, (state) => this.bar?.saved(this.texts.size && state === "saved" ? "saving" : state));
    this.bar = new Bar(this);
    this.notice = make("p", "notice", "", { role: "status" });
    this.list = make("div", "list", null, { role: "list", "aria-label": this.words.segments, tabindex: "-1" });
    this.sight = new Sight(this.list, { fit: () => this.panel?.grow(), reveal: () => this.reveal() });
    this.card = make("div", "popup", null, { role: "tooltip", hidden: true });
    this.card.id = "wb-card";
    this.keysCard = this.drawKeys();
    this.preview = new Preview(this);
    this.work = make("div", "work");
    this.work.append(this.list, this.preview.element);
    root.replaceChildren(this.bar.element, this.notice, this.keysCard, this.work, this.card);
    root.classList.remove("quiet-mode", "with-preview");
    if (data.view?.quiet) this.toggleQuiet({ keep: false });
    if (data.view?.references) this.toggleReferences({ keep: false });
    if (data.view?.preview) this.preview.toggle({ keep: false });
    root.addEventListener("keydown", (event) => this.key(event));
    this.leave = () => this.panel?.store();
    this.seen = () => {
      if (document.visibilityState === "hidden") this.leave();
      else this.lookAround();
    };
    addEventListener("pagehide", this.leave);
    document.addEventListener("visibilitychange", this.seen);
    // Streamlit's own dialog about a lost connection takes the keys away from whoever is typing; the bar tells it here.
    this.dialogs = new MutationObserver(() => this.dismissConnectionDialog());
    this.dialogs.observe(document.body, { childList: true, subtree: true });
    this.lookedAround = Date.now();
    this.around = setInterval(() => {
      const wait = this.data.present?.length ? REFRESH_TOGETHER : REFRESH_EVERY;
      if (Date.now() - this.lookedAround >= wait) this.lookAround();
    }, 1000);
  }

  destroy() {
    this.leave();
    removeEventListener("pagehide", this.leave);
    document.removeEventListener("visibilitychange", this.seen);
    clearInterval(this.around);
    this.dialogs.disconnect();
    this.sight.end();
    this.outbox.stop();
  }

  dismissConnectionDialog() {
    for (const dialog of document.querySelectorAll('[role="dialog"]')) {
      if (!dialog.textContent.trim().startsWith("Connection error")) continue;
      const field = this.panel?.field;
      const caret = field ? [field.selectionStart, field.selectionEnd] : null;
      dialog.querySelector('button[aria-label="Close"]')?.click();
      this.outbox.cut();
      const back = () => {
        if (!field?.isConnected || field.getRootNode().activeElement === field) return;
        field.focus({ preventScroll: true });
        field.setSelectionRange(...caret);
      };
      back();
      for (const wait of [0, 100, 400]) setTimeout(back, wait);
    }
  }

  lookAround() {
    this.lookedAround = Date.now();
    if (document.visibilityState === "visible" && !this.outbox.waiting.length) this.outbox.add({ op: "refresh" });
  }

  // From the server ---------------------------------------------------------------------------------------------

  receive(data, send) {
    this.data = { ...this.data, ...data };
    this.outbox.send = (message) => send({ ...message, epoch: this.epoch, have: this.version, drawn: this.drawn, at: this.active ?? 0 });
    const restarted = data.epoch !== this.epoch;
    if (restarted) this.epoch = data.epoch;
    for (const result of data.results ?? []) {
      if (result.client === this.outbox.client && result.n > this.outbox.seen) this.reshaped(result);
    }
    if (data.full) this.takeAll(data.rows);
    else if (data.base <= this.version && this.rows.size) this.takeChanged(data.rows);
    else return this.resync();
    this.version = data.version;
    this.drawn = data.drawing;
    this.outbox.acknowledge(data.acks?.[this.outbox.client] ?? 0);
    for (const key of [...this.texts.keys()]) this.settle(key);
    for (const [key, assist] of Object.entries(data.assist ?? {})) {
      this.assist.set(Number(key), assist);
      this.asked.delete(Number(key));
      if (assist.partial || assist.more) this.askLater(Number(key));
    }
    for (const [key, found] of Object.entries(data.findings ?? {})) this.findings.set(Number(key), found);
    for (const [key, entries] of Object.entries(data.history ?? {})) {
      if (Number(key) === this.active) this.panel?.notes.drawHistory(entries);
    }
    for (const result of data.results ?? []) this.result(result);
    if (data.notice !== undefined) this.say(data.notice);
    this.showPresent();
    this.preview.receive(data);
    if (this.active === null) this.start(data.place);
    else this.panel?.help(this.assist.get(this.active));
    this.bar.refresh();
    this.ahead();
    if (restarted && this.outbox.waiting.length) this.outbox.deliver();
    this.outbox.tell();
  }

  resync() {
    this.version = 0;
    this.outbox.add({ op: "refresh" });
  }

  takeAll(rows) {
    rows.forEach((row) => this.forgetHelp(row));
    this.rows = new Map(rows.map((row) => [row.k, row]));
    const order = rows.map((row) => row.k);
    const same = order.length === this.order.length && order.every((key, n) => key === this.order[n]);
    this.order = order;
    if (!same) {
      const open = this.active;
      const typed = this.panel?.value;
      this.closePanel();
      this.articles = new Map(rows.map((row) => [row.k, drawRow(this, row)]));
      this.list.replaceChildren(...this.articles.values());
      if (open !== null && typed !== undefined && !this.rows.has(open)) this.lost(typed);
      this.filterRows();
      this.refreshAll();
      if (open !== null && this.rows.has(open)) this.open(open);
    } else {
      this.refreshAll();
    }
  }

  /** Help for another source is none. */
  forgetHelp(row) {
    if (this.rows.get(row.k)?.s === row.s) return;
    for (const known of [this.assist, this.asked, this.findings]) known.delete(row.k);
  }

  takeChanged(rows) {
    for (const row of rows) {
      this.forgetHelp(row);
      this.rows.set(row.k, row);
      this.refresh(row.k);
    }
  }

  refreshAll() {
    let earlier = null;
    for (const key of this.order) {
      const row = this.rows.get(key);
      refreshRow(this, this.articles.get(key), row, earlier);
      earlier = row;
    }
    this.restored();
    this.panelRefresh();
  }

  refresh(key) {
    const row = this.rows.get(key);
    const article = this.articles.get(key);
    if (!row || !article) return;
    refreshRow(this, article, row, this.rows.get(this.order[row.p - 1]));
    this.preview.refresh(key);
    if (key === this.active) this.panelRefresh();
  }

  panelRefresh() {
    if (!this.panel) return;
    this.panel.row = this.rows.get(this.active) ?? this.panel.row;
    this.article(this.active).classList.add("active");
    this.panel.refresh();
  }

  result(result) {
    if (result.client !== this.outbox.client || result.n <= this.outbox.seen) return;
    this.outbox.seen = result.n;
    if (result.kind === "kept" || this.comments.has(result.n)) return this.commented(result);
    const held = this.optimistic.get(result.key);
    this.optimistic.delete(result.key);
    // A row that the refusal left as it was does not come again from the server.
    if (held && result.kind !== "confirmed" && this.rows.get(result.key) === held.shown) this.rows.set(result.key, held.was);
    const row = this.rows.get(result.key);
    if (result.kind === "confirmed") {
      this.conflicts.delete(result.key);
      this.texts.delete(result.key);
      this.bases.delete(result.key);
      this.outbox.forget(result.key);
      if (row?.db !== undefined) this.typedSince(row);
      if (result.message) this.say(result.message);
    } else if (result.kind === "done") {
      this.say(result.message);
    } else if (result.kind === "told") {
      this.say(result.message);
      if (result.key === this.active) this.panel.refresh();
    } else {
      if (held !== undefined) {
        if (!this.texts.has(result.key)) this.texts.set(result.key, held.text);
        this.bases.set(result.key, held.base);
        this.storeDraft(result.key, this.texts.get(result.key));
        if (result.kind === "conflict" && row) this.bases.set(row.k, row.tok); // both versions are shown from now on
      }
      this.conflicts.set(result.key, result);
      this.say((result.message ?? "").replace(/\s*:$/, ".")); // what follows the colon stands at the row
      if (result.key !== this.active && result.back) this.open(result.key);
    }
    this.refresh(result.key);
    this.bar.refresh();
  }

  say(sentence) {
    this.notice.textContent = sentence;
    this.notice.hidden = !sentence;
  }

  lost(typed) {
    this.say(fill(this.words.rowGone, { text: typed }));
  }

  /** Show at each row who else has it open. */
  showPresent() {
    const found = new Map();
    for (const [name, key] of this.data.present ?? []) found.set(key, [...(found.get(key) ?? []), name]);
    for (const chip of this.list.querySelectorAll(".here")) if (!found.has(Number(chip.parentElement.dataset.key))) chip.remove();
    for (const [key, names] of found) {
      const article = this.articles.get(key);
      if (!article) continue;
      let chip = article.querySelector(":scope > .here");
      if (!chip) article.append((chip = make("span", "here")));
      chip.textContent = names.join(", ");
      chip.title = fill(this.words.presentHere, { by: names.join(", ") });
    }
    const names = [...new Set((this.data.present ?? []).map(([name]) => name))];
    this.bar.people.textContent = names.length ? fill(this.words.present, { by: names.join(", ") }) : "";
  }

  // Rows ----------------------------------------------------------------------------------------------------------

  article(key) {
    return this.articles.get(key);
  }

  /** What a person has typed into a row and not confirmed: here, or stored earlier; null if nothing. */
  typed(row) {
    if (this.optimistic.has(row.k)) return null;
    return this.texts.get(row.k) ?? row.d ?? null;
  }

  stateOf(row) {
    return this.optimistic.has(row.k) ? "translated" : row.st;
  }

  isOpen(key) {
    return OPEN_STATES.has(this.stateOf(this.rows.get(key)));
  }

  shown(key) {
    if (this.filter === "all" || key === this.active) return true;
    const state = this.stateOf(this.rows.get(key));
    return this.filter === "stale" ? state === "stale" : OPEN_STATES.has(state);
  }

  filterBy(name) {
    this.filter = name;
    this.filterRows();
    this.bar.refresh();
    const first = this.order.find((key) => this.shown(key));
    if (this.active === null || !this.shown(this.active)) this.open(first ?? null);
    else this.reveal();
  }

  filterRows() {
    for (const key of this.order) this.articles.get(key).hidden = !this.shown(key);
    this.list.classList.toggle("filtered", this.filter !== "all");
  }

  start(place) {
    const wanted = place === null || place === undefined ? undefined : this.order[place];
    const key = wanted ?? this.order.find((k) => this.isOpen(k)) ?? this.order[0];
    const nobody = document.activeElement === null || document.activeElement === document.body;
    if (key !== undefined) this.open(key, { focus: nobody }); // ready to type, unless a control of the page is in use
  }

  open(key, { focus = true } = {}) {
    if (key === null || !this.rows.has(key)) return;
    if (key !== this.active) {
      const before = this.active;
      this.closePanel();
      this.active = key;
      if (before !== null) this.articles.get(before).hidden = !this.shown(before);
      this.articles.get(key).hidden = false;
      this.panel = new Panel(this, this.rows.get(key), this.article(key));
      this.panel.references.hidden = !this.showReferences;
      if (!this.findings.has(key) && this.panel.value) this.ask([key], true);
    }
    if (this.keepsPlace) keepRow(this.order.indexOf(key) + 1);
    this.keepsPlace = true; // from the second row on: an address that somebody sent stays as it is until one moves
    this.preview.follow();
    this.sight.follow(this.article(key));
    this.reveal();
    if (focus) {
      this.panel.field.focus({ preventScroll: true });
      this.panel.field.setSelectionRange(this.panel.value.length, this.panel.value.length);
    }
    this.ahead();
    if (this.data.present?.length) this.outbox.add({ op: "at" }); // whoever is here too sees it at once
  }

  closePanel() {
    if (!this.panel) return;
    const key = this.active;
    this.splitter?.element.remove();
    this.splitter = null;
    this.panel.close();
    this.panel = null;
    this.active = null;
    this.sight.follow(null);
    this.hideCard();
    this.refresh(key);
  }

  /** Scroll so that the open row stands in the upper third, as far as it is not in sight anyway. */
  reveal() {
    const article = this.article(this.active);
    const place = () => {
      const box = this.list.getBoundingClientRect();
      const own = article.getBoundingClientRect();
      const above = Math.min(90, box.height / 5);
      const cut = own.bottom > box.bottom - 8 && own.top > box.top + above + 2;
      if (own.top < box.top + 8 || cut) this.list.scrollTop += own.top - box.top - above;
    };
    place();
    requestAnimationFrame(place); // rows not drawn before have guessed heights
  }

  move(step) {
    let place = this.order.indexOf(this.active) + step;
    while (place >= 0 && place < this.order.length && !this.shown(this.order[place])) place += step;
    if (place >= 0 && place < this.order.length) this.open(this.order[place]);
  }

  /** Return the next row to be done after the open one, from the beginning when the end is reached. */
  nextOpen() {
    const at = this.order.indexOf(this.active);
    const around = [...this.order.slice(at + 1), ...this.order.slice(0, Math.max(at, 0))];
    return around.find((key) => this.isOpen(key));
  }

  openNext() {
    const key = this.nextOpen();
    if (key === undefined) this.say(this.words.allDone);
    else this.open(key);
  }

  // To the server ---------------------------------------------------------------------------------------------------

  ask(keys, anew = false) {
    const wanted = keys.filter((key) => anew || (!this.assist.has(key) && !(Date.now() - this.asked.get(key) < 5000)));
    if (!wanted.length) return;
    for (const key of wanted) this.asked.set(key, Date.now());
    this.outbox.add({ op: "look", keys: wanted });
  }

  /** The glossary or the search by meaning was not ready: ask again soon. */
  askLater(key) {
    this.later ??= new Set();
    this.later.add(key);
    clearTimeout(this.laterTimer);
    this.laterTimer = setTimeout(() => {
      const keys = [...this.later];
      this.later.clear();
      this.ask(keys, true);
    }, 700);
  }

  /** Fetch what the open row and those the person is likely to reach next need. */
  ahead() {
    if (this.active === null) return;
    if (!this.assist.has(this.active)) return this.ask([this.active]); // the others when it has been answered
    const at = this.order.indexOf(this.active);
    const next = [this.active];
    for (let n = at + 1; n < this.order.length && next.length <= AHEAD; n += 1) {
      if (this.isOpen(this.order[n])) next.push(this.order[n]);
    }
    for (const n of [at + 1, at - 1]) if (n >= 0 && n < this.order.length && !next.includes(this.order[n])) next.push(this.order[n]);
    this.ask(next);
  }

  confirm({ over = false } = {}) {
    const key = this.active;
    const row = this.rows.get(key);
    const text = this.panel?.value ?? "";
    if (this.reshaping) return;
    if (!row || !text.trim()) {
      this.say(this.words.nothingTyped);
      return;
    }
    clearTimeout(this.panel.timer);
    this.panel.since = undefined;
    const base = this.base(row);
    this.outbox.keep(key, text, base);
    this.texts.delete(key);
    this.conflicts.delete(key);
    const shown = { ...row, t: text, d: undefined };
    this.optimistic.set(key, { text, base, was: row, shown });
    this.rows.set(key, shown);
    this.outbox.waiting = this.outbox.waiting.filter((o) => !(o.op === "draft" && o.key === key));
    const following = this.nextOpen();
    this.outbox.add({ op: "confirm", key, text, token: over ? row.tok : base });
    this.bases.delete(key);
    this.say("");
    if (following === undefined) {
      this.closePanel();
      this.say(this.words.allDone);
      this.list.focus({ preventScroll: true });
    } else {
      this.open(following);
    }
    this.refresh(key);
    this.bar.refresh();
    if (this.filter !== "all") this.articles.get(key).hidden = !this.shown(key);
  }

  leaveOut() {
    const row = this.rows.get(this.active);
    if (!row || row.t || this.panel.value.trim()) return;
    const out = row.st !== "left out";
    this.outbox.add({ op: "leave_out", key: row.k, out });
    if (out) this.openNext();
  }

  used(key, suggestion) {
    if (suggestion.unit) this.outbox.add({ op: "used", key, unit: suggestion.unit });
  }
}
