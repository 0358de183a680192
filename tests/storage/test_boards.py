"""Lanes, totals and what is due, against the same deals sorted and counted in plain Python."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Deal, Outcome
from funneltui.domain.funnel import Mode, compute
from funneltui.domain.history import Role
from funneltui.domain.money import MAX_MINOR
from funneltui.services.people import add_user, everyone
from funneltui.storage import boards, deals, history
from funneltui.storage.boards import Sort
from funneltui.storage.database import query, writing
from funneltui.storage.deals import EVERYTHING, Condition, search_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.history import Actor
    from funneltui.services.context import Context

TODAY = date(2026, 11, 21)
STAGES = ("waiting", "acquisition", "offered", "acquired", "resigned")
OUTCOMES = {"acquired": Outcome.WON, "resigned": Outcome.LOST}
FILTERS = {
    "every deal": (EVERYTHING, lambda deal: True),
    "a company": (Condition("c.folded = ?", ("acme",)), lambda deal: deal.company == "Acme"),
    "an amount": (Condition("d.amount >= ?", (5000,)), lambda deal: (deal.amount or 0) >= 5000),
    "nobody": (Condition("d.owner_id IS NULL"), lambda deal: deal.owner is None),
    "words": (Condition("d.search LIKE ?", ("%pilot%",)), lambda deal: "pilot" in deal.title.lower()),
}


def a_deal(context: Context, number: int, stage: str, **changes: object) -> Deal:
    now = context.clock.now()
    plain = Deal(
        number, f"Deal {number}", "sales", stage, "web", TODAY + timedelta(days=9), now, now, now, "EUR",
        outcome=OUTCOMES.get(stage, Outcome.OPEN), reach=context.pipeline.furthest(["waiting", stage]),
        reason="price" if stage == "resigned" else None, closed_on=TODAY if stage in OUTCOMES else None,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def drawn(context: Context, chance: random.Random, number: int) -> Deal:
    """Give a deal with every field that an order or a figure looks at drawn at random."""
    stage = chance.choice(STAGES)
    moment = context.clock.now() - timedelta(minutes=chance.randrange(400))
    closed = TODAY - timedelta(days=chance.randrange(4)) if stage in OUTCOMES else None
    title = chance.choice(["pilot", "Rollout", "licences", "ACME", "x"]) + chance.choice(["", " 2", "-b", " Z"])
    return a_deal(
        context, number, stage,
        title=title, company=chance.choice(["", "Acme", "Globex"]), owner=chance.choice(["ana", "bor", None]),
        amount=chance.choice([None, 0, 900, 5000, 120_000]), currency=chance.choice(["EUR", "EUR", "USD"]),
        probability=chance.choice([None, 0, 40, 100]), created=moment, stage_entered=moment + timedelta(minutes=5),
        expected_close=TODAY + timedelta(days=chance.randrange(-5, 12)),
        follow_up=chance.choice([None, TODAY + timedelta(days=chance.randrange(-3, 9))]), closed_on=closed,
        reach=context.pipeline.furthest(["waiting", stage, chance.choice(STAGES)]),
        outcome=Outcome.SPAM if chance.random() < 0.08 else OUTCOMES.get(stage, Outcome.OPEN),
    )  # fmt: skip


def store(context: Context, some: list[Deal]) -> list[Deal]:
    people = {one.name: one.id for one in (context.actor, *_others(context))}
    with writing(context.database):
        for deal in some:
            owner = people[deal.owner] if deal.owner else None
            deals.insert(context.database, deal, owner, context.actor.id)
            history.open_visit(context.database, deal.number, deal.stage, deal.detail, deal.stage_entered, None)
    return some


def _others(context: Context) -> list[Actor]:
    return [one for one in everyone(context) if one.id != context.actor.id]


@pytest.fixture
def bor(context: Context) -> int:
    """Give the id of bor, a rep."""
    return add_user(context, "bor", Role.REP).id


@pytest.fixture
def many(context: Context, bor: int) -> list[Deal]:
    """Store eighty deals drawn from one seed and give them."""
    chance = random.Random(20261121)
    return store(context, [drawn(context, chance, number) for number in range(1, 81)])


def due_of(deal: Deal) -> date:
    return deal.follow_up or deal.expected_close


def descending(moment: datetime) -> float:
    return -moment.timestamp()


def in_order(lane: list[Deal], sort: Sort, *, closed: bool) -> list[int]:
    """Give the numbers of a lane's deals in an order, sorted in Python."""
    keys: dict[Sort, Callable[[Deal], tuple[object, ...]]] = {
        Sort.DUE: (lambda deal: (-deal.closed_on.toordinal(), -deal.number)) if closed  # type: ignore[union-attr]
        else (lambda deal: (due_of(deal), deal.number)),
        Sort.AMOUNT: lambda deal: (-(-1 if deal.amount is None else deal.amount), deal.number),
        # Deals of one title stand by the rest of what is searched: company first.
        Sort.TITLE: lambda deal: (search_text(deal), deal.number),
        Sort.AGE: (lambda deal: (descending(deal.stage_entered), -deal.number)) if closed
        else (lambda deal: (deal.stage_entered, deal.number)),
        Sort.CREATED: lambda deal: (descending(deal.created), -deal.number),
    }  # fmt: skip
    return [deal.number for deal in sorted(lane, key=keys[sort])]


def lane_of(many: list[Deal], stage: str, owner: str | None, wanted: Callable[[Deal], bool]) -> list[Deal]:
    standing = [deal for deal in many if deal.stage == stage and deal.outcome is OUTCOMES.get(stage, Outcome.OPEN)]
    return [deal for deal in standing if (owner is None or deal.owner == owner) and wanted(deal)]


@pytest.mark.parametrize("sort", list(Sort))
def test_a_lane_stands_in_its_order(context: Context, many: list[Deal], bor: int, sort: Sort) -> None:
    for stage in context.pipeline.stages:
        for scope, owner in ((None, None), (bor, "bor")):
            for name, (condition, wanted) in FILTERS.items():
                window = boards.window(context.database, scope, "sales", stage, 0, 500, sort, condition)
                expected = in_order(lane_of(many, stage.key, owner, wanted), sort, closed=not stage.is_open)
                assert [deal.number for deal in window.deals] == expected, (stage.key, owner, name)


@pytest.mark.parametrize("sort", list(Sort))
def test_a_deals_place_is_its_place_in_the_lane(context: Context, many: list[Deal], bor: int, sort: Sort) -> None:
    for stage in context.pipeline.stages:
        for scope in (None, bor):
            for condition, _ in FILTERS.values():
                whole = boards.window(context.database, scope, "sales", stage, 0, 500, sort, condition)
                for place, deal in list(enumerate(whole.deals))[::3]:
                    found = boards.place_of(context.database, scope, "sales", stage, deal.number, sort, condition)
                    assert found == place, (stage.key, deal.number)


@pytest.mark.parametrize("sort", list(Sort))
def test_windows_put_together_are_the_lane(context: Context, many: list[Deal], sort: Sort) -> None:
    stage = context.pipeline.stage("waiting")
    whole = boards.window(context.database, None, "sales", stage, 0, 500, sort).deals
    parts = [boards.window(context.database, None, "sales", stage, start, 4, sort) for start in range(0, 60, 4)]
    assert tuple(deal for part in parts for deal in part.deals) == whole
    assert [part.start for part in parts] == list(range(0, 60, 4))


def test_a_window_past_the_end_is_empty(context: Context, many: list[Deal]) -> None:
    assert boards.window(context.database, None, "sales", context.pipeline.first, 1000, 10).deals == ()


@pytest.mark.parametrize("sort", list(Sort))
def test_a_deal_that_does_not_stand_in_the_lane_has_no_place(context: Context, bor: int, sort: Sort) -> None:
    store(context, [
        a_deal(context, 1, "waiting", owner="ana"),
        a_deal(context, 2, "offered", owner="bor"),
        a_deal(context, 3, "waiting", owner="bor", outcome=Outcome.SPAM),
    ])  # fmt: skip
    stage, database = context.pipeline.first, context.database
    assert boards.place_of(database, None, "sales", stage, 1, sort) == 0
    assert boards.place_of(database, bor, "sales", stage, 1, sort) is None
    assert boards.place_of(database, None, "sales", stage, 2, sort) is None
    assert boards.place_of(database, None, "sales", stage, 3, sort) is None
    assert boards.place_of(database, None, "sales", stage, 99, sort) is None
    assert boards.place_of(database, None, "sales", stage, 1, sort, Condition("d.amount > 5")) is None


def test_titles_stand_in_the_same_order_on_every_database(context: Context) -> None:
    titles = ["Žagar", "acme", "žaba", "Zeta", "Łódź", "Lom", "a b", "ab", "A-c", "Čolnar", "Cap"]
    store(context, [a_deal(context, number, "waiting", title=title) for number, title in enumerate(titles, 1)])
    window = boards.window(context.database, None, "sales", context.pipeline.first, 0, 50, Sort.TITLE)
    assert [deal.title for deal in window.deals] == [
        "a b", "A-c", "ab", "acme", "Cap", "Čolnar", "Łódź", "Lom", "žaba", "Žagar", "Zeta",
    ]  # fmt: skip


@pytest.mark.parametrize("owner", [None, "bor"])
def test_totals_are_what_counting_gives(context: Context, many: list[Deal], bor: int, owner: str | None) -> None:
    for name, (condition, wanted) in FILTERS.items():
        rows = boards.tallies(context.database, bor if owner else None, "sales", condition)
        found = {
            (row.stage, row.reach, row.outcome, row.currency): [
                row.count, row.amount, row.own_weighted, row.unweighted,
            ]
            for row in rows
        }  # fmt: skip
        assert found == counted_up(many, owner, wanted), name


def counted_up(
    many: list[Deal], owner: str | None, wanted: Callable[[Deal], bool]
) -> dict[tuple[object, ...], list[int]]:
    """Give the tallies of deals as plain counting finds them."""
    counted: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for deal in many:
        if deal.outcome is Outcome.SPAM or (owner and deal.owner != owner) or not wanted(deal):
            continue
        sums = counted[deal.stage, deal.reach, deal.outcome, deal.currency]
        amount = deal.amount or 0
        sums[0] += 1
        sums[1] += amount
        sums[2] += amount * (deal.probability or 0)
        sums[3] += amount if deal.probability is None else 0
    return counted


def test_every_deal_that_is_not_spam_is_tallied_once(context: Context, many: list[Deal]) -> None:
    rows = boards.tallies(context.database, None, "sales")
    assert sum(row.count for row in rows) == sum(deal.outcome is not Outcome.SPAM for deal in many)


def test_totals_of_the_largest_amounts_are_exact(context: Context) -> None:
    largest = [a_deal(context, number, "waiting", amount=MAX_MINOR, probability=100) for number in range(1, 101)]
    store(context, largest)
    (row,) = boards.tallies(context.database, None, "sales")
    assert (row.amount, row.own_weighted) == (100 * MAX_MINOR, 100 * 100 * MAX_MINOR)


def test_entered_counts_are_the_visits_counted_once_a_deal(context: Context, bor: int) -> None:
    store(context, [a_deal(context, number, "offered", owner=owner) for number, owner in enumerate(["bor", "ana"], 1)])
    with writing(context.database):
        for stage in ("waiting", "offered", "waiting"):
            history.close_visit(context.database, 1, context.clock.now())
            history.open_visit(context.database, 1, stage, None, context.clock.now(), None)
    every = boards.entered_counts(context.database, None, "sales")
    assert every == {("offered", Outcome.OPEN): 2, ("waiting", Outcome.OPEN): 1}
    assert boards.entered_counts(context.database, bor, "sales") == {
        ("offered", Outcome.OPEN): 1, ("waiting", Outcome.OPEN): 1,
    }  # fmt: skip


def test_spam_entered_nothing(context: Context) -> None:
    store(context, [a_deal(context, 1, "waiting", outcome=Outcome.SPAM)])
    assert boards.entered_counts(context.database, None, "sales") == {}


def test_the_funnel_of_what_is_stored_counts_every_open_deal_where_it_stands(
    context: Context, many: list[Deal]
) -> None:
    funnel = compute(context.pipeline, boards.tallies(context.database, None, "sales"), Mode.STANDARD)
    for row in funnel.stages:
        assert row.count == len(lane_of(many, row.stage.key, None, lambda deal: True))


@pytest.mark.parametrize("owner", [None, "bor"])
@pytest.mark.parametrize("days", [0, 7])
def test_what_is_due_is_what_its_dates_say(
    context: Context, many: list[Deal], bor: int, owner: str | None, days: int
) -> None:
    found = boards.due(context.database, bor if owner else None, ["sales"], TODAY, days, None)
    expected = [
        deal for deal in many
        if deal.due is not None and deal.due <= TODAY + timedelta(days=days) and (not owner or deal.owner == owner)
    ]  # fmt: skip
    expected.sort(key=lambda deal: (due_of(deal), deal.number))
    assert [deal.number for deal in found.deals] == [deal.number for deal in expected]
    dates = [due_of(deal) for deal in expected]
    assert (found.overdue, found.today, found.soon) == (
        sum(day < TODAY for day in dates),
        dates.count(TODAY),
        sum(day > TODAY for day in dates),
    )


def test_a_limit_cuts_the_due_deals_but_not_their_number(context: Context, many: list[Deal]) -> None:
    whole = boards.due(context.database, None, ["sales"], TODAY, 7, None)
    some = boards.due(context.database, None, ["sales"], TODAY, 7, 5)
    assert some.deals == whole.deals[:5]
    assert (some.overdue, some.today, some.soon) == (whole.overdue, whole.today, whole.soon)


def test_another_pipelines_deals_stand_on_no_lane_here(context: Context, many: list[Deal]) -> None:
    assert boards.tallies(context.database, None, "other") == []
    assert boards.due(context.database, None, ["other"], TODAY).deals == ()
    assert boards.window(context.database, None, "other", context.pipeline.first, 0, 10).deals == ()


@pytest.mark.parametrize(("scope", "index"), [(None, "deal_lane"), (1, "deal_own_lane")])
def test_a_lane_is_read_from_its_partial_index(
    context: Context, scope: int | None, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(context.database, "pragma"):
        pytest.skip("SQLite tells its plan in one line")
    statements: list[tuple[str, tuple[object, ...]]] = []
    run = context.database.execute_sql

    def noted(sql: str, values: tuple[object, ...] = ()) -> object:
        statements.append((sql, values))
        return run(sql, values)

    monkeypatch.setattr(context.database, "execute_sql", noted)
    boards.window(context.database, scope, "sales", context.pipeline.first, 0, 50)
    monkeypatch.undo()
    plan = query(context.database, f"EXPLAIN QUERY PLAN {statements[0][0]}", statements[0][1])
    lines = [row[-1] for row in plan]
    # The numbers come from the index, in its order; what is put in order again is the window alone.
    chosen = lines.index("CO-ROUTINE chosen")
    assert f"USING COVERING INDEX {index} " in lines[chosen + 1], lines
    assert "ORDER BY" not in lines[chosen + 2], lines
