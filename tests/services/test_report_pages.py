"""What the insights take from the reading before, and what they read anew."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain.figure_sums import By
from funneltui.domain.metrics import ALWAYS, Window
from funneltui.services import deals, moves, report_pages

if TYPE_CHECKING:
    from funneltui.services.context import Context

CLOSE = date(2026, 12, 15)


def add(context: Context, source: str) -> int:
    return deals.add(context, {"title": "Deal", "source": source, "expected_close": CLOSE, "amount": 100_00}).number


def test_the_insights_by_something_else_are_the_same_after_a_reading_and_without_one(context: Context) -> None:
    moves.win(context, add(context, "web"))
    moves.lose(context, [add(context, "phone")], {"reason": "price"})
    for window in (ALWAYS, Window(until=date(2026, 11, 20))):
        before = report_pages.insights_page(context, context.pipeline, By.OWNER, ALWAYS)
        after = report_pages.insights_page(context, context.pipeline, By.SOURCE, window, "", before)
        assert after == report_pages.insights_page(context, context.pipeline, By.SOURCE, window)
        assert [group.key for group in after.reps] == (["ana"] if window == ALWAYS else [])


def test_the_insights_see_what_has_happened_since_they_were_read(context: Context) -> None:
    number = add(context, "web")
    before = report_pages.insights_page(context, context.pipeline, By.OWNER, ALWAYS)
    moves.win(context, number)
    after = report_pages.insights_page(context, context.pipeline, By.SOURCE, ALWAYS, "", before)
    assert (before.stats.whole.won.count, after.stats.whole.won.count) == (0, 1)
    assert after.reps[0].metrics.won.count == 1


def test_what_was_read_through_another_filter_is_not_taken(context: Context) -> None:
    add(context, "web")
    before = report_pages.insights_page(context, context.pipeline, By.OWNER, ALWAYS, "source:phone")
    after = report_pages.insights_page(context, context.pipeline, By.OWNER, ALWAYS, "source:web", before)
    assert (before.stats.whole.open.count, after.stats.whole.open.count) == (0, 1)
