// The preview's page: where each block of the text goes among headings, lists, tables and notes.

class Page {
  constructor(words, cells) {
    this.words = words;
    this.tables = cells;
    this.element = make("div");
    this.part = "";
    this.body = this.element;
    this.table = null; // the table being filled: {number, cells by "row:column"}
    this.lists = []; // open lists, the outermost first: {element, list}
    this.counts = new Map(); // items counted so far, by list and depth, as a list may go on after a paragraph
  }

  /** The element a block's words go into. */
  holder(row, look) {
    this.enter(look.p ?? "");
    const cell = look.t ? this.cell(look.t) : null;
    if (!cell) this.table = null;
    if (row.kd === "list item") return this.item(cell ?? this.body, row.lv, look.l ?? [0, 0]);
    this.lists = [];
    if (row.kd === "heading") return this.put(cell ?? this.body, `h${Math.min(6, Math.max(1, row.lv))}`);
    if (row.kd === "cell" && !cell) return this.loose();
    return this.put(cell ?? this.body, "p");
  }

  put(parent, tag) {
    const element = make(tag);
    parent.append(element);
    return element;
  }

  /** Begin what stands outside the body: notes, headers, boxes. */
  enter(part) {
    if (part === this.part) return;
    this.part = part;
    this.table = null;
    this.lists = [];
    this.body = this.element;
    if (!part) return;
    const section = make("section", `apart ${part}`, null, { "aria-label": this.words[part] });
    section.append(make("div", "apart-name", this.words[part]));
    this.element.append(section);
    this.body = section;
  }

  /** A list's items are counted on where the same list goes on further down. */
  item(parent, depth, [list, numbered]) {
    const level = Math.max(1, depth);
    if (this.lists.length && this.lists[0].parent !== parent) this.lists = [];
    this.lists.length = Math.min(this.lists.length, level);
    if (this.lists.at(-1)?.list !== list && this.lists.length === level) this.lists.pop();
    while (this.lists.length < level) {
      const outer = this.lists.at(-1);
      const inner = outer ? (outer.element.lastElementChild ?? outer.element) : parent;
      const own = this.lists.length === level - 1;
      const element = make(numbered && own ? "ol" : "ul");
      const begun = this.counts.get(`${list} ${this.lists.length}`) ?? 0;
      if (numbered && own && begun) element.start = begun + 1;
      inner.append(element);
      this.lists.push({ element, list, parent });
    }
    for (const key of this.counts.keys()) {
      const [of, at] = key.split(" ").map(Number);
      if (of === list && at >= level) this.counts.delete(key);
    }
    const name = `${list} ${level - 1}`;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    return this.put(this.lists.at(-1).element, "li");
  }

  /** Cells of a table of which nothing is known stand beside each other. */
  loose() {
    if (!this.body.lastElementChild?.classList.contains("cells")) this.body.append(make("div", "cells"));
    const cell = make("div", "cell");
    this.body.lastElementChild.append(cell);
    return cell;
  }

  cell([number, row, column]) {
    if (this.table?.number !== number) this.table = this.drawTable(number);
    return this.table.cells.get(`${row}:${column}`) ?? null;
  }

  /** A table with all its cells; those without words are there too, so that the others stand in their columns. */
  drawTable(number) {
    const placed = new Map();
    const taken = new Set();
    let width = 0;
    let height = 0;
    for (const cell of this.tables.get(number) ?? []) {
      const [, row, column, rows, columns] = cell;
      if (placed.has(`${row}:${column}`)) continue;
      placed.set(`${row}:${column}`, cell);
      width = Math.max(width, column + columns);
      height = Math.max(height, row + 1);
      for (let r = row; r < row + rows; r += 1) for (let c = column; c < column + columns; c += 1) taken.add(`${r}:${c}`);
    }
    const table = make("table");
    const cells = new Map();
    for (let r = 0; r < height; r += 1) {
      const line = make("tr");
      for (let c = 0; c < width; c += 1) {
        const found = placed.get(`${r}:${c}`);
        if (!found && taken.has(`${r}:${c}`)) continue;
        const [, , , rows = 1, columns = 1, heads = 0] = found ?? [];
        const cell = make(heads ? "th" : "td", "", null, { rowspan: rows > 1 && rows, colspan: columns > 1 && columns });
        cells.set(`${r}:${c}`, cell);
        line.append(cell);
      }
      table.append(line);
    }
    const frame = make("div", "table-frame");
    frame.append(table);
    this.body.append(frame);
    return { number, cells };
  }
}
