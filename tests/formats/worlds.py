"""Small documents that the tests of the formats share."""

from __future__ import annotations

import io
import os
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)

_SHARED = Path(os.environ.get("WORKBENCH_SHARED") or Path(__file__).parents[2].parent / "shared") / "data"

needs_shared = pytest.mark.skipif(not _SHARED.is_dir(), reason="the shared data are not here")


def shared(path: str) -> Path:
    """A file of the shared data."""
    return _SHARED / path


def run(text: str, properties: str = "") -> str:
    """A run's XML."""
    return f'<w:r {W}><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str) -> str:
    """A paragraph's XML."""
    return f"<w:p {W}>{''.join(content)}</w:p>"


def word(*paragraphs: str, header: str = "", title: str = "") -> bytes:
    """A Word document of paragraphs given as XML."""
    document = docx.Document()
    document.core_properties.title = title
    body = document.element.body
    for xml in paragraphs:
        body.insert(len(body) - 1, parse_xml(xml))
    if header:
        document.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
