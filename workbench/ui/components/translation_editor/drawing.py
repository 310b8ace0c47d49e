"""Rows, suggestions, terms and findings as the editor's JavaScript draws them: plain text in pieces, never markup."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workbench.core.checks import Finding
from workbench.core.library import Comment
from workbench.core.matching import differences
from workbench.core.memory import Difference, MatchKind, Suggestion
from workbench.core.segmentation import CODE
from workbench.services.assist_service import Assistance, RowTerm
from workbench.services.translation_service import Earlier, TranslationRow, TranslationView
from workbench.ui.components.escape import shorten
from workbench.ui.i18n import day, language_label, said, tr

if TYPE_CHECKING:
    from workbench.formats.looks import BlockLook

Piece = list[str]


def row_json(row: TranslationRow, *, author: str = "", together: int = 0) -> dict[str, Any]:
    """Return a row: ``k`` key, ``p`` place, ``s`` source, ``t`` target, ``st`` state, ``tok`` token, ``kd`` kind,
    ``lv`` level, ``b`` block, ``d`` draft, ``db`` token it was begun over if the target changed since, ``o``
    others' drafts, ``by`` and ``at`` of the last change, ``rp`` the step that filled it from an identical row (0 if
    another person's), by whom and how many rows stand so, ``cm`` comments.

    Args:
        author: The person at the desk.
        together: How many rows the step that filled this one has filled and nobody has confirmed since.
    """
    out: dict[str, Any] = {
        "k": row.key, "p": row.place, "s": row.source, "t": row.target, "st": str(row.state), "tok": row.token,
        "kd": row.kind.value, "lv": row.level, "b": row.block,
    }  # fmt: skip
    if row.draft is not None:
        out["d"] = row.draft
        if row.draft_base != row.token:
            out["db"] = row.draft_base
    if row.others_draft:
        out["o"] = [list(draft) for draft in row.others_draft]
    if row.changed_by:
        out |= {"by": row.changed_by, "at": row.changed_at}
    if row.repeats is not None:
        out["rp"] = [row.repeats.id if row.repeats.by == author else 0, row.repeats.by, together]
    if row.comments:
        out["cm"] = [_comment(comment) for comment in row.comments]
    return out


def _comment(comment: Comment) -> dict[str, Any]:
    done = [] if comment.open else [comment.resolved_by, comment.resolved_at]
    said = {"id": comment.id, "text": comment.body, "by": comment.by, "at": comment.at}
    return said | ({"done": done} if done else {})


def history_json(row: TranslationRow, earlier: Iterable[Earlier]) -> list[dict[str, Any]]:
    """Return what a row said before, each wording beside the one of today."""
    return [
        {
            "text": was.text, "state": was.state, "at": was.at, "by": was.by,
            "pieces": pieces(was.text, row.target, differences(was.text, row.target)),
        }
        for was in earlier
    ]  # fmt: skip


def assistance_json(view: TranslationView, row: TranslationRow, help_: Assistance) -> dict[str, Any]:
    """Return the help for a row; ``stamp`` changes with it."""
    changed = None
    if row.previous_source is not None:
        changed = pieces(row.source, row.previous_source, differences(row.source, row.previous_source))
    out: dict[str, Any] = {
        "src": marked(row.source, [(term.start, term.end) for term in help_.terms]),
        "terms": [_term(view, row, term) for term in help_.terms],
        "sugg": [_suggestion(row.source, suggestion) for suggestion in help_.suggestions],
        "diff": changed,
        "refs": [[language, language_label(language), text] for language, text in row.references.items() if text],
        "codes": list(dict.fromkeys(match.group() for match in CODE.finditer(row.source))),
    }
    out["partial"] = help_.partial
    out["more"] = help_.more
    out["stamp"] = hashlib.blake2b(json.dumps(out).encode(), digest_size=8).hexdigest()
    return out


def looks_json(looks: Mapping[int, BlockLook]) -> dict[int, dict[str, Any]]:
    """Return how rows look: ``c`` what codes stand for, ``t`` table, row, column, rows and columns of a cell and
    whether it heads them, ``l`` list and whether it counts, ``p`` part of the document outside the body."""
    out: dict[int, dict[str, Any]] = {}
    for key, look in looks.items():
        place = look.place
        said: dict[str, Any] = {"c": dict(look.codes)} if look.codes else {}
        if place.table:
            said["t"] = [place.table, place.row, place.column, place.rows, place.columns, int(place.heads)]
        if place.list:
            said["l"] = [place.list, int(place.numbered)]
        if place.part:
            said["p"] = place.part
        out[key] = said
    return out


def findings_json(text: str, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the findings about a text; places count as JavaScript counts, in UTF-16."""
    return {"text": text, "list": [_finding(text, finding) for finding in findings]}


def _finding(text: str, finding: Finding) -> dict[str, Any]:
    out: dict[str, Any] = {"severity": finding.severity.value, "message": said(finding.sentence), "kind": finding.kind}
    if finding.correction is not None and finding.start is not None and finding.end is not None:
        label = tr("Delete it")
        if finding.correction:
            visible = _visible(finding.correction)
            label = tr("Correct: {text}", text=visible) if visible.strip("⍽ ") else tr("Correct it")
        out["fix"] = {
            "start": utf16(text, finding.start), "end": utf16(text, finding.end), "text": finding.correction,
            "label": label,
        }  # fmt: skip
    return out


def _visible(text: str) -> str:
    """Return a correction as a button can show it: no-break spaces are named, since they cannot be seen."""
    shown = text.replace("\u202f", "⍽").replace("\u00a0", "⍽")
    return shorten(shown, 40)


def utf16(text: str, place: int) -> int:
    """Return a place in ``text``, counted in characters, as JavaScript counts it."""
    return len(text[:place].encode("utf-16-le", errors="surrogatepass")) // 2


def pieces(now: str, before: str, found: Sequence[Difference]) -> list[Piece]:
    """Return two segments as one line of pieces: ``=`` in both, ``-`` only before, ``+`` only now.

    Args:
        found: Differences, ``query`` being a range of ``now``, ``found`` one of ``before``.
    """
    out: list[Piece] = []
    at_now = at_before = 0
    for difference in found:
        if difference.query[0] < at_now or difference.found[0] < at_before:
            continue  # overlapping ones are named elsewhere (case, codes)
        out.append(["=", before[at_before : difference.found[0]]])
        out.append(["-", before[slice(*difference.found)]])
        out.append(["+", now[slice(*difference.query)]])
        at_now, at_before = difference.query[1], difference.found[1]
    out.append(["=", before[at_before:]])
    return _spaced([piece for piece in out if piece[1]])


def _spaced(found: list[Piece]) -> list[Piece]:
    """Put a space between words that stand in one line only because both segments are shown at once."""
    out: list[Piece] = []
    for piece in found:
        if out and piece[1][0].isalnum():
            last = out[-1][1][-1]
            if not last.isspace() and last not in "'’(«“\"-":
                out.append(["=", " "])
        out.append(piece)
    return out


def marked(text: str, spans: Sequence[tuple[int, int]]) -> list[list[str | int | None]]:
    """Cut a text at spans: ``[piece, number of the span or None]``; a span inside an earlier one is left out."""
    out: list[list[str | int | None]] = []
    at = 0
    for number, (start, end) in sorted(enumerate(spans), key=lambda item: item[1]):
        if start < at:
            continue
        if start > at:
            out.append([text[at:start], None])
        out.append([text[start:end], number])
        at = end
    if at < len(text):
        out.append([text[at:], None])
    return out


def _term(view: TranslationView, row: TranslationRow, term: RowTerm) -> dict[str, Any]:
    definition = term.concept.definition(view.target) or term.concept.definition(view.source)
    language = view.target if term.concept.definition(view.target) else view.source
    return {
        "source": row.source[term.start : term.end],
        "sourceStatus": "" if term.found.status.accepted else term.found.status.value,
        "best": term.best.text if term.best else "",
        "targets": [
            [t.text, t.status.value, tr("say “{term}”", term=t.use_instead) if t.use_instead else t.note]
            for t in term.targets
        ],
        "definition": definition,
        "definitionLanguage": language,
        "note": term.found.note,
        "concept": term.concept.id,
    }


def _suggestion(query: str, suggestion: Suggestion) -> dict[str, Any]:
    match = suggestion.match
    if suggestion.via is None and match.kind is not MatchKind.SEMANTIC:
        found = pieces(query, match.found, suggestion.differences)
    else:
        found = [["=", match.found]]
    return {
        "kind": match.kind.value,
        "score": round(match.score),
        "label": _score(suggestion),
        "sig": match.signature,
        "rev": suggestion.reviewed,
        "found": found,
        "foundLanguage": match.language,
        "target": _changed(suggestion),
        "from": _origin(suggestion),
        "unit": match.unit.id,
    }


def _score(suggestion: Suggestion) -> str:
    whole = int(suggestion.score)  # 99.6 is no 100
    return f"≈{whole}" if suggestion.kind is MatchKind.SEMANTIC else str(whole)


def _changed(suggestion: Suggestion) -> list[list[str | None]]:
    """Cut a suggestion's target where it was adapted: ``[piece, what it was]``."""
    out: list[list[str | None]] = []
    at = 0
    for change in sorted(suggestion.changes, key=lambda c: c.span):
        start, end = change.span
        if start < at:
            continue
        if start > at:
            out.append([suggestion.target[at:start], None])
        out.append([suggestion.target[start:end], tr("was: {text}", text=change.before)])
        at = end
    if at < len(suggestion.target):
        out.append([suggestion.target[at:], None])
    return out


def _origin(suggestion: Suggestion) -> list[str]:
    """Return where a suggestion comes from, in parts: text, who, when, through which language, how many say so."""
    parts = [shorten(suggestion.origin, 60)] if suggestion.origin else []
    source_language, target_language = suggestion.match.language, suggestion.language
    support = [p for p in suggestion.match.unit.provenances if p.supports(source_language, target_language)]
    last = max(support or suggestion.match.unit.provenances, key=lambda p: p.at, default=None)
    if last is not None and last.by:
        parts.append(last.by)
    if last is not None and last.at:
        parts.append(day(last.at))
    if suggestion.via:
        parts.append(tr("through {language}", language=language_label(suggestion.via)))
    if suggestion.also:
        parts.append(tr("said {n} times", n=suggestion.also + 1))
    return parts
