"""The very deals behind a figure of a forecast (G3): as it counts them, by period, owner, category and currency."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneltui.domain.forecast import Category, category_of
from funneltui.domain.forecast_table import rate_day
from funneltui.domain.rates import RateBook
from funneltui.services import forecasts
from funneltui.services.report_pages import among
from funneltui.storage import rates as stored_rates
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from funneltui.domain.deal import Deal
    from funneltui.domain.periods import Period
    from funneltui.services.context import Context
    from funneltui.services.forecasts import Asked
    from funneltui.storage.deals import Condition


@dataclass(frozen=True, slots=True)
class ForecastDeals:
    """Which deals of a forecast are meant: those won in the periods of `asked`, or the open ones expected to close in them.

    `owners`: only theirs, none of it for nobody's. `category`: only open ones of it. Of a currency that no rate converts in
    a period nothing is in its sums; with `apart` those are meant, in that currency. `supposed` are open deals, each as it
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
            is_apart = self._apart(context)
            return among(
                deal.number
                for deal, period in (self._won(context) if self.won else self._open(context))
                if (self.owners is None or deal.owner in self.owners)
                and is_apart(deal.currency, period) == bool(self.apart)
                and self.apart in ("", deal.currency)
            )

    def _apart(self, context: Context) -> Callable[[str, Period], bool]:
        """Give the function that tells whether what is in a currency is in no sum of a period; by the rates alone."""
        asked, today = self.asked, forecasts.day_of(context, self.asked.as_of)
        rates = RateBook(stored_rates.entered(context.database, asked.currency))

        def is_apart(currency: str, period: Period) -> bool:
            if currency == asked.currency:
                return False
            return not asked.convert or rates.conversion(currency, asked.currency, rate_day(period, today)) is None

        return is_apart

    def _won(self, context: Context) -> Iterator[tuple[Deal, Period]]:
        """Give the deals won in the periods: a category leaves them all in."""
        every = forecasts.details(context, replace(self.asked, category=None), won=True)
        return ((one.deal, one.period) for one in every)

    def _open(self, context: Context) -> Iterator[tuple[Deal, Period]]:
        """Give the open deals expected in the periods, those that are supposed else as they are supposed."""
        asked = self.asked
        wanted = self.category or asked.category
        if asked.category not in (None, wanted):
            return
        others = {before.number for before, _ in self.supposed}
        for one in forecasts.details(context, replace(asked, category=wanted), won=False):
            if one.deal.number not in others:
                yield one.deal, one.period
        if not self.supposed:
            return
        chances = forecasts.ground_of(context, asked).chances
        for _, after in self.supposed:
            its = category_of(after.outcome, after.probability, chances.get((after.pipeline, after.stage)))
            period = next((one for one in asked.periods if after.expected_close in one), None)
            if period is not None and wanted in (None, its):
                yield after, period
