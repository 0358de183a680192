"""What a field proposes while it is typed: what the pipeline names, and the names of companies and contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.suggester import Suggester

from funneltui.domain.gates import choices_of
from funneltui.domain.text import fold
from funneltui.errors import FunneltuiError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.records import Completion
    from funneltui.tui.worker import Worker

RECORDS = ("company", "contact")


class FieldSuggester(Suggester):
    """Gives the rest of a name that begins as what is typed, any case and accent; `→` takes it.

    Names of the pipeline are known; those of companies and contacts are asked of the worker, the most used first.
    """

    def __init__(self, field: str, pipeline: Pipeline, stage: Stage, worker: Worker) -> None:
        """Propose for a deal's field."""
        super().__init__(use_cache=False, case_sensitive=True)
        self.field, self.worker = field, worker
        self.found: Sequence[Completion] = ()
        self._names = names_for(field, pipeline, stage)

    async def get_suggestion(self, value: str) -> str | None:
        """Give a whole name, or nothing when none begins so."""
        if not value.strip():
            return None
        return next((name for name in await self._candidates(value) if _goes_on(value, name)), None)

    async def _candidates(self, value: str) -> Sequence[str]:
        if self.field not in RECORDS:
            return self._names
        from funneltui.services import records

        try:
            self.found = await self.worker.run(records.completions, self.field, value)
        except FunneltuiError:  # the database will say so when the form is saved
            return ()
        return [one.name for one in self.found]

    def chosen(self, value: str) -> Completion | None:
        """Give the record that what is typed names, with what else is known of it; none when several do."""
        named = [one for one in self.found if fold(one.name) == fold(value)]
        return named[0] if len(named) == 1 else None


def suggester_for(field: str, pipeline: Pipeline, stage: Stage, worker: Worker) -> FieldSuggester | None:
    """Give what proposes for a field, if anything can."""
    known = field in RECORDS or names_for(field, pipeline, stage)
    return FieldSuggester(field, pipeline, stage, worker) if known else None


def names_for(field: str, pipeline: Pipeline, stage: Stage) -> list[str]:
    """Give the names among which a field of a deal is chosen, none of one that takes any text."""
    return [one.name for one in choices_of(pipeline, stage, field)]


def _goes_on(typed: str, name: str) -> bool:
    """Tell whether a name begins as what is typed, character by character: the rest is then painted after it."""
    return len(name) > len(typed) and fold(name[: len(typed)]) == fold(typed)
