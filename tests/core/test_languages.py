"""Languages: codes, file names, content."""

import pytest

from workbench.core.languages import (
    detect_language,
    guess_language,
    language_in_name,
    name_without_language,
    normalise_code,
)
from workbench.errors import UsageError


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("fr.txt", "fr"), ("x.fr.docx", "fr"), ("x_pt-BR.html", "pt-BR"), ("pt_BR.po", "pt-BR"), ("de.txt", "de"),
        ("informe español.txt", "es"), ("acordo-en-lima.docx", None), ("agreement.docx", None),
        ("../../etc/fr.txt", "fr"), ("C:\\textes\\es.md", "es"), ("rapport-FR.docx", None), (".txt", None), ("", None),
    ],
)  # fmt: skip
def test_a_name_tells_its_language_only_where_it_is_meant_to(name, language):
    assert language_in_name(name) == language


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("appel.fr.docx", "appel"), ("appel_pt-BR.html", "appel"), ("appel_pt_BR.html", "appel"), ("fr.txt", "fr"),
        ("es - acuerdo.md", "acuerdo"), ("acordo-en-lima.docx", "acordo-en-lima"), ("../x/call (en).odt", "call"),
        ("informe español.txt", "informe español"), (".txt", ".txt"),
    ],
)  # fmt: skip
def test_the_rest_of_a_name_names_the_text(name, rest):
    assert name_without_language(name) == rest


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Les villes coopèrent avec leurs partenaires.", "fr"),
        ("Las ciudades cooperan con sus socios.", "es"),
        ("As cidades cooperam com os seus parceiros e não desistem.", "pt"),
        ("The cities cooperate with their partners.", "en"),
    ],
)
def test_content_tells_the_language(text, language):
    assert detect_language(text)[0] == language
    assert guess_language("sans-langue.txt", text) == language


def test_an_empty_text_is_guessed_without_any_certainty():
    assert detect_language(" 12 – ") == ("fr", 0.0)


@pytest.mark.parametrize(
    ("code", "normal"), [("pt_br", "pt-BR"), ("EN", "en"), ("es-419", "es-419"), ("zh-hant", "zh-Hant")]
)
def test_codes_are_written_as_bcp_47(code, normal):
    assert normalise_code(code) == normal


def test_what_is_no_code_is_refused():
    with pytest.raises(UsageError, match="not a language code"):
        normalise_code("../fr")
