"""Themes: each one shipped loads and can be read; a broken one is a message; a change repaints everything."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from funneltui.errors import BadInput
from funneltui.tui import theming
from funneltui.tui.theming import Look, Palette
from tests.tui.conftest import THEMES

if TYPE_CHECKING:
    from rich.style import Style

    from tests.tui.conftest import Shop, Show

NAMES = sorted(path.stem for path in THEMES.glob("*.toml"))
LOOKS = [theming.read_theme(path) for path in sorted(THEMES.glob("*.toml"))]
HEX = [look for look in LOOKS if not look.ansi]
READ = ("text", "strong", "muted", "accent", "overdue", "today", "won", "lost", "marked", "key", "rotting")


def test_five_themes_are_shipped_and_all_load() -> None:
    looks, problems = theming.load([THEMES])
    assert (sorted(looks), problems) == (["contrast", "day", "mono", "night", "terminal"], [])


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_theme_is_named_as_its_file(look: Look) -> None:
    assert look.name in NAMES
    assert look.theme.to_color_system().generate()


@pytest.mark.parametrize("look", HEX, ids=lambda look: look.name)
@pytest.mark.parametrize("name", READ)
def test_what_is_read_contrasts_with_every_ground_it_stands_on(look: Look, name: str) -> None:
    ink = getattr(look.palette, name)
    background, surface, panel = (look.colors[key] for key in ("background", "surface", "panel"))
    for ground in (background, ground_of(look.palette.cursor, background), ground_of(look.palette.bar, surface), panel):
        assert contrast(ink, ground) >= 4.5, (name, ground)


@pytest.mark.parametrize("look", HEX, ids=lambda look: look.name)
def test_the_colours_of_bars_and_of_the_cursor_are_seen(look: Look) -> None:
    for style in (*look.stages.values(), look.palette.cursor_bar):
        assert contrast(style, look.colors["background"]) >= 3.0


@pytest.mark.parametrize("look", HEX, ids=lambda look: look.name)
@pytest.mark.parametrize("name", ["error", "warning", "success", "foreground", "primary"])
def test_dialogs_can_be_read(look: Look, name: str) -> None:
    ink = Color.parse(look.colors[name])
    assert ratio(ink, Color.parse(look.colors["panel"])) >= 4.5


def ground_of(style: Style, otherwise: str) -> str:
    return style.bgcolor.get_truecolor().hex if style.bgcolor else otherwise


def contrast(style: Style, ground: str) -> float:
    assert style.color is not None
    return ratio(Color.from_rich_color(style.color), Color.parse(ground))


def ratio(one: Color, other: Color) -> float:
    """Give the contrast of two colours as WCAG 2.2 computes it."""
    lights = sorted((luminance(one), luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(color: Color) -> float:
    parts = [part / 255 for part in color.rgb]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("look", [look for look in LOOKS if look.ansi], ids=lambda look: look.name)
def test_a_theme_for_poor_terminals_names_the_terminals_own_colours_only(look: Look) -> None:
    styles = [getattr(look.palette, field.name) for field in fields(Palette)] + list(look.stages.values())
    for style in styles:
        for color in (style.color, style.bgcolor):
            assert color is None or color.is_default or color.number in range(16)


BREAKS = {
    "no toml": ("dark = true", "dark = "),
    "no style": ('overdue = "#f7768e"', 'overdue = "glowing"'),
    "a style missing": ('overdue = "#f7768e"', ""),
    "no colour": ('error = "#f7768e"', 'error = "reddish"'),
    "no table": ("[stages]", "[stage]"),
    "a number": ('error = "#f7768e"', "error = 7"),
    "no name": ('name = "night"', "name = 3"),
    "a control in the name": ('title = "Night', 'title = "\\u001b[2J[/]'),
}


def broken(folder: Path, what: str) -> Path:
    """Write a theme with one thing wrong in it."""
    folder.mkdir(exist_ok=True)
    text = (THEMES / "night.toml").read_text(encoding="utf-8")
    assert BREAKS[what][0] in text
    path = folder / "broken.toml"
    changed = text.replace('name = "night"', 'name = "broken"', 1) if what != "no name" else text
    path.write_text(changed.replace(*BREAKS[what], 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("what", list(BREAKS)[:-1])
def test_a_broken_theme_is_refused_with_its_file_named(tmp_path: Path, what: str) -> None:
    with pytest.raises(BadInput, match=r"broken\.toml"):
        theming.read_theme(broken(tmp_path / "themes", what))


@pytest.mark.parametrize("what", list(BREAKS)[:-1])
async def test_a_broken_theme_is_a_message_and_the_board_stands(
    tmp_path: Path, full: Shop, show: Show, what: str
) -> None:
    folder = broken(tmp_path / "themes", what).parent
    async with show(folders=(folder, THEMES)) as board:
        await board.tells("theme broken.toml")
        assert "Northwind" in board.text


@pytest.mark.parametrize("what", ["no colour", "no toml"])
async def test_a_broken_theme_that_is_wished_for_gives_way_to_ours(
    tmp_path: Path, full: Shop, show: Show, what: str
) -> None:
    folder = broken(tmp_path / "themes", what).parent
    async with show(theme="broken", folders=(folder, THEMES)) as board:
        await board.tells("broken")
        assert board.app.look.name in ("night", "terminal")


async def test_a_theme_whose_title_is_markup_breaks_no_palette(tmp_path: Path, full: Shop, show: Show) -> None:
    folder = broken(tmp_path / "themes", "a control in the name").parent
    async with show(folders=(folder, THEMES)) as board:
        await board.until(lambda: "broken" in board.app.looks)
        await board.press("ctrl+p")
        await board.opens("CommandPalette")
        await board.type("broken")
        await board.shows("theme broken")
        await board.press("down", "enter")
        await board.until(lambda: board.app.look.name == "broken")


def test_a_theme_of_the_users_own_replaces_ours_of_the_same_name(tmp_path: Path) -> None:
    shutil.copy(THEMES / "day.toml", tmp_path / "mine.toml")
    text = (tmp_path / "mine.toml").read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(re.sub(r"(?m)^name = .*$", 'name = "night"', text), encoding="utf-8")
    looks, problems = theming.load([tmp_path, THEMES])
    assert (problems, looks["night"].dark) == ([], False)


async def test_a_change_of_theme_repaints_every_cell(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.until(lambda: len(board.app.looks) == 5)
        before = board.text
        for name in ("day", "contrast", "night", "terminal", "mono"):
            board.app.show_theme(name)
            await board.pilot.pause()
            assert board.text == before
            if not board.app.look.ansi:
                assert grounds(board) <= grounds_of(board.app.look)


def grounds(board: object) -> set[str]:
    """Give the colours on which the lanes are painted now."""
    strips = board.app.screen._compositor.render_strips()  # type: ignore[attr-defined]
    found = {segment.style.bgcolor for strip in strips[1:-1] for segment in strip if segment.style}
    return {color.get_truecolor().hex for color in found if color and not color.is_default}


def grounds_of(look: Look) -> set[str]:
    cursor = look.palette.cursor.bgcolor
    assert cursor is not None
    return {cursor.get_truecolor().hex, Color.parse(look.colors["background"]).hex.lower()}


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({"TERM": "xterm-256color"}, "night"),
        ({"TERM": "xterm"}, "terminal"),
        ({"TERM": "linux"}, "terminal"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "night"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "mono"),
    ],
)
def test_a_terminal_gets_the_theme_that_it_can_show(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], name: str
) -> None:
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    assert theming.first_look([THEMES], "")[0].name == name
