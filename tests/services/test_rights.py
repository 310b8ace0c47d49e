"""Every change asks for a right in the service that makes it, and is written down under its author's name."""

import ast
from pathlib import Path

import pytest

import workbench.services
from tests.ui.conftest import NoEncoder
from tests.worlds import versions
from workbench.config import Settings
from workbench.core.memory import NewUnit, Source, SourceKind
from workbench.core.people import Right
from workbench.core.segmentation import NO_RULES
from workbench.core.terms import Concept, Term
from workbench.core.texts import TextInfo
from workbench.errors import RefusedError
from workbench.services.alignment_service import GridEdit
from workbench.services.glossary_service import ImportPreview
from workbench.services.rights import OPEN, needs, refusal
from workbench.services.workspace import Workspace

SERVICES = Path(workbench.services.__file__).parent
OPEN_TO_ALL = {
    "GlossaryService.seed",  # fills what is empty, on whoever's first visit
    "PeopleService.recognise",  # signing in itself
    "StepService.remember",  # inside the transaction of a change that has asked
}
WRITES = {"write", "put", "add", "change", "remove", "propose", "start", "update", "put_draft", "edit"}
HOUSEKEEPING = {"jobs", "vectors"}  # progress of work, and what can be made again


class Only:
    """A guard that allows some rights."""

    def __init__(self, *rights):
        self.rights = rights

    def allows(self, right):
        return right in self.rights


@pytest.fixture
def workspace(tmp_path):
    opened = Workspace(Settings(tmp_path, f"sqlite:///{tmp_path / 'w.db'}", author="ana"), encoder=NoEncoder())
    opened.library.add_text(TextInfo("net", "Net", "page", "fr"), versions(fr="Une ville.", es="Una ciudad."))
    opened.alignment.align("net")
    opened.glossary.save(Concept("city", "cities", (Term("fr", "ville"),)), None)
    yield opened
    opened.close()


def changes(w):
    """What each right opens: name → the change, on the workspace's services."""
    unit = NewUnit({"fr": "Un.", "es": "Uno."})
    key = w.library.segments("net", "fr")[0].id
    other = Concept("net", "cities", (Term("fr", "réseau"),))
    return {
        Right.TRANSLATE: {
            "add a text": lambda: w.library.add_text(TextInfo("b", "B", "page", "fr"), versions(fr="Deux.")),
            "revise": lambda: w.library.put_versions("net", versions(fr="Une autre ville.")),
            "rename": lambda: w.library.rename("net", title="Other"),
            "align": lambda: w.alignment.align("net"),
            "edit the grid": lambda: w.alignment.edit("net", GridEdit("confirm", (0,), w.library.grid("net").revision)),
            "translate": lambda: w.translation.save_draft("net", "pt", key, "Uma"),
            "confirm": lambda: w.translation.confirm("net", "pt", key, "Uma cidade."),
            "learn": lambda: w.memory.learn([unit], source=Source("file:x", SourceKind.FILE, "x"), reviewed=True),
            "propose": lambda: w.glossary.propose("fr", "réseau"),
            "stop work": lambda: w.jobs.cancel(1),
        },
        Right.REVISE: {
            "publish": lambda: w.translation.publish("net", "es"),
            "import": lambda: w.memory.import_units([], name="x"),
            "join units": lambda: w.memory.dedupe(),
            "remove a version": lambda: w.library.remove_version("net", "es"),
            "remove a text": lambda: w.library.remove("net"),
        },
        Right.TERMS: {
            "save": lambda: w.glossary.save(other, None),
            "undo": lambda: w.glossary.undo("city"),
            "delete": lambda: w.glossary.delete("city", 1),
            "import": lambda: w.glossary.apply_import(ImportPreview("x", (), ())),
            "approve": lambda: w.proposals.approve(1),
            "refuse": lambda: w.proposals.refuse(1),
            "dismiss": lambda: w.proposals.dismiss("fr", "réseau", "reseau"),
            "look for candidates": lambda: w.candidates.search(),
        },
        Right.ADMINISTER: {
            "rules": lambda: w.library.set_rules(NO_RULES),
            "delete units": lambda: w.memory.remove([1]),
            "team": lambda: w.people.remove(1),
        },
    }


@pytest.mark.parametrize("right", list(Right))
def test_whoever_lacks_a_right_is_refused_before_anything_changes(workspace, right):
    everything_else = Only(*(r for r in Right if r is not right))
    his = workspace.for_person("rui", everything_else)
    before = dump(workspace)
    for name, change in changes(his)[right].items():
        with pytest.raises(RefusedError) as refused:
            change()
        assert str(refused.value) == refusal(right), name
    assert dump(workspace) == before


def test_whoever_has_the_right_is_written_down_as_the_author(workspace):
    his = workspace.for_person("rui", Only(Right.TRANSLATE, Right.TERMS))
    key = his.library.segments("net", "fr")[0].id
    his.translation.confirm("net", "pt", key, "Uma cidade.")
    assert workspace.library.version("net", "pt").updated_by == "rui"
    assert {s.updated_by for s in workspace.library.segments("net", "pt")} == {"rui"}
    his.alignment.edit("net", GridEdit("confirm", (0,), his.library.grid("net").revision))
    assert grid_authors(workspace) == ["rui"]
    his.glossary.save(Concept("net", "cities", (Term("fr", "réseau"),)), None)
    assert his.glossary.history("net")[0].by == "rui"
    file = Source("file:f", SourceKind.FILE, "f")
    learnt = his.memory.learn([NewUnit({"fr": "Un.", "es": "Uno."})], source=file, reviewed=True)
    assert {provenance.by for provenance in his.memory.unit(learnt.unit_ids[0]).provenances} == {"rui"}
    assert workspace.author == "ana" and workspace.memory.author == "ana"  # those who share it keep their own name


def grid_authors(workspace):
    from workbench.store.schema import grid_edits

    with workspace.store.database.read() as connection:
        return [row.by for row in connection.execute(grid_edits.select())]


def dump(workspace):
    from workbench.store.schema import metadata

    with workspace.store.database.read() as connection:
        return {table.name: connection.execute(table.select()).all() for table in metadata.sorted_tables}


def writing_methods():
    """Yield the public methods of services with a guard that write to the store themselves: (name, is it guarded)."""
    for path in sorted(SERVICES.glob("*.py")):
        for service in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(service, ast.ClassDef) or "self.guard = " not in ast.unparse(service):
                continue
            for method in service.body:
                if isinstance(method, ast.FunctionDef) and not method.name.startswith("_") and writes(method):
                    guarded = any("needs(" in ast.unparse(d) for d in method.decorator_list)
                    yield f"{service.name}.{method.name}", guarded


def writes(method):
    for node in ast.walk(method):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            place = ast.unparse(node.func.value).split(".")
            if place[:2] == ["self", "store"] and place[-1] not in HOUSEKEEPING:
                return True
    return False


def test_no_method_of_a_service_writes_without_asking_for_a_right():
    found = dict(writing_methods())
    assert len(found) > 20
    assert {name for name, guarded in found.items() if not guarded} - OPEN_TO_ALL == set()


def test_every_service_that_knows_an_author_knows_what_they_may_do():
    without = set()
    for path in sorted(SERVICES.glob("*.py")):
        for service in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(service, ast.ClassDef) and service.name.endswith("Service"):
                source = ast.unparse(service)
                if "self.author" in source and "self.guard" not in source:
                    without.add(service.name)
    assert without == set()


def test_a_service_without_a_guard_of_its_own_is_open():
    class Service:
        guard = OPEN

        @needs(Right.ADMINISTER)
        def change(self, value):
            """Change something."""
            return value

    assert Service().change(3) == 3 and Service.change.__doc__ == "Change something."
    closed = Service()
    closed.guard = Only()
    with pytest.raises(RefusedError):
        closed.change(3)
