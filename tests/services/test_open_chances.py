"""The order of open deals by their chance to win: made in pieces, renewed where deals changed, the same as the ranking's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.domain.history import Role
from funneltui.services import chances, deals, moves, undo, views
from funneltui.services.context import Clock
from funneltui.services.open_chances import OpenChances
from funneltui.services.people import add_user
from funneltui.storage.deals import EVERYTHING
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context

CALL: dict[str, object] = {"detail": "call"}


def add(context: Context, stage: str | None = None, **values: Any) -> int:
    basic = {"title": "Deal", "source": "web", "expected_close": date(2026, 12, 15)}
    return deals.add(context, basic | values, stage).number


@pytest.fixture
def told(context: Context) -> Context:
    """Give a workspace with a history: half of the deals were won, the others lost before they came to anything."""
    for _ in range(12):
        add(context, "acquired")
        add(context, "resigned", reason="price")
    return context


def gone_on(kept: OpenChances, context: Context) -> int:
    """Have a round go to its end, and give how many pieces it took."""
    pieces = 1
    while kept.go_on(context, ordered=True):
        pieces += 1
    return pieces


def listed(context: Context, kept: OpenChances, *, descending: bool = True) -> list[int]:
    found = views.list_window(context, context.pipeline, EVERYTHING, kept.order, descending, 0, 99)
    return [deal.number for deal in found.deals if deal.is_open]


def test_the_order_is_that_of_the_ranking_both_ways(told: Context) -> None:
    for own in (30, None, 80, None, 30):
        add(told, probability=own)
    add(told, "acquisition", detail="call")
    kept = OpenChances(told.pipeline)
    gone_on(kept, told)
    for descending in (True, False):
        ranked = [one.number for one in chances.ranked(told, [told.pipeline], descending=descending)]
        assert listed(told, kept, descending=descending) == ranked


def test_a_chance_in_the_list_is_the_one_that_the_opened_deal_tells(told: Context) -> None:
    numbers = [add(told), add(told, "acquisition", detail="call"), add(told, probability=70)]
    kept = OpenChances(told.pipeline)
    gone_on(kept, told)
    assert kept.of(told, numbers) == {number: chances.explain(told, number) for number in numbers}


def test_before_anything_was_learned_there_are_no_chances_and_what_others_learned_is_used(told: Context) -> None:
    number = add(told)
    kept = OpenChances(told.pipeline)
    assert kept.of(told, [number]) == {}
    chances.model(told, told.pipeline)
    assert kept.of(told, [number])[number].probability is not None


def test_a_deal_that_changed_is_put_in_its_new_place(told: Context) -> None:
    first, second = add(told, probability=60), add(told, probability=40)
    kept = OpenChances(told.pipeline)
    gone_on(kept, told)
    assert listed(told, kept) == [first, second]
    deals.edit(told, second, {"probability": 90})
    third = add(told, probability=50)
    gone_on(kept, told)
    assert listed(told, kept) == [second, first, third]
    undo.undo(told)
    undo.undo(told)
    gone_on(kept, told)
    assert listed(told, kept) == [first, second]


def test_only_what_changed_is_estimated_anew(told: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [add(told) for _ in range(3)]
    kept = OpenChances(told.pipeline)
    gone_on(kept, told)
    estimated: list[int] = []
    before = chances.estimated

    def seen(context: Context, learned: Any, found: Any) -> Any:
        estimated.extend(one.number for one in found)
        return before(context, learned, found)

    monkeypatch.setattr(chances, "estimated", seen)
    moves.move(told, [numbers[1]], "acquisition", CALL)
    gone_on(kept, told)
    assert estimated == [numbers[1]]
    gone_on(kept, told)
    assert estimated == [numbers[1]]


def test_after_a_deal_has_closed_every_chance_is_learned_and_estimated_anew(told: Context) -> None:
    stays, goes = add(told), add(told)
    kept = OpenChances(told.pipeline)
    gone_on(kept, told)
    before = kept.order.figures[stays]
    moves.win(told, goes, {})
    gone_on(kept, told)
    assert set(kept.order.figures) == {stays}
    assert kept.order.figures[stays] > before


def test_on_another_day_every_chance_is_estimated_anew(told: Context) -> None:
    number = add(told)
    kept = OpenChances(told.pipeline)
    gone_on(kept, told)
    known = kept.order
    gone_on(kept, told)
    assert kept.order is known
    gone_on(kept, replace(told, clock=Clock(told.clock.zone, NOW + timedelta(1))))
    assert kept.order is not known
    assert set(kept.order.figures) == {number}


def test_many_deals_are_estimated_in_pieces(told: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = [add(told) for _ in range(5)]
    chances.model(told, told.pipeline)
    monkeypatch.setattr("funneltui.services.open_chances._AT_ONCE", 2)
    kept = OpenChances(told.pipeline)
    assert gone_on(kept, told) == 4
    assert set(kept.order.figures) == set(numbers)


def test_a_round_that_was_left_goes_on_where_it_was(told: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        add(told)
    chances.model(told, told.pipeline)
    monkeypatch.setattr("funneltui.services.open_chances._AT_ONCE", 2)
    kept = OpenChances(told.pipeline)
    assert kept.go_on(told, ordered=True)
    assert kept.order.figures == {}
    assert gone_on(kept, told) == 3


def test_under_twenty_closed_deals_only_a_deals_own_probability_is_a_figure(context: Context) -> None:
    without, own = add(context), add(context, probability=5)
    kept = OpenChances(context.pipeline)
    gone_on(kept, context)
    assert kept.order.figures == {own: 0.05}
    assert listed(context, kept) == listed(context, kept, descending=False) == [own, without]


def test_a_rep_has_the_chances_of_his_own_deals_only(told: Context, as_user: Callable[[str], Context]) -> None:
    add_user(told, "bor", Role.REP)
    anas, bors = add(told), add(told, owner="bor")
    bor = as_user("bor")
    kept = OpenChances(bor.pipeline)
    gone_on(kept, bor)
    assert set(kept.order.figures) == {bors}
    assert set(kept.of(bor, [anas, bors])) == {bors}
    deals.edit(told, bors, {"owner": "ana"})
    gone_on(kept, bor)
    assert kept.order.figures == {}


def test_a_piece_that_fails_is_told_and_the_next_round_begins_anew(
    told: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = add(told)
    kept = OpenChances(told.pipeline)
    with monkeypatch.context() as broken:
        broken.setattr("funneltui.services.open_chances.stored.newest_event", lambda _: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            gone_on(kept, told)
    gone_on(kept, told)
    assert set(kept.order.figures) == {number}
