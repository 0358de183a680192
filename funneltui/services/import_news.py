"""What of a row is news: what its deal has not been since an import last read a row of it.

A file that comes again says mostly what it said before, and people have gone on meanwhile. Only what the file changed is
taken: a field whose value the deal has had since then, from the file or by hand, stays as it is now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from funneltui.domain.gates import demands_of
from funneltui.domain.replay import TURNS
from funneltui.errors import RuleBroken
from funneltui.services.changes import plain
from funneltui.services.fields import value_of
from funneltui.services.import_notes import has_lines, with_rest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from funneltui.domain.deal import Deal
    from funneltui.domain.history import Event
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.fields import Values
    from funneltui.services.import_rows import ImportRow

_MONEY = {"amount", "currency"}
_OF_STAGE = {"detail", "reason", "reason_note", "closed_on"}


@dataclass(frozen=True, slots=True)
class Held:
    """What a deal's fields have been, in plain JSON values, since an import last said something of each.

    `by_people` are the fields that people changed since.
    """

    values: dict[str, list[object]] = field(default_factory=dict)
    by_people: set[str] = field(default_factory=set)
    _said_in: dict[str, int | None] = field(default_factory=dict)

    def of(self, name: str) -> list[object]:
        """Give what a field has been, the oldest value first."""
        return self.values.get(name, [None])

    def is_news(self, name: str, value: object) -> bool:
        """Tell whether a field was never that, since an import last said something of it."""
        return plain(value) not in self.of(name)

    def note_row(self, said: Mapping[str, object], change: int | None, *, adds: bool) -> None:
        """Note what a row made of the deal; if it `adds`, beside what an earlier row of the same import made of it."""
        for name, value in said.items():
            goes_on = adds and change is not None and self._said_in.get(name) == change
            self.values[name] = [*self.values[name], value] if goes_on else [value]
            self._said_in[name] = change
        self.by_people.difference_update(said)

    def note_people(self, said: Mapping[str, object]) -> None:
        """Note what people made of the deal."""
        for name, value in said.items():
            self.values.setdefault(name, [None]).append(value)
        self.by_people.update(said)


def held_by(events: Iterable[tuple[Event, bool]], last_event: int) -> Held:
    """Give what a deal has been, from its events, each with whether it was undone: what was undone was never said.

    Of a file that has several rows of one deal all count, or each run would take them in turns; while it is read the last
    one counts. `last_event` was the newest event when the running import began.
    """
    held, row_of = Held(), None
    for event, is_undone in events:
        if is_undone or event.kind in TURNS:
            continue
        said = _fields_said(event)
        if "imported" in event.data:
            row_of = event.change
            held.note_row(said, event.change, adds=event.id <= last_event)
        elif row_of is not None and event.change == row_of:  # a later visit of a new deal: of the same row
            held.note_row(said, event.change, adds=False)
        else:
            held.note_people(said)
    return held


def held_since(events: Iterable[tuple[Event, bool]], version: int) -> Held:
    """Give what a deal has been since it had a version: what a row says that was written then, and what came later.

    Of a field that nobody changed since then everything is news: the row's value was put there by hand.
    """
    held = Held()
    for event, is_undone in events:
        if is_undone or event.kind in TURNS or event.version <= version:
            continue
        said = _fields_said(event)
        before = event.data.get("before", {})
        for name in said:
            held.values.setdefault(name, [(before.get("custom") or {}).get(name, before.get(name))])
        if "imported" in event.data:
            for name, value in said.items():
                held.values[name].append(value)
        else:
            held.note_people(said)
    return held


def _fields_said(event: Event) -> dict[str, object]:
    """Give the fields that an event changed, custom ones by their keys."""
    before: dict[str, Any] = event.data.get("before", {})
    after: dict[str, Any] = event.data.get("after", {})
    had, has = before.get("custom") or {}, after.get("custom") or {}
    own = {key: has.get(key) for key in had | has if had.get(key) != has.get(key)}
    return {name: value for name, value in after.items() if name != "custom"} | own


class News(NamedTuple):
    """What a row brings to its deal: values, whether it moves, and the fields that people here had changed too."""

    values: Values
    moves: bool
    both: tuple[str, ...]


def is_elsewhere(row: ImportRow, deal: Deal, pipeline: Pipeline) -> bool:
    """Tell whether a row has its deal in another stage; an outcome alone names none of several."""
    if row.stage is None or row.stage == deal.stage:
        return False
    return not (row.is_outcome_only and deal.outcome.value == pipeline.stage(row.stage).kind.value)


def differs(row: ImportRow, deal: Deal, given: Values) -> bool:
    """Tell whether any of a row's values (`given`) is not what its deal has."""
    if row.currency != deal.currency and "amount" in given and "currency" not in given:
        return True
    if row.rest and with_rest(str(given.get("notes") or ""), row.rest, deal.notes) != deal.notes:
        return True
    return any(value_of(deal, name) != value for name, value in given.items() if name != "notes" or not row.rest)


def news_in(row: ImportRow, deal: Deal, given: Values, held: Held, *, elsewhere: bool) -> News:
    """Give what is news of what a row says of its deal: its values (`given`), and the stage if it has it `elsewhere`.

    Rule: what both the file and people changed is taken from the file. An amount and its currency go together; a detail, a
    reason and a close date go with the stage: they mean nothing in another one than the row's, and come with a move.

    Raises:
        RuleBroken: an amount is read in another currency than the deal's.
    """
    moves = elsewhere and held.is_news("stage", row.stage)
    fresh = {name for name, value in given.items() if name != "notes" and held.is_news(name, value)}
    fresh |= given.keys() & _MONEY if fresh & _MONEY else set()
    if "currency" not in given and "amount" in given and row.currency != deal.currency:
        _refuse_other_currency(row, deal, is_told="amount" in fresh or held.is_news("currency", row.currency))
    if moves:
        fresh |= given.keys() & _OF_STAGE
    elif elsewhere:
        fresh -= _OF_STAGE
    values = {name: value for name, value in given.items() if name in fresh}
    if "notes" in given or row.rest:
        values["notes"] = _notes(row, str(given.get("notes") or ""), deal.notes, held)
    new = {name: value for name, value in values.items() if value_of(deal, name) != value}
    if "currency" in new and "amount" in values:  # as many minor units of another currency are another amount
        new["amount"] = values["amount"]
    both = held.by_people & (new.keys() | ({"stage"} if moves else set()))
    return News(values if moves else new, moves, tuple(sorted(both)))


def needed(row: ImportRow, deal: Deal, given: Values, stage: Stage) -> Values:
    """Give what the stage into which a row moves its deal demands and the deal lacks: from the row, else what is set."""
    lacks = [name for name in demands_of(stage) if name in _OF_STAGE or not value_of(deal, name)]
    return {name: values[name] for name in lacks for values in (row.defaults, given) if name in values}


def _refuse_other_currency(row: ImportRow, deal: Deal, *, is_told: bool) -> None:
    if is_told:
        message = f"its amount is read in {row.currency}, but deal {deal.number} is in {deal.currency}"
        raise RuleBroken(f"{message}; give the file a currency column")


def _notes(row: ImportRow, notes: str, before: str, held: Held) -> str:
    """Give the notes with what is news of them: the row's own, and the lines of the columns that no field takes."""
    known = [str(text or "") for text in held.of("notes")]
    rest = [one for one in row.rest if not any(has_lines(text, with_rest("", [one])) for text in known)]
    own = notes if all(notes != text and not (row.rest and has_lines(text, notes)) for text in known) else ""
    return with_rest(own, rest, before) if own or rest else before
