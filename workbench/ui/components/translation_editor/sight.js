// Keeps the open row in sight, and what is typed in its field, when the rows change their width: the panel for looking
// up, the preview, another window.

class Sight {
  constructor(list, { fit, reveal }) {
    this.seen = false;
    this.width = 0;
    this.rows = new IntersectionObserver((changes) => (this.seen = changes.at(-1).isIntersecting), { root: list });
    this.widths = new ResizeObserver(() => {
      if (list.clientWidth === this.width) return;
      this.width = list.clientWidth;
      fit();
      if (this.seen) reveal(); // as it was: the observer of rows is told of this change only afterwards
    });
    this.widths.observe(list);
  }

  follow(row) {
    this.rows.disconnect();
    this.seen = false;
    if (row) this.rows.observe(row);
  }

  end() {
    this.rows.disconnect();
    this.widths.disconnect();
  }
}
