"""Cutting a segment in two and joining two again, inside a service's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.core.library import StoredSegment

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from workbench.store.store import Store


def cut(
    store: Store,
    connection: Connection,
    version: int,
    segment: StoredSegment,
    parts: tuple[str, str],
    at: str,
    by: str,
    *,
    revision: int | None = None,
) -> int:
    """Cut a segment; what it said before is kept beside it and in its history.

    Args:
        parts: What stays in it, and what the new segment right after it says.
        revision: The segment's revision that the person saw.

    Returns:
        The new segment's lasting number.

    Raises:
        ConflictError: somebody changed the segment meanwhile.
    """
    values = {"text": parts[0], "previous_text": segment.previous_text or segment.text}
    store.texts.change_segment(connection, segment.id, values, at, by, expected_revision=revision)
    later = [s for s in store.texts.segments_in(connection, version) if s.position > segment.position]
    store.texts.place_segments(connection, [(s.id, s.position + 1, s.block) for s in later])
    row = {
        "position": segment.position + 1, "block": segment.block, "kind": segment.kind.value,
        "level": segment.level, "text": parts[1], "state": segment.state.value,
    }  # fmt: skip
    return store.texts.add_segments(connection, version, [row], at, by)[0]


def rejoin(
    store: Store,
    connection: Connection,
    version: int,
    segments: tuple[StoredSegment, StoredSegment],
    previous: str | None,
    at: str,
    by: str,
    *,
    text_id: int,
) -> None:
    """Join two segments into the first: a cut taken back. Comments and drafts of the second go to the first.

    Args:
        previous: What :attr:`StoredSegment.previous_text` was before the cut.
    """
    first, second = segments
    for language in store.desk.draft_languages(connection, second.id):
        join_drafts(store, connection, first, second, language, {}, at, text_id)
    store.desk.move_notes(connection, second.id, first.id)
    values = {"text": f"{first.text} {second.text}", "previous_text": previous}
    store.texts.change_segment(connection, first.id, values, at, by)
    store.texts.remove_segments(connection, [second.id])
    later = [s for s in store.texts.segments_in(connection, version) if s.position > second.position]
    store.texts.place_segments(connection, [(s.id, s.position - 1, s.block) for s in later])


def join_drafts(
    store: Store,
    connection: Connection,
    first: StoredSegment,
    second: StoredSegment,
    language: str,
    said: dict[int, str],
    at: str,
    text_id: int,
) -> None:
    """Put the drafts of two source segments together under the first, for each person who has one.

    Args:
        said: By segment, the stored translation that stands in for a draft where a person has only one of the two.
        text_id: The text.
    """
    found = store.desk.drafts_in(connection, language, [first.id, second.id])
    typed = {(segment, by): text for segment, by, text in found}
    for by in dict.fromkeys(by for segment, by, _ in found):
        if (second.id, by) not in typed and not said.get(second.id):
            continue
        parts = [typed.get((number, by), said.get(number, "")) for number in (first.id, second.id)]
        store.desk.put_draft(connection, text_id, language, second.id, "", at, by)
        store.desk.put_draft(connection, text_id, language, first.id, " ".join(p for p in parts if p), at, by)
