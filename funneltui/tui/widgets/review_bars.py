"""The lines above and below a review: how far it has come and what is left; what was done last, and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.services.reviews import MARKS, WORDS, Why
from funneltui.tui.keymap import in_force
from funneltui.tui.painting import fit, spread
from funneltui.tui.review_actions import ANSWERS, AT_THE_END
from funneltui.tui.widgets.keys_bar import keys_width
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.screen_bars import HeadLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

    from funneltui.services.context import Context
    from funneltui.tui.actions import Action
    from funneltui.tui.review_state import Reviewing
    from funneltui.tui.theming import Look


class ReviewHead(HeadLine):
    """Two lines: the place in the queue; what is left, by why."""

    def __init__(self, look: Look, state: Reviewing, context: Context, name: str) -> None:
        """Show a review's state; `name` is that of the pipeline, or empty for all."""
        super().__init__(look, context, id="head")
        self.state, self.pipeline_name = state, name

    def where(self) -> list[Piece]:
        """Name the screen, the place in the queue, and how much is done."""
        palette, state = self.palette, self.state
        told: list[Piece] = [("  Review", palette.strong), (f"  {self.pipeline_name}", palette.muted)]
        if state.place:
            told.append((f"  {state.at + 1:,} of {len(state.places):,}", palette.strong))
        parts = [("answered", len(state.answered)), ("skipped", len(state.skipped))]
        if done := " · ".join(f"{n:,} {word}" for word, n in parts if n):
            told.append((f"  {done}", palette.muted))
        return told

    def below(self, y: int, width: int) -> list[Piece]:
        """Paint what is left."""
        return self._left(width) if self.state.places else []

    def _left(self, width: int) -> list[Piece]:
        palette = self.palette
        styles = {
            Why.OVERDUE: palette.overdue, Why.TODAY: palette.today, Why.CLOSE_PASSED: palette.overdue,
            Why.ROTTING: palette.rotting,
        }  # fmt: skip
        left = self.state.left
        if not left:
            return [(" all answered", palette.muted)]
        pieces: list[Piece] = [(" left: " if width >= 100 else " ", palette.muted)]
        full = sum(len(f"{n:,} {WORDS[why]}") + 4 for why, n in left.items()) < width
        for why, n in left.items():
            words = f" {WORDS[why]}" if full else ""
            pieces += [(f"{MARKS[why]} ", styles.get(why, palette.text)), (f"{n:,}{words}  ", palette.muted)]
        return spread(pieces, [], width, palette.text)


class ReviewFoot(Painted):
    """Three lines: what the last answer did; the keys, in two lines."""

    def __init__(self, look: Look, state: Reviewing) -> None:
        """Show a review's state."""
        super().__init__(look, id="foot")
        self.state = state

    def line_style(self, y: int) -> Style:
        """The keys are a bar."""
        return self.palette.bar if y else super().line_style(y)

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line."""
        if y == 0:
            return [(f" {fit(self.state.said, width - 2)}", self.palette.muted)] if self.state.said else []
        return self._keys((AT_THE_END if self.state.over else ANSWERS)[y - 1], width)

    def _keys(self, actions: Sequence[Action], width: int) -> list[Piece]:
        shown = [action for action in in_force(self.app, actions) if action.keys]
        while len(shown) > 1 and keys_width(shown) > width:  # the one that leads to all others is never left out
            shown.remove(next(action for action in reversed(shown) if action.name != "help"))
        pieces: list[Piece] = [(" ", self.palette.text)]
        for action in shown:
            pieces += [(action.shown_key, self.palette.key), (f" {action.label}  ", self.palette.muted)]
        return pieces
