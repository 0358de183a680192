"""What the screen of the inbox reads, as of one moment, with the feed's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.inbox import EntryState
from funneltui.services import inbox, records
from funneltui.storage import feed
from funneltui.storage import inbox as stored
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.services.context import Context
    from funneltui.services.inbox import Opened
    from funneltui.services.inbox_values import Completion
    from funneltui.services.records import Duplicate
    from funneltui.storage.feed import Position


ALIKE = 3
"""How many deals are named at the most that a new one may repeat."""


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The newest entries of a state, their texts cut; how many there are of each state; the feed's place."""

    entries: tuple[Opened, ...]
    counts: Mapping[EntryState, int]
    position: Position


@dataclass(frozen=True, slots=True)
class WholeEntry:
    """An entry with its whole text; of one that waits the deals that its own may repeat, the surest first."""

    opened: Opened
    alike: tuple[Duplicate, ...]


def whole(context: Context, number: int, said: Completion) -> WholeEntry:
    """Give an entry as a whole.

    Raises:
        NotFound: there is no such entry among the actor's. BadInput: a setting cannot be read.
    """
    with reading(context.database):
        opened = inbox.opened(context, number, said)
        waits = opened.entry.state is EntryState.WAITING
        return WholeEntry(opened, tuple(records.likely_duplicates(context, opened.values, ALIKE)) if waits else ())


def page(context: Context, state: EntryState, said: Completion, limit: int) -> InboxPage:
    """Give the newest entries of a state among the actor's, `limit` of them at the most.

    Raises:
        BadInput: a setting cannot be read.
    """
    with reading(context.database):
        position = feed.position(context.database)
        counts = {one: stored.count(context.database, context.actor.scope, one) for one in EntryState}
        return InboxPage(tuple(inbox.listed(context, state, said, limit)), counts, position)
