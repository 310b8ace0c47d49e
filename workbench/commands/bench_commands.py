"""`workbench bench …`: speed and quality, each beside a named alternative, in one run."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.commands.console import examples

group = typer.Typer(name="bench", help="Measure speed and quality against named alternatives.", no_args_is_help=True)


@group.command("terms", epilog=examples("workbench bench terms --verbose"))
def terms(
    verbose: Annotated[bool, typer.Option("--verbose", help="List every wrong and lost finding.")] = False,
) -> None:
    """Check the labelled pairs against the glossary, beside literal whole words and stems; recognise terms."""
    from workbench.bench import terms_bench

    print(terms_bench.run(verbose=verbose))
