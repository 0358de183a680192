"""The line at the top: where you are and how the day stands. The line at the bottom: the keys, and the deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.tui.actions import BOARD
from funneltui.tui.painting import spread, width_of
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.screen_bars import HeadLine

if TYPE_CHECKING:
    from funneltui.services.context import Context
    from funneltui.tui.actions import Action
    from funneltui.tui.board_state import BoardState
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece


class TopBar(HeadLine):
    """The program, the pipeline with its totals, what is overdue and due, what waits in the inbox, who acts, the day."""

    def __init__(self, look: Look, state: BoardState, context: Context) -> None:
        """Show a board's state."""
        super().__init__(look, context)
        self.state = state

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the bar, leaving out what matters least where there is no room."""
        palette, state = self.palette, self.state
        today = self.context.clock.today()
        # The board of a past day tells its own day at the left.
        who, day = f"  {self.context.actor.name}", " " if state.as_of else f"  {dates.echo(today, today)} "
        right: list[Piece] = []
        if state.due.overdue:
            right.append((f"! {state.due.overdue:,} overdue", palette.overdue))
        if state.due.today:
            right.append((f"{'  ' if right else ''}• {state.due.today:,} today", palette.today))
        word, short = ("inbox ", palette.muted), ("i", palette.muted)
        if state.waiting:
            right += [("  " if right else "", palette.text), word, (f"{state.waiting:,}", palette.accent)]
        right += [(who, palette.text), (day, palette.muted)]
        left: list[Piece] = [(" funneltui", palette.key), (f"  {state.pipeline.name}", palette.strong)]
        if state.as_of:
            left.append((f"  as of {state.as_of}", palette.today))
        totals = self._totals()
        left.append((totals, palette.muted))
        if state.sort.value != "due":
            left.append((f" · by {state.sort.value}", palette.accent))
        if state.filter_text:
            left.append((f"  /{state.filter_text}", palette.today))
        if state.marked:
            left.append((f"  ■ {len(state.marked):,} marked", palette.marked))
        if sum(width_of(text) for text, _ in (*left, *right)) > width:
            right = [short if piece is word else piece for piece in right]
        for spare in (who, totals):
            if sum(width_of(text) for text, _ in (*left, *right)) > width:
                left, right = [[piece for piece in side if piece[0] != spare] for side in (left, right)]
        return spread(left, right, width, palette.text)

    def _totals(self) -> str:
        """Give whose deals are seen, how many are open and what they are worth."""
        if not self.state.loaded:
            return ""
        scope, standing = "all" if self.context.actor.scope is None else "mine", self.state.funnel.open
        total = money.format_compact(standing.amount, self.state.pipeline.currency, 8)
        return f" · {scope} · {standing.count:,} open · {total}"


class BottomBar(KeysBar):
    """The keys that matter most on the board; at the right the deal under the cursor."""

    def __init__(self, look: Look, state: BoardState, context: Context) -> None:
        """Show a board's state."""
        by_name = {action.name: action for action in BOARD if action.label}
        super().__init__(look, [by_name[name] for name in _FOOTER])
        self.state, self.context = state, context
        self._carried: tuple[str, str] = ("", "")

    def carry(self, what: str, stage: str) -> None:
        """Tell what letting go would move into which stage, by its name; with an empty one the keys again."""
        self._carried = (what, stage)
        self.refresh()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the keys; while a card is dragged, what letting go does."""
        what, stage = self._carried
        if not stage:
            return super().pieces(y, width)
        palette = self.palette
        way_out: list[Piece] = [("esc", palette.key), (" not at all ", palette.muted)]
        left: list[Piece] = [(" let go: ", palette.muted), (what, palette.strong), (f" → {stage}", palette.accent)]
        return spread(left, way_out, width, palette.text)

    def acts(self, action: Action) -> bool:
        """Where there is no deal, only what needs none can act; the filter, while one is what hides them."""
        state = self.state
        if not state.loaded or any(lane.count for lane in state.lanes.values()):
            return True
        return action.name not in _ON_DEALS and (action.name != "filter" or bool(state.filter_text))

    def spare_note(self) -> str:
        """Tell of the deal under the cursor."""
        deal = self.state.deal
        if deal is None:
            return ""
        days = (self.context.clock.today() - self.context.clock.local_day(deal.stage_entered)).days
        stage = self.state.cursor_lane.stage.name
        what = f"#{deal.number} · {stage} {days} d"
        if deal.follow_up_note:
            what = f"{deal.follow_up_note} · {what}"
        elif deal.follow_up:
            what = f"follow-up {dates.echo(deal.follow_up, self.context.clock.today())} · {what}"
        return what


_ON_DEALS = ("move_to", "open", "lose", "win", "funnel", "today")
_FOOTER = ("move_to", "open", "new", "lose", "win", "filter", "funnel", "today", "undo", "help")
