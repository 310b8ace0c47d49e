// A list of rows of different heights of which only the visible ones are in the page. Heights are guessed from the
// text until a row has been drawn once; when a guess above the view was wrong, the view stays where it was.

const OVERSCAN = 400; // pixels drawn beyond the view, so that a wheel's turn shows no gap

class VirtualRows {
  /** parts: {draw(item) → element, keyOf(item), estimate(item), headHeight()} */
  constructor(viewport, body, parts) {
    this.viewport = viewport;
    this.body = body;
    this.parts = parts;
    this.items = [];
    this.offsets = new Float64Array(1);
    this.heights = new Map();
    this.drawn = new Map();
    this.width = 0;
    this.pinned = -1;
  }

  setItems(items) {
    this.items = items;
    this.layOut();
  }

  /** Guess all heights anew, as after a change of width; what stood at the top of the view stays there. */
  forgetHeights() {
    const anchor = this.indexAt(this.viewport.scrollTop);
    const within = this.viewport.scrollTop - this.offsets[anchor];
    this.heights.clear();
    this.layOut();
    if (this.items.length) this.viewport.scrollTop = this.offsets[anchor] + Math.min(within, this.heightOf(anchor));
  }

  heightOf(i) {
    const item = this.items[i];
    return this.heights.get(this.parts.keyOf(item)) ?? this.parts.estimate(item);
  }

  layOut() {
    const offsets = new Float64Array(this.items.length + 1);
    for (let i = 0; i < this.items.length; i++) offsets[i + 1] = offsets[i] + this.heightOf(i);
    this.offsets = offsets;
    this.body.style.height = `${offsets[this.items.length]}px`;
  }

  /** Index of the item at a distance from the top of the list. */
  indexAt(y) {
    let low = 0;
    let high = this.items.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.offsets[middle] <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, 0);
  }

  get viewHeight() {
    return Math.max(this.viewport.clientHeight - this.parts.headHeight(), 40);
  }

  /** Draw what is visible; measure it; where guesses were wrong, put it right without a jump. */
  refresh() {
    if (!this.items.length) {
      for (const element of this.drawn.values()) element.remove();
      this.drawn.clear();
      return;
    }
    for (let round = 0; round < 4; round++) {
      const top = this.viewport.scrollTop;
      const from = this.indexAt(top - OVERSCAN);
      const to = this.indexAt(top + this.viewHeight + OVERSCAN);
      const wanted = new Map();
      for (let i = from; i <= to; i++) wanted.set(i, this.parts.draw(this.items[i]));
      if (this.pinned >= 0 && this.pinned < this.items.length && !wanted.has(this.pinned)) {
        wanted.set(this.pinned, this.parts.draw(this.items[this.pinned]));
      }
      const keep = new Set(wanted.values());
      for (const element of this.drawn.values()) if (!keep.has(element)) element.remove();
      let before = null;
      const order = [...wanted.keys()].sort((a, b) => a - b);
      for (const i of order) {
        const element = wanted.get(i);
        element.style.transform = `translateY(${this.offsets[i]}px)`;
        const next = before ? before.nextSibling : this.body.firstChild;
        if (next !== element) this.body.insertBefore(element, next);
        before = element;
      }
      this.drawn = wanted;
      if (!this.measure(order, this.indexAt(top))) return;
    }
  }

  measure(order, anchor) {
    let changed = false;
    for (const i of order) {
      const height = this.drawn.get(i).offsetHeight;
      if (height && Math.abs(height - this.heightOf(i)) > 0.5) {
        this.heights.set(this.parts.keyOf(this.items[i]), height);
        changed = true;
      }
    }
    if (!changed) return false;
    const within = this.viewport.scrollTop - this.offsets[anchor];
    this.layOut();
    const wanted = this.offsets[anchor] + within;
    if (Math.abs(wanted - this.viewport.scrollTop) > 0.5) this.viewport.scrollTop = wanted;
    return true;
  }

  screenTop(i) {
    return this.offsets[i] - this.viewport.scrollTop;
  }

  isVisible(i) {
    const top = this.screenTop(i);
    return i >= 0 && i < this.items.length && top >= 0 && top + this.heightOf(i) <= this.viewHeight;
  }

  /** Whether some of an item is in view. */
  touches(i) {
    const top = this.screenTop(i);
    return i >= 0 && i < this.items.length && top < this.viewHeight && top + this.heightOf(i) > 0;
  }

  /** Bring an item into view: no further than needed, or a third from the top where it was far away. */
  reveal(i, margin = 24) {
    for (let round = 0; round < 3; round++) {
      const top = this.offsets[i];
      const height = this.heightOf(i);
      const view = this.viewHeight;
      const at = this.viewport.scrollTop;
      let wanted = at;
      if (top < at - view || top > at + 2 * view) wanted = top - view / 3;
      else if (height + margin > view || top < at + margin) wanted = top - margin;
      else if (top + height > at + view - margin) wanted = top + height - view + margin;
      wanted = Math.max(0, wanted);
      if (Math.abs(wanted - at) > 0.5) this.viewport.scrollTop = wanted;
      this.refresh();
      if (Math.abs(wanted - at) <= 0.5) return;
    }
  }
}
