"""Filters applied to deals in plain Python, as they stood at some moment: says of one deal what the storage's SQL says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from funneltui.domain import filters
from funneltui.domain.deal import COUNTED, Outcome, is_rotting
from funneltui.domain.field_filters import FieldContains, FieldDays, FieldIs, FieldNumbers, FieldThere
from funneltui.domain.filter_terms import without_quotes
from funneltui.domain.filters import SOON_DAYS, Field, Flag
from funneltui.domain.money import CURRENCIES
from funneltui.domain.replay import Standing
from funneltui.domain.spans import dates_back
from funneltui.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.filters import Filter, Node, Span
    from funneltui.domain.pipeline import Pipeline

Test: TypeAlias = Callable[[Standing], bool]
"""Tells whether a deal, as it stood, is meant."""

_PHONE_SEPARATORS = str.maketrans("", "", " -./()")
_ATTRIBUTES = {
    Field.CLOSE: "expected_close",
    Field.CLOSED: "closed_on",
    Field.ENTERED: "stage_entered",
    Field.TAG: "tags",
}


@dataclass(frozen=True, slots=True)
class Matcher:
    """What a filter is applied by: who "me" is, which day is today, in which zone days begin (the system's, if none is
    given), the pipelines for rotting and reach, and the folded text in which words are looked up.
    """

    actor: str
    today: date
    zone: tzinfo | None
    pipelines: Sequence[Pipeline]
    search_text: Callable[[Deal], str]

    def of(self, wanted: Filter) -> Test:
        """Give the test that a filter is. A deal of which something is unknown never passes a term that asks for it."""
        return self._node(wanted.root)

    def _node(self, node: Node) -> Test:
        match node:
            case filters.Not(inner):
                test = self._node(inner)
                return lambda one: not test(one)
            case filters.All(nodes):
                tests = [self._node(each) for each in nodes]
                return lambda one: all(test(one) for test in tests)
            case filters.Either(nodes):
                return _either([self._node(each) for each in nodes])
            case filters.Flags(flags):
                return _either([self._flag(flag) for flag in flags])
            case filters.Numbers() | filters.Days() | filters.Amounts():
                return self._measured(node)
            case filters.Keys():
                return self._keys(node)
            case filters.People(field, names, me, nobody):
                return self._people(str(field), {*names, *[without_quotes(fold(self.actor))] * me}, nobody=nobody)
            case filters.Word(text):
                return lambda one: text in self.search_text(one.deal)
            case FieldContains() | FieldIs() | FieldNumbers() | FieldDays() | FieldThere():
                holds = node.holds
                return lambda one: holds(one.deal)
        return _plain(node)

    def _people(self, field: str, names: set[str], *, nobody: bool) -> Test:
        def test(one: Standing) -> bool:
            name = getattr(one.deal, field)
            return nobody if name is None else without_quotes(fold(name)) in names

        return test

    def _keys(self, node: filters.Keys) -> Test:
        def means(key: str) -> bool:
            return any(key.startswith(each) if node.begins else key == each for each in node.keys)

        if node.field is Field.REACHED:
            return self._reached(means)
        if node.field is Field.VISITED:
            return lambda one: one.deal.outcome in COUNTED and any(means(key) for key in one.visited)
        name = str(node.field)
        return lambda one: (key := getattr(one.deal, name)) is not None and means(key)

    def _reached(self, means: Callable[[str], bool]) -> Test:
        far: dict[str, set[str]] = {}
        for pipeline in self.pipelines:
            ranked = [stage.key for stage in pipeline.ranked_stages]
            first = next((rank for rank, key in enumerate(ranked) if means(key)), len(ranked))
            far[pipeline.key] = set(ranked[first:])
        return lambda one: one.deal.outcome in COUNTED and one.deal.reach in far.get(one.deal.pipeline, ())

    def _measured(self, node: filters.Numbers | filters.Days | filters.Amounts) -> Test:
        if isinstance(node, filters.Amounts):
            return _amounts(node)
        if isinstance(node, filters.Numbers) and node.field is Field.AGE:
            spans = [dates_back(span, self.today) for span in node.spans]
            return _either([self._in_days("stage_entered", span) for span in spans])
        name = _ATTRIBUTES.get(node.field, str(node.field).replace("-", "_"))
        if isinstance(node, filters.Days):
            return _either([self._in_days(name, span) for span in node.spans])
        return _either([_in_span(name, span) for span in node.spans])

    def _in_days(self, name: str, span: Span[date]) -> Test:
        """Compare a date, or a moment with the moments at which the local days of the span begin and end."""
        if name not in ("created", "touched", "stage_entered"):
            return _in_span(name, span)
        next_day = timedelta(days=1)
        low = span.low if span.low is None or not span.above else span.low + next_day
        high = span.high if span.high is None or span.below else span.high + next_day
        first, end = (None if day is None else self._start_of(day) for day in (low, high))

        def test(one: Standing) -> bool:
            moment = getattr(one.deal, name)
            return (first is None or moment >= first) and (end is None or moment < end)

        return test

    def _start_of(self, day: date) -> datetime:
        return datetime.combine(day, time.min, tzinfo=self.zone).astimezone(UTC)

    def _flag(self, flag: Flag) -> Test:
        today, soon = self.today, self.today + timedelta(days=SOON_DAYS)
        match flag:
            case Flag.CLOSED:
                return lambda one: one.deal.outcome in (Outcome.WON, Outcome.LOST)
            case Flag.OVERDUE:
                return lambda one: (due := one.deal.due) is not None and due < today
            case Flag.TODAY:
                return lambda one: one.deal.due == today
            case Flag.SOON:
                return lambda one: (due := one.deal.due) is not None and today < due <= soon
            case Flag.UNASSIGNED:
                return lambda one: one.deal.owner is None
            case Flag.ROTTING:
                return self._rots
        outcome = Outcome(flag.value)
        return lambda one: one.deal.outcome is outcome

    def _rots(self, one: Standing) -> bool:
        deal = one.deal
        stages = next((pipeline.stages for pipeline in self.pipelines if pipeline.key == deal.pipeline), ())
        stage = next((each for each in stages if each.key == deal.stage), None)
        return stage is not None and is_rotting(deal, stage, deal.touched.astimezone(self.zone).date(), self.today)


def _either(tests: Sequence[Test]) -> Test:
    return tests[0] if len(tests) == 1 else lambda one: any(test(one) for test in tests)


def _plain(node: Node) -> Test:
    """Give the test of a term that needs no day and no pipeline."""
    match node:
        case filters.Contains(Field.PHONE, texts, whole):
            return lambda one: _has(one.deal.phone.translate(_PHONE_SEPARATORS), texts, whole=whole)
        case filters.Contains(Field.EMAIL, texts, whole):
            return lambda one: _has(one.deal.email.lower(), texts, whole=whole)
        case filters.Contains(field, texts, whole):
            name = str(field)
            return lambda one: _has(fold(getattr(one.deal, name)), texts, whole=whole)
        case filters.Tags(tags):
            return lambda one: any(fold(tag) in tags for tag in one.deal.tags)
        case filters.Outcomes(outcomes):
            return lambda one: one.deal.outcome in outcomes
        case filters.Currencies(codes):
            return lambda one: one.deal.currency in codes
        case filters.Presence(fields, present):
            names = [_ATTRIBUTES.get(field, str(field).replace("-", "_")) for field in fields]
            return lambda one: any((getattr(one.deal, name) not in (None, "", ())) is present for name in names)
    raise AssertionError(node)


def _has(text: str, texts: Sequence[str], *, whole: bool) -> bool:
    if whole:
        return without_quotes(text) in texts
    return any(one in text for one in texts)


def _in_span(name: str, span: Span[int] | Span[date]) -> Test:
    def test(one: Standing) -> bool:
        value = getattr(one.deal, name)
        return value is not None and span.holds(value)

    return test


def _amounts(node: filters.Amounts) -> Test:
    unit = 10 ** CURRENCIES.get(node.currency, 2)

    def test(one: Standing) -> bool:
        deal = one.deal
        if deal.amount is None or (node.only and deal.currency != node.currency):
            return False
        return node.span.holds(Fraction(deal.amount * unit, 10 ** CURRENCIES.get(deal.currency, 2)))  # type: ignore[arg-type]

    return test
