"""`keys`: the keys in force, screen by screen, and what is wrong with those that the config file asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funneltui.cli.frame import command
from funneltui.cli.output import Column, on_terminal, remark, say, say_json_array, say_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.cli.program import KeyLine, KeysOfScreen
    from funneltui.cli.session import Session

_COLUMNS = (Column("keys", least=10), Column("what it does", least=20), Column("action", least=14))


@command("keys")
def keys(session: Session) -> None:
    """Print the keys in force, screen by screen, each with its action: under that name [keys] of the config file gives it
    other keys. A * marks those that are not the default; what is wrong with the file's is told on standard error.
    """
    from funneltui import config_file, paths

    file = config_file.read(paths.config_file())
    found = session.program.keys(file.keys)
    if session.json:
        say_json_array(record for screen in found.screens for record in _records(screen))
    elif on_terminal():
        for place, screen in enumerate(found.screens):
            say(f"{chr(10) if place else ''}{screen.title}")
            say_rows(_COLUMNS, [(_shown(line), line.help, _marked(line)) for line in screen.lines])
    else:
        say_rows(_COLUMNS, [(screen.name, *_cells(line)) for screen in found.screens for line in screen.lines])
    for problem in file.problems:
        remark(f"warning: {problem}")
    for mistake in found.mistakes:
        remark(f"warning: {file.told(f'keys.{mistake.action}', mistake.message)}")


def _shown(line: KeyLine) -> str:
    return "  ".join(line.shown) or "-"


def _marked(line: KeyLine) -> str:
    return line.id if line.keys == line.default else f"{line.id} *"


def _cells(line: KeyLine) -> tuple[str, ...]:
    return line.id, ",".join(line.keys), line.help


def _records(screen: KeysOfScreen) -> Iterator[dict[str, Any]]:
    for line in screen.lines:
        yield {
            "screen": screen.name,
            "action": line.id,
            "keys": list(line.keys),
            "shown": list(line.shown),
            "default": list(line.default),
            "group": line.group,
            "help": line.help,
        }
