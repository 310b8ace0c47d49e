// The editor's surroundings: the bar with counts and filters, keys, mouse and drag, the panel of keys.

const KEYS = [
  ["↑ ↓", "moveRows"], ["← →", "moveColumns"], ["Enter", "confirm"], ["N · Shift+N", "nextDoubtful"],
  ["M · Shift+M", "merge"], ["S", "split"], ["Alt+↑ · Alt+↓", "moveSegment"], ["X", "untranslated"],
  ["E · F2", "fix"], ["T", "terms"], ["L", "link"], ["U · Ctrl+Z", "undo"], ["Shift+U · Ctrl+Y", "redo"], ["Shift+Enter", "unconfirm"],
  ["Home · End", "ends"], ["?", "keys"],
];

const ACTIONS = [
  ["confirm", "check", "Enter"], ["merge", "merge", "M"], ["split", "split", "S"], ["up", "up", "Alt+↑"], ["down", "down", "Alt+↓"],
  ["untranslated", "none", "X"], ["fix", "pencil", "E"], ["link", "link", "L"],
];

Object.assign(GridEditor.prototype, {
  drawFixed() {
    const { head, filters, tools, actions, hints, help } = this.parts;
    this.orderButton = this.parts.order;
    const words = this.words;
    this.parts.grid.setAttribute("aria-label", words.grid);
    head.replaceChildren();
    const line = make("div", "row head-row");
    line.setAttribute("role", "row");
    line.setAttribute("aria-rowindex", "1");
    const corner = make("div", "gutter", words.rowHead);
    corner.setAttribute("role", "columnheader");
    line.append(corner);
    this.base.languages.forEach((language, c) => {
      const cell = make("div", "cell");
      cell.setAttribute("role", "columnheader");
      cell.setAttribute("aria-colindex", String(c + 2));
      cell.append(make("span", "language", language.name), make("span", "code", language.code));
      line.append(cell);
    });
    head.append(line);
    this.parts.grid.setAttribute("aria-colcount", String(this.languages.length + 1));

    filters.replaceChildren();
    filters.setAttribute("aria-label", words.show);
    this.filterButtons = FILTERS.map((name) => {
      const button = make("button", "filter");
      button.type = "button";
      button.setAttribute("role", "radio");
      button.dataset.filter = name;
      button.append(make("span", "", words.filters[name]), make("span", "count"));
      filters.append(button);
      return button;
    });

    this.orderButton.replaceChildren(icon("down"), make("span", "", words.worstFirst));
    tools.replaceChildren();
    this.undoButton = this.tool("undo", words.undo, "U", () => this.undo("undo"));
    this.redoButton = this.tool("redo", words.redo, "Shift+U", () => this.undo("redo"));
    this.nextButton = this.tool("next", words.nextDoubtful, "N", () => this.jumpDoubtful(1), true);
    this.acceptButton = this.tool("keep", words.acceptAbove, "", () => this.toggleAccept(), true);
    this.acceptButton.setAttribute("aria-expanded", "false");
    tools.append(this.undoButton, this.redoButton, this.nextButton, this.acceptButton);

    actions.replaceChildren();
    actions.setAttribute("aria-label", words.rowActions);
    for (const [name, sign, key] of ACTIONS) {
      const button = make("button", "action");
      button.type = "button";
      button.dataset.act = name;
      button.append(icon(sign));
      button.title = `${words.actions[name]} (${key})`;
      button.setAttribute("aria-label", words.actions[name]);
      actions.append(button);
    }

    hints.replaceChildren();
    for (const [key, name] of [["Enter", "confirm"], ["N", "nextDoubtful"], ["M", "merge"], ["S", "split"], ["Alt+↑↓", "moveSegment"], ["X", "untranslated"], ["U", "undo"]]) {
      hints.append(make("kbd", "", key), make("span", "", words.short[name]));
    }
    help.replaceChildren(make("kbd", "", "?"), make("span", "", words.allKeys));
    this.drawKeys();
    this.parts["accept-label"].textContent = words.acceptLabel;
    this.parts["accept-note"].textContent = words.acceptNote;
    this.parts["accept-slider"].value = String(Math.round(this.limits.sure * 100));
  },

  tool(sign, label, key, act, withText = false) {
    const button = make("button", withText ? "button" : "button icon-only");
    button.type = "button";
    button.dataset.tool = sign;
    button.append(icon(sign));
    if (withText) button.append(make("span", "", label));
    else button.setAttribute("aria-label", label);
    button.title = key ? `${label} (${key})` : label;
    button.addEventListener("click", () => {
      this.fixing?.();
      act();
      if (button !== this.acceptButton) this.parts.grid.focus();
    });
    return button;
  },

  drawKeys() {
    const { words } = this;
    this.parts["keys-title"].textContent = words.keysTitle;
    this.parts["keys-close"].textContent = words.close;
    const list = this.parts["keys-list"];
    list.replaceChildren();
    for (const [keys, name] of KEYS) {
      const term = make("dt");
      keys.split(" · ").forEach((key, n) => {
        if (n) term.append(make("span", "or", words.or));
        term.append(make("kbd", "", key));
      });
      list.append(term, make("dd", "", words.keys[name]));
    }
  },

  /** Counts, filters and buttons: what changes with every step. */
  drawState() {
    const { rows, limits, words } = this;
    const counts = { all: rows.length, doubtful: 0, confirmed: 0, crossing: 0 };
    let errors = 0;
    for (const row of rows) {
      if (isDoubtful(row, limits.doubtful)) counts.doubtful++;
      if (row.k || row.a) counts.confirmed++;
      if (row.x) counts.crossing++;
      if (!row.k && row.p != null) errors += 1 - row.p;
    }
    for (const button of this.filterButtons) {
      const chosen = button.dataset.filter === this.filter;
      button.setAttribute("aria-checked", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
      button.querySelector(".count").textContent = this.number(counts[button.dataset.filter]);
    }
    const shown = errors < 0.05 ? 0 : errors < 10 ? Math.round(errors * 10) / 10 : Math.round(errors);
    this.orderButton.hidden = this.filter !== "doubtful";
    this.orderButton.setAttribute("aria-pressed", String(this.worstFirst));
    this.parts.left.textContent = fill(words.errorsLeft, { n: this.number(shown) });
    this.parts.left.title = words.errorsLeftHelp;
    this.parts.grid.setAttribute("aria-rowcount", String(rows.length + 1));
    this.undoButton.disabled = !this.canUndo;
    this.redoButton.disabled = !this.canRedo && !this.future.length;
    this.nextButton.disabled = !counts.doubtful;
    this.parts.editor.dataset.saving = this.unanswered() ? "yes" : "no";
    this.keepWaiting();
    this.drawAccept();
  },

  /** typed: what a person typed and what was not stored; what is said of it stays until Escape. */
  say(text, kind = "info", typed = []) {
    const { status, notice } = this.parts;
    if (kind === "info") {
      status.textContent = text;
      this.hideNotice();
      return;
    }
    this.noticeStays = typed.length > 0;
    notice.className = `notice ${kind}`;
    notice.textContent = text;
    notice.hidden = false;
  },

  hideNotice() {
    if (!this.noticeStays) this.parts.notice.hidden = true;
  },

  number(value) {
    return new Intl.NumberFormat(this.base.locale).format(value);
  },

  toggleAccept(open = this.parts.accept.hidden) {
    this.parts.accept.hidden = !open;
    this.acceptButton.setAttribute("aria-expanded", String(open));
    this.fitHeight();
    this.drawAccept();
    if (open) this.parts["accept-slider"].focus();
  },

  drawAccept() {
    if (this.parts.accept.hidden) return;
    const value = Number(this.parts["accept-slider"].value);
    const count = acceptablePlaces(this.rows, value / 100).length;
    this.parts["accept-value"].textContent = fill(this.words.percent, { percent: value });
    const button = this.parts["accept-button"];
    button.textContent = fill(this.words.acceptRows, { n: this.number(count) });
    button.disabled = !count;
  },

  choose(filter) {
    this.fixing?.();
    this.filter = filter;
    if (filter !== "all" && !this.matches(this.rows[this.active.place] ?? { c: [] })) {
      const place = this.rows.findIndex((row) => this.matches(row));
      if (place >= 0) this.active = { place, column: this.active.column, index: 0 };
    }
    this.clampActive();
    this.list();
    this.reveal();
    this.draw();
    this.drawState();
  },

  // Input -----------------------------------------------------------------------------------------------------------

  listen() {
    const { grid, filters, help, keys } = this.parts;
    grid.addEventListener("keydown", (event) => this.onKey(event));
    grid.addEventListener("scroll", () => this.onScroll(), { passive: true });
    grid.addEventListener("click", (event) => this.onClick(event));
    grid.addEventListener("dblclick", (event) => {
      if (event.target.closest(".chip") && !event.target.closest("textarea")) this.fix();
    });
    this.parts.actions.addEventListener("click", (event) => {
      const action = event.target.closest("[data-act]");
      if (!action) return;
      this.act(action.dataset.act);
      if (!this.fixing) grid.focus(); // an opened correction has the keys
    });
    this.listenDrag();
    filters.addEventListener("click", (event) => {
      const button = event.target.closest("[data-filter]");
      if (button) this.choose(button.dataset.filter);
    });
    filters.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      this.choose(FILTERS[(FILTERS.indexOf(this.filter) + by + FILTERS.length) % FILTERS.length]);
      this.filterButtons[FILTERS.indexOf(this.filter)].focus();
    });
    this.parts.order.addEventListener("click", () => {
      this.worstFirst = !this.worstFirst;
      const [worst] = byDoubt(this.rows, this.limits.doubtful);
      if (this.worstFirst && worst != null) this.active = { place: worst, column: this.active.column, index: 0 };
      this.choose("doubtful");
    });
    help.addEventListener("click", () => this.showKeys());
    keys.addEventListener("close", () => grid.focus());
    this.parts["accept-slider"].addEventListener("input", () => this.drawAccept());
    this.parts["accept-button"].addEventListener("click", () =>
      this.acceptAbove(Number(this.parts["accept-slider"].value) / 100));
    this.parts.accept.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.toggleAccept(false);
      this.acceptButton.focus();
    });
    this.resizes = new ResizeObserver(() => this.onResize());
    this.resizes.observe(grid);
    this.onWindow = () => this.fitHeight();
    window.addEventListener("resize", this.onWindow);
    this.onLeave = (event) => {
      if (this.unanswered() || this.fixing) event.preventDefault();
    };
    window.addEventListener("beforeunload", this.onLeave);
  },

  close() {
    this.fixing?.();
    this.closed = true;
    this.terms.close();
    this.resizes.disconnect();
    clearTimeout(this.timer);
    window.removeEventListener("resize", this.onWindow);
    window.removeEventListener("beforeunload", this.onLeave);
  },

  onResize() {
    const width = this.parts.grid.clientWidth;
    if (!width) return;
    if (this.width === width) {
      if (this.items) this.draw();
      return;
    }
    this.width = width;
    const item = this.items ? this.itemOf(this.active.place) : -1;
    const seen = this.scroller.touches(item);
    this.estimates = new WeakMap();
    this.scroller.forgetHeights();
    if (!this.items) return;
    this.draw();
    if (seen && !this.scroller.isVisible(item)) {
      this.reveal(); // every row has another height now: the one at hand stays in view
      this.draw();
    }
  },

  /** The grid takes what is left of the window below its top, so that the page itself need not scroll. */
  fitHeight() {
    const { grid, editor } = this.parts;
    const page = editor.getRootNode().host?.closest("section, main") ?? document.scrollingElement;
    const top = grid.getBoundingClientRect().top + (page?.scrollTop ?? 0);
    const foot = editor.getBoundingClientRect().bottom - grid.getBoundingClientRect().bottom;
    grid.style.height = `${Math.max(window.innerHeight - top - foot - 20, 320)}px`;
  },

  /** Put the tools beside the open row, in the strip that is kept free for them; out of sight with it. */
  placeActions() {
    const { actions, grid, head } = this.parts;
    const item = this.items ? this.itemOf(this.active.place) : -1;
    const top = item < 0 ? 0 : this.scroller.screenTop(item);
    const view = this.scroller.viewHeight;
    actions.hidden = item < 0 || top + this.scroller.heightOf(item) <= 0 || top >= view;
    if (actions.hidden) return;
    this.actionsHeight ||= actions.offsetHeight;
    const place = Math.max(0, Math.min(top, view - this.actionsHeight));
    actions.style.right = `${grid.offsetWidth - grid.clientWidth}px`;
    actions.style.transform = `translateY(${head.offsetHeight + place}px)`;
    actions.querySelector("[data-act=confirm]").classList.toggle("done", !!this.rows[this.active.place]?.k);
  },

  onScroll() {
    if (this.scrolling) return;
    this.scrolling = true;
    requestAnimationFrame(() => {
      this.scrolling = false;
      this.draw();
    });
  },

  onKey(event) {
    if (event.target.closest(".fixing") || event.isComposing) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const chord = `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${event.shiftKey && key !== "?" ? "Shift+" : ""}${key}`;
    const act = this.keymap()[chord];
    if (!act || !this.rows.length) return;
    event.preventDefault();
    event.stopPropagation();
    if (key === "Escape") this.noticeStays = false;
    this.hideNotice();
    this.fixing?.();
    act();
  },

  keymap() {
    return (this.chords ??= {
      ArrowDown: () => this.goItems(1), ArrowUp: () => this.goItems(-1),
      ArrowRight: () => this.goAcross(1), ArrowLeft: () => this.goAcross(-1),
      PageDown: () => this.goItems(this.pageStep()), PageUp: () => this.goItems(-this.pageStep()),
      Home: () => this.goItems(-Infinity), End: () => this.goItems(Infinity),
      "Ctrl+Home": () => this.goItems(-Infinity), "Ctrl+End": () => this.goItems(Infinity),
      m: () => this.merge(false), "Shift+m": () => this.merge(true), s: () => this.split(),
      "Alt+ArrowDown": () => this.move(true), "Alt+ArrowUp": () => this.move(false),
      x: () => this.untranslated(), Enter: () => this.confirm(), "Shift+Enter": () => this.unconfirm(),
      n: () => this.jumpDoubtful(1), "Shift+n": () => this.jumpDoubtful(-1),
      u: () => this.undo("undo"), "Ctrl+z": () => this.undo("undo"),
      "Shift+u": () => this.undo("redo"), "Ctrl+y": () => this.undo("redo"), "Ctrl+Shift+z": () => this.undo("redo"),
      e: () => this.fix(), F2: () => this.fix(), t: () => this.nextTerm(), l: () => this.copyAddress(),
      Escape: () => this.terms.show(null), "?": () => this.showKeys(), "Shift+/": () => this.showKeys(),
    });
  },

  pageStep() {
    const first = this.scroller.indexAt(this.parts.grid.scrollTop);
    const last = this.scroller.indexAt(this.parts.grid.scrollTop + this.scroller.viewHeight);
    return Math.max(last - first - 1, 1);
  },

  onClick(event) {
    const row = event.target.closest(".row[data-place]");
    if (!row || event.target.closest("textarea, .fixing")) return;
    if (this.fixing) {
      const { later } = this;
      this.fixing();
      if (later) return; // the rows are others now than the one that was pressed
    }
    const cell = event.target.closest(".cell");
    const place = Number(row.dataset.place);
    const column = cell ? Number(cell.dataset.column) : this.active.column;
    const cut = event.target.closest(".cut");
    if (cut) {
      this.active = { place, column, index: 0 };
      this.split(column, Number(cut.dataset.cut) - 1);
      return;
    }
    const chip = event.target.closest(".chip");
    this.active = { place, column, index: chip ? Number(chip.dataset.index) : 0 };
    this.clampActive();
    if (this.filter !== "all") this.list();
    this.draw();
  },

  act(name) {
    if (name !== "link") this.fixing?.();
    const acts = {
      merge: () => this.merge(false), split: () => this.split(), up: () => this.move(false), down: () => this.move(true),
      untranslated: () => this.untranslated(), fix: () => this.fix(), link: () => this.copyAddress(),
      confirm: () => (this.rows[this.active.place].k ? this.unconfirm() : this.confirm()),
    };
    acts[name]();
  },

  /** Copy the address at which this page opens at the chosen segment. */
  async copyAddress() {
    const row = this.rows[this.active.place];
    const segment = row.c[this.active.column][this.active.index] ?? row.c.flat()[0];
    const address = segmentAddress({ text: this.base.slug, segment });
    const copied = await copyText(address, this.parts.editor);
    if (copied) this.say(this.words.linkCopied);
    else this.say(fill(this.words.notCopied, { address }), "error");
  },

  listenDrag() {
    const { grid } = this.parts;
    const clear = () => grid.querySelectorAll(".drop").forEach((cell) => cell.classList.remove("drop"));
    grid.addEventListener("dragstart", (event) => {
      const chip = event.target.closest?.(".chip");
      const row = chip?.closest(".row");
      if (!row || this.reading || this.fixing) return;
      const column = Number(chip.closest(".cell").dataset.column);
      this.dragged = {
        place: Number(row.dataset.place), column, index: Number(chip.dataset.index), number: Number(chip.dataset.number),
      };
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", chip.textContent);
    });
    grid.addEventListener("dragover", (event) => {
      const row = this.dragged && event.target.closest?.(".row[data-place]");
      if (!row) return;
      clear();
      if (Number(row.dataset.place) === this.dragged.place) return;
      event.preventDefault();
      row.querySelectorAll(".cell")[this.dragged.column].classList.add("drop");
    });
    grid.addEventListener("drop", (event) => {
      const row = this.dragged && event.target.closest?.(".row[data-place]");
      if (!row) return;
      event.preventDefault();
      const from = this.dragged;
      this.dragged = null;
      clear();
      this.drop(from, Number(row.dataset.place));
      grid.focus();
    });
    grid.addEventListener("dragend", () => {
      this.dragged = null;
      clear();
    });
  },

  showKeys() {
    this.parts.keys.showModal();
  },
});
