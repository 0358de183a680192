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

from funneltui import terminal_kind
from funneltui.config import DEFAULT_THEME
from funneltui.domain.text import cut
from funneltui.errors import BadInput
from funneltui.terminal_kind import Colors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from rich.color import Color

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
    "block-cursor-text-style": "bold underline",  # not "reverse": Textual loses it on its way to a list
    "block-cursor-blurred-text-style": "bold underline",
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

    def fits(self, colors: Colors | None) -> bool:
        """Tell whether a terminal of so many colours can show it; where nothing is known of the terminal, it can."""
        return self.ansi or colors is not Colors.SIXTEEN

    @cached_property
    def theme(self) -> Theme:
        """The same for Textual's own widgets."""
        variables = self._variables() | (_ANSI_VARIABLES if self.ansi else {})
        return Theme(name=self.name, dark=self.dark, ansi=self.ansi, variables=variables, **self.colors)  # type: ignore[arg-type]

    def _variables(self) -> dict[str, str]:
        """Give the board's own inks for style sheets; Textual would mix shades that nobody has measured."""
        palette, colors = self.palette, self.colors
        strong, muted, faint = (self._in_css(style.color) for style in (palette.strong, palette.muted, palette.faint))
        return {
            "strong": strong,
            "muted": muted,
            "faint": faint,
            "text-muted": muted,
            "text-disabled": muted,
            "border": colors["primary"],
            "block-cursor-blurred-background": self._in_css(palette.cursor.bgcolor, colors["surface"]),
            "block-cursor-blurred-foreground": strong,
            "footer-background": colors["surface"],
            "scrollbar": colors["primary"] if self.ansi else faint,
            "scrollbar-hover": colors["primary"] if self.ansi else muted,
            "scrollbar-active": colors["primary"],
            "scrollbar-background": colors["surface"],
            "scrollbar-background-hover": colors["surface"],
            "scrollbar-background-active": colors["surface"],
        }

    def _in_css(self, color: Color | None, otherwise: str = "") -> str:
        """Give a colour as style sheets write it, or what stands for one that is left to others: the text's."""
        if color is None or color.is_default:
            return otherwise or self.colors["foreground"]
        return f"ansi_{color.name}" if self.ansi else color.get_truecolor().hex

    def stage_style(self, kind: str, rank: int, color: str = "") -> Style:
        """Give a stage's colour: its own if it has one, else won and lost theirs, else the next one in turn."""
        if color in self.stages:
            return self.stages[color]
        if kind != "open":
            return self.palette.won if kind == "won" else self.palette.lost
        return self.stages[_TURN[rank % len(_TURN)]]


def load(folders: Iterable[Path]) -> tuple[dict[str, Look], list[str]]:
    """Give all themes of the folders by name, the first of a name winning, and what was wrong with the others."""
    looks: list[Look] = []
    problems: list[str] = []
    for path in files_of(folders):
        try:
            looks.append(read_theme(path))
        except BadInput as error:
            problems.append(str(error))
    return by_name(looks), problems


def files_of(folders: Iterable[Path]) -> list[Path]:
    """Give the theme files of the folders, in the order in which they count."""
    return [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.toml"))]


def by_name(looks: Iterable[Look]) -> dict[str, Look]:
    """Give themes by their names; of two with the same name the first counts."""
    named: dict[str, Look] = {}
    for look in looks:
        named.setdefault(look.name, look)
    return named


def first_look(folders: Sequence[Path], wanted: str, colors: Colors | None = None) -> tuple[Look, str]:
    """Give the theme to begin with, and a message if the wanted one is missing, broken or too rich for the terminal.

    Without a wish: no colour where NO_COLOR is set, the terminal's own 16 where it has no more, else the dark default.
    Reads no other file. Where `colors` says that there are 16, a wish for more gets the terminal's own.

    Raises:
        BadInput: not even our own theme can be read.
    """
    if os.environ.get("NO_COLOR"):
        wanted = NO_COLOR_THEME
    message = ""
    if wanted:
        try:
            look = _named(folders, wanted)
        except BadInput as error:
            message = str(error)
        else:
            if look.fits(colors):
                return look, ""
            return _named(folders, ANSI_THEME), too_rich(look)
    few = (colors or terminal_kind.colors(os.environ)) is Colors.SIXTEEN
    return _named(folders, ANSI_THEME if few else DEFAULT_THEME), message


def too_rich(look: Look) -> str:
    """Give what is said of a theme that asks for more than 16 colours where there are no more."""
    return (
        f'this terminal shows 16 colours, and theme "{look.name}" needs 256; "{ANSI_THEME}" and "{NO_COLOR_THEME}" fit. '
        "If it does show more, set COLORTERM=truecolor or a TERM that ends in -256color"
    )


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
    from textual import color

    for name, text in look.colors.items():
        try:
            color.Color.parse(text)
        except color.ColorParseError as error:
            message = f'theme {path.name}: "{name}" is "{cut(text)}", which is no colour; write one like "#7aa2f7"'
            raise BadInput(message) from error
    look.theme.to_color_system().generate()
