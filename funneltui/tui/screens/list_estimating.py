"""The list's chances to win: learned and estimated in the background, in pieces, while the list stands there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.chance import LEAST_CLOSED
from funneltui.errors import FunneltuiError
from funneltui.services.open_chances import OpenChances
from funneltui.tui.screens.transferring import Transferring

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.domain.chance_model import Model
    from funneltui.domain.deal import Deal
    from funneltui.services.chances import Chance
    from funneltui.tui.list_state import ListState

_AT_FIRST = 4
"""So many pieces come before the list is read: one of up to a thousand deals is in order when it is first seen."""


class ListEstimating(Transferring):
    """Keeps the chances of the open deals for as long as the list shows them, or is sorted by them."""

    state: ListState
    kept: OpenChances
    _left = False
    """Whether the round that was begun has pieces left."""
    _shown: Model | None = None
    """What the chances that are shown were estimated after."""

    async def put_in_order(self) -> None:
        """Go as far as takes no time towards the order by chance, if the list is sorted by it."""
        state = self.state
        if self.kept.pipeline is not state.pipeline:
            self.kept = OpenChances(state.pipeline)
        if state.is_by_chance:
            for _ in range(_AT_FIRST):
                self._left = await self.worker.run(self.kept.go_on, ordered=True)
                if not self._left:
                    break
        state.by_chance = self.kept.order

    async def chances_of(self, deals: Sequence[Deal]) -> Mapping[int, Chance]:
        """Give the chances of those that are open, if the list shows chances and as far as they are known."""
        if not self.state.wants_chances:
            return {}
        found = await self.worker.run(self.kept.of, [deal.number for deal in deals if deal.is_open])
        self._shown = self.kept.model
        return found

    def estimate_on(self) -> None:
        """Do in the background what is left to do, and show what comes of it."""
        state = self.state
        if state.wants_chances and (self._left or not state.is_by_chance):
            self.later(self._estimate, "chances")
        else:
            self._say()

    async def _estimate(self) -> None:
        state = self.state
        try:
            while await self.worker.run(self.kept.go_on, ordered=state.is_by_chance):
                self._say("estimating chances…")
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return
        self._left = False
        self._say()
        if self.kept.model is not self._shown or self.kept.order is not state.by_chance:
            self.run_worker(self.reload())

    def _say(self, words: str = "") -> None:
        """Say in the bar what there is to say of the chances: these words, or that too few deals have closed for any."""
        silent = self.state.wants_chances and self.kept.model is not None and self.kept.model.why_silent
        words = words or (f"(no chance told under {LEAST_CLOSED} closed deals)" if silent else "")
        if words != self.state.chance_words:
            self.state.chance_words = words
            self.say_of_chances()

    def say_of_chances(self) -> None:
        """Repaint what says it."""
        raise NotImplementedError
