"""The lines of the pipeline screen: at the left what a pipeline has, at the right the values of one thing of it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from funneltui.domain.custom_fields import CustomField
from funneltui.domain.gates import label_of
from funneltui.domain.pipeline import Stage
from funneltui.domain.pipeline_changes import Part, Place
from funneltui.domain.pipeline_edits import Spot, found, is_offered
from funneltui.domain.text import strip_controls
from funneltui.services.pipeline_difference import named_place
from funneltui.tui.painting import fit, spread, width_of
from funneltui.tui.pipeline_state import At

if TYPE_CHECKING:
    from rich.style import Style

    from funneltui.domain.pipeline import Pipeline
    from funneltui.tui.pipeline_state import PipelinesState
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece

LABEL = 19
_HEADINGS = {
    Part.STAGE: "Stages", Part.REASON: "Reasons", Part.SOURCE: "Sources", Part.QUALIFIER: "Qualifiers",
    Part.FIELD: "Fields of its own", Part.DETAIL: "Details", Part.CHOICE: "Choices",
}  # fmt: skip
LABELS = {
    "name": "name", "kind": "kind", "color": "colour", "demands": "demands", "question": "question",
    "probability": "default chance", "rot_days": "rots after", "follow_up_days": "next contact in",
    "wip_limit": "limit of deals", "entry": "entry criterion", "guidance": "guidance", "help": "help",
    "currency": "currency",
}  # fmt: skip
"""The words for the values that can be changed."""

_UNITS = {"probability": " %", "rot_days": " days", "follow_up_days": " days", "wip_limit": " deals"}
_NEVER = {"rot_days": "never", "wip_limit": "none", "probability": "none"}


@dataclass(slots=True)
class PageLine:
    """A painted line, and what it stands for if the cursor can go there; a value may go on in lines that stand for none."""

    pieces: list[Piece] = field(default_factory=list)
    at: At | None = None


class PipelineLines:
    """Makes the lines of a state, in the styles of a look."""

    def __init__(self, state: PipelinesState, look: Look) -> None:
        """Take the state as it is now."""
        self.state, self.look, self.palette = state, look, look.palette
        self.pipeline, self.stored = state.pipeline, state.overview.pipeline

    def left(self, room: int) -> list[PageLine]:
        """Give what the pipeline has."""
        lines: list[PageLine] = []
        part = Part.PIPELINE
        for at in self.state.lefts():
            if at.spot.part is not part:
                part = at.spot.part
                lines += [PageLine(), self._heading(_HEADINGS[part])]
            lines.append(PageLine(self._thing(at, room), at))
        return lines

    def right(self, room: int) -> list[PageLine]:
        """Give the values of what the cursor is on at the left."""
        at = self.state.left
        if at.gone:
            return self._gone(at, room)
        if not at.spot.key and at.spot.part is not Part.PIPELINE:
            return [PageLine([(" There is none yet; a adds one.", self.palette.muted)])]
        lines = [PageLine(self._title(at, room)), PageLine()]
        part = at.spot.part
        for one in self.state.rights():
            if one.field:
                lines += [PageLine()] if part is not at.spot.part else []
                part = at.spot.part
                lines += self._value(one, room)
                continue
            if one.spot.part is not part:
                part = one.spot.part
                lines += [PageLine(), self._heading(_HEADINGS[part])]
            lines.append(PageLine(self._thing(one, room), one))
        return lines

    def _heading(self, words: str) -> PageLine:
        return PageLine([(f" {words}", self.palette.strong)])

    def _thing(self, at: At, room: int) -> list[Piece]:
        """Give a stage, detail, reason ... in a line."""
        palette, spot = self.palette, at.spot
        if spot.part is Part.PIPELINE:
            mark = self._mark(self.pipeline.name != self.stored.name or self.pipeline.currency != self.stored.currency)
            name = [(f" {strip_controls(self.pipeline.name)}", palette.strong), mark]
            return spread(name, [(f"{self.pipeline.currency} ", palette.muted)], room, palette.text)
        if not spot.key:
            return [("   none", palette.faint)]
        one = found(self.pipeline, spot)
        if at.gone:
            goes, called = self._goes(spot), fit(f" - {strip_controls(one.name)}", min(room - 12, 24)).rstrip()
            told = f"→ {fit(goes, max(6, room - width_of(called) - 5)).rstrip()} " if goes else "retired "
            return spread([(called, palette.faint)], [(told, palette.muted)], room, palette.text)
        ink: list[Piece] = [("   ", palette.text)]
        right: list[Piece] = []
        if isinstance(one, Stage):
            color = self._color(one)
            ink = [(" ■ ", color)]
            count = self.state.overview.standing.get(one.key, 0)
            over = "!" if one.wip_limit and count > one.wip_limit else ""
            kind = "" if one.is_open else f"{one.kind} "
            right = [(kind, color), (f"{over}{count:>6,} ", palette.overdue if over else palette.muted)]
        elif isinstance(one, CustomField):
            right = [(f"{one.kind} ", palette.muted)]
        elif spot.part in (Part.DETAIL, Part.CHOICE, Part.REASON, Part.SOURCE):
            right = [(f"{one.key} ", palette.faint)] if room >= 44 else []
        name = [*ink, (strip_controls(one.name), palette.text), self._mark(self._is_new(at))]
        return spread(name, right, room, palette.text)

    def _mark(self, differs: object) -> Piece:
        return (" *" if differs else "", self.palette.today)

    def _is_new(self, at: At) -> bool:
        """Tell whether something is not as it is stored."""
        if not is_offered(self.stored, at.spot):
            return True
        return found(self.stored, at.spot) != found(self.pipeline, at.spot)

    def _goes(self, spot: Spot) -> str:
        """Give where the deals go of a stage or detail that is taken out, if that is said."""
        place = Place(spot.of, spot.key) if spot.part is Part.DETAIL else Place(spot.key)
        target = self.state.draft.moves.get(place)
        return named_place(self.pipeline, target) if target is not None else ""

    def _color(self, stage: Stage) -> Style:
        rank = self.pipeline.board_order.index(stage)
        return self.look.stage_style(stage.kind.value, rank, stage.color)

    def _title(self, at: At, room: int) -> list[Piece]:
        palette, spot = self.palette, at.spot
        if spot.part is Part.PIPELINE:
            state = "retired" if self.pipeline.is_retired else "in use"
            told = f"{self.state.overview.open:,} open deals · {state} · key {self.pipeline.key} "
            return spread([(f" {strip_controls(self.pipeline.name)}", palette.strong)], [(told, palette.muted)], room,
                          palette.text)  # fmt: skip
        one = found(self.pipeline, spot)
        more = f"{spot.part} · key {one.key} "
        ink: Piece = (" ", palette.text)
        if isinstance(one, Stage):
            count = self.state.overview.standing.get(one.key, 0)
            more = f"{count:,} deal{'' if count == 1 else 's'} · key {one.key} "
            ink = (" ■ ", self._color(one))
        return spread([ink, (strip_controls(one.name), palette.strong)], [(more, palette.muted)], room, palette.text)

    def _gone(self, at: At, room: int) -> list[PageLine]:
        one, palette = found(self.pipeline, at.spot), self.palette
        stored = is_offered(self.stored, at.spot)
        words = (
            "is taken out by your changes" if stored else "is retired: old deals and the history still know its name"
        )
        told = textwrap.wrap(f"{strip_controls(one.name)} {words}.", room - 2)
        lines = [PageLine([(f" {line}", palette.muted)]) for line in told]
        if goes := self._goes(at.spot):
            lines.append(PageLine([(" Its deals go to ", palette.muted), (goes, palette.text)]))
        return lines

    def _value(self, at: At, room: int) -> list[PageLine]:
        """Give a value with its label, a long one in several lines."""
        palette = self.palette
        value = before = self.value(self.pipeline, at)
        if at.spot.part is Part.PIPELINE or is_offered(self.stored, at.spot):
            before = self.value(self.stored, at)
        label: Piece = (f" {fit(LABELS[at.field] + (' *' if value != before else ''), LABEL)}", palette.muted)
        ink = palette.text if value else palette.faint
        first, *more = textwrap.wrap(value, max(10, room - LABEL - 2)) or [_NEVER.get(at.field, "-")]
        start: list[Piece] = []
        if at.field == "color":
            stage = found(self.pipeline, at.spot)
            start = [("■ ", self._color(stage))] if isinstance(stage, Stage) else []
        lines = [PageLine([label, *start, (first, ink)], at)]
        return lines + [PageLine([(" " * (LABEL + 1), palette.text), (line, ink)]) for line in more]

    @staticmethod
    def value(pipeline: Pipeline, at: At) -> str:
        """Give a value in words."""
        one = pipeline if at.spot.part is Part.PIPELINE else found(pipeline, at.spot)
        value = getattr(one, at.field)
        if at.field == "demands":
            return ", ".join(label_of(pipeline, name) for name in value)
        if at.field == "color":
            return str(value or "in turn")
        if value is None or (value == 0 and at.field in _NEVER):
            return ""
        unit = _UNITS.get(at.field, "")
        if value == 1:
            unit = unit.removesuffix("s")
        return strip_controls(f"{value}{unit}".replace("\n", " "))
