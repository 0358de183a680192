"""Time travel: whatever was done to deals, undone and redone, any moment is told as it was (G4)."""

from __future__ import annotations

import itertools
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis.stateful import invariant, run_state_machine_as_test

from funneltui.domain.deal import Deal
from funneltui.domain.figure_sums import By
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import Window
from funneltui.domain.period_changes import TERMS, Kind
from funneltui.services import as_of, changes_since, funnels, metrics, reports
from funneltui.services.as_of import Point
from funneltui.services.changes import plain
from funneltui.services.metrics import Asked
from tests import independent_metrics
from tests.independent_count import fields_of, moment
from tests.services.life_deeds import Deeds
from tests.services.life_office import BOTH, MANAGER, PIPELINE, REP, STAGES, Office
from tests.services.test_life_stateful import office, profile

if TYPE_CHECKING:
    from funneltui.domain.history import Visit
    from funneltui.domain.metrics import Metrics, Spread
    from funneltui.services.changes_since import ChangesSince
    from funneltui.services.context import Context
    from tests.independent_count import Rows

__all__ = ["office"]
STAY = ("stage", "detail", "entered", "left_at", "seconds")
ROT_DAYS = {stage.key: stage.rot_days for stage in PIPELINE.stages}
TOLD = (
    "new", "advanced", "back", "won", "lost", "reopened", "slipped", "pulled_in", "amount_up", "amount_down",
)  # fmt: skip


class Traveller(Deeds):
    """The two at work, and at the end a look back at every moment at which they rested."""

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.seen: dict[datetime, Rows] = {}
        self.shown: dict[datetime, list[object]] = {}
        self.falling = sys.exc_info()[1]

    @invariant()
    def remember(self) -> None:
        at = self.office.clock.moment
        if self.seen.get(at) is self.rows:
            return
        self.seen[at] = self.rows
        self.shown[at] = [figures_of(self.office.contexts[who], None) for who in BOTH]
        for who, owner in ((MANAGER, None), (REP, REP)):
            for period in ((None, None), (at.date() - timedelta(days=1), at.date())):
                self.are_the_figures(self.office.contexts[who], period, owner)

    def are_the_figures(self, context: Context, period: independent_metrics.Days, owner: str | None) -> None:
        """See that the figures of a period are what a count of the rows says."""
        clock = self.office.clock
        found = metrics.stats(context, Asked(PIPELINE, window=Window(*period))).whole
        counted = independent_metrics.figures(
            self.rows, STAGES, "EUR", clock.zone, clock.moment, ROT_DAYS, period, owner  # type: ignore[arg-type]
        )  # fmt: skip
        assert told(found) == counted

    def teardown(self) -> None:
        if sys.exc_info()[1] is not self.falling:  # a step has failed: that is to be told, not what follows from it
            return
        for at, rows in self.seen.items():
            if at == max(self.seen):  # what is a rep's is asked of now
                assert [figures_of(self.office.contexts[who], Point(at)) for who in BOTH] == self.shown[at]
            assert figures_of(self.office.contexts[MANAGER], Point(at)) == self.shown[at][BOTH.index(MANAGER)]
            for who, owner in ((MANAGER, None), (REP, REP)):
                context = self.office.contexts[who]
                self.stood_so(context, at, rows, self.within(owner, rows))
        moments = sorted(self.seen)
        spans = list(itertools.combinations(moments, 2))
        for since, until in [*spans[:3], *spans[-3:]]:
            found = changes_since.changes_since(self.office.contexts[MANAGER], Point(since), Point(until))
            self.changed_so(found, self.seen[since], self.seen[until])

    def within(self, owner: str | None, rows: Rows) -> list[int]:
        """Give what somebody sees of a moment: the deals that were there, of those that are his now."""
        return [number for number in rows.there() if owner in (None, self.rows.owner(number))]

    def stood_so(self, context: Context, at: datetime, rows: Rows, numbers: list[int]) -> None:
        """See that a moment is told as the rows of that moment have it."""
        found = as_of.deals_at(context, None, at, with_spam=True)
        assert [deal.number for deal in found] == numbers
        for deal in found:
            stored = rows.deals[deal.number]
            known = {name: plain(getattr(deal, name)) for name in Deal.__dataclass_fields__}
            expected = fields_of(rows, deal.number) | {"number": deal.number, "version": stored["version"]}
            expected |= {"touched": moment(stored["touched"]).isoformat()}
            del known["custom"]  # the two have no fields of their own
            expected.pop("custom", None)
            assert {name: value for name, value in known.items() if value not in (None, "", [])} == expected
        for one in as_of.changed_at(context, at):
            stays = [tuple(_stored(stay)) for stay in one.stays]
            assert stays == [tuple(visit[name] for name in STAY) for visit in rows.visits[one.deal.number]]

    def changed_so(self, found: ChangesSince, before: Rows, after: Rows) -> None:
        """See that what changed is what a count of the rows of the two moments says, and that it adds up."""
        expected = independent_metrics.changes(before, after, STAGES, PIPELINE.key)
        for kind in TOLD:
            assert [pair.latest.number for pair in found.changes.of(Kind(kind))] == expected[kind], kind
        adds_up(found)
        for ledger in found.changes.ledgers:
            for rows, figure in ((before, ledger.opening), (after, ledger.closing)):
                assert (figure.count, figure.amount) == independent_metrics.open_sum(rows, ledger.currency)


def figures_of(context: Context, point: Point | None) -> object:
    """Give all figures and funnels that there are to see, as of a moment or now."""
    asked = Asked(PIPELINE, as_of=point)
    found = metrics.stats(context, asked, By.OWNER, with_funnels=True)
    months = metrics.stats(context, asked, By.MONTH).groups
    if point is None:
        drawn = [reports.funnel_of(context, PIPELINE, mode) for mode in Mode]
    else:
        drawn = [funnels.funnels(context, asked, mode).whole for mode in Mode]
    return drawn, found.whole, found.groups, months, found.weeks, found.crowds, found.stuck, found.inflow


def told(found: Metrics) -> dict[str, Any]:
    """Give figures in the form in which the independent count has them."""

    def figure(spread: Spread) -> tuple[Any, ...]:
        return spread.mean, spread.median, spread.n

    rate, cycle = found.win_rate, found.cycle
    return {
        "open": (found.open.count, found.open.amount), "created": found.created,
        "won": (found.won.count, found.won.amount), "lost": (found.lost.count, found.lost.amount),
        "rate_of_closed": (rate.of_closed, rate.n_closed), "rate_of_created": (rate.of_created, rate.n_created),
        "size": figure(found.deal_size), "cycles": (figure(cycle.won), figure(cycle.lost), figure(cycle.closed)),
        "velocity": found.velocity, "rotting": found.rotting,
        "times": {
            key: (figure(time.latest), figure(time.all), figure(time.now)) for key, time in found.time_in_stage.items()
        },
    }  # fmt: skip


def adds_up(found: ChangesSince) -> None:
    """See that opening and all terms are the closing, in each currency, in deals and in money."""
    for ledger in found.changes.ledgers:
        terms = ledger.terms.values()
        assert ledger.opening.count + sum(figure.count for figure in terms) == ledger.closing.count
        assert ledger.opening.amount + sum(figure.amount for figure in terms) == ledger.closing.amount
        assert set(ledger.terms) <= set(TERMS)
    assert found.changes.opening.count == sum(ledger.opening.count for ledger in found.changes.ledgers)
    assert found.changes.closing.count == sum(ledger.closing.count for ledger in found.changes.ledgers)


def _stored(stay: Visit) -> list[Any]:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    micros = [None if at is None else (at - epoch) // timedelta(microseconds=1) for at in (stay.entered, stay.left)]
    return [stay.stage, stay.detail, *micros, stay.seconds]


def test_any_moment_and_what_changed_since_are_told_as_they_were(office: Office) -> None:
    run_state_machine_as_test(lambda: Traveller(office), settings=profile(office, 15, 30))
