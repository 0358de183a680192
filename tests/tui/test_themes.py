"""Themes: each one shipped loads and can be read; a broken one is a message; a change repaints everything."""

from __future__ import annotations

import re
import shutil
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from funneltui import terminal_kind
from funneltui.errors import BadInput
from funneltui.terminal_kind import Colors
from funneltui.tui import theming
from funneltui.tui.theming import Look, Palette
from funneltui.tui.widgets.painted import Painted
from tests.tui.conftest import THEMES

if TYPE_CHECKING:
    from tests.tui.conftest import Shop, Show

NAMES = sorted(path.stem for path in THEMES.glob("*.toml"))
LOOKS = [theming.read_theme(path) for path in sorted(THEMES.glob("*.toml"))]
HEX = [look for look in LOOKS if not look.ansi]
READ = ("text", "strong", "muted", "accent", "overdue", "today", "won", "lost", "marked", "key", "rotting")


SHIPPED = ["contrast", "day", "harbor", "lagoon", "linen", "mono", "night", "parchment", "terminal"]


def test_nine_themes_are_shipped_and_all_load() -> None:
    looks, problems = theming.load([THEMES])
    assert (sorted(looks), problems) == (SHIPPED, [])


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_a_theme_is_named_as_its_file(look: Look) -> None:
    assert look.name in NAMES
    assert look.theme.to_color_system().generate()


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
        await board.until(lambda: set(NAMES) <= set(board.app.looks))
        before = board.text
        for name in NAMES:
            board.app.show_theme(name)
            await board.pilot.pause()
            assert board.text == before
            if not board.app.look.ansi:
                assert grounds(board) <= grounds_of(board.app.look)


async def test_a_change_of_theme_reaches_every_widget_of_every_open_screen(full: Shop, show: Show) -> None:
    async with show() as board:
        await board.until(lambda: {"day", "night"} <= set(board.app.looks))
        await board.press("d")
        await board.opens("FollowUpDialog")
        board.app.show_theme("day")
        painted = [widget for screen in board.app.screen_stack for widget in screen.query(Painted)]
        assert len({widget.screen for widget in painted}) == 2
        assert {widget.look.name for widget in painted} == {"day"}


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
        ({"TERM": "xterm-ghostty"}, "night"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "mono"),
    ],
)
def test_a_terminal_gets_the_theme_that_it_can_show(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], name: str
) -> None:
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    assert theming.first_look([THEMES], "")[0].name == name


@pytest.mark.parametrize("name", [look.name for look in HEX])
def test_with_16_colours_a_theme_of_more_gives_way_and_a_message_says_how_to_get_them(name: str) -> None:
    look, message = theming.first_look([THEMES], name, Colors.SIXTEEN)
    assert look.name == "terminal"
    for words in (name, "16 colours", "COLORTERM"):
        assert words in message


@pytest.mark.parametrize("name", NAMES)
def test_with_more_colours_every_wish_is_met(name: str) -> None:
    for colors in (Colors.MANY, Colors.ALL):
        look, message = theming.first_look([THEMES], name, colors)
        assert (look.name, message) == (name, "")


@pytest.mark.parametrize("name", ["terminal", "mono"])
def test_themes_of_the_terminal_s_own_colours_fit_everywhere(name: str) -> None:
    assert theming.first_look([THEMES], name, Colors.SIXTEEN)[0].name == name


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"TERM": "linux"}, Colors.SIXTEEN),
        ({"TERM": "xterm"}, Colors.SIXTEEN),
        ({"TERM": "screen"}, Colors.SIXTEEN),
        ({"TERM": "xterm-16color"}, Colors.SIXTEEN),
        ({"TERM": "tmux-256color"}, Colors.MANY),
        ({"TERM": "xterm-kitty"}, Colors.MANY),
        ({"TERM": "alacritty"}, Colors.MANY),
        ({"TERM": "foot"}, Colors.MANY),
        ({"TERM": "linux", "COLORTERM": "24bit"}, Colors.ALL),
        ({"TERM": "xterm", "COLORTERM": "yes"}, Colors.SIXTEEN),
        ({"TERM": "xterm", "TEXTUAL_COLOR_SYSTEM": "truecolor"}, Colors.ALL),
        ({"TERM": "xterm-256color", "TEXTUAL_COLOR_SYSTEM": "auto"}, Colors.MANY),
    ],
    ids=str,
)
def test_the_environment_says_how_many_colours_there_are(environment: dict[str, str], shown: Colors) -> None:
    assert terminal_kind.colors(environment) is shown


async def test_under_the_cursor_of_16_colours_nothing_is_a_patch_of_colour(full: Shop, show: Show) -> None:
    async with show(theme="terminal") as board:
        segments = [segment for strip in board.app.screen._compositor.render_strips() for segment in strip]
        reversed_ones = [segment for segment in segments if segment.style and segment.style.reverse]
        assert any("Northwind" in segment.text for segment in reversed_ones)
        assert any("!" in segment.text for segment in reversed_ones)
        assert [
            segment for segment in reversed_ones if segment.style.color and not segment.style.color.is_default
        ] == []


@pytest.mark.parametrize("theme", ["terminal", "mono"])
async def test_the_command_under_the_palette_s_cursor_is_seen_without_colours(
    shop: Shop, show: Show, theme: str
) -> None:
    async with show(theme=theme) as board:
        await board.press("colon")
        await board.opens("CommandPalette")
        await board.press("down")
        segments = [segment for strip in board.app.screen._compositor.render_strips() for segment in strip]
        assert any(segment.style and segment.style.underline and segment.text.strip() for segment in segments)


async def test_no_colour_at_all_is_painted_by_the_theme_of_that_name(full: Shop, show: Show) -> None:
    async with show((80, 24), theme="mono") as board:
        for keys, name in (((), ""), (("m", "3"), "MoveDialog"), (("escape", "colon"), "CommandPalette")):
            await board.press(*keys)
            await board.opens(name)
            segments = [segment for strip in board.app.screen._compositor.render_strips() for segment in strip]
            styles = [(text, style) for text, style, _ in segments if style]
            named = [style.color for text, style in styles if text.strip()] + [style.bgcolor for _, style in styles]
            assert {color.name for color in named if color and not color.is_default} == set()
