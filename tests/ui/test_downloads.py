"""Every table that is shown can be taken away as CSV and XLSX."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from workbench.core.terms import Concept, Status, Term
from workbench.services.workspace import Workspace
from workbench.ui.components.downloads import csv_bytes
from workbench.ui.components.glossary_table import concept_header, concept_rows

Open = Callable[..., AppTest]
UI = Path(__file__).parents[2] / "workbench" / "ui"
FORMS = {"concept_form.py", "rules_editor.py"}  # one concept's terms and the rules: filled in there, read elsewhere


def names(page: AppTest) -> list[str]:
    return [button.proto.label for button in page.get("download_button")]


def test_every_module_that_draws_a_table_lets_it_be_taken_away() -> None:
    for path in UI.rglob("*.py"):
        code = path.read_text(encoding="utf-8")
        if re.search(r"st\.(dataframe|data_editor|table)\(", code) and path.name not in FORMS:
            assert "draw_downloads(" in code, path.name


def test_the_glossary_s_list_is_taken_away_as_it_is_filtered(workspace: Workspace, open_page: Open) -> None:
    for name in ("ville", "accord"):
        workspace.glossary.save(Concept(name, "instruments", (Term("fr", name), Term("en", name))), None)
    page = open_page("glossary")
    assert not page.exception and names(page) == ["CSV", "XLSX"]


def test_a_concept_s_row_has_all_its_terms_and_their_status(workspace: Workspace) -> None:
    terms = (Term("fr", "jumelage"), Term("fr", "pacte", Status.FORBIDDEN, use_instead="jumelage"), Term("en", "=1+1"))
    stored = workspace.glossary.save(Concept("twinning", "instruments", terms), None)
    data = csv_bytes(concept_header(), concept_rows([stored])).decode("utf-8-sig")
    header, row = csv.reader(io.StringIO(data))
    assert header == ["Concept", "Subject field", "French", "Spanish", "Portuguese", "English"]
    assert row == ["twinning", "Instruments", "jumelage; pacte (forbidden)", "", "", "'=1+1"]


def test_the_grid_is_taken_away_where_it_is_corrected(with_text: Workspace, open_page: Open) -> None:
    with_text.alignment.align("reseau")
    page = open_page("align", text="reseau")
    assert not page.exception and names(page) == ["CSV", "XLSX"]
