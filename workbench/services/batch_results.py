"""What became of a batch's texts: a folder each, whole or absent, with a record by which the next run knows it."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

RECORD = ".workbench-batch.json"


@dataclass(frozen=True, slots=True)
class TextResult:
    """What became of one text.

    Attributes:
        name: The text's.
        state: ``"done"``, ``"kept"`` (finished in an earlier run) or ``"failed"``.
        languages: Of its versions.
        segments: Of all versions together.
        rows: Of the grid, or of all pairs together.
        doubtful: Rows less than half sure.
        seconds: Spent now.
        reason: Why it failed.
        warnings: Sentences for the user.
    """

    name: str
    state: str
    languages: tuple[str, ...] = ()
    segments: int = 0
    rows: int = 0
    doubtful: int = 0
    seconds: float = 0.0
    reason: str = ""
    warnings: tuple[str, ...] = field(default=())


def _as_record(result: TextResult) -> dict[str, object]:
    return {
        "languages": result.languages, "segments": result.segments, "rows": result.rows, "doubtful": result.doubtful,
        "warnings": result.warnings,
    }  # fmt: skip


def finished(name: str, output: Path, mark: str) -> TextResult | None:
    """Return what an earlier run noted of a text, if it finished it with the same files and options.

    Args:
        name: The text's.
        output: Where the folders are.
        mark: What tells the files and options: ``batch_service.fingerprint``.
    """
    try:
        record = json.loads((output / name / RECORD).read_bytes())
        if record["fingerprint"] != mark or not all((output / name / f).is_file() for f in record["files"]):
            return None
        return TextResult(
            name, "kept", tuple(record["languages"]), int(record["segments"]), int(record["rows"]),
            int(record["doubtful"]), warnings=tuple(record["warnings"]),
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_text(output: Path, mark: str, files: Mapping[str, bytes], result: TextResult) -> None:
    """Put a text's folder in its place, complete: written beside it first and moved there.

    Args:
        output: Where the folders are.
        mark: What tells the files and options: ``batch_service.fingerprint``.
        files: By name.
        result: Written down for the next run.
    """
    name, record = result.name, {"fingerprint": mark, **_as_record(result)}
    target = output / name
    fresh = output / f".{name}.partial-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    try:
        for file, data in files.items():
            (fresh / file).write_bytes(data)
        (fresh / RECORD).write_text(json.dumps({**record, "files": list(files)}), encoding="utf-8")
        if not target.exists():
            fresh.replace(target)
            return
        # What else lies in the folder is the user's. The record goes first and comes last: a run killed in between
        # leaves whole files and a text that is done again.
        (target / RECORD).unlink(missing_ok=True)
        for file in (*files, RECORD):
            (fresh / file).replace(target / file)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


_PARTIAL = re.compile(r"\..+\.partial-(\d+)\Z")


def sweep(output: Path) -> None:
    """Remove what a killed run left unfinished; what another run is at work on stays."""
    for path in output.iterdir():
        match = _PARTIAL.match(path.name)
        if match and path.is_dir() and not _alive(int(match.group(1))):
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
