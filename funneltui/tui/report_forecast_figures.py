"""What stands behind the numbers of a forecast's line: what each is, by which rule, and the deals that it is made of."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from funneltui.domain import money
from funneltui.domain.figure_sums import By
from funneltui.domain.forecast import Category
from funneltui.domain.forecast_table import brief_labels
from funneltui.domain.text import counted
from funneltui.services.figures import StatsFilters
from funneltui.services.forecast_deals import ForecastDeals
from funneltui.tui.report_cells import NOTHING, percent, rounded
from funneltui.tui.widgets.report_page import Figure

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.domain.forecast import Line as Row
    from funneltui.domain.forecast_table import Forecast, Other
    from funneltui.services.forecasts import Asked

CATEGORY_RULES = {
    Category.CLOSED: "won",
    Category.COMMIT: "a chance of 75% and more",
    Category.BEST_CASE: "a chance of 40% to under 75%",
    Category.PIPELINE: "a chance under 40%, or none known",
    Category.OMITTED: "a chance of 0%, which a rep gives",
}
"""The rule of each category; that of `domain.forecast.category_of`."""

_ONE_LIST = "the deals of several pipelines are told together, and a list is of one"
_ALONE = ("forecast.everywhere", "tells the board's alone")


def category_words(category: Category) -> str:
    """Give a category as people read it."""
    return category.value.replace("_", " ")


def no_rate(other: Other) -> str:
    """Say why what is in another currency is in no sum; a rate that is known of a later day does not convert it."""
    return "no rate of then is known" if other.known_later else "no rate is known"


class ForecastFigures:
    """Makes the figures of a forecast's lines: of the team's and of single owners'."""

    def __init__(
        self,
        asked: Asked,
        shown: Forecast,
        supposed: tuple[tuple[Deal, Deal], ...],
        *,
        several: bool,
        sets_quotas: bool,
    ) -> None:
        """Tell of a forecast as it was asked for; `several`: of more than one pipeline; see `Expected` for the rest."""
        self.asked, self.shown, self.supposed, self.several = asked, shown, supposed, several
        self._sets = ("forecast.quota", "sets one") if sets_quotas else None

    def _money(self, amount: int) -> str:
        return money.format_full(amount, self.shown.currency)

    def won(self, row: Row, key: str) -> Figure:
        """Give what was won in the period."""
        says = f"{self._money(row.won.amount)}: {counted(row.won.count)} won with a close date in {row.label}"
        return self._of(row, f"{key} won", says, won=True)

    def gap(self, row: Row, key: str) -> Figure:
        """Give the gap; what it takes from the quota, the won deals, is what opens."""
        if row.gap is None:
            why = f"no gap: {'the period has not begun' if row.is_future else 'no quota is set'}"
            return Figure(f"{key} gap", why, why=why, mends=None if row.is_future else self._sets)
        told = "to go" if row.gap > 0 else "the quota is exceeded" if row.gap < 0 else "the quota is met"
        says = f"{self._money(row.gap)}: gap = quota - won, by {counted(row.won.count)} won; {told}"
        return self._of(row, f"{key} gap", says, won=True)

    def pace(self, row: Row, key: str) -> Figure:
        """Give the pace; it is that of the won deals."""
        if row.pace is None:
            return self._without_gap(row, f"{key} pace", "no pace")
        says = (
            f"{percent(row.pace)}: pace = won / the part of the quota that is due by the days gone, by "
            f"{counted(row.won.count)} won; 100% is on time"
        )
        return self._of(row, f"{key} pace", says, won=True)

    def pipeline(self, row: Row, key: str) -> Figure:
        """Give the open deals expected to close in the period."""
        n, worth = row.pipeline.count, self._money(row.pipeline.amount)
        says = f"{worth}: {counted(n, 'open deal')} expected to close in {row.label}"
        return self._of(row, f"{key} open", says, won=False)

    def weighted(self, row: Row, key: str) -> Figure:
        """Give the weighted amount of the same."""
        says = (
            f"{rounded(Fraction(row.weighted), self.shown.currency)}: weighted = amount x probability, the deal's own if "
            f"set, else its stage's; of {counted(row.pipeline.count, 'open deal')} expected to close in {row.label}"
        )
        return self._of(row, f"{key} weighted", says, won=False)

    def coverage(self, row: Row, key: str) -> Figure:
        """Give how often the pipeline covers the gap that remains; it is the open deals that do."""
        if row.coverage is None:
            return self._without_gap(row, f"{key} cover", "no coverage")
        n = row.pipeline.count
        says = (
            f"{row.coverage:.1f}x: coverage = pipeline / remaining gap, by {counted(n, 'open deal')} expected to close"
        )
        return self._of(row, f"{key} cover", says, won=False)

    def _without_gap(self, row: Row, key: str, what: str) -> Figure:
        why = (
            "the gap is closed"
            if row.gap is not None
            else "there is no gap without a quota or before the period begins"
        )
        return Figure(key, f"{what}: {why}", why=f"{what}: {why}")

    def quota(self, row: Row, key: str) -> Figure:
        """Say where a quota comes from; a revised one says both. It is set, and made of no deals."""
        if row.quota is None:
            why = f"no quota is set for {row.label}"
            return Figure(f"{key} quota", why, why=why, mends=self._sets)
        was = row.found.before
        revised = f", revised from {self._money(was)}" if was is not None and was != row.quota else ""
        last = next((part for part in reversed(row.found.parts) if part.who), None)
        by = f"; set by {last.who}" if last is not None else ""
        parts = "" if row.found.is_whole else f"; {len(row.found.parts)} of {row.found.possible} parts are set"
        says = f"the quota for {row.label} is {self._money(row.quota)}{revised}{by}{parts}"
        return Figure(f"{key} quota", says, why=f"a quota is set, and made of no deals; {says}")

    def needed(self, row: Row, key: str) -> Figure:
        """Give how many deals close the gap; the closed deals that rate and average are taken from are what opens."""
        basis = row.basis
        if row.needed_deals is None:
            return self._without_gap(row, f"{key} needed", "no number of deals")
        rate = NOTHING if basis.win_rate is None else percent(float(basis.win_rate))
        average = NOTHING if basis.average is None else self._money(round(basis.average))
        says = (
            f"{row.needed_deals:,}: deals needed = gap / (average won amount x win rate): {average} (n {basis.priced:,}) x "
            f"{rate}, of {counted(basis.closed, 'closed deal')}, of all time"
        )
        if self.several:
            return Figure(f"{key} needed", says, n=basis.closed, why=_ONE_LIST, mends=_ALONE)
        return Figure(f"{key} needed", says, f"is:won,lost {self._whose(row)}".strip(), basis.closed)

    def category(self, row: Row, key: str, category: Category) -> Figure:
        """Give the deals of a category in the line's period."""
        its = row.of(category)
        says = (
            f"{self._money(its.amount)}: {counted(its.count)} in {row.label} of the category {category_words(category)}; "
            f"{CATEGORY_RULES[category]}"
        )
        if category is Category.CLOSED:
            return self._of(row, key, says, won=True)
        return self._found(key, says, its.count, self._meant(row, won=False, category=category))

    def apart(self, other: Other, *, won: bool) -> Figure:
        """Give the deals in a currency that no rate converts."""
        total = other.won if won else other.pipeline
        what = "won" if won else "open and expected to close"
        when = brief_labels(other.labels)
        says = f"{counted(total.count)} {what} in {other.currency} in {when}: in no sum, as {no_rate(other)}"
        meant = ForecastDeals(self.asked, won, apart=other.currency, supposed=self.supposed)
        return self._found(f"apart {other.currency} {'won' if won else 'open'}", says, total.count, meant)

    def quota_apart(self, other: Other) -> Figure:
        """Say that a quota in a currency that no rate converts is in no sum."""
        says = f"quotas in {other.currency} for {brief_labels(other.labels)}, in no sum: {no_rate(other)}"
        return Figure(f"apart {other.currency} quota", says, why=f"a quota is set, and made of no deals; {says}")

    def _of(self, row: Row, key: str, says: str, *, won: bool) -> Figure:
        """Give a figure of the deals won in a line's period, or open and expected in it; by a filter where one says it."""
        n = row.won.count if won else row.pipeline.count
        if self.several or self.shown.others or (not won and (self.supposed or self.asked.category)):
            return self._found(key, says, n, self._meant(row, won=won))
        when = f"{row.first}..{row.last}"
        text = f"is:won closed:{when}" if won else f"is:open close:{when}"
        return Figure(key, says, f"{text} {self._whose(row)}".strip(), n)

    def _found(self, key: str, says: str, n: int, meant: ForecastDeals) -> Figure:
        if self.several:
            return Figure(key, says, n=n, why=_ONE_LIST, mends=_ALONE)
        return Figure(key, says, n=n, finds=meant.condition)

    def _meant(self, row: Row, *, won: bool, category: Category | None = None) -> ForecastDeals:
        periods = tuple(period for period in self.asked.periods if period.label == row.label)
        owners = None if row.is_team else (row.owner,)
        return ForecastDeals(replace(self.asked, periods=periods), won, owners, category, supposed=self.supposed)

    @staticmethod
    def _whose(row: Row) -> str:
        return "" if row.is_team else StatsFilters(by=By.OWNER, key=row.owner).whose
