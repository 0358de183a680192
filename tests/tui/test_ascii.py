"""ASCII mode: whatever is painted becomes ASCII of the same width, and a locale without UTF-8 asks for it."""

from __future__ import annotations

import ast
import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual._border import BORDER_CHARS
from textual.color import Color
from textual.scrollbar import ScrollBarRender

from funneltui.domain.deal import Mark
from funneltui.terminal_kind import wants_ascii
from funneltui.tui.app import FunnelApp
from funneltui.tui.ascii import UNKNOWN, AsciiOnly, ascii_of

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show

SOURCES = Path(__file__).parents[2] / "funneltui"
_ODD = "漢 é e\u0301 \U0001f468\u200d\U0001f469 ✔\ufe0f #\ufe0f\u20e3 ﷺ Ａ ½ │ … \u200d \ufe0f \u3000 \u00a0 ß Æ Ⅳ"
ODD = st.sampled_from(_ODD.split(" "))
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=30), st.lists(ODD, max_size=20).map("".join)
)


@given(TEXTS)
@example("\u200dab")
def test_any_text_becomes_ascii_of_the_same_width(text: str) -> None:
    shown = ascii_of(text)
    assert shown.isascii()
    assert cell_len(shown) == cell_len(text)


@given(st.lists(TEXTS, max_size=5))
def test_any_line_keeps_its_width_its_pieces_and_their_styles(texts: list[str]) -> None:
    bold = Style(bold=True)
    segments = [Segment(text, bold) for text in texts]
    made = AsciiOnly().apply(segments, Color(0, 0, 0))
    assert all(segment.text.isascii() for segment in made)
    assert sum(segment.cell_length for segment in made) == sum(segment.cell_length for segment in segments)
    if "↵" not in "".join(texts):
        assert [segment.cell_length for segment in made] == [segment.cell_length for segment in segments]
    assert {segment.style for segment in made} <= {bold}


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (["↵", " set  ", "esc", " not at all        "], "enter set  esc not at all    "),
        (["│ ", "↵", " set        ", "│"], "| enter set    |"),
        (["j k ↵", " too  ", "↵", " go            "], "j k enter too  enter go    "),
        (["↵", " set   esc  "], "< set   esc  "),
        (["↵", " set  esc", "   ", "  "], "enter set  esc "),
        (["↵ ↵ both       "], "enter < both   "),
    ],
)
def test_the_sign_of_enter_is_spelled_where_the_line_has_blanks_to_spare(line: list[str], shown: str) -> None:
    made = AsciiOnly().apply([Segment(text) for text in line], Color(0, 0, 0))
    assert "".join(segment.text for segment in made) == shown
    assert len(made) == len(line)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("━━━───", "===---"),
        ("▌ ▏│ ┌─┐ ╰─╯", "> || +-+ +-+"),
        ("███", "###"),
        ("6 more ↓ ‹2 3› ↵", "6 more v <2 3> <"),
        ("all · 53 open · €628k", "all . 53 open . E628k"),
        ("£5 ¥7 ₹9 10 zł", "L5 Y7 R9 10 zl"),
        ("Žagar, Łódź, Jyväskylä, Ærø, straße", "Zagar, Lodz, Jyvaskyla, Aro, strase"),
        ("e\u0301te\u0301", "ete"),
        ("Northwind – “pilot”, the client’s…", 'Northwind - "pilot", the client\'s.'),
        ("x² ½ №", "x2 ? ?"),
        ("Пловдив", "???????"),
        ("漢字 Ａ", "???? A "),
        ("\U0001f600!", "??!"),
        ("a\u00a0b\u3000c", "a b  c"),
    ],
)
def test_what_stands_for_what(text: str, shown: str) -> None:
    assert ascii_of(text) == shown


def test_the_marks_of_deals_stay_five_different_ones() -> None:
    marks = [mark.value for mark in Mark if mark.value.strip()] + ["■"]
    shown = [ascii_of(mark) for mark in marks]
    assert len(marks) == 5
    assert len(set(shown)) == 5


def signs_of(path: Path) -> set[str]:
    """Give the signs, other than letters, that stand in a file's texts."""
    texts = (
        node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    )
    return {sign for text in texts if isinstance(text, str) for sign in text if not sign.isascii() and sign.isprintable()
            and not sign.isalpha()}  # fmt: skip


def test_every_sign_of_ours_has_one_of_its_own() -> None:
    files = [*(SOURCES / "tui").rglob("*.py"), SOURCES / "domain" / "money.py", SOURCES / "domain" / "deal.py"]
    signs = set().union(*(signs_of(path) for path in files))
    assert {"€", "₽", "•", "▌", "━"} <= signs
    assert {sign for sign in signs if UNKNOWN in ascii_of(sign)} <= {"¿"}


def test_borders_and_scrollbars_of_textual_have_signs_too() -> None:
    rows = itertools.chain.from_iterable(BORDER_CHARS.values())
    drawn = "".join(itertools.chain.from_iterable(rows))
    drawn += "".join(ScrollBarRender.VERTICAL_BARS + ScrollBarRender.HORIZONTAL_BARS)
    assert UNKNOWN not in ascii_of(drawn)


@pytest.fixture
def ascii_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the app paint in ASCII."""
    monkeypatch.setitem(FunnelApp.__init__.__kwdefaults__, "ascii_only", True)


async def test_keys_are_spelled_in_the_bar_and_in_the_help(full: Shop, show: Show, ascii_only: None) -> None:
    async with show((120, 110)) as board:
        assert " enter open " in board.lines[-1]
        await board.press("question_mark")
        await board.opens("Help")
        assert "shift+right" in board.text
        assert "j  down" in board.text


async def test_keys_are_signs_where_the_terminal_shows_them(full: Shop, show: Show) -> None:
    async with show() as board:
        assert "↵ open" in board.lines[-1]


async def test_hints_of_dialogs_spell_enter(full: Shop, show: Show, ascii_only: None) -> None:
    async with show() as board:
        await board.press("d")
        await board.opens("FollowUpDialog")
        assert "enter set" in board.text


SCREENS = {
    "board": ((), ""),
    "marked": (("space",), ""),
    "move": (("m", "3"), "MoveDialog"),
    "form": (("n",), "DealForm"),
    "opened": (("enter",), "OpenedDeal"),
    "help": (("question_mark",), "Help"),
    "palette": (("colon",), "CommandPalette"),
    "list": (("2",), "ListScreen"),
}


@pytest.mark.parametrize("theme", ["night", "terminal"])
@pytest.mark.parametrize("screen", SCREENS)
async def test_every_screen_is_painted_in_ascii_borders_and_all(
    full: Shop, show: Show, ascii_only: None, screen: str, theme: str
) -> None:
    keys, name = SCREENS[screen]
    async with show((80, 24), theme=theme) as board:
        await board.press(*keys)
        await board.opens(name)
        assert board.text.isascii()
        assert {cell_len(line) for line in board.lines} == {80}
        if screen == "move" and theme == "terminal":
            assert "+----" in board.text


async def test_letters_of_any_kind_can_still_be_typed(shop: Shop, show: Show, ascii_only: None) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.type("Žalec, Łódź")
        await board.shows("Zalec, Lodz")
        assert typed_in(board) == "Žalec, Łódź"


def typed_in(board: Board) -> object:
    """Give what stands in the field that has the focus."""
    return getattr(board.app.focused, "value", None)


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"LANG": "en_US.UTF-8"}, False),
        ({"LANG": "C.UTF-8"}, False),
        ({"LANG": "C.utf8"}, False),
        ({"LC_CTYPE": "UTF-8"}, False),  # macOS
        ({"LANG": "de_DE.UTF-8@euro"}, False),
        ({"LANG": "C"}, True),
        ({"LANG": "POSIX"}, True),
        ({"LANG": "de_DE"}, True),
        ({"LANG": "de_DE@euro"}, True),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, True),
        ({"LANG": "ru_RU.KOI8-R"}, True),
        ({"LANG": "en_US.UTF-8", "LC_CTYPE": "C"}, True),
        ({"LANG": "C", "LC_CTYPE": "en_US.UTF-8"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),  # what Python makes of LANG=C
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8", "LC_ALL": "C.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_CTYPE": "en_US.UTF-8", "LC_ALL": "C"}, True),
        ({"LANG": "C", "LC_ALL": "en_US.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "", "LC_CTYPE": ""}, False),
    ],
    ids=str,
)
def test_the_locale_says_whether_the_terminal_reads_more_than_ascii(environment: dict[str, str], wanted: bool) -> None:
    assert wants_ascii(environment) is wanted


@pytest.mark.parametrize("encoding", ["ascii", "ANSI_X3.4-1968", "latin-1", "cp1252"])
def test_a_stream_that_is_not_utf8_gets_ascii_whatever_the_locale_says(encoding: str) -> None:
    assert wants_ascii({"LANG": "en_US.UTF-8"}, encoding)
    assert not wants_ascii({"LANG": "en_US.UTF-8"}, "UTF-8")
