"""Dragging a card to another lane: letting it go there is the key m and the digit of the stage, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.text import counted
from funneltui.tui.screens.board_looking import Looking

if TYPE_CHECKING:
    from textual import events

    from funneltui.domain.deal import Deal
    from funneltui.tui.widgets.lane import LaneView


@dataclass(slots=True)
class Drag:
    """A card under the pressed button: the deal as it was seen, its stage and place; the stage of the lane it is over.

    `away` tells that it has been over another lane than its own: then it is no click any more.
    `held` tells that the terminal says of its moves whether the button is down: then one without it comes after a release
    that was not seen.
    """

    deal: Deal
    stage: str
    place: int
    over: str = ""
    away: bool = False
    held: bool = False


class Dragging(Looking):
    """Follows the mouse from a card to the lane where the button is let go."""

    _drag: Drag | None = None
    _clicks_count = True

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the card, if there is one here."""
        self._leave_drag()
        self._clicks_count = True
        view = self._lane_under(event)
        if view is None or event.button != 1:
            return
        place = view.place_at(event.screen_y - view.region.y)
        deal = None if place is None else view.lane.at(place)
        if deal is not None and place is not None:
            self._drag = Drag(deal, view.lane.stage.key, place)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Let the lane under the mouse show that it would take the card."""
        drag = self._drag
        if drag is None:
            return
        if event.button:
            drag.held = True
        elif drag.held:
            self._leave_drag()
            return
        view = self._lane_under(event)
        stage = view.lane.stage.key if view else ""
        self._carry_over(drag, "" if stage == drag.stage else stage)

    async def on_mouse_up(self, event: events.MouseUp) -> None:
        """Move the deal to the stage of the lane where it is let go; on its own lane, and beside the lanes, nothing."""
        drag, view = self._drag, self._lane_under(event)
        if drag is None:
            return
        self._leave_drag()
        if view is None:
            return
        if view.lane.stage.key != drag.stage:
            await self._let_go(drag, view)
        else:
            same = view.place_at(event.screen_y - view.region.y) == drag.place
            self._clicks_count = same and not drag.away

    def on_screen_suspend(self) -> None:
        """Something has opened over the board."""
        self._leave_drag()

    async def action_back(self) -> None:
        """Out of a drag first: the card stays where it is."""
        if self._drag is not None:
            self._leave_drag()
            self._clicks_count = False
        else:
            await super().action_back()

    async def on_lane_view_chosen(self, message: LaneView.Chosen) -> None:
        """A card was dragged about in its own lane: that is no click."""
        if not self._clicks_count:
            message.prevent_default()

    async def _let_go(self, drag: Drag, view: LaneView) -> None:
        if self.choosing:
            await self.choose_stage("")
        self.leave_today()
        lane = self.state.lanes[drag.stage]
        deal = lane.at(drag.place)
        if deal is not None and deal.number == drag.deal.number:
            self._go_to_lane(drag.stage, drag.place)
            self.go(drag.place)
        number, version = drag.deal.number, drag.deal.version
        marked = self.state.marked
        await self.move_into(view.lane.stage, dict(marked) if number in marked else {number: version})

    def _lane_under(self, event: events.MouseEvent) -> LaneView | None:
        x, y = event.screen_x, event.screen_y
        return next((view for view in self._views.values() if view.display and view.region.contains(x, y)), None)

    def _carry_over(self, drag: Drag, stage: str) -> None:
        """Show which lane would take the card; an empty stage is none."""
        if stage == drag.over:
            return
        for key, takes in ((drag.over, False), (stage, True)):
            if key:
                self._views[key].show_that_it_takes(takes)
        drag.over, drag.away = stage, drag.away or bool(stage)
        name = self.pipeline.stage(stage).name if stage else ""
        several = drag.deal.number in self.state.marked and len(self.state.marked) > 1
        what = counted(len(self.state.marked)) if several else drag.deal.title
        self._bottom.carry(what, name)

    def _leave_drag(self) -> None:
        if self._drag is not None:
            self._carry_over(self._drag, "")
            self._drag = None
