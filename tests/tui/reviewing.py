"""The review on a screen."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.tui.screens.review import ReviewScreen
from tests.tui.conftest import Board

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.tui.conftest import Show

LATE, TODAYS, ALONE = 1, 2, 4
"""The deals of the full shop that want an answer, in the order of the review."""


class Review(Board):
    """The review at work over the board."""

    @property
    def review(self) -> ReviewScreen:
        """The review's screen, whatever lies over it."""
        return next(one for one in self.app.screen_stack if isinstance(one, ReviewScreen))

    @property
    def title(self) -> str:
        """The title of the deal that is asked about, or nothing at the end."""
        deal = self.review.state.deal
        return deal.title if deal else ""

    async def comes(self, title: str) -> None:
        """Wait until a deal is asked about."""
        await self.until(lambda: self.title == title and title in self.text)

    async def ends(self) -> None:
        """Wait until the summary stands."""
        await self.shows("Review of ")

    async def over(self, dialog: str) -> None:
        """Wait until a dialog stands, or with an empty name until none does."""
        await self.opens(dialog or "ReviewScreen")


@pytest.fixture
def reviewing(show: Show) -> Callable[..., Any]:
    """Give a function that shows the shop's review."""

    @asynccontextmanager
    async def opened(*args: Any, **kwargs: Any) -> AsyncIterator[Review]:
        async with show(*args, **kwargs) as board:
            board.app.show_review(board.state.pipeline)
            review = Review(board.app, board.pilot)
            await review.until(lambda: review.dialog == "ReviewScreen" and review.review.state.loaded)
            state = review.review.state
            await review.until(lambda: bool(state.looked or state.summary))
            await review.pilot.pause()
            yield review

    return opened


Reviewing = Any
"""A function that shows the review: `async with reviewing(size, user=..., theme=...) as review`."""
