"""A pipeline: its stages in order, with their details, and the reasons and sources that it knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from funneltui.domain.text import cut, fold
from funneltui.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class StageKind(StrEnum):
    """What a stage says of a deal that stands in it."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Detail:
    """The exact point within a stage."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a deal was lost."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a deal came from."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A column of the board.

    `demands` names the fields that a deal must have to enter (see `gates`); `probability` is the configured default in
    percent; `rot_days` the days without a touch after which a deal rots (0: never); `follow_up_days` the days after
    which the form proposes the next contact; `color` a name of the theme's stage colours, or empty for its turn.
    """

    key: str
    name: str
    kind: StageKind = StageKind.OPEN
    details: tuple[Detail, ...] = ()
    demands: tuple[str, ...] = ()
    question: str = ""
    guidance: str = ""
    entry: str = ""
    probability: int | None = None
    rot_days: int = 0
    follow_up_days: int = 3
    wip_limit: int = 0
    color: str = ""

    @property
    def is_open(self) -> bool:
        """Whether deals that stand here are still being worked on."""
        return self.kind is StageKind.OPEN

    def detail(self, key: str) -> Detail | None:
        """Give the detail with this key, or nothing."""
        return next((detail for detail in self.details if detail.key == key), None)


Named = TypeVar("Named", Stage, Source, Reason, Detail)


@dataclass(frozen=True, slots=True)
class Pipeline:
    """An ordered list of stages with its reasons, sources and rules; immutable."""

    key: str
    name: str
    currency: str
    stages: tuple[Stage, ...]
    reasons: tuple[Reason, ...] = ()
    sources: tuple[Source, ...] = ()
    _by_key: dict[str, Stage] = field(init=False, repr=False, compare=False, default_factory=dict)
    _rank: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_key.update((stage.key, stage) for stage in self.stages)
        self._rank.update((stage.key, rank) for rank, stage in enumerate(self.open_stages + self.won_stages))

    @property
    def open_stages(self) -> tuple[Stage, ...]:
        """The open stages, in order."""
        return tuple(stage for stage in self.stages if stage.kind is StageKind.OPEN)

    @property
    def won_stages(self) -> tuple[Stage, ...]:
        """The won stages, in order; the first is the sale, the later ones are what follows it."""
        return tuple(stage for stage in self.stages if stage.kind is StageKind.WON)

    @property
    def lost_stages(self) -> tuple[Stage, ...]:
        """The lost stages, in order."""
        return tuple(stage for stage in self.stages if stage.kind is StageKind.LOST)

    @property
    def board_order(self) -> tuple[Stage, ...]:
        """All stages as a board shows them: open, then won, then lost."""
        return self.open_stages + self.won_stages + self.lost_stages

    @property
    def first(self) -> Stage:
        """The stage in which a new deal starts."""
        return self.open_stages[0]

    def stage(self, key: str) -> Stage:
        """Give the stage with this key.

        Raises:
            NotFound: the pipeline has no such stage.
        """
        try:
            return self._by_key[key]
        except KeyError:
            raise NotFound(self._unknown("stage", key, self.stages)) from None

    def rank(self, stage_key: str) -> int | None:
        """Give how far along a stage is: its place among the open stages, after which the won ones go on, in order.

        A lost stage has no rank: entering it reaches nothing.
        """
        return self._rank.get(stage_key)

    def furthest(self, stage_keys: Iterable[str]) -> str | None:
        """Give the key of the furthest ranked stage among `stage_keys`: the reach of a deal that visited them.

        Unknown and lost stages count for nothing. Rule: "Reached" in the definitions; reach is never lost.
        """
        ranked = [(rank, key) for key in stage_keys if (rank := self._rank.get(key)) is not None]
        return max(ranked)[1] if ranked else None

    def find_stage(self, text: str) -> Stage:
        """Give the stage that a person means: by key or name, any case and accent, or an unambiguous beginning.

        Raises:
            NotFound: no stage matches, or several do.
        """
        return self._find("stage", text, self.stages)

    def find_source(self, text: str) -> Source:
        """Give the source that a person means, like `find_stage`."""
        return self._find("source", text, self.sources)

    def find_reason(self, text: str) -> Reason:
        """Give the reason that a person means, like `find_stage`."""
        return self._find("reason", text, self.reasons)

    def find_detail(self, stage: Stage, text: str) -> Detail:
        """Give the detail of `stage` that a person means, like `find_stage`."""
        return self._find(f"detail of {stage.name}", text, stage.details)

    def source_name(self, key: str | None) -> str:
        """Give a source's name, or its key if it is no longer known."""
        return next((source.name for source in self.sources if source.key == key), key or "")

    def reason_name(self, key: str | None) -> str:
        """Give a reason's name, or its key if it is no longer known."""
        return next((reason.name for reason in self.reasons if reason.key == key), key or "")

    def detail_name(self, stage_key: str, key: str | None) -> str:
        """Give a detail's name, or its key if it is no longer known."""
        stage = self._by_key.get(stage_key)
        detail = stage.detail(key) if stage and key else None
        return detail.name if detail else key or ""

    @classmethod
    def _find(cls, what: str, text: str, among: Sequence[Named]) -> Named:
        wanted = fold(text.strip())
        loose = _loose(wanted)
        exact = [one for one in among if wanted == fold(one.key) or loose == _loose(fold(one.name))]
        if exact:
            return exact[0]
        begins = [
            one
            for one in among
            if wanted and (fold(one.key).startswith(wanted) or _loose(fold(one.name)).startswith(loose))
        ]
        if len(begins) == 1:
            return begins[0]
        raise NotFound(cls._unknown(what, text, begins or among, ambiguous=len(begins) > 1))

    @staticmethod
    def _unknown(
        what: str, text: str, among: Sequence[Stage | Source | Reason | Detail], *, ambiguous: bool = False
    ) -> str:
        names = ", ".join(one.key for one in among) or "none"
        if ambiguous:
            return f'"{cut(text)}" could be more than one {what}: {names}'
        return f'there is no {what} "{cut(text)}"; choose one of: {names}'


def _loose(folded: str) -> str:
    """Give a name as it is compared: hyphens and underscores as blanks, blanks collapsed."""
    return " ".join(folded.replace("_", " ").replace("-", " ").split())
