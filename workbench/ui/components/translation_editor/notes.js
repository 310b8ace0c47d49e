// What people remarked about the open segment, and what its translation said before.

class Notes {
  constructor(panel) {
    this.panel = panel;
    this.desk = panel.desk;
    this.words = panel.words;
    this.tools = make("div", "tools");
    this.commentButton = panel.button(this.words.comment, "plain", () => this.toggleComment(), this.words.commentTip);
    this.historyButton = panel.button(this.words.history, "plain", () => this.toggleHistory(), this.words.historyTip);
    for (const button of [this.commentButton, this.historyButton]) button.setAttribute("aria-expanded", "false");
    const link = panel.button(this.words.link, "plain", () => this.desk.copyAddress(), this.words.linkTip);
    this.tools.append(this.commentButton, this.historyButton, link);
    this.comments = make("ul", "comments", null, { "aria-label": this.words.comments });
    this.form = make("div", "comment-form");
    this.form.hidden = true;
    if (this.desk.outbox.comment(panel.row.k)) this.openForm();
    this.history = make("ol", "history", null, { "aria-label": this.words.historyTitle });
    this.history.hidden = true;
    this.element = make("div", "notes");
    this.element.append(this.tools, this.comments, this.form, this.history);
    this.refresh();
  }

  openForm() {
    if (!this.input) {
      const { words } = this;
      this.input = make("textarea", "comment-field", null, { rows: "2", maxlength: "5000", "aria-label": words.commentField, placeholder: words.commentField });
      this.input.value = this.desk.outbox.comment(this.panel.row.k);
      this.input.addEventListener("input", () => this.desk.outbox.keepComment(this.panel.row.k, this.input.value));
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.form.append(this.input, this.panel.button(words.commentAdd, "small", () => this.add(), words.commentAddTip));
    }
    this.form.hidden = false;
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.add();
    else if (event.key === "Escape") this.toggleComment();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  refresh() {
    const found = this.panel.row.cm ?? [];
    const open = found.filter((comment) => !comment.done);
    this.commentButton.textContent = open.length ? fill(this.words.commentCount, { n: open.length }) : this.words.comment;
    const shown = this.all ? found : open;
    this.comments.hidden = !found.length;
    this.comments.replaceChildren(...shown.map((comment) => this.draw(comment)));
    const settled = found.length - open.length;
    if (settled) {
      const item = make("li", "");
      const label = this.all ? this.words.settledHide : fill(this.words.settledShow, { n: settled });
      item.append(this.panel.button(label, "plain", () => { this.all = !this.all; this.refresh(); }));
      this.comments.append(item);
    }
  }

  draw(comment) {
    const { words } = this;
    const item = make("li", `comment${comment.done ? " settled" : ""}`);
    const head = make("p", "quiet");
    head.append(make("b", "", comment.by), ` ${moment(comment.at, words.locale)}`);
    if (comment.done) head.append(` · ${fill(words.settledBy, { by: comment.done[0], at: moment(comment.done[1], words.locale) })}`);
    const settle = this.panel.button(comment.done ? words.reopen : words.settle, "plain", () =>
      this.desk.outbox.add({ op: "settle", key: this.panel.row.k, comment: comment.id, again: Boolean(comment.done) }),
    );
    head.append(" ", settle);
    item.append(head, appendText(make("p", "said"), comment.text));
    return item;
  }

  toggleComment() {
    if (this.form.hidden) this.openForm();
    else this.form.hidden = true;
    this.commentButton.setAttribute("aria-expanded", String(!this.form.hidden));
    (this.form.hidden ? this.panel.field : this.input).focus({ preventScroll: true });
    if (!this.form.hidden) this.form.scrollIntoView({ block: "nearest" });
  }

  add() {
    const text = this.input.value.trim();
    if (!text) return;
    this.desk.sendComment(this.panel.row.k, text);
    this.desk.outbox.keepComment(this.panel.row.k, "");
    this.input.value = "";
    this.toggleComment();
  }

  /** Give back what was typed and refused, before what was begun since. */
  giveBack() {
    this.openForm();
    this.input.value = this.desk.outbox.comment(this.panel.row.k);
    this.commentButton.setAttribute("aria-expanded", "true");
  }

  toggleHistory() {
    this.history.hidden = !this.history.hidden;
    this.historyButton.setAttribute("aria-expanded", String(!this.history.hidden));
    if (this.history.hidden) return;
    this.history.replaceChildren(make("li", "quiet", this.words.historyLooking));
    this.desk.outbox.add({ op: "history", key: this.panel.row.k });
  }

  drawHistory(entries) {
    const { words } = this;
    const items = entries.map((entry) => {
      const item = make("li", "earlier");
      const head = make("p", "quiet");
      head.append(make("b", "", entry.by), ` ${moment(entry.at, words.locale)} · ${words.states[entry.state] ?? entry.state} `);
      head.append(this.panel.button(words.restore, "plain", () => typeInto(this.panel.field, entry.text, { all: true }), words.restoreTip));
      item.append(head, appendPieces(make("p", "said", null, { lang: this.desk.data.target }), entry.pieces, words));
      return item;
    });
    if (!items.length) items.push(make("li", "quiet", words.historyNone));
    this.history.replaceChildren(...items);
    this.history.scrollIntoView({ block: "nearest" });
  }
}
