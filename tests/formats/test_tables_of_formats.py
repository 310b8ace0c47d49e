"""The tables of readers and writers: complete, consistent, and light to import."""

from __future__ import annotations

import subprocess
import sys

import pytest

from workbench.core.texts import Block, BlockKind
from workbench.errors import FormatError
from workbench.formats import (
    NEW_FORMATS,
    READERS,
    WRITERS,
    new_document,
    read_document,
    read_segments,
    rebuild,
    suffix_of,
)

BLOCKS = (Block("Un titre", BlockKind.HEADING, 1), Block("Une phrase."), Block("un point", BlockKind.LIST_ITEM, 1))


def test_importing_the_formats_loads_no_file_library() -> None:
    code = (
        "import sys, workbench.formats, workbench.formats.exchange\n"
        "heavy = {'lxml', 'docx', 'openpyxl', 'polib', 'translate', 'markdown_it', 'charset_normalizer'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_read_can_be_written() -> None:
    assert set(READERS) == set(WRITERS) and set(NEW_FORMATS) <= set(READERS)


@pytest.mark.parametrize("suffix", NEW_FORMATS)
def test_a_fresh_document_of_each_kind_can_be_translated(suffix: str) -> None:
    data = new_document(BLOCKS, suffix=suffix, language="fr", title="Un titre")
    blocks = read_document(data, f"x{suffix}").documents[0].blocks
    new = [f"Nuevo {n}{'.' if block.kind is BlockKind.PARAGRAPH else ''}" for n, block in enumerate(blocks)]
    again = read_document(rebuild(data, f"x{suffix}", new, language="es"), f"x{suffix}").documents[0].blocks
    assert [block.text for block in again] == new
    assert [block.kind for block in again] == [block.kind for block in blocks]


def test_unknown_kinds_are_refused_in_words() -> None:
    with pytest.raises(FormatError, match="cannot be written"):
        rebuild(b"", "a/x.pdf", [], language="es")
    with pytest.raises(FormatError, match="A new file cannot end"):
        new_document(BLOCKS, suffix=".po", language="es")
    with pytest.raises(FormatError, match=r"^fr\.txt is empty"):
        read_segments(b"\n \n", "x/fr.txt")
    assert suffix_of("..\\..\\A.Fr.DOCX ") == ".docx"
