"""A lesson: a pipeline's chances learned from its history piece by piece, so that nobody waits behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.chance_learning import model_of
from funneltui.domain.chance_tables import Tables
from funneltui.domain.chance_traits import Classes
from funneltui.storage import chances as stored
from funneltui.storage.database import reading
from funneltui.storage.deals import EVERYTHING

if TYPE_CHECKING:
    from funneltui.domain.chance_model import Model
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.storage.deals import Condition

_AT_ONCE = 1_000
"""How many deals a piece is: less than a tenth of a second."""


class Lesson:
    """Learns from the closed deals of a pipeline, or from those of a condition.

    A screen has it go on through its worker, `while await worker.run(lesson.go_on): ...`: between two pieces whatever else
    was asked for is done. What is learned from all closed deals is kept with the connection; deals that close meanwhile are
    not in it, and make the next one who asks learn anew.
    """

    def __init__(self, pipeline: Pipeline, chosen: Condition = EVERYTHING) -> None:
        """Begin; nothing is read yet."""
        self._pipeline, self._chosen = pipeline, chosen
        self._event = 0
        self._ranks: dict[int, int] = {}
        self._left: list[int] = []
        self._tables: Tables | None = None
        self._model: Model | None = None

    @property
    def model(self) -> Model:
        """What was learned; only once there is nothing left to do."""
        assert self._model is not None
        return self._model

    def go_on(self, context: Context) -> bool:
        """Do one piece of it, and tell whether there is more to do."""
        if self._tables is None:
            self._tables = self._begun(context)
        elif self._left:
            self._take_some(context, self._tables)
        else:
            self._model = model_of(self._tables)
            if not self._chosen.sql:
                stored.keep(context.database, context.pipelines_version, self._event, self._model)
            return False
        return True

    def _begun(self, context: Context) -> Tables:
        with reading(context.database):
            self._event = stored.newest_event(context.database)
            closed = stored.closing_order(context.database, self._pipeline.key, self._chosen)
        self._ranks = {deal.number: rank for rank, deal in enumerate(closed)}
        self._left = sorted(self._ranks, reverse=True)
        classes = Classes.of((deal.currency, deal.amount) for deal in closed)
        return Tables(self._pipeline, classes, len(closed))

    def _take_some(self, context: Context, tables: Tables) -> None:
        some = self._left[-_AT_ONCE:]
        del self._left[-_AT_ONCE:]
        numbers = (some[-1], some[0])
        with reading(context.database):
            found = stored.closed_deals(context.database, self._pipeline.key, self._chosen, numbers=numbers)
        for deal in found:
            if deal.number in self._ranks:  # one that closed meanwhile has no place in the order
                tables.take(self._ranks[deal.number], deal)
