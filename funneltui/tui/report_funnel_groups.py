"""Below the funnel: where deals get stuck, said in words, and the funnel of each group of them in a line (A5, A6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.text import counted
from funneltui.services.metrics import By
from funneltui.tui.report_cells import Column, blank, compact, heads, left, percent, right
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.domain.funnel import Funnel
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.figures import FunnelFilters
    from funneltui.services.funnels import Funnels
    from funneltui.tui.theming import Look

_NAME = 22
_MOST = 30
"""How many groups are told at the most; a filter narrows the rest."""
_COLUMNS = (
    Column("in", 7), Column("open", 7), Column("won", 7), Column("lost", 7), Column("overall", 9), Column("won value", 11),
)  # fmt: skip


def group_lines(pipeline: Pipeline, found: Funnels, behind: FunnelFilters, look: Look) -> Iterator[Line]:
    """Give a line a group: how many of it got into the funnel, what became of them, the share that was won."""
    if found.by is None:
        return
    palette = look.palette
    yield [*left(f" By {found.by.value}", _NAME, palette.strong), *heads(_COLUMNS, palette.muted)]
    ordered = found.groups if found.by is By.MONTH else sorted(found.groups, key=lambda one: -one[2].entered)
    for key, name, figures in ordered[-_MOST:] if found.by is By.MONTH else ordered[:_MOST]:
        yield _group(pipeline, name, figures, behind.of_group(found.by, key), f"{found.by}:{key}", look)
    if len(ordered) > _MOST:
        yield [blank(1), Cell(f"and {len(ordered) - _MOST:,} more", palette.muted)]


def _group(pipeline: Pipeline, name: str, figures: Funnel, behind: FunnelFilters, key: str, look: Look) -> Line:
    palette = look.palette
    first = figures.stages[0]
    told = (
        (
            f"{figures.entered:,}", palette.strong,
            Figure(f"{key} in", f"{counted(figures.entered)} of {name} got in", behind.entered()),
        ),
        *(
            (
                f"{getattr(first, outcome.value):,}", ink,
                Figure(
                    f"{key} {outcome}",
                    f"{counted(getattr(first, outcome.value))} of {name} that got in: {outcome.value} now",
                    behind.through(pipeline.first, outcome),
                ),
            )
            for outcome, ink in ((Outcome.OPEN, palette.text), (Outcome.WON, palette.won), (Outcome.LOST, palette.lost))
        ),
        (percent(figures.overall_rate), palette.strong, None),
        (compact(figures.won.amount, figures.currency, 10), palette.text, None),
    )  # fmt: skip
    cells = (right(text, column, ink, figure) for (text, ink, figure), column in zip(told, _COLUMNS, strict=True))
    return [*left(f" {name}", _NAME, palette.text), *(cell for some in cells for cell in some)]
