"""A memory taken out and brought in again differs only in the fields that the export's report names."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.formats.test_exchange import UNITS
from workbench.core.memory import NewUnit, Source, SourceKind
from workbench.core.texts import clean
from workbench.formats.exchange import UNIT_FORMATS, ExchangeUnit
from workbench.services.memory_exchange import OWN_PREFIX
from workbench.services.memory_service import MemoryService
from workbench.store import open_store

TABLES = ("csv", "tsv", "xlsx")
# What a report calls the loss of each field.
NAMES = {
    "languages": {"language not asked for", "regional code"},
    "id": {"identifier"},
    "source": {"direction"},
    "context": {"context"},
    "properties": {"property"},
    "provenance": {"property"},
    "notes": {"note", "note after the first"},
    "created": {"created"},
    "changed": {"changed"},
    "author": {"author"},
    "changed_by": {"changed by"},
    "codes": {"codes' content"},
    "properties of variants": {"property of one language"},
    "notes of variants": {"note of one language"},
    "dates of variants": {"date or author of one language"},
}
EVERYWHERE = {
    "characters that XML forbids", "characters that PO forbids", "NUL characters",
    "fractions of a second or time zone", "unit with a text that no cell can hold",
    "another translation of the same source", "another translation into the same language",
}  # fmt: skip
"""Losses that may touch any field."""


@pytest.fixture(scope="module")
def memories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MemoryService, MemoryService]]:
    folder = tmp_path_factory.mktemp("memories")
    stores = [open_store(f"sqlite:///{folder / name / 'workbench.db'}") for name in ("one", "other")]
    yield tuple(MemoryService(store=s, now=lambda: "2015-03-01T10:00:00Z", author="ana") for s in stores)  # type: ignore[misc]
    for store in stores:
        store.close()


def emptied(memory: MemoryService) -> MemoryService:
    memory.remove([unit.id for lot in memory.store.memory.iterate() for unit in lot])
    return memory


def fields(unit: ExchangeUnit) -> dict[str, object]:
    own = [value for name, value in unit.properties if name.startswith(OWN_PREFIX)]
    return {
        "languages": [v.language for v in unit.variants],
        "id": unit.id, "source": unit.source, "context": unit.context, "provenance": own,
        "notes": [note for note in unit.notes if note],
        "properties": [pair for pair in unit.properties if not pair[0].startswith(OWN_PREFIX)],
        "created": unit.created, "changed": unit.changed, "author": unit.author, "changed_by": unit.changed_by,
        "codes": [v.codes for v in unit.variants], "properties of variants": [v.properties for v in unit.variants],
        "notes of variants": [[note for note in v.notes if note] for v in unit.variants],
        "dates of variants": [(v.created, v.changed, v.author, v.changed_by) for v in unit.variants],
    }  # fmt: skip


def by_texts(memory: MemoryService) -> dict[str, ExchangeUnit]:
    return {unit.variants[0].text: unit for unit in memory.export_units()}


@pytest.mark.parametrize("format", UNIT_FORMATS)
@given(units=st.lists(UNITS, min_size=1, max_size=3, unique_by=lambda unit: clean(unit.variants[0].text)))
@settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], deadline=None, max_examples=8
)
def test_only_fields_that_the_report_names_differ(
    format: str, units: list[ExchangeUnit], memories: tuple[MemoryService, MemoryService]
) -> None:
    memory, other = (emptied(each) for each in memories)
    memory.import_units(units, name="first.tmx")
    taught = NewUnit({"fr": "Appris ici.", "es": "Aprendido aquí."}, "7", {"fr": ("Avant.", "")}, 88.0)
    memory.learn([taught], source=Source("text:a", SourceKind.TEXT, "A", "a", 2), reviewed=True)
    out = io.BytesIO()
    pair = {} if format == "tmx" or format in TABLES else {"source": "fr", "target": "es"}
    report = memory.export_file(out, format=format, **pair)  # type: ignore[arg-type]
    out.seek(0)
    name = "x." + {"xliff2": "xliff"}.get(format, format)
    brought = other.import_file(out, name=name, source="fr", target="es")
    assert not brought.skipped and not brought.broken
    before, after = by_texts(memory), by_texts(other)
    lost = set(report.lost)
    if not lost & EVERYWHERE:
        assert before.keys() == after.keys()
    for text in before.keys() & after.keys():
        a, b = fields(before[text]), fields(after[text])
        for field in a:
            if a[field] != b[field]:
                named = lost & (NAMES[field] | EVERYWHERE)
                # Without its languages or its provenance, what is told of each language has less to stand on.
                named |= lost & NAMES["languages"] if "variants" in field or field == "codes" else set()
                assert named, (field, a[field], b[field], lost)
