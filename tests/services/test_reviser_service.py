"""A bilingual document goes to a reviser and comes back: corrections, conflicts, comments, all undoable."""

import io

import docx
import pytest

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from tests.worlds import versions
from workbench.core.texts import TextInfo
from workbench.errors import FormatError, UsageError
from workbench.services.alignment_service import AlignmentService
from workbench.services.comment_service import CommentService
from workbench.services.memory_service import MemoryService
from workbench.services.reviser_service import ReviserService
from workbench.services.row_service import RowService
from workbench.services.step_service import StepService
from workbench.services.translation_service import TranslationService


class Office:
    """The services of one person on the shared store."""

    def __init__(self, store, now, author):
        self.memory = MemoryService(store=store, now=now, author=author)
        self.desk = TranslationService(store=store, memory=self.memory, now=now, author=author)
        common = {"store": store, "now": now, "author": author}
        alignment = AlignmentService(vectors=None, memory=self.memory, **common)
        self.rows = RowService(alignment=alignment, memory=self.memory, **common)
        self.steps = StepService(rows=self.rows, alignment=alignment, memory=self.memory, **common)
        self.comments = CommentService(**common)
        self.revisers = ReviserService(translation=self.desk, comments=self.comments, steps=self.steps, **common)


@pytest.fixture
def office(store, now, library):
    office = Office(store, now, "ana")
    library.add_text(TextInfo("t", "Le réseau", original="fr"), versions(fr="# Le réseau\n\nUn. Deux.\n\nTrois.\n"))
    for row, said in zip(office.desk.view("t", "es").rows, ["La red", "Uno.", "Dos."], strict=False):
        office.desk.confirm("t", "es", row.key, said)
    return office


def corrected(data, **cells):
    """The document with other words in some cells: ``target2="…"`` is the target of row 2."""
    document = docx.Document(io.BytesIO(data))
    table = document.tables[0]
    for name, words in cells.items():
        column = {"source": 1, "target": 2, "comment": 3}[name[:-1]]
        table.cell(int(name[-1]), column).text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def targets(office):
    return [(row.target, str(row.state)) for row in office.desk.view("t", "es").rows]


def test_a_correction_is_shown_then_taken_as_reviewed_and_learnt(office):
    name, data = office.revisers.hand_out("t", "es")
    assert name == "t.fr-es.docx"
    back = office.revisers.read("t", "es", corrected(data, target2="Uno solo."), name)
    (correction,) = back.corrections
    assert (correction.place, correction.before, correction.after, correction.now) == (1, "Uno.", "Uno solo.", "Uno.")
    assert correction.conflict == ""
    assert len(back.unchanged) == 2
    assert targets(office)[1] == ("Uno.", "translated")
    taken = office.revisers.take("t", "es", back.corrections, reviewed=back.unchanged)
    assert (taken.corrected, taken.reviewed, taken.skipped) == (1, 2, 0)
    assert targets(office) == [
        ("La red", "reviewed"), ("Uno solo.", "reviewed"), ("Dos.", "reviewed"), ("", "missing"),
    ]  # fmt: skip
    assert [s.target for s in office.memory.search("Un.", source="fr", target="es") if s.score > 95] == ["Uno solo."]


def test_corrections_taken_back_leave_everything_as_it_was(office):
    before = targets(office)
    _, data = office.revisers.hand_out("t", "es")
    back = office.revisers.read("t", "es", corrected(data, target2="Uno solo.", target4="Tres."), "x.docx")
    office.revisers.take("t", "es", back.corrections, reviewed=back.unchanged)
    assert office.desk.view("t", "es").rows[3].target == "Tres."
    office.steps.undo("t", "es", office.steps.last("t", "es").id)
    assert targets(office) == before
    assert [s.target for s in office.memory.search("Un.", source="fr", target="es") if s.score > 95] == ["Uno."]


def test_what_changed_meanwhile_is_a_conflict_and_both_versions_are_shown(office, store, now):
    _, data = office.revisers.hand_out("t", "es")
    key = office.desk.view("t", "es").rows[1].key
    Office(store, now, "rui").desk.confirm("t", "es", key, "Uno y no más.")
    (correction,) = office.revisers.read("t", "es", corrected(data, target2="Uno solo."), "x.docx").corrections
    assert (correction.conflict, correction.now, correction.after) == ("target", "Uno y no más.", "Uno solo.")
    office.desk.confirm("t", "es", key, "Otra vez.")
    assert office.revisers.take("t", "es", [correction]).skipped == 1
    assert targets(office)[1][0] == "Otra vez."


def test_what_changed_after_the_document_was_read_is_not_called_reviewed(office, store, now, library):
    _, data = office.revisers.hand_out("t", "es")
    back = office.revisers.read("t", "es", corrected(data, target3="Dos más."), "x.docx")
    assert len(back.unchanged) == 2
    other = Office(store, now, "rui")
    other.desk.confirm("t", "es", office.desk.view("t", "es").rows[1].key, "Otra cosa.")
    library.put_versions("t", versions(fr="# Le réseau\n\nUn. Deux !\n\nTrois.\n"))
    taken = office.revisers.take("t", "es", back.corrections, reviewed=back.unchanged)
    assert (taken.corrected, taken.reviewed, taken.skipped) == (0, 1, 1)
    assert targets(office)[:3] == [("La red", "reviewed"), ("Otra cosa.", "translated"), ("Dos.", "stale")]


def test_what_stands_there_already_is_no_correction(office):
    _, data = office.revisers.hand_out("t", "es")
    office.desk.confirm("t", "es", office.desk.view("t", "es").rows[1].key, "Uno solo.")
    assert office.revisers.read("t", "es", corrected(data, target2="Uno solo."), "x.docx").corrections == ()


def test_comments_go_out_and_only_what_the_reviser_added_comes_in(office):
    key = office.desk.view("t", "es").rows[1].key
    office.comments.add("t", "es", key, "One what?")
    _, data = office.revisers.hand_out("t", "es")
    table = docx.Document(io.BytesIO(data)).tables[0]
    assert table.cell(2, 3).text == "ana: One what?"
    changed = corrected(data, comment2="ana: One what? A city.", comment3="Good.")
    document = docx.Document(io.BytesIO(changed))
    run = document.tables[0].cell(1, 2).paragraphs[0].runs[0]
    document.add_comment(run, text="Net or network?", author="Eva Ruiz", initials="ER")
    out = io.BytesIO()
    document.save(out)
    back = office.revisers.read("t", "es", out.getvalue(), "x.docx")
    keys = [row.key for row in office.desk.view("t", "es").rows]
    assert set(back.remarks) == {
        (keys[0], "Eva Ruiz", "Net or network?"), (keys[1], "x.docx", "A city."), (keys[2], "x.docx", "Good."),
    }  # fmt: skip
    for _ in range(2):
        office.revisers.take("t", "es", [], remarks=back.remarks)
    assert len(office.comments.all("t", "es")) == 4


def test_odd_rows_are_told_and_change_nothing(office):
    _, data = office.revisers.hand_out("t", "es")
    back = office.revisers.read("t", "es", corrected(data, target2=" ", source3="Quatre."), "x.docx")
    assert back.corrections == ()
    assert [str(note)[:6] for note in back.notes] == ["Row 3:", "Row 2 "]


def test_a_document_of_another_text_or_language_is_refused(office, library):
    library.add_text(TextInfo("other", "Other", original="fr"), versions(fr="Un.\n"))
    _, data = office.revisers.hand_out("t", "es")
    with pytest.raises(UsageError, match="not of “Other”"):
        office.revisers.read("other", "es", data, "x.docx")
    with pytest.raises(UsageError, match="from fr into es"):
        office.revisers.read("t", "pt", data, "x.docx")
    with pytest.raises(FormatError):
        office.revisers.read("t", "es", b"no document", "x.docx")


def test_a_document_that_lost_its_code_is_compared_with_today(office, store):
    _, data = office.revisers.hand_out("t", "es")
    document = docx.Document(io.BytesIO(data))
    document.core_properties.identifier = ""
    for paragraph in document.paragraphs:
        if "wb-" in paragraph.text:
            paragraph.text = ""
    out = io.BytesIO()
    document.save(out)
    back = office.revisers.read("t", "es", corrected(out.getvalue(), target2="Uno solo."), "x.docx")
    assert not back.known
    assert [c.after for c in back.corrections] == ["Uno solo."]
    assert "compared with what the version says now" in str(back.notes[0])


def test_tracked_changes_count_as_accepted(office):
    _, data = office.revisers.hand_out("t", "es")
    document = docx.Document(io.BytesIO(data))
    paragraph = document.tables[0].cell(2, 2).paragraphs[0]._p
    namespace = paragraph.nsmap["w"]
    run = paragraph.r_lst[0]
    deleted = paragraph.makeelement(f"{{{namespace}}}del", {})
    run.addprevious(deleted)
    deleted.append(run)
    inserted = paragraph.makeelement(f"{{{namespace}}}ins", {})
    deleted.addnext(inserted)
    new = inserted.makeelement(f"{{{namespace}}}r", {})
    text = new.makeelement(f"{{{namespace}}}t", {})
    text.text = "Uno solo."
    new.append(text)
    inserted.append(new)
    out = io.BytesIO()
    document.save(out)
    back = office.revisers.read("t", "es", out.getvalue(), "x.docx")
    assert [(c.before, c.after) for c in back.corrections] == [("Uno.", "Uno solo.")]
    assert "Tracked changes were read as if accepted." in map(str, back.notes)
