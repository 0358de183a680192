"""The forecast as a page: periods side by side, the chosen one by owner and by category, the deals expected in it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.domain.forecast import OPEN_CATEGORIES, Category
from funneltui.domain.forecast_table import brief_labels
from funneltui.domain.text import counted
from funneltui.tui.report_cells import (
    Column,
    Told,
    bar_length,
    blank,
    compact,
    fitting,
    heads,
    left,
    percent,
    right,
    rounded,
    row,
)
from funneltui.tui.report_drawing import Part, legend, marked, stacked
from funneltui.tui.report_forecast_deals import Expected, deal_lines
from funneltui.tui.report_forecast_figures import CATEGORY_RULES, ForecastFigures, category_words, no_rate
from funneltui.tui.widgets.report_page import Cell, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.style import Style

    from funneltui.domain.forecast import Line as Row
    from funneltui.domain.forecast_table import Forecast
    from funneltui.tui.theming import Look

_NAME = 15
_COLUMNS = (
    Column("quota", 10, 3), Column("won", 10), Column("gap", 10, 1), Column("pipeline", 10), Column("weighted", 10, 2),
    Column("cover", 7, 5), Column("need", 6, 4), Column("pace", 7, 6), Column("best case", 11, 7), Column("commit", 10, 8),
)  # fmt: skip
_ROOMY = 100
_LEAST_BAR, _MOST_BAR = 28, 60
"""So many cells the bars take at least, with what parts them from the columns, on a page with room for them."""
_QUOTA_MARK = "┃"
_OF_QUOTA = ("quota", "gap", "cover", "need", "pace")
"""The columns that say nothing as long as no quota is set."""
NOBODY = "nobody"


class ForecastPage:
    """Makes the page's lines, for any look and width."""

    def __init__(self, found: Expected) -> None:
        """Show these figures."""
        self.found = found
        self.figures = ForecastFigures(
            found.asked,
            self._shown,
            tuple(found.supposed.values()),
            several=found.several,
            sets_quotas=found.sets_quotas,
        )
        self.look: Look
        self.width = 0

    def __call__(self, look: Look, width: int) -> Sequence[Line]:
        """Give the lines."""
        self.look, self.width, found = look, width, self.found
        return [
            *self._head(), [], *self._periods(), [], *self._owners(), *self._categories(), [],
            *deal_lines(found, look, width), *self._conversions(),
        ]  # fmt: skip

    @property
    def _shown(self) -> Forecast:
        return self.found.what_if.after if self.found.supposed else self.found.what_if.before

    @property
    def _has_quotas(self) -> bool:
        return any(one.quota is not None for one in (*self._shown.team, *self._shown.lines))

    @property
    def _columns(self) -> tuple[Column, ...]:
        columns = tuple(column for column in _COLUMNS if self._has_quotas or column.head not in _OF_QUOTA)
        return fitting(columns, self.width - _NAME - 1 - (_LEAST_BAR if self.width >= _ROOMY else 0))

    @property
    def _bar_room(self) -> int:
        """The cells of the bars; none where there is no room for them."""
        room = self.width - _NAME - sum(column.width for column in self._columns) - 4
        return min(_MOST_BAR, room) if room >= _LEAST_BAR - 4 else 0

    def _money(self, amount: int) -> str:
        return money.format_full(amount, self._shown.currency)

    def _head(self) -> Iterator[Line]:
        """Say which period is looked at, how much of it has passed, and what a supposition moves."""
        palette, period = self.look.palette, self.found.period
        row = self._of_period(None)
        gone = "not begun" if row is None or row.is_future else f"{percent(float(row.elapsed))} of it has passed"
        first, last = dates.echo(period.first, self.found.today), dates.echo(period.last, self.found.today)
        yield [
            Cell(f" {period.label}", palette.strong), Cell(f"  {first} to {last}, {gone}", palette.muted),
            Cell(f"   amounts in {self._shown.currency}", palette.muted),
        ]  # fmt: skip
        if not self._has_quotas:
            sets = Cell("sets one: then gap, coverage and pace are told", palette.muted, action="forecast.quota")
            yield [Cell(" no quota is set  ", palette.muted), *([sets] if self.found.sets_quotas else [])]
            if self.found.set_for_all:
                tells = Cell("tells them together", palette.muted, action="forecast.everywhere")
                yield [Cell(" a quota is set for all pipelines:  ", palette.muted), tells]
        if self.found.supposed:
            moved = self.found.what_if
            parts = [
                f"{name} {'+' if move > 0 else ''}{rounded(Fraction(move), self._shown.currency)}"
                for name, move in (
                    ("expected gap", moved.gap_move), ("pipeline", moved.pipeline_move), ("weighted", moved.weighted_move),
                )
                if move is not None
            ]  # fmt: skip
            told = f"what if: {counted(len(self.found.supposed))} supposed, over all periods shown: {', '.join(parts)}"
            yield [Cell(f" {told}", palette.today)]

    def _of_period(self, owner: str | None, label: str = "", *, team: bool = True) -> Row | None:
        rows = self._shown.team if team else self._shown.lines
        wanted = label or self.found.period.label
        return next((row for row in rows if row.label == wanted and (team or row.owner == owner)), None)

    def _periods(self) -> Iterator[Line]:
        """Give everybody's line of each period, or of one's own where one sees no others'; the chosen one stands out."""
        palette, lines = self.look.palette, self._shown.team or self._shown.lines
        means = [blank(2), *legend(self._parts_shown, palette.muted, self._bar_room + 1)] if self._bar_room else []
        yield [*left(" Period", _NAME, palette.strong), *heads(self._columns, palette.muted), *means]
        for one in lines:
            chosen, key = one.label == self.found.period.label, f"period {one.label}"
            line = self._row(f"{'▸' if chosen else ' '}{one.label}", one, key, strong=chosen)
            yield [*line, *self._bar(one, key, lines)]

    def _owners(self) -> Iterator[Line]:
        """Give the chosen period by owner."""
        if not self._shown.team:
            return
        palette = self.look.palette
        here = [one for one in self._shown.lines if one.label == self.found.period.label]
        if here:
            yield [*left(f" {self.found.period.label}, by owner", _NAME + 12, palette.strong)]
        for one in here:
            key = f"owner {one.owner or ''}"
            yield [*self._row(f" {one.owner or NOBODY}", one, key), *self._bar(one, key, here)]
        if here:
            yield []

    @property
    def _parts_shown(self) -> list[tuple[str, str, Style]]:
        """Give what the signs of the bars stand for; without colours they alone tell the parts apart."""
        palette = self.look.palette
        accent = palette.text if palette.accent.underline else palette.accent
        quota = [(_QUOTA_MARK, "quota", palette.strong)] if self._has_quotas else []
        return [
            ("█", "won", palette.won),
            ("▒", "weighted", accent),
            ("░", "pipeline", palette.muted),
            *quota,
        ]

    def _bar(self, one: Row, key: str, beside: Sequence[Row]) -> list[Cell]:
        """Give a line's bar: what is won, and behind it the pipeline, of which the weighted part is the firmer one."""
        if not self._bar_room:
            return []
        (_, _, won), (_, _, weighted), (_, _, rest), *_ = self._parts_shown
        firm = min(one.weighted, one.pipeline.amount)
        parts = (
            Part(one.won.amount, "█", won, self.figures.won(one, key)),
            Part(firm, "▒", weighted, self.figures.weighted(one, key)),
            Part(one.pipeline.amount - firm, "░", rest, self.figures.pipeline(one, key)),
        )
        largest = max(max(each.won.amount + each.pipeline.amount, each.quota or 0) for each in beside)
        bar = stacked(parts, largest, self._bar_room)
        if one.quota:
            at = min(bar_length(one.quota, largest, self._bar_room), self._bar_room) - 1
            bar = marked(bar, at, _QUOTA_MARK, self.look.palette.strong)
        return [blank(3), *bar]

    def _row(self, name: str, one: Row, key: str, *, strong: bool = False) -> Line:
        palette, figures = self.look.palette, self.figures
        style = palette.strong if strong else palette.text
        cover = "" if one.coverage is None else f"{one.coverage:.1f}x"
        told: dict[str, Told] = {
            "quota": (self._short(one.quota), style, figures.quota(one, key)),
            "won": (self._short(one.won.amount), palette.won, figures.won(one, key)),
            "gap": ("0" if one.gap == 0 else self._short(one.gap), style, figures.gap(one, key)),
            "pipeline": (self._short(one.pipeline.amount), style, figures.pipeline(one, key)),
            "weighted": (self._short(one.weighted), palette.text, figures.weighted(one, key)),
            "cover": (cover, palette.muted, figures.coverage(one, key)),
            "need": ("" if one.needed_deals is None else f"{one.needed_deals:,}", style, figures.needed(one, key)),
            "pace": ("" if one.pace is None else percent(one.pace), palette.muted, figures.pace(one, key)),
        }
        for category in (Category.BEST_CASE, Category.COMMIT):
            figure = figures.category(one, f"{key} {category}", category)
            told[category_words(category)] = (self._short(one.of(category).amount), palette.text, figure)
        told = {head: (text, ink if text else palette.faint, figure) for head, (text, ink, figure) in told.items()}
        return [*left(name, _NAME, style), *row(told, self._columns)]

    def _short(self, amount: int | None) -> str:
        """Give an amount as short as its column; nothing at all for none, and for nought where it would only be noise."""
        return compact(amount, self._shown.currency, 9) if amount else ""

    def _categories(self) -> Iterator[Line]:
        """Give what the pipeline of the chosen period consists of, by how surely it is counted on."""
        palette = self.look.palette
        row = self._of_period(None) or next(
            (one for one in self._shown.lines if one.label == self.found.period.label), None
        )
        if row is None:
            return
        columns = (Column("deals", 8), Column("amount", 18))
        yield [*left(" By category", _NAME, palette.strong), *heads(columns, palette.muted)]
        for category in (Category.CLOSED, *reversed(OPEN_CATEGORIES[:-1]), Category.OMITTED):
            its, key = row.of(category), f"category {category}"
            count, worth = (self.figures.category(row, name, category) for name in (key, f"{key} sum"))
            yield [
                *left(f" {category_words(category)}", _NAME, palette.text),
                *right(f"{its.count:,}", columns[0], palette.text, count),
                *right(self._money(its.amount) if its.amount else "", columns[1], palette.text, worth),
                Cell(f"   {CATEGORY_RULES[category]}", palette.muted),
            ]

    def _conversions(self) -> Iterator[Line]:
        """Say by which rates of which day amounts of which periods were converted, and what is in no sum (G8)."""
        palette = self.look.palette
        for used in self._shown.conversions:
            when = f", for {brief_labels(used.labels)}" if used.labels else ""
            yield [Cell(f" {used.conversion.describe()}{when}", palette.muted)]
        for other in self._shown.others:
            why = f" in no sum, {no_rate(other)}, for {brief_labels(other.labels)}: "
            line: Line = [Cell(why, palette.muted)]
            for name, amount, figure in (
                ("won", other.won.amount, self.figures.apart(other, won=True)),
                ("pipeline", other.pipeline.amount, self.figures.apart(other, won=False)),
                ("quota", other.quota, self.figures.quota_apart(other)),
            ):
                told = money.format_full(amount, other.currency)
                line += [Cell(f" {name} ", palette.muted), Cell(told, palette.text, figure)] if amount else []
            yield line
