"""The funnel in full: conversion, entered or standard; every number, bar and rate opens (A1 to A6, B3, G3)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain.figure_sums import By
from funneltui.domain.funnel import Mode
from funneltui.errors import FunneltuiError
from funneltui.services import report_pages
from funneltui.tui.actions import bindings
from funneltui.tui.report_actions import FUNNEL
from funneltui.tui.report_funnel import FunnelPage, Measure, Trouble
from funneltui.tui.screens.report_periods import PeriodReport

if TYPE_CHECKING:
    from funneltui.services.report_pages import FunnelRead
    from funneltui.storage.feed import Position
    from funneltui.tui.actions import Action
    from funneltui.tui.widgets.report_page import Builder

_MODES = (Mode.CONVERSION, Mode.ENTERED, Mode.STANDARD)
_GROUPS = (None, *By)


class FunnelScreen(PeriodReport):
    """Takes every key of the funnel; a period narrows it to the deals created in it."""

    TITLE = "Funnel"
    ACTIONS: ClassVar[tuple[Action, ...]] = FUNNEL
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FUNNEL)]
    FOOTER = ("open", "mode", "measure", "by", "period", "filter", "back", "help")

    mode = Mode.CONVERSION
    measure = Measure.COUNT
    by: By | None = By.OWNER
    _trouble: Trouble | None = None

    @property
    def state_words(self) -> str:
        """The mode, what the bars measure, and of when the deals are."""
        parts = [self.mode.value]
        if self.mode is Mode.STANDARD:
            parts.append(self.measure.value)
        if self.period:
            parts.append(f"created in {self.period.label}")
        return " · ".join(parts)

    async def read(self) -> tuple[Builder, Position]:
        """Read the funnel; where deals get stuck comes after it."""
        read: FunnelRead = await self.worker.run(
            report_pages.funnel_page, self.pipeline, self.mode, self.filter_text, self.window, self.by
        )
        self.later(partial(self._look_for_trouble, read), "trouble")
        return self._page_of(read), read.position

    def _page_of(self, read: FunnelRead) -> FunnelPage:
        sees_all = self.context.actor.scope is None
        return FunnelPage(
            self.pipeline, read.funnels, self.measure, self.filter_text, self.window, self._trouble, sees_all=sees_all
        )

    async def _look_for_trouble(self, read: FunnelRead) -> None:
        try:
            stats = await self.worker.run(report_pages.stats_page, self.pipeline, self.filter_text)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        stays = {key: times.latest for key, times in stats.whole.time_in_stage.items()}
        self._trouble = Trouble(stats.stuck, stays)
        self._page.show(self._page_of(read))

    def action_mode(self) -> None:
        """Switch the mode."""
        self.mode = _MODES[(_MODES.index(self.mode) + 1) % len(_MODES)]
        self.read_anew()

    def action_measure(self) -> None:
        """Let the bars measure something else."""
        if self.mode is not Mode.STANDARD:  # the others count deals: the key leads to the one that can measure
            self.mode = Mode.STANDARD
            self.read_anew()
            return
        measures = list(Measure)
        self.measure = measures[(measures.index(self.measure) + 1) % len(measures)]
        self.read_anew()

    def action_by(self) -> None:
        """Tell the deals apart by something else, or not at all."""
        self.by = _GROUPS[(_GROUPS.index(self.by) + 1) % len(_GROUPS)]
        self.read_anew()
