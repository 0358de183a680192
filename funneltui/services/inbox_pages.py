"""What the screen of the inbox reads, as of one moment, with the feed's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.inbox import EntryState
from funneltui.services import inbox
from funneltui.storage import feed
from funneltui.storage import inbox as stored
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.services.context import Context
    from funneltui.services.inbox import Opened
    from funneltui.services.inbox_values import Completion
    from funneltui.storage.feed import Position


BEGINNING = stored.BEGINNING
"""How many characters of a text a page has at the most; `inbox.opened` gives the whole."""


@dataclass(frozen=True, slots=True)
class InboxPage:
    """The newest entries of a state, their texts cut; how many there are of each state; the feed's place."""

    entries: tuple[Opened, ...]
    counts: Mapping[EntryState, int]
    position: Position


def page(context: Context, state: EntryState, said: Completion, limit: int) -> InboxPage:
    """Give the newest entries of a state among the actor's, `limit` of them at the most.

    Raises:
        BadInput: a setting cannot be read.
    """
    with reading(context.database):
        position = feed.position(context.database)
        counts = {one: stored.count(context.database, context.actor.scope, one) for one in EntryState}
        return InboxPage(tuple(inbox.listed(context, state, said, limit)), counts, position)
