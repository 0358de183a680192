"""Rates are entered by managers, all or none, and every entry is kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import peewee
import pytest

from funneltui.domain.history import Role
from funneltui.domain.rates import Rate
from funneltui.errors import BadInput, NotAllowed
from funneltui.services import people, rates
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context

JAN, FEB = date(2026, 1, 1), date(2026, 2, 1)
DOLLAR = Rate("USD", "EUR", JAN, "0.9215")


def test_a_rate_is_kept_with_its_day_exactly_as_it_was_typed(context: Context) -> None:
    rates.add_all(context, [DOLLAR])
    assert rates.entered(context) == [Rate("USD", "EUR", JAN, "0.9215", "ana", NOW)]


def test_a_corrected_rate_is_a_second_entry(context: Context) -> None:
    rates.add_all(context, [DOLLAR])
    rates.add_all(context, [Rate("USD", "EUR", JAN, "0.93")])
    assert [one.text for one in rates.entered(context)] == ["0.9215", "0.93"]


def test_what_is_known_is_not_entered_again(context: Context) -> None:
    rates.add_all(context, [DOLLAR])
    new = rates.add_all(context, [DOLLAR, Rate("USD", "EUR", FEB, "0.9215"), DOLLAR])
    assert [one.on for one in new] == [FEB]
    assert len(rates.entered(context)) == 2


def test_a_wrong_rate_among_many_leaves_all_out(context: Context) -> None:
    with pytest.raises(BadInput):
        rates.add_all(context, [DOLLAR, Rate("EUR", "EUR", JAN, "1")])
    assert rates.entered(context) == []


def test_rates_are_listed_by_currency(context: Context) -> None:
    rates.add_all(context, [DOLLAR, Rate("EUR", "PLN", JAN, "4.3")])
    assert [one.source for one in rates.entered(context, "PLN")] == ["EUR"]
    assert len(rates.entered(context, "EUR")) == 2


def test_only_a_manager_enters_rates(context: Context, as_user: Callable[[str], Context]) -> None:
    people.add_user(context, "bo", Role.REP)
    with pytest.raises(NotAllowed, match="only a manager enters rates"):
        rates.add_all(as_user("bo"), [DOLLAR])
    rates.add_all(context, [DOLLAR])
    assert len(rates.entered(as_user("bo"))) == 1


@pytest.mark.parametrize("statement", ["UPDATE rate SET rate = '1'", "DELETE FROM rate"])
def test_the_database_itself_keeps_what_a_rate_was(context: Context, statement: str) -> None:
    rates.add_all(context, [DOLLAR])
    with pytest.raises(peewee.PeeweeException, match="a revision is a new row"):
        context.database.execute_sql(statement)
