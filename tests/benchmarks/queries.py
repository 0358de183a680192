"""Queries in this process: what the board and the reports ask, beside the smallest workspace and beside plain SQL."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Section, middle, times, wait_for_calm
from tests.benchmarks.generated_deals import RARE_WORD
from tests.benchmarks.workspaces import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from funneltui.services.context import Context
    from funneltui.services.reports import BoardAnswer
    from funneltui.storage.deals import Condition
    from tests.benchmarks.workspaces import Workspaces

_STAGE = "waiting"
_SIZE = 60
_LEAST_SECONDS = 0.25
"""A query is repeated until it has taken so long, and three times at least."""

_DAYS = 7

_PART = "SELECT number, title, stage, amount, currency, due_on FROM deal"
_OPEN_LANE = "WHERE pipeline = ? AND stage = ? AND outcome = 'open'"
_DUE = f"{_PART} WHERE pipeline = ? AND due_on <= ?"

Statement = tuple[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Query:
    """One thing that is asked; `plain` the least SQL that finds as much, if there is such a thing."""

    name: str
    ours: Callable[[], object]
    plain: Sequence[Statement] = ()


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
                ours = _seconds(query.ours) * 1000
                base = base or ours
                plain = _plain(contexts[size], query.plain) * 1000 if query.plain else None
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
        *_of_figures(context),
        *_of_chances(context),
    ]


def _of_figures(context: Context) -> list[Query]:
    """Give what the pages of figures ask; plain: the rows of deals and stays that no figure can do without."""
    from funneltui.domain.metrics import ALWAYS
    from funneltui.domain.periods import Span
    from funneltui.services import changes_since, forecasts, report_pages
    from funneltui.services.metrics import By

    pipeline, today = context.pipeline, context.clock.today()
    facts = (
        "SELECT number, outcome, stage, reach, currency, amount, created, closed_on, owner_id, source FROM deal "
        "WHERE coalesce(pipeline, '') = ?", (pipeline.key,),
    )  # fmt: skip
    stays: Statement = ("SELECT deal, stage, left_at, seconds FROM visit WHERE left_at IS NOT NULL ORDER BY id", ())
    month = (today - timedelta(days=30)).isoformat()
    asked = forecasts.Asked(forecasts.chosen_periods(Span.QUARTER, today), pipeline.currency, None, pipeline.key)
    return [
        Query("the insights", lambda: report_pages.insights_page(context, pipeline, By.OWNER, ALWAYS), (facts, stays)),
        Query("where deals get stuck", lambda: report_pages.stats_page(context, pipeline), (facts, stays)),
        Query("forecast of a quarter", lambda: forecasts.forecast_of(context, asked), (_tally(pipeline.key),)),
        Query("changes of a month", lambda: changes_since.changes_typed(context, month, None, pipeline), (facts,)),
    ]


def _of_the_board(context: Context) -> list[Query]:
    from funneltui.storage import boards
    from funneltui.storage.deals import EVERYTHING

    database, pipeline, today = context.database, context.pipeline, context.clock.today()
    word = _word(context)
    tally = _tally(pipeline.key)
    first_due = (f"{_DUE} ORDER BY due_on, number LIMIT {_SIZE}", _until(context))
    count_due = ("SELECT due_on, count(*) FROM deal WHERE pipeline = ? AND due_on <= ? GROUP BY 1", _until(context))
    lanes = [_lane(pipeline.key, stage.key, 0) for stage in pipeline.open_stages + pipeline.won_stages]
    by_word = ("SELECT number, title FROM deal WHERE search LIKE ?", (f"%{RARE_WORD}%",))
    return [
        Query("board(): a whole answer", lambda: _board(context, EVERYTHING), [*lanes, tally, first_due, count_due]),
        Query(f"board() filtered by the word {RARE_WORD}", lambda: _board(context, word), [by_word]),
        Query("tallies", lambda: boards.tallies(database, None, pipeline.key), [tally]),
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
    tally = _tally(pipeline.key)
    entered = (
        "SELECT v.stage, count(*) FROM visit v JOIN deal d ON d.number = v.deal WHERE d.pipeline = ? GROUP BY 1",
        (pipeline.key,),
    )
    return [
        Query("funnel, conversion", lambda: reports.funnel_of(context, pipeline, Mode.CONVERSION), [tally]),
        Query("funnel, entered", lambda: reports.funnel_of(context, pipeline, Mode.ENTERED), [tally, entered]),
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


def _tally(pipeline: str) -> Statement:
    sql = "SELECT outcome, stage, reach, count(*), sum(amount) FROM deal WHERE pipeline = ? GROUP BY 1, 2, 3"
    return sql, (pipeline,)


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


def _plain(context: Context, statements: Sequence[Statement]) -> float:
    cursor = context.database.cursor()
    return _seconds(lambda: [cursor.execute(sql, values).fetchall() for sql, values in statements])


def _seconds(run: Callable[[], object]) -> float:
    run()
    found: list[float] = []
    while len(found) < 3 or sum(found) < _LEAST_SECONDS:
        start = perf_counter()
        run()
        found.append(perf_counter() - start)
    return middle(found)
