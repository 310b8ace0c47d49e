"""Words of the four languages: tokens, the little words between them, and regular inflection.

The inflection rules are the regular ones of school grammars; they propose forms, and a proposed form that is no word
does no harm, since it never stands in a text. What is irregular is left to the declared forms of a term and to
simplemma's lemmas.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from workbench.core.languages import base_language

_CODE = r"⟨/?\d{1,4}/?⟩"  # formatting inside a segment: no word, no break
_LETTERS = r"[^\W_]+"
_BREAK = r"[.,;:!?()\[\]{}«»“”\"…—|/\n•]"
# Acronyms with full stops, French inclusive spelling (élu·e·s), then plain words; anything that breaks a term off.
_ITEM = rf"{_CODE}|((?:[^\W\d_]\.){{2,}}|{_LETTERS}(?:[·•]{_LETTERS})+|{_LETTERS})|({_BREAK})"
_ITEMS = re.compile(_ITEM)
_ITEMS_DECOMPOSED = re.compile(_ITEM.replace(_LETTERS, r"(?:[^\W_][\u0300-\u036f]*)+"))

Token = tuple[int, int, str]
"""(start, end, text); the text is empty for a break such as a comma, which no term crosses."""


def tokenise(text: str) -> list[Token]:
    """Cut a text into words and breaks.

    Hyphens, apostrophes, spaces and inline codes separate words without breaking a term off: ``Sud-Sud`` is
    ``Sud``, ``Sud``, and ``l’eau`` is ``l``, ``eau``.
    """
    items = _ITEMS
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        items = _ITEMS_DECOMPOSED
    tokens: list[Token] = []
    for match in items.finditer(text):
        group = match.lastindex
        if group == 1:
            tokens.append((match.start(), match.end(), match.group(1)))
        elif group == 2:
            tokens.append((match.start(), match.end(), ""))
    return tokens


# Little words. A class stands for a preposition in all its contractions; articles may come and go after one.
CLASSES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "fr": {
        "DE": frozenset(("de", "d", "du", "des")),
        "A": frozenset(("à", "a", "au", "aux")),
        "EN": frozenset(("en",)),
    },
    "es": {
        "DE": frozenset(("de", "del")),
        "A": frozenset(("a", "al")),
        "EN": frozenset(("en",)),
    },
    "pt": {
        "DE": frozenset(("de", "do", "da", "dos", "das", "d", "dum", "duma", "deste", "desta", "destes", "destas")),
        "A": frozenset(("a", "à", "ao", "aos", "às", "as")),
        "EM": frozenset(("em", "no", "na", "nos", "nas", "num", "numa")),
        "POR": frozenset(("por", "pelo", "pela", "pelos", "pelas")),
    },
    "en": {"OF": frozenset(("of",))},
}

ARTICLES: Mapping[str, frozenset[str]] = {
    "fr": frozenset(("le", "la", "les", "l", "un", "une", "des", "du")),
    "es": frozenset(("el", "la", "los", "las", "lo", "un", "una", "unos", "unas")),
    "pt": frozenset(("o", "a", "os", "as", "um", "uma", "uns", "umas")),
    "en": frozenset(("the", "a", "an")),
}

# They stand between a preposition and its noun as articles do.
DETERMINERS: Mapping[str, frozenset[str]] = {
    "fr": frozenset(
        ("ce", "cet", "cette", "ces", "son", "sa", "ses", "notre", "nos", "votre", "vos", "leur", "leurs", "mon", "ma",
         "mes", "chaque", "tout", "tous", "toute", "toutes", "plusieurs", "certains", "certaines", "différents",
         "différentes", "divers", "diverses")
    ),
    "es": frozenset(
        ("este", "esta", "estos", "estas", "ese", "esa", "esos", "esas", "su", "sus", "nuestro", "nuestra", "nuestros",
         "nuestras", "cada", "todo", "toda", "todos", "todas", "varios", "varias", "diferentes", "distintos",
         "distintas", "diversos", "diversas", "algunos", "algunas")
    ),
    "pt": frozenset(
        ("este", "esta", "estes", "estas", "esse", "essa", "esses", "essas", "seu", "sua", "seus", "suas", "nosso",
         "nossa", "nossos", "nossas", "cada", "todo", "toda", "todos", "todas", "vários", "várias", "diferentes",
         "diversos", "diversas", "alguns", "algumas")
    ),
    "en": frozenset(
        ("this", "that", "these", "those", "its", "their", "our", "your", "his", "her", "each", "every", "all", "some",
         "many", "several", "various", "any")
    ),
}  # fmt: skip

CONJUNCTIONS: Mapping[str, frozenset[str]] = {
    "fr": frozenset(("et", "ou")),
    "es": frozenset(("y", "e", "o", "u")),
    "pt": frozenset(("e", "ou")),
    "en": frozenset(("and", "or")),
}


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Other words that never carry a term's meaning: none of them may slip into a term.
FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    "fr": _words(
        "avec sans sur sous dans par pour entre vers chez contre depuis pendant que qui dont où ne pas plus mais donc "
        "or ni car si il elle on ils elles se s qu n y est sont a ont été être avoir sera seront était étaient comme "
        "ainsi aussi selon lors afin parmi c j m t"
    ),
    "es": _words(
        "con sin sobre bajo por para entre hacia contra desde durante que quien cuyo donde no más pero ni si se es son "
        "ha han fue fueron ser estar será serán era eran como así también según hasta tras ante mediante lo le les "
        "muy"
    ),
    "pt": _words(
        "com sem sobre sob para entre contra desde durante que quem cujo onde não mais mas nem se é são foi foram ser "
        "estar será serão era eram como assim também segundo até após ante mediante lhe lhes muito há"
    ),
    "en": _words(
        "with without on in at by for to from into between among against since during that which who whose where not "
        "but nor if it is are was were be been being has have had will would can could should may as so also than "
        "then s about through under over"
    ),
}

OBJECT_PRONOUNS = frozenset(("them", "him", "her", "us", "me", "you", "it"))
"""English ones: before them stands a verb."""

_ADJECTIVAL: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(
        r"\w{2,}(?:al|ale|aux|ales|el|elle|els|elles|ique|iques|if|ive|ifs|ives|aire|aires|ien|ienne|iens|iennes|éen|"
        r"éenne|éens|éennes|eux|euse|euses|able|ables|ible|ibles|ant|ante|ants|antes|ent|ente|ents|entes|é|ée|és|ées|"
        r"ain|aine|ains|aines|ais|aise|aises|ois|oise|oises|teur|trice|teurs|trices|u|ue|us|ues|ment|onal|in|ine|ins|"
        r"ines|oire|oires|er|ère|ers|ères|nord|sud|ouverte?s?|nouveaux?|nouvelles?|grande?s?|petite?s?|libres?|"
        r"durables?|majeure?s?)$"
    ),
    "es": re.compile(
        r"\w{2,}(?:al|ales|ar|ares|ico|ica|icos|icas|ivo|iva|ivos|ivas|ado|ada|ados|adas|ido|ida|idos|idas|ario|aria|"
        r"arios|arias|able|ables|ible|ibles|oso|osa|osos|osas|uo|ua|uos|uas|il|iles|ante|antes|ente|entes|iente|ientes|ano|ana|anos|anas|"
        r"ino|ina|inos|inas|eño|eña|eños|eñas|és|esa|eses|esas|or|ora|ores|oras|mente|eo|ea|eos|eas|orio|oria|orios|"
        r"orias|bles?|nuev[oa]s?|grandes?|gran|mayor(?:es)?|mutu[oa]s?|públic[oa]s?|pequeñ[oa]s?|median[oa]s?)$"
    ),
    "pt": re.compile(
        r"\w{2,}(?:al|ais|ar|ares|ico|ica|icos|icas|ivo|iva|ivos|ivas|ado|ada|ados|adas|ido|ida|idos|idas|ário|ária|"
        r"ários|árias|ável|áveis|ível|íveis|oso|osa|osos|osas|uo|ua|uos|uas|il|is|ante|antes|ente|entes|iente|ientes|ano|ana|anos|anas|"
        r"ino|ina|inos|inas|eiro|eira|eiros|eiras|ês|esa|eses|esas|or|ora|ores|oras|mente|eu|eia|eus|eias|ório|ória|"
        r"órios|órias|nov[oa]s?|grandes?|mútu[oa]s?|públic[oa]s?|pequen[oa]s?|maior(?:es)?|médi[oa]s?)$"
    ),
    "en": re.compile(
        r"\w{2,}(?:al|ic|ive|ed|ous|ary|able|ible|ful|less|ian|ean|can|ese|ent|ant|ly|wide|ory|lar|ing|ern|ish|"
        r"new|joint|mutual|strong|small|large|major|public|urban|rural|open|main|good|better|young|long|short|term)$"
    ),
}  # fmt: skip


def little_word(word: str, language: str) -> bool:
    """Tell whether a word (lower case) is an article, preposition, conjunction or the like."""
    base = base_language(language)
    return (
        word in ARTICLES.get(base, ())
        or any(word in group for group in CLASSES.get(base, {}).values())
        or word in FUNCTION_WORDS.get(base, ())
        or word in DETERMINERS.get(base, ())
        or word in CONJUNCTIONS.get(base, ())
    )


@lru_cache(maxsize=65_536)
def adjectival(word: str, language: str) -> bool:
    """Tell whether a word (lower case) looks like an adjective, participle or adverb: it may slip into a term."""
    base = base_language(language)
    pattern = _ADJECTIVAL.get(base)
    return bool(pattern and pattern.match(word)) and not little_word(word, base)


def plurals(word: str, language: str) -> frozenset[str]:
    """Return the regular plurals of a word (lower case), with accents as they then stand."""
    base = base_language(language)
    if not word or not word[-1].isalpha():
        return frozenset()
    return frozenset(_PLURALS[base](word)) if base in _PLURALS else frozenset()


def _french(word: str) -> set[str]:
    if word.endswith(("s", "x", "z")):
        return {word}
    forms = {word + "s"}
    if word.endswith("al"):
        forms.add(word[:-2] + "aux")
    if word.endswith("ail"):
        forms.add(word[:-3] + "aux")
    if word.endswith(("eau", "eu", "ou", "au")):
        forms.add(word + "x")
    return forms


_ACUTE = str.maketrans("áéíóú", "aeiou")


def _spanish(word: str) -> set[str]:
    if word[-1] in "aeiouáéó":
        return {word + "s"}
    if word[-1] in "íú":
        return {word + "s", word + "es"}
    if word.endswith("z"):
        return {word[:-1] + "ces"}
    if word.endswith(("s", "x")) and not re.search("[áéíóú]s$", word):
        return {word, word + "es"}
    # nación → naciones: the accent of the last syllable goes; joven → jóvenes is left to the lemmas.
    return {word[:-2] + word[-2:].translate(_ACUTE) + "es", word + "s"}


def _portuguese(word: str) -> set[str]:
    if word.endswith("ão"):
        return {word[:-2] + end for end in ("ões", "ãos", "ães")}
    if word.endswith("m"):
        return {word[:-1] + "ns"}
    if word.endswith(("r", "z", "n")):
        return {word + "es", word + "s"}
    if word.endswith("s"):
        return {word, word.translate(str.maketrans("êé", "ee")) + "es"}
    if word.endswith("l"):
        stem = word[:-2]
        ends = {"al": ("ais",), "el": ("éis", "eis"), "ol": ("óis",), "ul": ("uis",), "il": ("is", "eis")}
        return {stem.translate(str.maketrans("áíú", "aiu")) + e for e in ends.get(word[-2:], ("is",))} | {
            stem + e for e in ends.get(word[-2:], ("is",))
        }
    return {word + "s"}


_IRREGULAR = {
    "man": "men", "woman": "women", "child": "children", "person": "people", "foot": "feet", "criterion": "criteria",
    "medium": "media", "alderman": "aldermen", "alderwoman": "alderwomen", "basis": "bases", "phenomenon": "phenomena",
    "chairman": "chairmen", "chairwoman": "chairwomen", "spokesman": "spokesmen", "crisis": "crises",
}  # fmt: skip


def _english(word: str) -> set[str]:
    if word in _IRREGULAR:
        return {_IRREGULAR[word]}
    if re.search("[^aeiou]y$", word):
        return {word[:-1] + "ies"}
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return {word + "es", word}
    if word.endswith("fe"):
        return {word[:-2] + "ves", word + "s"}
    if word.endswith("o"):
        return {word + "s", word + "es"}
    return {word + "s"}


_PLURALS = {"fr": _french, "es": _spanish, "pt": _portuguese, "en": _english}


def feminines(word: str, language: str) -> frozenset[str]:
    """Return what the regular feminine (or masculine) of an adjective would be, singular, lower case."""
    base = base_language(language)
    rules = _GENDER.get(base, ())
    return frozenset(word[: len(word) - len(end)] + new for end, new in rules if word.endswith(end))


# (ending, ending of the other gender), both directions; applied to adjectives and participles inside terms only.
_GENDER: Mapping[str, tuple[tuple[str, str], ...]] = {
    "fr": (
        ("", "e"), ("e", ""), ("if", "ive"), ("ive", "if"), ("eux", "euse"), ("euse", "eux"), ("el", "elle"),
        ("elle", "el"), ("ien", "ienne"), ("ienne", "ien"), ("éen", "éenne"), ("éenne", "éen"), ("er", "ère"),
        ("ère", "er"), ("teur", "trice"), ("trice", "teur"), ("c", "que"), ("que", "c"), ("on", "onne"),
        ("eau", "elle"), ("elle", "eau"), ("et", "ète"), ("ète", "et"), ("aux", "ales"), ("ales", "aux"),
        ("ifs", "ives"), ("ives", "ifs"), ("s", "es"), ("es", "s"), ("els", "elles"), ("elles", "els"),
    ),
    "es": (
        ("o", "a"), ("a", "o"), ("os", "as"), ("as", "os"), ("or", "ora"), ("ora", "or"), ("ores", "oras"),
        ("oras", "ores"), ("és", "esa"), ("esa", "és"), ("án", "ana"), ("ón", "ona"),
    ),
    "pt": (
        ("o", "a"), ("a", "o"), ("os", "as"), ("as", "os"), ("or", "ora"), ("ora", "or"), ("ores", "oras"),
        ("oras", "ores"), ("ês", "esa"), ("esa", "ês"), ("eu", "eia"), ("eia", "eu"), ("ão", "ã"), ("ã", "ão"),
    ),
}  # fmt: skip


def inflections(word: str, language: str, *, gender: bool) -> frozenset[str]:
    """Return a word (lower case) with its regular plurals and, if wanted, the other gender."""
    stems = {word, *(feminines(word, language) if gender else ())}
    forms = set(stems)
    for stem in stems:
        forms |= plurals(stem, language)
    return frozenset(forms)
