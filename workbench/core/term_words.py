"""What a word may be in a term: its lemma, its kind, and the general words that are nobody's terms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import simplemma

from workbench.core.languages import LANGUAGES
from workbench.core.terms import fold
from workbench.core.words import (
    ARTICLES,
    CLASSES,
    CONJUNCTIONS,
    DETERMINERS,
    FUNCTION_WORDS,
    adjectival,
)


@lru_cache(maxsize=200_000)
def lemma_of(word: str, language: str) -> str:
    """Return a word's lemma without capitals and accents; an acronym as it is."""
    lower = word.lower()
    if word.isupper() and len(word) > 1:
        return word  # an acronym
    if language not in LANGUAGES:
        return fold(lower)
    return fold(simplemma.lemmatize(lower, lang=language).lower())


@lru_cache(maxsize=200_000)
def kind_of(word: str, language: str) -> str:
    """Return ``c`` for a content word, ``p`` for a preposition that may stand inside a term, ``a`` for an article
    that may follow one, ``""`` for what breaks a term off."""
    lower = word.lower()
    if word.isupper() and len(word) > 1 and not any(ch.isdigit() for ch in word):
        return "c"
    classes = CLASSES.get(language, {})
    names = [name for name, group in classes.items() if lower in group]
    if names and not (language == "pt" and names == ["A"] and lower in ("a", "as")):
        return "p:" + names[0]
    if lower in ARTICLES.get(language, ()):
        return "a"
    if (
        lower in FUNCTION_WORDS.get(language, ())
        or lower in DETERMINERS.get(language, ())
        or lower in CONJUNCTIONS.get(language, ())
        or lower in _GENERAL.get(language, ())
        or len(lower) < 2
        or lower.isdigit()
    ):
        return ""
    return "" if _verb(lower, language) else "c"


_INFINITIVES = {"fr": ("er", "ir", "oir", "re"), "es": ("ar", "er", "ir"), "pt": ("ar", "er", "ir", "por")}
_PARTICIPLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "er": {"fr": ("é",), "es": ("ido",), "pt": ("ido",)}, "ir": {"fr": ("i", "ert"), "es": ("ido",), "pt": ("ido",)},
    "ar": {"es": ("ado",), "pt": ("ado",)}, "re": {"fr": ("u", "it", "is")}, "oir": {"fr": ("u",)},
    "por": {"pt": ("posto",)},
}  # fmt: skip


@lru_cache(maxsize=200_000)
def _verb(lower: str, language: str) -> bool:
    """Tell whether a word is more likely a verb than part of a term: its lemma is an infinitive, and it is neither a
    participle nor a noun that ends like an infinitive (*atelier*, *taller*, whose participle is no word)."""
    if language not in _INFINITIVES:
        return False
    lemma = simplemma.lemmatize(lower, lang=language).lower()
    ending = next((e for e in sorted(_INFINITIVES[language], key=len, reverse=True) if lemma.endswith(e)), "")
    if not ending or (adjectival(lower, language) and lemma != lower):
        return False
    stem = lemma[: -len(ending)]
    participles = _PARTICIPLES[ending].get(language, ())
    return any(simplemma.is_known(stem + end, lang=language) for end in participles)


@lru_cache(maxsize=100_000)
def only_adjective(lower: str, language: str) -> bool:
    """Tell by its ending whether a word in small letters can hardly be a noun."""
    endings = {
        "fr": ("ique", "iques", "if", "ive", "ifs", "ives", "aux", "elle", "elles", "able", "ables", "ible", "ibles",
               "euse", "euses", "ée", "ées", "és", "ment", "ale", "ales", "aine", "aines"),
        "es": ("mente", "ivo", "iva", "ivos", "ivas", "able", "ables", "ible", "ibles", "ada", "adas", "idas", "idos",
               "oso", "osa", "osos", "osas", "cional", "cionales"),
        "pt": ("mente", "ivo", "iva", "ivos", "ivas", "ável", "áveis", "ível", "íveis", "ada", "adas", "idas", "idos",
               "oso", "osa", "osos", "osas", "cional", "cionais"),
        "en": ("ly", "ous", "ful", "less", "able", "ible", "ed", "tional", "ical"),
    }.get(language, ())  # fmt: skip
    return lower.endswith(endings)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# General words of reports and web pages that are nobody's terms.
_GENERAL: Mapping[str, frozenset[str]] = {
    "fr": _words(
        "année années an ans jour jours mois fois cas exemple partie nombre manière façon chose moyen point part "
        "suite fin lieu temps ensemble autre autres même mêmes nouveau nouvelle nouvelles nouveaux grand grande "
        "grands grandes premier première dernier dernière deux trois quatre cinq sept tel telle telles tels leur "
        "leurs bien encore déjà toujours souvent aujourd hui ici cela celui celle ceux celles peut doit faut fait "
        "moins mieux plus chacun chacune seul seule aucun aucune bon bonne bons dès non avant après ensuite "
        "quelques pourquoi lui eux elles dont quel quelle quels quelles comment quand combien tout tous toute "
        "toutes selon lors ainsi donc alors aussi propre propres général contraire écrit delà présent présente "
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre être avoir faire "
        "très trop peu beaucoup vous nous votre vos page suivant suivants mise cadre"
    ),
    "es": _words(
        "año años día días mes meses vez veces caso casos ejemplo número manera forma cosa punto parte fin lugar "
        "tiempo conjunto otro otra otros otras mismo misma mismos mismas nuevo nueva nuevos nuevas gran grandes "
        "primer primera primero último última dos tres cuatro cinco siete tal tales bien aún ya siempre hoy aquí "
        "menos mejor solo sólo antes después cuando cuanto tanto uno ningún ninguno porque aunque cual qué quién "
        "quiénes cómo cuándo cuáles cada todo toda todos todas según propio propia allá general enero febrero "
        "marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre pocos común breve esto ello "
        "puede pueden debe deben hacer tener poco mucho muchas muchos usted ustedes página siguiente siguientes "
        "marco"
    ),
    "pt": _words(
        "ano anos dia dias mês meses vez vezes caso casos exemplo número maneira forma coisa ponto parte fim "
        "lugar tempo conjunto outro outra outros outras mesmo mesma mesmos mesmas novo nova novos novas grande "
        "grandes primeiro primeira último última dois duas três quatro cinco sete tal tais bem ainda já sempre "
        "hoje aqui menos melhor só antes depois quando quanto tanto nenhum nenhuma pois porque portanto apenas "
        "além como cada todo toda todos todas segundo próprio própria geral preciso ela ele elas eles muitas "
        "muitos boa bom janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro "
        "próxima próximo isso isto pode podem deve devem fazer ter pouco você vocês página seguinte seguintes "
        "âmbito quais qual"
    ),
    "en": _words(
        "year years day days month months time times case cases example number way ways thing things point part "
        "end place set other others same new great first last two three four five seven such well still already "
        "always often today here there can must make take takes give gives more most less you we they it page "
        "following what when how why only own up out one both within do does held bring brings use used let them "
        "him her whom together much many few down least another better best known given made run put ask come "
        "shall about unless otherwise whether while until each every january february march april may june july "
        "august september october november december"
    ),
}
