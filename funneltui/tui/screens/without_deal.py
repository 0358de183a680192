"""What screens share on which no deal stands under the cursor: companies, figures, what arrived. A new deal can be added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.tui.screens.board_ground import LEAST_HEIGHT, LEAST_WIDTH
from funneltui.tui.screens.working import Working
from funneltui.tui.widgets.note import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker


class WithoutDeal(Working):
    """Has no deal, no marks, and nothing that moves; says so where there is no room for it."""

    def __init__(self, worker: Worker, context: Context, look: Look) -> None:
        """Show something of the worker's workspace."""
        super().__init__(worker, context, look)
        self._note = Note(look)
        self._marks: dict[int, int] = {}

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline that a new deal is added to."""
        return self.context.pipeline

    @property
    def deal(self) -> Deal | None:
        """None: the keys that change deals are those of an opened deal."""
        return None

    @property
    def marked(self) -> dict[int, int]:
        """No deals."""
        return self._marks

    def choose_stage_of(self, pipeline: Pipeline | None) -> None:
        """Nothing is moved here."""

    def follow(self, changed: Sequence[Deal]) -> None:
        """Stay where one is."""

    @property
    def is_small(self) -> bool:
        """Whether there is no room for anything but a few words."""
        return self.size.width < LEAST_WIDTH or self.size.height < LEAST_HEIGHT

    def on_resize(self) -> None:
        """Say so where there is no room."""
        self.set_class(self.is_small, "-small")
        self._note.display = self.is_small
        if self.is_small:
            self._note.say(
                f"funneltui needs {LEAST_WIDTH}x{LEAST_HEIGHT}", f"this is {self.size.width}x{self.size.height}"
            )
