"""The documentation tells every command, setting, page and public name, and its examples run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import workbench
from tests.commands.conftest import WordEncoder
from workbench.commands.reference import commands, example_lines, reference
from workbench.services.workspace import Workspace

PROJECT = Path(__file__).parent.parent
DOCS = PROJECT / "docs"
README = PROJECT / "README.md"
COMMANDS = list(commands())


def read(path):
    return path.read_text(encoding="utf-8")


def test_the_reference_of_commands_is_up_to_date():
    assert read(DOCS / "commands.md") == reference(), "run: python -m workbench.commands.reference > docs/commands.md"


@pytest.mark.parametrize("path, command", COMMANDS, ids=[" ".join(path[1:]) for path, _ in COMMANDS])
def test_every_command_says_what_it_does_with_an_example(path, command):
    assert command.help
    examples = example_lines(command)
    assert examples
    assert all(example.startswith(" ".join(path)) for example in examples)
    for parameter in command.params:
        assert parameter.help, f"{' '.join(path)} {parameter.name}"


@pytest.mark.parametrize("group", sorted({path[1] for path, _ in COMMANDS}))
def test_the_guides_speak_of_every_command_group(group):
    assert re.search(rf"`?workbench {group}\b|`{group}`", read(DOCS / "scripts.md") + read(DOCS / "hosting.md")), group


def test_every_setting_is_documented():
    used = set()
    for path in [*(PROJECT / "workbench").rglob("*.py"), *(PROJECT / "tests").rglob("*.py"), PROJECT / "app.py"]:
        used |= set(re.findall(r"WORKBENCH_[A-Z]+(?:_[A-Z]+)*\b", read(path)))
    documented = set(re.findall(r"`(WORKBENCH_[A-Z_]+)", read(DOCS / "scripts.md")))
    assert used - documented == set()


def test_every_page_is_in_the_translators_guide():
    from workbench.ui.navigation import PAGES

    guide = read(DOCS / "translators.md")
    for info in PAGES.values():
        assert f"\n## {info.title}\n" in guide, info.title


def test_every_public_name_is_documented_and_there():
    guide = read(DOCS / "scripts.md")
    for name in workbench.__all__:
        assert getattr(workbench, name).__doc__
        assert re.search(rf"`{name}\b", guide), name


def documents():
    return [README, *sorted(DOCS.glob("*.md")), PROJECT / "corpora" / "README.md", PROJECT / "glossaries" / "README.md"]


@pytest.mark.parametrize("path", documents(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", read(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        linked = (path.parent / file).resolve() if file else path
        assert linked.exists(), target
        if anchor and linked.suffix == ".md":
            headings = {
                heading.strip().casefold().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", read(linked), re.M)
            }
            assert anchor in headings, target


def python_examples():
    for path in (README, DOCS / "scripts.md"):
        for number, code in enumerate(re.findall(r"^```python\n(.*?)^```", read(path), re.M | re.S)):
            yield pytest.param(code, id=f"{path.name}-{number}")


@pytest.mark.parametrize("code", python_examples())
def test_the_python_examples_run(code, tmp_path, monkeypatch, capsys):
    """In a folder with four versions of a sample text, with a model of a few words."""
    for path in (PROJECT / "corpora" / "objectives").glob("??.md"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("WORKBENCH_DATABASE_URL", raising=False)
    monkeypatch.setattr(Workspace, "encoder", WordEncoder())
    exec(compile(code, "example", "exec"), {})
    assert capsys.readouterr().out.strip()


def test_the_readme_shows_five_lines_that_do_the_whole():
    code = re.search(r"^```python\n(.*?)^```", read(README), re.M | re.S).group(1)
    assert len([line for line in code.splitlines() if line.strip()]) <= 5


def test_the_readme_names_the_line_that_installs_and_the_line_that_tests():
    text = read(README)
    assert "pip install -e . && streamlit run app.py" in text
    assert 'pip install -e ".[test]" && pytest' in text
    assert 'pip install -e ".[test]" && pytest' in read(PROJECT / ".ci" / "run")
