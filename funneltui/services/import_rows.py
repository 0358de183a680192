"""The rows of an import as values: what a row says, where rows come from, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.fields import Values


@dataclass(frozen=True, slots=True)
class Stay:
    """A stage (its key) that a deal entered, and when; a date without a time is noon UTC."""

    stage: str
    entered: date


@dataclass(frozen=True, slots=True)
class Exported:
    """What a row of one of our own exports tells of its deal: its number, its version then, and who made it on which day.

    `system` is the other system in whose ids the deal is known, if it came from one. `is_spam`: it was spam then.
    """

    number: int | None
    version: int | None
    created: date | None
    created_by: str
    system: str | None = None
    is_spam: bool = False


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One row of a file, read into values.

    `stage` is the key of the stage in which the deal stands, none if the row does not say; `is_outcome_only` says that it
    follows from an outcome ("won") and names no particular stage. `via` is the open stage in which a closed deal stood
    last, if the row tells. `values` are what the row gives, settled or not; `defaults` (settled) and `stage_if_new` are
    what fills in when a deal is new. A date without a time is noon UTC. `currency` is that in which the amount was read.
    `stays` are the stages that the deal entered, if that is told; `lost_because` is the reason of losses among them that
    were taken back. `rest` is what no field takes, by the columns' names: it is kept in the notes.
    `exported` is what a row of an export of ours tells of its deal. `remarks` say what was not taken as it stands there.
    """

    line: int
    values: Values
    defaults: Values
    currency: str
    stage: str | None = None
    is_outcome_only: bool = False
    via: str | None = None
    external_id: str | None = None
    created: date | None = None
    entered: date | None = None
    closed: date | None = None
    stage_if_new: str | None = None
    stays: tuple[Stay, ...] = ()
    lost_because: str | None = None
    rest: tuple[tuple[str, str], ...] = ()
    exported: Exported | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from: the system in whose ids deals are known again, the file's name, the pipeline they go into.

    `known_before` is the number below which deals were there before the import: those that new ones may repeat;
    `last_event` is the newest event then.
    """

    system: str
    file: str
    pipeline: Pipeline
    known_before: int = 0
    last_event: int = 0


class Fate(StrEnum):
    """What became of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of the row of a line, and why it was rejected, if it was; `lacking` are the fields that a gate missed.

    `like` is the number of a deal, there before, that a new one looks like, and `like_why` in what. `number` is the deal
    that was updated, `both` are its fields that people had changed since the last import, and the file too.
    """

    line: int
    fate: Fate
    why: str = ""
    lacking: tuple[str, ...] = ()
    like: int | None = None
    like_why: str = ""
    number: int | None = None
    both: tuple[str, ...] = ()
