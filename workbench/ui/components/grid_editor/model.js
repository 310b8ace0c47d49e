// The grid as the page draws it before the server has answered: the same edits as workbench/core/grid.py, on rows
// {c: cells, p: confidence, r: reasons, x: crossing, k: confirmed, a: accepted, u: untranslated}. Rows are never
// changed in place, so that a row object can stand for what is drawn of it.

class EditRefused extends Error {}

function segmentOf([, text, kind, stale, before, revision, at]) {
  return { text, kind, stale, before, revision, at };
}

function emptyCells(width) {
  return Array.from({ length: width }, () => []);
}

function withCell(cells, column, cell) {
  return cells.map((old, c) => (c === column ? cell : old));
}

function isEmptyRow(row) {
  return row.c.every((cell) => cell.length === 0);
}

function isDoubtful(row, limit) {
  return !row.k && (row.p == null || row.p < limit || !!row.x);
}

/** Segment number → its place in its version: numbers given later may stand earlier. Set by the editor. */
let orderOf = (number) => number;

function useOrder(order) {
  orderOf = order;
}

/** Places of the doubtful rows, the most doubtful first. */
function byDoubt(rows, limit) {
  const places = rows.map((_, place) => place).filter((place) => isDoubtful(rows[place], limit));
  return places.sort((a, b) => (rows[a].p ?? 1) - (rows[b].p ?? 1) || a - b);
}

/** Places of the rows outside some column's longest run in order (patience sorting, as in the core). */
function crossingPlaces(rows, width) {
  const crossing = new Set();
  for (let column = 0; column < width; column++) {
    const places = [];
    const firsts = [];
    rows.forEach((row, place) => {
      if (row.c[column].length) {
        places.push(place);
        firsts.push(orderOf(row.c[column][0]));
      }
    });
    if (firsts.every((value, i) => i === 0 || firsts[i - 1] < value)) continue;
    const tails = [];
    const tailAt = [];
    const previous = [];
    firsts.forEach((value, k) => {
      let low = 0;
      let high = tails.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (tails[middle] < value) low = middle + 1;
        else high = middle;
      }
      previous.push(low ? tailAt[low - 1] : -1);
      tails[low] = value;
      tailAt[low] = k;
    });
    const kept = new Set();
    for (let k = tailAt[tailAt.length - 1]; k >= 0; k = previous[k]) kept.add(k);
    places.forEach((place, k) => {
      if (!kept.has(k)) crossing.add(place);
    });
  }
  return crossing;
}

function withCrossings(rows, width) {
  const crossing = crossingPlaces(rows, width);
  return rows.map((row, place) => {
    const crosses = crossing.has(place);
    if (!!row.x === crosses) return row;
    const { x: _x, ...rest } = row;
    return crosses ? { ...rest, x: 1 } : rest;
  });
}

function spliceRows(rows, start, end, fresh, width) {
  const kept = fresh.filter((row) => !isEmptyRow(row));
  return withCrossings([...rows.slice(0, start), ...kept, ...rows.slice(end)], width);
}

function rowAt(rows, place) {
  if (!rows[place]) throw new EditRefused("noRow");
  return rows[place];
}

function mergeRows(rows, first, last, width) {
  rowAt(rows, first);
  if (last <= first || last >= rows.length) throw new EditRefused("noMerge");
  const cells = emptyCells(width).map((_, c) => rows.slice(first, last + 1).flatMap((row) => row.c[c]));
  return spliceRows(rows, first, last + 1, [{ c: cells }], width);
}

/** counts: by column, how many segments stay in the upper row. */
function splitRow(rows, place, counts, width) {
  const row = rowAt(rows, place);
  const cut = row.c.map((cell, c) => Math.min(Math.max(counts[c] ?? cell.length, 0), cell.length));
  const upper = { c: row.c.map((cell, c) => cell.slice(0, cut[c])) };
  const lower = { c: row.c.map((cell, c) => cell.slice(cut[c])) };
  if (isEmptyRow(upper) || isEmptyRow(lower)) throw new EditRefused("noSplit");
  return spliceRows(rows, place, place + 1, [upper, lower], width);
}

function moveSegments(rows, place, column, down, count, width) {
  let at = place;
  for (let step = 0; step < count; step++) {
    const atEdge = !down && at === 0;
    rows = moveSegment(rows, at, column, down, width);
    if (atEdge) at = 1;
  }
  return rows;
}

function moveSegment(rows, place, column, down, width) {
  const row = rowAt(rows, place);
  const cell = row.c[column];
  if (!cell.length) throw new EditRefused("noMove");
  const other = down ? place + 1 : place - 1;
  const moved = down ? cell.slice(-1) : cell.slice(0, 1);
  const here = { c: withCell(row.c, column, down ? cell.slice(0, -1) : cell.slice(1)) };
  let there;
  if (rows[other]) {
    const old = rows[other].c;
    there = { c: withCell(old, column, down ? [...moved, ...old[column]] : [...old[column], ...moved]) };
  } else {
    there = { c: withCell(emptyCells(width), column, moved) };
  }
  const start = Math.max(Math.min(place, other), 0);
  const end = Math.min(Math.max(place, other) + 1, rows.length);
  return spliceRows(rows, start, end, down ? [here, there] : [there, here], width);
}

function transferSegment(rows, place, column, number, target, width) {
  const row = rowAt(rows, place);
  const goal = rowAt(rows, target);
  if (place === target || !row.c[column].includes(number)) throw new EditRefused("noMove");
  const kept = row.c[column].filter((n) => n !== number);
  const grown = target > place ? [number, ...goal.c[column]] : [...goal.c[column], number];
  const fresh = rows.map((old, at) => {
    if (at === place) return { c: withCell(old.c, column, kept) };
    if (at === target) return { c: withCell(old.c, column, grown) };
    return old;
  });
  return withCrossings(fresh.filter((r) => !isEmptyRow(r)), width);
}

function detachCell(rows, place, column, languages) {
  const width = languages.length;
  const row = rowAt(rows, place);
  const language = languages[column];
  const cell = row.c[column];
  const marks = new Set(row.u ?? []);
  if (!cell.length) {
    if (marks.has(language)) marks.delete(language);
    else marks.add(language);
    const { u: _u, ...rest } = row;
    const left = languages.filter((code) => marks.has(code));
    return spliceRows(rows, place, place + 1, [left.length ? { ...rest, u: left } : rest], width);
  }
  const others = withCell(row.c, column, []);
  if (others.every((c) => !c.length)) throw new EditRefused("noDetach");
  marks.add(language);
  const kept = { c: others, u: languages.filter((code) => marks.has(code)) };
  const alone = {
    c: withCell(emptyCells(width), column, cell),
    u: languages.filter((code) => code !== language),
  };
  return spliceRows(rows, place, place + 1, [kept, alone], width);
}

function markRows(rows, places, change) {
  const chosen = new Set(places);
  return rows.map((row, place) => (chosen.has(place) ? change(row) : row));
}

function confirmRows(rows, places) {
  return markRows(rows, places, (row) => ({ ...row, k: 1 }));
}

function unconfirmRows(rows, places) {
  return markRows(rows, places, ({ k: _k, a: _a, ...rest }) => rest);
}

function acceptablePlaces(rows, confidence) {
  const places = [];
  rows.forEach((row, place) => {
    const filled = row.c.filter((cell) => cell.length).length;
    if (!row.k && !row.a && !row.x && (row.p ?? 0) >= confidence && filled > 1) places.push(place);
  });
  return places;
}

function acceptRows(rows, confidence) {
  return markRows(rows, acceptablePlaces(rows, confidence), (row) => ({ ...row, a: 1 }));
}

/** Draw one step ahead of the server; what only the server knows (undo beyond this visit) leaves the rows alone. */
function applyStep(rows, step, languages) {
  const width = languages.length;
  const column = languages.indexOf(step.language);
  switch (step.op) {
    case "merge":
      return mergeRows(rows, step.row, step.row + 1, width);
    case "split":
      return splitRow(rows, step.row, languages.map((code) => step.counts[code]), width);
    case "move up":
      return moveSegments(rows, step.row, column, false, step.count ?? 1, width);
    case "move down":
      return moveSegments(rows, step.row, column, true, step.count ?? 1, width);
    case "transfer":
      return transferSegment(rows, step.row, column, step.segment, step.target, width);
    case "untranslated":
      return detachCell(rows, step.row, column, languages);
    case "confirm":
      return confirmRows(rows, [step.row]);
    case "unconfirm":
      return unconfirmRows(rows, [step.row]);
    case "accept above":
      return acceptRows(rows, step.confidence);
    case "undo":
    case "redo":
      return step.guess ?? rows;
    default:
      return rows;
  }
}

/** Where to cut a row: by column, how many segments stay above, after the chosen segment of the chosen column.
 *  The other columns follow by length, so that a short half goes with a short half. */
function splitCounts(row, column, chosen, lengthOf) {
  const most = row.c.reduce((best, cell, c) => (cell.length > row.c[best].length ? c : best), 0);
  const guide = row.c[column].length > 1 ? column : most;
  const cell = row.c[guide];
  if (cell.length < 2) return null;
  const cut = guide === column ? Math.min(Math.max(chosen, 0) + 1, cell.length - 1) : 1;
  const lengths = row.c.map((numbers) => numbers.map(lengthOf));
  const total = (list) => list.reduce((sum, n) => sum + n, 0);
  const share = total(lengths[guide].slice(0, cut)) / Math.max(total(lengths[guide]), 1);
  return row.c.map((numbers, c) => {
    if (c === guide) return cut;
    const all = Math.max(total(lengths[c]), 1);
    let best = 0;
    for (let n = 1; n <= numbers.length; n++) {
      const here = Math.abs(total(lengths[c].slice(0, n)) / all - share);
      const there = Math.abs(total(lengths[c].slice(0, best)) / all - share);
      if (here <= there) best = n;
    }
    return best;
  });
}

function rowKey(row) {
  return row.c.map((cell) => cell.join(",")).join("|");
}

function firstDifference(before, after) {
  let place = 0;
  while (place < before.length && place < after.length && rowKey(before[place]) === rowKey(after[place])
    && !!before[place].k === !!after[place].k) place++;
  return place < Math.max(before.length, after.length) ? Math.min(place, after.length - 1) : -1;
}

/** The digit runs of a text, grouping and decimal signs taken out: 1 000 = 1,000 = 1.000. */
const CODES = /⟨\/?\d+\/?⟩/gu;
const NUMBER = /\d+(?:[.,\u00a0\u202f ]\d{3})*(?:[.,]\d+)?/gu;

function bareNumber(written) {
  return written.replace(/\D/gu, "");
}

/** By column, the numbers that some other filled column of the row lacks. */
function differingNumbers(row, textOf) {
  const filled = row.c.map((cell) => cell.length > 0);
  const found = row.c.map((cell) => {
    const counts = new Set();
    for (const number of cell) {
      const bare = textOf(number).replace(CODES, " ");
      for (const match of bare.matchAll(NUMBER)) counts.add(bareNumber(match[0]));
    }
    return counts;
  });
  return found.map(
    (numbers, c) => new Set([...numbers].filter((n) => found.some((other, o) => o !== c && filled[o] && !other.has(n)))),
  );
}
