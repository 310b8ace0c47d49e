"""Files in and out of the memory: nothing lost, nothing half, everything to be taken back."""

import io

import pytest

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from workbench.core.memory import NewUnit, Source, SourceKind
from workbench.errors import FormatError, Sentence, UsageError
from workbench.formats.exchange import ExchangeUnit, ExchangeVariant, Skipped
from workbench.services import memory_import
from workbench.services.memory_service import MemoryService
from workbench.store import memory_batches, open_store

BPT = (("⟨1⟩", '<bpt i="1"/>'),)
A = Source("text:a", SourceKind.TEXT, "Présentation", "a", 2, "aligner 1")


@pytest.fixture
def memory(store, now):
    return MemoryService(store=store, now=now, author="ana")


@pytest.fixture
def other(tmp_path, now):
    store = open_store(f"sqlite:///{tmp_path / 'other' / 'workbench.db'}")
    yield MemoryService(store=store, now=now, author="luis")
    store.close()


def unit(line=1, **texts):
    return ExchangeUnit(tuple(ExchangeVariant(code, text) for code, text in texts.items()), line=line)


def many(count, start=0):
    return [unit(k, fr=f"Phrase {k}.", es=f"Frase {k}.") for k in range(start, start + count)]


def rich():
    return ExchangeUnit(
        (
            ExchangeVariant("fr", "Un ⟨1⟩mot⟨/1⟩.", BPT, (("p", "1"), ("p", "2")), ("note",), "2015"),
            ExchangeVariant("es", "Una palabra."),
            ExchangeVariant("de", "Ein Wort.", author="max"),
        ),
        id="u7", source="fr", context="menu", properties=(("client", "x"), ("client", "y")), notes=("n1", "n2"),
        created="2014-01-01T00:00:00Z", changed="2014-02-01T00:00:00Z", author="eva", changed_by="udo",
    )  # fmt: skip


def shown(memory):
    return sorted(memory.export_units(), key=lambda u: u.variants[0].text)


def test_an_imported_unit_gives_back_every_property(memory):
    memory.import_units([rich()], name="x.tmx")
    (back,) = memory.export_units()
    own = [pair for pair in back.properties if pair[0].startswith("x-workbench-")]
    assert back.properties[:2] == rich().properties
    assert len(own) == 1
    assert {v.language: v for v in back.variants} == {v.language: v for v in rich().variants}
    for name in ("id", "source", "context", "notes", "created", "changed", "author", "changed_by"):
        assert getattr(back, name) == getattr(rich(), name)


def test_a_memory_exported_and_imported_is_the_same(memory, other):
    memory.learn([NewUnit({"fr": "Oui.", "es": "Sí."}, "1", {"fr": ("", "Non.")}, 0.0)], source=A, reviewed=True)
    memory.learn(
        [NewUnit({"fr": "Oui.", "es": "Sí.", "pt": "Sim."}, machine=True)], source=Source("text:b"), reviewed=False
    )
    memory.import_units([rich(), *many(3)], name="x.tmx", reviewed=False)
    file = io.BytesIO()
    memory.export_file(file, format="tmx")
    file.seek(0)
    report = other.import_file(file, name="backup.tmx")
    assert report.units == 5
    assert shown(other) == shown(memory)
    (before,), (after,) = (m.search("Oui.", source="fr", target="es") for m in (memory, other))
    assert (before.score, before.origin, before.reviewed) == (after.score, after.origin, after.reviewed)
    assert before.match.unit.provenances == after.match.unit.provenances


def test_the_same_file_imported_twice_changes_nothing(memory):
    memory.import_units([rich(), *many(4)], name="x.tmx")
    before = shown(memory)
    again = memory.import_units([rich(), *many(4)], name="x.tmx")
    assert (again.units, again.added, again.grown, again.known) == (5, 0, 0, 5)
    assert shown(memory) == before


def test_a_unit_without_translation_is_skipped_with_its_line(memory):
    bad = Skipped(9, Sentence("bad"))
    items = [unit(3, fr="Un."), unit(4, fr="Deux.", es="Dos."), bad, unit(12, fr="Trois.", es=" ")]
    report = memory.import_units(items, name="x.tmx")
    assert report.units == 1
    assert sorted(s.line for s in report.skipped) == [3, 9, 12]
    (batch,) = memory.imports()
    assert (batch.units, batch.skipped, batch.state) == (1, 3, "published")


def test_alternative_translations_are_units_of_their_own(memory):
    variants = (ExchangeVariant("fr", "Oui."), ExchangeVariant("es", "Sí."), ExchangeVariant("es", "Claro."))
    assert memory.import_units([ExchangeUnit(variants)], name="x.tmx").added == 2
    assert {s.target for s in memory.search("Oui.", source="fr", target="es")} == {"Sí.", "Claro."}


def broken(count):
    yield from many(count)
    raise FormatError("x.tmx, line 9: broken.")


def test_a_broken_file_imports_nothing_unless_told_to_keep_going(memory, monkeypatch):
    monkeypatch.setattr(memory_import, "STAGED_TOGETHER", 3)
    with pytest.raises(FormatError):
        memory.import_units(broken(7), name="x.tmx")
    assert memory.stats().units == 0
    assert rows_of_batches(memory) == 0
    report = memory.import_units(broken(7), name="x.tmx", keep_going=True)
    assert (report.units, report.broken) == (7, "x.tmx, line 9: broken.")
    assert memory.stats().units == 7


def rows_of_batches(memory):
    import sqlalchemy as sa

    with memory.store.database.read() as connection:
        return sum(
            connection.execute(sa.text(f"SELECT count(*) FROM memory_{t} WHERE batch_id IS NOT NULL")).scalar()
            for t in ("units", "variants", "support")
        )


def test_nothing_of_an_import_is_seen_before_its_end(memory, monkeypatch):
    monkeypatch.setattr(memory_import, "STAGED_TOGETHER", 2)
    memory.learn([NewUnit({"fr": "Phrase 0.", "es": "Frase 0."})], source=A, reviewed=True)
    seen = []

    def look(_):
        seen.append((memory.stats().units, len(memory.search("Phrase 3.", source="fr", target="es", kinds=["exact"])),
                     memory.concordance("frase").total, memory.unit(2).texts))  # fmt: skip

    growing = unit(0, fr="Phrase 0.", es="Frase 0.", pt="Frase zero.")
    memory.import_units([growing, *many(6, 1)], name="x.tmx", progress=look)
    assert set(map(str, seen)) == {str((1, 0, 1, {"fr": "Phrase 0.", "es": "Frase 0."}))}
    assert memory.stats().units == 7
    assert memory.unit(2).texts["pt"] == "Frase zero."
    assert memory.search("Phrase 3.", source="fr", target="es")[0].score == 100


def test_what_others_learn_meanwhile_is_joined_at_the_end(memory, monkeypatch):
    monkeypatch.setattr(memory_import, "STAGED_TOGETHER", 2)
    memory.learn([NewUnit({"fr": "Phrase 0.", "es": "Frase 0."})], source=A, reviewed=True)
    calls = []

    def meanwhile(_):
        if not calls:
            one = NewUnit({"fr": "Phrase 1.", "es": "Frase 1.", "pt": "Frase um."})
            grown = NewUnit({"fr": "Phrase 0.", "es": "Frase 0.", "pt": "Outra."})
            memory.learn([one, grown], source=A, reviewed=True)
        calls.append(1)

    growing = unit(0, fr="Phrase 0.", es="Frase 0.", pt="Frase zero.")
    memory.import_units([growing, *many(4, 1)], name="x.tmx", progress=meanwhile)
    units = {u.id: u.texts for lot in memory.store.memory.iterate() for u in lot}
    by_french = sorted((t["fr"], t["es"], t.get("pt", "")) for t in units.values())
    assert by_french == [
        ("Phrase 0.", "Frase 0.", "Frase zero."), ("Phrase 0.", "Frase 0.", "Outra."),
        ("Phrase 1.", "Frase 1.", "Frase um."), ("Phrase 2.", "Frase 2.", ""), ("Phrase 3.", "Frase 3.", ""),
        ("Phrase 4.", "Frase 4.", ""),
    ]  # fmt: skip


def test_an_import_is_taken_back_but_for_what_others_support(memory):
    memory.learn([NewUnit({"fr": "Phrase 0.", "es": "Frase 0."})], source=A, reviewed=True)
    memory.import_units([unit(0, fr="Phrase 0.", es="Frase 0.", pt="Frase zero."), *many(3, 1)], name="x.tmx")
    memory.learn([NewUnit({"fr": "Phrase 1.", "es": "Frase 1."})], source=A, reviewed=True)
    assert memory.search("Phrase 2.", source="fr", target="es")[0].score == 100
    assert memory.undo_import().state == "undone"
    left = sorted(str(u.texts) for lot in memory.store.memory.iterate() for u in lot)
    assert left == ["{'fr': 'Phrase 0.', 'es': 'Frase 0.'}", "{'fr': 'Phrase 1.', 'es': 'Frase 1.'}"]
    (only,) = memory.search("Phrase 2.", source="fr", target="es")
    assert (only.target, bool(only.changes), only.also) == ("Frase 2.", True, 1)
    assert rows_of_batches(memory) == 0
    with pytest.raises(UsageError):
        memory.undo_import()


def test_what_a_killed_import_left_is_swept_by_the_next(memory, monkeypatch):
    def killed(database, batch_id):
        """Do nothing, as a killed process does."""

    monkeypatch.setattr(memory_import, "STAGED_TOGETHER", 2)
    monkeypatch.setattr(memory_batches, "discard", killed)
    monkeypatch.setattr(memory_batches, "this_process", lambda: f"{memory_batches.platform.node()}:999999999")
    with pytest.raises(FormatError):
        memory.import_units(broken(4), name="x.tmx")
    assert rows_of_batches(memory) > 0
    assert memory.stats().units == 0
    memory.import_units(many(1), name="y.tmx")
    assert memory.stats().units == 1
    assert [b.state for b in memory.imports()] == ["published", "discarded"]
    assert rows_of_batches(memory) == 1 + 2 + 1


def test_the_import_of_another_machine_is_left_alone(memory, monkeypatch):
    monkeypatch.setattr(memory_import, "STAGED_TOGETHER", 2)
    monkeypatch.setattr(memory_batches, "discard", lambda database, batch_id: None)
    monkeypatch.setattr(memory_batches, "this_process", lambda: "elsewhere:1")
    with pytest.raises(FormatError):
        memory.import_units(broken(4), name="x.tmx")
    before = rows_of_batches(memory)
    memory_batches.sweep(memory.store.database, "now", "ana")
    assert rows_of_batches(memory) == before
