// The finished text beside the editor: its headings, lists, bold and links drawn as elements, never as markup.

const LOOKS = { strong: "strong", em: "em", underline: "u", strike: "s", code: "code", sub: "sub", sup: "sup", link: "span" };
const ALONE = { image: "▣", note: "*" };

class Preview {
  constructor(desk) {
    this.desk = desk;
    this.looks = {};
    this.spans = new Map();
    this.element = make("aside", "preview", null, { "aria-label": desk.words.previewTitle, tabindex: "0" });
    this.element.hidden = true;
    this.element.addEventListener("click", (event) => {
      const span = event.target.closest("[data-key]");
      if (span && !String(getSelection())) desk.open(Number(span.dataset.key));
    });
  }

  get shown() {
    return !this.element.hidden;
  }

  toggle({ keep = true } = {}) {
    this.element.hidden = !this.element.hidden;
    this.desk.root.classList.toggle("with-preview", this.shown);
    this.desk.bar.previewSwitch.setAttribute("aria-pressed", String(this.shown));
    if (this.shown) {
      this.draw();
      this.desk.outbox.add({ op: "preview" });
    }
    if (keep) this.desk.keepView();
    this.desk.panel?.grow();
    if (this.desk.active !== null) this.desk.reveal();
  }

  receive(data) {
    if (!this.shown) return;
    if (data.looks) this.looks = data.looks;
    const order = this.desk.order.join();
    if (data.looks || order !== this.order) {
      if (order !== this.order && !data.looks) this.desk.outbox.add({ op: "preview" });
      this.draw();
    }
  }

  /** Draw the whole text: the rows of one block are one paragraph, heading, list item or line of a cell. */
  draw() {
    const { desk } = this;
    this.order = desk.order.join();
    this.spans = new Map();
    this.page = new Page(desk.words.previewParts, this.cells());
    let block = null;
    let holder = null;
    for (const key of desk.order) {
      const row = desk.rows.get(key);
      if (row.b !== block || !holder) {
        block = row.b;
        holder = this.page.holder(row, this.looks[key] ?? {});
      }
      const span = make("span", "piece", null, { "data-key": key });
      this.spans.set(key, span);
      holder.append(span, " ");
      this.fill(span, row);
    }
    this.element.replaceChildren(...this.page.element.children);
    this.follow();
  }

  /** The cells of each table, by number, so that empty ones can be drawn between them. */
  cells() {
    const tables = new Map();
    for (const key of this.desk.order) {
      const cell = this.looks[key]?.t;
      if (!cell) continue;
      if (!tables.has(cell[0])) tables.set(cell[0], []);
      tables.get(cell[0]).push(cell);
    }
    return tables;
  }

  fill(span, row) {
    const { desk } = this;
    const text = desk.typed(row) ?? row.t;
    const lacking = !text && row.st !== "left out";
    span.className = `piece${lacking ? " lacking" : ""}${row.k === desk.active ? " current" : ""}`;
    span.lang = lacking ? desk.data.source : desk.data.target;
    span.replaceChildren();
    this.codes(span, lacking ? row.s : text, this.looks[row.k]?.c ?? {});
  }

  /** Draw a text whose codes are elements; a code that is not closed ends with the segment. */
  codes(parent, text, looks) {
    const open = [[null, parent]];
    let at = 0;
    const write = (words) => words && appendText(open.at(-1)[1], words);
    for (const match of text.matchAll(/⟨(\/?)(\d{1,4})(\/?)⟩/g)) {
      write(text.slice(at, match.index));
      at = match.index + match[0].length;
      const [, closes, number, alone] = match;
      const names = (looks[number] ?? "").split(" ").filter(Boolean);
      if (closes) {
        const depth = open.findLastIndex(([n]) => n === number);
        if (depth > 0) open.length = depth;
      } else if (alone) {
        if (names.includes("break")) open.at(-1)[1].append(make("br"));
        else for (const name of names) if (ALONE[name]) open.at(-1)[1].append(make("sup", "alone", ALONE[name]));
      } else {
        let element = make("span");
        const outer = element;
        for (const name of names) {
          const inner = make(LOOKS[name] ?? "span", name === "link" ? "link" : "");
          element.append(inner);
          element = inner;
        }
        open.at(-1)[1].append(outer);
        open.push([number, element]);
      }
    }
    write(text.slice(at));
  }

  refresh(key) {
    const span = this.spans.get(key);
    const row = this.desk.rows.get(key);
    if (this.shown && span && row) this.fill(span, row);
  }

  /** Mark the open segment and bring it into sight. */
  follow() {
    if (!this.shown) return;
    const before = this.element.querySelector(".current");
    before?.classList.remove("current");
    const span = this.spans.get(this.desk.active);
    if (!span) return;
    span.classList.add("current");
    const box = this.element.getBoundingClientRect();
    const own = span.getBoundingClientRect();
    if (own.top < box.top + 20 || own.bottom > box.bottom - 20) this.element.scrollTop += own.top - box.top - box.height / 3;
  }
}
