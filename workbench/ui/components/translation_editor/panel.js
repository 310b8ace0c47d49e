// The open row: source with its terms, the field, what the checks find, suggestions.

const PAUSE = 400; // ms without a key before a draft is stored
const MOST_WAIT = 2000; // ms after which it is stored although the person types on

class Panel {
  constructor(desk, row, article) {
    this.desk = desk;
    this.row = row;
    this.article = article;
    this.words = desk.words;
    this.usedTerms = 0;
    this.drawn = "";
    const source = article.querySelector(".source");
    const target = article.querySelector(".target");
    this.text = make("p", "text");
    this.changed = make("div", "changed");
    this.terms = make("ul", "terms", null, { "aria-label": this.words.terms });
    this.references = make("dl", "references");
    this.changed.hidden = true;
    const tools = make("div", "tools");
    this.tools = {
      split: this.button(this.words.split, "plain", () => desk.split(), this.words.splitTip),
      join: this.button(this.words.join, "plain", () => desk.join(), this.words.joinTip),
    };
    this.tools.split.setAttribute("aria-expanded", "false");
    this.tools.join.hidden = !desk.joinable(row);
    tools.append(this.tools.split, this.tools.join);
    source.replaceChildren(this.text, this.changed, this.terms, this.references, tools);
    this.field = make("textarea", "field", null, {
      lang: desk.data.target, spellcheck: "true", rows: "1", autocomplete: "off", autocapitalize: "sentences",
      "aria-label": fill(this.words.field, { n: row.p + 1, language: this.words.targetName }),
      "aria-describedby": "wb-source wb-findings", placeholder: this.words.placeholder,
    });
    this.text.id = "wb-source";
    this.field.value = desk.typed(row) ?? row.t;
    if (desk.typed(row) !== null) desk.begun(row);
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("blur", () => this.store());
    this.codes = make("div", "codes", null, { role: "group", "aria-label": this.words.codes });
    this.findings = make("ul", "findings", null, { "aria-live": "polite", "aria-label": this.words.findings });
    this.findings.id = "wb-findings";
    this.conflict = make("div", "conflict", null, { role: "alert" });
    this.others = make("div", "others");
    this.repeated = make("p", "repeated", "", { hidden: true });
    this.foot = make("div", "foot");
    this.confirm = this.button(this.words.confirm, "primary", () => desk.confirm(), this.words.confirmTip);
    this.confirm.append(make("kbd", "", this.words.confirmKey));
    this.copy = this.button(this.words.copySource, "", () => typeInto(this.field, this.row.s, { all: true }), this.words.copyTip);
    this.omit = this.button("", "", () => desk.leaveOut());
    this.revert = this.button(this.words.revert, "", () => this.revertTyped(), this.words.revertTip);
    this.who = make("span", "who");
    this.foot.append(this.confirm, this.copy, this.omit, this.revert, this.who);
    this.notes = new Notes(this);
    target.replaceChildren(this.field, this.codes, this.findings, this.conflict, this.others, this.repeated, this.foot, this.notes.element);
    this.aid = make("div", "aid");
    this.suggestions = make("ol", "suggestions", null, { "aria-label": this.words.suggestions });
    this.waiting = make("p", "waiting", this.words.looking);
    this.aid.append(this.suggestions, this.waiting);
    article.append(this.aid);
    article.classList.add("active");
    article.setAttribute("aria-current", "true");
    this.refresh();
    this.help(desk.assist.get(row.k));
    this.grow();
  }

  button(label, className, what, tip = "") {
    const button = make("button", `do ${className}`, label, { type: "button", title: tip || null });
    button.addEventListener("click", what);
    return button;
  }

  /** Close: the field's text is stored, the row is drawn closed again by the desk. */
  close() {
    this.store();
    clearTimeout(this.timer);
    this.aid.remove();
    this.article.classList.remove("active");
    this.article.removeAttribute("aria-current");
  }

  get value() {
    return this.field.value;
  }

  typed() {
    this.grow();
    this.row = this.desk.rows.get(this.row.k) ?? this.row;
    this.desk.begun(this.row);
    this.desk.texts.set(this.row.k, this.value);
    this.desk.outbox.keep(this.row.k, this.value, this.desk.base(this.row));
    this.since ??= Date.now();
    clearTimeout(this.timer);
    const wait = Math.max(0, Math.min(PAUSE, MOST_WAIT - (Date.now() - this.since)));
    this.timer = setTimeout(() => this.store(), wait);
    this.desk.outbox.tell();
    this.desk.preview.refresh(this.row.k);
    this.refreshButtons();
  }

  /** Send what is typed, if it was not sent yet. */
  store() {
    clearTimeout(this.timer);
    if (this.since === undefined && !this.wanting) return;
    this.since = undefined;
    this.wanting = false;
    this.desk.storeDraft(this.row.k, this.value);
  }

  revertTyped() {
    typeInto(this.field, this.row.t, { all: true });
    this.typed();
    this.store();
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  /** The row changed in the store: show it, but never touch what is being typed. */
  refresh() {
    const { row, words } = this;
    this.noteChange();
    if (this.desk.typed(row) === null && this.field.value !== row.t) {
      this.field.value = row.t;
      this.grow();
    }
    this.who.textContent = row.by ? fill(words.lastChange, { by: row.by, at: moment(row.at, words.locale) }) : "";
    this.others.replaceChildren(
      ...(row.o ?? []).map(([by, text]) => {
        const line = make("p", "other");
        line.append(make("b", "", fill(words.othersDraft, { by })), " ");
        const said = make("span", "", null, { lang: this.desk.data.target });
        line.append(appendText(said, text), " ");
        const take = this.button(words.take, "small", () => typeInto(this.field, text, { all: true }));
        line.append(take);
        return line;
      }),
    );
    this.drawConflict(this.desk.overtaken(row) ?? this.desk.conflicts.get(row.k));
    this.drawRepeated();
    this.notes.refresh();
    this.refreshButtons();
  }

  /** Somebody else's translation has come in under the eyes of whoever has the row open. */
  noteChange() {
    const { row, desk } = this;
    const before = this.token;
    this.token = row.tok;
    if (before === undefined || before === row.tok || row.rp?.[0] || desk.reshapedJustNow()) return;
    this.unseen = { token: this.unseen?.token ?? before, at: Date.now() };
    if (desk.typed(row) === null) desk.say(fill(this.words.justChanged, { by: row.by || this.words.somebody }));
  }

  /** Say that the row was filled from an identical one, and let all that were filled with it be emptied again. */
  drawRepeated() {
    const { row, words } = this;
    const stamp = JSON.stringify(row.rp ?? null);
    if (this.repeated.dataset.stamp === stamp) return;
    this.repeated.dataset.stamp = stamp;
    this.repeated.hidden = !row.rp;
    if (!row.rp) return;
    const [step, , count] = row.rp;
    this.repeated.replaceChildren(make("span", "same", "⧉", { "aria-hidden": "true" }), make("span", "", this.desk.repeatWords(row)));
    if (!step) return;
    const label = count > 1 ? fill(words.repeatsUndo, { n: numeral(count, words.locale) }) : words.repeatUndo;
    this.repeated.append(this.button(label, "small", () => this.desk.undoRepeats(row), words.repeatsUndoTip));
  }

  refreshButtons() {
    const { row, words } = this;
    const text = this.value.trim();
    this.confirm.disabled = !text;
    const leftOut = row.st === "left out";
    this.omit.textContent = leftOut ? words.leaveIn : words.leaveOut;
    this.omit.title = leftOut ? words.leaveInTip : words.leaveOutTip;
    this.omit.hidden = Boolean(row.t) || Boolean(text);
    this.revert.hidden = !row.t || this.value === row.t;
    this.copy.hidden = Boolean(text);
    this.field.classList.toggle("changed-text", this.value !== row.t);
    for (const code of this.codes.querySelectorAll("button")) code.classList.toggle("used", this.value.includes(code.textContent));
  }

  drawConflict(conflict) {
    const stamp = conflict ? JSON.stringify([conflict.message, conflict.theirs]) : "";
    if (stamp === this.conflict.dataset.stamp) return; // drawn anew it would be read out again, and swallow a click
    this.conflict.dataset.stamp = stamp;
    this.conflict.replaceChildren();
    if (!conflict) return;
    const { words } = this;
    this.conflict.append(make("p", "", conflict.message));
    if (conflict.theirs !== undefined) {
      const theirs = make("blockquote", "", null, { lang: this.desk.data.target });
      appendText(theirs, conflict.theirs || words.nothing);
      this.conflict.append(
        theirs,
        make("p", "quiet", words.keptYours),
        this.button(words.keepMine, "primary small", () => this.desk.confirm({ over: true })),
        this.button(words.takeTheirs, "small", () => this.desk.takeTheirs()),
      );
    }
  }

  // What the server knows of the row --------------------------------------------------------------------------

  help(assist) {
    const { words, row } = this;
    this.aid.classList.toggle("empty", !assist);
    if (!assist) {
      this.text.replaceChildren();
      appendText(this.text, row.s);
      this.waiting.hidden = false;
      this.waiting.textContent = words.looking;
      this.suggestions.replaceChildren();
      return;
    }
    this.waiting.hidden = Boolean(assist.sugg.length) && !assist.more;
    this.waiting.textContent = assist.more ? words.lookingMore : words.noSuggestions;
    if (this.drawn === assist.stamp) {
      this.drawFindings();
      return;
    }
    this.drawn = assist.stamp;
    this.assist = assist;
    this.drawSource(assist);
    this.suggestions.replaceChildren(...assist.sugg.slice(0, 9).map((s, n) => this.drawSuggestion(s, n)));
    this.drawFindings();
    if (this.desk.panel === this) this.desk.reveal();
  }

  drawSource(assist) {
    const { words } = this;
    this.text.replaceChildren();
    for (const [text, term] of assist.src) {
      if (term === null) {
        appendText(this.text, text);
        continue;
      }
      const mark = make("button", "mark", null, { type: "button", tabindex: "-1", "data-term": term });
      appendText(mark, text);
      mark.addEventListener("click", () => this.insertTerm(term));
      this.text.append(mark);
      this.hoverTerm(mark, term);
    }
    this.changed.replaceChildren();
    this.changed.hidden = !assist.diff;
    if (assist.diff) {
      this.changed.append(make("b", "", words.changedSince));
      this.changed.append(appendPieces(make("span", "diff", null, { lang: this.desk.data.source }), assist.diff, words));
    }
    this.terms.replaceChildren(...assist.terms.map((term, n) => this.drawTerm(term, n)));
    this.terms.hidden = !assist.terms.length;
    this.codes.replaceChildren();
    this.codes.hidden = !assist.codes.length;
    for (const code of assist.codes) {
      const button = this.button(code, "small code", () => typeInto(this.field, code), words.codeTip);
      this.codes.append(button);
    }
    this.references.replaceChildren();
    for (const [language, name, text] of assist.refs) {
      this.references.append(make("dt", "", language, { title: name }), appendText(make("dd", "", null, { lang: language }), text));
    }
    if (!assist.refs.length) this.references.append(make("dd", "quiet", words.noReferences));
    this.refreshButtons();
  }

  drawTerm(term, n) {
    const { words } = this;
    const item = make("li", `term status-${term.best ? "known" : "none"}`);
    const button = make("button", "insert", null, {
      type: "button", "data-term": n, title: n < 9 ? fill(words.termTip, { n: n + 1 }) : null, disabled: !term.best,
    });
    button.append(make("span", "from", term.source, { lang: this.desk.data.source }), make("span", "arrow", "→", { "aria-hidden": "true" }));
    button.append(make("span", "to", term.best || words.noTerm, { lang: term.best ? this.desk.data.target : null }));
    button.addEventListener("click", () => this.insertTerm(n));
    item.append(button);
    this.hoverTerm(button, n);
    return item;
  }

  hoverTerm(element, n) {
    const show = () => this.desk.showCard(element, () => this.termCard(this.assist.terms[n]));
    element.addEventListener("mouseenter", show);
    element.addEventListener("focus", show);
    element.addEventListener("mouseleave", () => this.desk.hideCard());
    element.addEventListener("blur", () => this.desk.hideCard());
  }

  termCard(term) {
    const { words } = this;
    const card = make("div", "card");
    card.append(make("p", "head", term.source, { lang: this.desk.data.source }));
    if (term.sourceStatus) card.append(make("p", "status", words.statuses[term.sourceStatus] ?? term.sourceStatus));
    const list = make("ul");
    for (const [text, status, note] of term.targets) {
      const item = make("li", `status-${status}`);
      item.append(make("span", "word", text, { lang: this.desk.data.target }), make("span", "status", words.statuses[status] ?? status));
      if (note) item.append(make("span", "quiet", note));
      list.append(item);
    }
    card.append(list);
    if (term.definition) card.append(make("p", "definition", term.definition, { lang: term.definitionLanguage }));
    if (term.note) card.append(make("p", "quiet", term.note));
    return card;
  }

  insertTerm(n) {
    const term = this.assist?.terms[n];
    if (term?.best) typeWord(this.field, term.best);
  }

  /** Insert the terms one after the other, each time the key is pressed. */
  nextTerm() {
    const known = (this.assist?.terms ?? []).map((t, n) => (t.best ? n : -1)).filter((n) => n >= 0);
    if (!known.length) return;
    const lower = this.value.toLocaleLowerCase();
    const lacking = known.filter((n) => !lower.includes(this.assist.terms[n].best.toLocaleLowerCase()));
    const pool = lacking.length ? lacking : known;
    this.insertTerm(pool[lacking.length ? 0 : this.usedTerms++ % pool.length]);
  }

  drawSuggestion(suggestion, n) {
    const { words } = this;
    const item = make("li", `suggestion kind-${suggestion.kind}${suggestion.rev ? "" : " unreviewed"}`, null, { title: suggestion.sig });
    const insert = make("button", "take", null, {
      type: "button", title: fill(words.insertTip, { n: n + 1 }),
      "aria-label": fill(words.insertLabel, { n: n + 1, score: suggestion.score, kind: words.kinds[suggestion.kind] }),
    });
    insert.append(make("kbd", "", String(n + 1)), make("span", "score", suggestion.label));
    insert.addEventListener("click", () => this.insertSuggestion(n));
    const found = make("div", "found", null, { lang: suggestion.foundLanguage });
    appendPieces(found, suggestion.found, words);
    const offered = make("div", "offered", null, { lang: this.desk.data.target });
    for (const [text, changed] of suggestion.target) {
      if (changed) offered.append(appendText(make("mark", "adapted", null, { title: changed }), text));
      else appendText(offered, text);
    }
    offered.addEventListener("dblclick", () => this.insertSuggestion(n));
    const origin = make("p", "origin");
    origin.append(make("span", "kind", words.kinds[suggestion.kind] ?? suggestion.kind));
    origin.append(make("span", suggestion.rev ? "reviewed" : "not-reviewed", suggestion.rev ? words.reviewed : words.unreviewed));
    for (const part of suggestion.from) origin.append(make("span", "", part));
    item.append(insert, found, offered, origin);
    return item;
  }

  insertSuggestion(n) {
    const suggestion = this.assist?.sugg[n];
    if (!suggestion) return;
    typeInto(this.field, suggestion.target.map(([text]) => text).join(""), { all: true });
    this.desk.used(this.row.k, suggestion);
  }

  // Checks ------------------------------------------------------------------------------------------------------

  drawFindings() {
    const { words } = this;
    const found = this.desk.findings.get(this.row.k);
    const current = found && found.text === this.value ? found.list : found ? found.list.filter((f) => !f.fix) : [];
    this.findings.hidden = !current.length;
    this.findings.replaceChildren(
      ...current.map((finding) => {
        const item = make("li", `finding ${finding.severity}`);
        item.append(
          make("span", "sign", finding.severity === "error" ? "●" : "▲", { title: words.severities[finding.severity], "aria-label": words.severities[finding.severity], role: "img" }),
          make("span", "message", finding.message),
        );
        if (finding.fix) item.append(this.button(finding.fix.label, "small", () => this.applyFix(found.text, finding.fix), words.fixTip));
        return item;
      }),
    );
  }

  /** Apply a finding's fix to the text it was found in. */
  applyFix(text, fix) {
    if (this.value !== text) return;
    typeInto(this.field, text.slice(0, fix.start) + fix.text + text.slice(fix.end), { all: true });
    const caret = fix.start + fix.text.length;
    this.field.setSelectionRange(caret, caret);
    this.store();
  }

  firstFix() {
    const found = this.desk.findings.get(this.row.k);
    const finding = found?.text === this.value ? found.list.find((f) => f.fix) : undefined;
    if (finding) this.applyFix(found.text, finding.fix);
  }
}
