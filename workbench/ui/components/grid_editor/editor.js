// The grid editor: what is shown, and what the keys do.
// What the server says is in answers.js, what it has not answered yet in waiting.js.

const FILTERS = ["all", "doubtful", "confirmed", "crossing"];

class GridEditor {
  constructor(parent, base) {
    this.parts = {};
    parent.querySelectorAll("[data-part]").forEach((part) => (this.parts[part.dataset.part] = part));
    this.name = Math.random().toString(36).slice(2, 12);
    this.batches = 0;
    this.active = { place: 0, column: 0, index: 0 };
    this.filter = "all";
    this.worstFirst = false;
    this.past = []; // rows before each step of this visit, for drawing an undo at once
    this.future = [];
    this.scroller = new VirtualRows(this.parts.grid, this.parts.rows, {
      draw: (item) => this.view.draw(item),
      keyOf: (item) => this.heightKey(item.row),
      estimate: (item) => this.estimate(item.row),
      headHeight: () => this.parts.head.offsetHeight,
    });
    this.heightKeys = new WeakMap();
    this.estimates = new WeakMap();
    this.openBase(base);
    this.loadWaiting();
    this.drawFixed();
    this.listen();
    this.terms = new GridTerms(this);
  }

  // Steps ---------------------------------------------------------------------------------------------------------

  /** Do a step: draw it at once, then let the server store it. next: where to stand afterwards. */
  step(step, next) {
    if (this.mayOnlyRead()) return false;
    const at = performance.now();
    let rows;
    try {
      rows = applyStep(this.rows, step, this.languages);
    } catch (error) {
      if (!(error instanceof EditRefused)) throw error;
      this.say(this.words.refused[error.message] ?? this.words.refused.noMove, "info");
      return false;
    }
    if (step.op !== "undo" && step.op !== "redo") {
      this.past.push(this.rows);
      if (this.past.length > 200) this.past.shift();
      this.future = [];
    }
    this.rows = rows;
    if (next) Object.assign(this.active, next(rows));
    this.clampActive();
    this.list();
    this.reveal();
    this.draw();
    this.parts.status.textContent = "";
    this.hideNotice();
    this.canUndo = true;
    this.enqueue({ ...step, at });
    this.notePaint(at, step.op);
    return true;
  }

  mayOnlyRead() {
    if (this.reading) this.say(this.words.mayOnlyRead, "info");
    return this.reading;
  }

  undo(op) {
    if (this.mayOnlyRead()) return;
    const from = op === "undo" ? this.past : this.future;
    const to = op === "undo" ? this.future : this.past;
    if (op === "undo" ? !this.canUndo : !this.canRedo && !from.length) {
      this.say(op === "undo" ? this.words.nothingToUndo : this.words.nothingToRedo, "info");
      return;
    }
    const guess = from.pop();
    const before = this.rows;
    if (guess) to.push(before);
    this.step({ op, guess }, (rows) => {
      const place = guess ? firstDifference(before, rows) : -1;
      return place >= 0 ? { place } : {};
    });
    this.say(op === "undo" ? this.words.undone : this.words.redone, "info");
  }

  merge(up) {
    const place = this.active.place - (up ? 1 : 0);
    if (place < 0) return;
    this.step({ op: "merge", row: place }, () => ({ place }));
  }

  split(column = this.active.column, index = this.active.index) {
    const { place } = this.active;
    const counts = splitCounts(this.rows[place], column, index, (n) => this.segments.get(n)?.text.length ?? 1);
    if (!counts) {
      this.say(this.words.refused.noSplit, "info");
      return;
    }
    const named = Object.fromEntries(this.languages.map((code, c) => [code, counts[c]]));
    this.step({ op: "split", row: place, counts: named });
  }

  /** Move the chosen segment, and those that must go before it, to the neighbouring row. */
  move(down, from = this.active) {
    const { place, column } = from;
    const cell = this.rows[place].c[column];
    const index = Math.min(from.index, cell.length - 1);
    const count = down ? cell.length - index : index + 1;
    const number = cell[index];
    const op = down ? "move down" : "move up";
    this.step({ op, row: place, language: this.languages[column], count: Math.max(count, 1) }, (rows) => {
      const target = rows.findIndex((row) => row.c[column].includes(number));
      return target >= 0 ? { place: target, column, index: rows[target].c[column].indexOf(number) } : {};
    });
  }

  drop(from, place) {
    if (place === from.place) return;
    if (Math.abs(place - from.place) === 1) {
      this.move(place > from.place, from);
      return;
    }
    const { column, number } = from;
    const step = { op: "transfer", row: from.place, language: this.languages[column], segment: number, target: place };
    this.step(step, (rows) => {
      const target = rows.findIndex((row) => row.c[column].includes(number));
      return { place: Math.max(target, 0), column, index: rows[target]?.c[column].indexOf(number) ?? 0 };
    });
  }

  untranslated() {
    const { place, column } = this.active;
    this.step({ op: "untranslated", row: place, language: this.languages[column] });
  }

  confirm() {
    const { place } = this.active;
    const next = (rows) => {
      const found = this.nextDoubtful(rows, place, 1);
      return { place: found >= 0 ? found : Math.min(place + 1, rows.length - 1), index: 0 };
    };
    if (this.rows[place].k || this.reading) {
      this.go(next(this.rows).place);
      return;
    }
    this.step({ op: "confirm", row: place }, next);
    const left = this.rows.filter((row) => isDoubtful(row, this.limits.doubtful)).length;
    this.say(fill(left ? this.words.confirmedLeft : this.words.confirmedNone, { row: place + 1, left }), "info");
  }

  unconfirm() {
    const row = this.rows[this.active.place];
    if (row.k || row.a) this.step({ op: "unconfirm", row: this.active.place });
  }

  acceptAbove(confidence) {
    this.fixing?.();
    const count = acceptablePlaces(this.rows, confidence).length;
    if (!count) return;
    this.step({ op: "accept above", confidence });
    this.say(fill(this.words.acceptedRows, { n: count }), "info");
    this.toggleAccept(false);
    this.parts.grid.focus();
  }

  // Moving about --------------------------------------------------------------------------------------------------

  nextDoubtful(rows, from, direction) {
    if (this.worstFirst && this.filter === "doubtful") {
      const order = byDoubt(rows, this.limits.doubtful);
      const at = order.indexOf(from);
      return order.length ? order[at < 0 ? 0 : (at + direction + order.length) % order.length] : -1;
    }
    for (let n = 1; n <= rows.length; n++) {
      const place = (from + direction * n + rows.length * 2) % rows.length;
      if (isDoubtful(rows[place], this.limits.doubtful)) return place;
    }
    return -1;
  }

  jumpDoubtful(direction) {
    const place = this.nextDoubtful(this.rows, this.active.place, direction);
    if (place < 0) this.say(this.words.noDoubtful, "info");
    else this.go(place);
  }

  go(place, column = this.active.column, index = 0) {
    const at = performance.now();
    this.active = { place, column, index };
    this.clampActive();
    this.list();
    this.reveal();
    this.draw();
    this.notePaint(at, "move");
  }

  goItems(by) {
    const item = this.itemOf(this.active.place);
    const goal = Math.min(Math.max(item + by, 0), this.items.length - 1);
    if (this.items[goal]) this.go(this.items[goal].place);
  }

  goAcross(by) {
    const { place, column, index } = this.active;
    const cell = this.rows[place].c[column];
    if (index + by >= 0 && index + by < cell.length) return this.go(place, column, index + by);
    const next = column + by;
    if (next < 0 || next >= this.languages.length) return undefined;
    return this.go(place, next, by > 0 ? 0 : Math.max(this.rows[place].c[next].length - 1, 0));
  }

  clampActive() {
    const active = this.active;
    active.place = Math.min(Math.max(active.place, 0), Math.max(this.rows.length - 1, 0));
    active.column = Math.min(Math.max(active.column, 0), this.languages.length - 1);
    const cell = this.rows[active.place]?.c[active.column] ?? [];
    active.index = Math.min(Math.max(active.index, 0), Math.max(cell.length - 1, 0));
  }

  itemOf(place) {
    if (this.filter === "all") return place;
    return this.items.findIndex((item) => item.place === place);
  }

  // Drawing -------------------------------------------------------------------------------------------------------

  matches(row) {
    switch (this.filter) {
      case "doubtful":
        return isDoubtful(row, this.limits.doubtful);
      case "confirmed":
        return !!row.k || !!row.a;
      case "crossing":
        return !!row.x;
      default:
        return true;
    }
  }

  /** The rows to show: those of the filter with a neighbour on each side for the context, and the active one. */
  list() {
    const items = [];
    if (this.filter === "all") {
      this.rows.forEach((row, place) => items.push({ row, place }));
    } else if (this.filter === "doubtful" && this.worstFirst) {
      for (const place of byDoubt(this.rows, this.limits.doubtful)) items.push({ row: this.rows[place], place });
      const { place } = this.active;
      if (items.length && !items.some((item) => item.place === place)) items.unshift({ row: this.rows[place], place, dim: true });
    } else {
      const matching = this.rows.map((row) => this.matches(row));
      let last = -1;
      this.rows.forEach((row, place) => {
        const shown = matching[place] || matching[place - 1] || matching[place + 1] || place === this.active.place;
        if (!shown) return;
        items.push({ row, place, dim: !matching[place], gap: place > last + 1 });
        last = place;
      });
      if (!matching.some(Boolean)) items.length = 0;
    }
    this.items = items;
    this.scroller.setItems(items);
    this.scroller.pinned = this.itemOf(this.active.place);
    this.parts.nothing.hidden = items.length > 0;
    this.parts.nothing.textContent = this.words.nothing[this.filter] ?? "";
  }

  reveal() {
    const item = this.itemOf(this.active.place);
    if (item >= 0) this.scroller.reveal(item);
  }

  draw() {
    this.scroller.refresh();
    this.placeActions(); // before rows are marked: what it measures has just been laid out
    this.markActive();
    this.terms?.look();
  }

  markActive() {
    const { place, column, index } = this.active;
    if (this.keptPlace !== undefined && this.keptPlace !== place) keepRow(place + 1);
    this.keptPlace = place; // an address that somebody sent stays as it is until one moves
    const rows = this.parts.rows;
    rows.querySelectorAll(".row.active").forEach((row) => Number(row.dataset.place) !== place && row.classList.remove("active"));
    rows.querySelectorAll(".cell.active, .chip.active").forEach((part) => part.classList.remove("active"));
    rows.querySelectorAll("[aria-selected]").forEach((part) => part.removeAttribute("aria-selected"));
    const row = rows.querySelector(`#row-${place}`);
    if (!row) {
      this.parts.grid.removeAttribute("aria-activedescendant");
      return;
    }
    row.classList.add("active");
    const cell = row.querySelectorAll(".cell")[column];
    cell.classList.add("active");
    cell.setAttribute("aria-selected", "true");
    const chips = cell.querySelectorAll(".chip");
    if (chips.length > 1) chips[index]?.classList.add("active");
    this.parts.grid.setAttribute("aria-activedescendant", cell.id);
  }

  heightKey(row) {
    let key = this.heightKeys.get(row);
    if (key == null) {
      key = `${rowKey(row)}/${row.k ? "" : (row.r ?? []).join(",")}/${row.x && !row.k ? 1 : ""}/${row.u ?? ""}`;
      this.heightKeys.set(row, key);
    }
    return key;
  }

  /** A guess at a row's height before it is drawn; asking the page for widths here would lay it out each time. */
  estimate(row) {
    let height = this.estimates.get(row);
    if (height == null) {
      height = this.guess(row);
      this.estimates.set(row, height);
    }
    return height;
  }

  guess(row) {
    const width = ((this.width ?? 1100) - 125) / this.languages.length - 30;
    let lines = 1;
    for (const cell of row.c) {
      let own = 0;
      for (const number of cell) own += Math.ceil(((this.segments.get(number)?.text.length ?? 20) * 7.1) / Math.max(width, 80));
      lines = Math.max(lines, own + (cell.length - 1) * 0.5);
    }
    return Math.max(lines * 22 + 22 + (!row.k && (row.r?.length || row.x) ? 24 : 0), 54);
  }

  notePaint(start, op) {
    const drawn = performance.now();
    performance.measure("grid:drawn", { start, end: drawn, detail: { op } });
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => performance.measure("grid:painted", { start, end: performance.now(), detail: { op } });
      channel.port2.postMessage(0);
    });
    if (performance.getEntriesByName("grid:drawn").length > 1000) {
      ["grid:drawn", "grid:painted", "grid:answer"].forEach((name) => performance.clearMeasures(name));
    }
  }
}
