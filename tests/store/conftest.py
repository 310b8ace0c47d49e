"""The commands, for what a person does with a database."""

from tests.commands.conftest import home, workbench  # noqa: F401 - fixtures
