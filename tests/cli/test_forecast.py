"""Forecasts, quotas and rates from the command line: text, JSON, the deals behind as a file, and what is refused."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Shop


@pytest.fixture
def sold(everywhere: Shop) -> Shop:
    """Give a workspace of Saturday, 21 November 2026: bo has won 4,000 and has 1,000 open, ana has $500 open."""
    everywhere.ok("users", "add", "bo")
    for title, owner, amount, currency in (
        ("won", "bo", "4000", "EUR"), ("open", "bo", "1000", "EUR"), ("=dollars", "ana", "500", "USD"),
    ):  # fmt: skip
        everywhere.ok(
            "add", title, "--source", "web", "--close", "2026-11-28", "--amount", amount, "--currency", currency,
            "--owner", owner,
        )  # fmt: skip
    everywhere.ok("win", "1")
    everywhere.ok("quota", "set", "bo", "this month", "9k")
    return everywhere


def test_the_json_of_a_forecast_has_the_fixed_names(sold: Shop) -> None:
    told = sold.ok("forecast", "--json").json
    assert told["currency"] == "EUR"
    ana, bo = told["rows"]
    fixed = {name: bo[name] for name in ("period", "owner", "quota", "won", "gap", "pipeline", "weighted", "coverage",
                                         "needed_deals")}  # fmt: skip
    assert fixed == {
        "period": "2026-11", "owner": "bo", "quota": "9000.00", "won": "4000.00", "gap": "5000.00", "pipeline": "1000.00",
        "weighted": "100.00", "coverage": 0.2, "needed_deals": 2,
    }  # fmt: skip
    assert (ana["owner"], ana["quota"], ana["gap"], ana["coverage"], ana["needed_deals"]) == (
        "ana",
        None,
        None,
        None,
        None,
    )
    assert (told["total"]["owner"], told["total"]["quota"], told["total"]["won"]) == ("team", "9000.00", "4000.00")
    assert [other["currency"] for other in told["others"]] == ["USD"]


def test_a_pipe_gets_lines_and_what_could_not_be_added_up(sold: Shop) -> None:
    assert sold.ok("forecast").rows == [
        ["2026-11", "ana", "", "€0", "", "€0", "€0", "€0", "€0", "", "", ""],
        ["2026-11", "bo", "€9,000", "€4,000", "€5,000", "€1,000", "€100", "€0", "€0", "0.2x", "2", "63%"],
        ["2026-11", "team", "€9,000", "€4,000", "€5,000", "€1,000", "€100", "€0", "€0", "0.2x", "2", "63%"],
        ["not added", "USD", "$0", "$0", "", "$500", "$50"],
    ]


def test_a_rate_adds_the_other_currency_up_and_is_told_with_its_date(sold: Shop) -> None:
    assert sold.ok("rate", "add", "usd", "eur", "0,92", "--on", "1.11.").out == "1 USD = 0.92 EUR from 2026-11-01 on\n"
    *_, team, rate = sold.ok("forecast").rows
    assert team[5] == "€1,460"
    assert rate == ["rate", "1 USD = 0.92 EUR of 2026-11-01", "2026-11"]
    assert sold.ok("forecast", "--unconverted").rows[-1][:2] == ["not added", "USD"]
    dollars = sold.ok("forecast", "--currency", "usd", "--json").json
    assert (dollars["currency"], dollars["total"]["won"]) == ("USD", "4347.83")
    assert dollars["rates"][0]["inverse"] is True


def test_a_range_has_lines_by_period_and_a_total(sold: Shop) -> None:
    sold.ok("quota", "set", "bo", "2026-12", "7000")
    rows = sold.ok("forecast", "--until", "next month", "--owner", "bo").rows
    assert [row[:5] for row in rows] == [
        ["2026-11", "bo", "€9,000", "€4,000", "€5,000"], ["2026-12", "bo", "€7,000", "€0", ""],
        ["total", "bo", "€16,000", "€4,000", "€12,000"],
    ]  # fmt: skip


@pytest.mark.parametrize(("period", "label"), [("quarter", "2026 Q4"), ("year", "2026")])
def test_longer_periods_have_the_sum_of_the_months_quotas(sold: Shop, period: str, label: str) -> None:
    row = sold.ok("forecast", "--period", period, "--owner", "bo", "--json").json["rows"][0]
    assert (row["period"], row["quota"], row["won"], row["quota_parts"]["set"]) == (label, "9000.00", "4000.00", 1)


def test_the_fiscal_year_begins_where_the_settings_say(sold: Shop) -> None:
    sold.ok("config", "set", "fiscal_year_start", "4")
    assert sold.ok("forecast", "--period", "quarter").rows[0][0] == "FY2027 Q3"
    assert sold.ok("quota", "set", "bo", "FY2027 Q3", "1k").out == "bo, FY2027 Q3: €1,000\n"


def test_a_terminal_gets_a_table_that_fits_with_n_and_revisions_beside_it(
    sold: Shop, terminal: Callable[[int], None]
) -> None:
    sold.ok("quota", "set", "bo", "this month", "10k")
    terminal(80)
    out = sold.ok("forecast").out
    assert max(len(re.sub(r"\x1b\[[0-9]*m", "", line)) for line in out.splitlines()) <= 80
    assert "Forecast, 2026-11, EUR" in out
    assert "deals in the period: 1 won, 1 open" in out
    assert "needed: gap / (€4,000 on average x 100% won), here of 1 won and 1 closed deals" in out
    assert "bo, 2026-11: the quota was €9,000, is €10,000 by ana" in out
    assert "not added up: 1 open, $500" in out


def test_the_deals_behind_are_exported_harmless_for_a_spreadsheet(sold: Shop, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    done = sold.ok("forecast", "--export", str(path))
    assert done.err == f"3 deals are in {path}\n"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["title"], row["category"], row["amount"], row["currency"]) for row in rows] == [
        ("won", "closed", "4000.00", "EUR"), ("open", "pipeline", "1000.00", "EUR"),
        ("'=dollars", "pipeline", "500.00", "USD"),
    ]  # fmt: skip
    assert [(row["chance_percent"], row["weighted"]) for row in rows] == [
        ("", "4000.00"),
        ("10", "100.00"),
        ("10", "50.00"),
    ]


def test_the_deals_behind_are_never_written_over_another_file_without_force(sold: Shop, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("mine", encoding="utf-8")
    done = sold("forecast", "--export", str(path))
    assert (done.status, done.out, "--force" in done.err) == (1, "", True)
    assert path.read_text(encoding="utf-8") == "mine"
    sold.ok("forecast", "--export", str(path), "--force")
    assert "mine" not in path.read_text(encoding="utf-8")


def test_a_forecast_stands_as_it_did_on_another_day(sold: Shop) -> None:
    assert sold.ok("forecast", "--as-of", "today").out == sold.ok("forecast").out
    before = sold.ok("forecast", "--as-of", "20.10.", "--json").json
    assert (before["on"], before["rows"], before["total"]["period"]) == ("2026-10-20", [], "2026-10")


def test_a_category_chooses_open_deals(sold: Shop) -> None:
    sold.ok("edit", "2", "--probability", "80")
    commit = sold.ok("forecast", "--category", "commit", "--json").json["total"]
    pipeline = sold.ok("forecast", "--category", "pipeline", "--json").json["total"]
    assert (commit["pipeline"], pipeline["pipeline"], commit["gap"], pipeline["gap"]) == (
        "1000.00", "0.00", "5000.00", "5000.00",
    )  # fmt: skip


def test_quotas_are_listed_with_what_they_were(sold: Shop) -> None:
    sold.ok("quota", "set", "bo", "this month", "10k")
    sold.ok("quota", "set", "team", "2026 Q4", "80k")
    assert sold.ok("quota").rows == [
        ["team", "2026 Q4", "€80,000", "", "", "ana", "2026-11-21"],
        ["bo", "2026-11", "€10,000", "€9,000", "", "ana", "2026-11-21"],
    ]
    assert [row[2] for row in sold.ok("quota", "history", "bo").rows] == ["€9,000", "€10,000"]
    assert sold.ok("quota", "history", "bo", "2026-11", "--json").json[-1]["before"]["amount"] == "9000.00"
    assert sold.ok("quota", "set", "bo", "2026-11", "none").out == "bo, 2026-11: none, was €10,000\n"
    assert [row[0] for row in sold.ok("quota").rows] == ["team"]


def test_a_rep_sees_his_own_and_sets_nothing(sold: Shop) -> None:
    sold.ok("quota", "set", "team", "this month", "80k")
    assert [row[1] for row in sold.ok("forecast", user="bo").rows] == ["bo"]
    assert [row[0] for row in sold.ok("quota", user="bo").rows] == ["bo"]
    for refused in (
        ["quota", "set", "bo", "2026", "1"],
        ["rate", "add", "USD", "EUR", "1"],
        ["forecast", "--owner", "ana"],
    ):
        assert sold(*refused, user="bo").status == 1


def test_rates_come_from_a_file_once(sold: Shop, tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("from,to,rate,date\nUSD,EUR,0.9,2026-11-01\nPLN,EUR,0.23,2026-11-01\n")
    assert sold.ok("rate", "import", str(path)).out == "2 rates entered, 0 were known already\n"
    assert sold.ok("rate", "import", str(path)).out == "0 rates entered, 2 were known already\n"
    assert sold.ok("rate").rows == [
        ["USD", "EUR", "0.9", "2026-11-01", "ana"], ["PLN", "EUR", "0.23", "2026-11-01", "ana"],
    ]  # fmt: skip
    assert [one["rate"] for one in sold.ok("rate", "list", "--currency", "pln", "--json").json] == ["0.23"]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (["forecast", "--from", "soon"], "as a period"),
        (["forecast", "--from", "2027", "--until", "2026"], "before it begins"),
        (["forecast", "--currency", "EURO"], "no currency"), (["forecast", "--pipeline", "x"], "no pipeline"),
        (["forecast", "--owner", "zoe"], "no user"), (["quota", "set", "zoe", "2026", "1"], "no user"),
        (["quota", "set", "bo", "2026", "-1"], "negative"), (["rate", "add", "EUR", "EUR", "1"], "two currencies"),
        (["rate", "add", "USD", "EUR", "0"], "nought"), (["rate", "import", "nowhere.csv"], "cannot read"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_why(sold: Shop, command: list[str], why: str) -> None:
    if command[-1] == "-1":
        command = [*command[:-1], "--", "-1"]
    done = sold(*command)
    assert (done.status, why in done.err) == (1, True), done.err


def test_what_is_not_added_up_says_for_which_periods_and_names_the_rate_that_would(
    sold: Shop, terminal: Callable[[int], None]
) -> None:
    sold.ok("edit", "3", "--close", "2026-10-05")
    sold.ok("rate", "add", "USD", "EUR", "0.92", "--on", "2026-11-01")
    months = ("--from", "2026-09", "--until", "2026-11")
    (other,) = sold.ok("forecast", *months, "--json").json["others"]
    assert (other["periods"], other["rate_needed_on"]) == (["2026-10"], "2026-10-31")
    terminal(120)
    mends = "  `rate add USD EUR RATE --on 2026-10-31` would add it up\n"
    told = sold.ok("forecast", *months).out
    assert f"not added up: 1 open, $500, for 2026-10\n{mends}" in told
    told = sold.ok("forecast", *months, "--unconverted").out
    assert "not added up: 1 open, $500, for 2026-10\n" in told
    assert mends not in told
    sold.ok("rate", "add", "USD", "EUR", "0.9", "--on", "2026-10-31")
    assert "not added up" not in sold.ok("forecast", *months).out


def test_a_total_says_of_how_many_of_its_periods_quotas_are_known(sold: Shop, terminal: Callable[[int], None]) -> None:
    months = ("--from", "2026-09", "--until", "2026-12")
    total = sold.ok("forecast", *months, "--json").json["total"]
    assert (total["quota_periods"], total["gap"]) == ({"set": 1, "of": 4}, "5000.00")
    terminal(80)
    told = sold.ok("forecast", *months).out
    assert "total: a quota is known for 1 of 4 periods; gap, coverage, needed and pace are of these" in told
    assert "total: a quota is known" not in sold.ok("forecast").out
