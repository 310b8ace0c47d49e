"""`workbench backup`, `restore` and `rescue`: the whole workspace in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.commands.console import examples, print_table, progress_bar, say
from workbench.errors import UsageError


def register(program: typer.Typer) -> None:
    """Add the commands to the program."""
    program.command("backup", epilog=examples("workbench backup workspace.zip"))(backup)
    program.command("restore", epilog=examples("workbench restore workspace.zip --yes"))(restore)
    program.command("rescue", epilog=examples("workbench rescue rescued.zip"))(rescue)


def backup(file: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write the whole workspace into one file, while others go on working."""
    from workbench.config import read_settings
    from workbench.services.backup_service import back_up

    with progress_bar("Copying") as progress:
        size = back_up(read_settings(), file, progress=progress)
    say(f"{file}: {size / 2**20:.1f} MB.")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `workbench backup` wrote.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Put a backup in the workspace's place; what was there is backed up first."""
    import sys

    from workbench.config import read_settings
    from workbench.services.backup_service import restore as put_back

    settings = read_settings()
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("This replaces the whole workspace: add --yes where nobody can be asked.")
        typer.confirm(f"Replace the workspace in {settings.home}?", abort=True, err=True)
    with progress_bar("Restoring") as progress:
        before = put_back(settings, file, progress=progress)
    say(f"The workspace is that of {file.name}." + (f" What was there is in {before}." if before else ""))


def rescue(file: Annotated[Path, typer.Argument(help="The file to write; `workbench restore` takes it.")]) -> None:
    """Take what can still be read out of a damaged workspace, without changing it; exit code 1 if something is lost."""
    from workbench.config import read_settings
    from workbench.services.backup_service import rescue as take_out

    with progress_bar("Rescuing") as progress:
        found = take_out(read_settings(), file, progress=progress)
    columns = ("table", "rows rescued", "places unreadable", "rows without their partner")
    print_table(columns, ((t.table, t.rows, t.gaps, t.dropped) for t in found))
    say(f"Put it in the damaged workspace's place with: workbench restore {file}")
    if not all(table.whole for table in found):
        raise typer.Exit(1)
