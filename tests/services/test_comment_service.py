"""Comments on segments: kept with who and when, settled, opened again, following their segment."""

import pytest

from tests.databases import either_store  # noqa: F401 - the fixture `store`, in both databases
from tests.worlds import versions
from workbench.core.texts import TextInfo
from workbench.errors import UsageError
from workbench.formats import add_notes
from workbench.services.comment_service import CommentService
from workbench.services.export_service import ExportService
from workbench.services.memory_service import MemoryService
from workbench.services.translation_service import TranslationService
from workbench.services.uploads import Upload, read_upload, read_uploads


@pytest.fixture
def desk(store, now, library):
    library.add_text(TextInfo("t", "T", original="fr"), versions(fr="Un.\n\nDeux.\n"))
    memory = MemoryService(store=store, now=now, author="ana")
    return TranslationService(store=store, memory=memory, now=now, author="ana")


@pytest.fixture
def comments(store, now):
    return CommentService(store=store, now=now, author="ana")


@pytest.fixture
def key(desk):
    return desk.view("t", "es").rows[1].key


def test_a_comment_stands_in_its_row_with_who_said_it(desk, comments, key):
    assert comments.add("t", "es", key, " Which  two? ")
    (said,) = desk.view("t", "es").rows[1].comments
    assert (said.body, said.by, said.open, bool(said.at)) == ("Which two?", "ana", True, True)
    assert desk.view("t", "es").rows[0].comments == ()
    assert desk.view("t", "pt").rows[1].comments == ()


def test_the_same_comment_sent_twice_is_one(desk, comments, key):
    assert comments.add("t", "es", key, "Which two?")
    assert not comments.add("t", "es", key, "Which two?")
    remarks = [(key, "rui", "Which two?"), (key, "ana", "Which two?"), (key, "rui", " Which two? ")]
    assert comments.take("t", "es", remarks) == 1
    assert [c.by for c in desk.view("t", "es").rows[1].comments] == ["ana", "rui"]


def test_a_comment_is_settled_by_another_person_and_opened_again(desk, comments, key, store, now):
    comments.add("t", "es", key, "Which two?")
    (said,) = comments.all("t", "es")
    CommentService(store=store, now=now, author="rui").settle("t", said.id)
    (settled,) = comments.all("t", "es")
    assert (settled.open, settled.resolved_by) == (False, "rui")
    comments.settle("t", said.id, again=True)
    assert comments.all("t", "es")[0].open


@pytest.mark.parametrize(("body", "words"), [("  ", "nothing to keep"), ("x" * 5_001, "at most")])
def test_an_empty_or_endless_comment_is_refused(comments, key, body, words):
    with pytest.raises(UsageError, match=words):
        comments.add("t", "es", key, body)


def test_a_comment_on_what_is_gone_is_refused(comments, key):
    with pytest.raises(UsageError, match="no longer in the text"):
        comments.add("t", "es", 10_000, "x")
    with pytest.raises(UsageError, match="no longer there"):
        comments.settle("t", 10_000)


def test_a_comment_on_a_sentence_that_a_revision_drops_stays_with_the_one_before(library, desk, comments):
    first, second = (row.key for row in desk.view("t", "es").rows)
    comments.add("t", "es", first, "All?")
    comments.add("t", "es", second, "Both?")
    library.put_versions("t", versions(fr="Un.\n\nTrois mille.\n"))
    rows = desk.view("t", "es").rows
    assert [[c.body for c in row.comments] for row in rows] == [["All?", "“Deux.”: Both?"], []]
    library.put_versions("t", versions(fr="Trois mille.\n"))
    assert [c.body for c in desk.view("t", "es").rows[0].comments] == ["“Un.”: All?", "“Un.”: “Deux.”: Both?"]


def test_an_open_comment_goes_out_with_the_file_as_a_note(library, store, now, comments):
    data = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="1.2"><file source-language="fr" target-language="es" '
        b'original="a" datatype="plaintext"><body><trans-unit id="1"><source>Un</source><target>Uno</target>'
        b'</trans-unit><trans-unit id="2"><source>Deux</source><target>Dos</target></trans-unit></body></file></xliff>'
    )
    library.add_text(TextInfo("x", "X", original="fr"), read_uploads([Upload("a.xlf", data)]))
    key = library.segments("x", "fr")[1].id
    comments.add("x", "es", key, "Which two?")
    comments.add("x", "es", library.segments("x", "fr")[0].id, "Settled.")
    comments.settle("x", comments.all("x", "es")[1].id)
    out = ExportService(library=library).export("x", "es")[1].decode()
    assert out.count("<note") == 1
    assert '<target>Dos</target><note from="ana">Which two?</note>' in out


def test_an_open_comment_goes_out_with_a_catalogue_as_a_translators_comment(library, comments):
    data = (
        b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=ISO-8859-1\\n"\n"Language: es\\n"\n\n'
        b'# Older.\n#: a.py:1\n#, fuzzy\nmsgid "Un"\nmsgstr "Uno"\n\n#: b.py:2\nmsgid "Deux"\nmsgstr "Dos"\n\n'
        b'#~ msgid "Vieux"\n#~ msgstr "Viejo"\n'
    )
    source, target = read_upload(Upload("a.es.po", data))
    library.add_text(TextInfo("x", "X", original="fr"), [source.in_language("fr"), target])
    first, second = (segment.id for segment in library.segments("x", "fr"))
    comments.add("x", "es", first, 'Which one?\n\nmsgid é "x"')
    comments.add("x", "es", second, "Settled.")
    comments.settle("x", comments.all("x", "es")[1].id)
    exports = ExportService(library=library)
    out = exports.export("x", "es")[1]
    assert out == data.replace(b"# Older.\n", b'# Older.\n# ana: Which one? msgid \xe9 "x"\n')
    noted = add_notes(data, ".po", {1: [("ana", "One.\nTwo.")]})
    assert noted == data.replace(b"#: b.py", b"# ana: One.\n# Two.\n#: b.py")
    assert add_notes(noted, ".po", {1: [("ana", "One.")]}) == noted


def test_of_a_documents_comments_only_what_can_be_kept_is(desk, comments, key):
    remarks = [(key, "rui", " \u200b"), (10_000, "rui", "Gone."), (key, "r" * 500, "x" * 6_000), (key, "", "Who?")]
    assert comments.take("t", "es", remarks) == 2
    long, nobody = desk.view("t", "es").rows[1].comments
    assert (len(long.by), len(long.body)) == (80, 5_000)
    assert (nobody.by, nobody.body) == ("ana", "Who?")
