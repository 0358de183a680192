"""Texts that would act on a terminal, on markup or on a layout: none crashes the board or leaves it as a control."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from funneltui.domain.text import strip_controls

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show

MARKUP = (
    "[red]x[/]",
    "[/]",
    "[@click=app.quit]x",
    "[a=b c=]",
    "[link=http://example.com]y[/link]",
    "[bold",
    "$primary",
)
CONTROLS = (
    "a\x1b]0;owned\x07b", "c\x1b[2Jd\x1bc", "e\x9b31mf\x90g\x9c", "h\u202ei\u2066j", "k\u200bl\u200dm\ufeff",
    "n\x7fo\x08p\x0e", "q\u00adr\u3164s\u115ft\uffa0u", "v\u2028w\u2029x\x85y", "\U000e0041tag",
)  # fmt: skip
WIDE = ("\U0001f468\u200d\U0001f469\u200d\U0001f467 family", "✔\ufe0f \U0001f44d\U0001f3fd ok", "漢字" * 30,
        "e" + "\u0301" * 200, "\U0001f1f8\U0001f1ee" * 9, "ﷺ" * 20, "𒐫" * 20)  # fmt: skip
NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "bad" / "blns.json"


def harmless(board: Board) -> bool:
    """Tell whether every line is as wide as the screen and holds nothing that acts on a terminal."""
    return all(
        cell_len(line) == board.app.size.width and strip_controls(line) == line
        and not any(unicodedata.category(character) == "Cc" for character in line)
        for line in board.lines
    )  # fmt: skip


async def look_everywhere(board: Board) -> None:
    """Open everything that shows the deal under the cursor; each screen has to be harmless."""
    assert harmless(board), board.text
    for keys, dialog in (
        (("enter",), "OpenedDeal"),
        (("L",), "MoveDialog"),
        (("e",), "DealForm"),
        (("d",), "FollowUpDialog"),
    ):
        await board.at_once(*keys)
        await board.opens(dialog)
        assert harmless(board), board.text
        await board.at_once("escape")
        await board.opens("")


@pytest.mark.parametrize("text", MARKUP)
async def test_markup_in_a_title_is_only_text(shop: Shop, show: Show, text: str) -> None:
    shop.add(text, company=text, contact=text, notes=text, follow_up_note=text)
    async with show((200, 50)) as board:
        await look_everywhere(board)
        assert board.lines[3].startswith(f"▌{text}")
        await board.press("enter")
        await board.opens("OpenedDeal")
        assert f"#1 {text}" in board.text
        await board.pilot.click(offset=(20, 3))
        assert board.app.is_running


@pytest.mark.parametrize("text", CONTROLS + WIDE)
async def test_controls_and_odd_characters_are_harmless(shop: Shop, show: Show, text: str) -> None:
    shop.add(f"x{text}", company=text, contact=text, notes=text, follow_up_note=text)
    async with show() as board:
        await look_everywhere(board)


@pytest.mark.parametrize("text", CONTROLS)
async def test_what_was_written_past_the_program_is_harmless_too(shop: Shop, show: Show, text: str) -> None:
    shop.add("plain", company="Acme", contact="Anna", notes="n", tags=("t",))
    shop.rep("someone")
    with sqlite3.connect(shop.path) as database:
        database.execute("UPDATE deal SET title = ?, follow_up_note = ?, notes = ?, qualifier = ?", (text,) * 4)
        database.execute("UPDATE company SET name = ?", (text,))
        database.execute("UPDATE contact SET name = ?, email = ?", (text, text))
        database.execute("UPDATE person SET name = ? WHERE name = 'someone'", (text,))
        database.execute("UPDATE stage SET name = ? WHERE key = 'waiting'", (text,))
        database.execute("UPDATE detail SET name = ?", (text,))
    database.close()
    async with show() as board:
        await look_everywhere(board)


async def test_a_title_of_ten_thousand_characters_is_cut(shop: Shop, show: Show) -> None:
    shop.add("Long" * 2500, notes="word " * 2000)
    async with show() as board:
        await look_everywhere(board)
        assert "LongLongLong" in board.text


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the list of naughty strings does not lie beside the checkout")
async def test_a_board_full_of_naughty_strings_is_harmless(shop: Shop, show: Show) -> None:
    for number, text in enumerate(json.loads(NAUGHTY.read_text(encoding="utf-8"))):
        shop.add(f"{number} {text}", company=text, contact=text, follow_up_note=text[:60])
    async with show((120, 90)) as board:
        while board.state.cursor_place < board.state.cursor_lane.count - 1:
            place = board.state.cursor_place
            await board.press("pagedown")
            await board.until(lambda place=place: board.state.cursor_place > place and board.state.deal is not None)
            assert harmless(board), board.text


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the list of naughty strings does not lie beside the checkout")
async def test_naughty_strings_are_harmless_in_an_opened_deal(shop: Shop, show: Show) -> None:
    texts = [text for text in json.loads(NAUGHTY.read_text(encoding="utf-8")) if text.strip()]
    shop.add("all of them", notes="\n".join(texts))
    async with show((120, 90)) as board:
        await board.press("enter")
        await board.opens("OpenedDeal")
        for _ in range(14):
            assert harmless(board), board.text
            await board.at_once(*["j"] * 20)


@pytest.mark.parametrize("text", ["\x1b[2J", "[/]", "\u202e", "x" * 3000, '"', "((", "漢" * 200])
async def test_whatever_is_typed_as_a_filter_is_harmless(full: Shop, show: Show, text: str) -> None:
    async with show() as board:
        await board.press("slash")
        board.app.focused.value = text
        await board.press("enter")
        await board.until(lambda: not board.screen._reading.locked())
        assert harmless(board)
