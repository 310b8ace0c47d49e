"""Signs that a translation says a term though none of its forms stands there: what the check should not cry at.

A good translator does not repeat a term word for word. Names and quotations stay as they are, a term becomes a verb
or an adjective (*la traduction* – *traducir*), its words are shared out over a sentence (*la cooperación Norte-Sur y la
Sur-Sur*), a pronoun or nothing at all takes up what the sentence before has named, the end of a sentence moves into
the next.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from workbench.core.languages import base_language
from workbench.core.recognition import TermHit
from workbench.core.terms import Concept, Term, fold
from workbench.core.words import Token, inflections, little_word, tokenise

# Words in quotation marks, or set apart by formatting as foreign words are, are cited and not used.
QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"|‘[^’]{2,}’|⟨(\d+)⟩.*?⟨/\1⟩")

# Speaks of words themselves: “which in French is called …”, “the acronym …”.
_LANGUAGE_NAMES = (
    r"fran[cç]ais|anglais|espagnol|portugais|franc[eé]s|ingl[eéê]s|español|portugu[eéê]s|espanhol|castellano|castelhano|"
    r"french|english|spanish|portuguese|castilian"
)
METALANGUAGE = re.compile(
    rf"\b(?:sigles?|siglas?|acronymes?|acr[oóô]nimos?|acronyms?|abbreviations?|abr[eé]viations?|abrevia\w+|initials|"
    rf"(?:en|in|em|du|del|do|from|l’|the) ?(?:{_LANGUAGE_NAMES}))\b",
    re.IGNORECASE,
)

# Each alternative begins where no word runs on, so that a long text is read once.
_CODE_SPAN = re.compile(
    r"``[^`]+``|`[^`\s][^`]*`|https?://\S+|(?<![\w.+/:-])(?:"
    r":\w[\w+.-]*(?::\w[\w+.-]*)*:(?=`)|www\.\S+|[\w.+-]{1,60}@[\w-]+\.[\w.]+|\w+(?:_\w+)+|\w+\(\)|"
    r"[\w/-]{1,80}\.(?:py|html?|docx?|pdf|xlsx?|csv|po|txt|md|com|org|net|eu|fr|es|pt|br|json|xml)\b)|"
    r"%\(\w+\)[sd]|\{\w*\}|</?[a-zA-Z][^<>]{0,200}>"
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


ANAPHORS: dict[str, frozenset[str]] = {
    "fr": _words(
        "celui celle ceux celles cela ceci il ils elle elles lui leur leurs y dernier dernière derniers dernières son "
        "sa ses"
    ),
    "es": _words(
        "este esta estos estas éste ésta éstos éstas esto ese esa esos esas ello él ella ellos ellas dicho dicha "
        "dichos dichas lo le les su sus aquel aquella aquellos aquellas mismo misma mismos mismas"
    ),
    "pt": _words(
        "este esta estes estas isto esse essa esses essas isso ele ela eles elas seu sua seus suas deste desta destes "
        "destas desse dessa nele nela dele dela deles delas lhe lhes mesmo mesma mesmos mesmas referido referida"
    ),
    "en": _words("it its they them their theirs this that these those one ones such latter former he she"),
}
"""Words that take up what was named before."""

_IN_NAMES = _words("de del du des da do das dos d of la el le les los las l the")

_NEXT_NAME = re.compile(r"[ \u00a0-][^\W\d_a-zà-ÿ][\w’'-]+")  # *Embassy* Gardens
_OPENS = re.compile(r"(?:^|[.!?…]\s+)[«“\"¿¡]?\w+\s*$")  # the word before is a sentence's first

MIN_STEM = 5  # letters that a verb or adjective shares with the noun it is derived from
STEM_SHARE = 0.6  # and their least share of the shorter word
SPREAD = 8  # words that may stand between those of a term shared out over a sentence


def without_code(text: str) -> str:
    """Return a text with addresses, file names, identifiers and markup blanked: no term stands there. Places stay."""
    if not any(mark in text for mark in "`_@<{%(.:"):
        return text
    return _CODE_SPAN.sub(lambda match: "|" * len(match.group()), text)


def in_quotation(text: str, hit: TermHit) -> bool:
    """Tell whether a term stands in quotation marks, or is set apart as foreign words are."""
    return any(m.start() < hit.end and hit.start < m.end() for m in QUOTED.finditer(text))


def kept_as_is(hit: TermHit, source: str, target: str) -> bool:
    """Tell whether a term was left untranslated on purpose: in a quotation, or in a longer name."""
    surface = source[hit.start : hit.end]
    at = target.find(surface)
    if at < 0:
        return False
    if in_quotation(source, hit):
        return True
    if not surface[:1].isupper():
        return False
    before = [text for _, _, text in tokenise(target[:at])][-4:]
    if before and before[-1].lower() in _IN_NAMES and _OPENS.search(target[:at]):
        before.pop()  # *The* Mayor: its capital is the sentence's
    while before and before[-1] in _IN_NAMES:  # Plaza *del* Ayuntamiento
        before.pop()
    if before and before[-1][:1].isupper():
        return True
    following = _NEXT_NAME.match(source, hit.end)
    return following is not None and surface + following.group() in target


def paraphrased(terms: Collection[Term], target: str, language: str, taken: Sequence[TermHit]) -> bool:
    """Tell whether a translation says one of these terms in other shapes.

    Args:
        terms: The accepted terms of the concept in the target's language.
        language: The target's.
        taken: Terms of other concepts in the translation: their words say something else.
    """
    tokens = [t for t in tokenise(target) if t[2]]
    free = [t for t in tokens if not any(h.start <= t[0] and t[1] <= h.end for h in taken)]
    return any(_shared_out(term, tokens, language) or _derived(term, free, language) for term in terms)


def taken_up(source: str, target: str, hit: TermHit, source_language: str, target_language: str) -> bool:
    """Tell whether a translation may take up a term that its predecessor has said: by a pronoun, or by leaving it out
    with nothing in its place."""
    words = [text.lower() for _, _, text in tokenise(target) if text]
    if ANAPHORS.get(base_language(target_language), frozenset()).intersection(words):
        return True
    said = _content(tokenise(source), source_language)
    gone = len(_content(tokenise(source[hit.start : hit.end]), source_language))
    return len(_content(tokenise(target), target_language)) <= len(said) - gone


def _content(tokens: Sequence[Token], language: str) -> list[str]:
    return [text.lower() for _, _, text in tokens if text and not little_word(text.lower(), language)]


@lru_cache(maxsize=20_000)
def _classes(text: str, language: str) -> tuple[frozenset[str], ...]:
    """Return, for each content word of a term, its inflected forms without accents."""
    words = _content(tokenise(text), language)
    return tuple(frozenset(fold(f) for f in inflections(word, language, gender=True)) for word in words)


def _shared_out(term: Term, tokens: Sequence[Token], language: str) -> bool:
    """Tell whether all words of a term of several stand in a text, near each other, in any order."""
    classes = _classes(term.text, base_language(language))
    if len(classes) < 2 or term.type.shortened:
        return False
    places: list[int] = []
    for forms in classes:
        found = [n for n, token in enumerate(tokens) if fold(token[2]) in forms and n not in places]
        if not found:
            return False
        places.append(found[0] if not places else min(found, key=lambda n: abs(n - places[-1])))
    return max(places) - min(places) < len(places) + SPREAD


def _derived(term: Term, tokens: Sequence[Token], language: str) -> bool:
    """Tell whether a verb or adjective of the family of a one-word term stands in a text.

    Another noun of the family is another notion (*gouvernance*, *gouvernement*), and what ends in *-ism* is not said by
    its adjective.
    """
    base = base_language(language)
    classes = _classes(term.text, base)
    if len(classes) != 1 or term.type.shortened or term.part_of_speech == "proper noun":
        return False
    word = fold(term.text.split()[-1])
    if len(word) < MIN_STEM or word.endswith(("isme", "ismo", "ism")) or base not in _NOUN_ENDINGS:
        return False
    nouns = _NOUN_ENDINGS[base]
    found = (fold(text) for _, _, text in tokens if len(text) >= MIN_STEM)
    return any(_family(word, other) and not nouns.search(other) for other in found)


# Without accents. Verbs and adjectives end otherwise, but for French -ment (adverbs and nouns) and the like.
_NOUN_ENDINGS = {
    "fr": re.compile(r"(?:tion|sion|ment|ite|isme|iste|eur|euse|rice|ance|ence|age|ure|ie|esse)s?$"),
    "es": re.compile(r"(?:cion|sion|ciones|siones|miento|mientos|dad|dades|ismo|ista|ismos|istas|dor|dora|dores|doras|"
                     r"ancia|encia|anza|anzas|aje|ajes|ura|uras)$"),
    "pt": re.compile(r"(?:cao|coes|sao|soes|mento|mentos|dade|dades|ismo|ista|ismos|istas|dor|dora|dores|doras|ancia|"
                     r"encia|anca|ancas|agem|agens|ura|uras)$"),
    "en": re.compile(r"(?:tion|sion|ment|ity|ism|ist|er|or|ance|ence|age|ure|ness|ship|ee|ies|ant)s?$"),
}  # fmt: skip


def _family(a: str, b: str) -> bool:
    shared = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        shared += 1
    return shared >= MIN_STEM and shared >= STEM_SHARE * min(len(a), len(b)) and shared >= min(len(a), len(b)) - 4


def lower_forms(term: Term) -> set[str]:
    """Return all forms of a term in small letters."""
    return {form.lower() for form in term.forms}


def as_written(hit: TermHit, text: str) -> Sequence[tuple[Term, Concept]]:
    """Return the terms that a hit spells out, where there are any: to the lemmatiser *best* is a form of *good*."""
    surface = text[hit.start : hit.end].lower()
    return [e for e in hit.entries if surface in lower_forms(e[0])] or hit.entries


def opens_sentence(text: str, start: int) -> bool:
    """Tell whether a sentence begins at a place of a text."""
    before = text[:start].rstrip(' \u00a0«“"(¿¡')
    return not before or before[-1] in ".!?:;–—•"
