"""What a page of figures reads, as of one moment, with the feed's place: so that the page knows when it is out of date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from funneltui.domain.figure_sums import By
from funneltui.domain.metrics import ALWAYS, Window
from funneltui.storage import feed
from funneltui.storage.database import reading
from funneltui.storage.deals import Condition

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.funnel import Mode
    from funneltui.domain.losses import Losses
    from funneltui.domain.periods import Period
    from funneltui.domain.pipeline import Pipeline
    from funneltui.domain.what_if import WhatIf
    from funneltui.services.as_of import Point
    from funneltui.services.changes_since import ChangesSince
    from funneltui.services.context import Context
    from funneltui.services.forecasts import Asked, Counted
    from funneltui.services.funnels import Funnels
    from funneltui.services.metrics import Group, Stats
    from funneltui.storage.feed import Position


@dataclass(frozen=True, slots=True)
class FunnelRead:
    """A funnel, those of its groups if they were wanted, and the feed's place at which it was read."""

    funnels: Funnels
    position: Position


def funnel_page(
    context: Context,
    pipeline: Pipeline,
    mode: Mode,
    filter_text: str = "",
    cohort: Window = ALWAYS,
    by: By | None = None,
) -> FunnelRead:
    """Give the funnel of the deals that a filter lets through and that were created in the days of `cohort`.

    Raises:
        BadInput: the filter cannot be read.
    """
    from funneltui.services import funnels, metrics, views

    asked = metrics.Asked(pipeline, views.table_filter(context, pipeline, filter_text), cohort)
    with reading(context.database):
        position = feed.position(context.database)
        return FunnelRead(funnels.funnels(context, asked, mode, by), position)


def stats_page(context: Context, pipeline: Pipeline, filter_text: str = "") -> Stats:
    """Give the figures of the deals that a filter lets through, of all time: what says where deals get stuck."""
    from funneltui.services import metrics, views

    return metrics.stats(context, metrics.Asked(pipeline, views.table_filter(context, pipeline, filter_text)))


@dataclass(frozen=True, slots=True)
class ChangesRead:
    """What changed since a moment, and the feed's place at which it was read."""

    changes: ChangesSince
    position: Position


def changes_page(context: Context, pipeline: Pipeline, since: str) -> ChangesRead:
    """Give what changed in a pipeline since a moment as it was typed; see `changes_since.changes_typed`.

    Raises:
        BadInput: the moment cannot be read, or is still to come, or there was no last review.
    """
    from funneltui.services import changes_since

    with reading(context.database):
        position = feed.position(context.database)
        return ChangesRead(changes_since.changes_typed(context, since, None, pipeline), position)


@dataclass(frozen=True, slots=True)
class InsightsRead:
    """All figures of a period, each rep's way through the stages, the losses, and the feed's place."""

    stats: Stats
    reps: tuple[Group, ...]
    losses: Losses
    position: Position


def insights_page(
    context: Context,
    pipeline: Pipeline,
    by: By,
    window: Window,
    filter_text: str = "",
    before: InsightsRead | None = None,
) -> InsightsRead:
    """Give the figures of the deals that a filter lets through, told apart by something, of a period; see `metrics.stats`.

    What was read `before` is taken again as far as it is of the same, while nothing has happened since.

    Raises:
        BadInput: the filter cannot be read.
    """
    from funneltui.services import losses, metrics, views

    asked = metrics.Asked(pipeline, views.table_filter(context, pipeline, filter_text), window)
    owners = By.OWNER
    with reading(context.database):
        position, today = feed.position(context.database), context.clock.today()
        if before is None or (before.position, before.stats.asked, before.stats.today) != (position, asked, today):
            found = metrics.stats(context, asked, owners, with_funnels=True)
            before = InsightsRead(found, found.groups, losses.losses(context, asked), position)
        groups = before.reps if by is owners else metrics.groups(context, asked, by)
    return replace(before, stats=replace(before.stats, by=by, groups=groups))


MOST_EXPECTED = 60
"""How many deals of a forecast are told one by one, the next to close first."""


@dataclass(frozen=True, slots=True)
class ForecastRead:
    """A forecast beside what it would be, the deals expected in its chosen period, and the feed's place.

    `set_for_all`: see `forecasts.is_set_for_all`.
    """

    what_if: WhatIf
    deals: tuple[Counted, ...]
    position: Position
    set_for_all: bool = False


def forecast_page(
    context: Context, asked: Asked, period: Period, supposed: Sequence[tuple[Deal, Deal]] = ()
) -> ForecastRead:
    """Give a forecast, what it would be if some deals were else, and the open deals expected to close in one period of it.

    Raises:
        NotFound, NotAllowed: as `forecasts.forecast_of`.
    """
    from funneltui.services import forecasts

    with reading(context.database):
        position = feed.position(context.database)
        found = forecasts.supposing(context, asked, supposed)
        here = forecasts.details(context, replace(asked, periods=(period,)), won=False)
        set_for_all = forecasts.is_set_for_all(context, asked)
        return ForecastRead(found, tuple(islice(here, MOST_EXPECTED)), position, set_for_all)


def among(numbers: Iterable[int]) -> Condition:
    """Give the condition of deals by their numbers, however many they are; what the actor may see is said elsewhere."""
    listed = ",".join(str(int(number)) for number in numbers)  # numbers, and nothing else, so no parameters are needed
    return Condition(f"d.number IN ({listed})" if listed else "1 = 0")


def open_at(context: Context, pipeline: Pipeline, point: Point, currency: str) -> list[int]:
    """Give the numbers of the deals in a currency that were open at a moment: what a sum of changes begins or ends with."""
    from funneltui.services import as_of

    stood = as_of.deals_at(context, pipeline, point.moment)
    return [deal.number for deal in stood if deal.is_open and deal.currency == currency]
