"""Commands that print figures: stats, losses, changes, the funnel by groups and as of a moment, the list as it stood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop


@pytest.fixture
def told(shop: Shop, deal: Callable[..., int]) -> Shop:
    """Give the command line on four deals: one open, one moved on, one won, one lost."""
    deal("Northwind", "--amount", "1000"), deal("Globex", "--amount", "2000"), deal("Initech", "--amount", "500.50")
    deal("Hooli", "--amount", "80", "--source", "phone")
    shop.ok("move", "2", "acquisition", "--detail", "call")
    shop.ok("win", "3")
    shop.ok("lose", "4", "--reason", "price")
    return shop


def test_stats_are_told_by_name_in_a_pipe(told: Shop) -> None:
    rows = {row[0]: row[1:] for row in told.ok("stats").rows}
    assert rows["open"] == ["2", "€3,000"]
    assert rows["won"] == ["1", "€500.50"]
    assert rows["win rate of closed"] == ["50.00%", "n 2"]
    assert rows["win rate of created"] == ["25.00%", "n 4"]
    assert rows["empty"] == ["offered"]


def test_stats_as_json_have_the_names_that_scripts_rely_on(told: Shop) -> None:
    found = told.ok("stats", "--json").json
    assert (found["open"], found["created"], found["rotting"], found["velocity_per_day"]) == (2, 4, 0, None)
    assert found["won"] == {"count": 1, "amount": "500.50"}
    assert found["win_rate"] == {"closed": 0.5, "n_closed": 2, "created": 0.25, "n_created": 4}
    assert found["deal_size"] == {"mean": "500.50", "median": "500.50", "n": 1}
    assert found["cycle_days"]["closed"] == {"mean": 0.0, "median": 0.0, "n": 2}
    assert set(found["time_in_stage"]) == {"waiting", "acquisition", "offered"}
    assert found["time_in_stage"]["waiting"].keys() >= {"mean_days", "median_days", "n"}


@pytest.mark.parametrize(("by", "keys"), [
    ("owner", ["ana"]), ("source", ["web", "phone"]), ("company", [None]), ("tag", [None]), ("month", ["2026-11"]),
])  # fmt: skip
def test_stats_by_something_are_groups_with_their_keys(told: Shop, by: str, keys: list[str]) -> None:
    found = told.ok("stats", "--by", by, "--json").json
    assert [group["key"] for group in found["groups"]] == keys
    assert sum(group["open"] for group in found["groups"]) == found["open"] == 2


def test_a_reps_way_through_the_stages_is_told_on_request(told: Shop) -> None:
    group = told.ok("stats", "--by", "owner", "--stages", "--json").json["groups"][0]
    assert [(row["stage"], row["reached"], row["step_rate"]) for row in group["stages"]] == [
        ("waiting", 4, 0.5), ("acquisition", 2, 0.5), ("offered", 1, 1.0),
    ]  # fmt: skip
    assert ["stages", "ana", "4", "50%", "2", "50%", "1", "100%"] in told.ok("stats", "--by", "owner", "--stages").rows


def test_stages_without_groups_are_not_written_so(told: Shop) -> None:
    assert told("stats", "--stages").status == 2


@pytest.mark.parametrize("options", [["stats"], ["stats", "--by", "month", "--stages"], ["losses"],
                                     ["changes", "--since", "yesterday"]])  # fmt: skip
def test_tables_fit_a_terminal_of_eighty_columns(
    told: Shop, terminal: Callable[[int], None], options: list[str]
) -> None:
    terminal(80)
    out = told.ok(*options).out
    assert out.startswith("Sales, ")
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in out.splitlines()) <= 80
    assert "…" not in out


def test_a_filter_and_a_period_narrow_the_figures(told: Shop) -> None:
    assert told.ok("stats", "source:phone", "--json").json["created"] == 1
    assert told.ok("stats", "--until", "yesterday", "--json").json["created"] == 0
    assert told.ok("stats", "--since", "today", "--json").json["lost"]["count"] == 1


def test_a_period_that_ends_before_it_begins_is_refused(told: Shop) -> None:
    assert told("stats", "--since", "today", "--until", "yesterday").status == 1


def test_losses_are_told_by_reason_stage_owner_source_and_amount(told: Shop) -> None:
    assert told.ok("losses").rows == [
        ["reason", "too expensive", "1", "100%", "€80"],
        ["stage", "Waiting", "1", "100%", "€80"],
        ["owner", "ana", "1", "100%", "€80"],
        ["source", "phone", "1", "100%", "€80"],
        ["amount", "€0 to under €100", "1", "100%", "€80"],
    ]
    found = told.ok("losses", "--json").json
    assert (found["count"], found["amount"], found["by_reason"][0]["key"]) == (1, "80.00", "price")


def test_changes_as_json_list_the_numbers_and_tie_the_sums_together(told: Shop) -> None:
    found = told.ok("changes", "--since", "yesterday", "--json").json
    assert (found["since"], found["opening"], found["closing"]) == (
        "2026-11-20", {"count": 0, "amount": "0.00"}, {"count": 2, "amount": "3000.00"},
    )  # fmt: skip
    assert (found["new"], found["won"], found["lost"], found["advanced"]) == ([1, 2, 3, 4], [3], [4], [])
    assert found["sums"][0]["terms"] == {
        "new": {"count": 4, "amount": "3580.50"},
        "won": {"count": -1, "amount": "-500.50"},
        "lost": {"count": -1, "amount": "-80.00"},
    }


def test_changes_on_a_terminal_say_how_far_the_new_ones_have_got(told: Shop, terminal: Callable[[int], None]) -> None:
    terminal(100)
    out = told.ok("changes", "--since", "yesterday").out
    assert "new, 4: now 1 in Waiting, 1 in In acquisition, 1 in Acquired, 1 in Resigned" in out
    assert "too expensive" not in out


def test_changes_in_a_pipe_are_a_line_a_deal_and_the_sum(told: Shop) -> None:
    rows = told.ok("changes", "--since", "yesterday").rows
    assert ["won", "3", "Initech", "Acquired", "€500.50", ""] in rows
    assert [row for row in rows if row[0] == "sum"] == [
        ["sum", "EUR", "opening", "0", "€0"],
        ["sum", "EUR", "new", "+4", "+€3,580.50"],
        ["sum", "EUR", "won", "-1", "-€500.50"],
        ["sum", "EUR", "lost", "-1", "-€80"],
        ["sum", "EUR", "closing", "2", "€3,000"],
    ]


def test_without_a_review_changes_since_the_last_one_are_refused(told: Shop) -> None:
    done = told("changes", "--since", "last review")
    assert (done.status, "no review yet" in done.err) == (1, True)


def test_the_list_is_told_as_it_stood(told: Shop) -> None:
    assert told.ok("list", "--as-of", "yesterday", "--json").json == []
    now = NOW.isoformat()
    assert told.ok("list", "--as-of", now, "--json").json == told.ok("list", "--json").json
    listed = told.ok("list", "stage:waiting", "--as-of", "today", "--sort", "-amount", "--columns", "number,age").rows
    assert listed == [["1", "0"]]


def test_the_list_as_of_a_moment_can_be_cut_and_seen_as_a_view(told: Shop) -> None:
    assert [row[0] for row in told.ok("list", "--as-of", "today", "--limit", "2").rows] == ["1", "2"]
    assert told("list", "--as-of", "today", "--view", "mine").status == 1


def test_the_funnel_is_told_as_it_stood_and_by_groups(told: Shop) -> None:
    assert told.ok("funnel", "--as-of", "yesterday", "--json").json["entered"] == 0
    now = told.ok("funnel", "--json").json
    then = told.ok("funnel", "--as-of", "today", "--json").json
    assert {name: then[name] for name in now} == now
    found = told.ok("funnel", "--by", "source", "--mode", "conversion", "--json").json
    assert [(one["key"], one["entered"]) for one in found["groups"]] == [("web", 3), ("phone", 1)]
    assert ["phone", "lost", "1", "€80"] in told.ok("funnel", "--by", "source").rows


def test_the_bars_of_the_funnel_stand_for_what_is_shown(told: Shop, terminal: Callable[[int], None]) -> None:
    terminal(100)
    bars = {}
    for show in ("count", "value", "weighted"):
        lines = told.ok("funnel", "--show", show).out.splitlines()
        bars[show] = [sum(sign in "█#" for sign in line) for line in lines[2:7]]
    assert bars == {"count": [24, 24, 0, 24, 24], "value": [12, 24, 0, 6, 1], "weighted": [4, 24, 0, 20, 0]}
    assert told("funnel", "--show", "value", "--mode", "conversion").status == 2


def test_a_groups_mean_says_of_how_many_it_is_where_that_is_not_of_all_that_were_won(
    told: Shop, terminal: Callable[[int], None]
) -> None:
    terminal(80)
    assert " n " not in told.ok("stats", "--by", "owner").out
    told.ok("add", "Yen", "--source", "web", "--close", "2026-12-15", "--amount", "9000", "--currency", "JPY")
    told.ok("win", "5")
    out = told.ok("stats", "--by", "owner").out
    assert "€500.50 n 1" in out
    assert "d to win" in out
    assert max(len(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in out.splitlines()) <= 80


def test_the_funnel_tells_what_was_won_in_other_currencies(told: Shop, terminal: Callable[[int], None]) -> None:
    told.ok("add", "Yen", "--source", "web", "--close", "2026-12-15", "--amount", "9000", "--currency", "JPY")
    told.ok("win", "5")
    assert told.ok("funnel", "--json").json["won_others"] == [{"currency": "JPY", "count": 1, "amount": "9000"}]
    assert told.ok("funnel").rows[-1] == ["not added won", "1", "¥9,000"]
    terminal(80)
    for mode in ("standard", "conversion"):
        assert "not added up: 1 won in JPY, ¥9,000" in told.ok("funnel", "--mode", mode).out
