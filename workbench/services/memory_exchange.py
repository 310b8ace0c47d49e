"""Between the memory's units and those of exchange files, with nothing lost on the way that a file can hold.

What only this program knows of a unit (its sources, their neighbours and reviews) travels as properties of the
prefix :data:`OWN_PREFIX`, so that a memory exported and imported again is the same memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workbench.core.memory import (
    NO_DETAILS,
    Details,
    NewUnit,
    Provenance,
    Source,
    SourceKind,
    TranslationUnit,
    Variant,
)
from workbench.errors import UsageError
from workbench.formats.exchange import ExchangeUnit, ExchangeVariant

OWN_PREFIX = "x-workbench-"
SOURCE_PROPERTY = f"{OWN_PREFIX}source"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A unit of a file, ready to learn.

    Attributes:
        unit: The unit.
        source: Where this memory or another learnt it; ``None`` means from the file itself.
        reviewed: What is known of it; ``None`` means what the importing person says of the whole file.
        at, by: When and by whom it was learnt there.
    """

    unit: NewUnit
    source: Source | None = None
    reviewed: bool | None = None
    at: str = ""
    by: str = ""


def incoming(unit: ExchangeUnit) -> list[Incoming]:
    """Return what a file's unit teaches; more than one where it has alternative translations or several sources."""
    out: list[Incoming] = []
    for variants in _alternatives(unit.variants):
        texts = {variant.language: variant.text for variant in variants}
        details = {variant.language: _variant_details(variant) for variant in variants}
        own, foreign = _parted(unit.properties)
        whole = Details(
            unit.id, unit.source, unit.context, (), foreign, unit.notes, unit.created, unit.changed, unit.author,
            unit.changed_by,
        )  # fmt: skip
        restored = [found for value in own if (found := _restored(value, texts, whole, details)) is not None]
        out.extend(restored or [Incoming(NewUnit(texts, details=whole, variant_details=details))])
    return out


def outgoing(unit: TranslationUnit) -> ExchangeUnit:
    """Return a unit as an exchange file holds it."""
    details = unit.details
    by_age = sorted(unit.provenances, key=lambda p: p.at)
    first, last = (by_age[0], by_age[-1]) if by_age else (None, None)
    properties = list(details.properties)
    properties += [(SOURCE_PROPERTY, _provenance_json(p)) for p in unit.provenances]
    return ExchangeUnit(
        tuple(_outgoing_variant(unit, variant) for variant in unit.variants),
        id=details.id,
        source=details.source,
        context=details.context,
        properties=tuple(properties),
        notes=details.notes,
        created=details.created or (first.at if first else ""),
        changed=details.changed or (last.at if last else ""),
        author=details.author or (first.by if first else ""),
        changed_by=details.changed_by or (last.by if last else ""),
    )


def outgoing_units(units: Iterable[TranslationUnit]) -> Iterator[ExchangeUnit]:
    """Turn units into those of exchange files, one by one."""
    return (outgoing(unit) for unit in units)


def _alternatives(variants: tuple[ExchangeVariant, ...]) -> list[list[ExchangeVariant]]:
    """Return the unit with the first variant of each language, and one more for each further variant."""
    first: dict[str, ExchangeVariant] = {}
    further: list[ExchangeVariant] = []
    for variant in variants:
        if not variant.text.strip():
            continue
        if variant.language in first:
            further.append(variant)
        else:
            first[variant.language] = variant
    return [
        list(first.values()),
        *([other, *(v for v in first.values() if v.language != other.language)] for other in further),
    ]


def _variant_details(variant: ExchangeVariant) -> Details:
    return Details(
        codes=variant.codes,
        properties=variant.properties,
        notes=variant.notes,
        created=variant.created,
        changed=variant.changed,
        author=variant.author,
        changed_by=variant.changed_by,
    )


def _outgoing_variant(unit: TranslationUnit, variant: Variant) -> ExchangeVariant:
    found = unit.variant_details(variant.language)
    return ExchangeVariant(
        variant.language, variant.text, found.codes, found.properties, found.notes, found.created, found.changed,
        found.author, found.changed_by,
    )  # fmt: skip


def _parted(properties: tuple[tuple[str, str], ...]) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    own = [value for name, value in properties if name == SOURCE_PROPERTY]
    return own, tuple(pair for pair in properties if not pair[0].startswith(OWN_PREFIX))


def _provenance_json(p: Provenance) -> str:
    source = p.source
    fields: dict[str, Any] = {
        "key": source.key, "kind": source.kind.value, "name": source.name, "text": source.text_slug,
        "revision": source.revision, "aligner": source.aligner, "languages": list(p.languages), "place": p.place,
        "context": {language: list(pair) for language, pair in p.context.items()}, "reviewed": p.reviewed,
        "machine": p.machine, "at": p.at, "by": p.by, "details": bool(p.details or p.variant_details),
    }  # fmt: skip
    told = {name: value for name, value in fields.items() if value}
    if p.reviewed and p.checked is not None:
        told["checked"] = list(p.checked)
    if p.score is not None:
        told["score"] = p.score
    return json.dumps(told, ensure_ascii=False)


def _restored(value: str, texts: dict[str, str], whole: Details, details: dict[str, Details]) -> Incoming | None:
    """Read a source back; ``None`` where somebody changed it beyond recognition, which costs only the source."""
    try:
        fields = json.loads(value)
        source = Source(
            str(fields["key"]), SourceKind(fields["kind"]), str(fields.get("name", "")), str(fields.get("text", "")),
            int(fields.get("revision", 0)), str(fields.get("aligner", "")),
        )  # fmt: skip
        languages = [str(code) for code in fields["languages"] if code in texts]
        context = {
            str(code): (_text(pair[0]), _text(pair[1]))
            for code, pair in fields.get("context", {}).items()
            if code in texts
        }
        score = fields.get("score")
        unit = NewUnit(
            {code: texts[code] for code in languages},
            str(fields.get("place", "")),
            context,
            None if score is None else float(score),
            bool(fields.get("machine", False)),
            whole if fields.get("details") else NO_DETAILS,
            {code: details[code] for code in languages} if fields.get("details") else {},
            tuple(str(code) for code in fields["checked"] if code in texts) if "checked" in fields else None,
        )
        return Incoming(
            unit, source, bool(fields.get("reviewed", False)), str(fields.get("at", "")), str(fields.get("by", ""))
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, UsageError):
        return None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
