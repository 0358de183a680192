"""The past that chances are learned from: how a deal stood at moments while it was open, never how it ended."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

DAY = 86_400_000_000
"""The microseconds of a day: moments are whole microseconds since 1970 here, as they are stored; there are many."""

LANDMARKS = (0, 7, 30, 90)
"""The days in a stage at which a deal is looked at: when it enters, and when it is still there so much later."""


class Stay(NamedTuple):
    """One stay of a deal in a stage of its pipeline."""

    stage: str
    entered: int
    left: int | None


class Facts(NamedTuple):
    """What was known of a deal at some time. `currency` is none where it cannot be told what the amount was then."""

    source: str
    owner: str | None
    amount: int | None
    currency: str | None


class Moment(NamedTuple):
    """A deal as it stood at one moment while it was open.

    `days` are the whole days that it had been in its stage, `contacts` the calls, mails and meetings logged until then
    (none: nobody could log any, the deal was imported closed).
    """

    stage: str
    days: int
    facts: Facts
    contacts: int | None


class Past(NamedTuple):
    """A deal's past: its stays in open stages in order, its facts from when on each held, and when it was contacted.

    The first facts hold from the beginning; `contacts` is none where contacts could not be logged.
    """

    stays: tuple[Stay, ...]
    facts: tuple[tuple[int, Facts], ...]
    contacts: tuple[int, ...] | None = ()

    def at(self, moment: int) -> Moment | None:
        """Give how the deal stood at a moment, or none if it was not open then."""
        for stay in self.stays:
            if stay.entered <= moment and (stay.left is None or moment < stay.left):
                return self._within(stay, moment)
        return None

    def moments(self) -> list[Moment]:
        """Give how the deal stood when it entered each stage, and at every landmark that it was still there."""
        found = []
        for stay in self.stays:
            found.append(self._within(stay, stay.entered))
            for days in LANDMARKS[1:]:
                moment = stay.entered + days * DAY
                if stay.left is not None and moment >= stay.left:
                    break
                found.append(self._within(stay, moment))
        return found

    def _within(self, stay: Stay, moment: int) -> Moment:
        # What came with the step that ended the stay was not known before it, even if both are of one instant.
        known = moment if stay.left is None else min(moment, stay.left - 1)
        facts = self.facts[0][1]
        if len(self.facts) > 1:
            facts = next((then for since, then in reversed(self.facts) if since <= known), facts)
        contacts = None if self.contacts is None else bisect_right(self.contacts, known)
        return Moment(stay.stage, (moment - stay.entered) // DAY, facts, contacts)


class ClosedDeal(NamedTuple):
    """A deal of which the end is known: `closed_on` is an ISO date, `reach` the key of the furthest stage it entered."""

    number: int
    closed_on: str
    won: bool
    reach: str | None
    past: Past
