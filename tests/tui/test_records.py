"""Companies and contacts by key: listed, searched, corrected; a cursor that holds on to its record."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from funneltui.services import merging, records
from funneltui.services.record_windows import Kind
from funneltui.tui.app import FunnelApp
from funneltui.tui.record_actions import RECORD, RECORDS
from funneltui.tui.row_window import window_size
from funneltui.tui.screens.opened_record import OpenedRecord
from funneltui.tui.screens.records import RecordsScreen
from funneltui.tui.widgets.record_figures import sums, sums_in_lines
from funneltui.tui.widgets.records_table import columns_for
from tests.tui.records_seen import fill, seen
from tests.tui.test_hostile import CONTROLS, MARKUP, WIDE, harmless

if TYPE_CHECKING:
    from funneltui.tui.actions import Action
    from funneltui.tui.screens.deal_screen import DealScreen
    from tests.tui.conftest import Shop, Show


@pytest.fixture
def filled(shop: Shop) -> Shop:
    """Give the workspace with some companies and contacts."""
    return fill(shop)


def companies(shop: Shop) -> list[str]:
    return [line.company.name for line in records.companies(shop.context)]


# What is listed


async def test_companies_stand_by_name_with_what_their_deals_come_to(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.lists("Acme", "Acme d.o.o.", "Globex", "Hooli")
        assert "[Companies 4]  Contacts 5" in at.board.text
        assert at.row("Acme ") == ["Acme", "4", "€12,500", "€3,000", "+", "$700", "21", "Nov"]
        assert at.row("Hooli") == ["Hooli", "1", "21", "Nov"]


async def test_the_other_tab_has_the_contacts_and_each_keeps_its_cursor(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.press("j", "j", "tab")
        await at.lists("office@hooli.example", "Ana Novak", "Ana Novak", "Bor Kos", "Cene Zupan")
        assert "ana@acme.example" in at.row("Ana Novak")
        await at.press("G", "h")
        await at.lists("Acme", "Acme d.o.o.", "Globex", "Hooli")
        assert at.here == "Globex"
        await at.press("l")
        await at.board.until(lambda: at.here == "Cene Zupan")


async def test_however_many_there_are_a_window_is_read(shop: Shop, show: Show) -> None:
    for number in range(200):
        shop.add(company=f"Company {number:03}")
    async with seen(show, (80, 24)) as at:
        assert len(at.names) == window_size(at.screen._table.capacity) < 100
        await at.press("G")
        await at.board.shows("Company 199")
        assert (len(at.names), at.here) == (window_size(at.screen._table.capacity), "Company 199")
        assert "200 of 200" in at.board.lines[-1]
        await at.press("pageup", "g")
        await at.board.shows("Company 000")


async def test_what_is_looked_for_is_found_as_it_is_typed_in_both_tabs(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.board.at_once("slash", "g", "l", "o")
        await at.lists("Globex")
        assert "[Companies 1]  Contacts 1" in at.board.text
        await at.press("enter", "tab")
        await at.lists("Cene Zupan")
        await at.press("escape")
        await at.board.until(lambda: len(at.names) == 5)
        assert at.here == "Cene Zupan"
        await at.press("slash")
        await at.board.type("zzz")
        await at.board.shows("no contact has these words; esc shows all again")


async def test_the_cursor_stays_with_its_record_when_others_come_before_it(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.go_to("Globex")
        filled.add(company="Aardvark")
        await at.lists("Aardvark", "Acme", "Acme d.o.o.", "Globex", "Hooli")
        assert at.here == "Globex"
        merging.edit_company(filled.context, "Globex", "Zenith")
        await at.lists("Aardvark", "Acme", "Acme d.o.o.", "Hooli", "Zenith")
        assert at.here == "Zenith"


async def test_an_empty_workspace_says_where_companies_come_from(shop: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.board.shows("no deal names a company yet; n adds a deal")
        await at.press("enter", "e", "space", "M", "y", "G")
        await at.board.tells("there is nothing here")


async def test_a_rep_sees_those_of_his_own_deals_and_cannot_change_what_others_share(filled: Shop, show: Show) -> None:
    filled.rep("bor")
    filled.add("Renewal", company="Acme", contact="Ana Novak", email="ana@acme.example", owner="bor", amount=100)
    async with seen(show, user="bor") as at:
        await at.lists("Acme")
        assert at.row("Acme ") == ["Acme", "1", "€1", "21", "Nov"]
        await at.press("e")
        await at.opens("RecordForm")
        await at.board.type(" Ltd")
        await at.press("enter")
        await at.board.tells("others have deals with Acme too; a manager can change it")
        opened = await at.open("Acme")
        assert [deal.title for deal in opened.looked.sheet.deals] == ["Renewal"]
        assert "Bor Kos" not in at.board.text
    assert companies(filled) == ["Acme", "Acme d.o.o.", "Globex", "Hooli"]


# What keys do to them


async def test_e_renames_a_company_on_all_its_deals_and_u_takes_it_back(filled: Shop, show: Show) -> None:
    async with seen(show) as at:
        await at.press("e")
        await at.opens("RecordForm")
        assert "Edit the company  changes 4 deals" in at.board.text
        await at.board.type(" Group")
        await at.press("enter")
        await at.board.tells("4 deals corrected; u takes it back")
        await at.lists("Acme d.o.o.", "Acme Group", "Globex", "Hooli")
        assert at.here == "Acme Group"
        await at.press("u")
        await at.lists("Acme", "Acme d.o.o.", "Globex", "Hooli")
        await at.press("U")
        await at.lists("Acme d.o.o.", "Acme Group", "Globex", "Hooli")
        assert {filled.deal(number).company for number in (1, 2, 3, 4)} == {"Acme Group"}


async def test_a_name_that_another_company_has_is_refused(filled: Shop, show: Show) -> None:
    before = filled.rows()
    async with seen(show) as at:
        await at.press("e")
        await at.opens("RecordForm")
        await at.board.type(" d.o.o.")
        await at.press("ctrl+s")
        await at.board.tells('there is a company "Acme d.o.o." already')
    assert filled.rows() == before


async def test_e_corrects_name_e_mail_and_phone_of_a_contact(filled: Shop, show: Show) -> None:
    async with seen(show, kind=Kind.CONTACT) as at:
        await at.go_to("Cene Zupan")
        await at.press("e")
        await at.opens("RecordForm")
        await at.board.type(" ml.")
        await at.press("enter")
        await at.board.type("cene")
        await at.press("ctrl+s")
        await at.board.shows('e-mail: "cene" is no e-mail address')
        assert at.board.dialog == "RecordForm"
        await at.board.type("@globex.example")
        await at.press("enter", "enter")
        await at.opens("")
        await at.board.until(lambda: filled.deal(6).email == "cene@globex.example")
        assert (filled.deal(6).contact, filled.deal(6).phone) == ("Cene Zupan ml.", "031 987 654")
        assert at.here == "Cene Zupan ml."


async def test_a_form_that_is_left_changes_nothing(filled: Shop, show: Show) -> None:
    before = filled.rows()
    async with seen(show) as at:
        await at.press("e")
        await at.opens("RecordForm")
        await at.board.type("x")
        await at.press("escape")
        await at.opens("")
    assert filled.rows() == before


async def test_n_adds_a_deal_of_the_company_or_contact_under_the_cursor(filled: Shop, show: Show) -> None:
    async with seen(show, kind=Kind.CONTACT) as at:
        await at.go_to("Cene Zupan")
        await at.press("n")
        await at.opens("DealForm")
        await at.board.type("Second order")
        for name, text in (("source", "web"), ("expected_close", "+3d")):
            at.board.app.screen.set_focus(at.board.app.screen.query_one(f"#field-{name} Input"))
            await at.board.type(text)
        await at.press("ctrl+s")
        await at.opens("")
        added = filled.deal(8)
        assert (added.title, added.contact, added.phone, added.company) == (
            "Second order", "Cene Zupan", "031 987 654", "Globex",
        )  # fmt: skip
        await at.board.until(lambda: at.screen.state.tab.line.figures.deals == 2)


async def test_y_copies_what_is_copied_most_first(filled: Shop, show: Show) -> None:
    async with seen(show, kind=Kind.CONTACT) as at:
        await at.go_to("Ana Novak")
        await at.press("y", "1")
        await at.board.tells("copied: ana@acme.example")
        assert at.board.app.clipboard == "ana@acme.example"
        await at.press("y", "3")
        await at.board.tells("copied: Ana Novak")


# Going about


@pytest.mark.parametrize("keys", [("1",), ("escape",), ("space", "escape", "escape")])
async def test_1_and_escape_go_back_to_the_board(filled: Shop, show: Show, keys: tuple[str, ...]) -> None:
    async with seen(show) as at:
        await at.press(*keys)
        await at.board.opens("")


async def test_1_goes_back_to_the_board_from_over_the_list_too(filled: Shop, show: Show) -> None:
    async with show() as board:
        await board.press("2")
        await board.opens("ListScreen")
        screen = RecordsScreen(board.app.worker, board.app.worker.context, board.app.look)
        await board.app.push_screen(screen)
        await board.until(lambda: screen.state.loaded)
        await board.press("1")
        await board.opens("")


async def test_a_click_chooses_a_second_one_opens_and_the_wheel_scrolls(filled: Shop, show: Show) -> None:
    for number in range(60):
        filled.add(company=f"Zenith {number:02}")
    async with seen(show, (80, 24)) as at:
        await at.board.pilot.click("#table", offset=(6, 3))
        assert at.here == "Globex"
        at.screen._table.post_message(at.screen._table.Scrolled(9))
        await at.board.until(lambda: at.screen.state.tab.top == 9)
        await at.board.pilot.click("#tabs", offset=(18, 0))
        await at.board.until(lambda: at.here == "office@hooli.example")
        await at.board.pilot.click("#table", offset=(6, 1))
        await at.opens("OpenedRecord")


@pytest.mark.parametrize(
    ("actions", "screen"), [(RECORDS, RecordsScreen), (RECORD, OpenedRecord)], ids=["list", "opened"]
)
def test_every_key_stands_for_one_action_and_every_action_has_a_method(
    actions: tuple[Action, ...], screen: type[DealScreen]
) -> None:
    keys = Counter(key for action in actions for key in action.keys.split(","))
    ids = Counter(action.id for action in actions)
    assert [one for one, times in (keys + ids).items() if times > 1] == []
    for action in actions:
        owner = FunnelApp if action.id.startswith("app.") else screen
        assert callable(getattr(owner, f"action_{action.name}")), action


async def test_help_lists_the_keys_of_companies_and_contacts(filled: Shop, show: Show) -> None:
    async with seen(show, (120, 60)) as at:
        await at.press("question_mark")
        await at.opens("Help")
        for action in RECORDS:
            assert action.help in at.board.text


# What else may stand in a name or on a terminal


@pytest.mark.parametrize("text", [*MARKUP, *CONTROLS, *WIDE])
async def test_no_name_harms_the_screen(shop: Shop, show: Show, text: str) -> None:
    shop.add(company=text, contact=text), shop.add(company=f"{text} Ltd", contact=text)
    async with seen(show, (80, 24)) as at:
        for keys in (("j", "enter"), ("e",), ("escape", "escape", "space", "g", "M"), ("escape", "equals_sign"),
                     ("escape", "e"), ("escape", "tab"), ("enter",)):  # fmt: skip
            await at.press(*keys)
            await at.board.pilot.pause()
            assert harmless(at.board), at.board.text


@pytest.mark.parametrize("theme", ["night", "terminal", "mono"])
async def test_they_are_seen_at_any_size_with_any_theme(filled: Shop, show: Show, theme: str) -> None:
    async with seen(show, (80, 24), theme=theme) as at:
        for keys in ((), ("tab",), ("enter",), ("G",)):
            await at.press(*keys)
            for size in ((1, 1), (39, 9), (40, 10), (60, 15), (110, 30), (300, 80), (80, 24)):
                await at.board.pilot.resize_terminal(*size)
                assert len(at.board.lines) == size[1]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_columns_fill_the_width_and_the_name_and_the_won_amounts_stay_longest(kind: Kind, width: int) -> None:
    columns = columns_for(kind, width)
    assert 3 + sum(cells for _, cells in columns) + 2 * (len(columns) - 1) <= width
    assert columns[0][0].heading == "name"
    assert len(columns) == 1 or "won" in [column.heading for column, _ in columns]


def test_unlike_currencies_stand_side_by_side_and_dots_for_those_without_room() -> None:
    amounts = (("EUR", 1_250_000), ("PLN", 4_000_000), ("USD", 70_000))
    assert sums(amounts) == sums(amounts, 40) == "€12,500 + 40,000 PLN + $700"
    assert sums(amounts, 24) == "€12.5k + 40k PLN + $700"
    assert sums(amounts, 20) == "€12.5k + 40k PLN + …"
    assert sums(amounts, 10) == "€12.5k + …"
    assert sums_in_lines(amounts, 24) == ["€12,500 + 40,000 PLN +", "$700"]
    assert (sums(()), sums_in_lines((), 9)) == ("", [])
