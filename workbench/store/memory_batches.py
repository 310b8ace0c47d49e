"""Imports: staged in short transactions, published by changing one row, taken back the same way.

A batch's rows are invisible until it is published. Killed at any moment, an import leaves either nothing to be seen
or all of it; what it left behind is swept away by the next one (:func:`sweep`).
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.core.memory import NO_DETAILS, NewUnit
from workbench.errors import UsageError
from workbench.store.database import Database
from workbench.store.memory_known import among, chunks, visible
from workbench.store.memory_lookups import checked_languages, details_from_json
from workbench.store.memory_schema import (
    memory_batches,
    memory_removed,
    memory_support,
    memory_units,
    memory_variants,
)
from workbench.store.memory_write import Lesson, Pen, learn, lock, prune, touch, unit_texts

SWEPT_TOGETHER = 2_000  # rows deleted in one transaction, so that other writers wait for tenths of a second
# Rows swept before an import begins or an undo ends: seconds. What a killed import of a million units has left is seen
# by nobody, and goes bit by bit.
SWEPT_AT_ONCE = 60_000

at_work: set[int] = set()
"""Imports this very process is staging; one it began that is not here was given up, on a full disk for one."""


def this_process() -> str:
    """Name this process, to tell later whether it is still at work."""
    return f"{platform.node()}:{os.getpid()}"


def begin(pen: Pen, source_id: int, name: str) -> int:
    """Begin an import and return its number."""
    number = pen.number()
    at_work.add(number)
    pen.connection.execute(
        sa.insert(memory_batches).values(
            id=number, source_id=source_id, name=name, state="staged", report={}, process=this_process(),
            started_revision=pen.revision, at=pen.at, by=pen.by,
        )
    )  # fmt: skip
    return number


def publish(pen: Pen, batch_id: int, report: dict[str, Any]) -> None:
    """Let everybody see an import.

    Units that somebody else learnt or changed while it was staged are joined with its own first.

    Raises:
        UsageError: the import is not staged any more.
    """
    batch = pen.connection.execute(sa.select(memory_batches).where(memory_batches.c.id == batch_id)).one()
    if batch.state != "staged":
        raise UsageError("The import “{name}” is {state} already.", name=batch.name, state=batch.state)
    again = _overtaken(pen, batch_id, batch.started_revision)
    pen.connection.execute(
        sa.update(memory_batches)
        .where(memory_batches.c.id == batch_id)
        .values(state="published", published_revision=pen.revision, report=report)
    )
    for group in chunks(again):
        learn(pen, group, batch_id=batch_id)


def _overtaken(pen: Pen, batch_id: int, since: int) -> list[Lesson]:
    """Take out of a batch what meets units changed since it began, and return it to be learnt once more."""
    variants, units = memory_variants, memory_units
    later = sa.select(memory_batches.c.id).where(
        memory_batches.c.published_revision > since, memory_batches.c.state == "published"
    )
    query = sa.select(units.c.id).where(
        sa.or_(units.c.changed_revision > since, units.c.batch_id.in_(later)), visible(units, row_by_row=True)
    )
    changed = list(pen.connection.execute(query).scalars())
    numbers: set[int] = set()
    keys: set[int] = set()
    for group in chunks(changed):
        found = sa.select(variants.c.unit_id, variants.c.key_hash, variants.c.batch_id).where(
            among(pen.connection, variants.c.unit_id, group)
        )
        for row in pen.connection.execute(found):
            keys.add(row.key_hash)
            if row.batch_id == batch_id:
                numbers.add(row.unit_id)
    for group in chunks(keys):
        met = sa.select(variants.c.unit_id, variants.c.batch_id).where(
            among(pen.connection, variants.c.key_hash, group)
        )
        numbers.update(row.unit_id for row in pen.connection.execute(met) if row.batch_id == batch_id)
    lessons: list[Lesson] = []
    for group in chunks(sorted(numbers)):
        texts = unit_texts(pen.connection, group, batch_id)
        where = sa.and_(among(pen.connection, memory_support.c.unit_id, group), memory_support.c.batch_id == batch_id)
        for row in pen.connection.execute(sa.select(memory_support).where(where)):
            said = texts.get(row.unit_id, {})
            lesson = _lesson(row, {code: said[code] for code in row.languages.split() if code in said})
            if len(lesson.unit.variants) > 1:
                lessons.append(lesson)
        pen.connection.execute(sa.delete(memory_support).where(where))
        for table, column in ((variants, variants.c.unit_id), (units, units.c.id)):
            pen.connection.execute(
                sa.delete(table).where(among(pen.connection, column, group), table.c.batch_id == batch_id)
            )
    return lessons


def _lesson(row: Any, texts: dict[str, str]) -> Lesson:
    details = {language: details_from_json(found) for language, found in (row.details or {}).items()}
    context = {language: (pair[0], pair[1]) for language, pair in (row.context or {}).items()}
    whole = details.pop("", NO_DETAILS)
    unit = NewUnit(
        texts,
        row.place,
        context,
        row.score,
        row.machine,
        whole,
        details,
        checked_languages(row),
    )
    return Lesson(unit, row.source_id, row.reviewed, row.at, row.by)


def undo(pen: Pen, batch_id: int) -> None:
    """Take an import back: what it alone brought is gone for everybody when the transaction ends.

    Raises:
        UsageError: there is no published import of that number.
    """
    batch = pen.connection.execute(sa.select(memory_batches).where(memory_batches.c.id == batch_id)).first()
    if batch is None or batch.state != "published":
        raise UsageError("There is no import {batch_id} to take back.", batch_id=batch_id)
    _keep_shared(pen, batch_id)
    pen.connection.execute(
        sa.update(memory_batches)
        .where(memory_batches.c.id == batch_id)
        .values(state="undone", published_revision=pen.revision)
    )


def _keep_shared(pen: Pen, batch_id: int) -> None:
    """Hand over to the memory at large what other sources support of a batch's units and languages."""
    support, units, variants = memory_support, memory_units, memory_variants
    ours = sa.select(variants.c.unit_id).where(variants.c.batch_id == batch_id)
    others = sa.select(support.c.unit_id, support.c.languages).where(
        support.c.unit_id.in_(ours), sa.or_(support.c.batch_id.is_(None), support.c.batch_id != batch_id)
    )
    kept: dict[int, set[str]] = {}
    for number, languages in pen.connection.execute(others):
        kept.setdefault(number, set()).update(languages.split())
    for number, languages in kept.items():
        pen.connection.execute(
            sa.update(variants)
            .where(variants.c.unit_id == number, variants.c.batch_id == batch_id, variants.c.language.in_(languages))
            .values(batch_id=None)
        )
    for group in chunks(sorted(kept)):
        pen.connection.execute(
            sa.update(units)
            .where(among(pen.connection, units.c.id, group), units.c.batch_id == batch_id)
            .values(batch_id=None)
        )
    touch(pen, sorted(kept))


def discard(database: Database, batch_id: int) -> None:
    """Give up a staged import, in short transactions; where even that cannot be written, the next sweep does it."""
    at_work.discard(batch_id)
    with database.write() as connection:
        connection.execute(
            sa.update(memory_batches)
            .where(memory_batches.c.id == batch_id, memory_batches.c.state == "staged")
            .values(state="discarded")
        )
    _sweep_batch(database, batch_id, "", "", seen=False, most=SWEPT_AT_ONCE)


def sweep(database: Database, at: str, by: str, *, most: int | None = SWEPT_AT_ONCE) -> int:
    """Delete what undone imports and those of processes that are gone have left; return how many rows.

    Args:
        most: About how many rows; ``None`` for all.

    An import of another machine is left alone: whether it is still at work cannot be told from here.
    """
    table = memory_batches
    with database.read() as connection:
        rows = connection.execute(sa.select(table.c.id, table.c.state, table.c.process)).all()
    swept = 0
    for row in rows:
        if most is not None and swept >= most:
            break
        if row.state == "staged" and not _gone(row.process, row.id):
            continue
        if row.state == "staged":
            with database.write() as connection:
                changed = sa.update(table).where(table.c.id == row.id, table.c.state == "staged")
                connection.execute(changed.values(state="discarded"))
        if row.state != "published":
            left = None if most is None else most - swept
            swept += _sweep_batch(database, row.id, at, by, seen=row.state == "undone", most=left)
    return swept


def _gone(process: str, batch_id: int) -> bool:
    """Tell whether a process of this machine has ended, or this one has given the import up."""
    host, _, number = process.rpartition(":")
    if host != platform.node():
        return False
    if int(number) == os.getpid():
        return batch_id not in at_work
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _sweep_batch(database: Database, batch_id: int, at: str, by: str, *, seen: bool, most: int | None) -> int:
    """Delete a batch's invisible rows, children first, and what they alone supported.

    Args:
        seen: The batch was published once, so that caches may know its units.
        most: About how many rows; ``None`` for all.
    """
    swept = 0
    while most is None or swept < most:
        with database.write() as connection:
            pen = lock(connection, at, by)
            rows = _next_rows(connection, batch_id)
            if rows is None:
                return swept
            table, numbers, unit_ids = rows
            for group in chunks(numbers):
                connection.execute(sa.delete(table).where(among(connection, table.c.id, group)))
            if table is memory_support:
                _prune_visible(pen, connection, unit_ids)
            elif table is memory_units and seen:
                present = [{"unit_id": n, "removed_revision": pen.revision} for n in numbers]
                connection.execute(sa.insert(memory_removed), present)
            pen.close()
            swept += len(numbers)
    return swept


def _prune_visible(pen: Pen, connection: Connection, unit_ids: Sequence[int]) -> None:
    """Remove units that were published by others and are supported by nothing any more."""
    seen: list[int] = []
    for group in chunks(sorted(set(unit_ids))):
        query = sa.select(memory_units.c.id).where(among(connection, memory_units.c.id, group), visible(memory_units))
        seen.extend(connection.execute(query).scalars())
    prune(pen, seen, "undone")


def _next_rows(connection: Connection, batch_id: int) -> tuple[sa.Table, list[int], list[int]] | None:
    for table in (memory_support, memory_variants, memory_units):
        unit = table.c.id if table is memory_units else table.c.unit_id
        query = sa.select(table.c.id, unit).where(table.c.batch_id == batch_id).limit(SWEPT_TOGETHER)
        rows = connection.execute(query).all()
        if rows:
            return table, [row[0] for row in rows], [row[1] for row in rows]
    return None
