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
    from tests.benchmarks.workspaces import Workspaces

_STAGE = "waiting"
_SIZE = 60
_LEAST_SECONDS = 0.25
"""A query is repeated until it has taken so long, and three times at least."""

_LANE = "FROM deal WHERE pipeline = ? AND stage = ? AND outcome = 'open'"

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
    from funneltui.domain.funnel import Mode
    from funneltui.services import reports
    from funneltui.storage import boards
    from funneltui.storage.deals import Condition

    database, pipeline = context.database, context.pipeline
    stage, today = pipeline.stage(_STAGE), context.clock.today()
    count = _count(context)
    word = _word(context)

    def board(condition: Condition) -> Callable[[], object]:
        return lambda: _board(context, condition)

    def window(start: int) -> Callable[[], object]:
        return lambda: boards.window(database, None, pipeline.key, stage, start, _SIZE)

    last = boards.window(database, None, pipeline.key, stage, count - 1, 1).deals[0]
    due = (today + timedelta(days=7)).isoformat()
    starts = {"start": 0, "middle": max(0, count // 2 - _SIZE // 2), "end": max(0, count - _SIZE)}
    tally = (
        "SELECT outcome, stage, reach, count(*), sum(amount) FROM deal WHERE pipeline = ? GROUP BY 1, 2, 3",
        (pipeline.key,),
    )
    seven = [one.key for one in pipeline.open_stages + pipeline.won_stages]
    first_due = (f"{_PART} WHERE pipeline = ? AND due_on <= ? ORDER BY due_on, number LIMIT 60", (pipeline.key, due))
    count_due = ("SELECT due_on, count(*) FROM deal WHERE pipeline = ? AND due_on <= ? GROUP BY 1", (pipeline.key, due))
    all_due = (f"{_PART} WHERE pipeline = ? AND due_on <= ? ORDER BY due_on, number", (pipeline.key, due))
    by_word = ("SELECT number, title FROM deal WHERE search LIKE ?", (f"%{RARE_WORD}%",))
    return [
        Query("board(): a whole answer", board(Condition("")),
              [*(_lane(pipeline.key, key, 0) for key in seven), tally, first_due, count_due]),
        Query("tallies", lambda: boards.tallies(database, None, pipeline.key), [tally]),
        Query("due, the first 60", lambda: boards.due(database, None, [pipeline.key], today, 7, 60),
              [first_due, count_due]),
        *(Query(f"window at the {where}", window(start), [_lane(pipeline.key, _STAGE, start)])
          for where, start in starts.items()),
        Query("place of the last deal", lambda: boards.place_of(database, None, pipeline.key, stage, last.number),
              [(f"SELECT count(*) {_LANE} AND (due_on, number) < (?, ?)",
                (pipeline.key, _STAGE, last.due.isoformat() if last.due else "", last.number))]),
        Query(f"board() filtered by the word {RARE_WORD}", board(word), [by_word]),
        Query("funnel, conversion", lambda: reports.funnel_of(context, pipeline, Mode.CONVERSION), [tally]),
        Query("funnel, entered", lambda: reports.funnel_of(context, pipeline, Mode.ENTERED), [tally]),
        Query("today, everything", lambda: reports.today(context), [all_due]),
    ]  # fmt: skip


_PART = "SELECT number, title, stage, amount, currency, due_on FROM deal"


def _lane(pipeline: str, stage: str, start: int) -> Statement:
    values = (pipeline, stage, _SIZE, start)
    if stage == "acquired":
        where = "WHERE pipeline = ? AND stage = ? AND outcome = 'won' ORDER BY closed_on DESC, number DESC"
        return f"{_PART} {where} LIMIT ? OFFSET ?", values
    return f"{_PART} {_LANE.removeprefix('FROM deal ')} ORDER BY due_on, number LIMIT ? OFFSET ?", values


def _board(context: Context, condition: object) -> BoardAnswer:
    from funneltui.services import reports
    from funneltui.storage.deals import Condition

    assert isinstance(condition, Condition)
    pipeline = context.pipeline
    lanes = [reports.LaneRequest(one.key, 0, _SIZE) for one in pipeline.open_stages + pipeline.won_stages]
    return reports.board(context, pipeline, lanes, condition=condition)


def _word(context: Context) -> object:
    """Give the condition of the rare word, as the board's filter makes it."""
    from funneltui.domain import filter_parser
    from funneltui.storage import filtering

    today, known = context.clock.today(), context.pipelines
    parsed = filter_parser.parse(RARE_WORD, today, context.order, context.pipeline.currency, pipelines=known)
    return filtering.condition(
        parsed, actor_id=context.actor.id, today=today, zone=context.clock.zone, pipelines=known
    )


def _count(context: Context) -> int:
    from funneltui.storage.database import query

    return int(query(context.database, f"SELECT count(*) {_LANE}", (context.pipeline.key, _STAGE))[0][0])


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
