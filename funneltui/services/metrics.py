"""The figures of a pipeline: stats, by owner, source, company, tag or month, now or as of any moment.

Now they come from sums that the database makes, as of a moment from the replayed events; the figures themselves are one
computation, `domain.metrics`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from funneltui.domain import bottlenecks, funnel
from funneltui.domain.deal import Outcome
from funneltui.domain.figure_sums import By, of_facts
from funneltui.domain.filters import EMPTY
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import ALWAYS, Window, metrics
from funneltui.services.past_figures import read
from funneltui.services.stage_chances import stage_chances
from funneltui.storage.collecting import no_collection
from funneltui.storage.database import reading
from funneltui.storage.figure_sums import Deals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.domain.bottlenecks import Crowd, Week
    from funneltui.domain.figure_sums import Counted
    from funneltui.domain.filters import Filter
    from funneltui.domain.funnel import Chance, Funnel
    from funneltui.domain.metrics import Metrics
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.as_of import Point
    from funneltui.services.context import Context


WIDE = (By.COMPANY, By.TAG)
"""What wants companies and tags read too."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What figures are asked of: the pipeline, the deals that `wanted` lets through, a period, a moment, a currency."""

    pipeline: Pipeline
    wanted: Filter = EMPTY
    window: Window = ALWAYS
    as_of: Point | None = None
    currency: str | None = None

    @property
    def money(self) -> str:
        """The currency of the sums."""
        return self.currency or self.pipeline.currency


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of the deals that have `key` in common (none: nobody, nothing), and their funnel if it was wanted."""

    key: str | None
    name: str
    metrics: Metrics
    funnel: Funnel | None = None


@dataclass(frozen=True, slots=True)
class Stats:
    """All that is told of a pipeline: its figures, the groups, inflow and closings by week, where the trouble is.

    `weeks` are those of the period, else the last `bottlenecks.WEEKS`; `stuck` and `inflow` say it in words.
    """

    asked: Asked
    today: date
    whole: Metrics
    by: By | None
    groups: tuple[Group, ...]
    weeks: tuple[Week, ...]
    empty: tuple[Stage, ...]
    crowds: tuple[Crowd, ...]
    stuck: str
    inflow: str


@dataclass(frozen=True, slots=True)
class _Ground:
    """What was read for figures: the sums, how many deals were created and closed by day, the day they are seen from.

    `chances` are those of the stages of the whole pipeline, if funnels are wanted.
    """

    counted: Counted
    created: Mapping[date, int]
    closed: Mapping[tuple[date, Outcome], int]
    today: date
    chances: Mapping[str, Chance] | None = None


@no_collection()
def stats(context: Context, asked: Asked, by: By | None = None, *, with_funnels: bool = False) -> Stats:
    """Give the figures of the deals that the actor may see, and of each group of them if `by` says how to group.

    `with_funnels`: with the conversion funnel of each group's deals that were created in the period, which says how they
    go from stage to stage (B6).

    Of the period are: created, won, lost, win rates, sizes, cycles, stays that ended. Of the moment: open, rotting, crowds,
    empty spots. A month's open deals are those created in it; a velocity is told of no month.
    """
    ground = _read_for(context, asked, by, with_funnels=with_funnels)
    pipeline, today, sums = asked.pipeline, ground.today, ground.counted.together()
    whole = metrics(pipeline, sums, today, asked.money)
    weeks = bottlenecks.weekly(ground.created, ground.closed, *_days(asked.window, today))
    found = bottlenecks.crowds(pipeline, sums.standing, whole.time_in_stage, today)
    return Stats(
        asked, today, whole, by, _groups(asked, ground, by) if by else (), weeks,
        bottlenecks.empty_spots(pipeline, sums.standing), found, bottlenecks.stuck(found), bottlenecks.inflow(weeks),
    )  # fmt: skip


def _days(window: Window, today: date) -> tuple[date, date]:
    """Give the first and the last day of which inflow and closings are told."""
    last = min(window.until or today, today)
    return window.since or last - timedelta(weeks=bottlenecks.WEEKS - 1), last


def _read_for(context: Context, asked: Asked, by: By | None, *, with_funnels: bool) -> _Ground:
    """Give what `stats` and `groups` are computed from, told apart by something."""
    first, last = bottlenecks.weeks_from(*_days(asked.window, day_of(context, asked)))
    with reading(context.database):
        chances = stage_chances(context, asked.pipeline, asked.as_of) if with_funnels else None
        if asked.as_of is None:
            deals = deals_now(context, asked)
            return _Ground(deals.counted(asked.window, by), *deals.weeks(first, last), deals.today, chances)
        past = read(context, asked, with_company=by in WIDE)
    closed = Counter[tuple[date, Outcome]](
        (fact.closed_on, fact.outcome)
        for fact in past.facts
        if fact.closed_on is not None and fact.outcome is not Outcome.OPEN
    )
    counted = of_facts(past.facts, past.stays, asked.window, by)
    return _Ground(counted, Counter(fact.created for fact in past.facts), closed, past.today, chances)


def day_of(context: Context, asked: Asked) -> date:
    """Give the day that figures are seen from."""
    return context.clock.local_day(asked.as_of.moment) if asked.as_of else context.clock.today()


def deals_now(context: Context, asked: Asked) -> Deals:
    """Give the deals that are asked of, as they are now."""
    from funneltui.storage.filtering import condition

    clock, today = context.clock, context.clock.today()
    wanted = condition(
        asked.wanted, actor_id=context.actor.id, today=today, zone=clock.zone, pipelines=context.pipelines
    )
    return Deals(context.database, context.actor.scope, asked.pipeline, today, clock.zone, wanted)


@no_collection()
def groups(context: Context, asked: Asked, by: By, *, with_funnels: bool = False) -> tuple[Group, ...]:
    """Give the groups alone; see `stats`."""
    with reading(context.database):
        return _groups(asked, _read_for(context, asked, by, with_funnels=with_funnels), by)


def _groups(asked: Asked, ground: _Ground, by: By) -> tuple[Group, ...]:
    parts, pipeline = ground.counted.apart(), asked.pipeline
    names = {key: name_of(pipeline, by, key) for key in parts}
    found = []
    for key in sorted(parts, key=lambda key: (key is None, names[key].casefold())):
        its = metrics(pipeline, parts[key], ground.today, asked.money, with_velocity=by is not By.MONTH)
        drawn = None
        if ground.chances is not None:
            drawn = funnel.compute(pipeline, parts[key].created, Mode.CONVERSION, None, asked.money, ground.chances)
        found.append(Group(key, names[key], its, drawn))
    return tuple(found)


def name_of(pipeline: Pipeline, by: By, key: str | None) -> str:
    """Give the name of a group for people."""
    if key is None:
        return {By.OWNER: "nobody", By.COMPANY: "no company", By.TAG: "no tag"}.get(by, "unknown")
    return pipeline.source_name(key) if by is By.SOURCE else key
