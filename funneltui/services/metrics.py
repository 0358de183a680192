"""The figures of a pipeline: stats, by owner, source, company or month, and the funnel by the same, now or as of any moment.

Now they come from narrow rows of the tables, as of a moment from the replayed events; the figures themselves are one
computation, `domain.metrics`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from funneltui.domain import bottlenecks, funnel
from funneltui.domain.deal import Outcome, is_rotting
from funneltui.domain.filters import EMPTY
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import ALWAYS, Fact, Some, Stay, Window, metrics, tallies
from funneltui.services.as_of import changed_at, condition_at
from funneltui.storage import metrics as stored
from funneltui.storage import replays
from funneltui.storage.database import reading
from funneltui.storage.deals import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from funneltui.domain.bottlenecks import Crowd, Week
    from funneltui.domain.filters import Filter
    from funneltui.domain.funnel import Funnel
    from funneltui.domain.metrics import Metrics
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.domain.replay import Standing
    from funneltui.services.as_of import Point
    from funneltui.services.context import Context


class By(StrEnum):
    """What figures can be told apart by; a month is that of each thing's own date: created, closed, left."""

    OWNER = "owner"
    SOURCE = "source"
    COMPANY = "company"
    TAG = "tag"
    MONTH = "month"


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
class Ground:
    """What was read for figures: the deals, spam left out, their stays that have ended, and the day they are seen from."""

    facts: tuple[Fact, ...]
    stays: tuple[Stay, ...]
    today: date
    visited: Mapping[int, Iterable[str]]


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


def stats(
    context: Context, asked: Asked, by: By | None = None, *, with_funnels: bool = False, ground: Ground | None = None
) -> Stats:
    """Give the figures of the deals that the actor may see, and of each group of them if `by` says how to group.

    `with_funnels`: with the conversion funnel of each group's deals that were created in the period, which says how they
    go from stage to stage (B6).

    Of the period are: created, won, lost, win rates, sizes, cycles, stays that ended. Of the moment: open, rotting, crowds,
    empty spots. A month's open deals are those created in it; a velocity is told of no month.
    `ground` is what was read already, of the same that is asked.
    """
    ground = ground or read_for(context, asked, by)
    pipeline, window, facts = asked.pipeline, asked.window, ground.facts
    some = _some(ground, window)
    whole = metrics(pipeline, some, ground.today, asked.money)
    last = min(window.until or ground.today, ground.today)
    first = window.since or last - timedelta(weeks=bottlenecks.WEEKS - 1)
    closed = [fact for fact in facts if fact.outcome is not Outcome.OPEN]
    weeks = bottlenecks.weekly(facts, closed, first, last)
    groups = _groups(asked, ground.today, some, by, with_funnels=with_funnels) if by else ()
    found = bottlenecks.crowds(pipeline, some.standing, whole.time_in_stage, ground.today)
    return Stats(
        asked, ground.today, whole, by, groups, weeks,
        bottlenecks.empty_spots(pipeline, some.standing), found, bottlenecks.stuck(found), bottlenecks.inflow(weeks),
    )  # fmt: skip


def groups(asked: Asked, ground: Ground, by: By, *, with_funnels: bool = False) -> tuple[Group, ...]:
    """Give the groups alone; see `stats`."""
    return _groups(asked, ground.today, _some(ground, asked.window), by, with_funnels=with_funnels)


def read_for(context: Context, asked: Asked, by: By | None) -> Ground:
    """Give what `stats` by something is computed from; losses too are told from it."""
    return read(context, asked, with_company=by in WIDE)


def read(
    context: Context, asked: Asked, *, with_company: bool = False, with_visits: bool = False, with_stays: bool = True
) -> Ground:
    """Give what figures are computed from; companies with tags, visited stages and stays only if they are wanted."""
    moment = asked.as_of.moment if asked.as_of else context.clock.now()
    scope, database, pipeline = context.actor.scope, context.database, asked.pipeline
    today, zone = context.clock.local_day(moment), context.clock.zone
    asked_for = condition_at(context, moment, asked.wanted)
    unchanged = replays.unchanged_since(moment) if asked.as_of else EVERYTHING
    with reading(database):
        facts = stored.facts(database, scope, pipeline, today, zone, asked_for, unchanged, wide=with_company)
        stays = stored.stays(database, scope, pipeline, zone, asked_for, unchanged) if with_stays else []
        visited = stored.visited(database, scope, pipeline, asked_for, unchanged) if with_visits else {}
        changed = changed_at(context, moment, pipeline, asked.wanted) if asked.as_of else []
    local_day = context.clock.local_day
    for one in changed:
        if one.deal.outcome is not Outcome.SPAM:
            facts.append(_fact(one, pipeline, today, local_day))
            visited[one.deal.number] = set(one.visited)
            stays += [
                Stay(stay.deal, stay.stage, local_day(stay.left), stay.seconds or 0)
                for stay in one.stays
                if stay.left is not None and stay.pipeline is None
            ]
    return Ground(tuple(facts), tuple(stays), today, visited)


def _fact(one: Standing, pipeline: Pipeline, today: date, local_day: Callable[..., date]) -> Fact:
    deal = one.deal
    stage = next((each for each in pipeline.stages if each.key == deal.stage), None)
    return Fact(
        deal.number, deal.outcome, standing_stage(pipeline, deal.stage), deal.reach, deal.currency, deal.amount,
        deal.probability, local_day(deal.created), deal.closed_on, local_day(deal.stage_entered), deal.owner, deal.source,
        deal.reason, stage is not None and is_rotting(deal, stage, local_day(deal.touched), today), deal.company,
        " ".join(deal.tags),
    )  # fmt: skip


def standing_stage(pipeline: Pipeline, key: str) -> str:
    """Give where a deal counts that stood in a stage which is there no longer: by `Pipeline.furthest`, as its visits do."""
    there = any(stage.key == key for stage in pipeline.stages)
    return key if there else pipeline.furthest([pipeline.first.key, key]) or key


def _some(ground: Ground, window: Window) -> Some:
    return Some(
        [fact for fact in ground.facts if fact.outcome is Outcome.OPEN],
        [fact for fact in ground.facts if fact.created in window],
        [fact for fact in ground.facts if fact.outcome is not Outcome.OPEN and fact.closed_on in window],
        [stay for stay in ground.stays if stay.left in window],
    )


def month_of(day: date) -> str:
    """Give the key of the month of a day: "2026-11"."""
    return f"{day:%Y-%m}"


def keys_of(fact: Fact, by: By) -> Sequence[str | None]:
    """Give the keys of the groups that a deal belongs to, by anything but the month; with several tags to several."""
    if by is By.OWNER:
        return (fact.owner,)
    if by is By.SOURCE:
        return (fact.source,)
    if by is By.COMPANY:
        return (fact.company or None,)
    return fact.tags.split() or (None,)


def _groups(asked: Asked, today: date, some: Some, by: By, *, with_funnels: bool) -> tuple[Group, ...]:
    parts = _by_month(some) if by is By.MONTH else _by_key(some, by)

    def group(key: str | None) -> Group:
        its = metrics(asked.pipeline, parts[key], today, asked.money, with_velocity=by is not By.MONTH)
        if not with_funnels:
            return Group(key, names[key], its)
        rows = tallies(parts[key].created)
        return Group(key, names[key], its, funnel.compute(asked.pipeline, rows, Mode.CONVERSION, None, asked.money))

    names = {key: name_of(asked.pipeline, by, key) for key in parts}
    return tuple(group(key) for key in sorted(parts, key=lambda key: (key is None, names[key].casefold())))


class _Parts:
    """Deals and stays told apart by a key: a list of each kind for every key, filled without asking twice for one."""

    def __init__(self) -> None:
        self._lists: tuple[dict[str | None, list[Any]], ...] = tuple(defaultdict(list) for _ in range(4))
        self.standing, self.created, self.closed, self.stays = self._lists

    def by_key(self) -> dict[str | None, Some]:
        """Give them by key."""
        keys = dict.fromkeys(key for some in self._lists for key in some)
        return {key: Some(*(some.get(key, []) for some in self._lists)) for key in keys}


def _by_key(some: Some, by: By) -> dict[str | None, Some]:
    parts = _Parts()
    keys: dict[int, Sequence[str | None]] = {}
    for facts, its in (
        (some.standing, parts.standing), (some.created, parts.created), (some.closed, parts.closed),
    ):  # fmt: skip
        for fact in facts:
            known = keys.get(fact.number)
            if known is None:
                known = keys[fact.number] = keys_of(fact, by)
            for key in known:
                its[key].append(fact)
    for stay in some.stays:
        for key in keys.get(stay.deal, ()):
            parts.stays[key].append(stay)
    return parts.by_key()


def _by_month(some: Some) -> dict[str | None, Some]:
    parts = _Parts()
    for fact in some.standing:
        parts.standing[month_of(fact.created)].append(fact)
    for fact in some.created:
        parts.created[month_of(fact.created)].append(fact)
    for fact in some.closed:
        parts.closed[month_of(fact.closed_on) if fact.closed_on else None].append(fact)
    for stay in some.stays:
        parts.stays[month_of(stay.left)].append(stay)
    return parts.by_key()


def name_of(pipeline: Pipeline, by: By, key: str | None) -> str:
    """Give the name of a group for people."""
    if key is None:
        return {By.OWNER: "nobody", By.COMPANY: "no company", By.TAG: "no tag"}.get(by, "unknown")
    return pipeline.source_name(key) if by is By.SOURCE else key
