"""What a change of a pipeline would do before it is done: what differs, and which deals it concerns."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.gates import check_entry, demands_of, label_of
from funneltui.domain.pipeline_changes import Part, Place, Turn, compare, succeed
from funneltui.domain.pipeline_definitions import whole
from funneltui.services.fields import values_of
from funneltui.services.people import demand_manager
from funneltui.storage import pipeline_deals
from funneltui.storage.database import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from funneltui.domain.pipeline import Pipeline
    from funneltui.domain.pipeline_changes import Alteration, Moves
    from funneltui.services.context import Context


@dataclass(frozen=True, slots=True)
class Concerned:
    """How many deals stand in a stage or detail that is given up, or carry such a reason, source, qualifier, custom field or
    choice.

    `stage` is the stage's key, of a detail too, of a choice the field's key; `where` names it in a sentence. `closed` are
    won and lost ones.
    """

    part: Part
    key: str
    where: str
    stage: str = ""
    open: int = 0
    closed: int = 0
    spam: int = 0

    @property
    def all(self) -> int:
        """All of them."""
        return self.open + self.closed + self.spam

    @property
    def counted(self) -> str:
        """How many, in words: "12 deals (10 open, 2 closed)"."""
        parts = (("open", self.open), ("closed", self.closed), ("spam", self.spam))
        kinds = ", ".join(f"{n} {what}" for what, n in parts if n)
        return f"{self.all} deal{'' if self.all == 1 else 's'}" + (f" ({kinds})" if kinds else "")

    @property
    def words(self) -> str:
        """It as a sentence: "12 deals (10 open, 2 closed) stand in Offered"."""
        if self.part in (Part.STAGE, Part.DETAIL):
            return f"{self.counted} stand{'s' if self.all == 1 else ''} in {self.where}"
        verb = "has" if self.all == 1 else "have"
        what = "a value in the field" if self.part is Part.FIELD else f"the {self.part.value}"
        return f"{self.counted} {verb} {what} {self.where} and keep{'s' if self.all == 1 else ''} it"


@dataclass(frozen=True, slots=True)
class Lacking:
    """How many deals of a stage lack what it is to demand from now on; they stay until they are moved or edited.

    `fields` are the names of what is to be demanded, `labels` the words for them.
    """

    stage: str
    name: str
    fields: tuple[str, ...]
    deals: int
    labels: tuple[str, ...]

    @property
    def words(self) -> str:
        """It as a sentence: "31 deals in Offered lack an amount; ..."."""
        labels = " or ".join(self.labels)
        one = self.deals == 1
        return (
            f"{self.deals} deal{'' if one else 's'} in {self.name} lack{'s' if one else ''} {labels}; "
            f"{'it stays' if one else 'they stay'} until moved or edited"
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """What would change from `old` to `new`, and whom it concerns.

    `new` keeps what it gives up as retired. `concerned` tells of everything that is given up, and of each stage whose kind
    changes; `waiting` are the places among these in which deals stand, each of which needs a place to go.
    """

    old: Pipeline
    new: Pipeline
    alterations: tuple[Alteration, ...]
    concerned: tuple[Concerned, ...]
    lacking: tuple[Lacking, ...]
    waiting: dict[Place, int]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.alterations

    @property
    def given_up(self) -> frozenset[Place]:
        """Every stage and detail in which no deal can stay: those that are removed, and stages that change their kind."""
        return _given_up(self.alterations)

    def unplaced(self, moves: Moves) -> dict[Place, int]:
        """Give what is given up while deals stand there that `moves` leaves without a place, with how many they are."""
        found: Counter[Place] = Counter()
        for place, count in self.waiting.items():
            if place not in moves and Place(place.stage) not in moves:
                found[Place(place.stage) if Place(place.stage) in self.given_up else place] += count
        return dict(found)

    @property
    def words(self) -> tuple[str, ...]:
        """All of it, a sentence each."""
        counted = (one.words for one in self.concerned if one.all)
        return (*(one.words for one in self.alterations), *counted, *(one.words for one in self.lacking))


def named_place(pipeline: Pipeline, place: Place) -> str:
    """Give a place by its names: "Offered", or "Offered: contract sent"."""
    stage = pipeline.stage_name(place.stage)
    return f"{stage}: {pipeline.detail_name(place.stage, place.detail)}" if place.detail else stage


def difference(context: Context, old: Pipeline, new: Pipeline) -> Difference:
    """Tell what would change if `new` took the place of `old`, a pipeline of the workspace; changes nothing.

    Raises:
        BadInput: `new` is no definition that a pipeline can have, or a field changes its kind. NotAllowed: the actor is no
            manager.
    """
    demand_manager(context, "changes pipelines")
    heir = succeed(old, whole(new))
    alterations = compare(old, heir)
    with reading(context.database):
        standing = pipeline_deals.standing(context.database, old.key)
        concerned = tuple(_concerned(context, old, alterations, standing))
        lacking = tuple(_lacking(context, old, heir))
    return Difference(old, heir, alterations, concerned, lacking, _waiting(alterations, standing))


def _given_up(alterations: Iterable[Alteration]) -> frozenset[Place]:
    return frozenset(place for one in alterations if (place := _place_given_up(one)))


def _place_given_up(one: Alteration) -> Place | None:
    if one.part is Part.STAGE and (one.turn is Turn.REMOVED or one.field == "kind"):
        return Place(one.key)
    return Place(one.stage, one.key) if one.part is Part.DETAIL and one.turn is Turn.REMOVED else None


def _waiting(alterations: Iterable[Alteration], standing: dict[Place, Counter[Outcome]]) -> dict[Place, int]:
    left = _given_up(alterations)
    return {place: counts.total() for place, counts in standing.items() if left & {place, Place(place.stage)}}


def _concerned(
    context: Context, old: Pipeline, alterations: tuple[Alteration, ...], standing: dict[Place, Counter[Outcome]]
) -> Iterator[Concerned]:
    for one in alterations:
        left = _place_given_up(one)
        if left is not None:
            there = (counts for place, counts in standing.items() if left in (place, Place(place.stage)))
            yield _counted(one, named_place(old, left), sum(there, Counter()), left.stage)
        elif one.turn is Turn.REMOVED:
            yield _counted(one, one.name, _carried(context, old, one), one.stage)


def _carried(context: Context, old: Pipeline, one: Alteration) -> Counter[Outcome]:
    """Count the deals that have what is given up."""
    if one.part in (Part.FIELD, Part.CHOICE):
        values = pipeline_deals.values(context.database, old.key, one.stage if one.part is Part.CHOICE else one.key)
        return sum(values.values(), Counter()) if one.part is Part.FIELD else values.get(one.key, Counter())
    return pipeline_deals.carrying(context.database, old.key, one.part.value).get(one.key, Counter())


def _counted(one: Alteration, where: str, counts: Counter[Outcome], stage: str = "") -> Concerned:
    closed = counts[Outcome.WON] + counts[Outcome.LOST]
    return Concerned(one.part, one.key, where, stage, counts[Outcome.OPEN], closed, counts[Outcome.SPAM])


def _lacking(context: Context, old: Pipeline, new: Pipeline) -> Iterator[Lacking]:
    known = {stage.key: stage for stage in old.stages}
    for stage in new.stages:
        before = known.get(stage.key)
        added = () if before is None else tuple(name for name in demands_of(stage) if name not in demands_of(before))
        if not added:
            continue
        lacking = sum(
            any(one.field in added for one in check_entry(new, stage, values_of(deal)).missing)
            for deal in pipeline_deals.in_stage(context.database, old.key, stage.key)
        )
        if lacking:
            labels = tuple(label_of(new, name) for name in added)
            yield Lacking(stage.key, stage.name, added, lacking, labels)
