// The glossary's terms in the rows in view: asked for once the view rests, marked in the segments that are drawn, and
// joined across the columns where the pointer or the T key is.

const TERMS_PAUSE = 150; // ms the view rests before its terms are asked for
const TERMS_PATIENCE = 10000; // ms without an answer before they are asked for again
const TERMS_LATER = 1500; // ms until a glossary that is being read is asked again
const TERMS_AT_ONCE = 300; // segments of one question

/** Put spans around pieces of a chip's text; what stands after the text (flags) is not counted. */
function markSpans(chip, spans, dress) {
  for (const span of [...spans].reverse()) {
    const walk = document.createTreeWalker(chip, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest(".flag") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    const nodes = [];
    for (let at = 0; walk.nextNode(); at += walk.currentNode.length) {
      if (at < span[1] && at + walk.currentNode.length > span[0]) nodes.push([walk.currentNode, at]);
    }
    for (const [node, at] of nodes) {
      const range = document.createRange();
      range.setStart(node, Math.max(span[0] - at, 0));
      range.setEnd(node, Math.min(span[1] - at, node.length));
      const piece = make("span", "term");
      dress(piece, span);
      range.surroundContents(piece);
    }
  }
}

class GridTerms {
  constructor(editor) {
    this.editor = editor;
    this.known = new Map(); // segment number → [length of its text, spans]
    this.concepts = new Map(); // id → by column what to say
    this.asks = 0;
    this.card = make("div", "term-card");
    this.card.setAttribute("popover", "manual");
    this.card.setAttribute("role", "tooltip");
    editor.parts.editor.append(this.card);
    const { grid } = editor.parts;
    grid.addEventListener("pointerover", (event) => this.over(event.target.closest?.(".term")));
    grid.addEventListener("pointerleave", () => this.over(null));
    grid.addEventListener("scroll", () => this.show(null), { passive: true });
    this.channel = globalThis[Symbol.for("workbench.grid")].terms ??= {};
    this.channel.changed = (answer) => this.take(answer);
  }

  close() {
    clearTimeout(this.timer);
    if (this.channel.changed) this.channel.changed = null;
    this.card.remove();
  }

  // Asking ------------------------------------------------------------------------------------------------------------

  /** Called with every drawing: the view may still be moving, so wait until it rests. */
  look() {
    if (this.asked) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), TERMS_PAUSE);
  }

  ask() {
    const { editor } = this;
    if (!this.channel.send || editor.fixing) return;
    const wanted = [];
    for (const element of editor.scroller.drawn.values()) {
      for (const chip of element.querySelectorAll(".chip")) {
        const number = Number(chip.dataset.number);
        const size = editor.segments.get(number)?.text.length;
        if (size !== undefined && this.known.get(number)?.[0] !== size) wanted.push(number);
      }
    }
    if (!wanted.length) return;
    this.asked = `${editor.name}-${++this.asks}`;
    this.channel.send({ id: this.asked, segments: wanted.slice(0, TERMS_AT_ONCE) });
    this.again(TERMS_PATIENCE);
  }

  again(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.asked = null;
      if (this.card.isConnected) this.ask();
    }, wait);
  }

  take(answer) {
    if (!answer) return this.look();
    if (answer.id !== this.asked) return undefined;
    if (answer.later) return this.again(TERMS_LATER);
    this.asked = null;
    clearTimeout(this.timer);
    for (const [id, columns] of Object.entries(answer.concepts ?? {})) this.concepts.set(id, columns);
    for (const [number, found] of Object.entries(answer.segments ?? {})) this.known.set(Number(number), found);
    if (!answer.segments) return undefined; // no answer this time: the next view asks again
    for (const element of this.editor.scroller.drawn.values()) this.mark(element);
    return this.look();
  }

  // Marking -----------------------------------------------------------------------------------------------------------

  /** Mark the terms in a row that is drawn; called again it does nothing. */
  mark(element) {
    for (const chip of element.querySelectorAll(".chip:not(.fixing)")) {
      const number = Number(chip.dataset.number);
      const found = this.known.get(number);
      if (chip.dataset.terms || !found || this.editor.segments.get(number)?.text.length !== found[0]) continue;
      chip.dataset.terms = "1";
      markSpans(chip, found[1], (piece, [, , ids, avoid]) => {
        piece.dataset.concepts = ids.join(" ");
        if (avoid) piece.classList.add("avoid");
      });
    }
  }

  // Showing -----------------------------------------------------------------------------------------------------------

  over(term) {
    if (term === this.shown) return;
    clearTimeout(this.delay);
    this.delay = setTimeout(() => this.show(term), term ? 120 : 60);
  }

  /** Join a term with those of the same concepts in its row and say what the glossary prefers; null ends it. */
  show(term) {
    clearTimeout(this.delay);
    this.editor.parts.rows.querySelectorAll(".joined").forEach((piece) => piece.classList.remove("joined"));
    if (this.card.matches(":popover-open")) this.card.hidePopover();
    this.shown = term;
    if (!term?.isConnected) return "";
    const ids = term.dataset.concepts.split(" ");
    const row = term.closest(".row");
    const said = new Set();
    for (const piece of row.querySelectorAll(".term")) {
      if (!piece.dataset.concepts.split(" ").some((id) => ids.includes(id))) continue;
      piece.classList.add("joined");
      said.add(Number(piece.closest(".cell").dataset.column));
    }
    const lines = this.fill(ids, said, row, term.classList.contains("avoid"));
    this.card.showPopover();
    const box = term.getBoundingClientRect();
    const own = this.card.getBoundingClientRect();
    const below = box.bottom + own.height + 10 < innerHeight;
    this.card.style.left = `${Math.max(8, Math.min(box.left, innerWidth - own.width - 8))}px`;
    this.card.style.top = `${below ? box.bottom + 5 : Math.max(8, box.top - own.height - 5)}px`;
    return lines;
  }

  fill(ids, said, row, avoid) {
    const { words, languages } = this.editor;
    const cells = row.querySelectorAll(".cell");
    const spoken = [];
    this.card.replaceChildren();
    if (avoid) this.card.append(make("p", "avoid-note", words.terms.avoid));
    for (const id of ids) {
      const list = make("dl");
      (this.concepts.get(id) ?? []).forEach((terms, c) => {
        if (!terms.length) return;
        const name = make("dt", "", languages[c]);
        const term = make("dd", "", terms.join(" · "));
        term.lang = languages[c];
        const here = said.has(c);
        const empty = !cells[c]?.querySelector(".chip");
        list.append(name, term);
        if (!empty) term.append(make("span", here ? "here" : "not-here", here ? " ✓" : ` ${words.terms.notHere}`));
        spoken.push(`${languages[c]} ${terms.join(", ")}${here || empty ? "" : ` (${words.terms.notHere})`}`);
      });
      this.card.append(list);
    }
    return spoken.join("; ");
  }
}

Object.assign(GridEditor.prototype, {
  /** Show the active row's next term: the first, then the others, then none. */
  nextTerm() {
    const row = this.parts.rows.querySelector(`#row-${this.active.place}`);
    const firsts = new Map();
    row?.querySelectorAll(".term").forEach((term) => firsts.has(term.dataset.concepts) || firsts.set(term.dataset.concepts, term));
    const terms = [...firsts.values()];
    if (!terms.length) {
      this.say(this.words.terms.none, "info");
      return;
    }
    const next = terms[terms.findIndex((term) => term.dataset.concepts === this.terms.shown?.dataset.concepts) + 1] ?? null;
    this.say(next ? `${next.textContent}: ${this.terms.show(next)}` : "", "info");
    if (!next) this.terms.show(null);
  },
});
