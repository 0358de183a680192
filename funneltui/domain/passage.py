"""Passages: the way of a deal from stage to stage. Going back and skipping are said and recorded, never forbidden (E2)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.pipeline import StageKind

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline


class Way(StrEnum):
    """How a deal goes from one stage to another."""

    FORWARD = "forward"
    BACK = "back"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Passage:
    """The way from one stage to another; `warning` is what to say of it to the mover, `skipped` the keys left out."""

    way: Way
    warning: str = ""
    skipped: tuple[str, ...] = ()

    @property
    def recorded(self) -> dict[str, object]:
        """What the move's event keeps of it; nothing of a forward one."""
        if self.way is Way.FORWARD:
            return {}
        return {"passage": self.way.value} | ({"skipped": list(self.skipped)} if self.skipped else {})


FORWARD = Passage(Way.FORWARD)


def passage_of(pipeline: Pipeline, before: str, after: str) -> Passage:
    """Give the way from one stage to another, by their keys: "back from Offered to Waiting", "skips In acquisition".

    Rule: every deal should pass through every open stage, in their order, and be won from the last. Back is to an earlier
    open stage, or from one won stage to an earlier one. Any loss is forward, so is every step on among the won stages, and
    reopening is never back; a stage that the pipeline has no longer tells nothing.
    """
    start, end = pipeline.rank(before), pipeline.rank(after)
    if start is None or end is None:
        return FORWARD
    stage, target = pipeline.stage(before), pipeline.stage(after)
    if stage.kind is StageKind.WON and target.is_open:
        return FORWARD
    if end < start:
        return Passage(Way.BACK, f"back from {stage.name} to {target.name}")
    skipped = pipeline.open_stages[start + 1 : end]
    if not skipped:
        return FORWARD
    return Passage(Way.SKIP, f"skips {', '.join(one.name for one in skipped)}", tuple(one.key for one in skipped))
