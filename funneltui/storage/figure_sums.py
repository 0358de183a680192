"""The sums that figures are computed from, made by the database: of deals and stays as they are now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from funneltui.domain.deal import Outcome
from funneltui.domain.figure_sums import By, Counted, amounts_by, groups_of, stays_by
from funneltui.domain.filters import Filter, Flag, Flags
from funneltui.domain.losses import Lost
from funneltui.storage import people
from funneltui.storage.database import Database, query
from funneltui.storage.deals import COUNTED, DEAL_FROM, EVERYTHING, Condition, within
from funneltui.storage.filtering import condition as filtering_condition
from funneltui.storage.filtering import start_of
from funneltui.storage.local_days import day_of, month_key, ordinal_of
from funneltui.storage.whole_table import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from funneltui.domain.figure_sums import Keys, Row, Stays
    from funneltui.domain.metrics import Window
    from funneltui.domain.pipeline import Pipeline

_CLOSED = Condition("d.outcome IN ('won', 'lost')")
_OPEN = Condition("d.outcome = 'open'")
_ENDED = Condition("v.pipeline IS NULL AND v.left_at IS NOT NULL")
_COMPANY = "c.name"
_KEYS = {By.OWNER: "d.owner_id", By.SOURCE: "d.source", By.COMPANY: _COMPANY, By.TAG: "d.tags"}
_OWNED = frozenset({_KEYS[By.OWNER]})
"""By what an index tells deals apart."""

_COUNT = ("count(*)", "coalesce(sum(d.amount), 0)")
_OUTCOMES = {outcome.value: outcome for outcome in Outcome}


@dataclass(frozen=True, slots=True)
class Deals:
    """The deals that are counted: those of a pipeline within a scope and of a condition, spam left out.

    Days are those of `zone` (the system's, if none is given), `today` is the day that they are seen from.
    """

    database: Database
    scope: int | None
    pipeline: Pipeline
    today: date
    zone: tzinfo | None
    filtered: Condition = EVERYTHING

    def counted(self, window: Window, by: By | None) -> Counted:
        """Give the sums of the open deals, and of a period, told apart by something; in five statements."""
        keys = _Keys(self, by)
        return Counted(
            by, keys.groups(), self._standing(keys), self.created(window, keys.begun), self._ended(window, keys.closed),
            self._won(window, keys.closed), self._stays(window, keys.left),
        )  # fmt: skip

    def created(self, window: Window, keys: Sequence[str] = ()) -> list[Row]:
        """Give the rows of `domain.funnel.add_up` of the deals created in a period, `keys` before each."""
        alike = ("d.stage", "d.reach", "d.outcome", "d.currency", "d.probability")
        when = self._between("d.created", window.since, window.until)
        rows = self._rows((*keys, *alike), when, _COUNT, indexed=_OWNED.issuperset(keys) and not when.sql)
        place = len(keys) + 2
        return [(*row[:place], _OUTCOMES[row[place]], *row[place + 1 : -2], *map(int, row[-2:])) for row in rows]

    def _standing(self, keys: _Keys) -> list[Row]:
        rots = filtering_condition(
            Filter(Flags((Flag.ROTTING,))), actor_id=0, today=self.today, zone=self.zone, pipelines=(self.pipeline,)
        )
        entered = day_of("d.stage_entered", self.zone, self.today)
        alike = (*keys.begun, "d.stage", "d.currency", entered, f"CASE WHEN {rots.sql} THEN 1 ELSE 0 END")
        return [
            (*row[:-4], date.fromordinal(row[-4]), row[-3] == 1, *map(int, row[-2:]))
            for row in self._rows(alike, _OPEN, _COUNT, rots.values)
        ]

    def _ended(self, window: Window, keys: Sequence[str]) -> list[Row]:
        days = f"{ordinal_of(self.database, 'd.closed_on')} - {day_of('d.created', self.zone, self.today)}"
        rows = self._rows((*keys, "d.outcome", "d.currency", days), _closed_in(window), _COUNT)
        place = len(keys)
        return [(*row[:place], _OUTCOMES[row[place]], *row[place + 1 : -2], *map(int, row[-2:])) for row in rows]

    def _won(self, window: Window, keys: Sequence[str]) -> dict[Row, list[int | None]]:
        won = _closed_in(window) & Condition("d.outcome = 'won'")
        return amounts_by(self._rows((*keys, "d.currency", "d.amount"), won, indexed=_OWNED.issuperset(keys)))

    def _stays(self, window: Window, keys: Sequence[str]) -> dict[Row, Stays]:
        ended = _ENDED & self._between("v.left_at", window.since, window.until)
        return stays_by(self._rows((*keys, "v.stage", "v.deal", "v.seconds"), ended, visits=True))

    def weeks(self, first: date, last: date) -> tuple[dict[date, int], dict[tuple[date, Outcome], int]]:
        """Give how many deals were created on each day of a period, and how many closed on each, by outcome."""
        day, begun = day_of("d.created", self.zone, self.today), self._between("d.created", first, last)
        ended = _CLOSED & Condition("d.closed_on BETWEEN ? AND ?", (first.isoformat(), last.isoformat()))
        created = self._rows((day,), begun, _COUNT[:1])
        closed = self._rows(("d.closed_on", "d.outcome"), ended, _COUNT[:1], indexed=True)
        return (
            {date.fromordinal(number): count for number, count in created},
            {(date.fromisoformat(text), _OUTCOMES[outcome]): count for text, outcome, count in closed},
        )

    def lost(self, window: Window) -> tuple[list[Lost], list[tuple[int, str]]]:
        """Give the deals that were lost in a period, and with their numbers the stages in which they stayed until then.

        Both in the order in which they began.
        """
        lost = _closed_in(window) & Condition("d.outcome = 'lost'")
        names = _names(self.database)
        rows = self._rows(
            ("d.number", "d.reason", "d.owner_id", "d.source", "d.currency", "d.amount"), lost, order="d.number"
        )
        stays = self._rows(("v.deal", "v.stage"), lost & _ENDED, visits=True)
        return [Lost(row[0], row[1], names.get(row[2]), row[3], row[4], row[5]) for row in rows], stays

    def entered(self, window: Window, keys: Sequence[str]) -> list[Row]:
        """Give how many deals created in a period ever entered each stage, by what they are now, `keys` before each."""
        alike, each = (*keys, "v.stage", "d.outcome"), ("count(DISTINCT v.deal)",)
        when = self._between("d.created", window.since, window.until)
        rows = self._rows(alike, when & Condition("v.pipeline IS NULL"), each, visits=True)
        return [(*row[:-2], _OUTCOMES[row[-2]], row[-1]) for row in rows]

    def keyed(self, by: By) -> tuple[tuple[str, ...], Callable[[Any], Keys]]:
        """Give by what the deals that were created are told apart, and what tells the groups of such a key."""
        keys = _Keys(self, by)
        return keys.begun, keys.groups()

    def _between(self, column: str, first: date | None, last: date | None) -> Condition:
        """Say that a moment lies on one of these days."""
        condition = EVERYTHING
        if first is not None:
            condition &= Condition(f"{column} >= ?", (start_of(first, self.zone),))
        if last is not None:
            condition &= Condition(f"{column} < ?", (start_of(last + timedelta(days=1), self.zone),))
        return condition

    def _rows(
        self, alike: Sequence[str], also: Condition, sums: Sequence[str] = (), values: tuple[object, ...] = (), *,
        visits: bool = False, indexed: bool = False, order: str = "",
    ) -> list[Row]:  # fmt: skip
        """Give these columns of the deals, or of their visits in order; with sums one row for all that are alike.

        `values` are the parameters of the columns. `indexed`: an index holds all of them, and what is asked.
        """
        wide = bool(self.filtered.sql) or _COMPANY in alike
        there = Condition(f"d.pipeline = ? AND {COUNTED.sql}", (self.pipeline.key,))
        condition = there & also & within(self.scope) & self.filtered
        source = DEAL_FROM if wide else "FROM deal d"
        if wide or not indexed:
            source = in_order(self.database, source)
        if visits:
            source, order = f"{source} JOIN visit v ON v.deal = d.number", "v.id"
        places = ", ".join(str(place + 1) for place in range(len(alike)))
        tail = f"GROUP BY {places}" if sums else f"ORDER BY {order}" if order else ""
        return query(
            self.database,
            f"SELECT {', '.join((*alike, *sums))} {source} WHERE {condition.sql} {tail}",
            (*values, *condition.values),
        )


class _Keys:
    """The columns by which deals and stays are told apart: of what was created, of what closed, and of what left."""

    def __init__(self, deals: Deals, by: By | None) -> None:
        self._deals, self._by = deals, by
        self.begun: tuple[str, ...] = ()
        self.closed: tuple[str, ...] = ()
        self.left: tuple[str, ...] = ()
        if by is By.MONTH:
            self.begun, self.closed, self.left = self._months()
        elif by is not None:
            self.begun = self.closed = self.left = (_KEYS[by],)

    def _months(self) -> tuple[tuple[str], tuple[str], tuple[str]]:
        deals = self._deals
        ((first,),) = query(deals.database, "SELECT min(created) FROM deal WHERE pipeline = ?", (deals.pipeline.key,))
        last = start_of(deals.today + timedelta(days=1), deals.zone)
        created, left = (month_key(column, deals.zone, first or last, last) for column in ("d.created", "v.left_at"))
        return (created,), ("substr(d.closed_on, 1, 7)",), (left,)

    def groups(self) -> Callable[[Any], Keys]:
        """Give what tells the groups of a key."""
        if self._by is By.OWNER:
            names = _names(self._deals.database)
            return lambda owner: (names.get(owner),)
        return groups_of(self._by)


def _closed_in(window: Window) -> Condition:
    condition = _CLOSED
    if window.since is not None:
        condition &= Condition("d.closed_on >= ?", (window.since.isoformat(),))
    if window.until is not None:
        condition &= Condition("d.closed_on <= ?", (window.until.isoformat(),))
    return condition


def _names(database: Database) -> dict[int, str]:
    """Give the names of all owners by their ids: so many deals have the same."""
    return {person.id: person.name for person in people.everyone(database)}
