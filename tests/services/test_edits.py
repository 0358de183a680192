"""Edits of what goes together: an amount with its currency, a follow-up with its words; and what an edit leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from funneltui.errors import BadInput, RuleBroken
from funneltui.services import deals, moves, undo
from funneltui.services.context import Clock
from tests.services.moved import TODAY, add, dump

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

NEXT = date(2026, 11, 25)
WORDS = {"follow_up_note": "call Ann", "follow_up_repeat": "2 weeks"}


def at(context: Context, zone: str, moment: datetime) -> Context:
    """Give the same workspace as somebody in another zone sees it at a moment."""
    return replace(context, clock=Clock(ZoneInfo(zone), moment))


def told(deal: Deal) -> tuple[int | None, str]:
    return deal.amount, deal.currency


def words(deal: Deal) -> tuple[date | None, str, str]:
    return deal.follow_up, deal.follow_up_note, deal.follow_up_repeat


def test_a_new_currency_alone_keeps_the_number_of_whole_units(context: Context) -> None:
    add(context, amount=125_000)
    assert told(deals.edit(context, 1, {"currency": "JPY"})) == (1250, "JPY")


def test_a_currency_and_an_amount_given_together_are_both_taken_as_they_are(context: Context) -> None:
    add(context, amount=1250)
    assert told(deals.edit(context, 1, {"currency": "JPY", "amount": 1500})) == (1500, "JPY")
    assert told(deals.edit(context, 1, {"currency": "KWD", "amount": None})) == (None, "KWD")


def test_an_amount_that_a_currency_cannot_hold_is_to_be_given_too(context: Context) -> None:
    add(context, amount=1250)
    before = dump(context.database)
    with pytest.raises(BadInput, match=r'^amount: "12.50" has more decimals than JPY.*; give the amount in JPY too$'):
        deals.edit(context, 1, {"currency": "JPY"})
    assert dump(context.database) == before


def test_a_move_with_a_currency_converts_the_amount_like_an_edit(context: Context) -> None:
    add(context, amount=125_000)
    (moved,) = moves.move(context, [1], "acquisition", {"detail": "call", "currency": "JPY"})
    assert told(moved) == (1250, "JPY")


def test_an_edit_west_of_whoever_closed_the_deal_leaves_the_close_date_alone(context: Context) -> None:
    tokyo = at(context, "Asia/Tokyo", datetime(2026, 11, 20, 16, 0, tzinfo=UTC))
    number = add(tokyo).number
    won = moves.win(tokyo, number)
    west = at(context, "America/Los_Angeles", datetime(2026, 11, 20, 17, 0, tzinfo=UTC))
    assert won.closed_on == date(2026, 11, 21) > west.clock.today()
    edited = deals.edit(west, number, {"tags": ("hot",)})
    assert (edited.tags, edited.closed_on) == (("hot",), won.closed_on)
    with pytest.raises(RuleBroken, match="still to come"):
        deals.edit(west, number, {"closed_on": date(2026, 11, 22)})


def test_a_follow_up_that_an_edit_takes_away_goes_with_its_words_and_its_repeat(context: Context) -> None:
    due = add(context, follow_up=NEXT, **WORDS)
    assert words(deals.edit(context, 1, {"follow_up": None})) == (None, "", "")
    assert words(deals.edit(context, 1, {"follow_up": TODAY})) == (TODAY, "", "")
    undo.undo(context)
    undo.undo(context)
    assert words(deals.show(context, 1).deal) == words(due)


def test_a_follow_up_taken_away_by_a_move_goes_with_its_words_and_its_repeat(context: Context) -> None:
    add(context, follow_up=NEXT, **WORDS)
    (moved,) = moves.move(context, [1], "acquisition", {"detail": "call", "follow_up": None})
    assert words(moved) == (None, "", "")


def test_a_follow_up_put_off_keeps_its_words_and_its_repeat(context: Context) -> None:
    add(context, follow_up=NEXT, **WORDS)
    assert words(deals.edit(context, 1, {"follow_up": TODAY})) == (TODAY, *WORDS.values())


def test_words_given_with_a_follow_up_that_goes_are_kept(context: Context) -> None:
    add(context, follow_up=NEXT, **WORDS)
    edited = deals.edit(context, 1, {"follow_up": None, "follow_up_note": "she calls us"})
    assert words(edited) == (None, "she calls us", "")


def test_a_repeat_without_a_date_goes_when_the_follow_up_is_taken_away(context: Context) -> None:
    add(context, **WORDS)
    assert words(deals.follow_up(context, 1, None, "ignored")) == (None, "", "")
