"""A deal, and the names of its fields as the command line, the forms and the files call them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.custom_fields import NO_VALUES, FieldValues

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Stage


class Outcome(StrEnum):
    """What became of a deal so far."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    SPAM = "spam"
    UNDONE = "undone"
    """It was added, and that was undone: it is nowhere, until it is done again."""


COUNTED = (Outcome.OPEN, Outcome.WON, Outcome.LOST)
"""What counts, in a funnel, a figure or for a record: spam never does, nor does what was undone."""


@dataclass(frozen=True, slots=True)
class Deal:
    """One sales opportunity as it stands.

    `amount` is in minor units of `currency`; `probability` is the deal's own, in percent, or none; `stage`, `detail`,
    `source` and `reason` are keys of the pipeline; `reach` is the key of the furthest stage it ever entered; moments are
    aware UTC, `follow_up_repeat` is "", or how often the follow-up comes again ("2 weeks"); `expected_close`,
    `follow_up` and `closed_on` are dates without a zone; `version` grows with each change;
    `custom` holds the values of the pipeline's own fields, those that it has retired too.
    """

    number: int
    title: str
    pipeline: str
    stage: str
    source: str
    expected_close: date
    created: datetime
    stage_entered: datetime
    touched: datetime
    currency: str
    company: str = ""
    contact: str = ""
    email: str = ""
    phone: str = ""
    owner: str | None = None
    created_by: str | None = None
    amount: int | None = None
    probability: int | None = None
    detail: str | None = None
    outcome: Outcome = Outcome.OPEN
    reach: str | None = None
    follow_up: date | None = None
    follow_up_note: str = ""
    qualifier: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    reason: str | None = None
    reason_note: str = ""
    closed_on: date | None = None
    external_system: str | None = None
    external_id: str | None = None
    version: int = 1
    follow_up_repeat: str = ""
    custom: FieldValues = NO_VALUES

    @property
    def is_open(self) -> bool:
        """Whether it is still being worked on."""
        return self.outcome is Outcome.OPEN

    @property
    def due(self) -> date | None:
        """The date on which it wants attention: the follow-up, else, while it is open, the expected close (F2)."""
        if self.outcome is Outcome.OPEN:
            return self.follow_up or self.expected_close
        return self.follow_up if self.outcome is Outcome.WON else None


class Mark(StrEnum):
    """What a card shows beside its title; state is never colour alone."""

    OVERDUE = "!"
    TODAY = "•"
    ROTTING = "~"
    NO_NEXT_STEP = "?"
    NONE = ""


def is_rotting(deal: Deal, stage: Stage, touched_on: date, today: date) -> bool:
    """Tell whether the days since the last touch exceed the stage's limit.

    Rule: "Rotting" in the definitions. A follow-up in the future pauses it; a limit of 0 never rots; closed deals never.
    """
    if not deal.is_open or stage.rot_days <= 0:
        return False
    if deal.follow_up is not None and deal.follow_up > today:
        return False
    return (today - touched_on).days > stage.rot_days


def mark_of(deal: Deal, stage: Stage, touched_on: date, today: date) -> Mark:
    """Give the one mark that matters most: overdue, then due today, then rotting, then without a next step."""
    due = deal.due
    if due is not None and due < today:
        return Mark.OVERDUE
    if due == today:
        return Mark.TODAY
    if is_rotting(deal, stage, touched_on, today):
        return Mark.ROTTING
    if deal.is_open and deal.follow_up is None:
        return Mark.NO_NEXT_STEP
    return Mark.NONE
