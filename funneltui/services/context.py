"""What every service is given: the database, who acts, and the one clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

from funneltui.domain.dates import DateOrder
from funneltui.domain.text import cut, fold
from funneltui.errors import NotFound

if TYPE_CHECKING:
    from funneltui.domain.history import Actor
    from funneltui.domain.pipeline import Pipeline
    from funneltui.storage.database import Database


class Clock:
    """The one place that knows what time it is and which day that is for the user."""

    def __init__(self, zone: tzinfo | None = None, fixed: datetime | None = None) -> None:
        """Tell the time of a zone (the system's, if none is given); a fixed moment stands still, for tests."""
        self._zone = zone
        self._fixed = fixed

    @property
    def zone(self) -> tzinfo | None:
        """The user's zone; none stands for the system's."""
        return self._zone

    def now(self) -> datetime:
        """Give the present moment, aware, in UTC."""
        return self._fixed or datetime.now(UTC)

    def today(self) -> date:
        """Give the present day in the user's zone."""
        return self.local_day(self.now())

    def local_day(self, moment: datetime) -> date:
        """Give the day on which a moment fell in the user's zone."""
        return moment.astimezone(self._zone).date()

    def local(self, moment: datetime) -> datetime:
        """Give a moment in the user's zone, for showing."""
        return moment.astimezone(self._zone)


@dataclass(frozen=True, slots=True)
class Context:
    """A workspace at work: its database and pipelines, the actor, the clock, and how the actor types dates.

    `pipelines` are those in use, in their order, then retired ones; `pipelines_version` is the count of their changes at
    which they were read: whoever would write by pipelines that have changed since is refused, and reads them again.
    """

    database: Database
    actor: Actor
    clock: Clock
    pipelines: tuple[Pipeline, ...]
    order: DateOrder = DateOrder.DMY
    pipelines_version: int = 0

    @property
    def in_use(self) -> tuple[Pipeline, ...]:
        """The pipelines that are not retired, in their order."""
        return tuple(one for one in self.pipelines if not one.is_retired)

    @property
    def pipeline(self) -> Pipeline:
        """The workspace's first pipeline: what is meant when none is named."""
        return self.pipelines[0]

    def pipeline_of(self, key: str) -> Pipeline:
        """Give the pipeline with this very key; if none has it, the one with this name, any case and accent.

        Raises:
            NotFound: the workspace has none such.
        """
        for pipeline in self.pipelines:
            if key == pipeline.key:
                return pipeline
        for pipeline in self.pipelines:
            if fold(key) == fold(pipeline.name):
                return pipeline
        names = ", ".join(pipeline.key for pipeline in self.pipelines)
        message = f'there is no pipeline "{cut(key)}"; choose one of: {names}'
        raise NotFound(message)
