"""Spellings and set phrases that recognition looks through: inclusive forms, prefixes, pronouns stuck to verbs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.core.terms import fold
from workbench.core.words import ARTICLES, Token, little_word


def inclusive(word: str) -> str:
    """Return a word (lower case) without inclusive endings: ``élu·e·s`` → ``élus``."""
    if "·" not in word and "•" not in word:
        return word
    parts = word.replace("•", "·").split("·")
    return parts[0] + ("s" if parts[-1].endswith("s") and not parts[0].endswith("s") else "")


_PREFIXES = (
    "anti", "auto", "bio", "co", "contre", "contra", "cyber", "ciber", "eco", "éco", "euro", "extra", "ibero", "infra",
    "inter", "intra", "latino", "macro", "micro", "mono", "multi", "non", "para", "pluri", "poly", "poli", "post",
    "pré", "pre", "re", "ré", "semi", "socio", "sub", "supra", "sur", "sobre", "tele", "télé", "trans", "ultra", "uni",
)  # fmt: skip
_HYPHENATED = re.compile(rf"\b({'|'.join(_PREFIXES)})-(?=\w{{3}})", re.IGNORECASE)
_LOOSE = "|".join(prefix for prefix in _PREFIXES if prefix not in ("re", "ré", "sur", "uni", "pre", "pré"))
_SOLID = re.compile(rf"\b({_LOOSE})(?=\w{{5}})", re.IGNORECASE)


def spellings(form: str) -> list[str]:
    """Return a form with its prefixes' hyphens the other way: ``co-financing``, ``cofinancing``."""
    solid = _HYPHENATED.sub(r"\1", form)
    hyphenated = _SOLID.sub(r"\1-", form)
    return [other for other in dict.fromkeys((solid, hyphenated)) if other != form]


# Set phrases in which a word is not the trade's term.
IDIOMS: dict[str, re.Pattern[str]] = {
    "fr": re.compile(
        r"\b(?:f(?:ai|er|on|i)\w* partie|en (?:grande )?partie|à partir|pren\w+ part|de la part d|d’une part|"
        r"d’accord|d'accord|en fonction de|mett\w+ l’accent|dans le cadre d\w*|en cours|au cours d\w*|"
        r"prise? en compte|tout au long|(?:mise|mises|met\w*|travail\w*) en réseau)\b"
    ),
    "es": re.compile(
        r"\b(?:form\w+ parte|tom\w+ parte|(?:en|por|a) (?:gran )?(?:su )?parte|parte de|llev\w+ a cabo|"
        r"de acuerdo|en el marco de|en curso|a lo largo|ten\w+ en cuenta|en función de|"
        r"(?:puesta|pon\w+|trabaj\w+) en red|en contrapartida|(?:ha|han|había|por) supuesto)\b"
    ),
    "pt": re.compile(
        r"\b(?:faz\w* parte|fazem parte|tom\w+ parte|(?:em|por) (?:grande )?parte|parte d[aeo]s?|no âmbito d\w+|"
        r"de acordo|em curso|ao longo|em função d\w+|"
        r"(?:colocar|trabalh\w+|atua\w*) em rede|em contrapartida)\b"
    ),
    "en": re.compile(r"\b(?:tak\w+ part|took part|part of|in part|in charge|in the course of|of course)\b"),
}


# French adjectives that stand before their noun: after one of these comes a noun.
PREPOSED = re.compile(
    r"(?:petit|grand|nouvel|ancien|autre|même|seul|jeune|vieil|premi[eè]r|deuxième|dernier|dernière|prochain|bon|"
    r"mauvais|haut|gros|long|beau|bel|joli|vaste|futur|simple|propre|double|quelque|plusieurs|certain|différent|divers|"
    r"chaque|deux|trois|quatre|cinq|sept|huit|neuf|onze|douze|treize|quinze|vingt|trente|cent|mille)\w{0,3}$"
)

_AUXILIARIES = frozenset(
    ("est", "sont", "était", "étaient", "été", "être", "sera", "seront", "serait", "soit", "soient", "fut", "furent",
     "a", "ont", "avait", "avaient", "aura", "auront", "ayant", "étant", "suis", "sommes", "avons")
)  # fmt: skip


_OBJECT_ARTICLES = {
    "es": frozenset(("el", "la", "los", "las", "un", "una", "unos", "unas")),
    "pt": frozenset(("o", "os", "as", "um", "uma", "uns", "umas")),  # "a" is a preposition too
}


def verb_here(tokens: Sequence[Token], place: int, language: str) -> bool:
    """Tell whether what may be a noun is a verb between subject and object: *o pescador ata o barco*.

    Args:
        tokens: Those of the text; one without word is punctuation.
        place: Which token is meant.
        language: Without region; only of Spanish and Portuguese, where no noun follows a noun so.
    """
    objects = _OBJECT_ARTICLES.get(language)
    if objects is None or place < 2 or place + 1 >= len(tokens) or tokens[place + 1][2].lower() not in objects:
        return False
    article, subject = tokens[place - 2][2].lower(), tokens[place - 1][2].lower()
    return article in ARTICLES[language] and subject.isalpha() and not little_word(subject, language)


def participle_here(before: list[str], word: str) -> bool:
    """Tell whether a French word (lower case) is a participle rather than a noun: *l’atelier est suivi d’un débat*.

    Args:
        before: The word before, or the two before.
        word: The word itself.
    """
    stem = word.removesuffix("s").removesuffix("e").removesuffix("s")
    if not stem.endswith(("é", "i", "u", "it", "ert")):
        return False
    near = before[-1:] if before[-1:] and not before[-1].endswith("ment") else before[-2:]
    return any(one in _AUXILIARIES for one in near)


_SPANISH_ENCLITICS = ("selos", "selas", "selo", "sela", "melo", "nos", "los", "las", "les", "se", "me", "te", "lo",
                      "la", "le", "os")  # fmt: skip


def stems(word: str, language: str) -> list[str]:
    """Return the word and, where pronouns may be stuck to a verb, what remains without them."""
    stems = [word]
    if language == "es":
        for enclitic in _SPANISH_ENCLITICS:
            stem = word.removesuffix(enclitic)
            if stem != word and (plain := fold(stem)).endswith(("ar", "er", "ir", "ndo")):
                stems.append(plain)
                break
    elif language == "pt" and word.endswith(("á", "ê", "í")):
        stems.append(fold(word) + "r")  # internacionalizá-la: the hyphen has cut the pronoun off
    return stems
