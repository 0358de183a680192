"""The pages of docs/ that are made from the code: keys, commands, settings, and the manual page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import click

from funneltui import __version__, settings
from funneltui.cli.frame import funneltui, global_options
from funneltui.cli.main import COMMANDS
from funneltui.config import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from funneltui.cli.program import KeyLine, KeysInForce
    from funneltui.settings import Setting

_MADE = "<!-- Made from the code by `make docs`. -->"
_ABOUT = """
A sales pipeline in a terminal. Deals stand in the columns of a board and are moved by key; a deal enters a stage only with
what that stage demands. Without a command: the board, on which ? shows the keys.
"""
_STATUSES = (
    ("0", "It is done."),
    ("1", "It is refused: the reason is on standard error, nothing was changed."),
    ("2", "The command is not written so."),
)
_FILES = (
    ("~/.config/funneltui/config.toml", "Your settings; `funneltui config` shows them."),
    ("~/.config/funneltui/themes/*.toml", "Your own themes."),
    ("~/.local/share/funneltui/workspace.db", "Your workspace, where neither --db nor FUNNELTUI_DB names another."),
    (
        "~/.local/share/funneltui/workspace.db.backups",
        "Its backups; of the daily ones the setting backup.keep says how many.",
    ),
    ("~/.config/funneltui/inbox.toml", "What the labels of your web forms stand for."),
    ("~/.local/state/funneltui/drafts", "What was typed into a form and not saved."),
)


@dataclass(frozen=True, slots=True)
class Described:
    """A command: how it is written, what it does, its options and subcommands."""

    name: str
    usage: str
    paragraphs: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    commands: tuple[Described, ...]


def described(name: str, command: click.Command) -> Described:
    """Describe a command from what it is made of; the options that every command takes are left out."""
    arguments = [_argument(param) for param in command.params if isinstance(param, click.Argument)]
    options = tuple(
        (_option_names(param), _option_help(param))
        for param in command.params
        if isinstance(param, click.Option) and not param.hidden
    )
    usage = " ".join(["funneltui", name, *(["[OPTIONS]"] if options else []), *arguments])
    paragraphs = _paragraphs(command.help or "")
    inner: tuple[Described, ...] = ()
    if isinstance(command, click.Group):
        paragraphs.append(f"Without a command of its own: `{name} {next(iter(command.commands))}`.")
        usage = f"funneltui {name} {command.subcommand_metavar or '[COMMAND]'}".replace(
            "[COMMAND] [ARGS]...", "[COMMAND]"
        )
        inner = tuple(described(f"{name} {one}", sub) for one, sub in command.commands.items())
    return Described(name, usage, tuple(paragraphs), options, inner)


def every_command() -> tuple[Described, ...]:
    """Describe every command, in the order of the help page."""
    context = click.Context(funneltui)
    found = ((name, funneltui.get_command(context, name)) for name in COMMANDS)
    return tuple(described(name, command) for name, command in found if command is not None)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]


def _argument(param: click.Argument) -> str:
    name = param.metavar or (param.name or "").upper()
    if param.metavar is None and isinstance(param.type, click.Choice):
        name = "|".join(map(str, param.type.choices))
    if param.metavar is None and param.nargs != 1:
        name = f"{name}..."
    return name if param.required or name.startswith("[") else f"[{name}]"


def _option_names(param: click.Option) -> str:
    names = ", ".join(param.opts)
    if param.is_flag:
        return names
    value = param.metavar or (
        "|".join(map(str, param.type.choices)) if isinstance(param.type, click.Choice) else param.type.name.upper()
    )
    return f"{names} {value}"


def _option_help(param: click.Option) -> str:
    default = f" [default: {param.default}]" if param.show_default else ""
    return f"{' '.join((param.help or '').split())}{default}"


def _globals() -> tuple[tuple[str, str], ...]:
    return tuple((_option_names(one), _option_help(one)) for one in global_options() if isinstance(one, click.Option))


# --- docs/commands.md


def commands_page() -> str:
    """Give the page of commands: each with how it is written, what it does, and its options."""
    lines = ["# Commands", "", _MADE, "", " ".join(_ABOUT.split()), "", "| command | what it does |", "|---|---|"]
    lines += [f"| [`{name}`](#{name}) | {text} |" for name, text in COMMANDS.items()]
    lines += ["", "These options stand before or after any command:", "", *_option_list(_globals()), ""]
    lines += ["The exit status:", "", *(f"- {number}: {text}" for number, text in _STATUSES), ""]
    for one in every_command():
        lines += _command_section(one, 2)
    return _page(lines)


def _command_section(one: Described, level: int) -> Iterator[str]:
    yield f"{'#' * level} {one.name}"
    yield from ("", "```", one.usage, "```", "")
    for paragraph in one.paragraphs:
        yield from (paragraph, "")
    if one.options:
        yield from (*_option_list(one.options), "")
    for sub in one.commands:
        yield from _command_section(sub, level + 1)


def _option_list(options: Iterable[tuple[str, str]]) -> Iterator[str]:
    for names, text in options:
        yield f"- `{names}`: {text}"


# --- docs/keys.md


def keys_page(keys: KeysInForce) -> str:
    """Give the page of keys: screen by screen, each action with its keys and the name by which they can be changed."""
    first = {one.id: one.shown[0] for screen in reversed(keys.screens) for one in screen.lines if one.shown}
    introduction = _KEYS_INTRODUCTION.format(help=first.get("app.help"), settings=first.get("app.settings"))
    lines = ["# Keys", "", _MADE, "", *introduction.strip().splitlines(), ""]
    for screen in keys.screens:
        lines += [f"## {screen.title}", "", "| keys | what they do | action |", "|---|---|---|"]
        lines += [f"| {_shown(one)} | {_cell(one.help)} | `{one.id}` |" for one in screen.lines]
        lines.append("")
    return _page(lines)


def _shown(one: KeyLine) -> str:
    return " ".join(f"`{key}`" for key in one.shown).replace("|", "\\|")


_KEYS_INTRODUCTION = """
`{help}` shows these on the screen where you are, `{settings}` all of them to be changed there, `funneltui keys` prints
those in force. In dialogs a digit picks, `↵` does it, `tab` goes to the next field, `ctrl+s` saves, `esc` leaves no trace.

Any action gets other keys in the table `[keys]` of the [config file](config.md), under its name in the last column; what is
written there replaces all its keys, and "" takes them away:

```toml
[keys]
"deal.move_right" = "ctrl+n,shift+right"
"deal.spam" = ""
```

`funneltui config set keys.deal.move_right "ctrl+n,shift+right"` writes the same. A key is a character (`L`, `?`, `#`) or a
name (`enter`, `space`, `tab`, `escape`, `up`, `pagedown`, `home`, `insert`, `f5`, `comma`), with `ctrl+`, `shift+` or `alt+`
before it where terminals send that. What follows is refused, with the reason, and the default stays: an action that there is
none of; one key for two actions of a screen; a key that no terminal sends (`ctrl+h` arrives as backspace, `ctrl+i` as `tab`,
`ctrl+m` as `enter`, and `shift+l` is `L`); a help or a way out without a key.
"""


# --- docs/config.md


def config_page() -> str:
    """Give the page of settings: each with its default, what it may be and what it is for."""
    lines = ["# Settings", "", _MADE, "", *_CONFIG_INTRODUCTION.strip().splitlines(), ""]
    for table, members in groupby(settings.SETTINGS, key=lambda one: one.key.rpartition(".")[0]):
        lines += [f"## [{table}]" if table else "## At the top of the file", ""]
        lines += ["| setting | default | what it may be | what it is for |", "|---|---|---|---|"]
        lines += [_setting_row(one) for one in members]
        lines.append("")
    lines += ["## [keys]", "", "Other keys for actions: see [keys](keys.md).", ""]
    lines += ["## An example", "", "```toml", *_example(), "```", ""]
    lines += ["## Environment variables", "", "| variable | what it sets |", "|---|---|"]
    lines += [f"| `{name}` | {text} |" for name, text in VARIABLES.items()]
    return _page(lines)


def _setting_row(one: Setting) -> str:
    name = one.key.rpartition(".")[2]
    return f"| `{name}` | `{settings.toml_text(one.default)}` | {_cell(one.expected)} | {_cell(one.help)} |"


def _example() -> Iterator[str]:
    for table, members in groupby(settings.SETTINGS, key=lambda one: one.key.rpartition(".")[0]):
        if table:
            yield from ("", f"[{table}]")
        for one in members:
            yield f"{one.key.rpartition('.')[2]} = {settings.toml_text(one.example)}"
    yield from ("", f"[{settings.KEYS_TABLE}]", '"deal.move_right" = "ctrl+n,shift+right"')


_CONFIG_INTRODUCTION = """
Settings stand in `~/.config/funneltui/config.toml` (`funneltui config path` says where that is on your machine), a
[TOML](https://toml.io) file of your own making; without it everything has its default. `funneltui config` shows what is in
force and where it comes from, `funneltui config set KEY VALUE` writes a setting and leaves your comments and the order as
they are, `funneltui config unset KEY` takes one out. On the board `,` shows them all: `↵` changes one where it stands, a
theme is seen as you pick it, and a second tab has the keys of every action.

An option of the command line wins over an environment variable, that over the file, the file over the default. A mistake in
the file is told with its line and ignored; it never stops the program.
"""


# --- docs/funneltui.1


def manual() -> str:
    """Give the manual page, in roff."""
    lines = [f'.TH FUNNELTUI 1 "" "funneltui {__version__}" "User Commands"']
    lines += [".SH NAME", _roff("funneltui - a sales pipeline in a terminal")]
    lines += [".SH SYNOPSIS", ".B funneltui", _roff("[OPTIONS] [COMMAND [ARGUMENTS]]")]
    lines += [".SH DESCRIPTION", _roff(" ".join(_ABOUT.split()))]
    lines += [".SH OPTIONS", "They stand before or after any command.", *_terms(_globals())]
    lines.append(".SH COMMANDS")
    for one in every_command():
        lines += _manual_section(one)
    lines += [".SH SETTINGS", _roff(_SETTINGS_IN_MANUAL), *_terms(_settings_terms())]
    lines += [".SH ENVIRONMENT", *_terms((name, f"Sets {text}.") for name, text in VARIABLES.items())]
    lines += [".SH FILES", *_terms(_FILES), ".SH EXIT STATUS", *_terms(_STATUSES)]
    return "\n".join(lines) + "\n"


_SETTINGS_IN_MANUAL = (
    "In ~/.config/funneltui/config.toml; `funneltui config set KEY VALUE` writes them. An option wins over a variable, a "
    "variable over the file. keys.ACTION gives an action other keys; `funneltui keys` lists actions and keys."
)


def _manual_section(one: Described) -> Iterator[str]:
    yield f".SS {_roff(one.usage)}"
    for place, paragraph in enumerate(one.paragraphs):
        yield from ([".PP"] if place else [])
        yield _roff(paragraph)
    yield from _terms(one.options)
    for sub in one.commands:
        yield from _manual_section(sub)


def _settings_terms() -> Iterator[tuple[str, str]]:
    for one in settings.SETTINGS:
        yield one.key, f"{one.help} It is {one.expected}. [default: {settings.toml_text(one.default)}]"


def _terms(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for term, text in pairs:
        yield from (".TP", f".B {_roff(term)}", _roff(text))


def _roff(text: str) -> str:
    """Give a text for roff: nothing in it is a request, a dash can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("`", "")
    return f"\\&{text}" if text.startswith((".", "'")) else text


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"
