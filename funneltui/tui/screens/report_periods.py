"""A page of figures of a period: all time, or a year, quarter or month, stepped through one by one."""

from __future__ import annotations

from funneltui.domain.metrics import ALWAYS, Window
from funneltui.domain.periods import Period, Span, period_of
from funneltui.tui.preferences import preferences_of
from funneltui.tui.screens.report import ReportScreen

_SPANS = (None, Span.YEAR, Span.QUARTER, Span.MONTH)


class PeriodReport(ReportScreen):
    """Takes the keys of the period."""

    period: Period | None = None
    """The period that is told of; none is all time."""

    @property
    def window(self) -> Window:
        """The days that are told of."""
        return Window(self.period.first, self.period.last) if self.period else ALWAYS

    def action_period(self) -> None:
        """Another length of the period: all time, a year, a quarter, a month."""
        span = _SPANS[(_SPANS.index(self.period.span if self.period else None) + 1) % len(_SPANS)]
        start = preferences_of(self.app).fiscal_start
        self.period = period_of(self.context.clock.today(), span, start) if span else None
        self.read_anew()

    def action_earlier(self) -> None:
        """The period before."""
        self._step(-1)

    def action_later(self) -> None:
        """The period after."""
        self._step(1)

    def _step(self, steps: int) -> None:
        if self.period is None:
            self.tell("this is all time; choose a period first")
            return
        self.period = self.period.next() if steps > 0 else self.period.previous()
        self.read_anew()
