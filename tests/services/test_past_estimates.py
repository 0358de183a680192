"""A line of the calibration table opens the very deals that its estimates were judged by."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from funneltui.services import chances
from funneltui.services.past_estimates import estimated_between
from funneltui.storage import deals as stored
from tests.services.test_chances import add, calendar, close, shop, told

if TYPE_CHECKING:
    from funneltui.services.context import Context
    from tests.services.test_chances import Calendar

__all__ = ["calendar", "shop"]


def test_each_line_lists_its_own_deals_and_all_of_them_together_those_that_were_judged(
    shop: Context, calendar: Calendar
) -> None:
    told(shop, 60)
    day = calendar.today() + timedelta(1)
    judged = {add(shop, source) for source in ("web", "phone") for _ in range(11)}
    calendar.wait(2)
    add(shop)
    for number in sorted(judged):
        close(shop, number, won=number % 2 == 0)
    lesson = chances.lesson_before(shop.pipeline, day)
    while lesson.go_on(shop):
        pass
    past = chances.judged(shop, shop.pipeline, day, lesson.model)
    assert past.scores is not None
    assert len(past.scores.calibration) > 1
    for one in past.scores.calibration:
        found = listed(shop, estimated_between(shop, shop.pipeline, day, lesson.model, one.low, one.high))
        assert len(found) == one.n
        assert sum(number % 2 == 0 for number in found) / one.n == one.won_rate
    assert listed(shop, estimated_between(shop, shop.pipeline, day, lesson.model)) == judged


def listed(context: Context, condition: stored.Condition) -> set[int]:
    return {deal.number for deal in stored.select(context.database, condition)}
