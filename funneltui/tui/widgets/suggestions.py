"""What a field proposes while it is typed: sources, details, reasons and names of users, companies and contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.suggester import Suggester

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
        self._names = {
            "source": [one.name for one in pipeline.sources],
            "detail": [one.name for one in stage.details],
            "reason": [one.name for one in pipeline.reasons],
        }.get(field, [])

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
    return FieldSuggester(field, pipeline, stage, worker) if field in ("source", "detail", "reason", *RECORDS) else None


def _goes_on(typed: str, name: str) -> bool:
    """Tell whether a name begins as what is typed, character by character: the rest is then painted after it."""
    return len(name) > len(typed) and fold(name[: len(typed)]) == fold(typed)
