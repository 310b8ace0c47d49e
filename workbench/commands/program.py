"""The program: its command groups, and how every error ends in a sentence and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

import typer

from workbench.commands import (
    align_command,
    app_command,
    backup_commands,
    batch_command,
    bench_commands,
    check_command,
    evaluate_command,
    glossary_commands,
    memory_commands,
    people_commands,
    reviser_commands,
    text_commands,
    translate_command,
)
from workbench.commands.console import say
from workbench.errors import WorkbenchError

INTERRUPTED = 130  # what shells expect of a program stopped with Ctrl+C

program = typer.Typer(
    name="workbench",
    help="Align, remember and translate texts in French, Spanish, Portuguese and English.",
    epilog="Settings: WORKBENCH_HOME (folder of the workspace, default ./.workbench), WORKBENCH_DATABASE_URL, "
    "WORKBENCH_MODEL, WORKBENCH_AUTHOR.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app_command.register(program)
align_command.register(program)
batch_command.register(program)
evaluate_command.register(program)
reviser_commands.register(text_commands.group)
program.add_typer(text_commands.group)
program.add_typer(memory_commands.group)
program.add_typer(glossary_commands.group)
translate_command.register(program)
check_command.register(program)
program.add_typer(bench_commands.group)
program.add_typer(people_commands.group)
backup_commands.register(program)


def _version(show: bool) -> None:
    if show:
        from importlib.metadata import version

        print(f"workbench {version('workbench')}")
        raise typer.Exit


@program.callback()
def options(
    version: bool = typer.Option(False, "--version", help="Print the version.", callback=_version, is_eager=True),
) -> None:
    """Take the options that stand before a command."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing but a sentence is shown of any error."""
    try:
        program(args=list(arguments), prog_name="workbench")
    except SystemExit as end:
        return _code(end)
    except WorkbenchError as error:
        say(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        return _system_error(error)
    except Exception as error:
        return _unexpected(error)
    return 0


def _code(end: SystemExit) -> int:
    if end.code == INTERRUPTED:
        say("Stopped.")
    return end.code if isinstance(end.code, int) else int(end.code is not None)


def _system_error(error: OSError) -> int:
    if error.errno in (errno.EPIPE, errno.ESHUTDOWN):  # the reader, `head` for one, has seen enough
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - closed by the end of the program, which is now
        return 0
    name = f"{error.filename}: " if error.filename else ""
    say(f"{name}{error.strerror or error}.")
    return 2


def _unexpected(error: Exception) -> int:
    """Write a fault of the program down where it can be looked up, and say so in one sentence."""
    import traceback

    from workbench.commands.console import write_fault

    place = write_fault("".join(traceback.format_exception(error)))
    say(
        f"Something went wrong that should not: {type(error).__name__}. Nothing half-written was kept. "
        f"What happened is written down in {place}."
    )
    return 2
