"""What the pipeline screen knows, without a screen: the pipelines, the cursor in them, and the changes not applied yet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from funneltui.domain.pipeline_changes import Part
from funneltui.domain.pipeline_edits import Spot, listed, retired

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from funneltui.domain.pipeline import Pipeline
    from funneltui.domain.pipeline_changes import Moves
    from funneltui.services.fields import Values
    from funneltui.services.pipeline_difference import Difference
    from funneltui.services.pipelines import Overview

LEFT = (Part.PIPELINE, Part.STAGE, Part.REASON, Part.SOURCE, Part.QUALIFIER, Part.FIELD)
"""The parts that the left column lists, in order."""

STAGE_VALUES = (
    "name", "kind", "color", "demands", "question", "probability", "rot_days", "follow_up_days", "wip_limit",
)  # fmt: skip
STAGE_TEXTS = ("entry", "guidance")
FIELD_VALUES = ("name", "kind", "help")
PIPELINE_VALUES = ("name", "currency")
VALUES = {Part.STAGE: STAGE_VALUES, Part.FIELD: FIELD_VALUES, Part.PIPELINE: PIPELINE_VALUES}
"""The values of each part that has others than its name."""

OWNED_BY = {Part.STAGE: Part.DETAIL, Part.FIELD: Part.CHOICE}


@dataclass(frozen=True, slots=True)
class At:
    """What a line of the page stands for: a thing, or one of its values; an empty key is the place where one is added."""

    spot: Spot
    field: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A pipeline as it is to be, where the deals go that this sends away, and what is said for their new stages."""

    pipeline: Pipeline
    moves: Moves = field(default_factory=dict)
    given: Mapping[str, Values] = field(default_factory=dict)


@dataclass(slots=True)
class PipelinesState:
    """The pipelines as last read; `drafts` are the steps of the changes to the one that is shown, the latest at `step`."""

    overviews: list[Overview]
    shown: str
    drafts: list[Draft] = field(default_factory=list)
    step: int = -1
    difference: Difference | None = None
    side: int = 0
    left: At = At(Spot(Part.PIPELINE))
    right: At | None = None
    loaded: bool = False

    @property
    def overview(self) -> Overview:
        """The pipeline that is shown, as it is stored, with its deals."""
        return next((one for one in self.overviews if one.pipeline.key == self.shown), self.overviews[0])

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline that is shown, with the changes not applied yet."""
        return self.draft.pipeline

    @property
    def draft(self) -> Draft:
        """The latest step, else the pipeline as it is stored."""
        return self.drafts[self.step] if self.step >= 0 else Draft(self.overview.pipeline)

    @property
    def changes(self) -> int:
        """How many things differ from what is stored."""
        return len(self.difference.alterations) if self.difference is not None else 0

    def take(self, overviews: list[Overview]) -> None:
        """Take over a new reading; changes not applied yet stay."""
        self.overviews, self.loaded = overviews, True
        self.shown = self.overview.pipeline.key
        self.settle()

    def show(self, key: str) -> None:
        """Show another pipeline, from its first stage on."""
        self.shown = key
        self.drop()
        self.side, self.left, self.right = 0, At(Spot(Part.STAGE, self.pipeline.board_order[0].key)), None

    def push(self, draft: Draft, difference: Difference) -> None:
        """Take a step: what was undone before is forgotten."""
        self.drafts = [*self.drafts[: self.step + 1], draft]
        self.step += 1
        self.difference = None if difference.is_empty else difference
        self.settle()

    def drop(self) -> None:
        """Forget all changes."""
        self.drafts, self.step, self.difference = [], -1, None
        self.settle()

    def lefts(self) -> Iterator[At]:
        """Give what the left column lists: what there is of each part, then what was retired; an empty part has one line."""
        yield At(Spot(Part.PIPELINE))
        for part in LEFT[1:]:
            some = self.pipeline.board_order if part is Part.STAGE else listed(self.pipeline, part)
            yield from (At(Spot(part, one.key)) for one in some)
            if not some:
                yield At(Spot(part))
            yield from (At(Spot(part, one.key), gone=True) for one in retired(self.pipeline, part))

    def rights(self) -> Iterator[At]:
        """Give what the right column lists: the values of what the cursor is on at the left, its details or choices, and
        last of a stage its long texts.
        """
        spot = self.left.spot
        if self.left.gone or not (spot.key or spot.part is Part.PIPELINE):
            return
        yield from (At(spot, name) for name in VALUES.get(spot.part, ("name",)))
        part = OWNED_BY.get(spot.part)
        if part is not None and (part is not Part.CHOICE or self._takes_choices(spot.key)):
            yield from self._owned(spot, part)
        if spot.part is Part.STAGE:
            yield from (At(spot, name) for name in STAGE_TEXTS)

    def _owned(self, spot: Spot, part: Part) -> Iterator[At]:
        some = listed(self.pipeline, part, spot.key)
        yield from (At(Spot(part, one.key, spot.key)) for one in some)
        if not some:
            yield At(Spot(part, "", spot.key))
        gone = retired(self.pipeline, part, spot.key)
        yield from (At(Spot(part, one.key, spot.key), gone=True) for one in gone)

    def _takes_choices(self, key: str) -> bool:
        return any(one.key == key and one.kind.value == "choice" for one in self.pipeline.fields)

    @property
    def has_values(self) -> bool:
        """Whether what the cursor is on at the left has more than a name."""
        return self.left.spot.part in VALUES and self.right is not None

    @property
    def at(self) -> At:
        """What the cursor is on."""
        return self.right if self.side and self.right is not None else self.left

    def go_to(self, at: At) -> None:
        """Put the cursor on something, wherever it stands."""
        if at in self.lefts():
            self.side, self.left = 0, at
        elif at in self.rights():
            self.side, self.right = 1, at
        self.settle()

    def go(self, steps: int) -> None:
        """Move the cursor along its column."""
        some = list(self.rights() if self.side else self.lefts())
        here = some.index(self.at) if self.at in some else 0
        at = some[max(0, min(here + steps, len(some) - 1))]
        if self.side:
            self.right = at
        else:
            self.left = at
            self.right = None
        self.settle()

    def settle(self) -> None:
        """Hold the cursor on something that is there."""
        lefts = list(self.lefts())
        if self.left not in lefts:
            turned = replace(self.left, gone=not self.left.gone)
            alike = [at for at in lefts if at.spot.part is self.left.spot.part]
            self.left = turned if turned in lefts else alike[0] if alike else lefts[0]
        rights = list(self.rights())
        if self.right not in rights:
            alike = [at for at in rights if self.right and at.spot.part is self.right.spot.part and not at.field]
            self.right = alike[0] if alike else rights[0] if rights else None
        if self.right is None:
            self.side = 0
