"""What happened to a deal: its visits and its events, and the people who made them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime


class Role(StrEnum):
    """How far a user reaches (D11)."""

    REP = "rep"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: every service takes one. A rep reaches his own deals, a manager all and the unassigned."""

    id: int
    name: str
    role: Role

    @property
    def scope(self) -> int | None:
        """The owner id to which reads and writes are bound, or none for a manager."""
        return None if self.role is Role.MANAGER else self.id


class EventKind(StrEnum):
    """What an event says."""

    CREATED = "created"
    EDITED = "edited"
    MOVED = "moved"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"
    NOTED = "noted"
    CONTACTED = "contacted"
    FOLLOWED_UP = "followed_up"
    SPAM = "spam"
    RESTORED = "restored"
    UNDONE = "undone"
    REDONE = "redone"


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay of a deal in one stage; `seconds` is stored when it ends.

    `pipeline` is the key of the one that the stage is of, if that is another one than the deal is in now.
    """

    deal: int
    stage: str
    detail: str | None
    entered: datetime
    left: datetime | None
    seconds: int | None
    who: str | None
    pipeline: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a deal's history; never changed, never deleted. `data` holds "before" and "after" of what changed."""

    id: int
    deal: int
    at: datetime
    who: str | None
    kind: EventKind
    version: int
    data: dict[str, Any]
    change: int | None = None
