"""Writing to the memory: units joined with those there, sources taken back, what nothing supports removed.

Every function runs inside a transaction that began with :func:`lock`, so that two writers never decide on the same
state of the memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.core.matching import key_hash, text_key
from workbench.core.memory import Learnt, NewUnit, Source
from workbench.store.memory_known import among, chunks, load_known
from workbench.store.memory_schema import (
    memory_history,
    memory_removed,
    memory_sources,
    memory_state,
    memory_support,
    memory_units,
    memory_variants,
)


@dataclass(slots=True)
class Pen:
    """The right to write: the memory's revision after this transaction, and numbers for new rows."""

    connection: Connection
    revision: int
    next_id: int
    at: str
    by: str

    def number(self) -> int:
        """Return a number that no row has."""
        self.next_id += 1
        return self.next_id - 1

    def close(self) -> None:
        """Write down which numbers are given out."""
        self.connection.execute(sa.update(memory_state).values(next_id=self.next_id))


def lock(connection: Connection, at: str, by: str, *, change: bool = True) -> Pen:
    """Begin to write: other writers of the memory wait until this transaction ends.

    Args:
        change: Whether readers will see a difference; caches compare the revision this raises.
    """
    step = 1 if change else 0
    connection.execute(sa.update(memory_state).values(revision=memory_state.c.revision + step))
    row = connection.execute(sa.select(memory_state)).one()
    return Pen(connection, row.revision, row.next_id, at, by)


def put_source(pen: Pen, source: Source) -> int:
    """Insert or bring up to date a source and return its number."""
    values = {
        "kind": source.kind.value, "name": source.name, "text_slug": source.text_slug, "revision": source.revision,
        "aligner": source.aligner,
    }  # fmt: skip
    table = memory_sources
    found = pen.connection.execute(sa.select(table).where(table.c.key == source.key)).first()
    if found is None:
        number = pen.number()
        pen.connection.execute(sa.insert(table).values(id=number, key=source.key, **values))
        return number
    if any(getattr(found, name) != value for name, value in values.items()):
        pen.connection.execute(sa.update(table).where(table.c.id == found.id).values(values))
    return int(found.id)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A unit to learn, and from what. ``at`` and ``by`` are this transaction's unless it was learnt before."""

    unit: NewUnit
    source_id: int
    reviewed: bool
    at: str = ""
    by: str = ""


def learn(pen: Pen, lessons: Sequence[Lesson], *, batch_id: int | None = None) -> Learnt:
    """Put units into the memory: join them with those there, or add them.

    Args:
        lessons: Cleaned units; of two at the same place of a source the last counts.
        batch_id: The import they come by; seen by nobody before it is published.
    """
    units = [lesson.unit for lesson in lessons]
    hashes = [{language: key_hash(text_key(text)) for language, text in unit.variants.items()} for unit in units]
    known = load_known(pen.connection, {h for found in hashes for h in found.values()}, batch_id)
    old = _support_at(
        pen.connection, {(lesson.source_id, lesson.unit.place) for lesson in lessons if lesson.unit.place}
    )
    unit_rows: list[dict[str, Any]] = []
    variant_rows: list[dict[str, Any]] = []
    support: list[tuple[int, Lesson]] = []
    grown: dict[int, tuple[dict[str, str], dict[str, str]]] = {}
    ids: list[int] = []
    added: set[int] = set()
    seen_known = 0
    for lesson, by_language in zip(lessons, hashes, strict=True):
        unit = lesson.unit
        number = known.find(unit.variants)
        if number is None:
            number = pen.number()
            added.add(number)
            unit_rows.append(
                {
                    "id": number, "batch_id": batch_id, "changed_revision": pen.revision,
                    "created_at": lesson.at or pen.at, "changed_at": lesson.at or pen.at,
                    "changed_by": lesson.by or pen.by,
                }
            )  # fmt: skip
            missing = list(unit.variants)
        else:
            missing = [language for language in unit.variants if language not in known.texts[number]]
            if missing and number not in added:
                grown.setdefault(number, (dict(known.texts[number]), {}))[1].update(
                    {language: unit.variants[language] for language in missing}
                )
            elif not missing:
                seen_known += 1
        for language in missing:
            variant_rows.append(
                {
                    "id": pen.number(), "unit_id": number, "batch_id": batch_id, "language": language,
                    "text": unit.variants[language], "key_hash": by_language[language],
                }
            )  # fmt: skip
            known.add(number, language, unit.variants[language])
        support.append((number, lesson))
        ids.append(number)
    _insert(pen.connection, memory_units, unit_rows)
    _insert(pen.connection, memory_variants, variant_rows)
    if batch_id is None:
        touch(pen, list(grown))
        write_history(pen, "grown", [(n, before, {**before, **more}) for n, (before, more) in grown.items()])
    freed = _put_support(pen, support, old, batch_id)
    prune(pen, freed, "replaced")
    return Learnt(len(added), len(grown), seen_known, tuple(ids))


def retract(pen: Pen, source_id: int, places: Sequence[str] | None = None) -> int:
    """Take back what a source supports, all or at some places; return how many units that removed."""
    table = memory_support
    wanted = [table.c.source_id == source_id]
    groups: Iterable[list[Any]] = [[]] if places is None else chunks(places)
    freed: set[int] = set()
    for group in groups:
        where = sa.and_(*wanted, among(pen.connection, table.c.place, group)) if places is not None else wanted[0]
        freed.update(pen.connection.execute(sa.select(table.c.unit_id).where(where)).scalars())
        pen.connection.execute(sa.delete(table).where(where))
    return prune(pen, freed, "retracted")


def prune(pen: Pen, unit_ids: Iterable[int], operation: str) -> int:
    """Remove the languages of these units that no source supports, and units with fewer than two left.

    Returns:
        How many units went.
    """
    removed = 0
    for group in chunks(sorted(set(unit_ids))):
        texts = unit_texts(pen.connection, group)
        supported: dict[int, set[str]] = {number: set() for number in group}
        query = sa.select(memory_support.c.unit_id, memory_support.c.languages)
        for number, languages in pen.connection.execute(
            query.where(among(pen.connection, memory_support.c.unit_id, group))
        ):
            supported[number].update(languages.split())
        gone: list[int] = []
        history: list[tuple[int, dict[str, str], dict[str, str]]] = []
        for number, before in texts.items():
            after = {language: text for language, text in before.items() if language in supported[number]}
            if len(after) < 2:
                gone.append(number)
                history.append((number, before, {}))
            elif len(after) < len(before):
                history.append((number, before, after))
                pen.connection.execute(
                    sa.delete(memory_variants).where(
                        memory_variants.c.unit_id == number, memory_variants.c.language.not_in(list(after))
                    )
                )
        write_history(pen, operation, history)
        touch(pen, [number for number, _, after in history if after])
        remove_units(pen, gone)
        removed += len(gone)
    return removed


def remove_units(pen: Pen, unit_ids: Sequence[int]) -> None:
    """Delete units with all that hangs on them, and leave their numbers for the caches."""
    for group in chunks(unit_ids):
        for table in (memory_support, memory_variants):
            pen.connection.execute(sa.delete(table).where(among(pen.connection, table.c.unit_id, group)))
        pen.connection.execute(sa.delete(memory_units).where(among(pen.connection, memory_units.c.id, group)))
        _insert(pen.connection, memory_removed, [{"unit_id": n, "removed_revision": pen.revision} for n in group])


def join_units(pen: Pen, kept: int, other: int) -> None:
    """Put one unit into another that says the same: it gains the languages and all the support of the other."""
    texts = unit_texts(pen.connection, [kept, other])
    missing = [language for language in texts[other] if language not in texts[kept]]
    variants, support = memory_variants, memory_support
    pen.connection.execute(
        sa.update(variants)
        .where(variants.c.unit_id == other, variants.c.language.in_(missing))
        .values(unit_id=kept, batch_id=None)
    )
    pen.connection.execute(sa.update(support).where(support.c.unit_id == other).values(unit_id=kept))
    uses = pen.connection.execute(sa.select(memory_units.c.uses).where(memory_units.c.id == other)).scalar_one()
    pen.connection.execute(
        sa.update(memory_units).where(memory_units.c.id == kept).values(uses=memory_units.c.uses + uses, batch_id=None)
    )
    after = {**texts[other], **texts[kept]}
    pen.connection.execute(
        sa.update(variants).where(variants.c.unit_id == kept).values(batch_id=None)
    )  # support of several sources now: no import alone can take it away
    write_history(pen, "joined", [(kept, texts[kept], after), (other, texts[other], {})])
    touch(pen, [kept])
    remove_units(pen, [other])


def change_texts(pen: Pen, changes: Mapping[int, Mapping[str, str]], operation: str) -> None:
    """Give units other texts in some of their languages; a language set to ``""`` is taken out."""
    for group in chunks(sorted(changes)):
        before = unit_texts(pen.connection, group)
        history = []
        for number in group:
            if number not in before:
                continue
            for language, text in changes[number].items():
                where = sa.and_(memory_variants.c.unit_id == number, memory_variants.c.language == language)
                if not text:
                    pen.connection.execute(sa.delete(memory_variants).where(where))
                elif language in before[number]:
                    values = {"text": text, "key_hash": key_hash(text_key(text))}
                    pen.connection.execute(sa.update(memory_variants).where(where).values(values))
            after = {k: v for k, v in {**before[number], **changes[number]}.items() if v}
            history.append((number, before[number], after))
        touch(pen, [number for number, _, _ in history])
        write_history(pen, operation, history)


def unit_texts(
    connection: Connection, unit_ids: Sequence[int], batch_id: int | None = None
) -> dict[int, dict[str, str]]:
    """Return the texts of units by number and language, staged ones included.

    Args:
        batch_id: Where a language stands twice, take this import's.
    """
    out: dict[int, dict[str, str]] = {}
    own: set[tuple[int, str]] = set()
    table = memory_variants
    for group in chunks(unit_ids):
        query = sa.select(table.c.unit_id, table.c.language, table.c.text, table.c.batch_id)
        for number, language, text, batch in connection.execute(query.where(among(connection, table.c.unit_id, group))):
            if (number, language) not in own:
                out.setdefault(number, {})[language] = text
            if batch_id is not None and batch == batch_id:
                own.add((number, language))
    return out


def write_history(
    pen: Pen, operation: str, entries: Iterable[tuple[int, Mapping[str, str], Mapping[str, str]]]
) -> None:
    """Write down what units said before and after a change."""
    rows = [
        {
            "id": pen.number(), "unit_id": number, "operation": operation, "before": dict(before),
            "after": dict(after), "at": pen.at, "by": pen.by,
        }
        for number, before, after in entries
    ]  # fmt: skip
    _insert(pen.connection, memory_history, rows)


def _support_at(connection: Connection, places: Iterable[tuple[int, str]]) -> dict[tuple[int, str], list[Any]]:
    out: dict[tuple[int, str], list[Any]] = {}
    by_source: dict[int, list[str]] = {}
    for source_id, place in places:
        by_source.setdefault(source_id, []).append(place)
    table = memory_support
    for source_id, named in by_source.items():
        for group in chunks(named):
            query = sa.select(table).where(table.c.source_id == source_id, among(connection, table.c.place, group))
            for row in connection.execute(query):
                out.setdefault((source_id, row.place), []).append(row)
    return out


def details_to_json(unit: NewUnit) -> dict[str, Any] | None:
    """Write what a file says about a unit, and by language about its variants; empty fields are left out."""
    every = {"": unit.details, **unit.variant_details}
    out = {
        language: {f.name: _listed(value) for f in fields(details) if (value := getattr(details, f.name))}
        for language, details in every.items()
        if details
    }
    return out or None


def _listed(value: Any) -> Any:
    """Return tuples as the lists that JSON makes of them, so that what is written equals what is read."""
    return [_listed(v) for v in value] if isinstance(value, tuple) else value


def _put_support(
    pen: Pen,
    support: Sequence[tuple[int, Lesson]],
    old: Mapping[tuple[int, str], Sequence[Any]],
    batch_id: int | None,
) -> set[int]:
    """Write which sources support which units; return the units that lost a support by it."""
    last = {(le.source_id, le.unit.place): k for k, (_, le) in enumerate(support) if le.unit.place}
    there = _placeless(pen.connection, {number for number, lesson in support if not lesson.unit.place})
    rows: list[dict[str, Any]] = []
    freed: set[int] = set()
    table = memory_support
    for k, (number, lesson) in enumerate(support):
        unit, place = lesson.unit, (lesson.source_id, lesson.unit.place)
        if unit.place and last[place] != k:
            freed.add(number)
            continue
        context = {language: list(pair) for language, pair in unit.context.items()} or None
        details = details_to_json(unit)
        languages = " ".join(unit.variants)
        fixed = (number, lesson.source_id, languages, repr(context), repr(details))
        values: dict[str, Any] = {
            "reviewed": lesson.reviewed, "checked": _checked(unit), "machine": unit.machine, "score": unit.score,
        }  # fmt: skip
        same: Any = None
        if unit.place:
            before = old.get(place, ())
            if values["checked"] is not None:
                values["checked"] = _still_checked(pen.connection, unit, before)
            same = next((row for row in before if _fixed(row) == fixed), None)
            drop = [row for row in before if row is not same]
            if drop and batch_id is None:
                freed.update(row.unit_id for row in drop)
                pen.connection.execute(sa.delete(table).where(table.c.id.in_([row.id for row in drop])))
        else:
            same = there.get(fixed)
            if same is not None and same.reviewed:
                values["reviewed"] = True
                values["checked"] = _either(values["checked"], same.checked) if lesson.reviewed else same.checked
        if batch_id is not None and not isinstance(same, _Row | None) and _differs(same, values):
            same = None  # what is staged must not change what everybody sees
        if same is None:
            new = {
                "id": pen.number(), "unit_id": number, "source_id": lesson.source_id, "batch_id": batch_id,
                "languages": languages, "place": unit.place, "context": context, "details": details,
                "at": lesson.at or pen.at, "by": lesson.by or pen.by, **values,
            }  # fmt: skip
            rows.append(new)
            if not unit.place:
                there[fixed] = _Row(new)
        elif isinstance(same, _Row):
            same.values.update(values)
        elif _differs(same, values):
            pen.connection.execute(sa.update(table).where(table.c.id == same.id).values(**values, at=pen.at, by=pen.by))
    _insert(pen.connection, table, rows)
    return freed


def _checked(unit: NewUnit) -> str | None:
    return None if unit.checked is None else " ".join(code for code in unit.variants if code in unit.checked)


def _still_checked(connection: Connection, unit: NewUnit, before: Sequence[Any]) -> str:
    """Return the languages checked now, and those checked at the place before that still say what they said then."""
    compared = set(unit.checked or ())
    reviewed = [row for row in before if row.reviewed]
    texts = unit_texts(connection, [row.unit_id for row in reviewed]) if reviewed else {}
    for row in reviewed:
        said = texts.get(row.unit_id, {})
        was = (row.languages if row.checked is None else row.checked).split()
        compared.update(code for code in was if code in unit.variants and said.get(code) == unit.variants[code])
    return " ".join(code for code in unit.variants if code in compared)


def _either(first: str | None, second: str | None) -> str | None:
    """Return the languages that two people have checked between them; ``None`` is all."""
    return None if first is None or second is None else " ".join(dict.fromkeys(f"{first} {second}".split()))


def _placeless(connection: Connection, unit_ids: Iterable[int]) -> dict[tuple[Any, ...], Any]:
    """Return what supports units without naming a place, by all that makes it that support."""
    table = memory_support
    out: dict[tuple[Any, ...], Any] = {}
    for group in chunks(unit_ids):
        query = sa.select(table).where(among(connection, table.c.unit_id, group), table.c.place == "")
        out.update((_fixed(row), row) for row in connection.execute(query))
    return out


def _fixed(row: Any) -> tuple[Any, ...]:
    return row.unit_id, row.source_id, row.languages, repr(row.context), repr(row.details)


def _differs(row: Any, values: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in values.items())


class _Row:
    """A row not inserted yet, read like one that is."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    @property
    def reviewed(self) -> bool:
        return bool(self.values["reviewed"])

    @property
    def checked(self) -> str | None:
        found: str | None = self.values["checked"]
        return found


def touch(pen: Pen, unit_ids: Sequence[int]) -> None:
    """Note that units changed, for caches and for people."""
    table = memory_units
    for group in chunks(unit_ids):
        pen.connection.execute(
            sa.update(table).where(among(pen.connection, table.c.id, group)).values(
                changed_revision=pen.revision, revision=table.c.revision + 1, changed_at=pen.at, changed_by=pen.by
            )
        )  # fmt: skip


def _insert(connection: Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    if connection.dialect.name == "sqlite" and table in _PLAIN:
        # As the driver takes it: SQLAlchemy's way of each value costs a third of an import, and changes none of these.
        names = list(rows[0])
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of ours
        connection.exec_driver_sql(statement, [tuple(row.values()) for row in rows])
    else:
        connection.execute(sa.insert(table), rows)


_PLAIN = (memory_units, memory_variants)  # of numbers and strings alone; the rows of a call have the same columns


def count_use(connection: Connection, unit_id: int) -> None:
    """Note that a suggestion from a unit was taken; no cache depends on it."""
    table = memory_units
    connection.execute(sa.update(table).where(table.c.id == unit_id).values(uses=table.c.uses + 1))
