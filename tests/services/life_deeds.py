"""What two people can do to deals, as the rules of a state machine: each deed is looked at, each refusal changes nothing."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from funneltui.domain.deal import Deal
from funneltui.domain.funnel import Mode
from funneltui.domain.gates import demands_of
from funneltui.errors import BadInput, Conflict, FunneltuiError, NotFound, StorageError
from funneltui.services import activities, deals, merging, moves, reports, undo
from funneltui.services.activities import ContactBy
from funneltui.services.changes import plain
from funneltui.services.context import Context
from tests import independent_count
from tests.independent_count import Row, Rows, fields_of, holding
from tests.services import life_choices
from tests.services.life_choices import (
    ASKED,
    CHANGES,
    CORRECTIONS,
    DAYS,
    DETAILS,
    IS_ASKED,
    MORE,
    PAIRS,
    PLACE,
    PLACES,
    SAID,
    SEEN,
    STAGE,
    WHO,
)
from tests.services.life_office import AWAY, BOTH, MANAGER, PIPELINE, REP, STAGES, TODAY, Office

if TYPE_CHECKING:
    from collections.abc import Iterable

Values = dict[str, object]
Deed = Callable[[Context, list[int], dict[int, int] | None], object]
"""What is done to deals, by their numbers and the versions that were seen, if they are told."""

NOWHERE = 900
"""To be added to a number, to have one that no deal has."""
TURNS = ("undone", "redone")


def is_in(deal: Row) -> bool:
    """Tell whether a deal is in the pipeline."""
    return deal["outcome"] != "spam"


def is_closed(deal: Row) -> bool:
    """Tell whether a deal is won or lost."""
    return deal["outcome"] in ("won", "lost")


def is_spam(deal: Row) -> bool:
    """Tell whether a deal can be restored."""
    return deal["outcome"] == "spam"


def has_follow_up(deal: Row) -> bool:
    """Tell whether a deal has a follow-up to finish."""
    return deal["follow_up"] is not None


def can_be_finished(deal: Row) -> bool:
    """Tell whether a deal's follow-up can be finished without a next one: its stage demands none, or it comes again."""
    demanded = "follow_up" in demands_of(PIPELINE.stage(deal["stage"]))
    return has_follow_up(deal) and (not demanded or bool(deal["follow_up_repeat"]))


def deals_of(given: object) -> Sequence[Deal]:
    """Give the deals that a service gave: one, several, or those of an undo's step."""
    if isinstance(given, Deal):
        return [given]
    if isinstance(given, undo.Step):
        return given.deals
    if isinstance(given, merging.CompanyChange | merging.ContactChange):
        return given.deals
    return given if isinstance(given, list) else []


class Deeds(RuleBasedStateMachine):
    """Everything that the two can do, each refusal of which changes nothing."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.ground: dict[int, dict[int, list[int]]] = {}
        office.begin()
        self.rows = self.office.look()

    def numbers(self, who: str, places: Sequence[int], fits: Callable[[Row], bool]) -> list[int]:
        """Give deals, those last changed first: mostly such as somebody reaches and as fit, now and then others."""
        every = sorted(self.rows.deals, key=lambda number: -self.rows.events[number][-1]["id"])
        good = [number for number in every if self.reaches(who, number) and fits(self.rows.deals[number])]
        others = [number for number in every if number not in good]
        chosen = [(good if place < 10 else others) or every for place in places]
        return [among[place % 10 % len(among)] for among, place in zip(chosen, places, strict=True)]

    def reaches(self, who: str, number: int) -> bool:
        """Tell whether a deal is there for somebody: a rep has his own only (D11)."""
        return number in self.rows.there(None if who == MANAGER else who)

    def attempt(self, who: str, do: Callable[[Context], object]) -> FunneltuiError | None:
        """Do it as somebody, and give the refusal, if it was one: that says why, and changes nothing at all."""
        before = self.rows
        error: FunneltuiError | None = None
        given: object = None
        try:
            given = do(self.office.contexts[who])
        except StorageError:
            raise
        except FunneltuiError as refusal:
            error = refusal
        self.rows = self.office.look()
        if error is not None:
            assert self.rows.tables == before.tables
            assert str(error)
            return error
        theirs = [[row for row in rows.changes if rows.people[row["who_id"]] != who] for rows in (before, self.rows)]
        assert theirs[0] == theirs[1]  # whatever one does, what the other one can undo and redo stays
        for deal in deals_of(given):
            self.stands_as_given(deal)
            assert who == MANAGER or deal.owner == REP
        if who == REP:
            self.others_are_as_before(before)
        return None

    def stands_as_given(self, deal: Deal) -> None:
        """See that a deal that a service gave is the deal as it is stored."""
        fields = {name: plain(getattr(deal, name)) for name in Deal.__dataclass_fields__}
        stored = self.rows.deals[deal.number]
        expected = fields_of(self.rows, deal.number) | {"number": deal.number, "version": stored["version"]}
        expected |= {"touched": independent_count.moment(stored["touched"]).isoformat()}
        assert {name: value for name, value in fields.items() if value not in (None, "", [], {})} == expected

    def others_are_as_before(self, before: Rows) -> None:
        """See that the rep has changed no deal that was not his, and that none went out of his hands."""
        for number in before.deals:
            for told in ("deals", "visits", "events"):
                same = getattr(before, told).get(number) == getattr(self.rows, told).get(number)
                assert same or (before.owner(number), self.rows.owner(number)) == (REP, REP)

    def on(
        self, who: str, places: Sequence[int], seen: str, do: Deed, fits: Callable[[Row], bool] = lambda deal: True
    ) -> None:
        """Do it to deals as somebody, who has seen them as they are, or as they were, or does not tell."""
        numbers = self.numbers(who, places, fits)
        versions = {number: self.rows.deals[number]["version"] - (seen == "stale") for number in numbers}
        told = None if seen == "not told" else versions
        absent = {number for number in numbers if not self.reaches(who, number)}
        error = self.attempt(who, lambda context: do(context, numbers, told))
        assert error is not None or not (absent or seen == "stale")
        if absent:  # the refusal tells no more of them than of deals that do not exist
            elsewhere = {number: number + NOWHERE * (number in absent) for number in numbers}
            alike = self.attempt(who, lambda context: do(context, [elsewhere[number] for number in numbers], None))
            text = str(alike)
            for number in absent:
                text = text.replace(str(elsewhere[number]), str(number))
            assert (type(alike), text) == (type(error), str(error))
        elif seen == "stale":
            assert isinstance(error, Conflict | BadInput | NotFound) or (
                life_choices.REOPENING_LOOKS_AT_THE_VERSION_LAST and "open" in str(error)
            )

    @rule(who=WHO, changes=CHANGES, more=MORE, stage=st.none() | STAGE, asked=IS_ASKED)
    def add(self, who: str, changes: Values, more: Values, stage: str | None, asked: bool) -> None:
        values = {"title": "Deal", "source": "web", "expected_close": TODAY + timedelta(days=20)} | changes | more
        self.attempt(who, lambda context: deals.add(context, values | (ASKED.get(stage, {}) if asked else {}), stage))

    @rule(who=WHO, places=PLACES, changes=CHANGES, more=MORE, stage=st.none() | STAGE, seen=SEEN)
    def edit(self, who: str, places: list[int], changes: Values, more: Values, stage: str | None, seen: str) -> None:
        values = ASKED.get(stage, {}) | changes | more
        self.on(who, places, seen, lambda context, its, told: deals.edit_all(context, its, values, told, stage), is_in)

    @rule(who=WHO, place=PLACE, pair=st.sampled_from([*PAIRS, *DETAILS]))
    def edit_one_field(self, who: str, place: int, pair: tuple[str, object]) -> None:
        values = dict([pair])
        self.on(who, [place], "fresh", lambda context, its, told: deals.edit(context, its[0], values, versions=told))

    @rule(order=st.permutations(BOTH), place=PLACE, said=st.tuples(SAID, SAID))
    def both_change_one(self, order: list[str], place: int, said: tuple[tuple[str, object], ...]) -> None:
        (number,) = self.numbers(REP, [place], is_in)
        for who, (name, value) in zip(order, said, strict=True):
            stage = str(value) if name == "stage" else None
            values = dict(ASKED.get(stage, {})) if stage else {name: value}
            self.attempt(who, partial(deals.edit, number=number, values=values, stage=stage))

    @rule(
        who=st.sampled_from([MANAGER, MANAGER, REP]),
        place=PLACE,
        owner=st.sampled_from([MANAGER, REP, REP, AWAY, None]),
    )
    def give(self, who: str, place: int, owner: str | None) -> None:
        values: Values = {"owner": owner}
        self.on(
            who, [place], "fresh", lambda context, its, told: deals.edit(context, its[0], values, versions=told), is_in
        )

    @rule(who=WHO, place=PLACE, stage=st.sampled_from(["nowhere", "acquired"]))
    def move_nowhere_or_what_is_not_there(self, who: str, place: int, stage: str) -> None:
        (number,) = self.numbers(who, [place], is_in)
        number += NOWHERE * (stage != "nowhere")
        assert self.attempt(who, lambda context: moves.move(context, [number], stage)) is not None

    @rule(
        who=WHO, places=PLACES, stage=STAGE, asked=IS_ASKED, more=MORE, seen=SEEN, note=st.sampled_from(["", "why not"])
    )
    def move(self, who: str, places: list[int], stage: str, asked: bool, more: Values, seen: str, note: str) -> None:
        given = (ASKED.get(stage, {}) if asked else {}) | more
        self.on(who, places, seen, lambda context, its, told: moves.move(context, its, stage, given, told, note), is_in)

    @rule(who=WHO, places=PLACES, changes=CHANGES, more=MORE, seen=SEEN)
    def win(self, who: str, places: list[int], changes: Values, more: Values, seen: str) -> None:
        given = changes | more
        self.on(who, places, seen, lambda context, its, told: moves.win_all(context, its, given, told), is_in)

    @rule(who=WHO, places=PLACES, reason=st.sampled_from(["price", "timing", "boredom", None]), more=MORE, seen=SEEN)
    def lose(self, who: str, places: list[int], reason: str | None, more: Values, seen: str) -> None:
        given: Values = {"reason": reason, "reason_note": "alas"} | more
        self.on(who, places, seen, lambda context, its, told: moves.lose(context, its, given, told), is_in)

    @rule(
        who=WHO, place=PLACE, stage=st.sampled_from([*STAGES.open, *STAGES.open, "acquired"]), asked=IS_ASKED, seen=SEEN
    )
    def reopen(self, who: str, place: int, stage: str, asked: bool, seen: str) -> None:
        given = ASKED.get(stage, {}) if asked else {}
        self.on(
            who, [place], seen, lambda context, its, told: moves.reopen(context, its[0], stage, given, told), is_closed
        )

    @rule(who=WHO, place=PLACE, day=st.sampled_from([None, *DAYS]), seen=SEEN)
    def set_the_follow_up(self, who: str, place: int, day: date | None, seen: str) -> None:
        self.on(
            who, [place], seen, lambda context, its, told: deals.follow_up(context, its[0], day, "call", told), is_in
        )

    @rule(who=WHO, places=PLACES, seen=SEEN, following=st.sampled_from([None, *DAYS]))
    def finish_follow_ups(self, who: str, places: list[int], seen: str, following: date | None) -> None:
        finish, given = activities.finish_follow_ups, {"follow_up": following} if following else {}
        may = has_follow_up if following else can_be_finished
        self.on(who, places, seen, lambda context, its, told: finish(context, its, "done", told, given), may)

    @rule(
        who=WHO,
        places=PLACES,
        text=st.sampled_from(["they like it", " "]),
        by=st.sampled_from([None, *ContactBy]),
        seen=SEEN,
    )
    def note_or_log(self, who: str, places: list[int], text: str, by: ContactBy | None, seen: str) -> None:
        def do(context: Context, its: list[int], told: dict[int, int] | None) -> object:
            return (
                activities.log_all(context, its, by, text, told)
                if by
                else activities.note_all(context, its, text, told)
            )

        self.on(who, places, seen, do)

    @rule(who=WHO, correction=st.sampled_from(CORRECTIONS))
    def correct_a_record(self, who: str, correction: Callable[[Context], object]) -> None:
        self.attempt(who, correction)

    @rule(who=WHO, places=PLACES, seen=SEEN, back=st.booleans())
    def spam_or_restore(self, who: str, places: list[int], seen: str, back: bool) -> None:
        do = activities.restore if back else activities.spam
        self.on(who, places, seen, do, is_spam if back else is_in)

    @rule(seconds=st.integers(1, 100_000), days=st.sampled_from([0, 0, 0, 1, 20]))
    def wait(self, seconds: int, days: int) -> None:
        self.office.clock.moment += timedelta(days=days, seconds=seconds)

    @rule(back=st.lists(st.sampled_from([*BOTH, "the last", "the last"]), min_size=1, max_size=5),
          again=st.lists(st.booleans(), min_size=1, max_size=5))  # fmt: skip
    def undo_and_redo(self, back: list[str], again: list[bool]) -> None:
        undone: list[str] = []
        for one in back:
            who = self.who_did_last() if one == "the last" else one
            undone += [who] if self.take_back(who) else []
        for in_order in again[: len(undone)]:
            self.do_again(undone.pop(-1 if in_order else 0))

    def who_did_last(self) -> str:
        """Give who made the last change that is done."""
        done = [row["who_id"] for row in self.rows.changes if row["state"] == "done"]
        return self.rows.people[done[-1]] if done else MANAGER

    def take_back(self, who: str) -> bool:
        """Undo as somebody, and tell whether it was done: it must be, unless something hinders it."""
        change = self.next_turn(who, "done")
        touched = self.events_of(change)
        hindered = [number for number in touched if self.hinders(who, number, touched[number])]
        error = self.attempt(who, undo.undo)
        assert (error is None) == (change is not None and not hindered)
        if change is None:
            assert str(error) == "there is nothing to undo"
        elif error is not None:
            self.is_told_why(who, hindered[0], touched[hindered[0]], str(error))
        else:
            self.ground[change] = self.standing_on(touched)
        return error is None

    def do_again(self, who: str) -> None:
        """Redo as somebody: it must be done if all stands as it did when it was undone, and not if something hinders it."""
        change = self.next_turn(who, "undone")
        touched = self.events_of(change)
        same = change is not None and self.standing_on(touched) == self.ground[change]
        hindered = any(self.hinders(who, number, touched[number]) for number in touched)
        if life_choices.REDO_LOOKS_ONLY_AT_LATER_CHANGES and change is not None and not same and not hindered:
            return
        error = self.attempt(who, undo.redo)
        assert not same or error is None
        assert not (hindered or change is None) or error is not None
        assert error is None or "nothing" in str(error)

    def next_turn(self, who: str, state: str) -> int | None:
        """Give the change that somebody would undo (of the state done) or redo (undone), by the rows."""
        mine = [
            row["id"] for row in self.rows.changes if (self.rows.people[row["who_id"]], row["state"]) == (who, state)
        ]
        return None if not mine else mine[-1] if state == "done" else mine[0]

    def events_of(self, change: int | None) -> dict[int, list[int]]:
        """Give the ids of the events of a change by the deals that it touched, in its order."""
        found: dict[int, list[int]] = {}
        for event in sorted(itertools.chain(*self.rows.events.values()), key=itemgetter("id")):
            if event["change"] == change and event["kind"] not in TURNS:
                found.setdefault(event["deal"], []).append(event["id"])
        return found

    def hinders(self, who: str, number: int, ids: list[int]) -> bool:
        """Tell whether a deal hinders an undo or redo: something that holds came later, or it is out of reach."""
        return bool(self.later(number, ids)) or (who == REP and self.rows.owner(number) != REP)

    def later(self, number: int, ids: list[int]) -> list[Row]:
        """Give what happened to a deal after events and holds."""
        return [event for event in holding(self.rows.events[number]) if event["id"] > ids[-1]]

    def standing_on(self, numbers: Iterable[int]) -> dict[int, list[int]]:
        """Give the events of deals that hold."""
        return {number: [event["id"] for event in holding(self.rows.events[number])] for number in numbers}

    def is_told_why(self, who: str, number: int, ids: list[int], said: str) -> None:
        """See that a refused undo names the deal and who changed it; to a rep it tells nothing of a deal given away."""
        assert f"deal {number}" in said
        assert said.endswith("nothing was undone")
        if who == MANAGER or self.rows.owner(number) == REP:
            assert said.startswith(self.rows.people[self.later(number, ids)[-1]["who_id"]])
        elif not life_choices.UNDO_TELLS_OF_DEALS_GIVEN_AWAY:
            assert said == f"deal {number} is not yours any more; nothing was undone"

    def picture(self) -> object:
        """Give all that there is to see: the deals without the count of their changes, their visits, both funnels."""
        there = self.rows.there()
        visits = [
            (visit["deal"], visit["stage"], visit["detail"], visit["entered"], visit["left_at"], visit["seconds"])
            for number in there
            for visit in self.rows.visits[number]
        ]
        moments = {number: (self.rows.deals[number]["touched"], self.rows.deals[number]["due_on"]) for number in there}
        funnels = [
            reports.funnel_of(context, PIPELINE, mode) for context in self.office.contexts.values() for mode in Mode
        ]
        return [fields_of(self.rows, number) for number in there], visits, moments, funnels
