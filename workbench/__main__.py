"""`python -m workbench`: the same as `workbench`."""

from workbench.commands import main

main()
