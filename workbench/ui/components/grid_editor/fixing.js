// Correcting a segment where it stands: its text, or a bad cut between sentences.

Object.assign(GridEditor.prototype, {
  /** Open the chosen segment for a correction, in place. */
  fix() {
    if (this.mayOnlyRead()) return;
    this.fixing?.(); // one at a time: what is being typed elsewhere is kept first
    const { place, column, index } = this.active;
    const number = this.rows[place]?.c[column][index];
    const chip = this.parts.rows.querySelector(`#cell-${place}-${column} .chip[data-index="${index}"]`);
    if (number == null || !chip || chip.classList.contains("fixing")) return;
    const { words } = this;
    const segment = this.segments.get(number);
    const area = make("textarea");
    area.value = segment.text;
    area.rows = 1;
    area.setAttribute("aria-label", words.fixLabel);
    const save = make("button", "button primary", words.save);
    const cut = make("button", "button", words.cutHere);
    const leave = make("button", "button quiet", words.cancel);
    const buttons = make("div", "fix-buttons");
    buttons.append(save, cut, leave);
    buttons.querySelectorAll("button").forEach((button) => (button.type = "button"));
    chip.classList.add("fixing");
    chip.draggable = false;
    chip.replaceChildren(area, buttons);
    const end = () => {
      this.fixing = null;
      this.view.forget();
      const { later } = this;
      this.later = null;
      if (later) this.take(later, this.send);
      this.draw();
      this.parts.grid.focus();
    };
    const fit = () => {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
      this.scroller.refresh();
    };
    const language = this.languages[column];
    const keep = () => {
      const text = area.value.replace(/\s+/gu, " ").trim();
      if (text && text !== segment.text) {
        const seen = segment.revision;
        // The store counts this edit as one revision: a cut right after it names the one it will find there.
        this.segments.set(number, { ...segment, text, before: segment.before ?? segment.text, revision: seen + 1 });
        this.forgetSegment(number);
        this.enqueue({ op: "fix", language, segment: number, text, seen, old: segment });
      }
      end();
    };
    const cutHere = () => {
      const at = area.selectionStart;
      const before = area.value.slice(0, at).trim();
      const after = area.value.slice(at).trim();
      if (!before || !after) return this.say(words.refused.noCut, "info");
      this.enqueue({ op: "cut", language, segment: number, before, after, seen: segment.revision });
      return end();
    };
    this.fixing = keep; // whatever else one does, what was typed is kept first
    area.addEventListener("input", fit);
    area.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") end();
      else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) cutHere();
      else if (event.key === "Enter") keep();
      else return;
      event.preventDefault();
    });
    save.addEventListener("click", keep);
    cut.addEventListener("click", cutHere);
    leave.addEventListener("click", end);
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
    fit();
  },

  /** Whether the segments say what steps made of them: a correction leaves the rows as they were. */
  wordsStored(steps) {
    return steps.every((step) => step.op !== "cut" && (step.op !== "fix" || this.segments.get(step.segment)?.text === step.text));
  },

  forgetSegment() {
    this.view.forget();
    this.scroller.heights.clear();
  },
});
