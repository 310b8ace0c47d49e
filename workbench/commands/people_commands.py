"""`workbench people …`: who may do what, from the server's shell."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.commands.console import Json, examples, opened, print_json, print_table, say
from workbench.core.people import Role

group = typer.Typer(
    name="people", no_args_is_help=True, help="The team: who may sign in, and what each may do (docs/hosting.md)."
)
Address = Annotated[str, typer.Argument(help="The e-mail address they sign in with.")]
Part = Annotated[str, typer.Option(help="One of: " + ", ".join(Role) + ".")]


@group.command("add", epilog=examples("workbench people add ana@example.org --role administrator"))
def add(email: Address, role: Part = Role.TRANSLATOR.value) -> None:
    """Keep a place for somebody: at their first signing in with this address it is theirs."""
    from workbench.services.people_service import role_named

    with opened() as workspace:
        person = workspace.people.add(email, role_named(role))
    say(f"{person.email} may sign in, as {role}.")


@group.command("list", epilog=examples("workbench people list"))
def show(as_json: Json = False) -> None:
    """Print everybody with their role and when they last signed in; an empty role waits to be given one."""
    with opened() as workspace:
        rows = [
            {"email": p.email, "name": p.author, "role": p.role.value if p.role else "", "last signed in": p.seen_at}
            for p in workspace.people.all()
        ]
    if as_json:
        print_json(rows)
    else:
        print_table(["email", "name", "role", "last signed in"], [list(row.values()) for row in rows])


@group.command("set-role", epilog=examples("workbench people set-role ana@example.org --role reviser"))
def set_role(email: Address, role: Part) -> None:
    """Give somebody another role; it holds at once, also where they are at work."""
    from workbench.services.people_service import role_named

    with opened() as workspace:
        person = workspace.people.set_role(workspace.people.find(email).id, role_named(role))
    say(f"{person.email or person.author} is now {role}.")


@group.command("remove", epilog=examples("workbench people remove ana@example.org"))
def remove(email: Address) -> None:
    """Take somebody out of the team; what they did keeps their name."""
    with opened() as workspace:
        person = workspace.people.find(email)
        workspace.people.remove(person.id)
    say(f"{person.email or person.author} was removed.")
