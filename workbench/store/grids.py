"""Grids in the database: the current rows, and each edit as a splice so that undo and redo outlive the session."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.core.grid import Grid, Row
from workbench.core.library import StoredGrid
from workbench.errors import ConflictError, UsageError
from workbench.store.database import Database
from workbench.store.schema import grid_edits, grids

MAX_UNDO = 500  # edits kept for a text; older ones can no longer be undone
KEPT = 8  # grids worked on that are kept as they were last read; one of 10,000 rows takes some 8 MB


class _Read(NamedTuple):
    """Rows as the database holds them: the whole JSON text, that of each row, and what it says."""

    text: str
    each: tuple[str, ...]
    rows: tuple[Row, ...]

    def spliced(self, start: int, removed: int, inserted: Sequence[str]) -> _Read:
        """Return the same with some rows in the place of others, as if it had been read anew."""
        end = start + removed
        each = (*self.each[:start], *inserted, *self.each[end:])
        rows = (*self.rows[:start], *(row_from_json(json.loads(text)) for text in inserted), *self.rows[end:])
        return _Read(f"[{','.join(each)}]", each, rows)


class GridStore:
    """Queries over grids.

    The grids worked on are kept as they were last read: a step on one of 2,000 rows would else read all of them
    several times over. What is kept counts only where the database holds the same text, letter for letter.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._lately: OrderedDict[int, _Read] = OrderedDict()
        self._lock = Lock()

    def get(self, text_id: int) -> StoredGrid | None:
        """Return a text's grid, ``None`` before it was aligned."""
        with self.database.read() as connection:
            return self.get_in(connection, text_id)

    def get_in(self, connection: Connection, text_id: int) -> StoredGrid | None:
        """Return a text's grid, inside a transaction."""
        found = self._find(connection, text_id)
        return found and found[0]

    def _find(self, connection: Connection, text_id: int) -> tuple[StoredGrid, _Read] | None:
        query = sa.select(
            grids.c.revision, grids.c.languages, sa.cast(grids.c.rows, sa.Text).label("rows"), grids.c.aligner,
            grids.c.updated_at, _edits(text_id, undone=False).exists(), _edits(text_id, undone=True).exists(),
        ).where(grids.c.text_id == text_id)  # fmt: skip
        row = connection.execute(query).first()
        if row is None:
            return None
        revision, languages, text, aligner, at, can_undo, can_redo = row
        read = self._read(text_id, text)
        grid = Grid(tuple(languages), read.rows)
        return StoredGrid(text_id, revision, grid, aligner, at, can_undo, can_redo), read

    def _there(self, connection: Connection, text_id: int) -> tuple[StoredGrid, _Read]:
        found = self._find(connection, text_id)
        if found is None:
            raise UsageError("This text is not aligned yet: align it first.")
        return found

    def _read(self, text_id: int, text: str) -> _Read:
        with self._lock:
            read = self._lately.get(text_id)
        if read is None or read.text != text:
            found = json.loads(text)
            read = _Read(text, tuple(map(_json, found)), tuple(map(row_from_json, found)))
            self._keep(text_id, read)
        return read

    def _keep(self, text_id: int, read: _Read) -> None:
        with self._lock:
            self._lately[text_id] = read
            self._lately.move_to_end(text_id)
            if len(self._lately) > KEPT:
                self._lately.popitem(last=False)

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
        found = self._find(connection, stored.text_id)
        if found is None or found[0].revision != stored.revision:
            raise ConflictError("The grid was changed elsewhere meanwhile: look at the new rows and try again.")
        splice = found[0].grid.difference(after)
        connection.execute(
            sa.delete(grid_edits).where(grid_edits.c.text_id == stored.text_id, grid_edits.c.undone == sa.true())
        )
        last = connection.execute(
            sa.select(sa.func.max(grid_edits.c.number)).where(grid_edits.c.text_id == stored.text_id)
        ).scalar()
        number = (last or 0) + 1
        removed, inserted = ([row_to_json(row) for row in rows] for rows in splice[1:])
        connection.execute(
            sa.insert(grid_edits).values(
                text_id=stored.text_id, number=number, operation=operation, start=splice.start, removed=removed,
                inserted=inserted, undone=False, at=at, by=by,
            )
        )  # fmt: skip
        connection.execute(
            sa.delete(grid_edits).where(
                grid_edits.c.text_id == stored.text_id, grid_edits.c.number <= number - MAX_UNDO
            )
        )
        self._write(connection, found, splice.start, len(removed), inserted, at)
        return stored.revision + 1

    def undo(self, connection: Connection, text_id: int, at: str) -> tuple[StoredGrid, str]:
        """Take the last edit back; return the grid and the edit's operation.

        Raises:
            UsageError: there is nothing to undo.
        """
        edit = connection.execute(_edits(text_id, undone=False).order_by(grid_edits.c.number.desc()).limit(1)).first()
        if edit is None:
            raise UsageError("There is nothing to undo.")
        return self._apply(connection, edit, at, removed=edit.inserted, inserted=edit.removed, undone=True)

    def redo(self, connection: Connection, text_id: int, at: str) -> tuple[StoredGrid, str]:
        """Do the last undone edit again; return the grid and the edit's operation.

        Raises:
            UsageError: there is nothing to redo.
        """
        edit = connection.execute(_edits(text_id, undone=True).order_by(grid_edits.c.number).limit(1)).first()
        if edit is None:
            raise UsageError("There is nothing to redo.")
        return self._apply(connection, edit, at, removed=edit.removed, inserted=edit.inserted, undone=False)

    def patch(self, connection: Connection, text_id: int, grid: Grid, at: str) -> int:
        """Store rows changed by translating (segments that came or went) without an entry in the undo list.

        Splices in the list are moved out of the way by forgetting them: they hold segments by place.
        """
        found = self._there(connection, text_id)
        connection.execute(sa.delete(grid_edits).where(grid_edits.c.text_id == text_id))
        start, removed, inserted = found[0].grid.difference(grid)
        self._write(connection, found, start, len(removed), [row_to_json(row) for row in inserted], at)
        return found[0].revision + 1

    def remove(self, connection: Connection, text_id: int) -> None:
        """Forget a text's grid and its edits."""
        connection.execute(sa.delete(grid_edits).where(grid_edits.c.text_id == text_id))
        connection.execute(sa.delete(grids).where(grids.c.text_id == text_id))

    def _apply(
        self, connection: Connection, edit: Any, at: str, *, removed: Any, inserted: Any, undone: bool
    ) -> tuple[StoredGrid, str]:
        found = self._there(connection, edit.text_id)
        connection.execute(sa.update(grid_edits).where(grid_edits.c.id == edit.id).values(undone=undone))
        self._write(connection, found, edit.start, len(removed), inserted, at)  # the marks of crossing rows are in it
        return self._there(connection, edit.text_id)[0], str(edit.operation)

    def _write(
        self, connection: Connection, found: tuple[StoredGrid, _Read], start: int, removed: int, inserted: Any, at: str
    ) -> None:
        """Store rows in the place of others, ``inserted`` in :func:`row_to_json`'s form."""
        stored, read = found
        after = read.spliced(start, removed, [_json(row) for row in inserted])
        # Written as the text it is: SQLAlchemy's JSON would make one of all rows again.
        text = sa.literal(after.text, sa.Text)
        connection.execute(
            sa.update(grids)
            .where(grids.c.text_id == stored.text_id)
            .values(
                rows=text if self.database.sqlite else sa.cast(text, sa.JSON), revision=stored.revision + 1,
                updated_at=at,
            )
        )  # fmt: skip
        self._keep(stored.text_id, after)


def _edits(text_id: int, *, undone: bool) -> sa.Select[Any]:
    return sa.select(grid_edits).where(grid_edits.c.text_id == text_id, grid_edits.c.undone == sa.literal(undone))


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(row, separators=(",", ":"))


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
