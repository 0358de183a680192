"""Where the deals of a stage or detail that is taken out could go, as choices for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.gates import Choice, demands_of, label_of
from funneltui.domain.pipeline_changes import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.services.pipeline_difference import Difference


@dataclass(frozen=True, slots=True)
class Target:
    """A place to go to, and its words with what its gate wants."""

    place: Place
    choice: Choice


def targets(wanted: Difference, place: Place) -> list[Target]:
    """Give the places for the deals of one that is given up: of a detail the others of its stage first, then the stages."""
    return list(_targets(wanted, place))


def _targets(wanted: Difference, place: Place) -> Iterator[Target]:
    new, left = wanted.new, {one.stage for one in wanted.given_up if one.detail is None}
    stay = next((stage for stage in new.stages if stage.key == place.stage and stage.key not in left), None)
    if place.detail and stay is not None:
        for detail in stay.details:
            yield Target(Place(stay.key, detail.key), Choice(f"{stay.key}:{detail.key}", f"{stay.name}: {detail.name}"))
        if "detail" not in stay.demands:
            yield Target(Place(stay.key), Choice(stay.key, f"{stay.name}, without a detail"))
    for stage in new.board_order:
        if stage.key in left or stage is stay:
            continue
        wants = ", ".join(label_of(new, name) for name in demands_of(stage))
        yield Target(Place(stage.key), Choice(stage.key, f"{stage.name}{f'  demands {wants}' if wants else ''}"))
