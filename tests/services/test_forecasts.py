"""Forecasts of whole workspaces, counted a second time in plain Python: of any history, of the demo, of 8,800 real deals."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.domain.forecast import Category
from funneltui.domain.history import Role
from funneltui.domain.periods import Period, Span, period_of, periods
from funneltui.domain.rates import Rate
from funneltui.errors import BadInput, FunneltuiError, NotAllowed, NotFound
from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import (
    activities,
    deals,
    demo,
    forecasts,
    moves,
    people,
    pipelines,
    quotas,
    rates,
    undo,
    workspaces,
)
from funneltui.services.as_of import read_point
from funneltui.services.context import Clock, Context
from funneltui.services.forecasts import Asked
from funneltui.storage.database import query
from tests import independent_count, independent_forecast
from tests.conftest import NOW, small_pipeline
from tests.independent_count import Stages
from tests.independent_forecast import TEAM, Days, Tally, Workspace
from tests.maven import needs_maven, rows_of_maven

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from funneltui.domain.forecast import Line
    from funneltui.domain.forecast_table import Forecast

ZONE = ZoneInfo("Europe/Ljubljana")
TODAY = NOW.date()
NEW = {"title": "Deal", "source": "web"}
NOVEMBER = (period_of(TODAY, Span.MONTH),)
COLUMNS = {
    "deal": ("number", "outcome", "stage", "amount", "currency", "probability", "owner_id", "company_id", "contact_id",
             "expected_close", "closed_on"),
    "visit": ("id", "deal", "stage"), "event": ("id", "deal", "data"), "change": ("id",), "person": ("id", "name"),
    "company": ("id", "name"), "contact": ("id", "name", "email", "phone"),
}  # fmt: skip
QUOTAS = (
    "SELECT q.id, o.name, q.span, q.first_day, q.amount, q.currency FROM quota q "
    "LEFT JOIN person o ON o.id = q.owner_id ORDER BY q.id"
)


def workspace_of(context: Context) -> Workspace:
    known = context.pipeline
    won, lost = (tuple(stage.key for stage in some) for some in (known.won_stages, known.lost_stages))
    stages = Stages({stage.key: stage.probability or 0 for stage in known.open_stages}, won, lost)
    rows = independent_count.read(lambda sql: query(context.database, sql), COLUMNS)
    names = ("id", "owner", "span", "first_day", "amount", "currency")
    found = [dict(zip(names, row, strict=True)) for row in query(context.database, QUOTAS)]
    names = ("id", "source", "target", "day", "rate")
    values = query(context.database, f"SELECT {', '.join(names)} FROM rate ORDER BY id")
    return Workspace(rows, stages, found, [dict(zip(names, row, strict=True)) for row in values])


def tally_of(line: Line) -> Tally:
    return Tally(
        line.won.amount, line.pipeline.amount, line.weighted,
        {category.value: figure.amount for category, figure in line.by_category},
        {"won": line.won.count, "pipeline": line.pipeline.count},
        line.quota, line.gap, line.coverage, line.needed_deals,
    )  # fmt: skip


def assert_counted_alike(
    context: Context, some: Sequence[Period], currency: str = "EUR", category: Category | None = None
) -> Forecast:
    """Compare every line of a manager's forecast, and the sums between them, with the count of the raw rows."""
    told = forecasts.forecast_of(context, Asked(tuple(some), currency, category=category))
    days = [Days(one.label, one.first.isoformat(), one.last.isoformat()) for one in some]
    today = context.clock.today().isoformat()
    counted, others = independent_forecast.forecast(workspace_of(context), days, currency, today, category)
    got = {(line.label, line.owner): tally_of(line) for line in told.lines}
    for key, tally in got.items():
        assert tally == counted.get(key, Tally()), key
    assert {key for key in counted if key[1] != TEAM} <= set(got)
    assert {(line.label, TEAM): tally_of(line) for line in told.team} == {
        key: tally for key, tally in counted.items() if key[1] == TEAM
    }
    assert {
        one.currency: {
            "won": one.won.amount, "pipeline": one.pipeline.amount, "quota": one.quota, "weighted": one.weighted
        } for one in told.others
    } == others  # fmt: skip
    for name in ("won", "pipeline"):
        assert getattr(told.total, name).amount == sum(getattr(line, name).amount for line in told.lines)
        assert getattr(told.total, name).count == sum(getattr(line, name).count for line in told.lines)
    assert told.total.weighted == sum(line.weighted for line in told.lines)
    if told.total.gap is not None:
        with_quota = [line for line in told.team if line.quota is not None]
        assert told.total.gap == sum((line.quota or 0) - line.won.amount for line in with_quota)
    return told


# --- Any history


DAYS = st.integers(-40, 90)
WHICH = st.integers(1, 6)
OWNERS = st.sampled_from(("ana", "bo", "cy", None))
CODES = st.sampled_from(("EUR", "EUR", "USD", "PLN", "JPY"))
ADDED = st.tuples(
    st.just("add"), OWNERS, st.none() | st.integers(0, 10**7), CODES, DAYS, st.none() | st.integers(0, 100)
)  # fmt: skip
STEPS = st.one_of(
    st.tuples(st.just("win"), WHICH),
    st.tuples(st.just("move"), WHICH, st.sampled_from(("acquisition", "offered"))),
    st.tuples(st.just("win"), WHICH),
    st.tuples(st.just("lose"), WHICH),
    st.tuples(st.just("reopen"), WHICH),
    st.tuples(st.just("edit"), WHICH, st.sampled_from(("amount", "probability")), st.none() | st.integers(0, 100)),
    st.tuples(st.just("postpone"), WHICH, DAYS),
    st.tuples(st.just("give"), WHICH, OWNERS),
    st.tuples(st.just("spam"), WHICH),
    st.tuples(st.just("undo")),
    st.tuples(st.just("wait"), st.integers(1, 30)),
    st.tuples(st.just("quota"), st.sampled_from(("ana", "bo", "team")), st.sampled_from(list(Span)), DAYS,
              st.none() | st.integers(0, 10**7), CODES),
    st.tuples(st.just("rate"), CODES, CODES, st.sampled_from(("0.92", "4.3333", "163.5", "0.0061")), DAYS),
)  # fmt: skip


class Life:
    """A workspace that things are done to, whether they are refused or not, each some time after the one before."""

    def __init__(self, context: Context) -> None:
        self.moment = NOW - timedelta(days=120)
        self._context = context

    @property
    def context(self) -> Context:
        """The workspace as it is opened at this moment."""
        return replace(self._context, clock=Clock(ZONE, self.moment))

    def do(self, step: tuple[Any, ...]) -> None:
        """Do one thing, if the rules let it."""
        self.moment = min(NOW, self.moment + timedelta(minutes=7))
        try:
            self._deeds()[step[0]](*step[1:])
        except FunneltuiError:
            return

    def _deeds(self) -> dict[str, Callable[..., object]]:
        context = self.context
        gate = {"detail": "call", "follow_up": TODAY}

        def day(days: int) -> date:
            return context.clock.today() + timedelta(days)

        def add(owner: str | None, amount: int | None, currency: str, close: int, percent: int | None) -> None:
            values = {"expected_close": day(close), "owner": owner, "amount": amount, "currency": currency}
            deals.add(context, NEW | values | {"probability": percent})

        def wait(days: int) -> None:
            self.moment = min(NOW, self.moment + timedelta(days))

        return {
            "add": add,
            "move": lambda n, stage: moves.move(
                context, [n], stage, gate | {"detail": "call" if stage == "acquisition" else "contract"}
            ),
            "win": lambda n: moves.win(context, n),
            "lose": lambda n: moves.lose(context, [n], {"reason": "price"}),
            "reopen": lambda n: moves.reopen(context, n, "acquisition", gate),
            "edit": lambda n, name, value: deals.edit(context, n, {name: value}),
            "postpone": lambda n, days: deals.edit(context, n, {"expected_close": day(days)}),
            "give": lambda n, owner: deals.edit(context, n, {"owner": owner}),
            "spam": lambda n: activities.spam(context, [n]),
            "undo": lambda: undo.undo(context),
            "wait": wait,
            "quota": lambda owner, span, days, amount, currency: quotas.set_quota(
                context, owner, period_of(day(days), span), amount, currency
            ),
            "rate": lambda source, target, text, days: rates.add_all(
                context, [Rate(source, target, day(days), text)]
            ),
        }  # fmt: skip


def every_period(span: Span) -> tuple[Period, ...]:
    return tuple(periods(TODAY - timedelta(days=200), TODAY + timedelta(days=120), span))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with a workspace of a manager and two reps, to be copied: to make one takes longer than to live."""
    path = tmp_path_factory.mktemp("made") / "made.db"
    context = workspaces.create(str(path), small_pipeline(), "ana", Clock(ZONE, NOW - timedelta(days=120)))
    for name in ("bo", "cy"):
        people.add_user(context, name, Role.REP)
    context.database.close()
    return path


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(ADDED, min_size=4, max_size=8), st.lists(STEPS, min_size=8, max_size=30),
    st.none() | st.sampled_from(list(Category)),
)  # fmt: skip
def test_a_second_count_agrees_with_every_figure_of_any_history(
    made: Path, added: list[tuple[Any, ...]], steps: list[tuple[Any, ...]], category: Category | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "life.db"
        shutil.copy(made, path)
        context = workspaces.open_workspace(str(path), "ana", Clock(ZONE, NOW))
        life = Life(context)
        for step in (*added, *steps):
            life.do(step)
        for span in Span:
            assert_only_exact_quotas(context, span, category)
        context.database.close()


def assert_only_exact_quotas(context: Context, span: Span, category: Category | None) -> None:
    """Compare a span's forecast; the second count knows no quota made of shorter ones, so those are taken back first."""
    for quota in quotas.in_force(context):
        if quota.span is not span:
            period = period_of(quota.first, quota.span)
            quotas.set_quota(context, quota.owner or TEAM, period, None, quota.currency)
    assert_counted_alike(context, every_period(span), category=category)


def test_a_second_count_agrees_on_both_databases_with_many_closed_deals(context: Context) -> None:
    for name in ("bo", "cy"):
        people.add_user(context, name, Role.REP)
    life, lot = Life(context), Random(7)
    for number in range(1, 71):
        life.do(("add", lot.choice(("ana", "bo", None)), lot.randrange(10**6), lot.choice(("EUR", "USD")),
                 lot.randrange(-20, 90), lot.choice((None, None, 30, 80))))  # fmt: skip
        for stage in ("acquisition", "offered")[: lot.randrange(3)]:
            life.do(("move", number, stage))
        life.do((lot.choice(("win", "lose", "wait")), number if number % 3 else 2))
        life.do(("wait", 2))
    life.do(("quota", "bo", Span.MONTH, 0, 900_000, "EUR"))
    life.do(("quota", "team", Span.MONTH, -30, 5_000_000, "USD"))
    life.do(("rate", "USD", "EUR", "0.92", -80))
    now = replace(life.context, clock=Clock(ZONE, NOW))
    told = assert_counted_alike(now, every_period(Span.MONTH))
    assert told.total.basis.closed >= 20
    assert_counted_alike(now, every_period(Span.MONTH), "USD", Category.BEST_CASE)


def test_a_second_count_agrees_on_the_demo(tmp_path: Path) -> None:
    context = demo.create(str(tmp_path / "demo.db"), preset("acquisition"), "ana", Clock(ZONE, NOW))
    some = tuple(periods(date(2025, 1, 1), date(2027, 3, 31), Span.MONTH))
    told = assert_counted_alike(context, some)
    assert told.total.won.count > 20
    assert told.total.pipeline.count > 20
    context.database.close()


# --- 8,800 real deals


@needs_maven
def test_won_by_agent_and_month_is_that_of_the_real_file(maven: Context) -> None:
    rows = rows_of_maven()
    won: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row["deal_stage"] == "Won":
            won[row["close_date"][:7], row["sales_agent"]] += int(row["close_value"]) * 100
    some = tuple(periods(date(2017, 1, 1), date(2017, 12, 31), Span.MONTH))
    told = forecasts.forecast_of(maven, Asked(some, "USD"))
    assert {(line.label, line.owner): line.won.amount for line in told.lines if line.won.count} == dict(won)
    assert told.total.won.amount == 1_000_553_400
    assert (told.total.basis.won, told.total.basis.closed) == (4238, 6711)
    assert round(float(told.total.basis.average or 0) / 100, 2) == 2360.91
    lost = Counter(row["sales_agent"] for row in rows if row["deal_stage"] == "Lost")
    bases = {line.owner: line.basis for line in told.lines}
    assert {owner: basis.lost for owner, basis in bases.items()} == dict(lost)
    quarters = forecasts.forecast_of(maven, Asked(tuple(periods(some[0].first, some[-1].last, Span.QUARTER)), "USD"))
    assert quarters.total.won == told.total.won


# --- Who sees what


@pytest.fixture
def team(context: Context) -> Context:
    """Give a workspace in which ana, bo and nobody have an open deal of 1,000 each, and bo has won one of 400."""
    people.add_user(context, "bo", Role.REP)
    for owner in ("ana", "bo", None):
        deals.add(context, NEW | {"expected_close": TODAY, "amount": 100_000, "owner": owner})
    won = deals.add(context, NEW | {"expected_close": TODAY, "amount": 40_000, "owner": "bo"})
    moves.win(context, won.number)
    quotas.set_quota(context, "bo", NOVEMBER[0], 300_000, "EUR")
    quotas.set_quota(context, "team", NOVEMBER[0], 900_000, "EUR")
    return context


def test_a_manager_sees_everybody_the_unassigned_and_the_team(team: Context) -> None:
    told = forecasts.forecast_of(team, Asked(NOVEMBER, "EUR"))
    assert [line.owner for line in told.lines] == ["ana", "bo", None]
    (everybody,) = told.team
    assert (everybody.quota, everybody.gap, everybody.pipeline.amount) == (900_000, 860_000, 300_000)


def test_a_rep_sees_his_own_line_and_quota_only(team: Context, as_user: Callable[[str], Context]) -> None:
    told = forecasts.forecast_of(as_user("bo"), Asked(NOVEMBER, "EUR"))
    (mine,) = told.lines
    assert (mine.owner, mine.quota, mine.gap, mine.pipeline.amount) == ("bo", 300_000, 260_000, 100_000)
    assert (told.team, told.total.quota, told.total.is_team) == ((), 300_000, False)
    assert [one.deal.owner for one in forecasts.details(as_user("bo"), Asked(NOVEMBER, "EUR"))] == ["bo", "bo"]


@pytest.mark.parametrize("owner", ["ana", ""])
def test_a_rep_is_refused_others_forecasts(team: Context, as_user: Callable[[str], Context], owner: str) -> None:
    with pytest.raises(NotAllowed, match="his own quota and forecast only"):
        forecasts.forecast_of(as_user("bo"), Asked(NOVEMBER, "EUR", owner))


def test_one_owners_forecast_is_his_line_of_everybodys(team: Context) -> None:
    lines = {line.owner: line for line in forecasts.forecast_of(team, Asked(NOVEMBER, "EUR")).lines}
    for owner in ("ana", "bo", None):
        told = forecasts.forecast_of(team, Asked(NOVEMBER, "EUR", owner or ""))
        assert told.lines == (lines[owner],)


def test_a_pipeline_has_its_own_quotas(team: Context) -> None:
    renewals = replace(small_pipeline(), key="renewals", name="Renewals")
    team = pipelines.add_pipeline(team, renewals, to_toml)
    quotas.set_quota(team, "bo", NOVEMBER[0], 50_000, "EUR", "sales")
    alone = forecasts.forecast_of(team, Asked(NOVEMBER, "EUR", "bo", "sales"))
    together = forecasts.forecast_of(team, Asked(NOVEMBER, "EUR", "bo"))
    assert (alone.total.quota, together.total.quota) == (50_000, 300_000)
    with pytest.raises(NotFound):
        forecasts.forecast_of(team, Asked(NOVEMBER, "EUR", pipeline="nowhere"))


# --- The deals behind


def test_the_deals_behind_a_forecast_make_its_figures(team: Context) -> None:
    told = forecasts.forecast_of(team, Asked(NOVEMBER, "EUR"))
    found = list(forecasts.details(team, Asked(NOVEMBER, "EUR")))
    won = [one for one in found if one.category is Category.CLOSED]
    opened = [one for one in found if one.category is not Category.CLOSED]
    assert sum(one.deal.amount or 0 for one in won) == told.total.won.amount
    assert sum(one.deal.amount or 0 for one in opened) == told.total.pipeline.amount
    assert sum(one.weighted for one in opened) == told.total.weighted
    assert {one.period for one in found} == set(NOVEMBER)


def test_a_categorys_deals_are_those_of_it(team: Context) -> None:
    deals.edit(team, 1, {"probability": 90})
    commit = list(forecasts.details(team, Asked(NOVEMBER, "EUR", category=Category.COMMIT)))
    closed = list(forecasts.details(team, Asked(NOVEMBER, "EUR", category=Category.CLOSED)))
    assert ([one.deal.number for one in commit], [one.deal.number for one in closed]) == ([1], [4])


def test_what_if_stores_nothing(team: Context) -> None:
    one = deals.show(team, 1).deal
    asked = Asked(NOVEMBER, "EUR")
    seen = forecasts.supposing(team, asked, [(one, replace(one, expected_close=date(2026, 12, 24)))])
    assert (seen.pipeline_move, seen.gap_move) == (-100_000, 10_000)
    assert forecasts.forecast_of(team, asked) == seen.before
    assert deals.show(team, 1).deal == one


# --- A range


def labels(span: Span, first: str | None = None, last: str | None = None, start: int = 1) -> list[str]:
    return [one.label for one in forecasts.chosen_periods(span, TODAY, start, first, last)]


def test_without_a_range_it_is_the_present_period() -> None:
    assert [labels(span) for span in Span] == [["2026-11"], ["2026 Q4"], ["2026"]]
    assert labels(Span.QUARTER, start=4) == ["FY2027 Q3"]


def test_a_range_goes_from_its_first_to_its_last_period() -> None:
    assert labels(Span.MONTH, "2026 Q3", "2026-10") == ["2026-07", "2026-08", "2026-09", "2026-10"]
    assert labels(Span.MONTH, "2026-10") == ["2026-10", "2026-11"]
    assert labels(Span.MONTH, "next quarter") == ["2027-01", "2027-02", "2027-03"]
    assert labels(Span.MONTH, None, "2027-01") == ["2026-11", "2026-12", "2027-01"]


@pytest.mark.parametrize(("first", "last"), [("2027", "2026"), ("1980", "2026"), (None, "2200"), ("soon", None)])
def test_a_range_that_cannot_be_is_refused(first: str | None, last: str | None) -> None:
    with pytest.raises(BadInput):
        forecasts.chosen_periods(Span.MONTH, TODAY, 1, first, last)


# --- As of another day


def test_a_forecast_as_of_a_day_is_the_one_that_was_told_then(team: Context) -> None:
    def on(days: int) -> Context:
        return replace(team, clock=Clock(ZONE, NOW + timedelta(days=days)))

    asked = Asked((NOVEMBER[0], NOVEMBER[0].next()), "EUR")
    told, behind = forecasts.forecast_of(team, asked), list(forecasts.details(team, asked))
    moves.win(on(1), 1)
    deals.edit(on(2), 2, {"expected_close": date(2026, 12, 5), "amount": 777, "owner": "ana", "probability": 90})
    moves.lose(on(3), [3], {"reason": "price"})
    activities.spam(on(4), [4])
    quotas.set_quota(on(4), "bo", NOVEMBER[0], 1, "EUR")
    deals.add(on(5), NEW | {"expected_close": TODAY, "amount": 5})
    then = read_point(on(6), TODAY.isoformat())
    assert forecasts.forecast_of(on(6), replace(asked, as_of=then)) == told
    assert [(one.deal.number, one.category, one.chance, one.weighted) for one in behind] == [
        (one.deal.number, one.category, one.chance, one.weighted)
        for one in forecasts.details(on(6), replace(asked, as_of=then))
    ]
    assert forecasts.forecast_of(on(6), asked) != told
