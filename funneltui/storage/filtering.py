"""Filters as SQL: the same conditions on SQLite and PostgreSQL, whatever was typed only ever a parameter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING

from funneltui.domain import filters
from funneltui.domain.field_filters import FieldContains, FieldDays, FieldIs, FieldNumbers, FieldThere
from funneltui.domain.filters import Field, Filter, Flag, Span
from funneltui.domain.money import CURRENCIES, MAX_MINOR, minor_digits
from funneltui.domain.spans import dates_back
from funneltui.storage.deals import COUNTED, EVERYTHING, Condition
from funneltui.storage.field_filtering import of_field
from funneltui.storage.matching import bare_phone, begins_with, contains
from funneltui.storage.tables import to_micros
from funneltui.storage.text_filtering import LINES, in_line, search_line, whole_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from funneltui.domain.filters import Node
    from funneltui.domain.pipeline import Pipeline

_NEVER = Condition("1 = 0")
_ALWAYS = Condition("1 = 1")

_COLUMNS = MappingProxyType(
    {
        Field.PIPELINE: "d.pipeline",
        Field.STAGE: "d.stage",
        Field.DETAIL: "d.detail",
        Field.SOURCE: "d.source",
        Field.REASON: "d.reason",
        Field.QUALIFIER: "d.qualifier",
        Field.COMPANY: "c.folded",
        Field.CONTACT: "k.folded",
        Field.EMAIL: "lower(k.email)",
        Field.PHONE: bare_phone("k.phone"),
        Field.NUMBER: "d.number",
        Field.PROBABILITY: "d.probability",
        Field.CLOSE: "d.expected_close",
        Field.FOLLOW_UP: "d.follow_up",
        Field.CLOSED: "d.closed_on",
        Field.CREATED: "d.created",
        Field.TOUCHED: "d.touched",
        Field.ENTERED: "d.stage_entered",
    }
)
_MOMENTS = frozenset({Field.CREATED, Field.TOUCHED, Field.ENTERED})
_PEOPLE = MappingProxyType({Field.OWNER: "o", Field.CREATED_BY: "m"})

_LONGEST_ROT = 100_000
"""A limit of more days (centuries) is never exceeded, and would leave the calendar."""

_PRESENT = MappingProxyType(
    {
        Field.FOLLOW_UP: "d.follow_up IS NOT NULL",
        Field.AMOUNT: "d.amount IS NOT NULL",
        Field.OWNER: "d.owner_id IS NOT NULL",
        Field.COMPANY: "d.company_id IS NOT NULL",
        Field.CONTACT: "coalesce(k.name, '') <> ''",
        Field.EMAIL: "coalesce(k.email, '') <> ''",
        Field.PHONE: "coalesce(k.phone, '') <> ''",
        Field.DETAIL: "d.detail IS NOT NULL",
        Field.TAG: "d.tags <> ''",
        Field.QUALIFIER: "d.qualifier <> ''",
    }
)


def condition(
    filter: Filter, *, actor_id: int, today: date, zone: tzinfo | None, pipelines: Sequence[Pipeline] = ()
) -> Condition:
    """Give the condition of a filter over the names of `DEAL_FROM`: safe to combine with others by AND.

    `actor_id` is who "me" is; a day of a moment is the whole local day in `zone` (the system's, if none is given);
    `pipelines` give the limits of `is:rotting` and the order of stages for `reached:`, which match nothing without them.
    Whatever may be unknown of a deal never makes it fall out of both a term and its negation.
    """
    if filter.is_empty:
        return EVERYTHING
    return _Translation(actor_id, today, zone, pipelines).of(filter.root)


@dataclass(frozen=True, slots=True)
class _Translation:
    actor_id: int
    today: date
    zone: tzinfo | None
    pipelines: Sequence[Pipeline]

    def of(self, node: Node) -> Condition:
        """Give the condition of a part of a filter."""
        match node:
            case filters.Not(inner):
                negated = self.of(inner)
                # Unlike NOT, this is true of a deal of which the inner condition is unknown (NULL).
                return Condition(f"CASE WHEN {negated.sql} THEN 0 ELSE 1 END = 1", negated.values)
            case filters.All(nodes):
                return _joined(" AND ", [self.of(one) for one in nodes]) if nodes else _ALWAYS
            case filters.Either(nodes):
                return _any(self.of(one) for one in nodes)
            case filters.Days(field, spans):
                return _any(self._days(field, span) for span in spans)
            case filters.Numbers(Field.AGE, spans):
                return _any(self._days(Field.ENTERED, dates_back(span, self.today)) for span in spans)
            case filters.Numbers(field, spans):
                return _any(_between(_COLUMNS[field], span) for span in spans)
            case filters.Amounts(span, currency, only):
                return _amounts(span, currency, only=only)
            case filters.People(field, names, me, nobody):
                return self._people(_PEOPLE[field], names, me=me, nobody=nobody)
            case filters.Flags(flags):
                return _any(self._flag(flag) for flag in flags)
            case filters.Keys(Field.REACHED, keys, begins):
                return self._reached(keys, begins=begins)
            case filters.Presence(fields, present):
                return _any(Condition(_PRESENT[one] if present else f"NOT ({_PRESENT[one]})") for one in fields)
            case FieldContains() | FieldIs() | FieldNumbers() | FieldDays() | FieldThere():
                return of_field(node)
        return _text(node)

    def _people(self, alias: str, names: Sequence[str], *, me: bool, nobody: bool) -> Condition:
        ways = [_in(whole_text(f"{alias}.folded"), names)] if names else []
        if me:
            ways.append(Condition(f"{alias}.id = ?", (self.actor_id,)))
        if nobody:
            ways.append(Condition(f"{alias}.id IS NULL"))
        return _any(ways)

    def _days(self, field: Field, span: Span[date]) -> Condition:
        column = _COLUMNS[field]
        if field not in _MOMENTS:
            return _between(column, span)
        next_day = timedelta(days=1)
        low = span.low if span.low is None or not span.above else span.low + next_day
        high = span.high if span.high is None or span.below else span.high + next_day
        return _between(
            column,
            Span(
                None if low is None else start_of(low, self.zone),
                None if high is None else start_of(high, self.zone),
                below=True,
            ),
        )

    def _flag(self, flag: Flag) -> Condition:
        today = self.today.isoformat()
        match flag:
            case Flag.CLOSED:
                return Condition("d.outcome IN ('won', 'lost')")
            case Flag.OVERDUE:
                return Condition("d.due_on < ?", (today,))
            case Flag.TODAY:
                return Condition("d.due_on = ?", (today,))
            case Flag.SOON:
                last = self.today + timedelta(days=filters.SOON_DAYS)
                return Condition("(d.due_on > ? AND d.due_on <= ?)", (today, last.isoformat()))
            case Flag.UNASSIGNED:
                return Condition("d.owner_id IS NULL")
            case Flag.ROTTING:
                return self._rotting()
        return Condition("d.outcome = ?", (flag.value,))

    def _reached(self, keys: Sequence[str], *, begins: bool) -> Condition:
        """Say as SQL what "Reached" means of one deal: the rank of its reach is that of the stage, or a later one.

        A won deal has reached a won stage, and so every open one before it; spam counts nowhere.
        """
        ways: list[Condition] = []
        for pipeline in self.pipelines:
            ranked = [stage.key for stage in pipeline.ranked_stages]
            ranks = [rank for rank, one in enumerate(ranked) if any(_means(key, one, begins=begins) for key in keys)]
            if ranks:
                here = Condition(f"d.pipeline = ? AND {COUNTED.sql}", (pipeline.key,)) & _in(
                    "d.reach", ranked[min(ranks) :]
                )
                ways.append(Condition(f"({here.sql})", here.values))
        return _any(ways) if ways else _NEVER

    def _rotting(self) -> Condition:
        """Say as SQL what `domain.deal.is_rotting` says of one deal, by the limit of each stage."""
        ways: list[Condition] = []
        for pipeline in self.pipelines:
            by_limit: dict[int, list[str]] = {}
            for stage in pipeline.stages:
                if 0 < stage.rot_days <= _LONGEST_ROT:
                    by_limit.setdefault(stage.rot_days, []).append(stage.key)
            for days, keys in by_limit.items():
                limit = start_of(self.today - timedelta(days=days), self.zone)
                here = Condition("d.pipeline = ? AND d.touched < ?", (pipeline.key, limit)) & _in("d.stage", keys)
                ways.append(Condition(f"({here.sql})", here.values))
        if not ways:
            return _NEVER
        waits = Condition("d.outcome = 'open' AND (d.follow_up IS NULL OR d.follow_up <= ?)", (self.today.isoformat(),))
        both = waits & _any(ways)
        return Condition(f"({both.sql})", both.values)


def _text(node: Node) -> Condition:
    match node:
        case filters.Word(text):
            return contains("d.search", text)
        case filters.Keys(Field.VISITED, keys, begins):
            stages = _any(begins_with("v.stage", key) for key in keys) if begins else _in("v.stage", keys)
            visit = f"SELECT 1 FROM visit v WHERE v.deal = d.number AND v.pipeline IS NULL AND {stages.sql}"
            return Condition(f"({COUNTED.sql} AND EXISTS ({visit}))", stages.values)
        case filters.Keys(field, keys, False):
            return _in(_COLUMNS[field], keys)
        case filters.Keys(field, keys):
            return _any(begins_with(_COLUMNS[field], key) for key in keys)
        case filters.Contains(field, texts, True):
            return _in(whole_text(search_line(field) if field in LINES else _COLUMNS[field]), texts)
        case filters.Contains(field, texts) if field in LINES:
            line = search_line(field)
            return _any(in_line(line, text, text) for text in texts)
        case filters.Contains(field, texts):
            return _any(contains(_COLUMNS[field], text) for text in texts)
        case filters.Tags(tags):
            line = f"' ' || {search_line(Field.TAG)} || ' '"
            return _any(in_line(line, f" {tag} ", tag) for tag in tags)
        case filters.Outcomes(outcomes):
            return _in("d.outcome", [outcome.value for outcome in outcomes])
        case filters.Currencies(codes):
            return _in("d.currency", codes)
    raise AssertionError(node)


def _means(key: str, one: str, *, begins: bool) -> bool:
    return one.startswith(key) if begins else one == key


def _joined(word: str, conditions: Iterable[Condition]) -> Condition:
    parts = list(conditions)
    if len(parts) == 1:
        return parts[0]
    return Condition(f"({word.join(one.sql for one in parts)})", tuple(value for one in parts for value in one.values))


def _any(conditions: Iterable[Condition]) -> Condition:
    return _joined(" OR ", conditions)


def _in(column: str, values: Sequence[str]) -> Condition:
    return Condition(f"{column} IN ({', '.join('?' * len(values))})", tuple(values))


def _between(column: str, span: Span[int] | Span[date]) -> Condition:
    ends: list[Condition] = []
    if span.low is not None:
        ends.append(Condition(f"{column} {'>' if span.above else '>='} ?", (_stored(span.low),)))
    if span.high is not None:
        ends.append(Condition(f"{column} {'<' if span.below else '<='} ?", (_stored(span.high),)))
    return _joined(" AND ", ends) if ends else Condition(f"{column} IS NOT NULL")


def _stored(value: int | date) -> int | str:
    return value if isinstance(value, int) else value.isoformat()


def start_of(day: date, zone: tzinfo | None) -> int:
    """Give the moment at which a day begins in a zone (the system's, if none is given), as it is stored."""
    return to_micros(datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC))


def _amounts(span: Span[int], currency: str, *, only: bool) -> Condition:
    if only:
        own = Condition("d.currency = ?", (currency,)) & _between("d.amount", span)
        return Condition(f"({own.sql})", own.values)
    digits = minor_digits(currency)
    ways: list[Condition] = []
    for other in sorted(set(CURRENCIES.values())):
        # The many currencies with two decimals are told by not being one of the few others.
        codes = ", ".join(f"'{code}'" for code, its in CURRENCIES.items() if (its != 2 if other == 2 else its == other))
        here = _between("d.amount", _scaled(span, other - digits))
        ways.append(Condition(f"(d.currency {'NOT ' * (other == 2)}IN ({codes}) AND {here.sql})", here.values))
    return _any(ways)


def _scaled(span: Span[int], places: int) -> Span[int]:
    """Give the whole minor units of a currency with `places` more decimals (or fewer) that lie in the same span."""
    if places >= 0:
        # No amount exceeds MAX_MINOR: beyond it every limit says the same, and stays within 64 bits.
        low, high = (None if end is None else min(end * 10**places, MAX_MINOR + 1) for end in (span.low, span.high))
        return Span(low, high, span.above, span.below)
    unit = 10**-places
    low = None if span.low is None else span.low // unit + 1 if span.above else -(-span.low // unit)
    high = None if span.high is None else -(-span.high // unit) - 1 if span.below else span.high // unit
    return Span(low, high)
