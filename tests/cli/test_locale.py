"""The settings locale, week_start and fiscal_year_start in the commands: what people read and type; JSON stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui import paths

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Shop

ADDED = ("add", "Northwind", "--source", "web")


@pytest.fixture
def chosen() -> Callable[[str], Path]:
    """Give a function that writes the config file."""

    def write(text: str) -> Path:
        path = paths.config_file()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_amounts_and_dates_are_shown_by_the_locale(shop: Shop, chosen: Callable[[str], Path]) -> None:
    chosen('locale = "sl-SI"\n')
    shop.ok(*ADDED, "--close", "15. december", "--amount", "12500,50")
    shown = shop.ok("show", "1").out
    assert "tor 15. dec" in shown
    assert "12.500,50 €" in shown


def test_a_typed_amount_is_read_by_the_locale(shop: Shop, chosen: Callable[[str], Path]) -> None:
    chosen('locale = "sl-SI"\n')
    added = shop.ok(*ADDED, "--close", "fri", "--amount", "1.234k", "--json").json
    assert added["amount"] == "1234000.00"


def test_json_is_the_same_in_every_locale_sentences_included(shop: Shop, chosen: Callable[[str], Path]) -> None:
    shop.ok(*ADDED, "--close", "2026-12-15", "--amount", "12500")
    shop.ok("edit", "1", "--amount", "13000.50", "--close", "2026-12-16")
    asked = [("list",), ("show", "1"), ("history",), ("funnel",), ("today",)]
    before = [shop.ok(*one, "--json").out for one in asked]
    chosen('locale = "sl-SI"\n')
    assert [shop.ok(*one, "--json").out for one in asked] == before
    assert "13.000,50 €" in shop.ok("show", "1").out


def test_what_is_shown_to_one_user_is_not_kept(shop: Shop, chosen: Callable[[str], Path]) -> None:
    file = chosen('locale = "sl-SI"\n')
    shop.ok(*ADDED, "--close", "15. dec", "--amount", "1,5m")
    file.unlink()
    assert "€1,500,000" in shop.ok("show", "1").out


def test_an_unknown_locale_is_told_with_its_line_and_ignored(shop: Shop, chosen: Callable[[str], Path]) -> None:
    chosen('# mine\nlocale = "xx-YY"\n')
    done = shop.ok(*ADDED, "--close", "2026-12-15", "--amount", "12,500")
    assert done.err.startswith('warning: ~/funneltui/config.toml, line 2: locale is "xx-YY"; expected a language')
    assert "€12,500" in shop.ok("show", "1").out


@pytest.mark.parametrize(("week_start", "meant"), [("mon", "2026-11-23"), ("sun", "2026-11-22"), ("sat", "2026-11-28")])
def test_next_week_begins_where_the_setting_says(
    shop: Shop, chosen: Callable[[str], Path], week_start: str, meant: str
) -> None:
    chosen(f'week_start = "{week_start}"\n')
    assert shop.ok(*ADDED, "--close", "next week", "--json").json["expected_close"] == meant


def test_the_year_ends_with_the_fiscal_year(shop: Shop, chosen: Callable[[str], Path]) -> None:
    chosen("fiscal_year_start = 4\n")
    assert shop.ok(*ADDED, "--close", "eoy", "--json").json["expected_close"] == "2027-03-31"
