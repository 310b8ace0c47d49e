"""The team: who there is, what each may do, and keeping a place for somebody new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.core.people import Person, Role
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.page_head import draw_section
from workbench.ui.i18n import day, tr
from workbench.ui.session import say, told
from workbench.ui.sign_in import role_label, role_words

if TYPE_CHECKING:
    from workbench.services.people_service import PeopleService

ROLES = list(Role)


def draw_people(people: PeopleService) -> None:
    """Draw the team for an administrator: roles hold as soon as they are chosen."""
    draw_section(tr("People"))
    st.caption(tr("A role holds at once, also where somebody is at work. Those who wait for one come first."))
    everybody = sorted(people.all(), key=lambda person: person.role is not None)
    for person in everybody:
        _draw_person(people, person)
    _draw_add(people)
    with st.expander(tr("What each role may do"), icon=":material/shield_person:"):
        lines = [f"- **{markdown_text(role_label(role))}**: {markdown_text(role_words(role))}" for role in ROLES]
        st.markdown("\n".join(lines))


def _draw_person(people: PeopleService, person: Person) -> None:
    name, role, more = st.columns([4, 2.4, 1], vertical_alignment="center")
    facts = [person.email] if person.email and person.email != person.author else []
    facts.append(
        tr("signed in on {day}", day=day(person.seen_at)) if person.seen_at else tr("has not signed in yet")
    )  # fmt: skip
    name.markdown(f"**{markdown_text(person.author)}**  \n{markdown_text(' · '.join(facts))}")
    key = f"role_{person.id}_{person.role}"  # what is shown is what holds, also where a colleague changed it
    if person.role is not None and key not in st.session_state:
        st.session_state[key] = person.role
    waiting = {"index": None, "placeholder": tr("Give a role")} if person.role is None else {}
    role.selectbox(
        tr("Role of {name}", name=person.author), ROLES, format_func=role_label, key=key,
        label_visibility="collapsed", on_change=_set_role, args=(people, person, key), **waiting,
    )  # fmt: skip
    with more.popover("", icon=":material/person_remove:", help=tr("Remove {name}", name=person.author)):
        st.markdown(tr("What this person did keeps their name; they cannot come in any more."))
        if st.button(tr("Remove"), key=f"remove_person_{person.id}", icon=":material/person_remove:"):
            with told():
                people.remove(person.id)
                say(tr("{name} was removed.", name=person.author))
                st.rerun()


def _set_role(people: PeopleService, person: Person, key: str) -> None:
    chosen = st.session_state.get(key)
    if chosen is None:
        return
    st.session_state.pop(key)  # what is shown is what holds, also after a refusal
    with told():
        people.set_role(person.id, Role(chosen))
        say(tr("{name} is now {role}.", name=person.author, role=role_label(Role(chosen))))


def _draw_add(people: PeopleService) -> None:
    with st.form("add_person", border=False, clear_on_submit=False):
        address, role, button = st.columns([4, 2.4, 1], vertical_alignment="bottom")
        email = address.text_input(tr("Add somebody by e-mail address"), max_chars=254, placeholder="ana@example.org")
        chosen = role.selectbox(tr("Role"), ROLES, ROLES.index(Role.TRANSLATOR), format_func=role_label)
        pressed = button.form_submit_button(tr("Add"), icon=":material/person_add:", width="stretch")
    if pressed:
        with told():
            added = people.add(email, chosen)
            say(tr("{email} may sign in now, as {role}.", email=added.email, role=role_label(chosen)))
            st.rerun()
