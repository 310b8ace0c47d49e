"""Keep the interface's catalogues in step with its sources: ``python tests/ui/catalogues.py``.

Writes ``workbench/ui/locale/workbench.pot`` from the calls of ``tr``, ``trn`` and ``mark``, brings each language's
``workbench.po`` in line with it (what is said no more goes, what is new stands there empty), and compiles the
``workbench.mo`` beside it. The compiled files are kept in the repository, so that an installation of any kind speaks
all languages without a step of building. Prints what waits for a translator; ends with 1 if anything does.

The sources are read with ``ast`` and not with a token-based extractor, which is blind to calls inside f-strings
under Python 3.11.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

PROJECT = Path(__file__).parents[2]
LOCALES = PROJECT / "workbench" / "ui" / "locale"
LANGUAGES = ("fr", "es", "pt")
ERRORS = ("WorkbenchError", "FormatError", "UsageError", "ConflictError", "ConceptConflictError", "StoreError",
          "RefusedError", "DamagedError")  # fmt: skip
KEYWORDS = {"tr": 1, "trn": 2, "mark": 1, "sentence": 1} | dict.fromkeys(ERRORS, 1)
"""The functions that take words, and how many of their first arguments are such."""

METHODS = ("lose",)
"""Methods whose first argument is words."""

SHELL = (
    "commands/*", "bench/*", "core/evaluation.py", "services/backup_service.py", "services/batch_service.py",
    "services/cluster.py", "services/evaluation_service.py", "services/file_translation.py", "services/scripting.py",
    "store/backup.py", "store/rescue.py",
)  # fmt: skip
"""Modules whose words are for the terminal, in English: what only commands call."""

PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "pt": "nplurals=2; plural=(n > 1);",  # as in Brazil, where nought is singular
}


def sources() -> list[Path]:
    """Return the files whose words are shown in the browser."""
    package = PROJECT / "workbench"
    shown = [
        path
        for path in sorted(package.rglob("*.py"))
        if not any(path.relative_to(package).match(pattern) for pattern in SHELL)
    ]
    return [PROJECT / "app.py", *shown]


def messages(source: str) -> list[tuple[str, str]]:
    """Return the messages of a module in their order as (singular, plural), the plural empty where there is none.

    Words that are no literal are left out: they stand in a table, each in a ``mark``.

    Raises:
        ValueError: words are put together in the call, as in ``tr(f"…")``: no catalogue can hold them.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        # A function by its name, a method (``report.lose``) by its own.
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called not in (KEYWORDS if isinstance(node.func, ast.Name) else METHODS):
            continue
        count = KEYWORDS.get(called, 1)
        words = []
        for argument in node.args[:count]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                words.append(argument.value)
            elif isinstance(argument, ast.JoinedStr | ast.BinOp):
                raise ValueError(f"Line {node.lineno}: {ast.unparse(node)} puts its words together; use {{names}}.")
        if len(words) == count:
            found.append((node.lineno, node.col_offset, words[0], words[1] if len(words) > 1 else ""))
    return [(singular, plural) for _line, _column, singular, plural in sorted(found)]


def template() -> polib.POFile:
    """Return the messages of the sources, in their order, each with the files (not the lines) it stands in."""
    found: dict[tuple[str, str], polib.POEntry] = {}
    for path in sources():
        place = (path.relative_to(PROJECT).as_posix(), "")
        try:
            words = messages(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{place[0]}: {error}") from None
        for singular, plural in words:
            entry = found.setdefault((singular, plural), _entry(singular, plural))
            if place not in entry.occurrences:
                entry.occurrences.append(place)
    pot = polib.POFile(wrapwidth=110)
    pot.metadata = _metadata("")
    pot.extend(found.values())
    return pot


def merge(old: Iterable[polib.POEntry], pot: polib.POFile, language: str) -> polib.POFile:
    """Return the template's messages with the translations of a catalogue; nothing is guessed."""
    known = {(entry.msgid, entry.msgid_plural): entry for entry in old if not entry.obsolete}
    po = polib.POFile(wrapwidth=110)
    po.metadata = _metadata(language)
    for entry in pot:
        kept = known.get((entry.msgid, entry.msgid_plural))
        new = _entry(entry.msgid, entry.msgid_plural)
        new.occurrences = list(entry.occurrences)
        if kept is not None:
            new.msgstr, new.flags, new.tcomment = kept.msgstr, kept.flags, kept.tcomment
            if new.msgid_plural:
                new.msgstr_plural = dict(kept.msgstr_plural)
        po.append(new)
    return po


def po_path(language: str) -> Path:
    """Return where a language's catalogue lies; the compiled one has the ending ``.mo``."""
    return LOCALES / language / "LC_MESSAGES" / "workbench.po"


def untranslated(po: polib.POFile) -> Iterator[polib.POEntry]:
    """Yield the messages without a translation, or with one that is marked as doubtful."""
    for entry in po:
        if not entry.translated() or entry.fuzzy:
            yield entry


def update() -> int:
    """Write the template and all catalogues; return how many translations are missing."""
    pot = template()
    LOCALES.mkdir(exist_ok=True)
    pot.save(str(LOCALES / "workbench.pot"))
    missing = 0
    for language in LANGUAGES:
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        po = merge(polib.pofile(str(path)) if path.is_file() else (), pot, language)
        po.save(str(path))
        po.save_as_mofile(str(path.with_suffix(".mo")))
        for entry in untranslated(po):
            missing += 1
            print(f"{path.relative_to(PROJECT)}: no translation of “{entry.msgid}”")
    return missing


def _entry(singular: str, plural: str) -> polib.POEntry:
    entry = polib.POEntry(msgid=singular, msgid_plural=plural)
    if plural:
        entry.msgstr_plural = {0: "", 1: ""}
    return entry


def _metadata(language: str) -> dict[str, str]:
    # No dates and no program's version: a catalogue changes when its words do.
    return {
        "Project-Id-Version": "workbench",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS.get(language, "nplurals=2; plural=(n != 1);"),
    }


if __name__ == "__main__":
    sys.exit(1 if update() else 0)
