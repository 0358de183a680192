"""Working a deal where it stands: notes, contacts, follow-ups finished, and spam, which is out of everything."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.history import EventKind
from funneltui.domain.repeats import next_day
from funneltui.domain.text import clean_text
from funneltui.errors import BadInput, RuleBroken
from funneltui.services.changes import Versions, commit, reachable
from funneltui.storage.database import writing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.services.context import Context


class ContactBy(StrEnum):
    """How a client was contacted."""

    CALL = "call"
    MAIL = "mail"
    MEETING = "meeting"


def note(context: Context, number: int, text: str, versions: Versions | None = None) -> Deal:
    """Write a note into a deal's history; that counts as a touch.

    Raises:
        BadInput: the note is empty. NotFound, Conflict.
    """
    cleaned = clean_text(text)
    if not cleaned:
        message = "the note is empty"
        raise BadInput(message)
    with writing(context.database):
        deal = reachable(context, [number], versions)[0]
        return commit(context, deal, deal, EventKind.NOTED, note=cleaned)


def log(context: Context, number: int, by: ContactBy, text: str = "", versions: Versions | None = None) -> Deal:
    """Log a call, mail or meeting in a deal's history; that counts as a touch. See `note`."""
    with writing(context.database):
        deal = reachable(context, [number], versions)[0]
        return commit(context, deal, deal, EventKind.CONTACTED, by=by.value, note=clean_text(text))


def finish_follow_up(context: Context, number: int, text: str = "", versions: Versions | None = None) -> Deal:
    """Finish a deal's follow-up: it is gone, or stands at its next date if it repeats.

    A repeated one counts from the day on which it was due, and skips what has passed meanwhile.

    Raises:
        RuleBroken: the deal has no follow-up. NotFound, Conflict.
    """
    with writing(context.database):
        deal = reachable(context, [number], versions)[0]
        if deal.follow_up is None:
            message = f"deal {number} has no follow-up to finish"
            raise RuleBroken(message)
        coming = next_day(deal.follow_up, deal.follow_up_repeat, context.clock.today())
        after = replace(deal, follow_up=coming, follow_up_note=deal.follow_up_note if coming else "")
        return commit(context, deal, after, EventKind.FOLLOWED_UP, note=clean_text(text))


def spam(context: Context, numbers: Sequence[int], versions: Versions | None = None) -> list[Deal]:
    """Mark deals as spam (D12): out of the board, every list and every figure, found by search; all or none of them.

    They keep their stage, to be put back where they were. A deal that is spam already is left as it is.
    """
    with writing(context.database):
        found = reachable(context, numbers, versions)
        return [commit(context, deal, replace(deal, outcome=Outcome.SPAM), EventKind.SPAM) for deal in found]


def restore(context: Context, numbers: Sequence[int], versions: Versions | None = None) -> list[Deal]:
    """Put spam back where it was, all or none.

    Raises:
        RuleBroken: one of them is no spam. NotFound, Conflict.
    """
    with writing(context.database):
        found = reachable(context, numbers, versions)
        others = [str(deal.number) for deal in found if deal.outcome is not Outcome.SPAM]
        if others:
            message = f"deal {', '.join(others)} is no spam; there is nothing to restore"
            raise RuleBroken(message)
        return [commit(context, deal, _put_back(context, deal), EventKind.RESTORED) for deal in found]


def _put_back(context: Context, deal: Deal) -> Deal:
    stage = context.pipeline_of(deal.pipeline).stage(deal.stage)
    return replace(deal, outcome=Outcome(stage.kind.value))
