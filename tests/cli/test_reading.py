"""Commands that read: lists, today, the funnel; for people and for pipes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from funneltui import paths
from funneltui.storage.list_orders import ListSort

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop


def numbers(shop: Shop, *words: str) -> list[int]:
    return [one["number"] for one in shop.ok("list", *words, "--json").json]


def test_a_list_in_a_pipe_is_tab_separated_without_heading_or_colour(shop: Shop, deal: Callable[..., int]) -> None:
    deal("Northwind", "--amount", "1250.5", "--company", "Acme")
    out = shop.ok("list").out
    assert out == "1\tNorthwind\tWaiting\t\t€1,250.50\t2026-12-15\tana\tAcme\n"


def test_a_list_on_a_terminal_has_headings_and_fits_the_width(
    shop: Shop, deal: Callable[..., int], terminal: Callable[[int], None]
) -> None:
    deal("Northwind " * 20, "--amount", "1250", "--company", "Acme " * 20)
    terminal(80)
    lines = shop.ok("list").out.splitlines()
    assert "title" in lines[0]
    assert len(lines) == 2
    assert len(lines[1]) <= 80
    assert "€1,250" in lines[1]


def test_the_rejection_reason_is_no_column_unless_asked_for(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    shop.ok("lose", "1", "--reason", "price")
    assert "expensive" not in shop.ok("list").out
    assert shop.ok("list", "--columns", "number,reason").rows == [["1", "too expensive"]]


def test_every_column_can_be_asked_for(shop: Shop, deal: Callable[..., int]) -> None:
    from funneltui.cli.deal_texts import COLUMN_NAMES

    deal()
    assert len(shop.ok("list", "--columns", ",".join(COLUMN_NAMES)).rows[0]) == len(COLUMN_NAMES)


@pytest.mark.parametrize("option", [["--columns", "nonsense"], ["--sort", "nonsense"], ["--limit", "-1"]])
def test_a_wrong_option_is_not_written_so(shop: Shop, option: list[str]) -> None:
    assert shop("list", *option).status == 2


def test_a_filter_lets_through_what_it_says(shop: Shop, deal: Callable[..., int]) -> None:
    deal("Northwind", "--amount", "900"), deal("Globex", "--amount", "5000"), deal("Initech")
    shop.ok("move", "2", "acquisition", "--detail", "call")
    assert numbers(shop, "stage:acquisition") == [2]
    assert numbers(shop, "-stage:acquisition") == [1, 3]
    assert numbers(shop, "amount>1000") == [2]
    assert numbers(shop, "northwind", "or", "initech") == [1, 3]
    assert numbers(shop, "-has:amount") == [3]


def test_a_value_with_a_blank_can_be_one_word_of_the_shell(shop: Shop, deal: Callable[..., int]) -> None:
    deal("Northwind", "--company", "Acme Works"), deal("Works", "--company", "Acme")
    assert numbers(shop, "company:Acme Works") == [1]
    assert numbers(shop, "company:acme northwind or title:works") == [1, 2]


def test_a_filter_that_cannot_be_read_is_refused_with_its_place(shop: Shop) -> None:
    done = shop("list", "stage:nonsense")
    assert done.status == 1
    assert "character 7" in done.err


def test_options_may_stand_between_the_words_of_a_filter(shop: Shop, deal: Callable[..., int]) -> None:
    deal("b"), deal("a")
    assert numbers(shop, "owner:me", "--sort", "title", "-stage:offered") == [2, 1]


@pytest.mark.parametrize("sort", list(ListSort))
def test_every_order_can_be_turned_round(everywhere: Shop, sort: ListSort) -> None:
    for title, amount, company in (("a", "1", "X"), ("b", "3", "Y"), ("c", "2", "Z")):
        everywhere.ok(
            "add", title, "--source", "web", "--close", f"+{amount}d", "--amount", amount, "--company", company
        )
    everywhere.ok("move", "2", "acquisition", "--detail", "call")
    up, down = numbers(everywhere, "--sort", sort.value), numbers(everywhere, "--sort", f"-{sort.value}")
    assert down == up[::-1]
    if sort in (ListSort.AMOUNT, ListSort.CLOSE, ListSort.DUE):
        assert up == [1, 3, 2]


def test_deals_without_the_value_come_last_both_ways(everywhere: Shop) -> None:
    for title, more in (("a", []), ("b", ["--amount", "5"]), ("c", ["--amount", "7"])):
        everywhere.ok("add", title, "--source", "web", "--close", "fri", *more)
    assert numbers(everywhere, "--sort", "amount") == [2, 3, 1]
    assert numbers(everywhere, "--sort", "-amount") == [3, 2, 1]


def test_a_limit_takes_the_first_of_the_order(shop: Shop, deal: Callable[..., int]) -> None:
    deal("a"), deal("b"), deal("c")
    assert numbers(shop, "--sort", "-number", "--limit", "2") == [3, 2]


def test_stages_sort_as_the_board_shows_them(shop: Shop, deal: Callable[..., int]) -> None:
    deal("a"), deal("b"), deal("c"), deal("d")
    shop.ok("lose", "1", "--reason", "price")
    shop.ok("win", "2")
    shop.ok("move", "3", "acquisition", "--detail", "call")
    assert numbers(shop, "--sort", "stage") == [4, 3, 2, 1]


def test_show_tells_fields_stays_and_history(shop: Shop, deal: Callable[..., int]) -> None:
    deal("Northwind", "--amount", "1250", "--notes", "first\nsecond")
    shop.ok("move", "1", "acquisition", "--detail", "call")
    out = shop.ok("show", "1").out
    for part in ("deal 1  Northwind", "€1,250", "In acquisition (call scheduled)", "  first\n  second\n", "moved"):
        assert part in out


def test_today_lists_what_is_late_due_and_soon(shop: Shop, deal: Callable[..., int]) -> None:
    deal("late"), deal("now"), deal("next"), deal("far")
    shop.ok("follow-up", "1", "-3d"), shop.ok("follow-up", "2", "today"), shop.ok("follow-up", "3", "+2d", "call")
    assert [row[:6] for row in shop.ok("today").rows] == [
        ["1", "late", "2026-11-18", "overdue", "follow_up", "-3"],
        ["2", "now", "2026-11-21", "today", "follow_up", "0"],
        ["3", "next", "2026-11-23", "soon", "follow_up", "2"],
    ]
    assert [one["number"] for one in shop.ok("today", "--days", "30", "--json").json] == [1, 2, 3, 4]
    assert shop.ok("today", "--days", "30", "--json").json[3] == {
        "number": 4, "title": "far", "due": "2026-12-15", "why": "soon", "kind": "expected_close", "days": 24,
    }  # fmt: skip


def test_today_says_when_nothing_is_due(shop: Shop, terminal: Callable[[], None]) -> None:
    assert shop.ok("today").out == ""
    terminal()
    assert shop.ok("today").out == "nothing is due within 7 days\n"
    assert shop.ok("today", "--days", "1").out == "nothing is due within 1 day\n"
    assert shop.ok("today", "--days", "0").out == "nothing is due today\n"


def test_today_reaches_as_far_as_the_setting_of_the_board_s_pane(shop: Shop, deal: Callable[..., int]) -> None:
    deal("next"), deal("far")
    shop.ok("follow-up", "1", "+2d")
    file = paths.config_file()
    file.parent.mkdir(parents=True)
    file.write_text("[panes]\ntoday_days = 1\n", encoding="utf-8")
    assert shop.ok("today").out == ""
    assert [row[1] for row in shop.ok("today", "--days", "2").rows] == ["next"]
    file.write_text("[panes]\ntoday_days = 30\n", encoding="utf-8")
    assert [row[1] for row in shop.ok("today").rows] == ["next", "far"]


def funnel_of_the_example(shop: Shop) -> None:
    """Ten open deals and three won ones: the example of the field's own words (A2, A3)."""
    for place in range(13):
        shop.ok("add", f"deal {place}", "--source", "web", "--close", "eoy", "--amount", "100")
    shop.ok("win", "1"), shop.ok("win", "2"), shop.ok("win", "3")
    shop.ok("move", "4", "5", "acquisition", "--detail", "call")


def test_the_standard_funnel_shows_where_deals_stand(shop: Shop) -> None:
    funnel_of_the_example(shop)
    funnel = shop.ok("funnel", "--json").json
    assert [(row["stage"], row["count"], row["amount"]) for row in funnel["stages"]] == [
        ("waiting", 8, "800.00"), ("acquisition", 2, "200.00"), ("offered", 0, "0.00"),
    ]  # fmt: skip
    assert funnel["won"] == {"count": 3, "amount": "300.00"}


def test_the_conversion_funnel_sums_what_went_through(shop: Shop) -> None:
    funnel_of_the_example(shop)
    funnel = shop.ok("funnel", "--mode", "conversion", "--json").json
    first = funnel["stages"][0]
    assert (first["reached"], first["open"], first["won"], first["lost"]) == (13, 10, 3, 0)
    assert funnel["entered"] == 13
    assert funnel["overall_rate"] == pytest.approx(3 / 13)


def test_the_funnel_of_a_filter_counts_its_deals_only(shop: Shop, deal: Callable[..., int]) -> None:
    deal("a", "--tags", "x"), deal("b")
    assert shop.ok("funnel", "tag:x", "--json").json["entered"] == 1


def test_the_funnel_never_adds_up_unlike_currencies(shop: Shop, deal: Callable[..., int]) -> None:
    deal("a", "--amount", "100"), deal("b", "--amount", "70", "--currency", "USD")
    funnel = shop.ok("funnel", "--json").json
    assert (funnel["stages"][0]["count"], funnel["stages"][0]["amount"]) == (2, "100.00")
    assert funnel["others"] == [{"currency": "USD", "count": 1, "amount": "70.00"}]
    assert shop.ok("funnel", "--currency", "usd", "--json").json["stages"][0]["amount"] == "70.00"
    assert shop("funnel", "--currency", "XYZ").status == 1


def test_the_funnel_in_a_pipe_is_plain_lines(shop: Shop) -> None:
    funnel_of_the_example(shop)
    rows = shop.ok("funnel", "--mode", "conversion").rows
    assert rows[0] == ["Waiting", "8", "€800", "€80", "13", "10", "3", "0", "38%"]
    assert rows[3:] == [["won", "3", "€300"], ["lost", "0", "€0"], ["overall", "13", "23%"]]


@pytest.mark.parametrize("mode", ["standard", "conversion", "entered"])
def test_the_funnel_is_drawn_with_bars_on_a_terminal(shop: Shop, terminal: Callable[[int], None], mode: str) -> None:
    funnel_of_the_example(shop)
    terminal(80)
    out = shop.ok("funnel", "--mode", mode).out
    assert "█" in out
    assert "3 won of 13" in out
    assert all(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) <= 80 for line in out.splitlines())


def test_no_color_is_respected(
    shop: Shop, deal: Callable[..., int], terminal: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    deal()
    terminal(80)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in shop.ok("list").out
