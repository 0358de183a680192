"""Queries in this process: what the board and the reports ask, beside the smallest workspace and beside plain SQL."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.benchmarks import pages
from tests.benchmarks.asked import Query, Statement, plain_seconds, seconds, tally
from tests.benchmarks.figures import Section, times, wait_for_calm
from tests.benchmarks.generated_deals import RARE_WORD
from tests.benchmarks.workspaces import opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.services.context import Context
    from funneltui.services.reports import BoardAnswer
    from funneltui.storage.deals import Condition
    from tests.benchmarks.workspaces import Workspaces

_STAGE = "waiting"
_SIZE = 60
_DAYS = 7

_PART = "SELECT number, title, stage, amount, currency, due_on FROM deal"
_OPEN_LANE = "WHERE pipeline = ? AND stage = ? AND outcome = 'open'"
_DUE = f"{_PART} WHERE pipeline = ? AND due_on <= ?"


def run(workspaces: Workspaces, sizes: Sequence[int]) -> Section:
    """Measure every query in every workspace, one query in all workspaces after another."""
    least = f"to {min(sizes):,}"
    section = Section("Queries", ("", "open deals", "ms", least, "plain SQL ms", "ratio"))
    with ExitStack() as stack:
        contexts = {size: stack.enter_context(opened(workspaces.of(size))) for size in sizes}
        asked = {size: queries(context) for size, context in contexts.items()}
        for place, first in enumerate(asked[sizes[0]]):
            wait_for_calm()
            base = None
            for size in sorted(sizes):
                query = asked[size][place]
                ours = seconds(query.ours) * 1000
                base = base or ours
                plain = plain_seconds(contexts[size], query.plain) * 1000 if query.plain else None
                section.rows.append(
                    (first.name, f"{size:,}", f"{ours:.2f}", times(ours / base),
                     "" if plain is None else f"{plain:.2f}", "" if plain is None else times(ours / plain))
                )  # fmt: skip
    section.notes.append("medians; plain SQL: the driver's own cursor, rows fetched as tuples, no deal made of them")
    return section


def queries(context: Context) -> list[Query]:
    """Give what is asked of a workspace."""
    return [
        *_of_the_board(context),
        *_of_a_lane(context),
        *_of_reports(context),
        *pages.queries(context),
        *_of_chances(context),
    ]


def _of_the_board(context: Context) -> list[Query]:
    from funneltui.storage import boards
    from funneltui.storage.deals import EVERYTHING

    database, pipeline, today = context.database, context.pipeline, context.clock.today()
    word = _word(context)
    tallied = tally(pipeline.key)
    first_due = (f"{_DUE} ORDER BY due_on, number LIMIT {_SIZE}", _until(context))
    count_due = ("SELECT due_on, count(*) FROM deal WHERE pipeline = ? AND due_on <= ? GROUP BY 1", _until(context))
    lanes = [_lane(pipeline.key, stage.key, 0) for stage in pipeline.open_stages + pipeline.won_stages]
    by_word = ("SELECT number, title FROM deal WHERE search LIKE ?", (f"%{RARE_WORD}%",))
    return [
        Query("board(): a whole answer", lambda: _board(context, EVERYTHING), [*lanes, tallied, first_due, count_due]),
        Query(f"board() filtered by the word {RARE_WORD}", lambda: _board(context, word), [by_word]),
        Query("tallies", lambda: boards.tallies(database, None, pipeline.key), [tallied]),
        Query(
            f"due, the first {_SIZE}", lambda: boards.due(database, None, [pipeline.key], today, _DAYS, _SIZE),
            [first_due, count_due],
        ),
    ]  # fmt: skip


def _of_a_lane(context: Context) -> list[Query]:
    from funneltui.storage import boards

    database, key, stage = context.database, context.pipeline.key, context.pipeline.stage(_STAGE)
    count = _count(context)
    last = boards.window(database, None, key, stage, count - 1, 1).deals[0]
    before_last = (key, _STAGE, last.due.isoformat() if last.due else "", last.number)

    def window(where: str, start: int) -> Query:
        return Query(
            f"window at the {where}", lambda: boards.window(database, None, key, stage, start, _SIZE),
            [_lane(key, _STAGE, start)],
        )  # fmt: skip

    return [
        window("start", 0),
        window("middle", max(0, count // 2 - _SIZE // 2)),
        window("end", max(0, count - _SIZE)),
        Query(
            "place of the last deal", lambda: boards.place_of(database, None, key, stage, last.number),
            [(f"SELECT count(*) FROM deal {_OPEN_LANE} AND (due_on, number) < (?, ?)", before_last)],
        ),
    ]  # fmt: skip


def _of_reports(context: Context) -> list[Query]:
    from funneltui.domain.funnel import Mode
    from funneltui.services import reports

    pipeline = context.pipeline
    tallied = tally(pipeline.key)
    entered = (
        "SELECT v.stage, count(*) FROM visit v JOIN deal d ON d.number = v.deal WHERE d.pipeline = ? GROUP BY 1",
        (pipeline.key,),
    )
    return [
        Query("funnel, conversion", lambda: reports.funnel_of(context, pipeline, Mode.CONVERSION), [tallied]),
        Query("funnel, entered", lambda: reports.funnel_of(context, pipeline, Mode.ENTERED), [tallied, entered]),
        Query(
            "today, everything", lambda: reports.today(context, _DAYS),
            [(f"{_DUE} ORDER BY due_on, number", _until(context))],
        ),
    ]  # fmt: skip


def _of_chances(context: Context) -> list[Query]:
    from funneltui.services import chances
    from funneltui.services.chance_lessons import Lesson

    pipeline = context.pipeline
    closed = "d.pipeline = ? AND d.outcome IN ('won', 'lost')"
    deals = (
        f"SELECT d.number, d.closed_on, d.outcome, d.reach, d.source, d.owner_id, d.amount FROM deal d WHERE {closed}"
    )
    visits = (
        f"SELECT v.deal, v.stage, v.entered, v.left_at FROM visit v JOIN deal d ON d.number = v.deal WHERE {closed}"
    )
    columns = "number, stage, stage_entered, source, owner_id, amount"
    standing = f"SELECT {columns} FROM deal WHERE pipeline = ? AND outcome = 'open'"

    def learn() -> None:
        lesson = Lesson(pipeline)
        while lesson.go_on(context):
            pass

    return [
        Query("chance: learned from all closed deals", learn, [(deals, (pipeline.key,)), (visits, (pipeline.key,))]),
        Query("chance: of all open deals", lambda: chances.chances(context, pipeline), [(standing, (pipeline.key,))]),
    ]


def _until(context: Context) -> tuple[object, ...]:
    return context.pipeline.key, (context.clock.today() + timedelta(days=_DAYS)).isoformat()


def _lane(pipeline: str, stage: str, start: int) -> Statement:
    where, order = _OPEN_LANE, "due_on, number"
    if stage == "acquired":
        where, order = _OPEN_LANE.replace("'open'", "'won'"), "closed_on DESC, number DESC"
    return f"{_PART} {where} ORDER BY {order} LIMIT ? OFFSET ?", (pipeline, stage, _SIZE, start)


def _board(context: Context, condition: Condition) -> BoardAnswer:
    from funneltui.services import reports

    pipeline = context.pipeline
    lanes = [reports.LaneRequest(one.key, 0, _SIZE) for one in pipeline.open_stages + pipeline.won_stages]
    return reports.board(context, pipeline, lanes, condition=condition)


def _word(context: Context) -> Condition:
    """Give the condition of the rare word, as the board's filter makes it."""
    from funneltui.domain import filter_parser
    from funneltui.storage import filtering

    today, known = context.clock.today(), context.pipelines
    parsed = filter_parser.parse(RARE_WORD, today, context.order, context.pipeline.currency, pipelines=known)
    return filtering.condition(parsed, actor_id=context.actor.id, today=today, zone=context.clock.zone, pipelines=known)


def _count(context: Context) -> int:
    from funneltui.storage.database import query

    return int(query(context.database, f"SELECT count(*) FROM deal {_OPEN_LANE}", (context.pipeline.key, _STAGE))[0][0])
