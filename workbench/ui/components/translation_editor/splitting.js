// Rows that were cut wrongly: split one in all its languages, join one with the next, take the last step back.

/** The places between two words where a text can be cut, outside pairs of codes where that is possible. */
function gapsOf(text) {
  const all = [...text.matchAll(/ /g)].map((match) => match.index);
  const outside = all.filter((at) => {
    const before = text.slice(0, at);
    return (before.match(/⟨\d+⟩/g) ?? []).length === (before.match(/⟨\/\d+⟩/g) ?? []).length;
  });
  return outside.length ? outside : all;
}

const ENDS_SENTENCE = /[.!?…:;»”)](?:⟨\/\d+⟩)?$/u;

/** Return which gap lies nearest to a share of the text; one after a sentence or clause is preferred if the other is. */
function proposeGap(text, gaps, share, afterEnd) {
  let best = -1;
  let least = Infinity;
  gaps.forEach((at, n) => {
    const distance = Math.abs(at / text.length - share) + (afterEnd && !ENDS_SENTENCE.test(text.slice(0, at)) ? 0.25 : 0);
    if (distance < least) [best, least] = [n, distance];
  });
  return best;
}

/** The card in which a person chooses where each language of a row is cut. */
class Splitter {
  constructor(desk, panel) {
    this.desk = desk;
    this.panel = panel;
    const { words, data } = desk;
    const row = panel.row;
    const typed = panel.value.trim();
    this.lines = [this.line(data.source, words.sourceName, row.s)];
    this.fromDraft = typed !== "" && typed !== row.t;
    if (typed) this.lines.push(this.line(data.target, words.targetName, typed));
    for (const [language, name, text] of panel.assist?.refs ?? []) this.lines.push(this.line(language, name, text));
    const source = this.lines[0];
    source.at = proposeGap(source.text, source.gaps, 0.5, true);
    this.element = make("div", "splitter", null, { role: "group", "aria-label": words.splitTitle });
    this.element.append(make("p", "title", words.splitTitle), make("p", "quiet", words.splitHelp));
    this.lines.forEach((line) => this.element.append(line.element));
    const foot = make("div", "foot");
    foot.append(
      panel.button(words.splitDo, "primary", () => this.done(), ""),
      panel.button(words.splitLeave, "", () => desk.endSplit(), ""),
    );
    this.element.append(foot);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.follow();
    this.draw();
  }

  line(language, name, text) {
    const line = { language, text, gaps: gapsOf(text), at: -1, own: false };
    line.element = make("div", "cut-line");
    line.slider = make("div", "cut", null, { role: "slider", tabindex: "0", lang: language, "aria-label": name });
    line.element.append(make("span", "cut-name", name), line.slider);
    line.slider.addEventListener("click", (event) => {
      const word = event.target.closest("[data-gap]");
      if (word) this.move(line, Number(word.dataset.gap));
    });
    return line;
  }

  /** Let the lines nobody has touched follow the source's cut. */
  follow() {
    const [source] = this.lines;
    if (source.at < 0) return;
    const cut = source.gaps[source.at];
    for (const line of this.lines.slice(1)) {
      if (!line.own) line.at = proposeGap(line.text, line.gaps, cut / source.text.length, ENDS_SENTENCE.test(source.text.slice(0, cut)));
    }
  }

  move(line, at) {
    line.at = Math.max(0, Math.min(line.gaps.length - 1, at));
    line.own = true;
    this.follow();
    this.draw();
  }

  draw() {
    for (const line of this.lines) {
      const pieces = [];
      let start = 0;
      [...line.gaps, line.text.length].forEach((end, n) => {
        const word = make("span", n <= line.at ? "first" : "second", null, { "data-gap": String(n ? n - 1 : 0) });
        pieces.push(appendText(word, line.text.slice(start, end)), n === line.at ? make("span", "knife", " ✂ ", { "aria-hidden": "true" }) : " ");
        start = end + 1;
      });
      line.slider.replaceChildren(...pieces.slice(0, -1));
      const [before, after] = this.parts(line);
      for (const [name, value] of [["min", 0], ["max", Math.max(0, line.gaps.length - 1)], ["now", Math.max(0, line.at)]]) {
        line.slider.setAttribute(`aria-value${name}`, value);
      }
      line.slider.setAttribute("aria-valuetext", `${before} | ${after}`);
    }
  }

  parts(line) {
    if (line.at < 0) return [line.text, ""];
    const cut = line.gaps[line.at];
    return [line.text.slice(0, cut), line.text.slice(cut + 1)];
  }

  key(event) {
    const line = this.lines.find((l) => l.slider === event.target);
    const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };
    if (event.key === "Escape") this.desk.endSplit();
    else if (event.key === "Enter" && (line || event.ctrlKey)) this.done();
    else if (line && event.key in steps) this.move(line, line.at + steps[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  done() {
    const [source, target] = this.lines;
    if (source.at < 0) return this.desk.say(this.desk.words.noCut);
    const { row } = this.panel;
    const parts = {};
    for (const line of this.lines) if (line.language !== this.desk.data.target) parts[line.language] = this.parts(line);
    let draft = null;
    if (target?.language === this.desk.data.target) {
      if (this.fromDraft) draft = this.parts(target);
      else parts[target.language] = this.parts(target);
      if (this.fromDraft && row.t) {
        const stored = this.line(target.language, "", row.t);
        stored.at = proposeGap(row.t, stored.gaps, source.gaps[source.at] / source.text.length, true);
        parts[target.language] = this.parts(stored);
      }
    }
    this.desk.endSplit();
    return this.desk.reshape({ op: "split", key: row.k, parts, draft });
  }
}

Object.assign(Desk.prototype, {
  split() {
    if (!this.panel || this.reshaping) return;
    if (this.splitter) return void this.endSplit();
    if (!gapsOf(this.panel.row.s).length) return void this.say(this.words.noCut);
    this.panel.store();
    this.splitter = new Splitter(this, this.panel);
    this.panel.aid.before(this.splitter.element);
    this.panel.tools.split.setAttribute("aria-expanded", "true");
    this.splitter.lines[0].slider.focus({ preventScroll: true });
    this.splitter.element.scrollIntoView({ block: "nearest" });
  },

  endSplit() {
    this.splitter?.element.remove();
    this.splitter = null;
    this.panel?.tools.split.setAttribute("aria-expanded", "false");
    this.panel?.field.focus({ preventScroll: true });
  },

  /** Only segments of one paragraph are joined. */
  joinable(row) {
    return this.rows.get(this.order[row.p + 1])?.b === row.b;
  },

  join() {
    if (!this.panel || this.reshaping) return;
    const { row } = this.panel;
    this.reshape({ op: "join", key: row.k, next: this.order[row.p + 1] ?? 0 });
  },

  undoStep() {
    const { undo } = this.data;
    if (undo && !this.reshaping) this.reshape({ op: "undo", key: this.active ?? 0, step: undo.id });
  },

  /** Take back what a confirmation put into identical rows, in all of them that nobody has confirmed since. */
  undoRepeats(row) {
    if (row.rp?.[0] && !this.reshaping) this.reshape({ op: "undo", key: row.k, step: row.rp[0] });
  },

  repeatWords(row) {
    return fill(this.words.repeats, { by: row.rp[1] || this.words.somebody });
  },

  /** Send what changes the rows themselves; until it is answered nobody types into one that may no longer be. */
  reshape(operation) {
    this.panel?.store();
    if (this.panel) this.panel.field.readOnly = true;
    this.reshaping = this.outbox.add(operation);
    this.reshapedAt = Date.now();
  },

  /** The rows were changed: what was typed is with the server, so its drafts count from now on. */
  reshaped(result) {
    if (this.reshaping !== result.n) return;
    this.reshaping = null;
    this.reshapedAt = Date.now();
    if (this.panel) this.panel.field.readOnly = false;
    if (result.kind !== "done") return;
    const waiting = new Set(this.outbox.waiting.filter((o) => o.n > result.n).map((o) => o.key));
    for (const key of [...this.texts.keys()]) {
      if (waiting.has(key)) continue;
      this.texts.delete(key);
      this.bases.delete(key);
      this.outbox.forget(key);
    }
  },
});
