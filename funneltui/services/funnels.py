"""The funnel of a cohort, as of any moment, and by owner, source, company, tag or month."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain import funnel
from funneltui.domain.figure_sums import By, groups_of, key_of
from funneltui.domain.filters import Days, Field, Filter, Span
from funneltui.domain.funnel import Mode
from funneltui.services import reports
from funneltui.services.metrics import WIDE, deals_now, name_of
from funneltui.services.past_figures import read
from funneltui.services.stage_chances import stage_chances
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from funneltui.domain.figure_sums import Keys, Row
    from funneltui.domain.funnel import Funnel
    from funneltui.services.context import Context
    from funneltui.services.metrics import Asked


@dataclass(frozen=True, slots=True)
class Funnels:
    """The funnel of a pipeline, and that of each group of its deals: key, name, funnel."""

    whole: Funnel
    by: By | None = None
    groups: tuple[tuple[str | None, str, Funnel], ...] = ()


@dataclass(frozen=True, slots=True)
class _Cohort:
    """The deals created in a period: the rows of `funnel.add_up` and the deals that entered each stage, by outcome.

    Each row begins with a key, if they are told apart; `groups` tells what it stands for.
    """

    created: list[Row]
    entered: list[Row]
    groups: Callable[[Any], Keys]


def funnels(context: Context, asked: Asked, mode: Mode, by: By | None = None) -> Funnels:
    """Give the funnel of the deals created in the period (a cohort), as of a moment if one is asked for, and by groups.

    Rules: `domain.funnel.compute`; a month is that in which the deals were created. Weighted sums and chances go by the
    history of the whole pipeline (B7), whoever asks and whatever of: so the groups add up to the whole.
    """
    if by is None and asked.as_of is None:
        return Funnels(_now(context, asked, mode))
    pipeline, entered = asked.pipeline, mode is Mode.ENTERED
    with reading(context.database):
        chances = stage_chances(context, pipeline, asked.as_of)
        cohort = _cohort_now(context, asked, by, entered=entered) if asked.as_of is None and by else None
        cohort = cohort or _cohort_then(context, asked, by, entered=entered)

    def drawn(created: list[Row], its: list[Row]) -> Funnel:
        counts: funnel.EnteredCounts = defaultdict(int)
        for _, stage, outcome, count in its:
            counts[stage, outcome] += count
        rows = funnel.add_up(row[1:] for row in created)
        return funnel.compute(pipeline, rows, mode, counts if entered else None, asked.money, chances)

    whole = drawn(cohort.created, cohort.entered)
    if by is None:
        return Funnels(whole)
    parts: dict[str | None, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for place, rows in enumerate((cohort.created, cohort.entered)):
        for row in rows:
            for key in cohort.groups(row[0]):
                parts[key][place].append(row)
    names = {key: name_of(pipeline, by, key) for key in parts}
    order = sorted(parts, key=lambda key: (key is None, names[key].casefold()))
    return Funnels(whole, by, tuple((key, names[key], drawn(*parts[key])) for key in order))


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


def _cohort_now(context: Context, asked: Asked, by: By, *, entered: bool) -> _Cohort:
    deals = deals_now(context, asked)
    key, groups = deals.keyed(by)
    visits = deals.entered(asked.window, key) if entered else []
    return _Cohort(deals.created(asked.window, key), visits, groups)


def _cohort_then(context: Context, asked: Asked, by: By | None, *, entered: bool) -> _Cohort:
    past = read(context, asked, with_company=by in WIDE, with_visits=entered, with_stays=False)
    created, visits = [], []
    for fact in past.facts:
        if fact.created in asked.window:
            key = key_of(fact, by, fact.created) if by else None
            of_tally = (fact.stage, fact.reach, fact.outcome, fact.currency, fact.probability, 1, fact.amount or 0)
            created.append((key, *of_tally))
            visits += [(key, stage, fact.outcome, 1) for stage in past.visited.get(fact.number, ())]
    return _Cohort(created, visits, groups_of(by))
