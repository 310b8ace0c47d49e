"""The reference of all commands, written from the commands themselves: ``docs/commands.md``.

python -m workbench.commands.reference > docs/commands.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

HEAD = """# Commands

Written by `python -m workbench.commands.reference > docs/commands.md` from the commands themselves: what stands here is
what `workbench COMMAND --help` says. How they work together is told in [scripts.md](scripts.md).

"""


def reference() -> str:
    """Return the reference as Markdown: a section a command, with its options and examples."""
    sections = [_section(path, command) for path, command in commands()]
    names = "".join(f"- [`{' '.join(path)}`](#{'-'.join(path)})\n" for path, _ in commands())
    return HEAD + names + "\n" + "\n".join(sections)


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command with its path (``("workbench", "text", "add")``), in the order of the help."""
    from typer.main import get_command

    from workbench.commands.program import program

    def walk(command: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
        inner = getattr(command, "commands", None)
        if inner is None:
            yield path, command
        else:
            for name, found in inner.items():
                yield from walk(found, (*path, name))

    yield from walk(get_command(program), ("workbench",))


def _section(path: tuple[str, ...], command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and "--help" not in p.opts]
    usage = " ".join((*path, *(_usage(argument) for argument in arguments), *("[OPTIONS]" for _ in options[:1])))
    lines = [f"## {' '.join(path)}\n", f"    {usage}\n", _paragraphs(command.help), ""]
    if arguments or options:
        lines += ["| option | meaning |", "|---|---|"]
        lines += [f"| `{_name(argument)}` | {_cell(argument.help)} |" for argument in arguments]
        lines += [_option(option) for option in options]
        lines.append("")
    lines += ["```console", *(f"$ {example}" for example in example_lines(command)), "```", ""]
    return "\n".join(lines)


def example_lines(command: Any) -> list[str]:
    """Return the examples that end a command's help."""
    bare = re.sub(r"\AExamples?:", "", command.epilog or "")
    return [line.strip() for line in bare.splitlines() if line.strip()]


def _usage(argument: Any) -> str:
    name = _name(argument) + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _name(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper())


def _option(option: Any) -> str:
    names = " ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    value = f" {option.metavar}" if option.metavar and not option.is_flag else ""
    shown = option.default is not None and not isinstance(option.default, bool) and not callable(option.default)
    default = f" Default {option.default}." if shown and not option.required else ""
    needed = " Required." if option.required else ""
    return f"| {names}{value} | {_cell(option.help)}{default}{needed} |"


def _cell(text: str | None) -> str:
    bare = " ".join((text or "").split()).replace("|", "\\|").replace("<", "&lt;")
    return bare if bare.endswith((".", "…")) else f"{bare}."


def _paragraphs(text: str | None) -> str:
    parts = re.split(r"\n\s*\n", (text or "").strip())
    return "\n\n".join(" ".join(part.split()) for part in parts)


if __name__ == "__main__":
    print(reference(), end="")
