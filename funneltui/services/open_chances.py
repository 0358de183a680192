"""The chances of a pipeline's open deals while somebody looks at them: estimated piece by piece, renewed as deals change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.services import chances
from funneltui.services.chance_lessons import Lesson
from funneltui.storage import chances as stored
from funneltui.storage import feed
from funneltui.storage.database import reading
from funneltui.storage.list_orders import FigureSort

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from funneltui.domain.chance_model import Model
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.chances import Chance
    from funneltui.services.context import Context

_AT_ONCE = 1_000
"""How many deals a piece is: less than a tenth of a second."""

UNKNOWN = FigureSort({})
"""The order by chances before any is estimated."""


class OpenChances:
    """Keeps what was learned of a pipeline, and the order of its open deals by their chances (C3).

    A screen has it go on through its worker, `while await worker.run(kept.go_on): ...`: between two pieces whatever else was
    asked for is done. Every such round learns what is to be learned anew and estimates what has changed since the last one.
    What is shown meanwhile are the figures of the last round: a new model takes the old one's place with its whole order.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        """Begin; nothing is read yet."""
        self.pipeline = pipeline
        self.model: Model | None = None
        self.order = UNKNOWN
        self._round: Iterator[None] | None = None
        self._ordered = False
        self._made: tuple[Model, date] | None = None
        self._event = 0

    def of(self, context: Context, numbers: Sequence[int]) -> dict[int, Chance]:
        """Give the chances of these deals as they stand now, after what was learned last; none before that."""
        with reading(context.database):
            self.model = self.model or chances.known_model(context, self.pipeline)
            if self.model is None or not numbers:
                return {}
            found = stored.standing(context.database, context.actor.scope, self.pipeline.key, numbers)
        return chances.estimated(context, self.model, found)

    def go_on(self, context: Context, *, ordered: bool) -> bool:
        """Do one piece of a round and tell whether there is more to do; `ordered`: the order of all deals is wanted."""
        self._ordered = ordered
        self._round = self._round or self._pieces(context)
        try:
            for _ in self._round:
                return True
        except BaseException:
            self._round = None
            raise
        self._round = None
        return False

    def _pieces(self, context: Context) -> Iterator[None]:
        learned = chances.known_model(context, self.pipeline)
        if learned is None:
            lesson = Lesson(self.pipeline)
            while lesson.go_on(context):
                yield
            learned = lesson.model
        if self._ordered:
            yield from self._put_in_order(context, learned)
        self.model = learned

    def _put_in_order(self, context: Context, learned: Model) -> Iterator[None]:
        """Estimate all deals, or those that changed since; all again on another day: the time in a stage tells too."""
        event, made = stored.newest_event(context.database), (learned, context.clock.today())
        changed = self._changed(context) if made == self._made else None
        if changed is None:
            figures: dict[int, float] = {}
            after = -1
            while found := self._standing_after(context, after):
                figures |= _figures(context, learned, found)
                after = found[-1].number
                yield
            self.order = FigureSort(figures)
        elif changed:
            with reading(context.database):
                found = stored.standing(context.database, context.actor.scope, self.pipeline.key, changed)
            same = self.order.figures.keys() - set(changed)
            self.order = FigureSort(
                {number: self.order.figures[number] for number in same} | dict(_figures(context, learned, found))
            )
        self._event, self._made = event, made

    def _changed(self, context: Context) -> list[int] | None:
        """Give the numbers of the deals that changed since the last round, or none when they are too many to go through."""
        with reading(context.database):
            found = feed.deals_since(context.database, self._event, _AT_ONCE + 1)
        return found if len(found) <= _AT_ONCE else None

    def _standing_after(self, context: Context, number: int) -> list[stored.Standing]:
        with reading(context.database):
            return stored.standing_after(context.database, context.actor.scope, self.pipeline.key, number, _AT_ONCE)


def _figures(context: Context, learned: Model, found: Iterable[stored.Standing]) -> Mapping[int, float]:
    return chances.order_of(chances.estimated(context, learned, found).values()).figures
