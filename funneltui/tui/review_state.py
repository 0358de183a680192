"""What a review knows, without a screen: the queue, the place in it, what was answered and skipped, the deal now shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from funneltui.services import reviews

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.domain.deal import Deal
    from funneltui.services.reviews import Looked, Place, Why


@dataclass(slots=True)
class Reviewing:
    """One review from its queue to its end: deals answered do not come again in it, whatever they still lack.

    `over` tells that the summary is shown; `said` is what the last answer did.
    """

    places: tuple[Place, ...] = ()
    at: int = 0
    answered: set[int] = field(default_factory=set)
    skipped: set[int] = field(default_factory=set)
    looked: Looked | None = None
    loaded: bool = False
    over: bool = False
    summary: str = ""
    said: str = ""
    _where: dict[int, int] = field(default_factory=dict, repr=False)
    _left: dict[Why, int] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> Place | None:
        """The place that the review has come to, or none at its end."""
        return self.places[self.at] if not self.over and self.at < len(self.places) else None

    @property
    def deal(self) -> Deal | None:
        """The deal that is shown."""
        return self.looked.item.deal if self.looked and self.place else None

    @property
    def left(self) -> dict[Why, int]:
        """How many are not answered yet, by their first why; kept in step, for a queue can be long."""
        return {why: n for why, n in self._left.items() if n}

    def begin(self, places: tuple[Place, ...]) -> None:
        """Take over a queue."""
        self.places, self.loaded = places, True
        self._where = {place.number: at for at, place in enumerate(places)}
        self._left = reviews.counts(places)

    def answer(self, numbers: Iterable[int]) -> None:
        """Note that deals were answered; those of other queues count for nothing."""
        for number in set(numbers) - self.answered:
            if number in self._where:
                self.answered.add(number)
                self.skipped.discard(number)
                self._left[self.places[self._where[number]].first] -= 1

    def skip(self) -> None:
        """Leave the deal for another time."""
        if self.place and self.place.number not in self.answered:
            self.skipped.add(self.place.number)

    def go_on(self) -> None:
        """Go to the next place that is not answered, or to the end."""
        self.at += 1
        while self.at < len(self.places) and self.places[self.at].number in self.answered:
            self.at += 1

    def go_back(self) -> bool:
        """Go to the place before, or from the summary back to the deals; tell whether there was one."""
        if not self.places or (self.at == 0 and not self.over):
            return False
        if self.over:
            self.over, self.at = False, min(self.at, len(self.places) - 1)
        else:
            self.at -= 1
        return True

    def take_back(self, numbers: Iterable[int]) -> None:
        """Note that answers were undone, and go to the first of those deals."""
        found = sorted(self._where[number] for number in set(numbers) if number in self._where)
        for at in found:
            place = self.places[at]
            if place.number in self.answered:
                self.answered.discard(place.number)
                self._left[place.first] += 1
        if found:
            self.at, self.over = found[0], False
