// The rows as they stand in the flow of the text, and the bar over them.

const OPEN_STATES = new Set(["missing", "stale", "draft"]);
const SIGNS = { missing: "○", stale: "↻", draft: "◐", translated: "✓", reviewed: "✓✓", "left out": "–" };

/** Draw a closed row: number and sign, source, target. */
function drawRow(desk, row) {
  const article = make("div", "row", null, { role: "listitem", "data-key": row.k });
  const gutter = make("div", "gutter");
  gutter.append(make("span", "num", numeral(row.p + 1, desk.words.locale)), make("span", "sign", "", { "aria-hidden": "true" }));
  gutter.prepend(make("span", "bubble", "", { role: "img", hidden: true }), make("span", "same", "⧉", { role: "img", hidden: true }));
  const source = make("div", "source", null, { lang: desk.data.source });
  const target = make("div", "target", null, { lang: desk.data.target });
  article.append(gutter, source, target);
  article.addEventListener("click", (event) => {
    if (desk.active === row.k || String(getSelection())) return;
    if (event.target.closest("button, a")) return;
    desk.open(row.k);
  });
  return article;
}

/** Bring a row's closed form up to date with its state. */
function refreshRow(desk, article, row, earlier) {
  const state = desk.stateOf(row);
  const first = !earlier || earlier.b !== row.b;
  article.className = `row state-${state.replace(" ", "-")} kind-${row.kd.replace(" ", "-")} level-${row.lv}`;
  article.classList.toggle("first", first);
  article.classList.toggle("typed", desk.typed(row) !== null && state !== "translated");
  const label = fill(desk.words.rowLabel, { n: row.p + 1, state: desk.words.states[state] ?? state });
  article.setAttribute("aria-label", label);
  const sign = article.querySelector(".sign");
  const overtaken = desk.overtaken(row);
  article.classList.toggle("overtaken", Boolean(overtaken));
  sign.textContent = overtaken ? "≠" : (SIGNS[state] ?? "");
  sign.title = overtaken ? `${overtaken.message} ${overtaken.theirs}` : (desk.words.states[state] ?? state);
  const open = (row.cm ?? []).filter((comment) => !comment.done).length;
  const bubble = article.querySelector(".bubble");
  bubble.hidden = !open;
  bubble.textContent = open || "";
  bubble.title = fill(desk.words.commentCount, { n: open });
  bubble.setAttribute("aria-label", bubble.title);
  const same = article.querySelector(".same");
  same.hidden = !row.rp;
  if (row.rp) {
    same.title = desk.repeatWords(row);
    same.setAttribute("aria-label", same.title);
  }
  if (desk.active === row.k) return;
  const source = article.querySelector(".source");
  source.replaceChildren(appendText(make("p"), row.s));
  const target = article.querySelector(".target");
  const draft = desk.typed(row);
  const text = draft ?? row.t;
  const shown = make("p", draft !== null && draft !== row.t ? "draft" : text ? "" : "none");
  if (text) appendText(shown, text);
  else shown.textContent = state === "left out" ? desk.words.leftOutHere : desk.words.notYet;
  target.replaceChildren(shown);
}

/** The bar: progress, filters, saved or not, and the desk's switches. */
class Bar {
  constructor(desk) {
    this.desk = desk;
    const words = desk.words;
    this.element = make("div", "bar", null, { role: "toolbar", "aria-label": words.toolbar });
    this.meter = make("div", "meter", null, { role: "img" });
    this.parts = {};
    for (const part of ["done", "draft", "stale", "missing"]) {
      this.parts[part] = make("span", `part ${part}`);
      this.meter.append(this.parts[part]);
    }
    this.share = make("span", "share");
    this.filters = make("div", "filters", null, { role: "group", "aria-label": words.show });
    this.buttons = {};
    for (const name of ["all", "open", "stale"]) {
      const button = make("button", "filter", "", { type: "button", "aria-pressed": "false" });
      button.addEventListener("click", () => desk.filterBy(name));
      button.append(make("span", "", words.filters[name]), make("span", "count"));
      this.buttons[name] = button;
      this.filters.append(button);
    }
    this.state = make("span", "saved", "", { role: "status" });
    this.next = this.action(words.nextOpen, words.nextOpenTip, () => desk.openNext());
    this.undo = this.action(words.undo, words.undoTip, () => desk.undoStep());
    this.references = this.action(words.references, words.referencesTip, () => desk.toggleReferences());
    this.previewSwitch = this.action(words.preview, words.previewTip, () => desk.preview.toggle());
    this.quiet = this.action(words.quiet, words.quietTip, () => desk.toggleQuiet());
    this.keys = this.action("?", words.keysTip, () => desk.toggleKeys());
    this.keys.classList.add("round");
    this.keys.setAttribute("aria-label", words.keys);
    for (const toggle of [this.references, this.previewSwitch, this.quiet, this.keys]) toggle.setAttribute("aria-pressed", "false");
    this.people = make("span", "people", "", { role: "status" });
    const progress = make("div", "progress");
    progress.append(this.meter, this.share);
    const switches = make("div", "switches");
    switches.append(this.people, this.state, this.undo, this.next, this.references, this.previewSwitch, this.quiet, this.keys);
    this.element.append(progress, this.filters, switches);
  }

  action(label, tip, what) {
    const button = make("button", "action", label, { type: "button", title: tip });
    button.addEventListener("click", what);
    return button;
  }

  refresh() {
    const { desk } = this;
    const counts = { done: 0, draft: 0, stale: 0, missing: 0 };
    for (const key of desk.order) {
      const state = desk.stateOf(desk.rows.get(key));
      counts[OPEN_STATES.has(state) ? state : "done"] += 1;
    }
    const total = Math.max(desk.order.length, 1);
    for (const [part, count] of Object.entries(counts)) {
      this.parts[part].style.flexGrow = count;
      this.parts[part].hidden = !count;
    }
    const share = counts.done === desk.order.length ? 100 : Math.min(99, Math.floor((100 * counts.done) / total));
    this.share.textContent = fill(desk.words.share, { share });
    const summary = fill(desk.words.summary, counts);
    this.meter.setAttribute("aria-label", summary);
    this.meter.title = summary;
    const numbers = { all: desk.order.length, open: desk.order.length - counts.done, stale: counts.stale };
    for (const [name, button] of Object.entries(this.buttons)) {
      // In place: what is pressed must still be there when it is let go, or the browser tells of no click.
      const [label, count] = button.children;
      label.textContent = desk.words.filters[name];
      count.textContent = numeral(numbers[name], desk.words.locale);
      button.setAttribute("aria-pressed", String(desk.filter === name));
    }
    this.next.disabled = !numbers.open;
    this.undo.hidden = !desk.data.undo;
    if (desk.data.undo) this.undo.title = fill(desk.words.undoTip, { what: desk.data.undo.label });
  }

  saved(state) {
    if (this.state.dataset.state === state) return;
    this.state.dataset.state = state;
    this.state.textContent = this.desk.words.saved[state];
  }
}
