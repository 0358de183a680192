"""Drafts: what is typed is kept until it is left or saved; what was cut off is offered, gone on with, dropped or left."""

from __future__ import annotations

import asyncio
import signal
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from textual.events import Key
from textual.widgets import Input

from funneltui.domain.inbox import Arrival, Channel
from funneltui.domain.text import strip_controls
from funneltui.exchange.drafts import Draft, DraftFolder, What, owner_key
from funneltui.services import deals, inbox, workspaces
from funneltui.services.inbox_values import Completion
from funneltui.tui import drafts as keeping
from funneltui.tui import theming
from funneltui.tui.app import FunnelApp
from funneltui.tui.draft_offers import offer_drafts
from funneltui.tui.drafts import Drafts
from funneltui.tui.screens.draft_dialog import ago
from funneltui.tui.widgets.typed_field import TypedField
from funneltui.tui.worker import Worker
from tests.conftest import NOW
from tests.tui.conftest import THEMES, Board

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from funneltui.services.context import Clock, Context
    from tests.tui.conftest import Shop

    Show = Any

TYPED = {"title": "Northwind", "source": "phone", "expected_close": "15.12.", "amount": "12.5k"}


class Desk:
    """Somebody's drafts of the shop, as files."""

    def __init__(self, folder: Path, shop: Shop, user: str = "ana") -> None:
        self.path, self.owner = folder, owner_key(str(shop.path), user)

    @property
    def files(self) -> list[Path]:
        """What lies in the folder."""
        return sorted(self.path.iterdir()) if self.path.is_dir() else []

    def leave(self, what: What, texts: dict[str, str], minutes: int = 10, **of: Any) -> None:
        """Leave a draft there, as a program that died so many minutes ago."""
        file = DraftFolder(self.path, self.owner).begin()
        file.keep(Draft(what, texts, NOW - timedelta(minutes=minutes), **of))
        file.release()

    def leave_new(self, minutes: int = 10, **texts: str) -> None:
        """Leave a new deal."""
        self.leave(What.NEW, texts or TYPED, minutes, pipeline="sales")


@pytest.fixture
def desk(tmp_path: Path, shop: Shop) -> Desk:
    """Give ana's drafts; there are none."""
    return Desk(tmp_path / "drafts", shop)


@pytest.fixture
def show(shop: Shop, clock: Clock, desk: Desk) -> Show:
    """Give a function that shows the shop's board, and keeps drafts."""

    @asynccontextmanager
    async def board(size: tuple[int, int] = (120, 36), user: str = "ana", pause: float = 0.01) -> AsyncIterator[Board]:
        def opener() -> Context:
            return workspaces.open_workspace(str(shop.path), user, clock, chosen=True)

        worker = Worker(opener)
        look, message = theming.first_look((THEMES,), "night")
        app = FunnelApp(worker, look, None, (THEMES,), message, drafts=Drafts(worker, desk.path, str(shop.path)))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(keeping, "PAUSE", pause)
            try:
                async with app.run_test(size=size, notifications=True) as pilot:
                    shown = Board(app, pilot)
                    await shown.until(lambda: shown.state.loaded)
                    await pilot.pause()
                    yield shown
            finally:
                worker.close()

    return board


async def fill(board: Board, **texts: str) -> None:
    """Put texts into the fields of the open form."""
    for name, text in texts.items():
        field(board, name).value = text
    await board.pilot.pause()


def field(board: Board, name: str) -> Input:
    """Give the line of the open form into which a field is typed."""
    return board.app.screen.query_one(f"#field-{name}", TypedField).query_one(Input)


async def kept(board: Board, desk: Desk, text: str) -> None:
    """Wait until a text is on the disk."""
    await board.until(lambda: any(text in file.read_text() for file in desk.files if file.suffix == ".json"))


async def test_what_is_typed_into_a_new_deal_is_kept_meanwhile(shop: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.type("North")
        await kept(board, desk, "North")
        await board.type("wind")
        await kept(board, desk, "Northwind")
        assert len(desk.files) == 1
    assert shop.count("deal") == 0


async def test_a_form_in_which_nothing_is_typed_keeps_nothing(full: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        for key in ("n", "e"):
            await board.press(key)
            await board.opens("DealForm")
            board.app.drafts.flush(board.app)
            assert not desk.path.exists()
            await board.press("escape")
            await board.opens("")
        await board.app.worker.apart(lambda: None)
    assert not desk.path.exists()


async def test_a_form_left_with_esc_leaves_no_draft_and_no_change(full: Shop, show: Show, desk: Desk) -> None:
    before = full.path.read_bytes()
    async with show() as board:
        for key in ("n", "e", "i"):
            await board.press(key)
            await board.until(lambda: bool(board.dialog))
            await board.press(*"xyz")
            await kept(board, desk, "xyz")
            await board.press("escape")
            await board.until(lambda: not desk.files)
    assert full.path.read_bytes() == before


async def test_a_text_that_is_taken_out_again_is_kept_no_more(shop: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.press("x", "y")
        await kept(board, desk, "xy")
        await board.press("backspace", "backspace")
        await board.until(lambda: not desk.files)
        await board.press("z")
        await kept(board, desk, "z")


@pytest.mark.parametrize("at_once", [False, True])
async def test_a_saved_form_leaves_no_draft(shop: Shop, show: Show, desk: Desk, at_once: bool) -> None:
    async with show(pause=60 if at_once else 0.01) as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, **TYPED)
        if not at_once:
            await kept(board, desk, "12.5k")
        await board.press("ctrl+s")
        await board.shows("Waiting 1")
        await board.until(lambda: not desk.files)
    assert shop.count("deal") == 1


async def test_a_saved_edit_and_a_saved_note_leave_no_draft(full: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("e")
        await board.opens("DealForm")
        await board.type(" II")
        await kept(board, desk, " II")
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(1).title == "Northwind rollout II")
        await board.until(lambda: not desk.files)
        await board.press("i", *"asked")
        await kept(board, desk, "asked")
        await board.press("enter")
        await board.until(lambda: full.deal(1).version == 3)
        await board.until(lambda: not desk.files)
    assert deals.show(full.context, 1).events[-1].data["note"] == "asked"


@pytest.mark.parametrize("leaving", ["signal", "ctrl+q"])
async def test_what_was_typed_just_before_the_end_is_kept_at_once(
    shop: Shop, show: Show, desk: Desk, leaving: str
) -> None:
    async with show(pause=60) as board:
        await board.press("n")
        await board.opens("DealForm")
        await board.type("Northwind")
        assert desk.files == []
        if leaving == "signal":
            board.app._leave(128 + signal.SIGHUP)
        else:
            await board.press("ctrl+q")
        assert "Northwind" in desk.files[0].read_text()


async def test_a_text_that_came_in_the_very_moment_of_the_end_is_kept(shop: Shop, show: Show, desk: Desk) -> None:
    async with show(pause=60) as board:
        await board.press("n")
        await board.opens("DealForm")
        field(board, "title").value = "Northwind"  # the form has not been told of it yet
        board.app._leave(128 + signal.SIGHUP)
        assert "Northwind" in desk.files[0].read_text()


@pytest.mark.parametrize("moments", range(0, 40, 4))
async def test_a_save_that_the_end_of_the_program_meets_is_stored_or_kept(
    shop: Shop, show: Show, desk: Desk, moments: int
) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, **TYPED)
        await kept(board, desk, "12.5k")
        board._send("ctrl+s")
        for _ in range(moments):
            await asyncio.sleep(0)
        board.app._leave(128 + signal.SIGTERM)
    assert shop.count("deal") + len(desk.files) == 1


async def test_an_edit_that_is_refused_is_offered_again_and_says_what_changed(
    full: Shop, show: Show, desk: Desk
) -> None:
    async with show(pause=60) as board:
        await board.press("e")
        await board.opens("DealForm")
        await board.type(" II")
        deals.edit(full.context, 1, {"amount": 500})
        await board.press("ctrl+s")
        await board.opens("DraftDialog")
        assert "The edit of #1 Northwind rollout is not saved" in board.text
        assert "deal 1 was changed meanwhile: ana edited it (amount)" in board.text
        await kept(board, desk, "Northwind rollout II")
        await board.press("enter")
        await board.opens("DealForm")
        assert field(board, "title").value == "Northwind rollout II"
        assert "deal 1 was changed meanwhile: ana edited it (amount)" in board.text
        assert field(board, "amount").value == "5.00"
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(1).title == "Northwind rollout II")
        await board.until(lambda: not desk.files)
    assert full.deal(1).amount == 500


async def test_a_new_deal_that_a_rule_refuses_is_not_lost(shop: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, **TYPED, owner="nobody at all")
        await board.press("ctrl+s")
        await board.opens("DraftDialog")
        assert "The new deal is not saved" in board.text
        await board.press("enter")
        await board.opens("DealForm")
        await fill(board, owner="")
        await board.press("ctrl+s")
        await board.until(lambda: shop.count("deal") == 1)
        await board.until(lambda: not desk.files)
    assert shop.deal(1).title == "Northwind"


async def test_a_place_that_cannot_be_written_is_told_once_and_keeps_nobody_from_saving(
    shop: Shop, show: Show, desk: Desk
) -> None:
    desk.path.write_text("no folder")
    async with show() as board:
        await board.press("n")
        await board.opens("DealForm")
        await fill(board, **TYPED)
        await board.tells("cannot be kept as a draft")
        await fill(board, title="Hooli")
        await board.press("ctrl+s")
        await board.until(lambda: shop.count("deal") == 1)
        assert board.told.count("cannot be kept as a draft") == 1


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


async def test_notes_are_kept_while_they_are_written_and_gone_on_with(full: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("N")
        await board.opens("NotesDialog")
        await board.press(*"one", "enter", *"two")
        await kept(board, desk, "one\\ntwo")
        await board.press("escape", "escape")
        await board.until(lambda: not desk.files)
    desk.leave(What.NOTES, {"notes": "one\ntwo"}, number=1, version=1, title="Northwind")
    async with show() as board:
        await board.opens("DraftDialog")
        assert "The notes of #1 Northwind were being typed 10 min ago" in board.text
        await board.press("enter")
        await board.opens("NotesDialog")
        await board.press("enter", *"three", "ctrl+s")
        await board.until(lambda: full.deal(1).notes == "one\ntwo\nthree")
        await board.until(lambda: not desk.files)


async def test_notes_that_are_refused_are_offered_again(full: Shop, show: Show, desk: Desk) -> None:
    async with show() as board:
        await board.press("N")
        await board.opens("NotesDialog")
        await board.press(*"mine")
        deals.edit(full.context, 1, {"notes": "theirs"})
        await board.press("ctrl+s")
        await board.opens("DraftDialog")
        assert "The notes of #1 Northwind rollout are not saved" in board.text
        await board.press("enter")
        await board.opens("NotesDialog")
        assert "deal 1 was changed meanwhile: ana edited it (notes)" in board.text
        await board.press("ctrl+s")
        await board.until(lambda: full.deal(1).notes == "mine")
        await board.until(lambda: not desk.files)


def arrive(shop: Shop) -> None:
    """Let a mail arrive as entry 1 that lacks a source and an expected close."""
    mail = Arrival(Channel.MAIL, "1", "Jan <jan@acme.example>", {"title": "Five lamps"}, "How much is it?", NOW)
    inbox.take_in(shop.context, mail, Completion({}, {}))


async def complete(board: Board) -> None:
    """Show the form of the inbox's entry, its cursor in what is missing first."""
    await board.press("8")
    await board.opens("InboxScreen")
    await board.shows("Five lamps")
    await board.press("enter")
    await board.opens("EntryForm")


async def test_the_form_of_an_entry_is_kept_while_it_is_typed_and_leaves_nothing(
    shop: Shop, show: Show, desk: Desk
) -> None:
    arrive(shop)
    async with show() as board:
        await complete(board)
        await board.type("pho")
        await kept(board, desk, '{"source": "pho"}')
        await board.press("escape")
        await board.until(lambda: not desk.files)
        await board.press("enter")
        await board.opens("EntryForm")
        await board.type("phone")
        await fill(board, expected_close="15.12.")
        await kept(board, desk, "15.12.")
        await board.press("ctrl+s")
        await board.tells("deal 1 added")
        await board.until(lambda: not desk.files)
    assert (shop.count("deal"), shop.deal(1).source) == (1, "phone")


async def test_an_entry_that_was_being_completed_is_gone_on_with_and_makes_one_deal(
    shop: Shop, show: Show, desk: Desk
) -> None:
    arrive(shop)
    desk.leave(What.ENTRY, {"source": "phone", "company": "Acme"}, number=1, pipeline="sales", title="Five lamps")
    async with show() as board:
        await board.opens("DraftDialog")
        assert "Entry #1 Five lamps was being completed 10 min ago" in board.text
        await board.press("enter")
        await board.opens("EntryForm")
        assert [field(board, name).value for name in ("title", "source", "company")] == ["Five lamps", "phone", "Acme"]
        await board.type("15.12.")
        await board.press("ctrl+s")
        await board.shows("Waiting 1")
        await board.until(lambda: not desk.files)
    deal = shop.deal(1)
    assert (shop.count("deal"), deal.company, deal.external_id) == (1, "Acme", "1")
    assert inbox.waiting(shop.context) == 0


async def test_a_deal_of_an_entry_that_is_refused_is_offered_again_and_nothing_typed_is_lost(
    shop: Shop, show: Show, desk: Desk
) -> None:
    arrive(shop)
    async with show() as board:
        await complete(board)
        await fill(board, source="phone", expected_close="15.12.", owner="nobody at all")
        await board.press("ctrl+s")
        await board.opens("DraftDialog")
        assert "Entry #1 Five lamps is not completed" in board.text
        await board.press("enter")
        await board.opens("EntryForm")
        assert field(board, "expected_close").value == "15.12."
        await fill(board, owner="")
        await board.press("ctrl+s")
        await board.until(lambda: shop.count("deal") == 1)
        await board.until(lambda: not desk.files)
        await board.shows("nothing waits")


async def test_a_draft_of_an_entry_that_somebody_completed_is_told_and_can_be_dropped(
    shop: Shop, show: Show, desk: Desk
) -> None:
    arrive(shop)
    desk.leave(What.ENTRY, {"source": "phone"}, number=1, title="Five lamps")
    inbox.complete(shop.context, 1, Completion({"source": "web", "expected_close": "15.12."}, {}))
    async with show() as board:
        await board.opens("DraftDialog")
        await board.press("enter")
        await board.shows("entry 1 has become deal 1")
        await board.press("d")
        await board.until(lambda: not desk.files)
    assert (shop.count("deal"), shop.deal(1).source) == (1, "web")


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
