"""Corrections that agree: a replacing term in the number of the replaced one, its article with it.

Articles, contracted prepositions, demonstratives and possessives before a term follow the new term's gender, number
and first sound. Adjectives further away are left to the translator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.core.languages import base_language
from workbench.core.terms import Term, fold

# Families of words before a noun: (masculine singular, feminine singular, masculine plural, feminine plural). French
# has a third singular before a vowel, noted after a slash.
_FAMILIES: Mapping[str, tuple[tuple[str, str, str, str], ...]] = {
    "fr": (
        ("le/l’", "la/l’", "les", "les"), ("du/de l’", "de la/de l’", "des", "des"),
        ("au/à l’", "à la/à l’", "aux", "aux"), ("un", "une", "des", "des"), ("ce/cet", "cette", "ces", "ces"),
        ("son", "sa/son", "ses", "ses"), ("notre", "notre", "nos", "nos"), ("leur", "leur", "leurs", "leurs"),
        ("votre", "votre", "vos", "vos"), ("de/d’", "de/d’", "de/d’", "de/d’"), ("tout", "toute", "tous", "toutes"),
    ),
    "es": (
        ("el", "la", "los", "las"), ("del", "de la", "de los", "de las"), ("al", "a la", "a los", "a las"),
        ("un", "una", "unos", "unas"), ("este", "esta", "estos", "estas"), ("ese", "esa", "esos", "esas"),
        ("nuestro", "nuestra", "nuestros", "nuestras"), ("su", "su", "sus", "sus"),
        ("todo el", "toda la", "todos los", "todas las"),
    ),
    "pt": (
        ("o", "a", "os", "as"), ("do", "da", "dos", "das"), ("ao", "à", "aos", "às"), ("no", "na", "nos", "nas"),
        ("pelo", "pela", "pelos", "pelas"), ("um", "uma", "uns", "umas"), ("este", "esta", "estes", "estas"),
        ("esse", "essa", "esses", "essas"), ("seu", "sua", "seus", "suas"), ("nosso", "nossa", "nossos", "nossas"),
        ("deste", "desta", "destes", "destas"), ("neste", "nesta", "nestes", "nestas"),
    ),
    "en": (("a/an", "a/an", "", ""),),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Replacement:
    """What to write, and where: ``start`` may lie before the term, at its article."""

    start: int
    end: int
    text: str


def form(term: Term, *, plural: bool) -> str:
    """Return a term in the wanted number, or as it stands where it has no such form."""
    return term.plural if plural and term.plural else term.text


def replace_term(
    text: str, start: int, end: int, new: Term, language: str, *, plural: bool, old: Term | None = None
) -> Replacement:
    """Work out the replacement of a term in a text.

    Args:
        text: The text.
        start, end: Span of the term that is to go.
        new: What is to stand there.
        language: The text's language.
        plural: Whether the form that goes is a plural.
        old: The term that goes; where its gender and number are the new one's, the article stays.

    Returns:
        Span and wording; capitals follow those of what was there.
    """
    wording = form(new, plural=plural)
    is_plural = new.number == "plural" or (plural and bool(new.plural))
    gone = text[start:end]
    if gone.isupper() and len(gone) > 1 and not (old and old.type.shortened):
        wording = wording.upper()
    elif gone[:1].isupper() and wording[:1].islower() and not (old and old.type.shortened):
        wording = wording[:1].upper() + wording[1:]
    found = _determiner(text, start, language)
    if found is None:
        return Replacement(start, end, wording)
    at, families, slot, written = found
    family = _family(families, slot, old)
    feminine = new.gender == "feminine" if new.gender in ("masculine", "feminine") else slot in (1, 3)
    wanted = (2 if is_plural else 0) + (1 if feminine else 0)
    article = _fitting(family[wanted], wording, base_language(language), feminine, is_plural)
    if not article:
        return Replacement(start, end, wording)
    if written[:1].isupper():
        article = article[:1].upper() + article[1:]
    glue = "" if article.endswith("’") else " "
    return Replacement(at, end, f"{article}{glue}{wording}")


def _options(cell: str) -> list[str]:
    return [option for option in cell.split("/") if option]


def _determiner(text: str, start: int, language: str) -> tuple[int, list[tuple[str, str, str, str]], int, str] | None:
    """Find the longest known word before a span: (its start, families it may belong to, its slot, as written)."""
    families = _FAMILIES.get(base_language(language), ())
    before = text[:start].replace("'", "’")
    best: tuple[int, list[tuple[str, str, str, str]], int, str] | None = None
    for family in families:
        for slot, cell in enumerate(family):
            for option in _options(cell):
                tail = re.escape(option) if option.endswith("’") else re.escape(option) + r"\s+"
                match = re.search(rf"(?<![\w’])({tail})\Z", before, re.IGNORECASE)
                if match is None:
                    continue
                if best is None or match.start() < best[0]:
                    best = (match.start(), [family], slot, match.group())
                elif match.start() == best[0] and family not in best[1]:
                    best[1].append(family)
    return best


def _family(families: list[tuple[str, str, str, str]], slot: int, old: Term | None) -> tuple[str, str, str, str]:
    """Choose among families that share a form: French *des* is of *du* and of *un*; the first is the likelier."""
    return families[0]


# Feminine nouns that take "el" in the singular: they begin with a stressed a.
_STRESSED_A = re.compile(r"(?:agua|área|aula|arma|acta|alma|ala|ave|hambre|habla|ágora|ánima)\b")


def _fitting(cell: str, wording: str, language: str, feminine: bool, plural: bool) -> str:
    options = _options(cell)
    if not options:
        return ""
    if language == "es" and feminine and not plural and _STRESSED_A.match(wording.lower()):
        return {"la": "el", "de la": "del", "a la": "al", "una": "un"}.get(options[0], options[0])
    if len(options) > 1 and _vowel(wording, language):
        return options[1]
    return options[0]


_ASPIRATED = ("handicap", "haut", "hauteur", "hollande", "hongrie", "huit", "hors", "héros", "halle")
_CONSONANTAL = ("uni", "use", "eu", "one", "ur")  # "a union", "a European"; "an urban" is put right below


def _vowel(wording: str, language: str) -> bool:
    first = fold(wording)
    if language == "fr":
        return first.startswith(("a", "e", "i", "o", "u", "y")) or (
            first.startswith("h") and not first.startswith(tuple(fold(w) for w in _ASPIRATED))
        )
    if wording[:2].isupper():  # an acronym is spelled: an SDG, an NGO, a UN body
        return wording[0] in "AEFHILMNORSX"
    if first.startswith("urb"):
        return True
    return first.startswith(("a", "e", "i", "o", "u")) and not first.startswith(_CONSONANTAL)
