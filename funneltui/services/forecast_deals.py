"""The very deals behind a figure of a forecast (G3): as it counts them, by period, owner, category and currency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneltui.domain.forecast import Category, category_of
from funneltui.services import forecasts
from funneltui.services.report_pages import among
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context
    from funneltui.services.forecasts import Asked
    from funneltui.storage.deals import Condition


@dataclass(frozen=True, slots=True)
class ForecastDeals:
    """Which deals of a forecast are meant: those won in the periods of `asked`, or the open ones expected to close in them.

    `owners`: only theirs, none of it for nobody's. `category`: only open ones of it. Of a currency that no rate converts in
    a period nothing is in the sums; with `apart` those are meant, in that currency. `supposed` are open deals, each as it
    is and as it is looked at.
    """

    asked: Asked
    won: bool
    owners: tuple[str | None, ...] | None = None
    category: Category | None = None
    apart: str = ""
    supposed: tuple[tuple[Deal, Deal], ...] = ()

    def condition(self, context: Context) -> Condition:
        """Look them up, and give their condition.

        Raises:
            NotFound, NotAllowed: as `forecasts.forecast_of`.
        """
        with reading(context.database):
            alone = [replace(self.asked, periods=(period,)) for period in self.asked.periods]
            return among(deal.number for asked in alone for deal in self._in(context, asked) if self._has(deal))

    def _has(self, deal: Deal) -> bool:
        return self.owners is None or deal.owner in self.owners

    def _in(self, context: Context, asked: Asked) -> Iterator[Deal]:
        """Give the deals of one period; the forecast itself says which currencies are in its sums."""
        apart = {other.currency for other in forecasts.forecast_of(context, replace(asked, category=None)).others}
        for deal in self._won(context, asked) if self.won else self._open(context, asked):
            if deal.currency == self.apart if self.apart else deal.currency not in apart:
                yield deal

    def _won(self, context: Context, asked: Asked) -> Iterator[Deal]:
        """Give the deals won in a period: a category leaves them all in."""
        return (one.deal for one in forecasts.details(context, replace(asked, category=None), won=True))

    def _open(self, context: Context, asked: Asked) -> Iterator[Deal]:
        """Give the open deals expected in a period, those that are supposed else as they are supposed."""
        wanted = self.category or asked.category
        if asked.category not in (None, wanted):
            return
        others = {before.number for before, _ in self.supposed}
        for one in forecasts.details(context, replace(asked, category=wanted), won=False):
            if one.deal.number not in others:
                yield one.deal
        if not self.supposed:
            return
        chances = forecasts.ground_of(context, asked).chances
        for _, after in self.supposed:
            its = category_of(after.outcome, after.probability, chances.get((after.pipeline, after.stage)))
            if after.expected_close in asked.periods[0] and wanted in (None, its):
                yield after
