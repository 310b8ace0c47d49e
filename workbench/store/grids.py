"""Grids in the database: the current rows, and each edit as a splice so that undo and redo outlive the session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.core.grid import Grid, Row
from workbench.core.library import StoredGrid
from workbench.errors import ConflictError, UsageError
from workbench.store.database import Database
from workbench.store.schema import grid_edits, grids

MAX_UNDO = 500  # edits kept for a text; older ones can no longer be undone


class GridStore:
    """Queries over grids."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, text_id: int) -> StoredGrid | None:
        """Return a text's grid, ``None`` before it was aligned."""
        with self.database.read() as connection:
            return self.get_in(connection, text_id)

    def get_in(self, connection: Connection, text_id: int) -> StoredGrid | None:
        """Return a text's grid, inside a transaction."""
        row = connection.execute(sa.select(grids).where(grids.c.text_id == text_id)).first()
        if row is None:
            return None
        undo, redo = self._next_undo(connection, text_id), self._next_redo(connection, text_id)
        grid = Grid(tuple(row.languages), tuple(row_from_json(r) for r in row.rows))
        return StoredGrid(text_id, row.revision, grid, row.aligner, row.updated_at, undo is not None, redo is not None)

    def languages(self, text_id: int) -> tuple[str, ...]:
        """Return the columns of a text's grid without reading its rows; none before it was aligned."""
        with self.database.read() as connection:
            found = connection.execute(sa.select(grids.c.languages).where(grids.c.text_id == text_id)).scalar()
        return tuple(found or ())

    def put(self, connection: Connection, text_id: int, grid: Grid, aligner: str, at: str) -> int:
        """Store a grid as a whole (a first alignment, a new version) and return its revision.

        Earlier edits can no longer be undone, since they speak of other rows.
        """
        old = connection.execute(sa.select(grids.c.revision).where(grids.c.text_id == text_id)).scalar()
        values = {
            "languages": list(grid.languages),
            "rows": [row_to_json(row) for row in grid.rows],
            "aligner": aligner,
            "updated_at": at,
            "revision": (old or 0) + 1,
        }
        if old is None:
            connection.execute(sa.insert(grids).values(text_id=text_id, **values))
        else:
            connection.execute(sa.update(grids).where(grids.c.text_id == text_id).values(**values))
            connection.execute(sa.delete(grid_edits).where(grid_edits.c.text_id == text_id))
        return (old or 0) + 1

    def edit(self, connection: Connection, stored: StoredGrid, after: Grid, operation: str, at: str, by: str) -> int:
        """Store an edit of ``stored`` as the splice between the two grids and return the new revision.

        Raises:
            ConflictError: the grid in the database is no longer the one the edit was made on.
        """
        self._check_revision(connection, stored.text_id, stored.revision)
        now = [row_to_json(row) for row in after.rows]
        start, gone, come = _splice(stored.grid.rows, after.rows)
        removed, inserted = [row_to_json(row) for row in gone], [row_to_json(row) for row in come]
        connection.execute(
            sa.delete(grid_edits).where(grid_edits.c.text_id == stored.text_id, grid_edits.c.undone == sa.true())
        )
        last = connection.execute(
            sa.select(sa.func.max(grid_edits.c.number)).where(grid_edits.c.text_id == stored.text_id)
        ).scalar()
        number = (last or 0) + 1
        connection.execute(
            sa.insert(grid_edits).values(
                text_id=stored.text_id, number=number, operation=operation, start=start, removed=removed,
                inserted=inserted, undone=False, at=at, by=by,
            )
        )  # fmt: skip
        connection.execute(
            sa.delete(grid_edits).where(
                grid_edits.c.text_id == stored.text_id, grid_edits.c.number <= number - MAX_UNDO
            )
        )
        return self._write(connection, stored.text_id, stored.revision, now, at)

    def undo(self, connection: Connection, text_id: int, at: str) -> str:
        """Take the last edit back and return its operation.

        Raises:
            UsageError: there is nothing to undo.
        """
        edit = self._next_undo(connection, text_id)
        if edit is None:
            raise UsageError("There is nothing to undo.")
        return self._apply(connection, edit, text_id, at, removed=edit.inserted, inserted=edit.removed, undone=True)

    def redo(self, connection: Connection, text_id: int, at: str) -> str:
        """Do the last undone edit again and return its operation.

        Raises:
            UsageError: there is nothing to redo.
        """
        edit = self._next_redo(connection, text_id)
        if edit is None:
            raise UsageError("There is nothing to redo.")
        return self._apply(connection, edit, text_id, at, removed=edit.removed, inserted=edit.inserted, undone=False)

    def patch(self, connection: Connection, text_id: int, grid: Grid, at: str) -> int:
        """Store rows changed by translating (segments that came or went) without an entry in the undo list.

        Splices in the list are moved out of the way by forgetting them: they hold segments by place.
        """
        old = connection.execute(sa.select(grids.c.revision).where(grids.c.text_id == text_id)).scalar_one()
        connection.execute(sa.delete(grid_edits).where(grid_edits.c.text_id == text_id))
        return self._write(connection, text_id, old, [row_to_json(row) for row in grid.rows], at)

    def remove(self, connection: Connection, text_id: int) -> None:
        """Forget a text's grid and its edits."""
        connection.execute(sa.delete(grid_edits).where(grid_edits.c.text_id == text_id))
        connection.execute(sa.delete(grids).where(grids.c.text_id == text_id))

    def _apply(
        self, connection: Connection, edit: Any, text_id: int, at: str, *, removed: Any, inserted: Any, undone: bool
    ) -> str:
        row = connection.execute(sa.select(grids).where(grids.c.text_id == text_id)).one()
        rows = list(row.rows)
        rows[edit.start : edit.start + len(removed)] = inserted
        connection.execute(sa.update(grid_edits).where(grid_edits.c.id == edit.id).values(undone=undone))
        grid = Grid(
            tuple(row.languages), tuple(row_from_json(r) for r in rows)
        )  # the splice holds the crossing marks too
        self._write(connection, text_id, row.revision, [row_to_json(r) for r in grid.rows], at)
        return str(edit.operation)

    def _check_revision(self, connection: Connection, text_id: int, seen: int) -> None:
        found = connection.execute(sa.select(grids.c.revision).where(grids.c.text_id == text_id)).scalar()
        if found != seen:
            raise ConflictError("The grid was changed elsewhere meanwhile: look at the new rows and try again.")

    def _write(
        self, connection: Connection, text_id: int, revision: int, rows: Sequence[Mapping[str, Any]], at: str
    ) -> int:
        connection.execute(
            sa.update(grids)
            .where(grids.c.text_id == text_id)
            .values(rows=list(rows), revision=revision + 1, updated_at=at)
        )
        return revision + 1

    def _next_undo(self, connection: Connection, text_id: int) -> Any:
        query = sa.select(grid_edits).where(grid_edits.c.text_id == text_id, grid_edits.c.undone == sa.false())
        return connection.execute(query.order_by(grid_edits.c.number.desc()).limit(1)).first()

    def _next_redo(self, connection: Connection, text_id: int) -> Any:
        query = sa.select(grid_edits).where(grid_edits.c.text_id == text_id, grid_edits.c.undone == sa.true())
        return connection.execute(query.order_by(grid_edits.c.number).limit(1)).first()


def row_to_json(row: Row) -> dict[str, Any]:
    """Make the compact JSON of a row: ``c`` cells, ``p`` confidence, ``r`` reasons, ``x`` crossing, ``k`` confirmed,
    ``a`` accepted, ``u`` untranslated; what is empty is left out."""
    out: dict[str, Any] = {"c": [list(cell) for cell in row.cells]}
    if row.confidence is not None:
        out["p"] = round(row.confidence, 4)
    if row.reasons:
        out["r"] = list(row.reasons)
    if row.crossing:
        out["x"] = 1
    if row.confirmed:
        out["k"] = 1
    if row.accepted:
        out["a"] = 1
    if row.untranslated:
        out["u"] = list(row.untranslated)
    return out


def row_from_json(data: Mapping[str, Any]) -> Row:
    """Read a row back from :func:`row_to_json`'s form."""
    return Row(
        tuple(tuple(cell) for cell in data["c"]), data.get("p"), tuple(data.get("r", ())), bool(data.get("x")),
        bool(data.get("k")), tuple(data.get("u", ())), bool(data.get("a")),
    )  # fmt: skip


def _splice(before: Sequence[Row], after: Sequence[Row]) -> tuple[int, Sequence[Row], Sequence[Row]]:
    """Return (start, removed, inserted): the smallest one-piece difference of two lists."""
    start, most = 0, min(len(before), len(after))
    while start < most and (before[start] is after[start] or before[start] == after[start]):
        start += 1
    end = 0
    while end < most - start and (before[-1 - end] is after[-1 - end] or before[-1 - end] == after[-1 - end]):
        end += 1
    return start, before[start : len(before) - end], after[start : len(after) - end]
