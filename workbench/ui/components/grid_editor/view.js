// What a row looks like. Every text is set as text; nothing here reads markup.

const ICONS = {
  check: "M3 8.5l3.2 3.2L13 4.8",
  disc: "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13z",
  triangle: "M8 1.8L15 14H1z",
  bang: "M8 6v3.6M8 11.6v.6",
  pencil: "M3 13l.6-2.8L10.8 3l2.2 2.2-7.2 7.2z",
  plus: "M8 3v10M3 8h10",
  merge: "M4 2v4a3 3 0 0 0 3 3h1v5M12 2v4a3 3 0 0 1-3 3M5.5 11.5L8 14l2.5-2.5",
  split: "M8 2v3M8 5C8 8 4 8 4 12M8 5c0 3 4 3 4 7M2 10.5L4 13l2-2.5M10 10.5L12 13l2-2.5",
  up: "M8 13V3M4 7l4-4 4 4",
  down: "M8 3v10M4 9l4 4 4-4",
  none: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11zM4.2 11.8l7.6-7.6",
  undo: "M6 3L2.5 6.5 6 10M2.5 6.5H10a3.5 3.5 0 0 1 0 7H7",
  redo: "M10 3l3.5 3.5L10 10M13.5 6.5H6a3.5 3.5 0 0 0 0 7h3",
  cross: "M2 5h9l-2.5-2.5M14 11H5l2.5 2.5",
  next: "M3 3l5 5-5 5M9 3l5 5-5 5",
  keep: "M4 2h8v12l-4-3-4 3z",
  link: "M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.3-2.3a2.6 2.6 0 0 0-3.7-3.7l-1 1M9.4 6.6a2.6 2.6 0 0 0-3.7 0L3.4 8.9a2.6 2.6 0 0 0 3.7 3.7l1-1",
};

const SVG = "http://www.w3.org/2000/svg";

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text != null) element.textContent = text;
  return element;
}

function icon(...names) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  for (const name of names) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", ICONS[name]);
    path.classList.add(`icon-${name}`);
    svg.appendChild(path);
  }
  return svg;
}

/** Three bars, some of them full: confidence for an eye that tells no colours. */
function bars(full) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", "bars");
  for (let n = 0; n < 3; n++) {
    const bar = document.createElementNS(SVG, "rect");
    bar.setAttribute("x", String(1.5 + n * 5));
    bar.setAttribute("width", "3.4");
    bar.setAttribute("y", String(10 - n * 4));
    bar.setAttribute("height", String(4.5 + n * 4));
    bar.setAttribute("rx", "1");
    if (n >= full) bar.classList.add("hollow");
    svg.appendChild(bar);
  }
  return svg;
}

/** Put numbers into a sentence: fill("Row {row}", {row: 3}). */
function fill(sentence, values) {
  return String(sentence).replace(/\{(\w+)\}/gu, (whole, name) => (name in values ? String(values[name]) : whole));
}

function levelOf(row, limits) {
  if (row.k) return "confirmed";
  if (row.a) return "accepted";
  if (row.p == null) return row.r?.length ? "new" : "edited";
  if (row.p >= limits.sure) return "sure";
  if (row.p >= limits.doubtful) return "fair";
  return row.p >= limits.poor ? "doubtful" : "poor";
}

const LEVEL_SIGNS = {
  confirmed: () => icon("disc", "check"),
  accepted: () => icon("check"),
  sure: () => bars(3),
  fair: () => bars(2),
  doubtful: () => icon("triangle", "bang"),
  poor: () => icon("triangle", "bang"),
  edited: () => icon("pencil"),
  new: () => icon("plus"),
};

const PIECES = new RegExp(`${CODES.source}|${NUMBER.source}|${WORD.source}`, "gu");

/** Fill a chip with a segment's text: inline codes small, numbers and names that the other columns lack marked. */
function fillSegment(chip, text, differing, words) {
  let at = 0;
  for (const match of text.matchAll(PIECES)) {
    const isCode = match[0].startsWith("⟨");
    const isNumber = differing.numbers.has(bareNumber(match[0]));
    if (!isCode && !isNumber && !differing.names.has(match[0])) continue;
    if (match.index > at) chip.append(text.slice(at, match.index));
    const piece = make(isCode ? "span" : "mark", isCode ? "code" : isNumber ? "number" : "name", match[0]);
    if (!isCode) piece.title = isNumber ? words.numberDiffers : words.nameDiffers;
    chip.append(piece);
    at = match.index + match[0].length;
  }
  chip.append(text.slice(at));
}

class RowView {
  /** context: {languages: [{code, name}], segments: Map, words, limits, terms: () => GridTerms} */
  constructor(context) {
    this.context = context;
    this.elements = new WeakMap();
  }

  forget() {
    this.elements = new WeakMap();
  }

  /** item: {row, place, dim, gap} */
  draw(item) {
    let element = this.elements.get(item.row);
    if (!element) {
      element = this.build(item.row);
      this.elements.set(item.row, element);
    }
    if (element.dataset.place !== String(item.place)) this.number(element, item);
    element.classList.toggle("dim", !!item.dim);
    element.classList.toggle("gap", !!item.gap);
    return element;
  }

  number(element, item) {
    const place = String(item.place);
    element.dataset.place = place;
    element.id = `row-${place}`;
    element.setAttribute("aria-rowindex", String(item.place + 2));
    element.querySelector(".place").textContent = String(item.place + 1);
    element.querySelector(".gutter").setAttribute("aria-label", this.label(item.row, item.place));
    element.querySelectorAll(".cell").forEach((cell, c) => {
      cell.id = `cell-${place}-${c}`;
    });
  }

  label(row, place) {
    const { words, limits } = this.context;
    const level = levelOf(row, limits);
    const parts = [fill(words.rowNumber, { row: place + 1 }), words.levels[level]];
    if (row.p != null && !row.k) parts.push(fill(words.confidence, { percent: this.percent(row) }));
    if (row.x) parts.push(words.crossing);
    for (const reason of row.r ?? []) parts.push(words.reasons[reason] ?? reason);
    return parts.join(", ");
  }

  percent(row) {
    return Math.floor(row.p * 100);
  }

  build(row) {
    const { languages, words, limits } = this.context;
    const level = levelOf(row, limits);
    const element = make("div", `row level-${level}`);
    element.setAttribute("role", "row");
    if (row.x) element.classList.add("crossing");
    if (isDoubtful(row, limits.doubtful)) element.classList.add("wants-look");

    const gutter = make("div", "gutter");
    gutter.setAttribute("role", "rowheader");
    gutter.append(make("span", "place"));
    const sign = make("span", "sign");
    sign.append(LEVEL_SIGNS[level]());
    sign.title = words.levels[level];
    if (row.p != null && !row.k) sign.append(make("span", "percent", fill(words.percent, { percent: this.percent(row) })));
    gutter.append(sign);
    element.append(gutter);

    const numbers = differingNumbers(row, (number) => this.textOf(number));
    const names = differingNames(row, (number) => this.context.segments.get(number));
    languages.forEach((language, c) => {
      element.append(this.cell(row, language, c, { numbers: numbers[c], names: names[c] }));
    });
    const why = this.reasons(row);
    if (why) element.append(why);
    this.context.terms()?.mark(element);
    return element;
  }

  textOf(number) {
    return this.context.segments.get(number)?.text ?? "";
  }

  cell(row, language, column, differing) {
    const { words, segments } = this.context;
    const cell = make("div", "cell");
    cell.setAttribute("role", "gridcell");
    cell.setAttribute("aria-colindex", String(column + 2));
    cell.dataset.column = String(column);
    cell.lang = language.code;
    row.c[column].forEach((number, k) => {
      if (k) {
        const cut = make("button", "cut");
        cut.type = "button";
        cut.tabIndex = -1;
        cut.dataset.cut = String(k);
        cut.title = words.splitHere;
        cut.setAttribute("aria-label", words.splitHere);
        cell.append(cut);
      }
      const segment = segments.get(number);
      const chip = make("div", "chip");
      chip.dataset.number = String(number);
      chip.dataset.index = String(k);
      chip.draggable = true;
      chip.dir = "auto";
      if (segment?.kind === "heading") chip.classList.add("heading");
      if (segment?.kind === "list item") chip.classList.add("item");
      fillSegment(chip, segment?.text ?? words.lost, differing, words);
      if (segment?.stale) chip.append(this.flag("stale", words.stale));
      if (segment?.before) chip.append(this.flag("fixed", fill(words.fixed, { before: segment.before })));
      cell.append(chip);
    });
    if (!row.c[column].length) {
      const marked = row.u?.includes(language.code);
      const empty = make("div", marked ? "empty marked" : "empty");
      if (marked) empty.append(icon("none"));
      empty.append(make("span", "", marked ? words.untranslated : words.nothingHere));
      cell.append(empty);
    }
    return cell;
  }

  flag(kind, title) {
    const flag = make("span", `flag ${kind}`, kind === "stale" ? "↻" : "✎");
    flag.title = title;
    flag.setAttribute("role", "img");
    flag.setAttribute("aria-label", title);
    return flag;
  }

  reasons(row) {
    const { words } = this.context;
    if (row.k) return null;
    const texts = (row.r ?? []).map((reason) => words.reasons[reason] ?? reason);
    if (!texts.length && !row.x) return null;
    const why = make("div", "why");
    why.setAttribute("role", "presentation");
    if (row.x) {
      const crossing = make("span", "reason crossing-sign");
      crossing.append(icon("cross"), make("span", "", words.crossing));
      why.append(crossing);
    }
    for (const text of texts) why.append(make("span", "reason", text));
    return why;
  }
}
