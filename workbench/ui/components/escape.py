"""Text from files on its way to a page: always text, never markup."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&/@])")


def markdown_text(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it stands, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def shorten(text: str, length: int = 80) -> str:
    """Return the beginning of a text, cut at a word, with an ellipsis if anything is left out."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[:length].rsplit(" ", 1)[0].rstrip(",;:.–— ") or text[:length]
    return f"{cut}…"
