"""What the pages of figures ask, beside the plain SQL that they cannot avoid; also where most deals have closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.benchmarks.asked import Query, plain_seconds, seconds, tally
from tests.benchmarks.figures import Section, times, wait_for_calm
from tests.benchmarks.workspaces import opened

if TYPE_CHECKING:
    from funneltui.services.context import Context
    from tests.benchmarks.asked import Statement
    from tests.benchmarks.workspaces import Workspaces

OPEN, CLOSED = 10_000, 100_000
"""The deals of a pipeline that has been worked for years."""

_ROWS = "FROM deal d WHERE coalesce(d.pipeline, '') = ? AND"
_DAY = 24 * 60 * 60 * 1_000_000


def run(workspaces: Workspaces) -> Section:
    """Measure the pages of figures of a pipeline most of whose deals have closed."""
    section = Section(f"Figures of {OPEN:,} open and {CLOSED:,} closed deals", ("", "ms", "plain SQL ms", "ratio"))
    with opened(workspaces.of(OPEN, CLOSED)) as context:
        for query in queries(context):
            wait_for_calm()
            ours, plain = seconds(query.ours) * 1000, plain_seconds(context, query.plain) * 1000
            section.rows.append((query.name, f"{ours:.0f}", f"{plain:.0f}", times(ours / plain)))
    section.notes.append(
        "medians; plain SQL: the same rows and sums by the driver's own cursor, no figure made of them"
    )
    return section


def queries(context: Context) -> list[Query]:
    """Give what the pages of figures ask of a workspace."""
    from funneltui.domain.figure_sums import By
    from funneltui.domain.funnel import Mode
    from funneltui.domain.metrics import ALWAYS, Window
    from funneltui.domain.periods import Span
    from funneltui.services import changes_since, forecasts, report_pages

    pipeline, today = context.pipeline, context.clock.today()
    before = report_pages.insights_page(context, pipeline, By.OWNER, ALWAYS)
    year = Window(date(today.year, 1, 1), date(today.year, 12, 31))
    month = (today - timedelta(days=30)).isoformat()
    asked = forecasts.Asked(forecasts.chosen_periods(Span.QUARTER, today), pipeline.currency, None, pipeline.key)
    sums, lost = _sums(pipeline.key), _lost(pipeline.key)
    facts = (f"SELECT number, outcome, stage, reach, currency, amount, created {_ROWS} 1 = 1", (pipeline.key,))
    return [
        Query(
            "the insights", lambda: report_pages.insights_page(context, pipeline, By.OWNER, ALWAYS), [*sums, *lost]
        ),
        Query(
            "the insights of another period",
            lambda: report_pages.insights_page(context, pipeline, By.OWNER, year, "", before), [*sums, *lost],
        ),
        Query(
            "the insights by something else",
            lambda: report_pages.insights_page(context, pipeline, By.SOURCE, ALWAYS, "", before), sums,
        ),
        Query("where deals get stuck", lambda: report_pages.stats_page(context, pipeline), sums),
        Query(
            "the funnel by owner",
            lambda: report_pages.funnel_page(context, pipeline, Mode.CONVERSION, "", ALWAYS, By.OWNER),
            [tally(pipeline.key)],
        ),
        Query("forecast of a quarter", lambda: forecasts.forecast_of(context, asked), _expected(pipeline.key)),
        Query("changes of a month", lambda: changes_since.changes_typed(context, month, None, pipeline), [facts]),
    ]  # fmt: skip


def _sums(pipeline: str) -> list[Statement]:
    """Give the statements that figures cannot do without: the deals by stage, age and cycle, amounts, and stays."""
    standing = (
        f"SELECT owner_id, stage, currency, stage_entered / {_DAY}, count(*), sum(amount) {_ROWS} "
        "coalesce(outcome, '') = 'open' GROUP BY 1, 2, 3, 4"
    )
    ended = (
        f"SELECT owner_id, outcome, currency, julianday(closed_on) - created / {_DAY}, count(*), sum(amount) {_ROWS} "
        "coalesce(outcome, '') IN ('won', 'lost') GROUP BY 1, 2, 3, 4"
    )
    won = "SELECT owner_id, currency, amount FROM deal WHERE pipeline = ? AND outcome = 'won'"
    stays = (
        "SELECT d.owner_id, v.stage, v.deal, v.seconds FROM visit v JOIN deal d ON d.number = v.deal "
        "WHERE d.pipeline = ? AND v.left_at IS NOT NULL ORDER BY v.id"
    )
    return [(sql, (pipeline,)) for sql in (standing, ended, won, stays)]


def _expected(pipeline: str) -> list[Statement]:
    """Give the sums of open deals by month, those of closed ones, and the funnel that chances come from."""
    opens = (
        f"SELECT substr(expected_close, 1, 7), owner_id, stage, currency, probability, count(*), sum(amount) {_ROWS} "
        "coalesce(outcome, '') = 'open' GROUP BY 1, 2, 3, 4, 5"
    )
    closed = (
        "SELECT outcome, owner_id, currency, count(*), sum(amount) FROM deal WHERE pipeline = ? "
        "AND outcome IN ('won', 'lost') GROUP BY 1, 2, 3"
    )
    return [(opens, (pipeline,)), (closed, (pipeline,)), tally(pipeline)]


def _lost(pipeline: str) -> list[Statement]:
    rows = f"SELECT number, reason, owner_id, source, currency, amount {_ROWS} coalesce(outcome, '') = 'lost'"
    stays = (
        "SELECT v.deal, v.stage FROM visit v JOIN deal d ON d.number = v.deal "
        "WHERE d.pipeline = ? AND d.outcome = 'lost' AND v.left_at IS NOT NULL ORDER BY v.id"
    )
    return [(sql, (pipeline,)) for sql in (rows, stays)]
