"""Terms recognised in running text: inflected, contracted, elided, with words slipped in, with accents missing.

Each term becomes a path in a trie of word classes. A word of a text belongs to a class if it is an inflected form of
the term's word (declared with the term, regular, or by simplemma's lemma); prepositions belong to a class in all
their contractions (*du*, *des*, *del*, *pelas*), articles come and go after them, and up to two adjectives may slip in
between (*coopération internationale décentralisée*). An Aho–Corasick automaton cannot let words slip in; the trie can,
and is entered only where a text's word begins some term.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import simplemma

from workbench.core.languages import LANGUAGES, base_language
from workbench.core.spellings import IDIOMS, PREPOSED, inclusive, participle_here, spellings, stems, verb_here
from workbench.core.term_context import ContextWords, words_of
from workbench.core.terms import Concept, Status, Term, TermType, fold
from workbench.core.words import (
    ARTICLES,
    CLASSES,
    CONJUNCTIONS,
    DETERMINERS,
    FUNCTION_WORDS,
    OBJECT_PRONOUNS,
    Token,
    adjectival,
    inflections,
    little_word,
    tokenise,
)

MAX_SLIPPED = 2  # adjectives inside a term; with three the words are rarely one term any more

Entry = tuple[Term, Concept]


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term found in a text.

    Attributes:
        start, end: Span in the text, in characters; ``text[start:end]`` is the form as it stands there.
        term, concept: What was found.
        plural: Whether the form found is a plural.
        others: Further (term, concept) of the same form: homographs that the context does not tell apart.
        slipped: Words of the span that are not the term's.
        exact: The form stands there with all its accents.
    """

    start: int
    end: int
    term: Term
    concept: Concept
    plural: bool = False
    others: tuple[Entry, ...] = ()
    slipped: int = 0
    exact: bool = True

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All (term, concept) it may be."""
        return ((self.term, self.concept), *self.others)


@dataclass(slots=True)
class _Node:
    """A place in the trie: what may follow, and the terms that end here."""

    following: dict[str, _Node] = field(default_factory=dict)
    ends: list[tuple[Entry, int, int, bool]] = field(default_factory=list)  # entry, head's place, content words, plural


@dataclass(slots=True)
class _Word:
    """What a word of a text can be.

    Attributes:
        symbols: Word classes with the quality of the match: 2 as written, 1 accents missing, 0 doubtful (by lemma),
            -1 another word of the language but for accents.
        skippable: An article or determiner, free after a preposition.
        conjunction: Joins adjectives.
        slips: Looks like an adjective.
        little: Any little word.
        begins: Some term begins with it.
    """

    symbols: dict[str, int]
    skippable: bool
    conjunction: bool
    slips: bool
    little: bool
    begins: bool = False


_BREAK = _Word({"BREAK": 2}, False, False, False, False)


@dataclass(frozen=True, slots=True)
class _Path:
    """One way through the trie: token places, the entry it ends in."""

    start: int
    end: int
    slipped: int
    entry: Entry
    quality: int
    plural: bool


class Recogniser:
    """Finds the terms of one language.

    Args:
        concepts: The glossary.
        language: The texts' language; a region (``pt-BR``) changes nothing here, since the other region's terms have
            to be recognised too.

    It is made in about a second for 1,000 concepts; threads may share it.
    """

    def __init__(self, concepts: Iterable[Concept], language: str) -> None:
        self.language = base_language(language)
        self._known = self.language in LANGUAGES  # simplemma's rules are asked only for the network's languages
        self._root = _Node()
        self._forms: dict[str, dict[str, set[str]]] = {}  # folded form → word class → forms as written
        self._lemmas: dict[str, dict[str, set[str]]] = {}  # folded lemma → word class → words as written
        self._acronyms: dict[str, str] = {}  # as written → word class
        self._words: dict[str, _Word] = {"": _BREAK}
        self._verbs: set[str] = set()
        self._contexts = ContextWords(self.language)
        self._groups = CLASSES.get(self.language, {})
        self._articles = ARTICLES.get(self.language, frozenset())
        self._skippable = self._articles | DETERMINERS.get(self.language, frozenset())
        entries = [(t, c) for c in concepts for t in c.terms if t.base_language == self.language]
        for term, concept in entries:
            for number, form in enumerate(term.forms):
                self._add(term, concept, form, plural=bool(number and form in (term.plural, term.feminine_plural)))
        for term, concept in entries:  # after all declared forms, which go before a guessed spelling
            for number, form in enumerate(term.forms):
                for other in spellings(form):
                    plural = bool(number and form in (term.plural, term.feminine_plural))
                    self._add(term, concept, other, plural=plural, guessed=True)

    # Building ------------------------------------------------------------------------------------------------

    def _add(self, term: Term, concept: Concept, form: str, *, plural: bool, guessed: bool = False) -> None:
        words = [text for _, _, text in tokenise(form)]
        while words and not words[-1]:
            words.pop()
        while words and not words[0]:
            words.pop(0)
        plural = plural or term.number == "plural"
        for symbols, content, head in self._sequences(words, term):
            node = self._root
            for symbol in symbols:
                node = node.following.setdefault(symbol, _Node())
            if guessed and node.ends:
                continue
            if not any(end[0][0].key == term.key and end[0][1].id == concept.id for end in node.ends):
                node.ends.append(((term, concept), head, content, plural))

    def _sequences(self, words: Sequence[str], term: Term) -> Iterator[tuple[list[str], int, int]]:
        """Yield (word classes, number of content words, place of the head) for a form; several where an article may
        be missing."""
        lowered = [w.lower() for w in words]
        while len(words) > 1 and lowered[0] in self._articles and not term.type.shortened:
            words, lowered = words[1:], lowered[1:]
        content = [n for n, w in enumerate(lowered) if w and not self._group(w) and w not in self._articles]
        if not content:  # nothing but little words: letter for letter
            yield [self._word(w, term, only=True) if w else "BREAK" for w in words], len(words), 0
            return
        variants: list[list[str]] = [[]]
        after_preposition = False
        for n, (word, lower) in enumerate(zip(words, lowered, strict=True)):
            if not word:  # "villes, municipalités et associations": the comma may be missing in a text
                variants = [[*v, *more] for v in variants for more in (("BREAK",), ())]
                after_preposition = False
                continue
            if n not in content:
                group = self._group(lower)
                if group:
                    after_preposition = True
                    for v in variants:
                        v.append(group)
                elif not after_preposition:
                    variants += [[*v, "ART"] for v in variants]
                continue
            after_preposition = lower in FUNCTION_WORDS.get(self.language, ())
            symbol = self._word(word, term, only=len(content) == 1)
            for v in variants:
                v.append(symbol)
        head = self._head(lowered, content)
        for v in variants:
            yield v, len(content), head

    def _head(self, lowered: Sequence[str], content: Sequence[int]) -> int:
        """Return which content word (0-based among them) carries the number: the first, in English the last one
        before any preposition."""
        if self.language != "en":
            return 0
        count = 0
        for n in content:
            if lowered[n] in FUNCTION_WORDS["en"] or (n and (self._group(lowered[n - 1]) or not lowered[n - 1])):
                break
            count += 1
        return max(count - 1, 0)

    def _group(self, lower: str) -> str:
        # An article that is also a contracted preposition (fr "des", "du"; pt "a", "as") is the preposition here.
        return next((name for name, group in self._groups.items() if lower in group), "")

    def _word(self, word: str, term: Term, *, only: bool) -> str:
        """Return the class of a term's word and note its forms."""
        if term.type.shortened and any(ch.isupper() for ch in word):
            bare = word.replace(".", "")
            self._acronyms[bare] = "=" + bare
            self._words.pop(word, None)
            return "=" + bare
        lower = word.lower()
        verb = term.part_of_speech == "verb"
        gender = not only or term.part_of_speech == "adjective"
        symbol = fold(lower) + ("/v" if verb else "/1" if only else "")
        for form in inflections(lower, self.language, gender=gender) if self._known else {lower}:
            self._forms.setdefault(fold(form), {}).setdefault(symbol, set()).add(form)
        if self._known and lower not in FUNCTION_WORDS.get(self.language, ()):
            lemma = simplemma.lemmatize(lower, lang=self.language).lower()
            for one in {lower, lemma}:
                self._lemmas.setdefault(fold(one), {}).setdefault(symbol, set()).add(lower)
        if verb:
            self._verbs.add(symbol)
        return symbol

    # Words of a text -----------------------------------------------------------------------------------------

    def _look(self, text: str) -> _Word:
        """Work out, once for each spelling, what a word of a text can be."""
        lower = text.lower()
        symbols: dict[str, int] = {}
        bare = text.replace(".", "")
        if bare not in self._acronyms and bare[-1:] == "s" and bare[:-1] in self._acronyms and len(bare) > 2:
            bare = bare[:-1]
        if bare in self._acronyms:
            symbols[self._acronyms[bare]] = 2
        plain = inclusive(lower)
        self._by_form(plain, symbols)
        if self._known and len(plain) > 2:
            self._by_lemma(plain, symbols)
        for name, group in self._groups.items():
            if lower in group or (not lower.isascii() and fold(lower) in group):
                symbols[name] = 2
        if lower in self._articles:
            symbols["ART"] = 2
        word = _Word(
            symbols,
            lower in self._skippable or (self.language == "en" and lower == "s"),
            lower in CONJUNCTIONS.get(self.language, ()),
            adjectival(lower, self.language),
            little_word(lower, self.language),
        )
        word.begins = any(symbol in self._root.following for symbol in symbols)
        if len(self._words) > 500_000:  # a bound on memory; a book has some 20,000 spellings
            self._words = {"": _BREAK}
        self._words[text] = word
        return word

    def _by_form(self, word: str, symbols: dict[str, int]) -> None:
        found = self._forms.get(fold(word))
        if not found:
            return
        other: bool | None = None
        for symbol, written in found.items():
            if word in written:
                symbols[symbol] = 2
                continue
            if other is None:  # with other accents it may be another word: pt pais (parents) is not país (country)
                if little_word(word, self.language):
                    return
                other = self._known and simplemma.is_known(word, lang=self.language)
            symbols[symbol] = -1 if other else 1

    def _by_lemma(self, word: str, symbols: dict[str, int]) -> None:
        for stem in stems(word, self.language):
            lemma = simplemma.lemmatize(stem, lang=self.language).lower()
            for symbol, written in self._lemmas.get(fold(lemma), {}).items():
                if symbol in self._verbs:
                    symbols[symbol] = 2
                elif symbols.get(symbol, 0) < 2 and lemma in written and stem == word:
                    # A plural with a change of accent (joven, jóvenes), but no verb's form of the same lemma.
                    nominal = word.endswith(("s", "x")) and len(word) <= len(lemma) + 3
                    symbols[symbol] = 2 if nominal else max(0, symbols.get(symbol, 0))
                elif symbols.get(symbol, -1) < 0:
                    symbols[symbol] = 0

    # Finding -------------------------------------------------------------------------------------------------

    def find(self, text: str, *, nested: bool = False, context: str = "", any_context: bool = False) -> list[TermHit]:
        """Return the terms in a text, in its order.

        Args:
            text: A segment or more.
            nested: Also the terms inside longer ones; else the longest wins over its parts and hits never overlap.
            context: Text around, in which a homograph's words of context may stand too.
            any_context: Homographs count without their words of context (a translation's original has told them
                apart already).
        """
        tokens = tokenise(text)
        cached = self._words
        words = [cached.get(token[2]) or self._look(token[2]) for token in tokens]
        paths: list[_Path] = []
        for place, word in enumerate(words):
            if word.begins:
                self._walk(self._root, words, tokens, place, place, (), 0, 2, paths)
        if not paths:
            return []
        shouting, plain, idioms = _shouts(text), text.isascii(), IDIOMS.get(self.language)
        spoiled = [m.span() for m in idioms.finditer(text.lower())] if idioms else []
        best: dict[tuple[int, int], list[_Path]] = {}
        near: set[str] | None = None
        for path in paths:
            if path.quality < 0 and not plain:  # who writes accents elsewhere means the other word
                continue
            if not self._allowed(path, tokens, words, text, shouting):
                continue
            if spoiled and self._in_idiom(path, tokens, spoiled):
                continue
            if path.entry[0].context:
                if near is None:
                    near = words_of(text) | words_of(context)
                if not self._contexts.meant(path.entry[0], near, any_context=any_context):
                    continue
            best.setdefault((path.start, path.end), []).append(path)
        return self._hits(best, tokens, nested)

    def _in_idiom(self, path: _Path, tokens: Sequence[Token], spoiled: Sequence[tuple[int, int]]) -> bool:
        """Tell whether a word alone stands in a set phrase, or the first of several ends one: *mise en réseau des
        villes* is no *réseau des villes*."""
        start, end, _ = tokens[path.start]
        if path.end - path.start == 1:
            return any(a <= start and end <= b for a, b in spoiled)
        return any(a < start and end == b for a, b in spoiled)

    def _walk(
        self,
        node: _Node,
        words: Sequence[_Word],
        tokens: Sequence[Token],
        start: int,
        at: int,
        matched: tuple[int, ...],
        slipped: int,
        quality: int,
        paths: list[_Path],
    ) -> None:
        """Follow the trie from a node with the token at ``at`` next; ``matched`` are places of matched words."""
        if node.ends and matched:
            for entry, head, content, plural in node.ends:
                if content > 1 or quality > 0:
                    number = plural or self._is_plural(entry[0], words, tokens, matched, head)
                    if not slipped or self._agrees(words, tokens, matched):
                        paths.append(_Path(start, matched[-1] + 1, slipped, entry, quality, number))
        if at >= len(words) or not node.following:
            return
        word = words[at]
        following = node.following
        if word is _BREAK and "BREAK" not in following:
            return
        for symbol, how in word.symbols.items():
            nxt = following.get(symbol)
            if nxt is not None:
                self._walk(nxt, words, tokens, start, at + 1, (*matched, at), slipped, min(quality, how), paths)
        if not matched:
            return
        last = words[at - 1]
        possessive = self.language == "en" and tokens[at][2] == "s"
        if word.skippable and (last.little or possessive):
            self._walk(node, words, tokens, start, at + 1, matched, slipped, quality, paths)
        if slipped >= MAX_SLIPPED:
            return
        if word.slips:
            self._walk(node, words, tokens, start, at + 1, matched, slipped + 1, quality, paths)
        elif word.conjunction and at + 1 < len(words) and words[at + 1] is not _BREAK:
            # "coopération décentralisée et sud-sud", "local and regional governments"
            if slipped and last.slips and at - 1 not in matched:
                self._walk(node, words, tokens, start, at + 1, matched, slipped, quality, paths)
            elif words[at + 1].slips:
                self._walk(node, words, tokens, start, at + 2, matched, slipped + 1, quality, paths)

    def _is_plural(
        self, term: Term, words: Sequence[_Word], tokens: Sequence[Token], matched: tuple[int, ...], head: int
    ) -> bool:
        if term.number != "singular" and not term.type.shortened:
            return term.number == "plural"
        content = [p for p in matched if words[p].symbols.keys().isdisjoint(self._groups)]
        if head >= len(content):
            return False
        form = tokens[content[head]][2]
        if term.type.shortened:
            return form[-1:] == "s" and form[:-1].isupper()
        lower = form.lower()
        singular = [t[2].lower() for t in tokenise(term.text) if t[2]]
        own = [w for w in singular if not self._group(w) and w not in self._articles] or singular
        base = own[head] if head < len(own) else own[0]
        if fold(lower) == fold(base):
            return False
        return lower.endswith(("s", "x", "men")) or lower in ("people", "children")

    def _agrees(self, words: Sequence[_Word], tokens: Sequence[Token], matched: tuple[int, ...]) -> bool:
        """Tell whether the word after slipped ones agrees in number with the one before: they may belong together."""
        if self.language == "en":
            return True
        for a, b in pairwise(matched):
            if all(words[place].skippable for place in range(a + 1, b)):
                continue
            first, second = tokens[a][2].lower(), tokens[b][2].lower()
            if words[a].little or words[b].little:
                continue
            if first.endswith(("s", "x")) != second.endswith(("s", "x")):
                return False
        return True

    def _allowed(self, path: _Path, tokens: Sequence[Token], words: Sequence[_Word], text: str, shouting: bool) -> bool:
        """Tell whether the words found can be the term where they stand."""
        term = path.entry[0]
        if path.end - path.start > 1:
            return True
        start, end, first = tokens[path.start]
        if term.type.shortened:
            if shouting and self._known and simplemma.is_known(first.lower(), lang=self.language):
                return False
            # A part of a longer acronym: ANE-AL is neither ANE nor AL.
            joined = (text[start - 1 : start] == "-" and text[start - 2 : start - 1].isupper()) or (
                text[end : end + 1] == "-" and text[end + 1 : end + 2].isupper()
            )
            return not joined
        if term.part_of_speech == "proper noun" and term.text[:1].isupper():
            return first[:1].isupper()
        if self.language == "fr" and path.start and term.part_of_speech == "noun":
            before = tokens[path.start - 1][2].lower()
            if participle_here([t[2].lower() for t in tokens[max(0, path.start - 2) : path.start]], first.lower()):
                return False
            return bool(term.feminine) or not self._adjective_here(before, words[path.start - 1], term.text)
        if term.part_of_speech == "noun" and verb_here(tokens, path.start, self.language):
            return False
        if self.language == "en" and first.lower().endswith("ing") and path.end < len(tokens):
            following = tokens[path.end][2].lower()  # "training the staff", "training them" are verbs
            return following not in self._skippable and following not in OBJECT_PRONOUNS
        return True

    def _adjective_here(self, before: str, word: _Word, noun: str) -> bool:
        """Tell whether a French feminine that may be an adjective stands right after a noun (*volonté commune*)."""
        if not noun.endswith("e") or len(before) < 4 or word.little or not before.isalpha() or PREPOSED.match(before):
            return False
        masculine = noun[:-1].lower()
        return bool(simplemma.is_known(masculine, lang="fr") and simplemma.lemmatize(masculine, lang="fr") == masculine)

    def in_context(self, term: Term, text: str) -> bool:
        """Tell whether one of a term's words of context stands in a text (a segment and its neighbours)."""
        return self._contexts.any_of(term.near, words_of(text))

    def _hits(self, best: dict[tuple[int, int], list[_Path]], tokens: Sequence[Token], nested: bool) -> list[TermHit]:
        taken: list[tuple[int, int]] = []
        hits: list[TermHit] = []
        # The longest first; of two equally long ones that with fewer words slipped in, then the earlier.
        order = sorted(best, key=lambda span: (span[0] - span[1] + min(p.slipped for p in best[span]) * 0.1, span[0]))
        for span in order:
            if not nested and any(span[0] < b and a < span[1] for a, b in taken):
                continue
            taken.append(span)
            paths = sorted(best[span], key=_rank)
            entries: dict[tuple[str, str, str], Entry] = {}
            for path in paths:
                entries.setdefault((path.entry[1].id, *path.entry[0].key), path.entry)
            first, *others = entries.values()
            lead = paths[0]
            hits.append(
                TermHit(
                    tokens[span[0]][0], tokens[span[1] - 1][1], first[0], first[1], lead.plural, tuple(others),
                    lead.slipped, lead.quality == 2,
                )
            )  # fmt: skip
        hits.sort(key=lambda hit: (hit.start, -hit.end))
        return hits


_ORDER = {status: n for n, status in enumerate(Status)}


def _rank(path: _Path) -> tuple[int, int, bool, int, str]:
    term, concept = path.entry
    return (path.slipped, -path.quality, term.type is TermType.VARIANT, _ORDER[term.status], concept.id)


def _shouts(text: str) -> bool:
    """Tell whether a text is in capitals throughout, so that an acronym cannot be told by its letters."""
    return text.isupper() and sum(ch.isalpha() for ch in text) > 12
