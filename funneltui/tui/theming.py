"""Themes: TOML files read into what Textual wants and what the board is painted with. A broken one is a message."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rich.errors import StyleSyntaxError
from rich.style import Style
from textual.theme import Theme

from funneltui.config import DEFAULT_THEME
from funneltui.domain.text import cut
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

ANSI_THEME, NO_COLOR_THEME = "terminal", "mono"
_COLORS = ("background", "surface", "panel", "foreground", "primary", "warning", "error", "success")
STAGE_COLORS = ("slate", "blue", "amber", "green", "teal", "violet", "rose", "red")
_TURN = ("slate", "blue", "amber", "teal", "violet", "rose")


# What Textual's own style sheets ask of a theme of 16 colours: the terminal's defaults, turned round where they must differ.
_ANSI_VARIABLES = {
    "ansi-background": "ansi_default",
    "ansi-foreground": "ansi_default",
    "border-blurred": "ansi_default",
    "block-cursor-background": "ansi_default",
    "block-cursor-foreground": "ansi_default",
    "block-cursor-text-style": "reverse",
    "input-cursor-background": "ansi_default",
    "input-cursor-foreground": "ansi_default",
    "input-cursor-text-style": "reverse",
    "input-selection-background": "ansi_default",
    "input-selection-foreground": "ansi_default",
    "screen-selection-background": "ansi_default",
    "screen-selection-foreground": "ansi_default",
}


@dataclass(frozen=True, slots=True)
class Palette:
    """The styles that the board is painted with, each for one meaning."""

    text: Style
    strong: Style
    muted: Style
    faint: Style
    accent: Style
    key: Style
    bar: Style
    cursor: Style
    cursor_bar: Style
    marked: Style
    overdue: Style
    today: Style
    rotting: Style
    won: Style
    lost: Style


@dataclass(frozen=True)
class Look:
    """A theme, read and checked."""

    name: str
    title: str
    dark: bool
    ansi: bool
    colors: dict[str, str]
    palette: Palette
    stages: dict[str, Style]

    @cached_property
    def theme(self) -> Theme:
        """The same for Textual's own widgets."""
        variables = {"footer-background": self.colors["surface"], "border": self.colors["primary"]}
        if self.ansi:
            variables |= _ANSI_VARIABLES
        return Theme(name=self.name, dark=self.dark, ansi=self.ansi, variables=variables, **self.colors)  # type: ignore[arg-type]

    def stage_style(self, kind: str, rank: int, color: str = "") -> Style:
        """Give a stage's colour: its own if it has one, else won and lost theirs, else the next one in turn."""
        if color in self.stages:
            return self.stages[color]
        if kind != "open":
            return self.palette.won if kind == "won" else self.palette.lost
        return self.stages[_TURN[rank % len(_TURN)]]


def load(folders: Iterable[Path]) -> tuple[dict[str, Look], list[str]]:
    """Give all themes of the folders by name, the first of a name winning, and what was wrong with the others."""
    looks: dict[str, Look] = {}
    problems: list[str] = []
    for folder in folders:
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            try:
                look = read_theme(path)
            except BadInput as error:
                problems.append(str(error))
                continue
            looks.setdefault(look.name, look)
    return looks, problems


def first_look(folders: Sequence[Path], wanted: str) -> tuple[Look, str]:
    """Give the theme to begin with, and a message if the wanted one is missing or broken; reads no other file.

    Without a wish: no colour where NO_COLOR is set, the terminal's own 16 where it has no more, else the dark default.

    Raises:
        BadInput: not even our own theme can be read.
    """
    if os.environ.get("NO_COLOR"):
        wanted = NO_COLOR_THEME
    message = ""
    if wanted:
        try:
            return _named(folders, wanted), ""
        except BadInput as error:
            message = str(error)
    return _named(folders, DEFAULT_THEME if _has_many_colors() else ANSI_THEME), message


def _named(folders: Sequence[Path], name: str) -> Look:
    """Find a theme by its name, in the file of that name first."""
    for folder in folders:
        path = folder / f"{name}.toml"
        if re.fullmatch(r"[\w-]+", name) and path.is_file():
            look = read_theme(path)
            if look.name == name:
                return look
    looks, _ = load(folders)
    if name in looks:
        return looks[name]
    message = f'there is no theme "{cut(name)}"; there are: {", ".join(sorted(looks))}'
    raise BadInput(message)


def _has_many_colors() -> bool:
    term = os.environ.get("TERM", "")
    known = any(sign in term for sign in ("256", "kitty", "alacritty", "ghostty", "direct", "wezterm"))
    return known or os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit")


def read_theme(path: Path) -> Look:
    """Read one theme file.

    Raises:
        BadInput: it is no TOML, lacks something, or has a colour that is none; the message names file and key.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"theme {path.name}: {error}"
        raise BadInput(message) from error
    name = data.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > 40:
        message = f'theme {path.name}: "name" must be a short text'
        raise BadInput(message)
    colors = _texts(path, data, "colors", _COLORS)
    styles = _texts(path, data, "styles", [field.name for field in fields(Palette)])
    stages = _texts(path, data, "stages", STAGE_COLORS)
    palette = Palette(**{key: _style(path, key, text) for key, text in styles.items()})
    look = Look(
        cut(name), cut(str(data.get("title", name))), bool(data.get("dark", True)), bool(data.get("ansi", False)),
        colors, palette, {key: _style(path, key, text) for key, text in stages.items()},
    )  # fmt: skip
    _check(path, look)
    return look


def _texts(path: Path, data: dict[str, Any], table: str, names: Iterable[str]) -> dict[str, str]:
    given = data.get(table)
    if not isinstance(given, dict):
        message = f"theme {path.name}: the table [{table}] is missing"
        raise BadInput(message)
    for name in names:
        if not isinstance(given.get(name), str):
            message = f'theme {path.name}: [{table}] needs "{name}", a text'
            raise BadInput(message)
    return {name: given[name] for name in names}


def _style(path: Path, key: str, text: str) -> Style:
    try:
        return Style.parse(text)
    except StyleSyntaxError as error:
        message = f'theme {path.name}: "{key}" is "{cut(text)}", which is no style; write one like "bold #7aa2f7"'
        raise BadInput(message) from error


def _check(path: Path, look: Look) -> None:
    """Try the colours before Textual does: it crashes on a bad one."""
    from textual.color import Color, ColorParseError

    for name, text in look.colors.items():
        try:
            Color.parse(text)
        except ColorParseError as error:
            message = f'theme {path.name}: "{name}" is "{cut(text)}", which is no colour; write one like "#7aa2f7"'
            raise BadInput(message) from error
    look.theme.to_color_system().generate()
