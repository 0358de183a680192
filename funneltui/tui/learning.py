"""The chances learned while the screen stays alive: piece by piece through the worker, so that nobody waits behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.services import chances
from funneltui.services.chance_lessons import Lesson

if TYPE_CHECKING:
    from funneltui.domain.chance_model import Model
    from funneltui.domain.pipeline import Pipeline
    from funneltui.tui.worker import Worker


async def model_of(worker: Worker, pipeline: Pipeline) -> Model:
    """Give what the closed deals of a pipeline say: what was learned already, as long as it holds, else learned now."""
    known: Model | None = await worker.run(chances.known_model, pipeline)
    return known or await learned(worker, Lesson(pipeline))


async def learned(worker: Worker, lesson: Lesson) -> Model:
    """Go through a lesson to its end."""
    while await worker.run(lesson.go_on):
        pass
    return lesson.model
