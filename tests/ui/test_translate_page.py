"""The translate page and the server's half of its editor."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from workbench.core.matching import differences
from workbench.core.texts import TextInfo
from workbench.services.uploads import Upload, read_uploads
from workbench.services.workspace import Workspace
from workbench.ui.components.translation_editor.drawing import marked, pieces, utf16
from workbench.ui.components.translation_editor.feed import EditorFeed

Open = Callable[..., AppTest]
HtmlOf = Callable[[AppTest], str]


@pytest.fixture
def with_french(workspace: Workspace) -> Workspace:
    text = "# Le réseau\n\nLes villes coopèrent. Elles partagent leurs projets.\n"
    workspace.library.add_text(
        TextInfo("reseau", "Le réseau", original="fr"), read_uploads([Upload("red.fr.md", text.encode(), "fr")])
    )
    return workspace


@pytest.fixture
def feed(with_french: Workspace) -> EditorFeed:
    return EditorFeed(with_french, "reseau", "es")


def message(
    feed: EditorFeed, *operations: dict[str, object], seen: int = 0, have: int | None = None
) -> dict[str, object]:
    return {
        "client": "c1", "place": [feed.slug, feed.target, feed.view.source], "epoch": feed.epoch,
        "have": feed.version if have is None else have, "seen": seen,
        "ops": [{"n": n + 1, **operation} for n, operation in enumerate(operations)],
    }  # fmt: skip


def editor_data(page: AppTest) -> dict[str, object]:
    shown = [e for e in page.main if e.type == "bidi_component"]
    (element,) = [e for e in shown if e.proto.component_name.endswith("translation_editor")]
    return dict(json.loads(element.proto.json))


# The page --------------------------------------------------------------------------------------------------------


def test_without_a_text_the_page_lists_what_waits(with_french: Workspace, open_page: Open, html_of: HtmlOf) -> None:
    page = open_page("translate")
    assert not page.exception
    assert "translate?text=reseau" in html_of(page)


def test_an_empty_workspace_says_what_to_do(workspace: Workspace, open_page: Open) -> None:
    page = open_page("translate")
    assert not page.exception
    assert "add one first" in page.info[0].value


def test_a_text_that_was_deleted_is_named_and_the_page_goes_on(workspace: Workspace, open_page: Open) -> None:
    page = open_page("translate", text="<b>gone</b>", to="es")
    assert not page.exception
    assert "gone" in page.warning[0].value
    assert "<b>" not in page.warning[0].value


def test_a_text_and_a_language_open_the_editor_with_every_row(with_french: Workspace, open_page: Open) -> None:
    page = open_page("translate", text="reseau", to="es", row="2")
    assert not page.exception
    data = editor_data(page)
    assert [row["s"] for row in data["rows"]][:2] == ["Le réseau", "Les villes coopèrent."]
    assert (data["source"], data["target"], data["place"], data["full"]) == ("fr", "es", 1, True)


def test_a_link_to_a_segment_opens_its_row_in_whatever_language_it_is(with_french: Workspace, open_page: Open) -> None:
    rows = with_french.translation.view("reseau", "es").rows
    with_french.translation.confirm("reseau", "es", rows[2].key, "Comparten sus proyectos.")
    (spanish,) = with_french.library.segments("reseau", "es")
    for segment in (rows[2].key, spanish.id):
        page = open_page("translate", text="reseau", to="es", segment=str(segment))
        assert editor_data(page)["place"] == 2
    page = open_page("translate", text="reseau", segment=str(spanish.id))
    assert editor_data(page)["place"] == 2, "also where the language is left to the page"


@pytest.mark.parametrize(
    "params",
    [
        {"to": "xx"},
        {"to": "fr"},
        {"row": "x"},
        {"row": "99"},
        {"segment": "999999"},
        {"segment": "-1"},
        {"from": "zz"},
        {},
    ],
)
def test_an_odd_address_still_opens_the_text(with_french: Workspace, open_page: Open, params: dict[str, str]) -> None:
    page = open_page("translate", text="reseau", **params)
    assert not page.exception
    assert editor_data(page)["place"] is None


def test_versions_that_were_never_aligned_are_sent_to_aligning(with_text: Workspace, open_page: Open) -> None:
    page = open_page("translate", text="reseau", to="es")
    assert not page.exception
    assert "not aligned" in page.warning[0].value


def test_publishing_waits_for_the_last_segment_and_then_says_so(with_french: Workspace, open_page: Open) -> None:
    page = open_page("translate", text="reseau", to="es")
    assert [b.label for b in page.button if b.disabled and "Publish" in b.label]
    for row in with_french.translation.view("reseau", "es").rows:
        with_french.translation.confirm("reseau", "es", row.key, f"es {row.source}")
    page = open_page("translate", text="reseau", to="es")
    next(b for b in page.button if "Publish" in b.label).click().run()
    assert with_french.library.version("reseau", "es").state.value == "published"


# The editor's server half ----------------------------------------------------------------------------------------


def test_rows_are_sent_whole_once_and_then_only_what_changed(feed: EditorFeed) -> None:
    first = feed.data()
    assert first["full"] and len(first["rows"]) == 3
    feed.receive(message(feed, {"op": "draft", "key": first["rows"][1]["k"], "text": "Las ciud"}))
    second = feed.data()
    assert not second["full"]
    assert [(row["p"], row["d"]) for row in second["rows"]] == [(1, "Las ciud")]


def test_an_operation_sent_twice_is_done_once(feed: EditorFeed) -> None:
    key = feed.view.rows[0].key
    confirm = message(feed, {"op": "confirm", "key": key, "text": "La red", "token": ""})
    feed.receive(confirm)
    feed.receive(confirm)
    assert [r["kind"] for r in feed.data()["results"]] == ["confirmed"]
    assert len(feed.workspace.library.segments("reseau", "es")) == 1


def test_what_is_confirmed_helps_at_once_with_the_rows_fetched_ahead(workspace: Workspace) -> None:
    text = "Les villes coopèrent avec Lyon.\n\nLe port est fermé.\n\nLes villes coopèrent avec Quito.\n"
    uploads = read_uploads([Upload("villes.fr.txt", text.encode(), "fr")])
    workspace.library.add_text(TextInfo("villes", "Villes", original="fr"), uploads)
    feed = EditorFeed(workspace, "villes", "es")
    first, second, third = (row.key for row in feed.view.rows)
    feed.receive(message(feed, {"op": "look", "keys": [first, second, third]}))
    assert not feed.data()["assist"][third]["sugg"]
    words = {"op": "confirm", "key": first, "text": "Las ciudades cooperan con Lyon.", "token": ""}
    feed.receive({**message(feed, {"op": "at", "key": first}, words), "drawn": feed.data()["drawing"]})
    again = feed.data()["assist"]
    assert list(again) == [third] and again[third]["sugg"]


def test_what_was_said_at_the_desk_of_another_language_or_text_is_not_taken(workspace: Workspace) -> None:
    for slug in ("one", "two"):
        workspace.library.add_text(
            TextInfo(slug, slug, original="fr"), read_uploads([Upload("a.fr.md", b"Merci.\n", "fr")])
        )
    left = EditorFeed(workspace, "one", "en")
    (row,) = left.view.rows
    said = message(
        left, {"op": "draft", "key": row.key, "text": "Th"}, {"op": "confirm", "key": row.key, "text": "Thanks"}
    )
    for other in (EditorFeed(workspace, "one", "pt", acks=left.acks), EditorFeed(workspace, "two", "en")):
        other.receive(said)
        assert [(r.target, r.draft) for r in other.view.rows] == [("", None)]
        assert other.data()["acks"] == {}
    left.receive(said)
    assert left.view.rows[0].target == "Thanks"
    assert EditorFeed(workspace, "one", "pt", acks=left.acks).data()["acks"] == {"c1": 2}


def test_a_browser_that_lost_answers_gets_everything_since_what_it_has(feed: EditorFeed) -> None:
    had = feed.version
    keys = [row.key for row in feed.view.rows]
    feed.receive(message(feed, {"op": "draft", "key": keys[0], "text": "a"}))
    feed.data()
    again = message(feed, {"op": "draft", "key": keys[0], "text": "a"}, {"op": "draft", "key": keys[1], "text": "b"})
    feed.receive({**again, "have": had})
    assert [row["p"] for row in feed.data()["rows"]] == [0, 1]


def test_a_conflict_brings_both_versions_and_loses_nothing(feed: EditorFeed) -> None:
    row = feed.view.rows[0]
    rui = Workspace(feed.workspace.settings, author="rui", store=feed.workspace.store)
    rui.translation.confirm("reseau", "es", row.key, "La red de ellos")
    feed.receive(message(feed, {"op": "confirm", "key": row.key, "text": "Mi red", "token": row.token}))
    data = feed.data()
    (result,) = data["results"]
    assert (result["kind"], result["theirs"], result["by"]) == ("conflict", "La red de ellos", "rui")
    assert data["acks"] == {"c1": 1}


def test_a_draft_keeps_what_it_was_begun_over_and_says_when_that_is_past(feed: EditorFeed) -> None:
    row = feed.view.rows[0]
    feed.receive(message(feed, {"op": "draft", "key": row.key, "text": "Mi red", "base": row.token}))
    assert "db" not in feed.data()["rows"][0]
    rui = Workspace(feed.workspace.settings, author="rui", store=feed.workspace.store)
    rui.translation.confirm("reseau", "es", row.key, "La red de ellos")
    feed.refresh()
    drawn = feed.data()["rows"][0]
    assert (drawn["d"], drawn["db"], drawn["t"]) == ("Mi red", row.token, "La red de ellos")


def test_an_operation_that_fails_in_the_program_is_tried_again_before_it_is_given_up(
    feed: EditorFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(feed.workspace.translation, "save_draft", broken)
    draft = message(feed, {"op": "draft", "key": feed.view.rows[0].key, "text": "a"})
    feed.receive(draft)
    assert feed.data()["acks"] == {"c1": 0}
    for _ in range(5):
        feed.receive(draft)
    data = feed.data()
    assert data["acks"] == {"c1": 1}
    assert data["results"][0]["kind"] == "refused"


@pytest.mark.parametrize(
    "odd",
    [
        None, 1, "x", [], {}, {"client": 1, "ops": []}, {"client": "c", "ops": "x"}, {"client": "c", "ops": [1, None]},
        {"client": "c", "ops": [{"n": 1, "op": "nothing"}]},
        {"client": "c", "ops": [{"n": "1", "op": "look", "keys": [1]}]},
        {"client": "c", "ops": [{"n": 1, "op": "look", "keys": ["a", None, 5]}]},
        {"client": "c", "ops": [{"n": 1, "op": "confirm", "key": "a", "text": 5}]},
    ],
)  # fmt: skip
def test_messages_that_mean_nothing_are_passed_over(feed: EditorFeed, odd: object) -> None:
    feed.receive(odd)
    assert feed.data()["full"] in (True, False)


def test_a_message_of_an_editor_that_is_gone_is_none() -> None:
    def script() -> None:
        import streamlit as st

        from workbench.ui.components.translation_editor import sent_message

        st.text(repr(sent_message()))

    assert AppTest.from_function(script).run().text[0].value == "None"


def test_help_is_given_as_plain_pieces(feed: EditorFeed) -> None:
    key = feed.view.rows[1].key
    feed.receive(message(feed, {"op": "look", "keys": [key]}))
    help_ = feed.data()["assist"][key]
    assert "".join(piece for piece, _ in help_["src"]) == "Les villes coopèrent."
    assert help_["sugg"] == []


def test_help_in_an_answer_that_never_arrived_comes_again_until_it_is_drawn(feed: EditorFeed) -> None:
    keys = [row.key for row in feed.view.rows]
    feed.receive(message(feed, {"op": "look", "keys": keys[:1]}))
    assert set(feed.data()["assist"]) == {keys[0]}
    feed.receive(message(feed, {"op": "look", "keys": keys[:1]}, {"op": "history", "key": keys[1]}))
    second = feed.data()
    assert set(second["assist"]) == {keys[0]}
    assert set(second["history"]) == {keys[1]}
    feed.receive({**message(feed), "drawn": second["drawing"]})
    third = feed.data()
    assert not third["assist"]
    assert not third["history"]


# Pieces ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Les villes coopèrent.", "Les grandes villes coopèrent."),
        ("Les grandes villes coopèrent.", "Les villes coopèrent."),
        ("de deux à trois mois", "de trois à six mois"),
        ("", "Tout est neuf."),
        ("Tout s’en va.", ""),
        ("Merci.", "Merci."),
    ],
)
def test_pieces_read_without_the_struck_ones_are_the_new_text(before: str, now: str) -> None:
    found = pieces(now, before, differences(now, before))
    assert "".join(t for o, t in found if o != "-").replace(" ", "") == now.replace(" ", "")
    assert "".join(t for o, t in found if o != "+").replace(" ", "") == before.replace(" ", "")


def test_marks_never_overlap_and_lose_no_character() -> None:
    assert marked("abcdef", [(1, 3), (2, 4), (4, 6)]) == [["a", None], ["bc", 0], ["d", None], ["ef", 2]]


def test_places_are_counted_as_javascript_counts_them() -> None:
    assert utf16("🏙️ ville", 3) == 4


# Rows cut anew ---------------------------------------------------------------------------------------------------


def test_a_split_sends_all_rows_anew_and_can_be_taken_back(feed: EditorFeed) -> None:
    key = feed.view.rows[1].key
    feed.data()
    parts = {"fr": ["Les villes", "coopèrent."], "xx": "no pair"}
    feed.receive(message(feed, {"op": "split", "key": key, "parts": parts, "draft": ["Las ciudades", "cooperan."]}))
    data = feed.data()
    assert data["full"]
    assert [(row["s"], row.get("d")) for row in data["rows"]][1:3] == [
        ("Les villes", "Las ciudades"), ("coopèrent.", "cooperan."),
    ]  # fmt: skip
    assert [result["kind"] for result in data["results"]] == ["done"]
    again = message(feed, {"op": "draft", "key": key, "text": "x"}, {"op": "undo", "step": data["undo"]["id"]})
    feed.receive({**again, "ops": [{**operation, "n": operation["n"] + 1} for operation in again["ops"]]})
    data = feed.data()
    assert [row["s"] for row in data["rows"]][1] == "Les villes coopèrent."
    assert data["undo"] is None


def test_what_a_confirmation_filled_says_so_and_is_emptied_again_together(workspace: Workspace) -> None:
    text = "- Merci.\n- Merci.\n- Merci.\n"
    workspace.library.add_text(
        TextInfo("thrice", "Thrice", original="fr"), read_uploads([Upload("t.fr.md", text.encode(), "fr")])
    )
    feed = EditorFeed(workspace, "thrice", "es")
    feed.receive(message(feed, {"op": "confirm", "key": feed.view.rows[0].key, "text": "Gracias.", "token": ""}))
    first, *others = feed.data()["rows"]
    step = workspace.steps.last("thrice", "es")
    assert step is not None
    assert "rp" not in first
    assert [row["rp"] for row in others] == [[step.id, workspace.author, 2]] * 2
    seen_by_rui = EditorFeed(workspace.for_person("rui"), "thrice", "es").data()["rows"][1]
    assert seen_by_rui["rp"] == [0, workspace.author, 2]
    again = message(feed, {"op": "at"}, {"op": "undo", "key": others[0]["k"], "step": step.id})
    feed.receive(again)
    assert [row.target for row in feed.view.rows] == ["Gracias.", "", ""]


def test_a_page_whose_answer_was_lost_asks_for_its_cuts_again_and_they_are_made_once(with_french: Workspace) -> None:
    def twice(*operations: dict[str, object], said: str, rows: list[tuple[str, str | None]]) -> None:
        for feed in [EditorFeed(with_french, "reseau", "es") for _ in range(2)]:  # the second knows nothing of acks
            feed.refresh()
            feed.receive(message(feed, *operations))
            assert [(row.source, row.draft) for row in feed.view.rows][1:] == rows
            assert [(r["kind"], r["message"]) for r in feed.data()["results"]] == [("done", said)]

    _, first, second = (row.key for row in EditorFeed(with_french, "reseau", "es").view.rows)
    with_french.translation.save_draft("reseau", "es", second, "Comparten.")
    sources = ["Les villes coopèrent.", "Elles partagent leurs projets."]
    joined, halves = "Las ciudades Comparten.", ["Las ciudades", "Comparten."]
    twice(
        {"op": "draft", "key": first, "text": halves[0]}, {"op": "join", "key": first, "next": second},
        said="The two segments are one now.", rows=[(" ".join(sources), joined)],
    )  # fmt: skip
    twice(
        {"op": "draft", "key": first, "text": joined},
        {"op": "split", "key": first, "parts": {"fr": sources}, "draft": halves},
        said="The segment was cut in two.", rows=list(zip(sources, halves, strict=True)),
    )  # fmt: skip
    step = with_french.steps.last("reseau", "es")
    assert step is not None
    twice(
        {"op": "draft", "key": first, "text": "Las villas"}, {"op": "undo", "key": first, "step": step.id},
        said="The segment is whole again.", rows=[(" ".join(sources), "Las villas Comparten.")],
    )  # fmt: skip


def test_what_is_left_out_stays_so_though_the_browser_says_it_twice(with_french: Workspace) -> None:
    for out, state in ((True, "left out"), (False, "missing")):
        for feed in [EditorFeed(with_french, "reseau", "es") for _ in range(2)]:
            feed.receive(message(feed, {"op": "leave_out", "key": feed.view.rows[0].key, "out": out}))
            assert feed.view.rows[0].state == state


def test_what_cannot_be_cut_or_joined_is_told_and_nothing_changes(feed: EditorFeed) -> None:
    key = feed.view.rows[0].key
    feed.receive(message(feed, {"op": "split", "key": key, "parts": {}}, {"op": "join", "key": key}, {"op": "undo"}))
    data = feed.data()
    assert [result["kind"] for result in data["results"]] == ["told"] * 3
    assert len(feed.view.rows) == 3


def test_a_comment_and_the_history_reach_the_browser_as_text(feed: EditorFeed) -> None:
    row = feed.view.rows[0]
    rui = Workspace(feed.workspace.settings, author="rui", store=feed.workspace.store)
    rui.translation.confirm("reseau", "es", row.key, "<b>La red</b>")
    rui.comments.add("reseau", "es", row.key, "<script>no</script>")
    feed.receive(
        message(
            feed, {"op": "confirm", "key": row.key, "text": "La red"}, {"op": "history", "key": row.key},
            {"op": "comment", "key": row.key, "text": "Yes."}, {"op": "comment", "key": row.key, "text": " "},
        )
    )  # fmt: skip
    data = feed.data()
    (earlier,) = data["history"][row.key]
    assert (earlier["text"], earlier["by"]) == ("<b>La red</b>", "rui")
    assert "".join(text for sign, text in earlier["pieces"] if sign != "-").replace(" ", "") == "<b>Lared</b>"
    assert [(c["text"], c["by"]) for c in data["rows"][0]["cm"]] == [("<script>no</script>", "rui"), ("Yes.", "ana")]
    assert data["results"][-1]["kind"] == "told"
    settle = {"op": "settle", "comment": data["rows"][0]["cm"][0]["id"], "key": row.key, "n": 5}
    feed.receive({**message(feed), "ops": [settle]})
    assert "done" in feed.data()["rows"][0]["cm"][0]


def test_a_comment_whose_answer_was_lost_is_sent_again_and_stands_there_once(with_french: Workspace) -> None:
    for feed in [EditorFeed(with_french, "reseau", "es") for _ in range(2)]:
        key = feed.view.rows[0].key
        feed.receive(message(feed, {"op": "comment", "key": key, "text": "Why?"}))
        assert [(r["key"], r["kind"]) for r in feed.data()["results"]] == [(key, "kept")]
    assert [comment.body for comment in with_french.comments.all("reseau", "es")] == ["Why?"]


# Two people -------------------------------------------------------------------------------------------------------


def test_two_people_see_each_other_at_their_rows_and_nobody_oneself(feed: EditorFeed) -> None:
    rui = EditorFeed(feed.workspace.for_person("rui"), "reseau", "es")
    key = feed.view.rows[1].key
    feed.receive({**message(feed, {"op": "at"}), "at": key})
    rui.receive({**message(rui, {"op": "at"}), "client": "c2", "at": key})
    assert rui.data()["present"] == [["ana", key]]
    assert feed.data()["present"] == [["rui", key]]


def test_the_desks_look_is_kept_for_each_person(feed: EditorFeed) -> None:
    feed.receive(message(feed, {"op": "view", "quiet": True, "other": True}))
    assert feed.data()["view"] == {"quiet": True, "references": False, "preview": False}
    rui = EditorFeed(feed.workspace.for_person("rui"), "reseau", "es")
    assert rui.data()["view"]["quiet"] is False


def test_the_preview_gets_what_the_codes_of_the_original_stand_for(workspace: Workspace) -> None:
    text = "Un **mot** ici.\n\nRien.\n\n| A | B |\n|---|---|\n"
    workspace.library.add_text(
        TextInfo("gras", "Gras", original="fr"), read_uploads([Upload("g.fr.md", text.encode(), "fr")])
    )
    feed = EditorFeed(workspace, "gras", "es")
    assert "looks" not in feed.data()
    feed.receive(message(feed, {"op": "preview"}))
    data = feed.data()
    keys = [row.key for row in feed.view.rows]
    assert data["looks"] == {
        keys[0]: {"c": {1: "strong"}},
        keys[2]: {"t": [1, 0, 0, 1, 1, 1]},
        keys[3]: {"t": [1, 0, 1, 1, 1, 1]},
    }
    feed.receive({**message(feed), "drawn": data["drawing"]})
    assert "looks" not in feed.data()
