"""Characters that cannot be seen and markup that was pasted are named, and can be taken away."""

import pytest

from workbench.core import checks_language as checks_language
from workbench.core.checks import CheckContext, Pair, run_checks

CONTEXT = CheckContext("fr", "es")


def found(target, source="Bonjour."):
    return run_checks([Pair(source, target)], CONTEXT, only=["pasted"])


@pytest.mark.parametrize(
    ("target", "name", "fixed"),
    [
        ("Bue\u200bnos.", "U+200B, zero width space", "Buenos."),
        ("Buenos\u202e.", "U+202E, right-to-left override", "Buenos."),
        ("\ufeffBuenos.", "U+FEFF, zero width no-break space", "Buenos."),
        ("Bue\u00adnos.", "U+00AD, soft hyphen", "Buenos."),
        ("Buenos\x07.", "U+0007, control character", "Buenos."),
        ("Buenos \u200d.", "U+200D, zero width joiner", "Buenos ."),
    ],
)
def test_an_invisible_character_is_named_and_taken_away(target, name, fixed):
    (finding,) = found(target)
    assert name in str(finding.message)
    assert finding.apply(target) == fixed


@pytest.mark.parametrize(
    "target", ["Buenos días.", "8\u202f%", "No\u00a0hay", "क्\u200dष", "Vale 👩\u200d💻.", "a < b > c", "3 <4", ""]
)
def test_what_belongs_there_is_no_finding(target):
    assert found(target) == []


def test_markup_that_the_original_lacks_is_a_finding_and_goes_tag_by_tag():
    target = '<b>Buenos</b> <img src=x onerror="alert(1)">'
    findings = found(target)
    assert [finding.kind for finding in findings] == ["markup"] * 3
    for finding in reversed(findings):
        target = finding.apply(target)
    assert target == "Buenos "
    assert found("<b>Buenos</b>", "<b>Bonjour</b>") == []


def test_what_the_original_has_too_is_none():
    assert found("می\u200cخواهم و \u200f", "\u200f\u200c") == []
