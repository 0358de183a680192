"""The live funnel: both modes drawn as one, or told in a line where there is no room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain import money
from funneltui.domain.funnel import Mode
from funneltui.tui.painting import fit, spread, width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from rich.style import Style

    from funneltui.domain.funnel import Funnel
    from funneltui.tui.board_state import BoardState
    from funneltui.tui.theming import Look


_WHOLE, _SHORT = 40, 8
"""The most cells of a stage's name in the line of a small terminal."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: the stage's name and colour, its number, and what stands beside it."""

    name: str
    style: Style
    count: int
    beside: str


def bars_of(figures: Funnel, look: Look) -> list[Bar]:
    """Give the funnel's bars, from the first stage to won."""
    won = look.palette.won
    if figures.mode is Mode.STANDARD:
        rows = [
            Bar(row.stage.name, _color(look, row.stage.key, figures), row.count, _sum(row.amount, figures.currency))
            for row in figures.stages
        ]
        return [*rows, Bar("Won", won, figures.won.count, _sum(figures.won.amount, figures.currency))]
    rates = [None, *(row.step_rate for row in figures.stages)]
    rows = [
        Bar(row.stage.name, _color(look, row.stage.key, figures), row.reached, percent(rate))
        for row, rate in zip(figures.stages, rates, strict=False)
    ]
    through = figures.stages[-1].won if figures.stages else 0
    return [*rows, Bar("Won", won, through, percent(rates[-1]))]


def percent(rate: float | None) -> str:
    """Give a share as people read it, or nothing where there is none."""
    return "" if rate is None else f"{rate * 100:.0f}%"


def _sum(amount: int, currency: str) -> str:
    return money.format_compact(amount, currency, 6) if amount else ""


def _color(look: Look, key: str, figures: Funnel) -> Style:
    rank = next(rank for rank, row in enumerate(figures.stages) if row.stage.key == key)
    stage = figures.stages[rank].stage
    return look.stage_style(stage.kind.value, rank, stage.color)


class FunnelPane(Painted):
    """The funnel beside the board: a centred bar a stage where the pane is high enough, else one line a stage."""

    def __init__(self, look: Look, state: BoardState) -> None:
        """Show a board's funnel."""
        super().__init__(look, id="funnel")
        self.state = state
        self._lines: list[list[Piece]] = []
        self._drawn_for: tuple[int, int] = (0, 0)

    def wanted_height(self, available: int) -> int:
        """Give the number of lines to take of those available to it and the pane above."""
        stages = len(self.state.pipeline.open_stages) + 1
        roomy = 2 * stages + 2
        return roomy if roomy <= available // 2 else min(stages + 2, available)

    def update(self) -> None:
        """Draw anew from the state; nothing is sent when it looks the same."""
        lines = self._draw(self.size.width, self.size.height)
        if lines != self._lines:
            self._lines, self._drawn_for = (
                lines,
                self.size,
            )  # while it is hidden it has none: it is drawn anew when it has
            self.refresh()

    def show_look(self, look: Look) -> None:
        """Paint with another look."""
        super().show_look(look)
        self._lines = self._draw(self.size.width, self.size.height)

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line, of a drawing made for this size."""
        if self._drawn_for != self.size:
            self._drawn_for = self.size
            self._lines = self._draw(width, self.size.height)
        return self._lines[y] if y < len(self._lines) else []

    def _draw(self, width: int, height: int) -> list[list[Piece]]:
        if not self.state.loaded or width < 10:
            return []
        palette, figures = self.palette, self.state.funnel
        standard = figures.mode is Mode.STANDARD
        total = figures.open.count if standard else figures.entered
        head = spread(
            [("Funnel ", palette.strong), (figures.mode.value, palette.accent)],
            [(f"{total:,} {'open' if standard else 'in'}", palette.muted)],
            width - 1, palette.text,
        )  # fmt: skip
        bars = bars_of(figures, self.look)
        largest = max((bar.count for bar in bars), default=0) or 1
        lines = [head]
        roomy = height >= 2 * len(bars) + 2
        for bar in bars:
            lines += self._tall(bar, largest, width) if roomy else [self._flat(bar, largest, width)]
        return [*lines, self._foot(figures, width)]

    def _tall(self, bar: Bar, largest: int, width: int) -> list[list[Piece]]:
        room = width - 1
        length = _length(bar.count, largest, room)
        figures: list[Piece] = [
            (f" {bar.count:>6,}", self.palette.text), (f" {bar.beside:>6}", self.palette.muted),
        ]  # fmt: skip
        return [
            spread([(bar.name, self.palette.muted)], figures, room, self.palette.text),
            [(" " * ((room - length) // 2), self.palette.text), ("█" * length, bar.style)],
        ]

    def _flat(self, bar: Bar, largest: int, width: int) -> list[Piece]:
        name_width = min(14, width // 3)
        room = width - name_width - 15
        length = _length(bar.count, largest, room)
        return [
            (fit(bar.name, name_width) + " ", self.palette.muted), ("█" * length, bar.style),
            (" " * (room - length), self.palette.text), (f"{bar.count:>6,}", self.palette.text),
            (f" {bar.beside:>6}", self.palette.muted),
        ]  # fmt: skip

    def _foot(self, figures: Funnel, width: int) -> list[Piece]:
        rate = percent(figures.overall_rate)
        parts = [f"{rate} overall" if rate else "", f"{figures.lost.count:,} lost" if figures.lost.count else ""]
        if figures.others:
            parts.append("+ " + " ".join(f"{one.count:,} {currency}" for currency, one in figures.others))
        text = " · ".join(part for part in parts if part)
        return [(fit(text, width - 1).rstrip(), self.palette.muted)]


def _length(count: int, largest: int, room: int) -> int:
    length = round(room * count / largest)
    return 1 if count and not length else min(length, room)


class FunnelLine(Painted):
    """The funnel in one line, for a small terminal."""

    def __init__(self, look: Look, state: BoardState) -> None:
        """Show a board's funnel."""
        super().__init__(look, id="funnel-line")
        self.state = state

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the line: name, number and rate of each stage, then of won.

        Where there is no room, the mode's word is left out first; then names are cut, at last left out, won's never.
        """
        if not self.state.loaded:
            return []
        palette, figures = self.palette, self.state.funnel
        bars = bars_of(figures, self.look)
        word: Piece = (f"{figures.mode.value} ", palette.accent)
        for mode, most in (([word], _WHOLE), ([], _WHOLE), ([], _SHORT), ([word], 0), ([], 0)):
            pieces: list[Piece] = [(" Funnel ", palette.strong), *mode]
            for bar in bars:
                pieces += self._bar(bar, most if bar is not bars[-1] else _WHOLE)
            if sum(width_of(text) for text, _ in pieces) <= width:
                break
        return spread(pieces, [], width, palette.text)

    def _bar(self, bar: Bar, most: int) -> list[Piece]:
        name = fit(bar.name, min(most, width_of(bar.name)))
        beside = f" {bar.beside}" if bar.beside else ""
        return [
            (" ▸", bar.style),
            (f" {name}" if name else "", self.palette.muted),
            (f" {bar.count:,}", self.palette.text),
            (beside, self.palette.muted),
        ]
