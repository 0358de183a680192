"""What is painted can be read and told apart: each cell measured as WCAG 2.2 says, by any eye, at 256 colours too."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color
from textual.color import Color as Ground
from textual.strip import Strip
from textual.widgets import Input

from funneltui.tui import theming
from funneltui.tui.fewer_colors import FewerColors, nearest, nearest_ink, shown
from funneltui.tui.widgets.painted import Painted
from tests.tui.color_measures import EYES, Triplet, apart, ratio, triplet
from tests.tui.conftest import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.geometry import Region

    from funneltui.tui.theming import Look
    from tests.tui.conftest import Board, Shop, Show

LOOKS = [theming.read_theme(path) for path in sorted(THEMES.glob("*.toml"))]
HEX = [look for look in LOOKS if not look.ansi]
READ, SEEN = 4.5, 3.0
"""The least contrast of what is read, and of what is only seen: rules, bars, a dash where there is nothing."""

RULES = set("─━│▏▎▍▌▋▊▉█▐▔▁▂▃▄▅▆▇■·…-")
# What is pressed, and the name of the screen that then stands: "" is the board's.
SCENES: dict[str, tuple[tuple[str, ...], str]] = {
    "board": ((), ""),
    "stages": (("m",), ""),
    "marks": (("space", "space"), ""),
    "move": (("m", "3", "1"), "MoveDialog"),
    "lose": (("x", "1"), "MoveDialog"),
    "form": (("n",), "DealForm"),
    "follow-up": (("d",), "FollowUpDialog"),
    "activity": (("i",), "ActivityDialog"),
    "notes": (("N",), "NotesDialog"),
    "opened": (("enter", "j", "j", "j"), "OpenedDeal"),
    "help": (("question_mark",), "Help"),
    "palette": (("ctrl+p", "down"), "CommandPalette"),
    "filter": (("slash", "o", "w", "n", "e", "r", "colon"), ""),
    "mistake": (("slash", "a", "m", "o", "u", "n", "t", ">", "x", "space"), ""),
    "today": (("t",), ""),
    "list": (("2", "j"), "ListScreen"),
    "review": (("R",), "ReviewScreen"),
    "records": (("C", "j"), "RecordsScreen"),
}


@pytest.mark.parametrize("scene", SCENES)
async def test_everything_that_is_painted_contrasts_with_its_ground(full: Shop, show: Show, scene: str) -> None:
    keys, name = SCENES[scene]
    faults: set[tuple[object, ...]] = set()
    async with show() as board:
        await board.until(lambda: len(board.app.looks) >= len(LOOKS))
        await board.press(*keys)
        await board.opens(name)
        for look in HEX:
            await wear(board, look)
            faults |= {(look.name, *fault) for fault in unreadable(board)}
            faults |= {(look.name, 256, *fault) for fault in unreadable(board, few=True)}
    assert faults == set()


async def test_what_is_typed_what_is_wrong_and_what_is_told_can_be_read(full: Shop, show: Show) -> None:
    faults: set[tuple[object, ...]] = set()
    async with show() as board:
        await board.until(lambda: len(board.app.looks) >= len(LOOKS))
        for severity in ("information", "warning", "error"):
            board.app.notify("a few words", title="Title", severity=severity, timeout=3600)
        await board.press("n")
        await board.opens("DealForm")
        for field, text in (("title", "Aperture"), ("amount", "12.5k"), ("expected_close", "whenever")):
            board.app.screen.query_one(f"#field-{field}").query_one(Input).value = text
        await board.shows("not understood")
        for look in HEX:
            await wear(board, look)
            assert "a few words" in board.text
            faults |= {(look.name, *fault) for fault in unreadable(board)}
    assert faults == set()


async def test_high_contrast_means_the_seven_of_triple_a(full: Shop, show: Show) -> None:
    async with show(theme="contrast") as board:
        await board.press("m", "3")
        await board.opens("MoveDialog")
        assert unreadable(board, read=7.0) == set()


async def wear(board: Board, look: Look) -> None:
    """Change the theme, of what stands in a dialog too."""
    board.app.show_theme(look.name)
    for widget in board.app.screen.query(Painted):
        widget.show_look(look)
    await board.pilot.pause()


def unreadable(board: Board, *, few: bool = False, read: float = READ) -> set[tuple[object, ...]]:
    """Give what contrasts too little: a text, its ink, its ground, the ratio."""
    faults = set()
    for strip in painted(board):
        for text, style, _ in strip.apply_filter(FewerColors(), Ground(0, 0, 0)) if few else strip:
            if text.isspace() or style is None:
                continue
            assert not style.dim, text
            ink, ground = triplet(style.color), triplet(style.bgcolor)
            if style.reverse:
                ink, ground = ground, ink
            least = SEEN if set(text.strip()) <= RULES else read
            if ratio(ink, ground) < least:
                faults.add((text.strip()[:20], "#{:02x}{:02x}{:02x}".format(*ink), "#{:02x}{:02x}{:02x}".format(*ground),
                            round(ratio(ink, ground), 2)))  # fmt: skip
    return faults


def painted(board: Board) -> Iterator[Strip]:
    """Give what is painted now; where the palette fades out what lies beneath, the palette alone."""
    strips = board.app.screen._compositor.render_strips()
    if board.dialog != "CommandPalette":
        yield from strips
        return
    for name in ("#--container", "#--results"):
        region: Region = board.app.screen.query_one(name).region
        for strip in strips[region.y : region.bottom]:
            yield strip.crop(region.x, region.right)


INKS = ("text", "strong", "muted", "accent", "key", "overdue", "today", "rotting", "won", "lost", "marked")
DIALOG_INKS = ("foreground", "primary", "warning", "error", "success")


def color_of(text: str) -> Triplet:
    """Give a colour of a theme's table of colours."""
    return triplet(Color.parse(text))


def grounds_of(look: Look) -> dict[str, Triplet]:
    """Give what a theme paints on."""
    styles = {name: triplet(getattr(look.palette, name).bgcolor) for name in ("bar", "cursor")}
    return styles | {name: color_of(look.colors[name]) for name in ("background", "surface", "panel")}


@pytest.mark.parametrize("look", HEX, ids=lambda look: look.name)
def test_every_ink_contrasts_with_every_ground_even_where_no_screen_has_put_it_yet(look: Look) -> None:
    inks = {name: triplet(getattr(look.palette, name).color) for name in INKS}
    inks |= {f"stage {name}": triplet(style.color) for name, style in look.stages.items()}
    inks |= {f"dialog {name}": color_of(look.colors[name]) for name in DIALOG_INKS}
    least = dict.fromkeys(inks, 7.0 if look.name == "contrast" else READ) | {"faint": SEEN, "cursor bar": SEEN}
    inks |= {"faint": triplet(look.palette.faint.color), "cursor bar": triplet(look.palette.cursor_bar.color)}
    faults = {(ink, ground, ratio(inks[ink], place)) for ink in inks for ground, place in grounds_of(look).items()
              if ratio(inks[ink], place) < least[ink]}  # fmt: skip
    assert faults == set()


STATES = ("overdue", "today", "won", "lost")
TOLD_APART = 0.09
"""More than four times what can just be noticed."""


@pytest.mark.parametrize("name", ["harbor", "linen"])
@pytest.mark.parametrize("eye", EYES)
def test_the_states_of_deals_are_told_apart_by_a_colour_blind_eye(name: str, eye: str) -> None:
    look = next(look for look in LOOKS if look.name == name)
    ground = color_of(look.colors["background"])
    true = {state: triplet(getattr(look.palette, state).color) for state in STATES}
    few = {state: shown(nearest_ink(color, ground)) for state, color in true.items()}
    for colors in (true, few):
        close = {(one, other) for one, other in itertools.combinations(STATES, 2)
                 if apart(colors[one], colors[other], eye) < TOLD_APART}  # fmt: skip
        assert close == set()


@pytest.mark.parametrize("name", ["harbor", "linen"])
@pytest.mark.parametrize("eye", EYES)
def test_stages_side_by_side_are_told_apart_by_a_colour_blind_eye(name: str, eye: str) -> None:
    look = next(look for look in LOOKS if look.name == name)
    turn = [triplet(look.stage_style("open", rank).color) for rank in range(6)]
    assert min(apart(one, other, eye) for one, other in itertools.pairwise(turn)) >= TOLD_APART


def test_a_theme_of_red_and_green_would_not_pass() -> None:
    night = next(look for look in LOOKS if look.name == "night").palette
    assert apart(triplet(night.overdue.color), triplet(night.won.color)) > TOLD_APART
    assert apart(triplet(night.today.color), triplet(night.won.color), "deuteranopia") < TOLD_APART


@pytest.mark.parametrize("look", HEX, ids=lambda look: look.name)
def test_at_256_colours_states_and_grounds_stay_different(look: Look) -> None:
    grounds = {name: shown(nearest(place)) for name, place in grounds_of(look).items()}
    for ground, over in (("background", "cursor"), ("background", "panel"), ("background", "bar"), ("panel", "surface"),
                         ("panel", "cursor")):  # fmt: skip
        assert apart(grounds[ground], grounds[over]) >= 0.03, (ground, over)
    for place in (color_of(look.colors["background"]), triplet(look.palette.cursor.bgcolor)):
        inks = {
            one: nearest_ink(triplet(getattr(look.palette, one).color), place) for one in (*STATES, "muted", "text")
        }
        if look.palette.overdue.color == look.palette.lost.color:
            del inks["lost"]
        assert len(set(inks.values())) == len(inks), inks


COLORS = st.tuples(*[st.integers(0, 255)] * 3)


@given(COLORS, COLORS)
def test_an_ink_of_256_is_as_readable_as_it_was(ink: Triplet, ground: Triplet) -> None:
    below = shown(nearest(ground))
    possible = max(ratio((0, 0, 0), below), ratio((255, 255, 255), below))
    assert ratio(shown(nearest_ink(ink, ground)), below) >= min(READ, ratio(ink, ground), possible)


@given(COLORS)
def test_the_nearest_of_256_is_the_nearest_of_all(color: Triplet) -> None:
    best = min(apart(shown(number), color) for number in range(16, 256))
    assert apart(shown(nearest(color)), color) == pytest.approx(best, abs=1e-6)


@given(st.integers(16, 255))
def test_a_colour_of_the_256_stays_itself(number: int) -> None:
    assert shown(nearest(shown(number))) == shown(number)
