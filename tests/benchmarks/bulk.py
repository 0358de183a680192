"""Marked deals: losing 500 in one go beside losing one, in this process and on SQLite."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Section, middle, ratio_by_round, times, wait_for_calm
from tests.benchmarks.workspaces import opened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.services.context import Context
    from tests.benchmarks.workspaces import Workspaces

_MARKED = 500


def run(workspaces: Workspaces, sizes: Sequence[int], rounds: int) -> Section:
    """Measure the loss of one deal and of many in a copy of each workspace; each is undone before the next."""
    section = Section("Marked deals, lost in one go", ("", "marked", "one, ms", "all, ms", "ratio", "ratio, a deal"))
    for size in sizes:
        with opened(workspaces.copy_of(size)) as context:
            marked = _open_deals(context)[:_MARKED]
            one: list[float] = []
            every: list[float] = []
            for number in range(-1, rounds):
                wait_for_calm()
                its, ours = _lost(context, marked[:1]), _lost(context, marked)
                if number >= 0:  # the first round warms up
                    one.append(its)
                    every.append(ours)
        ratio = ratio_by_round(every, one)
        section.rows.append(
            (f"{size:,} open deals", f"{len(marked):,}", f"{middle(one):.1f}", f"{middle(every):.1f}", times(ratio),
             f"{ratio / len(marked):.3f}x")
        )  # fmt: skip
    section.notes.append(f"{rounds} rounds, medians; all marked deals are lost in one transaction, and one undo")
    return section


def _open_deals(context: Context) -> list[int]:
    from funneltui.services import reports

    pipeline = context.pipeline
    lanes = [reports.lane_versions(context, pipeline, stage.key) for stage in pipeline.open_stages]
    return sorted(number for lane in lanes for number in lane)


def _lost(context: Context, numbers: Sequence[int]) -> float:
    """Lose deals, and give the ms that it took; then undo that."""
    from funneltui.services import moves, undo

    start = perf_counter()
    moves.lose(context, numbers, {"reason": context.pipeline.reasons[0].key})
    took = (perf_counter() - start) * 1000
    undo.undo(context)
    return took
