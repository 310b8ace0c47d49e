"""The coverage board: texts in rows, the four languages in columns, and in each cell what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from workbench.core.languages import LANGUAGES, base_language
from workbench.core.library import LanguageCoverage, TextCoverage, VersionState
from workbench.services.recent_service import RecentWork
from workbench.ui.components.escape import shorten
from workbench.ui.components.labels import kind_label
from workbench.ui.i18n import day, language_label, percent, tr, trn
from workbench.ui.navigation import anchor


@dataclass(frozen=True, slots=True)
class Action:
    """What to do next with one language of a text.

    Attributes:
        kind: ``open``, ``align``, ``check``, ``translate``, ``update``, ``continue``, ``review`` or ``add``.
        label: Words of the link.
        page: The page it leads to.
        params: The page's parameters.
        urgency: Higher comes first among what to do next; 0 means that nothing has to be done.
    """

    kind: str
    label: str
    page: str
    params: dict[str, str]
    urgency: int = 0


def translated_share(text: TextCoverage, coverage: LanguageCoverage) -> float:
    """Return the share 0–1 of the original's segments that have an answer in this language."""
    original = text.languages.get(text.text.original)
    total = original.segments if original else 0
    if coverage.state == "missing" or not total:
        return 0.0
    return max(0.0, min(1.0, (total - coverage.missing) / total))


def to_review(text: TextCoverage, coverage: LanguageCoverage) -> bool:
    """Tell whether a version is translated to the end and waits to be looked through and published."""
    begun = coverage.state in (VersionState.IN_TRANSLATION, VersionState.DRAFT) and coverage.segments > 0
    return begun and not coverage.drafts and not coverage.stale and translated_share(text, coverage) == 1


def next_action(text: TextCoverage, coverage: LanguageCoverage) -> Action:
    """Return the next best thing to do for one language of a text."""
    slug, language = text.text.slug, coverage.language
    here = {"text": slug}
    there = {"text": slug, "to": language}
    present = [c for c in text.languages.values() if c.state != "missing"]
    if coverage.state == "missing":
        if not any(c.segments for c in present):
            return Action("add", tr("Add"), "add", here, 2)
        return Action("translate", tr("Translate"), "translate", there, 3)
    if coverage.state == VersionState.STALE:
        return Action("update", tr("Update"), "translate", there, 6)
    if to_review(text, coverage):
        return Action("review", tr("Review"), "translate", there, 5)
    if coverage.state in (VersionState.IN_TRANSLATION, VersionState.DRAFT):
        return Action("continue", tr("Continue"), "translate", there, 5)
    if len(present) > 1 and (coverage.aligned is None or coverage.aligned == 0):
        return Action("align", tr("Align"), "align", here, 4)
    if text.doubtful and language == text.text.original:
        label = trn("Check {n} row", "Check {n} rows", text.doubtful)
        return Action("check", label, "align", here, 1)
    return Action("open", tr("Open"), "text", {"text": slug, "version": language})


def next_steps(texts: Iterable[TextCoverage], limit: int = 3) -> list[tuple[TextCoverage, LanguageCoverage, Action]]:
    """Return what to do next in the whole workspace: the most urgent first, one step a text."""
    found = []
    for text in texts:
        steps = [(text, c, next_action(text, c)) for c in text.languages.values()]
        best = max(steps, key=lambda step: step[2].urgency, default=None)
        if best and best[2].urgency:
            found.append(best)
    found.sort(key=lambda step: -step[2].urgency)
    return found[:limit]


def state_words(text: TextCoverage, coverage: LanguageCoverage) -> tuple[str, str, str]:
    """Return a cell's (sign, state, details): the sign and the words say what the colour says."""
    stale = trn("{n} changed", "{n} changed", coverage.stale) if coverage.stale else ""
    new = trn("{n} to add", "{n} to add", coverage.missing) if coverage.missing else ""
    aligned = tr("{share} aligned", share=percent(coverage.aligned)) if coverage.aligned is not None else ""
    if coverage.state == "missing":
        return "–", tr("Missing"), ""
    if coverage.state == VersionState.STALE:
        return "!", tr("Out of date"), ", ".join(filter(None, (stale, new)))
    if to_review(text, coverage):
        return "◑", tr("To review"), tr("translated to the end")
    if coverage.state in (VersionState.IN_TRANSLATION, VersionState.DRAFT):
        share = percent(translated_share(text, coverage))
        return "…", tr("In translation"), tr("{share} translated", share=share)
    details = aligned or tr("not aligned")
    if coverage.language == text.text.original:
        return "●", tr("Original"), details
    return "✓", tr("Published"), details


_TONES = {"missing": "none", "stale": "stale", "in translation": "work", "draft": "work"}


def board_html(texts: Sequence[TextCoverage], query: str = "") -> str:
    """Return the board as HTML, all text from texts escaped.

    Args:
        texts: The rows.
        query: Only for the caption that a screen reader says.
    """
    extra = sorted({c for text in texts for c in text.languages if c not in LANGUAGES})
    head = "".join(
        f'<th scope="col">{escape(language_label(code))} <span class="code">{escape(code)}</span></th>'
        for code in LANGUAGES
    )
    body = "".join(_row(text) for text in texts)
    caption = tr("The network’s texts and how far each language has come")
    note = ""
    if extra:
        note = f'<p class="quiet note">{escape(tr("Also in the workspace: {codes}.", codes=", ".join(extra)))}</p>'
    return (
        f'<table class="board"><caption class="sr">{escape(caption)} {escape(query)}</caption>'
        f'<thead><tr><th scope="col" class="name">{escape(tr("Text"))}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>{note}"
    )


def _row(text: TextCoverage) -> str:
    about = text.text
    title = anchor("text", escape(shorten(about.title, 90)), css="title", text=about.slug)
    facts = " · ".join(filter(None, (kind_label(about.kind), day(about.updated_at))))
    cells = "".join(_cells(text, code) for code in LANGUAGES)
    return f'<tr><th scope="row" class="name">{title}<span class="quiet facts">{escape(facts)}</span></th>{cells}</tr>'


def _cells(text: TextCoverage, column: str) -> str:
    """Return the cell of a column: usually one version, regions of a language one below the other."""
    found = [c for c in text.languages.values() if base_language(c.language) == column]
    return f"<td>{''.join(_cell(text, c, name=len(found) > 1 or c.language != column) for c in found)}</td>"


def _cell(text: TextCoverage, coverage: LanguageCoverage, *, name: bool, always: bool = False) -> str:
    """Return the link that shows a version's state; ``always`` with its details on a line of their own."""
    action = next_action(text, coverage)
    sign, state, details = state_words(text, coverage)
    tone = _TONES.get(coverage.state, "good")
    share = coverage.aligned or 0.0
    if coverage.state in ("in translation", "draft"):
        share = translated_share(text, coverage)
    code = f'<span class="code">{escape(coverage.language)}</span> ' if name else ""
    bar = ""
    if coverage.state != "missing":
        bar = f'<span class="bar" aria-hidden="true"><span style="width:{share * 100:.0f}%"></span></span>'
    head = f'<span class="state"><span class="sign" aria-hidden="true">{sign}</span>{code}{escape(state)}</span>'
    # Words for screen readers stand inside the link: a label would hide what the eye sees from voice control.
    spoken = f"{text.text.title}, {language_label(coverage.language)}: "
    inner = f'<span class="sr">{escape(spoken)}</span>{head}'
    if action.urgency or always:
        inner += f'<span class="do link">{escape(action.label)}</span>'
        inner += f'<span class="details">{escape(details)}</span>{bar}' if details else bar
    else:
        inner += f'<span class="do quiet">{escape(details)}</span><span class="sr"> {escape(action.label)}</span>{bar}'
    return anchor(action.page, inner, css=f"cell {tone}", **action.params)


def cards_html(text: TextCoverage) -> str:
    """Return one text's languages side by side, as on the board."""
    cells = "".join(
        f'<li><span class="language">{escape(language_label(c.language))} '
        f'<span class="code">{escape(c.language)}</span></span>{_cell(text, c, name=False, always=True)}</li>'
        for c in text.languages.values()
    )
    return f'<ul class="cards">{cells}</ul>'


def steps_html(steps: Sequence[tuple[TextCoverage, LanguageCoverage, Action]]) -> str:
    """Return what to do next as a list of links."""
    items = []
    for text, coverage, action in steps:
        sentence, why = _step_words(text, coverage, action)
        inner = (
            f'<span class="what">{escape(sentence)}</span><span class="quiet">{escape(why)}</span>'
            '<span class="arrow" aria-hidden="true">→</span>'
        )
        items.append(f"<li>{anchor(action.page, inner, css='step', **action.params)}</li>")
    return f'<ul class="steps">{"".join(items)}</ul>'


def _step_words(text: TextCoverage, coverage: LanguageCoverage, action: Action) -> tuple[str, str]:
    title, language = shorten(text.text.title, 60), language_label(coverage.language)
    details = state_words(text, coverage)[2]
    match action.kind:
        case "update":
            return tr("Update the {language} of “{title}”", language=language, title=title), tr(
                "The original has changed since: {details}.", details=details
            )
        case "continue":
            return tr("Go on with the {language} of “{title}”", language=language, title=title), f"{details}."
        case "review":
            return tr("Look through the {language} of “{title}” and publish it", language=language, title=title), tr(
                "Every segment has a translation."
            )
        case "translate":
            return tr("Translate “{title}” into {language}", language=language, title=title), tr(
                "This version is missing."
            )
        case "align":
            return tr("Align the versions of “{title}”", title=title), tr(
                "Aligned versions feed the memory with sentences in all their languages."
            )
        case "check":
            return tr("Check the alignment of “{title}”", title=title), trn(
                "{n} row is doubtful.", "{n} rows are doubtful.", text.doubtful
            )
    return tr("Add a version to “{title}”", title=title), tr("It has no text yet.")


def recent_html(recent: Sequence[RecentWork]) -> str:
    """Return what a person last worked on as a line of links."""
    links = []
    for work in recent:
        title = escape(tr("“{title}”", title=shorten(work.title, 50)))
        language = language_label(work.language) if work.language else ""
        what = {
            "translate": tr("translated into {language}", language=language),
            "align": tr("its alignment"),
            "text": tr("its {language} brought in", language=language),
        }[work.what]
        params = {"text": work.slug}
        if work.what == "translate":
            params["to"] = work.language
        elif work.what == "text":
            params["version"] = work.language
        said = f' <span class="quiet">{escape(what)}, {escape(day(work.at))}</span>'
        links.append(f"<li>{anchor(work.what, title, css='link', **params)}{said}</li>")
    head = escape(tr("You last worked on"))
    return f'<div class="recent"><span class="head">{head}</span><ul>{"".join(links)}</ul></div>'
