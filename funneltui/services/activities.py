"""Working a deal where it stands: notes, contacts, follow-ups finished, and spam, which is out of everything."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.gates import check_entry
from funneltui.domain.history import EventKind
from funneltui.domain.repeats import next_day
from funneltui.domain.text import clean_text
from funneltui.errors import BadInput, RuleBroken
from funneltui.services.changes import Change, Versions, commit_all, reachable
from funneltui.services.fields import settle, values_of
from funneltui.services.moves import refuse_spam
from funneltui.services.together import all_or_none, named
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from funneltui.domain.gates import Missing
    from funneltui.services.context import Context
    from funneltui.services.fields import Values

_NOTHING: Values = {}
NONE_CHANGED = "; none was changed"


class ContactBy(StrEnum):
    """How a client was contacted."""

    CALL = "call"
    MAIL = "mail"
    MEETING = "meeting"


def note(context: Context, number: int, text: str, versions: Versions | None = None) -> Deal:
    """Write a note into a deal's history; that counts as a touch. See `note_all`."""
    return note_all(context, [number], text, versions)[0]


def note_all(context: Context, numbers: Sequence[int], text: str, versions: Versions | None = None) -> list[Deal]:
    """Write the same note into the history of deals, all or none.

    Raises:
        BadInput: the note is empty. NotFound, Conflict.
    """
    cleaned = clean_text(text)
    if not cleaned:
        message = "the note is empty"
        raise BadInput(message)
    return _say(context, numbers, versions, EventKind.NOTED, {"note": cleaned})


def log(context: Context, number: int, by: ContactBy, text: str = "", versions: Versions | None = None) -> Deal:
    """Log a call, mail or meeting in a deal's history; that counts as a touch. See `log_all`."""
    return log_all(context, [number], by, text, versions)[0]


def log_all(
    context: Context, numbers: Sequence[int], by: ContactBy, text: str = "", versions: Versions | None = None
) -> list[Deal]:
    """Log the same contact, one meeting or mail with several, in the history of deals, all or none.

    Raises:
        NotFound, Conflict.
    """
    return _say(context, numbers, versions, EventKind.CONTACTED, {"by": by.value, "note": clean_text(text)})


def _say(
    context: Context, numbers: Sequence[int], versions: Versions | None, kind: EventKind, said: Mapping[str, str]
) -> list[Deal]:
    with writing(context.database):
        found = reachable(context, numbers, versions)
        return commit_all(context, [Change(deal, deal, kind, said) for deal in found])


def finish_follow_up(
    context: Context, number: int, text: str = "", versions: Versions | None = None, following: Values = _NOTHING
) -> Deal:
    """Finish a deal's follow-up; see `finish_follow_ups`."""
    return finish_follow_ups(context, [number], text, versions, following)[0]


def finish_follow_ups(
    context: Context,
    numbers: Sequence[int],
    text: str = "",
    versions: Versions | None = None,
    following: Values = _NOTHING,
) -> list[Deal]:
    """Finish the follow-ups of deals, all or none: each is gone, or stands at its next date if it repeats.

    A repeated one counts from the day on which it was due, and skips what has passed meanwhile. `following` is the next
    contact, as fields of the follow-up; a stage that demands one (D3) does not let the last one be finished without.

    Raises:
        RuleBroken: one of them has no follow-up, is spam, or needs a next one: `missing` says so. NotFound, Conflict,
            BadInput.
    """
    with writing(context.database):
        found = reachable(context, numbers, versions)
        if without := [deal.number for deal in found if deal.follow_up is None]:
            message = f"{named(without)} {'has' if len(without) == 1 else 'have'} no follow-up to finish"
            raise RuleBroken(message + (NONE_CHANGED if len(found) > 1 else ""))
        given, said = settle(following), {"note": clean_text(text)}

        def finished(deal: Deal) -> Change:
            refuse_spam(deal)
            after = replace(_followed_up(context, deal), **given)  # type: ignore[arg-type]
            _demand_next(context, after)
            return Change(deal, after, EventKind.FOLLOWED_UP, said)

        return commit_all(context, all_or_none(found, finished, "changed"))


def wants_next(context: Context, deal: Deal) -> bool:
    """Tell whether finishing a deal's follow-up asks for the next one: its stage demands one, and it does not repeat.

    Reads nothing.
    """
    return deal.follow_up is not None and _next_missing(context, _followed_up(context, deal)) is not None


def wants_next_of_all(context: Context, numbers: Sequence[int]) -> bool:
    """Tell whether finishing the follow-ups of these deals asks for a next one; see `wants_next`.

    Raises:
        NotFound: one is not there, or is not the actor's.
    """
    with reading(context.database):
        return any(wants_next(context, deal) for deal in reachable(context, numbers))


def _demand_next(context: Context, deal: Deal) -> None:
    if (missing := _next_missing(context, deal)) is not None:
        stage = context.pipeline_of(deal.pipeline).stage_name(deal.stage)
        message = f"{stage} demands a next follow-up"
        raise RuleBroken(message, (missing,))


def _next_missing(context: Context, deal: Deal) -> Missing | None:
    """Give the follow-up, if the gate of the stage where the deal stands wants one that it has not."""
    pipeline = context.pipeline_of(deal.pipeline)
    gate = check_entry(pipeline, pipeline.stage(deal.stage), values_of(deal))
    return next((one for one in gate.missing if one.field == "follow_up"), None)


def _followed_up(context: Context, deal: Deal) -> Deal:
    coming = deal.follow_up and next_day(deal.follow_up, deal.follow_up_repeat, context.clock.today())
    return replace(deal, follow_up=coming, follow_up_note=deal.follow_up_note if coming else "")


def spam(context: Context, numbers: Sequence[int], versions: Versions | None = None) -> list[Deal]:
    """Mark deals as spam (D12): out of the board, every list and every figure, found by search; all or none of them.

    They keep their stage, to be put back where they were. A deal that is spam already is left as it is.
    """
    with writing(context.database):
        found = reachable(context, numbers, versions)
        return commit_all(
            context, [Change(deal, replace(deal, outcome=Outcome.SPAM), EventKind.SPAM) for deal in found]
        )


def restore(context: Context, numbers: Sequence[int], versions: Versions | None = None) -> list[Deal]:
    """Put spam back where it was, all or none.

    Raises:
        RuleBroken: one of them is no spam, or would be open in a retired pipeline. NotFound, Conflict.
    """
    with writing(context.database):
        found = reachable(context, numbers, versions)
        if others := [deal.number for deal in found if deal.outcome is not Outcome.SPAM]:
            message = f"{named(others)} {'is' if len(others) == 1 else 'are'} no spam; there is nothing to restore"
            raise RuleBroken(message + (NONE_CHANGED if len(found) > 1 else ""))

        def restored(deal: Deal) -> Change:
            return Change(deal, _put_back(context, deal), EventKind.RESTORED)

        return commit_all(context, all_or_none(found, restored, "changed"))


def _put_back(context: Context, deal: Deal) -> Deal:
    pipeline = context.pipeline_of(deal.pipeline)
    stage = pipeline.stage(deal.stage)
    if pipeline.is_retired and stage.is_open:
        message = f"the pipeline {pipeline.name} is retired; bring it back first"
        raise RuleBroken(message)
    return replace(deal, outcome=Outcome(stage.kind.value))
