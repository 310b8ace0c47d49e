"""Signing in, where a technician has set it up (OpenID Connect): who is at work, and the page for whoever may not."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException, StreamlitAuthError

from workbench.core.people import Identity, Person, Right, Role
from workbench.ui.components.escape import markdown_text
from workbench.ui.components.page_head import draw_head
from workbench.ui.components.upkeep import stop_page
from workbench.ui.i18n import tr

if TYPE_CHECKING:
    from workbench.services.workspace import Workspace

log = logging.getLogger(__name__)

_PERSON = "_person"  # session state: (issuer, subject, the person's number)


def set_up() -> bool:
    """Tell whether people sign in here: Streamlit was given an identity provider."""
    return hasattr(st.user, "is_logged_in")


def identity() -> Identity | None:
    """Return who the identity provider says is there, ``None`` before signing in."""
    if not getattr(st.user, "is_logged_in", False):
        return None
    told = st.user.to_dict()
    return Identity(
        str(told.get("iss") or ""),
        str(told.get("sub") or ""),
        str(told.get("email") or ""),
        told.get("email_verified") not in (False, "false"),  # many providers say nothing
        str(told.get("name") or ""),
    )


def person_at_work(workspace: Workspace) -> Person | None:
    """Return who has signed in; ``None`` where nobody has to.

    Whoever has not signed in, or has no role, gets a page that says what to do, and nothing else is drawn.
    """
    if not set_up():
        if workspace.settings.sign_in and workspace.people.all():
            _draw_closed()
        return None
    who = identity()
    if who is None:
        _draw_door()
    known = st.session_state.get(_PERSON)
    person = workspace.people.get(known[2]) if known and known[:2] == (who.issuer, who.subject) else None
    if person is None:
        person = workspace.people.recognise(who)
        st.session_state[_PERSON] = (who.issuer, who.subject, person.id)
    if person.role is None:
        _draw_waiting(workspace, person)
    return person


def role_label(role: Role) -> str:
    """Return a role in words."""
    return {
        Role.READER: tr("reader"),
        Role.TRANSLATOR: tr("translator"),
        Role.REVISER: tr("reviser"),
        Role.TERMINOLOGIST: tr("terminologist"),
        Role.ADMINISTRATOR: tr("administrator"),
    }[role]


def role_words(role: Role) -> str:
    """Return what a role may do, in a sentence."""
    return {
        Role.READER: tr("reads, looks things up and takes files away"),
        Role.TRANSLATOR: tr("also brings texts in, aligns, translates and proposes terms"),
        Role.REVISER: tr("also publishes and removes versions, and imports into the memory"),
        Role.TERMINOLOGIST: tr("also changes the glossary and decides on proposals"),
        Role.ADMINISTRATOR: tr("may do everything, and says who may do what"),
    }[role]


def draw_sign_out() -> None:
    """Draw the button that ends the session, here and at the identity provider."""
    if st.button(tr("Sign out"), icon=":material/logout:", key="sign_out"):
        st.logout()


def _draw_door() -> NoReturn:
    """Draw the page of somebody who has not signed in."""
    draw_head(tr("Workbench"), tr("The texts, memory and glossary of the network: sign in to work on them."))
    if st.button(tr("Sign in"), icon=":material/login:", type="primary", key="sign_in"):
        try:
            st.login()
        except (StreamlitAuthError, StreamlitAPIException):
            log.exception("signing in is not set up right")
            st.error(
                tr("Signing in is not set up right: send the log to whoever looks after the workbench."),
                icon=":material/error:",
            )
    stop_page()


def _draw_waiting(workspace: Workspace, person: Person) -> NoReturn:
    """Draw the page of somebody who has signed in and has no role."""
    draw_head(
        tr("Welcome, {name}", name=person.author),
        tr("You have signed in, but nobody has given you a role here yet, so there is nothing you may see."),
    )
    whom = workspace.people.administrators()
    if whom:
        st.info(markdown_text(tr("Ask for a role: {names}.", names=", ".join(whom))), icon=":material/mail:")
    else:
        words = tr("Ask whoever looks after the workbench to give you one, with your address: {email}.",
                   email=person.email or person.author)  # fmt: skip
        st.info(markdown_text(words), icon=":material/mail:")
    with st.container(horizontal=True):
        if st.button(tr("Ask again for my role"), icon=":material/refresh:", key="look_again"):
            st.rerun()
        draw_sign_out()
    stop_page()


def _draw_closed() -> NoReturn:
    """Draw the page of a team's workspace that is served without signing in: it must not stand open by mistake."""
    draw_head(tr("Workbench"), tr("This workspace belongs to a team, and nobody can sign in here."))
    st.error(
        tr("Whoever looks after the workbench has to give it the settings for signing in (docs/hosting.md). On a "
           "machine of your own, start it with `WORKBENCH_SIGN_IN=off`."),
        icon=":material/lock:",
    )  # fmt: skip
    stop_page()


def draw_only_for(workspace: Workspace, right: Right) -> None:
    """End a page that is nothing for the person at work, with the sentence that says whom to ask."""
    from workbench.services.rights import refusal

    if not workspace.guard.allows(right):
        st.info(markdown_text(tr(refusal(right))), icon=":material/lock:")
        stop_page()
