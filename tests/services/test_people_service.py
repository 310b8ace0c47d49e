"""The team: recognising who signs in, and roles that hold at once; on both databases."""

import itertools

import pytest

from tests.databases import either_store  # noqa: F401 - the fixture `store`
from workbench.core.people import Identity, Right, Role
from workbench.errors import RefusedError, UsageError
from workbench.services.people_service import PeopleService, role_named
from workbench.services.rights import RoleGuard

ANA = Identity("https://id.example.org", "a-1", "Ana@Example.org", True, "Ana Silva")


@pytest.fixture
def people(store):
    clock = itertools.count()
    return PeopleService(store=store, now=lambda: f"2026-01-01T00:00:{next(clock):02}.000Z")


def test_a_place_kept_for_an_address_goes_to_the_first_who_signs_in_with_it(people):
    kept = people.add("ana@example.org", Role.ADMINISTRATOR)
    assert (kept.author, kept.seen_at) == ("ana@example.org", "")
    came = people.recognise(ANA)
    assert (came.id, came.author, came.role) == (kept.id, "Ana Silva", Role.ADMINISTRATOR)
    assert came.seen_at
    other = people.recognise(Identity(ANA.issuer, "a-2", ANA.email, True, "Ana Silva"))
    assert other.id != kept.id and other.role is None


def test_somebody_is_known_by_issuer_and_subject_whatever_becomes_of_the_address(people):
    first = people.recognise(ANA)
    again = people.recognise(Identity(ANA.issuer, ANA.subject, "ana.silva@example.org", True, "Ana S."))
    assert (again.id, again.email, again.author) == (first.id, "ana.silva@example.org", "Ana Silva")
    assert people.recognise(Identity("https://other.example.org", ANA.subject)).id != first.id
    assert len(people.all()) == 2


def test_an_unverified_address_gets_nobodys_place(people):
    people.add("ana@example.org", Role.ADMINISTRATOR)
    assert people.recognise(Identity("https://open.example.org", "x", "ana@example.org", False, "Mallory")).role is None


def test_two_people_of_one_name_sign_their_changes_differently(people):
    authors = {
        people.recognise(Identity(ANA.issuer, str(n), f"ana{n}@example.org", True, "Ana Silva")).author
        for n in range(3)
    }
    assert authors == {"Ana Silva", "Ana Silva (ana1@example.org)", "Ana Silva (ana2@example.org)"}
    nameless = [people.recognise(Identity(ANA.issuer, subject)).author for subject in ("s-1", "s-2")]
    assert nameless == ["s-1", "s-2"]


def test_whoever_was_added_by_nobody_waits_or_gets_the_role_that_is_set(people, store):
    assert people.recognise(ANA).role is None
    people.default_role = Role.READER
    assert people.recognise(Identity(ANA.issuer, "r-1", "rui@example.org")).role is Role.READER


def test_a_role_holds_at_once_and_not_after_the_person_was_removed(people, store):
    ana = people.recognise(ANA)
    guard = RoleGuard(store.people, ana.id)
    assert not guard.allows(Right.TRANSLATE)
    people.set_role(ana.id, Role.REVISER)
    assert guard.allows(Right.TRANSLATE) and guard.allows(Right.REVISE) and not guard.allows(Right.TERMS)
    people.remove(ana.id)
    assert not guard.allows(Right.TRANSLATE)


def test_only_an_administrator_says_who_may_do_what(people, store):
    ana = people.add("ana@example.org", Role.TERMINOLOGIST)
    people.guard = RoleGuard(store.people, ana.id)
    for change in (
        lambda: people.add("rui@example.org", Role.ADMINISTRATOR),
        lambda: people.set_role(ana.id, Role.ADMINISTRATOR),
        lambda: people.remove(ana.id),
    ):
        with pytest.raises(RefusedError, match="administrator"):
            change()
    assert [(p.email, p.role) for p in people.all()] == [("ana@example.org", Role.TERMINOLOGIST)]


def test_the_last_administrator_stays(people):
    ana = people.add("ana@example.org", Role.ADMINISTRATOR)
    for change in (lambda: people.set_role(ana.id, Role.READER), lambda: people.remove(ana.id)):
        with pytest.raises(UsageError, match="last administrator"):
            change()
    rui = people.add("rui@example.org", Role.ADMINISTRATOR)
    people.remove(ana.id)
    assert people.administrators() == [rui.email]
    with pytest.raises(UsageError, match="removed meanwhile"):
        people.set_role(ana.id, Role.READER)


def test_each_role_may_do_all_that_those_before_it_may():
    for fewer, more in itertools.pairwise(Role):
        assert fewer.rights < more.rights
    assert not Role.READER.rights and Role.ADMINISTRATOR.rights == set(Right)
    assert role_named("reviser") is Role.REVISER
    with pytest.raises(UsageError, match="reader, translator"):
        role_named("boss")
