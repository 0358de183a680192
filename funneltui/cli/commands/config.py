"""`config`: the settings in force and where each comes from; and one written into the config file, or taken out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from funneltui.cli.frame import CommandGroup, command
from funneltui.cli.output import Column, on_terminal, remark, say, say_json, say_rows
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.cli.session import Session
    from funneltui.config import Origin
    from funneltui.config_file import ConfigFile
    from funneltui.settings import Value

_COLUMNS = (Column("setting", least=14), Column("value", least=12), Column("from"))


@command("show", short_help="show every setting, its value, and where that comes from")
def show(session: Session) -> None:
    """Show every setting with its value and where it comes from: a flag, a variable, a line of the file, or the default."""
    from funneltui import config, config_file, paths

    file = config_file.read(paths.config_file())
    records = list(_records(file, config.resolve(file.values, user=session.user, theme=session.theme)))
    if session.json:
        say_json({"file": str(file.path), "exists": file.path.exists(), "settings": records, "problems": file.problems})
        return
    if on_terminal():
        say(file.name if file.path.exists() else f"{file.name} (not there: everything is as it comes)")
    say_rows(_COLUMNS, [(one["key"], _value_text(one["value"]), _origin_text(one)) for one in records])
    for problem in file.problems:
        remark(f"warning: {problem}")


def _records(file: ConfigFile, chosen: dict[str, tuple[Value, Origin]]) -> Iterator[dict[str, Any]]:
    from funneltui.config import login

    for key, (value, origin) in chosen.items():
        shown = value or login() if key == "user" else value
        yield {"key": key, "value": shown, "from": origin.value, "line": file.line(key) if origin == "file" else None}
    for action, keys in file.keys.items():
        key = f"keys.{action}"
        yield {"key": key, "value": keys, "from": "file", "line": file.line(key)}


def _value_text(value: Value) -> str:
    from funneltui.settings import toml_text

    return toml_text(value)


def _origin_text(record: dict[str, Any]) -> str:
    from funneltui.config import Origin
    from funneltui.settings_shown import origin_words

    return origin_words(record["key"], Origin(record["from"]), record["line"])


@command("path", short_help="print where the config file is")
def path(session: Session) -> None:
    """Print where the config file is, or would be."""
    from funneltui import paths

    file = paths.config_file()
    if session.json:
        say_json({"path": str(file), "exists": file.exists()})
        return
    say(str(file))


def _complete_key(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from funneltui.settings import SETTINGS

    return [one.key for one in SETTINGS if one.key.startswith(incomplete)]


@command("set", short_help="write a setting into the config file")
@click.argument("key", shell_complete=_complete_key)
@click.argument("value")
def set_setting(session: Session, key: str, value: str) -> None:
    """Write setting KEY with VALUE into the config file, which keeps its comments and order; keys.ACTION gives an action
    other keys: "w,ctrl+w", or "" for none.
    """
    from funneltui import config_writing, paths, settings

    action = config_writing.action_of(key)
    if action and (refused := session.program.keys_refused(session.config().keys, action, value)):
        raise BadInput(refused)
    checked = value if action else settings.typed(settings.setting(key), value)
    written = config_writing.set_value(paths.config_file(), key, checked)
    _tell(session, key, written)


@command("unset", short_help="take a setting out of the config file")
@click.argument("key", shell_complete=_complete_key)
def unset(session: Session, key: str) -> None:
    """Take setting KEY, or keys.ACTION, out of the config file: its default holds again."""
    from funneltui import config_writing, paths

    config_writing.unset_value(paths.config_file(), key)
    _tell(session, key, None)


def _tell(session: Session, key: str, written: Value | None) -> None:
    from funneltui.config import VARIABLE_OF, Origin
    from funneltui.settings_shown import winner

    if session.json:
        say_json({"key": key, "value": written})
    elif written is None:
        say(f"{key} is no longer set")
    else:
        say(f"{key} = {_value_text(written)}")
    if os.environ.get(VARIABLE_OF.get(key, "")):
        remark(f"warning: {winner(key, Origin.ENVIRONMENT)}")


config = CommandGroup("config", "Show and change your settings.", show, (path, set_setting, unset))
