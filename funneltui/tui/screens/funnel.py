"""The funnel in full: conversion, entered or standard; every number, bar and rate opens (A1 to A5, B3, G3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain.funnel import Mode
from funneltui.services import report_pages
from funneltui.tui.actions import bindings
from funneltui.tui.report_actions import FUNNEL
from funneltui.tui.report_funnel import FunnelPage, Measure
from funneltui.tui.screens.report import ReportScreen

if TYPE_CHECKING:
    from funneltui.storage.feed import Position
    from funneltui.tui.actions import Action
    from funneltui.tui.widgets.report_page import Builder

_MODES = (Mode.CONVERSION, Mode.ENTERED, Mode.STANDARD)


class FunnelScreen(ReportScreen):
    """Takes every key of the funnel."""

    TITLE = "Funnel"
    ACTIONS: ClassVar[tuple[Action, ...]] = FUNNEL
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FUNNEL)]
    FOOTER = ("open", "mode", "measure", "filter", "new", "back", "help")

    mode = Mode.CONVERSION
    measure = Measure.COUNT

    @property
    def state_words(self) -> str:
        """The mode, and what the bars measure."""
        return f"{self.mode.value} · {self.measure.value}" if self.mode is Mode.STANDARD else self.mode.value

    async def read(self) -> tuple[Builder, Position]:
        """Read the funnel."""
        read = await self.worker.run(report_pages.funnel_page, self.pipeline, self.mode, self.condition)
        return FunnelPage(self.pipeline, read.funnel, self.measure, self.filter_text), read.position

    def action_mode(self) -> None:
        """Switch the mode."""
        self.mode = _MODES[(_MODES.index(self.mode) + 1) % len(_MODES)]
        self.read_anew()

    def action_measure(self) -> None:
        """Let the bars measure something else."""
        if self.mode is not Mode.STANDARD:
            self.tell("the standard funnel has a measure; here the bars count deals")
            return
        measures = list(Measure)
        self.measure = measures[(measures.index(self.measure) + 1) % len(measures)]
        self.read_anew()
