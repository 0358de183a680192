"""The funnel of a cohort, as of any moment, and by owner, source, company, tag or month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneltui.domain import funnel
from funneltui.domain.deal import Outcome
from funneltui.domain.filters import Days, Field, Filter, Span
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import tallies
from funneltui.services import reports
from funneltui.services.metrics import By, keys_of, month_of, name_of, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from funneltui.domain.funnel import EnteredCounts, Funnel
    from funneltui.domain.metrics import Fact
    from funneltui.services.context import Context
    from funneltui.services.metrics import Asked


@dataclass(frozen=True, slots=True)
class Funnels:
    """The funnel of a pipeline, and that of each group of its deals: key, name, funnel."""

    whole: Funnel
    by: By | None = None
    groups: tuple[tuple[str | None, str, Funnel], ...] = ()


def funnels(context: Context, asked: Asked, mode: Mode, by: By | None = None) -> Funnels:
    """Give the funnel of the deals created in the period (a cohort), as of a moment if one is asked for, and by groups.

    Rules: `domain.funnel.compute`; a month is that in which the deals were created.
    """
    if by is None and asked.as_of is None:
        return Funnels(_now(context, asked, mode))
    entered = mode is Mode.ENTERED
    ground = read(context, asked, with_company=by in (By.COMPANY, By.TAG), with_visits=entered, with_stays=False)
    cohort = [fact for fact in ground.facts if fact.created in asked.window]

    def drawn(facts: Sequence[Fact]) -> Funnel:
        counts = _entered(facts, ground.visited) if entered else None
        return funnel.compute(asked.pipeline, tallies(facts), mode, counts, asked.money)

    if by is None:
        return Funnels(drawn(cohort))
    groups: dict[str | None, list[Fact]] = {}
    for fact in cohort:
        for key in (month_of(fact.created),) if by is By.MONTH else keys_of(fact, by):
            groups.setdefault(key, []).append(fact)
    whole = drawn(cohort)
    names = {key: name_of(asked.pipeline, by, key) for key in groups}
    order = sorted(groups, key=lambda key: (key is None, names[key].casefold()))
    return Funnels(
        whole, by, tuple((key, names[key], _weighed(drawn(groups[key]), groups[key], whole)) for key in order)
    )


def _weighed(group: Funnel, facts: Iterable[Fact], whole: Funnel) -> Funnel:
    """Give a group's funnel weighted by the chances of the whole: so the groups add up to it."""
    own, rest = defaultdict[str, int](int), defaultdict[str, int](int)
    for tally in tallies(fact for fact in facts if fact.outcome is Outcome.OPEN and fact.currency == whole.currency):
        own[tally.stage] += tally.own_weighted
        rest[tally.stage] += tally.unweighted
    stages = []
    for row, its in zip(group.stages, whole.stages, strict=True):
        weighted = funnel.weigh(own[row.stage.key], rest[row.stage.key], its.probability)
        stages.append(replace(row, weighted=weighted, probability=its.probability))
    return replace(group, stages=tuple(stages))


def _now(context: Context, asked: Asked, mode: Mode) -> Funnel:
    """Give the funnel as it stands: from tallies that the database makes."""
    from funneltui.storage.filtering import condition

    window, clock, wanted = asked.window, context.clock, asked.wanted
    if window.since or window.until:
        wanted = wanted & Filter(Days(Field.CREATED, (Span(window.since, window.until),)))
    those = condition(
        wanted, actor_id=context.actor.id, today=clock.today(), zone=clock.zone, pipelines=context.pipelines
    )
    return reports.funnel_of(context, asked.pipeline, mode, those, asked.money)


def _entered(facts: Iterable[Fact], visited: Mapping[int, Iterable[str]]) -> EnteredCounts:
    counts: EnteredCounts = {}
    for fact in facts:
        for stage in visited.get(fact.number, ()):
            counts[stage, fact.outcome] = counts.get((stage, fact.outcome), 0) + 1
    return counts
