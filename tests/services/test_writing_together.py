"""People who write at the same moment, in both databases: each is told the truth, and nothing is overwritten."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from tests.worlds import versions
from workbench.core.grid import Grid, Row
from workbench.core.texts import TextInfo
from workbench.errors import ConflictError
from workbench.services.alignment_service import AlignmentService, GridEdit
from workbench.services.memory_service import MemoryService
from workbench.services.translation_service import TranslationService

ROUNDS = 8  # without a lock nearly every one of them loses something


def together(*doings):
    """Do things in threads that begin at the same moment; return what each returned or raised."""
    start = Barrier(len(doings))

    def run(do):
        start.wait()
        try:
            return do()
        except ConflictError as refused:
            return refused

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings))


def test_two_at_one_grid_are_not_both_told_that_their_step_is_stored(store, now, library):
    library.add_text(TextInfo("reseau", "Le réseau", original="fr"), versions(fr="Un.\n\nDeux.\n", es="Uno.\n\nDos.\n"))
    text = store.texts.get("reseau")
    columns = [[s.id for s in library.segments("reseau", code)] for code in ("fr", "es")]
    with store.database.write() as connection:
        rows = tuple(Row(((a,), (b,)), 0.9) for a, b in zip(*columns, strict=True))
        store.grids.put(connection, text.id, Grid(("fr", "es"), rows), "test", now())
    memory = MemoryService(store=store, now=now, author="ana")
    alignment = AlignmentService(store=store, memory=memory, vectors=None, now=now, author="ana")
    for _ in range(ROUNDS):
        seen = alignment.grid("reseau")
        outcomes = together(
            lambda seen=seen: alignment.edit("reseau", GridEdit("confirm", (0,), seen.revision)),
            lambda seen=seen: alignment.edit("reseau", GridEdit("confirm", (1,), seen.revision)),
        )
        told = [not isinstance(outcome, ConflictError) for outcome in outcomes]
        assert [row.confirmed for row in alignment.grid("reseau").grid.rows] == told
        assert sum(told) == 1
        alignment.undo("reseau")


def test_two_translators_who_confirm_at_once_both_find_their_rows(store, now, library):
    french = "\n\n".join(f"Phrase {n} à traduire." for n in range(2 * ROUNDS))
    library.add_text(TextInfo("reseau", "Le réseau", original="fr"), versions(fr=french))
    memory = MemoryService(store=store, now=now, author="ana")
    desks = [TranslationService(store=store, memory=memory, now=now, author=name) for name in ("ana", "rui")]
    desks[0].begin("reseau", "es")
    keys = [row.key for row in desks[0].view("reseau", "es").rows]
    for n in range(ROUNDS):
        together(*(
            lambda desk=desk, key=key: desk.confirm("reseau", "es", key, f"Frase {key}.")
            for desk, key in zip(desks, keys[2 * n : 2 * n + 2], strict=True)
        ))  # fmt: skip
    assert [row.target for row in desks[0].view("reseau", "es").rows] == [f"Frase {key}." for key in keys]
