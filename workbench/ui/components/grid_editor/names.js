// Names that differ: a capitalised word inside a segment which no other column of the row has in any form. A hint, no
// judgement: Allemagne and Germany are one country, and a person sees that at a glance.

const WORD = /[\p{L}\p{M}\p{N}]+(?:[-'’][\p{L}\p{M}\p{N}]+)*/gu;
const NAME_LETTERS = 3; // shorter capitalised words are initials and articles
const TITLE_CASE = 0.5; // where more of the long words are capitalised, the segment is a title and capitals say nothing
const ALIKE = 0.5; // share of letter pairs from which two spellings are one name: Londres, London

function plainWord(word) {
  return word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function pairsOf(word) {
  const pairs = new Set();
  for (let n = 0; n + 1 < word.length; n++) pairs.add(word.slice(n, n + 2));
  return pairs;
}

/** Tell whether two words may be forms of one name: the same beginning, or most letter pairs in common (Dice). */
function alike(a, b) {
  if (a === b) return true;
  if (a.slice(0, 4) === b.slice(0, 4) && Math.min(a.length, b.length) >= 4) return true;
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
  const words = texts.map((segments) =>
    segments.flatMap((segment) => [...(segment?.text ?? "").matchAll(WORD)].map(([word]) => plainWord(word))));
  return texts.map((segments, c) => {
    const others = words.filter((found, o) => o !== c && found.length);
    const names = segments.filter((s) => s && s.kind !== "heading").flatMap((s) => namesOf(s.text.replace(CODES, " ")));
    if (!others.length) return new Set();
    return new Set(names.filter((name) => {
      const plain = plainWord(name);
      return !others.some((found) => found.some((word) => alike(plain, word)));
    }));
  });
}
