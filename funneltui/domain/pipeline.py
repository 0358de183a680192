"""A pipeline: its stages in order, with their details, and the reasons and sources that it knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.naming import find_named, is_called, name_of, unknown
from funneltui.errors import NotFound, RuleBroken

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.domain.custom_fields import CustomField, FieldChoice, Qualifier


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


@dataclass(frozen=True, slots=True)
class Retired:
    """What a pipeline offers no longer, kept for the deals and the history that name it.

    `stages` are retired ones, each with the details that it had; `details` those that a stage gave up, with the stage's
    key; `choices` are those that a custom field gave up, with the field's key; `order` holds the keys of all stages, the
    retired ones in their places.
    """

    stages: tuple[Stage, ...] = ()
    details: tuple[tuple[str, Detail], ...] = ()
    reasons: tuple[Reason, ...] = ()
    sources: tuple[Source, ...] = ()
    order: tuple[str, ...] = ()
    fields: tuple[CustomField, ...] = ()
    choices: tuple[tuple[str, FieldChoice], ...] = ()
    qualifiers: tuple[Qualifier, ...] = ()


NOTHING_RETIRED = Retired()


@dataclass(frozen=True, slots=True)
class Pipeline:
    """An ordered list of stages with its reasons, sources and rules; immutable.

    `retired` is what it offers no longer, `is_retired` says that no deal begins or goes on in it: both are its past and no
    part of its definition, so that two pipelines are equal when they ask and offer the same. `fields` are what it asks of
    its deals beyond what every deal has; when it lists `qualifiers`, a deal's qualifier is the key of one of them, else
    free text.
    """

    key: str
    name: str
    currency: str
    stages: tuple[Stage, ...]
    reasons: tuple[Reason, ...] = ()
    sources: tuple[Source, ...] = ()
    retired: Retired = field(default=NOTHING_RETIRED, compare=False)
    is_retired: bool = field(default=False, compare=False)
    fields: tuple[CustomField, ...] = ()
    qualifiers: tuple[Qualifier, ...] = ()
    _by_key: dict[str, Stage] = field(init=False, repr=False, compare=False, default_factory=dict)
    _rank: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)
    _place: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_key.update((stage.key, stage) for stage in self.stages)
        self._rank.update((stage.key, rank) for rank, stage in enumerate(self.ranked_stages))
        self._place.update(self._rank)
        self._place.update(self._places_of_retired())

    def _places_of_retired(self) -> dict[str, int]:
        """Give the rank that a visit to each retired stage counts as; see `furthest`."""
        retired = {stage.key: stage for stage in self.retired.stages}
        places: dict[str, int] = {}
        for kind, first in ((StageKind.OPEN, 0), (StageKind.WON, len(self.open_stages))):
            last = first
            for key in self.retired.order:
                if key in retired and retired[key].kind is kind:
                    places[key] = last
                elif key in self._by_key and self._by_key[key].kind is kind:
                    last = self._rank[key]
        return places

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
    def ranked_stages(self) -> tuple[Stage, ...]:
        """The stages that lead to a sale and on from it, by rank: open, then won."""
        return self.open_stages + self.won_stages

    @property
    def board_order(self) -> tuple[Stage, ...]:
        """All stages as a board shows them: open, then won, then lost."""
        return self.open_stages + self.won_stages + self.lost_stages

    @property
    def first(self) -> Stage:
        """The stage in which a new deal starts."""
        return self.open_stages[0]

    def first_of(self, kind: StageKind) -> Stage:
        """Give the first stage of a kind: for won and lost the one that a deal enters when it is closed.

        Raises:
            RuleBroken: the pipeline has none, as only a damaged one can.
        """
        found = next((stage for stage in self.stages if stage.kind is kind), None)
        if found is None:
            mend = f"`funneltui pipeline edit {self.key}` adds one, `funneltui doctor` tells what else is missing"
            message = f"the pipeline {self.name} has no {kind} stage any more; {mend}"
            raise RuleBroken(message)
        return found

    def stage(self, key: str) -> Stage:
        """Give the stage with this key.

        Raises:
            NotFound: the pipeline has no such stage, or has retired it.
        """
        try:
            return self._by_key[key]
        except KeyError:
            retired = next((stage for stage in self.retired.stages if stage.key == key), None)
            raise self._no_stage(retired, key) from None

    def rank(self, stage_key: str) -> int | None:
        """Give how far along a stage is: its place among the open stages, after which the won ones go on, in order.

        A lost stage has no rank: entering it reaches nothing. Nor has a retired one: see `furthest`.
        """
        return self._rank.get(stage_key)

    @property
    def places(self) -> dict[str, int]:
        """How far along a visit to each stage got a deal: a stage's own rank, for a retired one that which `furthest`
        takes it for.
        """
        return dict(self._place)

    def furthest(self, stage_keys: Iterable[str]) -> str | None:
        """Give the key of the furthest ranked stage among `stage_keys`: the reach of a deal that visited them.

        Unknown and lost stages count for nothing. A retired stage keeps its place in the order: who visited it has reached
        the stage of its kind right before it, and with that all stages before; if none stands before it, the first. So no
        other stage of the funnel counts fewer deals when one is retired, and none drops out of the first, where every deal
        begins. Rule: "Reached" in the definitions; reach is never lost.
        """
        ranked = [place for key in stage_keys if (place := self._place.get(key)) is not None]
        return self.ranked_stages[max(ranked)].key if ranked else None

    def find_stage(self, text: str) -> Stage:
        """Give the stage that a person means: by key or name, any case and accent, or an unambiguous beginning.

        Raises:
            NotFound: no stage matches, or several do, or it is a retired one.
        """
        found = find_named("stage", text, self.stages, self.retired.stages)
        if found not in self.stages:
            raise self._no_stage(found, text)
        return found

    def _no_stage(self, retired: Stage | None, text: str) -> NotFound:
        if retired is None:
            return NotFound(unknown("stage", text, self.stages))
        names = ", ".join(stage.key for stage in self.stages)
        return NotFound(f"{retired.name} is no stage of {self.name} any more; choose one of: {names}")

    def find_source(self, text: str) -> Source:
        """Give the source that a person means, like `find_stage`; a retired one only by its whole key or name."""
        return find_named("source", text, self.sources, self.retired.sources)

    def find_reason(self, text: str) -> Reason:
        """Give the reason that a person means, like `find_source`."""
        return find_named("reason", text, self.reasons, self.retired.reasons)

    def find_detail(self, stage: Stage, text: str) -> Detail:
        """Give the detail of `stage` that a person means, like `find_stage`."""
        return find_named(f"detail of {stage.name}", text, stage.details)

    def stage_name(self, key: str) -> str:
        """Give a stage's name, a retired one's too, or its key if it was never known."""
        return name_of(key, self.stages + self.retired.stages)

    def source_name(self, key: str | None) -> str:
        """Give a source's name, a retired one's too, or its key if it was never known."""
        return name_of(key, self.sources + self.retired.sources)

    def reason_name(self, key: str | None) -> str:
        """Give a reason's name, a retired one's too, or its key if it was never known."""
        return name_of(key, self.reasons + self.retired.reasons)

    def detail_name(self, stage_key: str, key: str | None) -> str:
        """Give a detail's name, a retired one's too, or its key if it was never known."""
        own = (stage.details for stage in self.stages + self.retired.stages if stage.key == stage_key)
        given_up = tuple(detail for stage, detail in self.retired.details if stage == stage_key)
        return name_of(key, next(own, ()) + given_up)

    def find_qualifier(self, text: str) -> Qualifier:
        """Give the qualifier of those listed that a person means, like `find_source`."""
        return find_named("qualifier", text, self.qualifiers, self.retired.qualifiers)

    def find_choice(self, field: CustomField, text: str) -> FieldChoice:
        """Give the choice of a custom field that a person means, like `find_source`."""
        return find_named(field.name, text, field.choices, self.choices_given_up(field.key))

    def custom_field(self, key: str) -> CustomField | None:
        """Give the custom field with this key, a retired one too, or nothing."""
        return next((one for one in self.fields + self.retired.fields if one.key == key), None)

    def field_called(self, text: str) -> CustomField | None:
        """Give the custom field of this key or name, any case and accent, or nothing; a retired one is none."""
        return next((one for one in self.fields if is_called(one, text)), None)

    def choices_given_up(self, field_key: str) -> tuple[FieldChoice, ...]:
        """Give the choices that a custom field offers no longer."""
        return tuple(choice for key, choice in self.retired.choices if key == field_key)

    def qualifier_name(self, text: str) -> str:
        """Give a qualifier's name, a retired one's too, or the text itself where it is free."""
        return name_of(text, self.qualifiers + self.retired.qualifiers)

    def choice_names(self, field: CustomField) -> dict[str, str]:
        """Give the names of a custom field's choices by their keys, those it gave up too."""
        return {one.key: one.name for one in (*field.choices, *self.choices_given_up(field.key))}
