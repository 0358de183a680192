"""What the board, the today list and the funnel show, bound to what the actor may see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.deal import Outcome
from funneltui.domain.funnel import Mode
from funneltui.domain.history import Role
from funneltui.errors import StorageError
from funneltui.services import deals, moves, reports
from funneltui.services.people import add_user
from funneltui.services.reports import DueKind, LaneRequest, Why
from funneltui.storage.boards import Sort
from funneltui.storage.database import query
from funneltui.storage.deals import Condition

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context
    from funneltui.services.reports import BoardAnswer

TODAY = date(2026, 11, 21)
CLOSE = date(2026, 12, 15)


def add(context: Context, **values: object) -> Deal:
    return deals.add(context, {"title": "Deal", "source": "web", "expected_close": CLOSE} | values)


def board(context: Context, **choices: object) -> BoardAnswer:
    lanes = [LaneRequest(stage.key, 0, 50) for stage in context.pipeline.board_order]
    return reports.board(context, context.pipeline, lanes, **choices)  # type: ignore[arg-type]


def on_board(context: Context, **choices: object) -> dict[str, list[int]]:
    answer = board(context, **choices)
    return {lane.stage: [deal.number for deal in lane.window.deals] for lane in answer.lanes if lane.window.deals}


@pytest.fixture
def bor(context: Context, as_user: Callable[[str], Context]) -> Context:
    """Give the workspace as bor, a rep, sees it."""
    add_user(context, "bor", Role.REP)
    return as_user("bor")


@pytest.fixture
def mixed(context: Context, bor: Context) -> list[Deal]:
    """Give three due deals in the first stage: of ana, of bor, of nobody; and a win of each of the two."""
    owners: list[dict[str, object]] = [{}, {"owner": "bor"}, {"owner": None}]
    standing = [add(context, amount=100 * place, follow_up=TODAY, **owner) for place, owner in enumerate(owners, 1)]
    won = [moves.win(context, add(context, amount=7, **owner).number) for owner in owners[:2]]
    return standing + won


def test_ten_open_and_three_won_are_the_issues_example(context: Context) -> None:
    numbers = [add(context).number for _ in range(13)]
    for number in numbers[:3]:
        moves.win(context, number)
    conversion = reports.funnel_of(context, context.pipeline, Mode.CONVERSION)
    standard = reports.funnel_of(context, context.pipeline, Mode.STANDARD)
    first = conversion.stages[0]
    assert (first.reached, first.won, first.open) == (13, 3, 10)
    assert (standard.open.count, standard.won.count) == (10, 3)


def test_the_funnel_follows_every_move(context: Context) -> None:
    deal = add(context)
    counts = []
    steps: list[tuple[str, dict[str, object]]] = [
        ("acquisition", {"detail": "call"}),
        ("waiting", {}),
        ("acquired", {}),
    ]
    for stage, given in steps:
        moves.move(context, [deal.number], stage, given)
        funnel = reports.funnel_of(context, context.pipeline, Mode.CONVERSION)
        counts.append(([row.reached for row in funnel.stages], funnel.won.count))
    assert counts == [([1, 1, 0], 0), ([1, 1, 0], 0), ([1, 1, 1], 1)]


def test_the_entered_mode_counts_only_what_was_visited(context: Context) -> None:
    moves.win(context, add(context).number)
    funnel = reports.funnel_of(context, context.pipeline, Mode.ENTERED)
    assert [row.reached for row in funnel.stages] == [1, 0, 0]
    assert funnel.overall_rate == 1.0


@pytest.mark.parametrize("mode", list(Mode))
def test_a_reps_funnel_is_of_his_own_deals(context: Context, bor: Context, mixed: list[Deal], mode: Mode) -> None:
    his = reports.funnel_of(bor, context.pipeline, mode)
    everybodys = reports.funnel_of(context, context.pipeline, mode)
    assert (his.open.count, his.open.amount, his.won.count, his.entered) == (1, 200, 1, 2)
    assert (everybodys.open.count, everybodys.open.amount, everybodys.won.count, everybodys.entered) == (3, 600, 2, 5)


@pytest.mark.parametrize("mode", list(Mode))
def test_no_condition_widens_a_reps_funnel(context: Context, bor: Context, mixed: list[Deal], mode: Mode) -> None:
    either = Condition("d.outcome = ? OR d.outcome = ?", ("open", "won"))
    assert reports.funnel_of(bor, context.pipeline, mode, either).entered == 2


def test_a_funnel_of_a_condition_counts_only_its_deals(context: Context, mixed: list[Deal]) -> None:
    some = reports.funnel_of(context, context.pipeline, Mode.CONVERSION, Condition("d.amount >= ?", (200,)))
    assert (some.entered, some.won.count) == (2, 0)


def test_a_funnel_never_adds_up_unlike_currencies(context: Context) -> None:
    add(context, amount=100)
    add(context, amount=5000, currency="USD")
    euros = reports.funnel_of(context, context.pipeline, Mode.STANDARD)
    dollars = reports.funnel_of(context, context.pipeline, Mode.STANDARD, currency="USD")
    assert (euros.currency, euros.open.amount, euros.open.count) == ("EUR", 100, 2)
    assert (dollars.currency, dollars.open.amount) == ("USD", 5000)
    assert [(money, figure.amount) for money, figure in euros.others] == [("USD", 5000)]


def test_a_weighted_sum_takes_the_own_probability_then_the_stages(context: Context) -> None:
    add(context, amount=1000, probability=90)
    add(context, amount=1000, probability=0)
    add(context, amount=1000)
    assert reports.funnel_of(context, context.pipeline, Mode.STANDARD).stages[0].weighted == 900 + 100


def test_a_weighted_sum_takes_the_stages_history_from_twenty_closed_deals_on(context: Context) -> None:
    for _ in range(19):
        deals.add(context, {"title": "x", "source": "web", "expected_close": CLOSE}, "acquired")
    add(context, amount=1000)
    assert reports.funnel_of(context, context.pipeline, Mode.STANDARD).stages[0].weighted == 100
    deals.add(context, {"title": "x", "source": "web", "expected_close": CLOSE}, "acquired")
    assert reports.funnel_of(context, context.pipeline, Mode.STANDARD).stages[0].weighted == 1000


def test_a_reps_board_holds_his_own_deals(context: Context, bor: Context, mixed: list[Deal]) -> None:
    own, of_bor, of_nobody, won, won_by_bor = (deal.number for deal in mixed)
    assert on_board(bor) == {"waiting": [of_bor], "acquired": [won_by_bor]}
    assert on_board(context) == {"waiting": [own, of_bor, of_nobody], "acquired": [won_by_bor, won]}


def test_a_reps_totals_and_due_deals_are_his_own(context: Context, bor: Context, mixed: list[Deal]) -> None:
    his = board(bor)
    assert sum(row.count for row in his.tallies) == 2
    assert sum(row.amount for row in his.tallies if row.outcome is Outcome.OPEN) == 200
    assert [deal.owner for deal in his.due.deals] == ["bor"]
    assert (his.due.overdue, his.due.today, his.due.soon) == (0, 1, 0)


def test_no_condition_widens_a_reps_board(context: Context, bor: Context, mixed: list[Deal]) -> None:
    either = Condition("d.outcome = ? OR d.outcome = ?", ("open", "won"))
    answer = board(bor, condition=either)
    owners = {deal.owner for lane in answer.lanes for deal in lane.window.deals}
    assert owners == {"bor"}
    assert sum(row.count for row in answer.tallies) == 2
    assert {deal.owner for deal in answer.due.deals} == {"bor"}


def test_a_reps_lane_window_holds_his_own_deals(context: Context, bor: Context, mixed: list[Deal]) -> None:
    anas = mixed[0].number
    lane = reports.lane_window(bor, context.pipeline, LaneRequest("waiting", 0, 50, anchor=anas))
    assert [deal.owner for deal in lane.window.deals] == ["bor"]
    assert lane.anchor_place is None


def test_a_boards_totals_are_of_the_condition(context: Context, mixed: list[Deal]) -> None:
    answer = board(context, condition=Condition("d.amount >= ?", (200,)))
    assert sum(row.count for row in answer.tallies) == 2
    assert on_board(context, condition=Condition("d.amount >= ?", (200,))) == {
        "waiting": [mixed[1].number, mixed[2].number]
    }


@pytest.mark.parametrize("sort", list(Sort))
def test_a_window_follows_the_deal_that_it_is_anchored_to(context: Context, sort: Sort) -> None:
    numbers = [add(context, title=f"Deal {place:02}", amount=place).number for place in range(30)]
    for number in numbers[::7]:
        answer = reports.lane_window(context, context.pipeline, LaneRequest("waiting", 0, 6, anchor=number), sort)
        assert number in [deal.number for deal in answer.window.deals]
        assert answer.anchor_place is not None
        assert answer.window.deals[answer.anchor_place - answer.window.start].number == number


def test_a_window_that_holds_its_anchor_stays_where_it_was_asked_for(context: Context) -> None:
    numbers = [add(context).number for _ in range(12)]
    request = LaneRequest("waiting", 4, 6, anchor=numbers[5])
    assert reports.lane_window(context, context.pipeline, request).window.start == 4


@pytest.mark.parametrize("actor", ["ana", "bor"])
def test_a_board_runs_as_many_statements_for_many_deals_as_for_none(
    context: Context, bor: Context, actor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = context if actor == "ana" else bor
    counts = [_statements(who, monkeypatch)]
    for place in range(40):
        stage = ("waiting", "acquired")[place % 2]
        values = {"title": "x", "source": "web", "expected_close": TODAY, "company": f"C{place}", "owner": "bor"}
        deals.add(context, values, stage)
    counts.append(_statements(who, monkeypatch))
    assert counts[0] == counts[1] <= 16


def _statements(context: Context, monkeypatch: pytest.MonkeyPatch) -> int:
    """Give the number of statements that one board takes."""
    said: list[str] = []
    run = context.database.execute_sql

    def noted(sql: str, *values: object, **more: object) -> object:
        said.append(sql)
        return run(sql, *values, **more)

    with monkeypatch.context() as patched:
        patched.setattr(context.database, "execute_sql", noted)
        board(context)
    return len(said)


def test_today_lists_what_is_overdue_today_and_soon_the_oldest_first(context: Context) -> None:
    soon = add(context, follow_up=TODAY + timedelta(days=7))
    late = add(context, expected_close=TODAY - timedelta(days=3))
    now = add(context, follow_up=TODAY, expected_close=TODAY - timedelta(days=9))
    add(context, follow_up=TODAY + timedelta(days=8))
    found = [(one.deal.number, one.why, one.kind, one.days) for one in reports.today(context)]
    assert found == [
        (late.number, Why.OVERDUE, DueKind.EXPECTED_CLOSE, -3),
        (now.number, Why.TODAY, DueKind.FOLLOW_UP, 0),
        (soon.number, Why.SOON, DueKind.FOLLOW_UP, 7),
    ]


def test_today_of_no_days_leaves_the_soon_ones_out(context: Context) -> None:
    add(context, follow_up=TODAY + timedelta(days=1))
    assert reports.today(context, days=0) == []


def test_a_reps_today_is_his_own(context: Context, bor: Context, mixed: list[Deal]) -> None:
    assert [one.deal.number for one in reports.today(bor)] == [mixed[1].number]
    assert [one.deal.number for one in reports.today(context)] == [deal.number for deal in mixed[:3]]


def test_a_boards_follow_ups_reach_so_many_days_ahead(context: Context) -> None:
    for days in (0, 3, 4):
        add(context, follow_up=TODAY + timedelta(days=days))
    assert [deal.number for deal in board(context, due_days=3).due.deals] == [1, 2]
    assert [deal.number for deal in board(context).due.deals] == [1, 2, 3]


def test_a_won_deal_is_due_for_its_follow_up_and_a_lost_one_never(context: Context) -> None:
    won = moves.win(context, add(context).number, {"follow_up": TODAY})
    moves.lose(context, [add(context).number], {"reason": "price", "follow_up": TODAY})
    assert [one.deal.number for one in reports.today(context)] == [won.number]


def test_spam_is_on_no_board_in_no_list_and_in_no_funnel(context: Context) -> None:
    add(context, follow_up=TODAY)
    # As the service that marks spam leaves it: nothing is due any more.
    query(context.database, "UPDATE deal SET outcome = 'spam', due_on = NULL RETURNING number")
    assert on_board(context) == {}
    assert reports.today(context) == []
    assert [reports.funnel_of(context, context.pipeline, mode).entered for mode in Mode] == [0, 0, 0]


def test_a_deal_without_a_due_date_is_not_asked_about(context: Context) -> None:
    won = moves.win(context, add(context).number)
    with pytest.raises(ValueError, match="has no due date"):
        reports.due_deal(won, TODAY)


def test_a_board_tells_from_where_to_listen_on(context: Context, as_user: Callable[[str], Context]) -> None:
    other = as_user("ana")
    add(context)
    seen = board(context).position
    assert reports.changed_since(context, seen) is None
    add(other)
    news = reports.changed_since(context, seen)
    assert news is not None
    assert reports.changed_since(context, news) is None


def test_a_board_goes_on_after_the_server_ended_the_connection(context: Context) -> None:
    if hasattr(context.database, "pragma"):
        pytest.skip("a file has no connection to lose")
    pid = query(context.database, "SELECT pg_backend_pid()")[0][0]
    import psycopg

    dsn = context.database.connection().info.dsn
    with psycopg.connect(dsn, autocommit=True) as killer:
        killer.execute("SELECT pg_terminate_backend(%s)", (pid,))
    with pytest.raises(StorageError, match="ended the connection"):
        board(context)
    assert board(context).position == board(context).position
