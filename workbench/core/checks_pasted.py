"""What comes along when text is pasted from elsewhere: characters that cannot be seen, and markup."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from workbench.core.checks import CheckContext, Finding, Pair, Severity, check
from workbench.errors import Sentence, mark

INVISIBLE = re.compile(  # controls but white space; zero-width and bidirectional ones; joiners beside plain letters
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb]|[\u200c\u200d](?![^\x00-\x7f])|(?<![^\x00-\x7f])[\u200c\u200d]"
)
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9:-]*(?:\s[^<>]*)?/?>|<!--.*?-->", re.DOTALL)

INVISIBLE_SAID = mark("There is a character that cannot be seen: {name}.")
MARKUP_SAID = mark("There is markup that the original lacks: {tag}")


@check("pasted")
def _pasted(pairs: Sequence[Pair], _: CheckContext) -> Iterable[Finding]:
    for place, pair in enumerate(pairs):
        for match in INVISIBLE.finditer(pair.target):
            if match.group() not in pair.source:
                yield Finding(
                    "pasted", "invisible", place, Sentence(INVISIBLE_SAID, {"name": name(match.group())}),
                    match.start(), match.end(), "", severity=Severity.WARNING,
                )  # fmt: skip
        known = {tag.group() for tag in _TAG.finditer(pair.source)}
        for match in _TAG.finditer(pair.target):
            if match.group() not in known:
                yield Finding(
                    "pasted", "markup", place, Sentence(MARKUP_SAID, {"tag": match.group()[:40]}),
                    match.start(), match.end(), "", severity=Severity.WARNING,
                )  # fmt: skip


def name(character: str) -> str:
    """Return how a character is called: ``U+202E, right-to-left override``."""
    called = unicodedata.name(character, "control character").lower()
    return f"U+{ord(character):04X}, {called}"
