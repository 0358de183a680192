"""The last act of a person taken back: a change of deals, or what he dropped from the inbox, whichever came later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.inbox_words import title_of
from funneltui.services import inbox, undo
from funneltui.services.undo import Step
from funneltui.storage import changes, inbox_drops
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from funneltui.services.context import Context


def undo_last(context: Context) -> Step:
    """Take the actor's last act back: see `undo.undo`; of a drop from the inbox, its entries wait again.

    A drop is no deal's change: it has no event, and what takes it back cannot be redone.

    Raises:
        RuleBroken: as `undo.undo`. NotFound: what was dropped is not among the actor's any more.
    """
    with reading(context.database):
        dropped = inbox_drops.latest(context.database, context.actor.id)
        changed = changes.latest_done(context.database, context.actor.id)
    if dropped is None or (changed is not None and changed[1] >= dropped[0]):
        return undo.undo(context)
    at, numbers = dropped
    entries = inbox.restore(context, numbers)
    one = len(entries) == 1
    what, again = (title_of(entries[0]), "it waits") if one else (f"{len(entries):,} entries", "they wait")
    return Step(f"dropped {what} from the inbox; {again} again", at, ())
