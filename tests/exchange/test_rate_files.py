"""Rates from CSV files: by the names of the columns, all rows or none, a mistake told with its line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.rates import Rate
from funneltui.errors import BadInput
from funneltui.exchange.rate_files import read_rates

if TYPE_CHECKING:
    from pathlib import Path


def file(folder: Path, text: str) -> Path:
    path = folder / "rates.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rates_are_read_by_the_names_of_their_columns(tmp_path: Path) -> None:
    path = file(tmp_path, "Date;Note;From;To;Rate\n2026-11-01;x;usd;EUR;0,9215\n1.11.2026;y;EUR;PLN;4.25\n")
    assert read_rates(path) == [
        Rate("USD", "EUR", date(2026, 11, 1), "0.9215"), Rate("EUR", "PLN", date(2026, 11, 1), "4.25"),
    ]  # fmt: skip


def test_a_mistake_is_told_with_its_line_and_nothing_is_given(tmp_path: Path) -> None:
    path = file(tmp_path, "from,to,rate,date\nUSD,EUR,0.9,2026-11-01\nUSD,EUR,none,2026-11-01\nUSD,USD,1,2026-11-01\n")
    with pytest.raises(BadInput, match=r"rates.csv: line 3: .*none.*; line 4: .*two currencies.*; nothing was entered"):
        read_rates(path)


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match='has no column "to"; it needs from, to, rate and date'):
        read_rates(file(tmp_path, "from,rate,date\nUSD,1,2026-11-01\n"))
