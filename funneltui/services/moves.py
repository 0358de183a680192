"""Moves: a deal goes from stage to stage, through the gate. The one way, for key, mouse, bulk, command, edit and import."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain import money
from funneltui.domain.deal import Outcome
from funneltui.domain.gates import Blocked, check_entry, check_new, check_retired
from funneltui.domain.history import EventKind
from funneltui.domain.passage import passage_of
from funneltui.domain.pipeline import StageKind
from funneltui.domain.text import clean_text
from funneltui.errors import BadInput, RuleBroken
from funneltui.services.changes import Change, commit_all, reachable
from funneltui.services.fields import packed, settle, values_of
from funneltui.services.people import with_names
from funneltui.services.together import all_or_none, in_groups
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from funneltui.domain.deal import Deal
    from funneltui.domain.gates import Gate, Missing
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.changes import Versions
    from funneltui.services.context import Context
    from funneltui.services.fields import Values

NOTHING: Values = {}

_NO_FOLLOW_UP: Values = {"follow_up": None, "follow_up_note": "", "follow_up_repeat": ""}


def move(
    context: Context,
    numbers: Sequence[int],
    stage: str,
    given: Values = NOTHING,
    versions: Versions | None = None,
    note: str = "",
) -> list[Deal]:
    """Move deals into a stage (its key), all or none of them, and give them as they stand then.

    `given` are the fields said with the move: the detail or reason that the gate demands, a follow-up, any other. A deal
    that stands there already, with nothing new given, is left as it is. Moving a closed deal to an open stage reopens it.

    Raises:
        RuleBroken: a gate is shut; `missing` says what it wants. NotFound, NotAllowed, Conflict, BadInput.
    """
    return _move_all(context, numbers, lambda deal: stage, given, versions, note)


def win(context: Context, number: int, given: Values = NOTHING, versions: Versions | None = None) -> Deal:
    """Move one deal into the first won stage of its pipeline; see `win_all`."""
    return win_all(context, [number], given, versions)[0]


def win_all(
    context: Context, numbers: Sequence[int], given: Values = NOTHING, versions: Versions | None = None, note: str = ""
) -> list[Deal]:
    """Move deals into the first won stage of their pipeline, closed today unless `closed_on` is given; see `move`."""
    return _move_all(context, numbers, _first_of(context, StageKind.WON), given, versions, note)


def lose(
    context: Context, numbers: Sequence[int], given: Values = NOTHING, versions: Versions | None = None, note: str = ""
) -> list[Deal]:
    """Move deals into the first lost stage of their pipeline, with the reason in `given` (D4); see `move`."""
    return _move_all(context, numbers, _first_of(context, StageKind.LOST), given, versions, note)


def _first_of(context: Context, kind: StageKind) -> Callable[[Deal], str]:
    return lambda deal: _pipeline(context, deal).first_of(kind).key


def _move_all(
    context: Context,
    numbers: Sequence[int],
    stage_of: Callable[[Deal], str],
    given: Values,
    versions: Versions | None,
    note: str = "",
) -> list[Deal]:
    said = {"note": clean_text(note)} if clean_text(note) else {}
    with writing(context.database):
        settled = with_names(context, settle(given))
        before = reachable(context, numbers, versions)
        changes = all_or_none(before, lambda deal: _moved(context, deal, stage_of(deal), settled, said), "moved")
        return commit_all(context, changes)


def _moved(context: Context, deal: Deal, stage: str, given: Values, said: Mapping[str, object]) -> Change:
    refuse_spam(deal)
    return change_of(context, deal, entering(context, deal, _pipeline(context, deal).stage(stage), given), said)


def change_of(context: Context, before: Deal, after: Deal, said: Mapping[str, object] = NOTHING) -> Change:
    """Give the change to be written when a deal goes from one state to another.

    Its event is called by `kind_of`; a move back, or over stages, is recorded there as such (E2).
    """
    passage = passage_of(_pipeline(context, after), before.stage, after.stage)
    return Change(before, after, kind_of(before, after), {**said, **passage.recorded})


def warning_of(context: Context, deal: Deal, stage: Stage) -> str:
    """Say what a mover should know before a deal moves into `stage` (E2), or nothing: "back from Offered to Waiting".

    Reads nothing. The move is allowed all the same.
    """
    return passage_of(_pipeline(context, deal), deal.stage, stage.key).warning


def warnings_of_all(context: Context, numbers: Sequence[int], stage: str) -> str:
    """Say the same of all these deals, before they move into a stage (its key).

    Raises:
        NotFound: a deal is not there.
    """
    with reading(context.database):
        return warnings_of(context, [(deal, stage) for deal in reachable(context, numbers)])


def warnings_of(context: Context, moves: Iterable[tuple[Deal, str]]) -> str:
    """Say the same of several deals, each as it stood before and with the key of the stage that it goes or went to.

    Of a single deal in the words of `warning_of`; else "deals 1, 4: skips In acquisition; deal 7: back from ...".
    """
    told = [(deal.number, passage_of(_pipeline(context, deal), deal.stage, key).warning) for deal, key in moves]
    if len(told) == 1:
        return told[0][1]
    groups: dict[str, list[int]] = {}
    for number, warning in told:
        if warning:
            groups.setdefault(warning, []).append(number)
    return in_groups(groups)


def reopen(
    context: Context, number: int, stage: str, given: Values = NOTHING, versions: Versions | None = None
) -> Deal:
    """Move a closed deal back into an open stage, through its gate; see `move`.

    Raises:
        RuleBroken: the deal is open, or the stage is not an open one.
    """
    with writing(context.database):
        deal = reachable(context, [number], versions)[0]
        if deal.is_open:
            message = f"deal {number} is open already; move it with `funneltui move {number} {stage}`"
            raise RuleBroken(message)
        if not context.pipeline_of(deal.pipeline).stage(stage).is_open:
            message = f"a deal is reopened into an open stage, and {stage} is none"
            raise RuleBroken(message)
        return move(context, [number], stage, given, versions)[0]


def entering(context: Context, deal: Deal, stage: Stage, given: Values) -> Deal:
    """Give the deal as it would stand in `stage`; stores nothing. `given` is settled already.

    Rule: detail and reason belong to the stage and are said anew; what closes a deal ends its follow-up unless a new one
    is given; a follow-up that goes takes its note and its repeat along unless they are given; reopening takes the close
    date and the reason back. A currency without an amount keeps the number of whole units; with one, both are taken as
    given. A source or reason that the pipeline has retired stays with a deal that has it, and goes to no other.

    Raises:
        RuleBroken: the gate is shut, or a new close date is out of its bounds. BadInput: the new currency cannot hold the
            amount, or the pipeline has no such custom field.
    """
    refuse_closing_words(stage, given)
    values, pipeline = _after(context, deal, stage, _with_amount(deal, given)), context.pipeline_of(deal.pipeline)
    for gate in (check_new(pipeline, stage, values), check_retired(pipeline, stage, values, values_of(deal))):
        if isinstance(gate, Blocked):
            raise RuleBroken(gate.message, gate.missing)
    as_fields = packed(pipeline, values, deal.custom)
    changed = replace(deal, stage=stage.key, outcome=Outcome(stage.kind.value), **as_fields)  # type: ignore[arg-type]
    if (changed.closed_on, changed.outcome) != (deal.closed_on, deal.outcome):
        check_close(context, changed)  # of a date that stays nothing is asked: another user's today may be behind it
    return changed


def _with_amount(deal: Deal, given: Values) -> Values:
    """Give values with what a new currency makes of the deal's amount, if none is given: the same number of whole units.

    Raises:
        BadInput: the new currency has fewer decimals than the amount, or does not reach as far.
    """
    currency = given.get("currency")
    if not currency:
        return {name: value for name, value in given.items() if name != "currency"}
    if currency == deal.currency or deal.amount is None or "amount" in given:
        return given
    text = money.to_decimal_string(deal.amount, deal.currency)
    try:
        return given | {"amount": money.parse_amount(text, str(currency), decimal=".")}
    except BadInput as error:
        message = f"amount: {error}; give the amount in {currency} too"
        raise BadInput(message) from error


def gate_for(context: Context, deal: Deal, stage: Stage) -> Gate:
    """Tell what `stage` wants of a deal before anything is said: what a dialog asks for. Reads and stores nothing."""
    return check_new(context.pipeline_of(deal.pipeline), stage, _after(context, deal, stage, NOTHING))


def asked_of(context: Context, deal: Deal, stage: Stage) -> tuple[Missing, ...]:
    """Give what to ask before a deal moves into `stage`; of one that stands there, its detail. Reads nothing."""
    if deal.stage == stage.key:
        return detail_question(context.pipeline_of(deal.pipeline), stage)
    return gate_for(context, deal, stage).missing


def asked_of_all(context: Context, numbers: Sequence[int], stage: str) -> tuple[Missing, ...]:
    """Give what to ask before all these deals move into a stage: whatever is missing for any of them, each thing once.

    Raises:
        NotFound: a deal or the stage is not there.
    """
    missing: dict[str, Missing] = {}
    with reading(context.database):
        for deal in reachable(context, numbers):
            place = context.pipeline_of(deal.pipeline).stage(stage)
            if deal.stage != stage:
                missing |= {one.field: one for one in gate_for(context, deal, place).missing}
    return tuple(missing.values())


def detail_question(pipeline: Pipeline, stage: Stage) -> tuple[Missing, ...]:
    """Give what to ask when a deal stays in `stage` but its detail changes."""
    gate = check_entry(pipeline, replace(stage, demands=("detail",)), {})
    return tuple(one for one in gate.missing if one.field == "detail")


def _after(context: Context, deal: Deal, stage: Stage, given: Values) -> Values:
    own = _set_by_the_move(deal, stage, context.clock.today())
    if "follow_up" in given and given["follow_up"] is None:
        own = own | _NO_FOLLOW_UP
    said = {name: value for name, value in given.items() if name != "closed_on" or value or name not in own}
    return values_of(deal) | own | said


def _set_by_the_move(deal: Deal, stage: Stage, today: date) -> Values:
    """Give the fields that a move itself sets, before what the mover says."""
    if deal.stage == stage.key:
        return {}
    values: Values = {"detail": None, "reason": None, "reason_note": ""}
    if stage.kind is StageKind.OPEN:
        return values | {"closed_on": None}
    if deal.is_open or stage.kind is StageKind.LOST:
        values |= _NO_FOLLOW_UP
    return values | {"closed_on": deal.closed_on if deal.outcome.value == stage.kind.value else today}


def kind_of(before: Deal, after: Deal) -> EventKind:
    """Give what an event calls the change between two states of a deal."""
    if before.stage == after.stage:
        return EventKind.EDITED
    if before.outcome is after.outcome:
        return EventKind.MOVED
    return {
        Outcome.OPEN: EventKind.REOPENED, Outcome.WON: EventKind.WON, Outcome.LOST: EventKind.LOST,
    }[after.outcome]  # fmt: skip


def _pipeline(context: Context, deal: Deal) -> Pipeline:
    return context.pipeline_of(deal.pipeline)


def refuse_spam(deal: Deal) -> None:
    """Refuse to move or edit what is out of the pipeline."""
    if deal.outcome is Outcome.SPAM:
        message = "it is spam; restore it first"
        raise RuleBroken(message)


def refuse_closing_words(stage: Stage, given: Values) -> None:
    """Refuse what is said only of a closed deal: a close date of an open one, a rejection reason of one not lost."""
    if stage.is_open and given.get("closed_on"):
        message = f"a deal in {stage.name} is open and has no close date; win or lose it"
        raise RuleBroken(message)
    if stage.kind is not StageKind.LOST and (given.get("reason") or given.get("reason_note")):
        message = f"a deal in {stage.name} is not lost and has no rejection reason"
        raise RuleBroken(message)


def check_close(context: Context, deal: Deal) -> None:
    """Refuse a close date that is still to come, or before the deal was created.

    Both readings of the day it was created count, the user's and that in UTC: an import knows the day only.
    """
    if deal.closed_on is None:
        if deal.is_open:
            return
        message = "a closed deal keeps its close date; reopen it to take it away"
        raise RuleBroken(message)
    if deal.closed_on > context.clock.today():
        message = f"a deal cannot have closed on {deal.closed_on}: that day is still to come"
        raise RuleBroken(message)
    if deal.closed_on < min(context.clock.local_day(deal.created), deal.created.date()):
        message = f"a deal cannot have closed on {deal.closed_on}: it was created after that"
        raise RuleBroken(message)
