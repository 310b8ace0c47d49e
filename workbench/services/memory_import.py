"""Imports: a stream of units staged in short transactions and published in one, so that others go on writing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from workbench.core.languages import normalise_code
from workbench.core.memory import Batch, Learnt, NewUnit, Source, SourceKind
from workbench.errors import FormatError, StoreError, UsageError, sentence
from workbench.formats.exchange import ExchangeUnit, Item, Skipped
from workbench.services.memory_exchange import Incoming, incoming
from workbench.store import memory_batches
from workbench.store.memory_write import Lesson, Pen, learn, lock, put_source
from workbench.store.store import Store

STAGED_TOGETHER = 2_000  # units written in one transaction: some tenths of a second, in which other writers wait
CACHE_MB = 96  # with 2 MB, SQLite's default, a memory of 150,000 units had each of its pages written a hundred times
KEPT_SKIPS = 1_000  # skipped units written down with the import; the report to the caller has all


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        batch_id: Its number, to take it back by; ``None`` when nothing was imported.
        units: Units read and taken.
        added: New units.
        grown: Units of the memory that gained a language.
        known: Units that were there already.
        skipped: Units left out, with line and reason.
        broken: Why reading stopped before the end, empty if it did not.
    """

    batch_id: int | None
    units: int = 0
    added: int = 0
    grown: int = 0
    known: int = 0
    skipped: tuple[Skipped, ...] = ()
    broken: str = ""


@dataclass(slots=True)
class _Run:
    """What has been done so far."""

    units: int = 0
    learnt: Learnt = field(default_factory=Learnt)
    skipped: list[Skipped] = field(default_factory=list)
    broken: str = ""


def import_units(
    store: Store,
    items: Iterable[Item],
    *,
    name: str,
    reviewed: bool,
    keep_going: bool,
    now: Callable[[], str],
    author: str,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """Stage units and publish them; see :meth:`workbench.services.memory_service.MemoryService.import_units`."""
    memory_batches.sweep(store.database, now(), author)
    file = Source(f"file:{name}"[:200], SourceKind.FILE, name)
    with store.database.write() as connection:
        pen = lock(connection, now(), author, change=False)
        batch_id = memory_batches.begin(pen, put_source(pen, file), name)
        pen.close()
    run = _Run()
    try:
        for group in _groups(_readable(items, run, keep_going)):
            lessons = _checked(group, run)
            with store.database.write(cache_mb=CACHE_MB) as connection:
                pen = lock(connection, now(), author, change=False)
                sources = _Sources(pen, file)
                learnt = learn(pen, [sources.lesson(found, reviewed) for found in lessons], batch_id=batch_id)
                pen.close()
            run.learnt = Learnt(
                run.learnt.added + learnt.added, run.learnt.grown + learnt.grown, run.learnt.known + learnt.known
            )
            if progress is not None:
                progress(run.units)
        told = [{"line": s.line, "reason": str(s.reason)} for s in run.skipped[:KEPT_SKIPS]]
        with store.database.write() as connection:
            pen = lock(connection, now(), author)
            memory_batches.publish(pen, batch_id, {"units": run.units, "skipped": told})
            pen.close()
    except BaseException:
        with contextlib.suppress(StoreError):  # on a full disk; the next import sweeps
            memory_batches.discard(store.database, batch_id)
        raise
    finally:
        memory_batches.at_work.discard(batch_id)
    done = run.learnt
    return ImportReport(batch_id, run.units, done.added, done.grown, done.known, tuple(run.skipped), run.broken)


def _readable(items: Iterable[Item], run: _Run, keep_going: bool) -> Iterator[ExchangeUnit]:
    """Yield the units, note the skipped ones, and end at a broken place only if asked to keep going."""
    try:
        for item in items:
            if isinstance(item, Skipped):
                run.skipped.append(item)
            else:
                yield item
    except FormatError as error:
        if not keep_going:
            raise
        run.broken = str(error)


def _groups(units: Iterable[ExchangeUnit]) -> Iterator[list[ExchangeUnit]]:
    group: list[ExchangeUnit] = []
    for unit in units:
        group.append(unit)
        if len(group) >= STAGED_TOGETHER:
            yield group
            group = []
    if group:
        yield group


def undo_import(store: Store, batch_id: int | None, *, now: Callable[[], str], author: str) -> Batch:
    """Take an import back: what it alone brought is gone.

    Args:
        store: Where the memory is.
        batch_id: Which one; the last one not taken back yet where ``None``.
        now: The clock.
        author: Who takes it back.

    Raises:
        UsageError: there is none to take back.
    """
    published = [batch for batch in store.memory.batches(limit=1_000) if batch.state == "published"]
    chosen = next((b for b in published if batch_id is None or b.id == batch_id), None)
    if chosen is None:
        raise UsageError("There is no import to take back.")
    with store.database.write() as connection:
        pen = lock(connection, now(), author)
        memory_batches.undo(pen, chosen.id)
        pen.close()
    memory_batches.sweep(store.database, now(), author)
    return replace(chosen, state="undone")


def checked_unit(unit: NewUnit) -> NewUnit | None:
    """Return a unit cleaned and with its codes in the usual spelling, ``None`` if it is no unit.

    Raises:
        UsageError: a language code is none.
    """
    variants = {normalise_code(language): text for language, text in unit.variants.items()}
    context = {normalise_code(language): pair for language, pair in unit.context.items()}
    details = {normalise_code(language): found for language, found in unit.variant_details.items()}
    return NewUnit(
        variants, unit.place, context, unit.score, unit.machine,
        unit.details, details, None if unit.checked is None else tuple(map(normalise_code, unit.checked)),
    ).cleaned()  # fmt: skip


def _checked(group: Iterable[ExchangeUnit], run: _Run) -> list[tuple[Incoming, NewUnit]]:
    out: list[tuple[Incoming, NewUnit]] = []
    for unit in group:
        good = [(found, new) for found in incoming(unit) if (new := checked_unit(found.unit)) is not None]
        if good:
            run.units += 1
            out.extend(good)
        else:
            run.skipped.append(Skipped(unit.line, sentence("This unit has no translation.")))
    return out


class _Sources:
    """The numbers of sources within one transaction."""

    def __init__(self, pen: Pen, file: Source) -> None:
        self.pen = pen
        self.file = file
        self.numbers: dict[Source, int] = {}

    def lesson(self, found: tuple[Incoming, NewUnit], reviewed: bool) -> Lesson:
        """Return what is learnt, from its own source or the file."""
        told, unit = found
        source = told.source or self.file
        if source not in self.numbers:
            self.numbers[source] = put_source(self.pen, source)
        checked = reviewed if told.reviewed is None else told.reviewed
        return Lesson(unit, self.numbers[source], checked, told.at, told.by)
