"""`workbench people`."""

import json


def test_people_are_added_listed_given_another_role_and_removed(workbench, home):
    assert workbench("people", "add", "Ana@Example.org", "--role", "administrator").code == 0
    assert "as translator" in workbench("people", "add", "rui@example.org").err
    assert workbench("people", "set-role", "rui@example.org", "--role", "reviser").code == 0
    listed = json.loads(workbench("people", "list", "--json").out)
    assert [(p["email"], p["role"], p["last signed in"]) for p in listed] == [
        ("ana@example.org", "administrator", ""), ("rui@example.org", "reviser", ""),
    ]  # fmt: skip
    assert workbench("people", "remove", "rui@example.org").code == 0
    assert "rui@" not in workbench("people", "list").out


def test_what_cannot_be_is_refused_with_a_sentence(workbench, home):
    assert workbench("people", "add", "ana@example.org", "--role", "administrator").code == 0
    for arguments, said in [
        (("add", "ana@example.org"), "there already"),
        (("add", "no address"), "no e-mail address"),
        (("add", "rui@example.org", "--role", "king"), "the roles are"),
        (("set-role", "nobody@example.org", "--role", "reader"), "people list"),
        (("set-role", "ana@example.org", "--role", "reader"), "last administrator"),
        (("remove", "ana@example.org"), "last administrator"),
    ]:
        refused = workbench("people", *arguments)
        assert refused.code == 2 and said in refused.err and refused.err.count("\n") == 1
