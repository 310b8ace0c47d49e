// Names that differ: a capitalised word inside a segment which no other column of the row has in any form. A hint, no
// judgement: Allemagne and Germany are one country, and a person sees that at a glance.

const WORD = /[\p{L}\p{M}\p{N}]+(?:[-'’][\p{L}\p{M}\p{N}]+)*/gu;
const NAME_LETTERS = 3; // shorter capitalised words are initials and articles
const TITLE_CASE = 0.5; // where more of the long words are capitalised, the segment is a title and capitals say nothing
const ALIKE = 0.5; // share of letter pairs from which two spellings are one name: Londres, London

function plainWord(word) {
  return word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

const pairsKnown = new Map(); // word → its letter pairs: names come back in row after row

function pairsOf(word) {
  let pairs = pairsKnown.get(word);
  if (!pairs) {
    pairs = new Set();
    for (let n = 0; n + 1 < word.length; n++) pairs.add(word.slice(n, n + 2));
    if (pairsKnown.size > 5000) pairsKnown.clear();
    pairsKnown.set(word, pairs);
  }
  return pairs;
}

/** Tell whether two words may be spellings of one name: most letter pairs in common (Dice). */
function alike(a, b) {
  if (a.length > 3 * b.length || b.length > 3 * a.length) return false;
  const first = pairsOf(a);
  const second = pairsOf(b);
  let common = 0;
  for (const pair of first) if (second.has(pair)) common++;
  return first.size + second.size > 0 && (2 * common) / (first.size + second.size) >= ALIKE;
}

/** The words of a segment that look like names, as they stand. */
function namesOf(text) {
  const words = [...text.matchAll(WORD)];
  const long = words.filter(([word]) => word.length >= 4);
  const capital = (word) => /^\p{Lu}/u.test(word);
  if (long.length > 3 && long.filter(([word]) => capital(word)).length / long.length > TITLE_CASE) return [];
  return words
    .filter(({ 0: word, index }) => {
      const before = text.slice(0, index).trimEnd();
      const begins = !before || /[.!?:…«“"¿¡–—•]$/u.test(before);
      return word.length >= NAME_LETTERS && capital(word) && !begins && !/^\p{N}/u.test(word);
    })
    .map(([word]) => word);
}

/** By column, the names that no other filled column has; headings count as words only, since English capitalises them. */
function differingNames(row, segmentOf) {
  const texts = row.c.map((cell) => cell.map((number) => segmentOf(number)));
  const words = texts.map((segments) => {
    const found = new Set();
    for (const segment of segments) for (const [word] of (segment?.text ?? "").matchAll(WORD)) found.add(plainWord(word));
    return found;
  });
  const begins = words.map((found) => new Set([...found].filter((word) => word.length >= 4).map((word) => word.slice(0, 4))));
  return texts.map((segments, c) => {
    const others = words.map((_, o) => o).filter((o) => o !== c && words[o].size);
    if (!others.length) return new Set();
    const names = segments.filter((s) => s && s.kind !== "heading").flatMap((s) => namesOf(s.text.replace(CODES, " ")));
    return new Set([...new Set(names)].filter((name) => {
      const plain = plainWord(name);
      if (others.some((o) => words[o].has(plain) || (plain.length >= 4 && begins[o].has(plain.slice(0, 4))))) return false;
      return !others.some((o) => [...words[o]].some((word) => alike(plain, word)));
    }));
  });
}
