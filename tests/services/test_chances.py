"""The chance to win of deals in a workspace: told by its history, of one's own deals only, and judged by the past."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from funneltui.domain.chance_traits import Trait
from funneltui.domain.funnel import Mode
from funneltui.domain.history import Role
from funneltui.errors import BadInput, NotFound
from funneltui.exchange.import_mapping import build_mapping
from funneltui.exchange.importer import run_import
from funneltui.exchange.tables_in import open_table
from funneltui.services import activities, chances, deals, moves, reports, undo, views, workspaces
from funneltui.services.activities import ContactBy
from funneltui.services.chance_lessons import Lesson
from funneltui.services.context import Clock
from funneltui.services.people import add_user
from funneltui.storage import chances as stored
from tests.conftest import NOW
from tests.maven import needs_maven

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context

CLOSE = date(2026, 12, 15)
_DETAIL = {"acquisition": {"detail": "call"}, "offered": {"detail": "contract", "follow_up": CLOSE}}


class Calendar(Clock):
    """A clock that is set by hand."""

    def __init__(self) -> None:
        super().__init__(ZoneInfo("Europe/Ljubljana"))
        self.moment = datetime(2025, 1, 1, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def wait(self, days: float) -> None:
        self.moment += timedelta(days)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def shop(context: Context, calendar: Calendar) -> Context:
    """Give a workspace at the beginning of 2025, in which time passes as the test wants it."""
    return replace(context, clock=calendar)


def add(context: Context, source: str = "web", **values: object) -> int:
    known = {"title": "Deal", "source": source, "expected_close": CLOSE} | values
    return deals.add(context, known).number


def close(context: Context, number: int, *, won: bool, **values: object) -> None:
    if won:
        moves.win(context, number, values)
    else:
        moves.lose(context, [number], {"reason": "price"} | values)


def told(context: Context, count: int, seed: int = 1) -> None:
    """Tell a history in which deals from the web are mostly won, deals by phone mostly lost."""
    lot = Random(seed)
    for _ in range(count):
        assert isinstance(context.clock, Calendar)
        source = lot.choice(("web", "phone"))
        number = add(context, source)
        context.clock.wait(1)
        if lot.random() < 0.6:
            moves.move(context, [number], "acquisition", _DETAIL["acquisition"])
            context.clock.wait(1)
        close(context, number, won=lot.random() < (0.85 if source == "web" else 0.15))


# --- Silence and speech


def test_under_twenty_closed_deals_there_is_no_figure_and_it_is_said_why(shop: Context) -> None:
    told(shop, 19)
    found = chances.explain(shop, add(shop))
    assert (found.probability, found.estimate, found.closed) == (None, None, 19)
    assert found.why == "only 19 of this pipeline's deals have closed; from 20 on there is a figure"


def test_from_twenty_closed_deals_on_the_base_is_what_the_funnel_says(shop: Context) -> None:
    told(shop, 24)
    number = add(shop)
    moves.move(shop, [number], "acquisition", _DETAIL["acquisition"])
    funnel = reports.funnel_of(shop, shop.pipeline, Mode.CONVERSION)
    for key in ("acquisition", "waiting"):
        moves.move(shop, [number], key, _DETAIL.get(key, {}))
        found = chances.explain(shop, number)
        assert found.estimate is not None
        row = next(row for row in funnel.stages if row.stage.key == key)
        assert found.estimate.base == row.probability
        assert found.estimate.reached == row.won + row.lost


def test_a_field_that_matters_is_learned_from_what_really_happened(shop: Context) -> None:
    told(shop, 120)
    web, phone = add(shop, "web"), add(shop, "phone")
    found = chances.chances(shop, shop.pipeline)
    ours, theirs = found[web].probability, found[phone].probability
    assert ours is not None
    assert theirs is not None
    assert ours > 0.7
    assert theirs < 0.3
    (term,) = [term for term in found[web].estimate.terms if term.trait is Trait.SOURCE]  # type: ignore[union-attr]
    assert (term.value, term.effect > 0) == ("web", True)
    assert [deal.number for deal, _ in chances.best_first(shop, [shop.pipeline])] == [web, phone]


def test_a_reps_own_probability_goes_first_and_the_estimate_stands_beside_it(shop: Context) -> None:
    told(shop, 30)
    number = add(shop, probability=90)
    found = chances.explain(shop, number)
    assert (found.probability, found.own) == (0.9, 0.9)
    assert found.estimate is not None
    assert found.estimate.probability != 0.9


def test_an_own_probability_stands_even_where_nothing_is_known(shop: Context) -> None:
    found = chances.explain(shop, add(shop, probability=40))
    assert (found.probability, found.estimate, bool(found.why)) == (0.4, None, True)


def test_a_closed_deal_and_spam_have_no_chance_and_say_so(shop: Context) -> None:
    won, lost, spam = add(shop), add(shop), add(shop)
    close(shop, won, won=True)
    close(shop, lost, won=False)
    activities.spam(shop, [spam])
    whys = [chances.explain(shop, number).why for number in (won, lost, spam)]
    assert whys == [f"deal {won} is won already", f"deal {lost} is lost already", f"deal {spam} is spam"]


# --- Nothing that gives the end away


def test_what_a_deal_was_worth_is_taken_as_it_was_while_it_was_open(shop: Context, calendar: Calendar) -> None:
    number = add(shop, amount=5_000_00, owner="ana")
    calendar.wait(3)
    activities.log(shop, number, ContactBy.CALL)
    calendar.wait(10)
    deals.edit(shop, number, {"amount": 6_000_00})
    calendar.wait(20)
    close(shop, number, won=False, amount=0)
    calendar.wait(1)
    activities.log(shop, number, ContactBy.CALL)
    deals.edit(shop, number, {"owner": None})
    (deal,) = stored.closed_deals(shop.database, "sales")
    assert [(one.days, one.facts.amount, one.facts.owner, one.contacts) for one in deal.past.moments()] == [
        (0, 5_000_00, "ana", 0),
        (7, 5_000_00, "ana", 1),
        (30, 6_000_00, "ana", 1),
    ]


def test_what_was_undone_was_never_so(shop: Context, calendar: Calendar) -> None:
    number = add(shop, amount=5_000_00)
    calendar.wait(1)
    activities.log(shop, number, ContactBy.CALL)
    undo.undo(shop)
    deals.edit(shop, number, {"amount": 9_000_00})
    undo.undo(shop)
    calendar.wait(10)
    close(shop, number, won=True)
    (deal,) = stored.closed_deals(shop.database, "sales")
    assert [(one.days, one.facts.amount, one.contacts) for one in deal.past.moments()] == [
        (0, 5_000_00, 0),
        (7, 5_000_00, 0),
    ]


def test_the_worth_of_a_deal_that_was_added_closed_is_not_known(shop: Context, calendar: Calendar) -> None:
    deals.add(shop, {"title": "Old", "source": "web", "expected_close": CLOSE, "amount": 1_00}, "acquired")
    (deal,) = stored.closed_deals(shop.database, "sales")
    assert {(one.facts.amount, one.facts.currency, one.contacts) for one in deal.past.moments()} == {(None, None, None)}


def test_the_worth_of_a_deal_that_was_imported_closed_is_not_known(shop: Context, tmp_path: Path) -> None:
    imported(
        shop, tmp_path, [f"Deal,{100 if won else 0},{'Won' if won else 'Lost'},2024-01-01,2024-02-01" for won in (1, 0)]
    )
    found = stored.closed_deals(shop.database, "sales")
    assert {one.facts.amount for deal in found for one in deal.past.moments()} == {None}


def test_final_amounts_that_give_the_end_away_teach_nothing(shop: Context, tmp_path: Path) -> None:
    lot = Random(3)
    rows = []
    for place in range(300):
        won, day = lot.random() < 0.5, date(2022, 1, 1) + timedelta(place)
        rows.append(
            f"Deal,{lot.randrange(100, 999) if won else 0},{'Won' if won else 'Lost'},{day},{day + timedelta(9)}"
        )
    imported(shop, tmp_path, rows)
    model = chances.model(shop, shop.pipeline)
    assert (model.closed, dict(model.effects)) == (300, {})


def imported(context: Context, folder: Path, rows: list[str]) -> None:
    path = folder / "deals.csv"
    path.write_text("\n".join(["title,amount,stage,created,closed", *rows]), encoding="utf-8")
    table = open_table(path)
    maps = [(name, name) for name in ("title", "amount", "stage", "created", "closed")]
    stages = [("Won", "acquired"), ("Lost", "resigned")]
    sets = [("source", "other"), ("reason", "other"), ("expected_close", "+30d")]
    report = run_import(context, table, build_mapping(table.header, context.pipeline, maps, stages, sets))
    assert not report.rejected


# --- Whose history, whose deals


def test_a_rep_learns_from_the_whole_pipeline_and_sees_no_deal_but_his_own(
    shop: Context, as_user: Callable[[str], Context], calendar: Calendar
) -> None:
    add_user(shop, "bor", Role.REP)
    told(shop, 40)
    anas, bors = add(shop), add(shop, owner="bor")
    bor = replace(as_user("bor"), clock=calendar)
    assert chances.explain(bor, bors).closed == 40
    assert set(chances.chances(bor, bor.pipeline)) == {bors}
    assert set(chances.chances(bor, bor.pipeline, [anas, bors])) == {bors}
    assert [deal.number for deal, _ in chances.best_first(bor, [bor.pipeline])] == [bors]
    with pytest.raises(NotFound):
        chances.explain(bor, anas)


def test_a_reps_backtest_is_judged_by_his_own_deals_only(
    shop: Context, as_user: Callable[[str], Context], calendar: Calendar
) -> None:
    add_user(shop, "bor", Role.REP)
    told(shop, 30)
    day = calendar.today() + timedelta(2)
    mine = [add(shop, owner=owner) for owner in ("bor", "ana", "ana")]
    calendar.wait(5)
    for number in mine:
        close(shop, number, won=True)
    bor = replace(as_user("bor"), clock=calendar)
    assert (chances.backtest(shop, shop.pipeline, day).n_test, chances.backtest(bor, bor.pipeline, day).n_test) == (
        3,
        1,
    )


# --- Kept as long as it holds


def test_a_model_is_kept_until_a_closed_deal_comes_goes_or_changes(shop: Context) -> None:
    told(shop, 25)
    first = chances.model(shop, shop.pipeline)
    number = add(shop)
    activities.note(shop, number, "said hello")
    activities.note(shop, 1, "thanked them")
    assert chances.model(shop, shop.pipeline) is first
    close(shop, number, won=True)
    assert chances.known_model(shop, shop.pipeline) is None
    second = chances.model(shop, shop.pipeline)
    assert second.closed == first.closed + 1
    undo.undo(shop)
    assert chances.model(shop, shop.pipeline) == first
    moves.reopen(shop, 1, "waiting")
    assert chances.model(shop, shop.pipeline).closed == first.closed - 1


def test_a_deal_that_closes_during_a_lesson_is_learned_from_the_next_time(shop: Context) -> None:
    told(shop, 25)
    number = add(shop)
    lesson = Lesson(shop.pipeline)
    assert lesson.go_on(shop)
    close(shop, number, won=True)
    while lesson.go_on(shop):
        pass
    assert lesson.model.closed == 25
    assert chances.model(shop, shop.pipeline).closed == 26


# --- Judged by the past


def test_a_backtest_learns_from_what_had_closed_and_judges_by_what_was_open(shop: Context, calendar: Calendar) -> None:
    told(shop, 100)
    day = calendar.today() + timedelta(1)
    before = [add(shop, source) for source in ("web", "phone") for _ in range(6)]
    calendar.wait(2)
    after = [add(shop) for _ in range(3)]
    calendar.wait(1)
    for number in (*before, *after):
        close(shop, number, won=number in before[:6])
    still_open = add(shop)
    found = chances.backtest(shop, shop.pipeline, day)
    assert (found.n_train, found.n_test) == (100, 12)
    assert found.scores is not None
    assert found.scores.log_loss < found.scores.prior_log_loss - 0.1
    assert found.scores.auc == 1.0
    assert still_open not in before


def test_a_backtest_of_a_day_with_too_little_before_or_after_it_says_so(shop: Context, calendar: Calendar) -> None:
    early = calendar.today() + timedelta(5)
    told(shop, 30)
    calendar.wait(1)
    assert "had closed before" in chances.backtest(shop, shop.pipeline, early).why
    late = chances.backtest(shop, shop.pipeline, calendar.today())
    assert (late.scores, late.why) == (None, f"no deal that was open on {calendar.today()} has closed since")
    with pytest.raises(BadInput):
        chances.backtest(shop, shop.pipeline, calendar.today() + timedelta(1))


@needs_maven
def test_on_the_maven_file_nothing_beats_the_rate_and_nothing_pretends_to(maven_file: Path, tmp_path: Path) -> None:
    context = workspaces.open_workspace(shutil.copy(maven_file, tmp_path), "ana", Clock(fixed=NOW), chosen=True)
    for month in range(5, 13):
        found = chances.backtest(context, context.pipeline, date(2017, month, 1))
        assert found.scores is not None
        assert found.scores.log_loss <= found.scores.prior_log_loss + 0.003
    standing = chances.chances(context, context.pipeline)
    assert {round(one.probability or 0, 4) for one in standing.values()} == {0.6315}
    context.database.close()


def test_deals_are_ranked_by_their_chance_within_a_filter_and_those_without_a_figure_come_last(shop: Context) -> None:
    plain, sure, hopeless = add(shop), add(shop, probability=95), add(shop, probability=5, title="Last")
    assert [one.number for one in chances.ranked(shop, shop.pipelines)] == [sure, hopeless, plain]
    assert [one.number for one in chances.ranked(shop, shop.pipelines, descending=False)] == [hopeless, sure, plain]
    only = views.condition_of(shop, shop.pipelines, "probability>1")
    assert [deal.title for deal, _ in chances.best_first(shop, shop.pipelines, only, limit=2)] == ["Deal", "Last"]
