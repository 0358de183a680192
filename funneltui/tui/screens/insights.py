"""The insights: every figure of a pipeline in a period, by owner, source, company, tag or month; all of them open (G3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain.figure_sums import By
from funneltui.errors import FunneltuiError
from funneltui.services import chances, report_pages
from funneltui.tui.actions import bindings
from funneltui.tui.learning import learned, model_of
from funneltui.tui.report_actions import INSIGHTS
from funneltui.tui.report_chances import BEST, Chances
from funneltui.tui.report_insights import Insights, InsightsPage
from funneltui.tui.screens.report_periods import PeriodReport

if TYPE_CHECKING:
    from funneltui.domain.chance_model import Model
    from funneltui.services.chances import Backtest
    from funneltui.services.report_pages import InsightsRead
    from funneltui.storage.feed import Position
    from funneltui.tui.actions import Action
    from funneltui.tui.widgets.report_page import Builder

_JUDGED_BEFORE = 91
"""How many days ago the estimates are made that are judged: a quarter."""


class InsightsScreen(PeriodReport):
    """Takes every key of the insights."""

    TITLE = "Insights"
    ACTIONS: ClassVar[tuple[Action, ...]] = INSIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(INSIGHTS)]
    FOOTER = ("open", "by", "period", "earlier", "later", "filter", "back", "help")

    by = By.OWNER
    _chances: Chances | None = None
    _read: InsightsRead | None = None

    @property
    def state_words(self) -> str:
        """The period, and what the groups are told apart by."""
        return f"{self.period.label if self.period else 'all time'} · by {self.by.value}"

    async def read(self) -> tuple[Builder, Position]:
        """Read the figures."""
        read = self._read = await self.worker.run(
            report_pages.insights_page, self.pipeline, self.by, self.window, self.filter_text, self._read
        )
        found = Insights(read.stats, read.reps, read.losses, self.filter_text, self._chances)
        self.later(partial(self._learn, found), "chances")
        return InsightsPage(found), read.position

    async def _learn(self, found: Insights) -> None:
        """Learn the chances piece by piece, so that nobody waits behind it, and show them when they are there."""
        known = self._chances
        try:
            model = await model_of(self.worker, self.pipeline)
            if known is not None and known.learned is model:
                before, past = known.before, known.past
            else:
                before, past = await self._judged()
            best = await self.worker.run(chances.best_first, [self.pipeline], self.condition, limit=BEST)
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return
        self._chances = Chances(self.pipeline, model, best, past, before, self.context.actor.scope is None)
        self._page.show(InsightsPage(replace(found, chances=self._chances)))

    async def _judged(self) -> tuple[Model, Backtest]:
        """Judge the estimates of a quarter ago by what has become of the deals since; with what they were made from."""
        day = self.context.clock.today() - timedelta(days=_JUDGED_BEFORE)
        before = await learned(self.worker, chances.lesson_before(self.pipeline, day))
        return before, await self.worker.run(chances.judged, self.pipeline, day, before)

    def action_by(self) -> None:
        """Tell the figures apart by something else."""
        every = list(By)
        self.by = every[(every.index(self.by) + 1) % len(every)]
        self.read_anew()
