"""What was cut off is offered at the next start, gone on with, dropped or left for later."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from textual.events import Key

from funneltui.domain.text import strip_controls
from funneltui.exchange.drafts import What
from funneltui.services import deals
from funneltui.tui.draft_offers import offer_drafts
from funneltui.tui.screens.draft_dialog import ago
from tests.conftest import NOW
from tests.tui.desk import TYPED, Desk, desk, field, kept, show

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Shop

    Show = Any


__all__ = ["desk", "show"]


async def test_a_new_deal_that_was_cut_off_is_offered_and_gone_on_with(shop: Shop, show: Show, desk: Desk) -> None:
    desk.leave_new(minutes=10)
    async with show() as board:
        await board.opens("DraftDialog")
        for words in ("A new deal was being typed 10 min ago", "Northwind", "12.5k", "go on", "drop it", "later"):
            assert words in board.text
        await board.press("enter")
        await board.opens("DealForm")
        assert {name: field(board, name).value for name in TYPED} == TYPED
        assert "= €12,500" in board.text
        await board.press("ctrl+s")
        await board.shows("Waiting 1")
        await board.until(lambda: not desk.files)
    assert (shop.count("deal"), shop.deal(1).amount) == (1, 1_250_000)


async def test_what_was_cut_off_is_read_and_judged_anew(shop: Shop, show: Show, desk: Desk) -> None:
    desk.leave_new(title="Northwind", expected_close="32.13.")
    async with show() as board:
        await board.opens("DraftDialog")
        await board.press("enter")
        await board.opens("DealForm")
        await board.shows("not understood")
        await board.press("ctrl+s")
        await board.shows("needed")
        assert board.dialog == "DealForm"
        assert len(desk.files) == 1
    assert shop.count("deal") == 0


async def test_what_is_gone_on_with_and_left_with_esc_is_gone(shop: Shop, show: Show, desk: Desk) -> None:
    desk.leave_new()
    async with show() as board:
        await board.opens("DraftDialog")
        await board.press("enter")
        await board.opens("DealForm")
        await board.press("escape")
        await board.until(lambda: not desk.files)
    assert shop.count("deal") == 0


async def test_d_drops_what_was_cut_off(shop: Shop, show: Show, desk: Desk) -> None:
    desk.leave_new()
    async with show() as board:
        await board.opens("DraftDialog")
        await board.press("d")
        await board.opens("")
        await board.until(lambda: not desk.files)
    assert shop.count("deal") == 0


async def test_esc_leaves_what_was_cut_off_for_the_next_start(shop: Shop, show: Show, desk: Desk) -> None:
    desk.leave_new()
    before = desk.files[0].read_bytes()
    for _ in range(2):
        async with show() as board:
            await board.opens("DraftDialog")
            await board.press("escape")
            await board.opens("")
            await board.app.worker.apart(lambda: None)
    assert desk.files[0].read_bytes() == before


async def test_several_are_offered_one_after_another_the_newest_first(shop: Shop, show: Show, desk: Desk) -> None:
    desk.leave_new(minutes=300, title="Older")
    desk.leave_new(minutes=3, title="Newer")
    async with show() as board:
        await board.opens("DraftDialog")
        assert "Newer" in board.text
        assert "3 min ago" in board.text
        assert "1 more after it" in board.text
        await board.press("escape")
        await board.shows("Older")
        assert "5 h ago" in board.text
        await board.press("d")
        await board.opens("")
        await board.until(lambda: len(desk.files) == 1)
    assert "Newer" in desk.files[0].read_text()


async def test_an_edit_is_gone_on_with_over_the_deal_as_it_stands(full: Shop, show: Show, desk: Desk) -> None:
    texts = {"company": "", "amount": "9k"}
    desk.leave(What.EDIT, texts, number=1, version=1, title="Northwind rollout")
    async with show() as board:
        await board.opens("DraftDialog")
        assert "#1 Northwind rollout was being edited 10 min ago" in board.text
        assert "(made empty)" in board.text
        await board.press("enter")
        await board.opens("DealForm")
        assert "Edit #1" in board.text
        assert "meanwhile" not in board.text
        assert (field(board, "company").value, field(board, "title").value) == ("", "Northwind rollout")
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(1).amount == 900_000)
    assert (full.deal(1).company, full.deal(1).title) == ("", "Northwind rollout")


async def test_an_edit_of_a_deal_that_changed_meanwhile_says_so(full: Shop, show: Show, desk: Desk) -> None:
    desk.leave(What.EDIT, {"amount": "9k"}, number=1, version=1, title="Northwind rollout")
    full.move(1, "acquisition", detail="call")
    async with show() as board:
        await board.opens("DraftDialog")
        await board.press("enter")
        await board.opens("DealForm")
        assert "deal 1 was changed meanwhile: ana moved it to acquisition" in board.text
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(1).amount == 900_000)
    assert full.deal(1).stage == "acquisition"


async def test_what_is_said_of_a_draft_leaves_the_keys_in_sight_on_a_small_terminal(
    full: Shop, show: Show, desk: Desk
) -> None:
    desk.leave(What.EDIT, {"amount": "9k", "reason_note": "too dear " * 9}, number=1, version=1, title="Northwind")
    full.move(1, "acquisition", detail="call")
    async with show((80, 24)) as board:
        await board.opens("DraftDialog")
        await board.press("enter")
        await board.opens("DealForm")
        assert "not asked for any more" in board.text
        assert "ctrl+s save" in board.text


async def test_a_text_whose_field_is_gone_is_told(full: Shop, show: Show, desk: Desk) -> None:
    desk.leave(What.EDIT, {"title": "Mine", "reason_note": "too dear"}, number=1, version=1)
    async with show() as board:
        await board.opens("DraftDialog")
        await board.press("enter")
        await board.opens("DealForm")
        assert 'not asked for any more: note on the reason "too dear"' in board.text


async def test_an_edit_of_a_deal_that_is_out_of_reach_is_told_and_can_be_dropped(
    full: Shop, show: Show, tmp_path: Path
) -> None:
    full.rep("bob")
    desk = Desk(tmp_path / "drafts", full, "bob")
    desk.leave(What.EDIT, {"amount": "9k"}, number=1, version=1, title="Northwind rollout")
    async with show(user="bob") as board:
        await board.opens("DraftDialog")
        await board.press("enter")
        await board.shows("there is no deal 1 among yours")
        assert board.dialog == "DraftDialog"
        await board.press("d")
        await board.until(lambda: not desk.files)
    assert full.deal(1).amount == 1_250_000


async def test_a_note_that_was_cut_off_is_gone_on_with(full: Shop, show: Show, desk: Desk) -> None:
    desk.leave(What.NOTE, {"by": "call", "words": "asked for"}, number=1, title="Northwind rollout")
    async with show() as board:
        await board.opens("DraftDialog")
        assert "A note on #1 Northwind rollout was being typed" in board.text
        await board.press("enter")
        await board.opens("ActivityDialog")
        await board.type(" a price")
        await kept(board, desk, "asked for a price")
        await board.press("enter")
        await board.until(lambda: full.deal(1).version == 2)
        await board.until(lambda: not desk.files)
    event = deals.show(full.context, 1).events[-1]
    assert (event.data["by"], event.data["note"]) == ("call", "asked for a price")


async def test_what_lies_over_the_board_is_left_in_peace(shop: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("question_mark")
        await board.opens("Help")
        desk.leave_new()
        offer_drafts(board.app)
        await board.until(lambda: board.app.drafts is not None and board.app.drafts.offering)
        await board.pilot.pause()
        assert board.dialog == "Help"
        await board.press("escape")
        await board.opens("DraftDialog")


async def test_whoever_types_a_filter_is_left_in_peace(full: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("slash", "h")
        desk.leave_new()
        offer_drafts(board.app)
        await board.until(lambda: board.app.drafts.offering)
        await board.press("d")
        await board.until(lambda: board.state.filter_text == "hd")
        assert board.dialog == ""
        await board.press("escape")
        await board.opens("DraftDialog")


async def test_a_key_that_was_on_its_way_before_the_dialog_stood_drops_nothing(
    shop: Shop, show: Show, desk: Desk
) -> None:
    desk.leave_new()
    async with show() as board:
        await board.opens("DraftDialog")
        late = Key("d", "d")
        late.time = 0.0
        late.set_sender(board.app)
        board.app._driver.send_message(late)
        await board.pilot.pause()
        assert board.dialog == "DraftDialog"
        assert len(desk.files) == 1


async def test_drafts_of_others_and_broken_files_keep_nobody_from_the_board(shop: Shop, show: Show, desk: Desk) -> None:
    Desk(desk.path, shop, "bob").leave_new()
    for name, content in (("a", b"{"), ("b", b"\xff"), ("c", b"[" * 100_000)):
        (desk.path / f"{desk.owner}-{name}.json").write_bytes(content)
    async with show() as board:
        await board.until(lambda: not board.app.drafts.offering)
        await board.app.worker.apart(lambda: None)
        await board.pilot.pause()
        assert board.dialog == ""
        assert board.told == ""
    assert len(desk.files) == 4


@pytest.mark.parametrize("text", ["a\x1b]0;owned\x07b", "[/] [@click=app.quit]x", "g\u202eh\u200bi", "漢字" * 40])
async def test_an_offered_text_is_only_text(shop: Shop, show: Show, desk: Desk, text: str) -> None:
    desk.leave(What.NEW, {"title": text, "notes": text}, pipeline="sales")
    desk.leave(What.EDIT, {"title": text}, number=1, version=1, title=text)
    async with show((80, 24)) as board:
        for _ in range(2):
            await board.opens("DraftDialog")
            assert all(strip_controls(line) == line for line in board.lines)
            await board.press("escape")
        await board.opens("")
        assert board.app.is_running


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-99, "just now"), (59, "just now"), (60, "1 min ago"), (3599, "59 min ago"), (3600, "1 h ago"),
     (47 * 3600, "47 h ago"), (48 * 3600, "2 d ago"), (29 * 86_400, "29 d ago")],
)  # fmt: skip
def test_how_long_ago_it_was_is_told_in_the_largest_whole_unit(seconds: int, words: str) -> None:
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words
