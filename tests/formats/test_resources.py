"""A website's resource files: keys, order and comments stay, only values change."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import FormatError
from workbench.formats import READERS, WRITERS, read_document

PROPERTIES = "# Accueil\nhome.title=Bonjour à tous\nhome.count=3\n\nhome.bye=Au revoir\n".encode()
JSON = json.dumps({"home": {"title": "Bonjour à tous", "count": 3, "on": True}, "items": ["Un", "Deux"]}).encode()


def test_properties_give_their_values_and_keep_comments_and_order():
    blocks = read_document(PROPERTIES, "fr.properties").documents[0].blocks
    assert [(b.context, b.text) for b in blocks] == [
        ("home.title", "Bonjour à tous"), ("home.count", "3"), ("home.bye", "Au revoir"),
    ]  # fmt: skip
    out = WRITERS[".properties"](PROPERTIES, ["Hola a todos", None, "Adiós"], language="es").decode()
    assert out.replace("\n\n", "\n") == "# Accueil\nhome.title=Hola a todos\nhome.count=3\nhome.bye=Adiós\n"


def test_json_keeps_its_structure_and_what_is_no_text():
    blocks = read_document(JSON, "fr.json").documents[0].blocks
    assert [b.text for b in blocks] == ["Bonjour à tous", "Un", "Deux"]
    out = json.loads(WRITERS[".json"](JSON, ["Olá a todos", None, "Dois"], language="pt"))
    assert out == {"home": {"title": "Olá a todos", "count": 3, "on": True}, "items": ["Un", "Dois"]}


@pytest.mark.parametrize(("suffix", "data"), [(".properties", PROPERTIES), (".json", JSON)])
def test_nothing_changed_gives_the_same_bytes(suffix, data):
    assert WRITERS[suffix](data, [None, None, None], language="es") == data


@pytest.mark.parametrize("data", [b'{"a": ', b"[1, 2", b'{"a": 1}', b"\x89PNG\r\n\x1a\n\x00\x00", b"[" * 100_000])
def test_what_is_no_json_of_texts_is_refused_by_name(data):
    with pytest.raises(FormatError, match=r"site\.json"):
        read_document(data, "site.json")


@settings(deadline=None)
@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), st.text(max_size=20), max_size=6))
def test_whatever_stands_in_a_json_it_is_read_or_refused(content):
    data = json.dumps(content).encode()
    try:
        READERS[".json"](data, "x.json")
    except FormatError as error:
        assert "x.json" in str(error)
