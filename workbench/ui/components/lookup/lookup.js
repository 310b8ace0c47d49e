// The panel for looking up: one key takes the words selected anywhere on the page, also inside an editor, and shows
// beside it what the glossary and the memory have. It never changes what it was called from: closing it gives the
// caret and the selection back.

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const KEY = MAC ? "⌘K" : "Ctrl+K";
const PAUSE = 250; // ms without a key before what is typed is looked up
const PATIENCE = 4000; // ms without an answer before the question is asked again
const TRIES = 4;
const AGAIN = 1500; // ms until a partial answer is asked for anew: the glossary is being read
const HIDDEN = "workbench.lookup.hidden"; // languages a person does not want beside what is found
const FIELDS = 'textarea, input:not([type]), input[type="text"], input[type="search"]';
const AROUND = 500; // characters of the segment around a selection that are kept as its example

function make(tag, className = "", text = null, attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== null) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function fill(sentence, values) {
  return String(sentence ?? "").replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** The closest element of a kind around a node, also outside the component it stands in. */
function around(node, selector) {
  let element = node instanceof Element ? node : node?.parentElement;
  if (!element && node?.parentNode instanceof ShadowRoot) element = node.parentNode.host;
  while (element) {
    const found = element.closest(selector);
    if (found) return found;
    element = element.getRootNode().host ?? null;
  }
  return null;
}

function shadows(root = document, found = []) {
  for (const element of root.querySelectorAll("*")) {
    if (!element.shadowRoot) continue;
    found.push(element.shadowRoot);
    shadows(element.shadowRoot, found);
  }
  return found;
}

/** What is selected: {words, node, range}; a field's own selection comes before the page's. */
function selected() {
  const field = focused();
  if (field?.matches?.(FIELDS)) {
    return { words: field.value.slice(field.selectionStart ?? 0, field.selectionEnd ?? 0), node: field };
  }
  const roots = shadows();
  for (const root of [...roots, document]) {
    const selection = root.getSelection?.();
    const words = selection ? String(selection).trim() : "";
    if (words && selection.rangeCount && root.contains(selection.anchorNode)) {
      return { words, node: selection.anchorNode, range: selection.getRangeAt(0).cloneRange(), selection };
    }
  }
  const [composed] = document.getSelection()?.getComposedRanges?.({ shadowRoots: roots }) ?? [];
  if (!composed || composed.collapsed) return { words: "", node: field };
  const range = document.createRange();
  range.setStart(composed.startContainer, composed.startOffset);
  range.setEnd(composed.endContainer, composed.endOffset);
  return { words: String(range).trim(), node: composed.startContainer, range, selection: document.getSelection() };
}

/** Where words stand: their language, the segment around them, and the page's address with the row. */
function contextOf(node) {
  const spoken = around(node, "[lang]");
  const language = spoken && spoken !== document.documentElement ? spoken.lang : "";
  const segment = around(node, ".chip, .said, textarea, .tx, .text, .found, .offered, p, dd, td, li, [lang]");
  let example = segment?.value ?? "";
  if (segment && segment.value === undefined && segment !== document.documentElement) {
    const copy = segment.cloneNode(true);
    copy.querySelectorAll("button, .flag, .sr, .no").forEach((part) => part.remove());
    example = copy.textContent;
  }
  const address = new URLSearchParams(location.search);
  const row = around(node, "[data-place], [data-key]");
  if (row?.dataset.place) address.set("row", String(Number(row.dataset.place) + 1));
  else if (row?.dataset.key) address.set("row", String([...row.parentElement.children].indexOf(row) + 1));
  const page = location.pathname.split("/").pop();
  const place = address.get("text") ? `${page}?${address}` : "";
  return { language, example: example.replace(/\s+/g, " ").trim().slice(0, AROUND), place };
}

class Lookup {
  constructor(root) {
    this.root = root;
    this.asks = 0;
    this.name = Math.random().toString(36).slice(2, 8);
    this.context = { language: "", example: "", place: "" };
    this.onKey = (event) => this.key(event);
    // Before anything else on the page: the editors keep their keys to themselves.
    addEventListener("keydown", this.onKey, true);
  }

  destroy() {
    removeEventListener("keydown", this.onKey, true);
    document.documentElement.removeAttribute("data-lookup");
    clearTimeout(this.timer);
    clearTimeout(this.pause);
  }

  receive(data, send, leave) {
    this.send = send;
    this.leave = leave;
    const drawn = JSON.stringify([data.words, data.languages, data.mayPropose]);
    if (drawn !== this.drawn) {
      this.words = data.words;
      this.languages = data.languages;
      this.mayPropose = data.mayPropose;
      this.drawn = drawn;
      this.draw();
    }
    if (data.answer) this.take(data.answer);
  }

  // Drawing -----------------------------------------------------------------------------------------------------------

  draw() {
    const { words } = this;
    const open = this.panel?.matches(":popover-open");
    const kept = { value: this.field?.value ?? "", html: this.body?.innerHTML ?? "" };
    this.opener = make("button", "opener", null, { type: "button", title: fill(words.open, { key: KEY }), "aria-expanded": "false" });
    this.opener.append(lens(), make("span", "", words.title), make("kbd", "", KEY, { "aria-hidden": "true" }));
    this.opener.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the page's selection
    this.opener.addEventListener("click", () => this.summon());
    this.panel = make("aside", "panel", null, { popover: "manual", "aria-label": words.title });
    const head = make("div", "head");
    const close = make("button", "close", "×", { type: "button", title: words.close, "aria-label": words.close });
    close.addEventListener("click", () => this.close());
    head.append(make("h2", "", words.title), close);
    const form = make("form", "ask", null, { role: "search" });
    this.field = make("input", "field", null, {
      type: "search", "aria-label": words.field, placeholder: words.field, autocomplete: "off", spellcheck: "false",
    });
    this.field.value = kept.value;
    this.field.addEventListener("input", () => {
      this.context = { language: "", example: "", place: "" };
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.ask(), PAUSE);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
    this.where = make("select", "where", null, { "aria-label": words.foundIn, title: words.foundIn });
    this.where.append(new Option(words.any, ""), ...this.languages.map((code) => new Option(words.languages[code], code)));
    this.where.addEventListener("change", () => this.ask());
    form.append(this.field, this.where);
    this.hidden = new Set(this.stored());
    const show = make("div", "show", null, { role: "group", "aria-label": words.show });
    for (const code of this.languages) {
      const toggle = make("button", "toggle", code, { type: "button", title: `${words.show} · ${words.languages[code]}` });
      toggle.setAttribute("aria-label", words.languages[code]);
      toggle.addEventListener("click", () => this.toggle(code, toggle));
      toggle.setAttribute("aria-pressed", String(!this.hidden.has(code)));
      show.append(toggle);
    }
    this.proposeButton = make("button", "propose", words.propose, { type: "button", "aria-expanded": "false" });
    this.proposeButton.addEventListener("click", () => (this.proposal.hidden ? this.openProposal() : this.closeProposal()));
    if (this.mayPropose) show.append(this.proposeButton);
    this.proposal = make("form", "proposal", null, { "aria-label": words.proposeTitle });
    this.proposal.hidden = true;
    this.proposal.addEventListener("submit", (event) => {
      event.preventDefault();
      this.propose();
    });
    this.status = make("p", "status", "", { role: "status" });
    this.body = make("div", "body", null, { tabindex: "-1" });
    if (kept.html) this.body.innerHTML = kept.html; // drawn by the server before
    else this.body.append(make("p", "quiet", fill(words.hint, { key: KEY })));
    this.body.addEventListener("click", (event) => this.click(event));
    this.panel.append(head, form, show, this.proposal, this.status, this.body);
    this.panel.addEventListener("keydown", (event) => event.stopPropagation()); // the app's one-letter keys
    this.root.querySelectorAll(".opener, .panel").forEach((part) => part.remove());
    this.root.append(this.opener, this.panel);
    this.hide();
    if (open) this.show();
  }

  stored() {
    try {
      return JSON.parse(localStorage.getItem(HIDDEN) ?? "[]");
    } catch {
      return [];
    }
  }

  toggle(code, button) {
    if (this.hidden.has(code)) this.hidden.delete(code);
    else this.hidden.add(code);
    button.setAttribute("aria-pressed", String(!this.hidden.has(code)));
    this.hide();
    try {
      localStorage.setItem(HIDDEN, JSON.stringify([...this.hidden]));
    } catch {
      // a browser without storage: the choice lasts as long as the page
    }
  }

  hide() {
    this.panel.dataset.hide = [...this.hidden].join(" ");
  }

  // Opening and closing -----------------------------------------------------------------------------------------------

  get open() {
    return this.panel.matches(":popover-open");
  }

  key(event) {
    if (event.isComposing || !this.panel) return;
    const control = MAC ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
    if (control && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.summon();
    } else if (event.key === "Escape" && this.open && event.composedPath().includes(this.panel)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (this.proposal.hidden) this.close();
      else this.closeProposal();
    }
  }

  summon() {
    const inside = this.panel.contains(focused());
    const found = selected();
    if (!inside) this.back = { element: focused(), ...found };
    if (!this.open) this.show();
    const words = found.words.replace(/⟨\/?\d{1,4}\/?⟩/g, "").replace(/\s+/g, " ").trim();
    if (words && found.node !== this.field) {
      this.context = contextOf(found.node);
      this.field.value = words;
      this.ask();
    }
    this.field.focus({ preventScroll: true });
    this.field.select();
  }

  show() {
    this.panel.showPopover();
    this.opener.setAttribute("aria-expanded", "true");
    document.documentElement.setAttribute("data-lookup", "");
  }

  close() {
    const { back } = this;
    this.panel.hidePopover();
    this.opener.setAttribute("aria-expanded", "false");
    document.documentElement.removeAttribute("data-lookup");
    this.back = null;
    if (!back?.element?.isConnected || back.element === document.body) {
      focused()?.blur?.();
    } else {
      back.element.focus({ preventScroll: true });
    }
    if (back?.range && !back.element?.matches?.(FIELDS) && back.range.startContainer.isConnected) {
      back.selection.removeAllRanges();
      back.selection.addRange(back.range);
    }
  }

  // Proposing a term --------------------------------------------------------------------------------------------------

  openProposal() {
    const { words, context } = this;
    const spoken = context.language;
    const codes = !spoken || this.languages.includes(spoken) ? this.languages : [spoken, ...this.languages];
    const term = make("input", "", null, { type: "text", maxlength: "300", required: "", autocomplete: "off" });
    term.value = this.field.value.replace(/["*]/g, "").trim();
    const language = make("select", "", null, { required: "" });
    language.append(new Option(words.choose, ""), ...codes.map((code) => new Option(words.languages[code] ?? code, code)));
    language.value = spoken;
    const concept = make("select");
    concept.append(new Option(words.newConcept, ""));
    for (const found of this.body.querySelectorAll("[data-concept]")) {
      concept.append(new Option(found.querySelector("summary").textContent, found.dataset.concept));
    }
    const note = make("input", "", null, { type: "text", maxlength: "1000", autocomplete: "off" });
    this.terms = { term, language, concept, note };
    const line = (label, field) => {
      const whole = make("label");
      whole.append(make("span", "", label), field);
      return whole;
    };
    const buttons = make("div", "buttons");
    const cancel = make("button", "", words.cancel, { type: "button" });
    cancel.addEventListener("click", () => this.closeProposal());
    buttons.append(make("button", "primary", words.send, { type: "submit" }), cancel);
    this.proposal.replaceChildren(
      make("h3", "", words.proposeTitle), line(words.term, term), line(words.language, language),
      line(words.concept, concept), line(words.note, note),
    );
    if (context.example) this.proposal.append(make("p", "example", fill(words.example, { text: context.example })));
    this.proposal.append(buttons);
    this.proposal.hidden = false;
    this.proposeButton.setAttribute("aria-expanded", "true");
    (term.value && !spoken ? language : term).focus();
  }

  closeProposal() {
    this.proposal.hidden = true;
    this.proposeButton.setAttribute("aria-expanded", "false");
    this.field.focus({ preventScroll: true });
  }

  propose() {
    const { term, language, concept, note } = this.terms;
    const { example, place } = this.context;
    this.post({
      op: "propose", words: term.value.trim(), language: language.value, concept: concept.value, note: note.value, example, place,
    });
  }

  // Asking and answering ----------------------------------------------------------------------------------------------

  ask(again = false) {
    clearTimeout(this.pause);
    const words = this.field.value.trim();
    if (!words) return;
    this.post({ op: "look", words, language: this.where.value, spoken: this.context.language, again });
    if (!again) this.status.textContent = this.words.looking;
  }

  post(question, tries = TRIES) {
    const asked = tries === TRIES ? { ...question, id: `${this.name}-${++this.asks}` } : question;
    this.asked = asked;
    this.send("ask", { ...asked, tries });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.status.textContent = this.words.late;
      if (tries > 1) this.post(asked, tries - 1);
    }, PATIENCE);
  }

  take(answer) {
    if (answer.id !== this.asked?.id || answer.id === this.taken) return;
    this.taken = answer.id;
    clearTimeout(this.timer);
    this.status.classList.toggle("bad", !!answer.error);
    if (answer.error) {
      this.status.textContent = answer.error;
      return;
    }
    if (answer.op === "propose") {
      this.closeProposal();
      this.status.textContent = answer.said;
      return;
    }
    const again = this.asked.again;
    if (again && answer.partial) {
      this.pause = setTimeout(() => this.ask(true), AGAIN); // nothing new yet
      return;
    }
    const opened = new Set([...this.body.querySelectorAll("details[open]")].map((part) => part.dataset.concept));
    this.body.innerHTML = answer.html; // everything from texts is escaped in it
    if (again) this.body.querySelectorAll("details").forEach((part) => (part.open ||= opened.has(part.dataset.concept)));
    if (!again) this.body.scrollTop = 0;
    const concepts = this.body.querySelectorAll("[data-concept]").length;
    const units = this.body.querySelectorAll(".hits > li").length;
    this.status.textContent = fill(this.words.found, { concepts, units });
    if (answer.partial) this.pause = setTimeout(() => this.ask(true), AGAIN);
  }

  click(event) {
    const copy = event.target.closest("[data-copy]");
    if (copy) {
      this.copy(copy.dataset.copy);
      return;
    }
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-page]");
    if (!link) return;
    event.preventDefault();
    const { page, params } = link.dataset;
    this.leave(page, "ask", { op: "go", page, params: JSON.parse(params || "{}"), id: `${this.name}-${++this.asks}` });
  }

  async copy(text) {
    const { copied, notCopied } = this.words;
    const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    this.status.textContent = (await copyText(text, this.panel)) ? fill(copied, { text: shown }) : notCopied;
  }
}

function lens() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M7 2.2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 0 0 0-9.6zM10.6 10.6L14 14");
  svg.append(path);
  return svg;
}

export default function ({ parentElement, data, setTriggerValue }) {
  let root = parentElement.querySelector(".lookup");
  if (!root) {
    root = make("div", "lookup");
    parentElement.appendChild(root);
  }
  root.wbLookup ??= new Lookup(root);
  const lookup = root.wbLookup;
  lookup.receive(
    data,
    (name, value) => inTurn(() => setTriggerValue(name, value)),
    (page, name, value) => leaveFor(page, () => setTriggerValue(name, value)),
  );
  // Streamlit also calls this for a drawing that a quicker one has overtaken: only a panel that left the page ends.
  return () => {
    setTimeout(() => {
      if (root.isConnected || root.wbLookup !== lookup) return;
      lookup.destroy();
      root.wbLookup = null;
    }, 0);
  };
}
