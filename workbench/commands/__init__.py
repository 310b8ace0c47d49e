"""The command line: `workbench …`, one module a command group.

Nothing but typer is imported before a command runs, so that `workbench --help` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code.

    0: done. 1: done, with findings or items that failed. 2: bad usage or input. 130: stopped with Ctrl+C.

    Args:
        arguments: What follows the program's name; ``sys.argv`` unless given.
    """
    from workbench.commands.program import run

    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))


if __name__ == "__main__":
    main()
