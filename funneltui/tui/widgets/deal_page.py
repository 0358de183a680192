"""The page of an opened deal: its fields, what comes next, the company's other deals, and the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.domain.deal import Outcome
from funneltui.domain.gates import FIELD_LABELS, demands_of, label_of
from funneltui.domain.text import counted
from funneltui.tui.keymap import key_for
from funneltui.tui.painting import fit, spread, width_of, wrapped
from funneltui.tui.widgets.deal_facts import chance_told, facts_of
from funneltui.tui.widgets.spot_page import PageLine, SpotPage
from funneltui.tui.widgets.timeline import sentences

if TYPE_CHECKING:
    from rich.style import Style

    from funneltui.domain.chance_model import Model
    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.chances import Chance
    from funneltui.services.context import Context
    from funneltui.services.dossiers import Dossier
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece

LABEL = 20
_WIDEST = 64
_WIDEST_HISTORY = 100
_WHEN = 14


@dataclass(frozen=True, slots=True)
class Spot:
    """What a line of the page stands for: a field that can be changed there; another deal, or the deal's company or contact
    ("company", "contact"), that can be opened.
    """

    field: str = ""
    deal: int = 0
    record: str = ""


Line = PageLine[Spot]
"""A line of the page."""


class DealPage(SpotPage[Spot]):
    """Paints a dossier: the fields and what comes next, and beside or beneath them the history."""

    SHOWS_ENDS = False

    def __init__(self, look: Look, context: Context, dossier: Dossier) -> None:
        """Show a dossier."""
        super().__init__(look)
        self.context, self.dossier = context, dossier
        self._chance: tuple[Model, Chance] | None = None

    def take(self, dossier: Dossier, *, same: bool) -> None:
        """Show another dossier; of the same deal with the cursor where it was."""
        self.dossier = dossier
        if not same:
            self.place, self.tops = 0, [0, 0]
        self.make_anew()

    def take_chance(self, model: Model, chance: Chance) -> None:
        """Show the deal's chance to win, which is known later than the rest."""
        self._chance = (model, chance)
        self.make_anew()

    @property
    def pipeline(self) -> Pipeline:
        """The deal's pipeline."""
        return self.context.pipeline_of(self.dossier.opened.deal.pipeline)

    @property
    def stage(self) -> Stage | None:
        """The deal's stage, unless the pipeline has it no longer."""
        return next((one for one in self.pipeline.stages if one.key == self.dossier.opened.deal.stage), None)

    @property
    def left_width(self) -> int:
        """The cells of the column with the fields."""
        return min(_WIDEST, self.size.width // 2) if self.is_wide else self.size.width

    def step(self, steps: int) -> None:
        """Go so many spots on; past the last one, or before the first, the page scrolls by lines."""
        wanted = self.place + steps
        if 0 <= wanted < len(self.spots):
            self.go(wanted)
        else:
            self.scroll_column(0, 2 * steps)

    def first(self) -> None:
        """Go to the first spot, and to the beginning of everything."""
        self.go(0)
        for column in (0, 1):
            self.scroll_column(column, -len(self._columns[column]))

    def last(self) -> None:
        """Go to the last spot, and to the end of what stands below it."""
        self.go(len(self.spots) - 1)
        self.scroll_column(0, len(self._columns[0]))

    def page(self, steps: int) -> None:
        """Scroll the history, or where there is one column everything, by so many pages."""
        self.scroll_column(1 if self.is_wide else 0, steps * max(1, self.size.height - 3))

    def more_key(self, column: int) -> str:
        """Give the key that scrolls the column."""
        return key_for(self.app, "opened.down" if self.is_wide and column == 0 else "opened.page_down")

    def columns_for(self, width: int) -> tuple[list[Line], list[Line]]:
        """Make the lines of the fields and of the history."""
        room = self.left_width - 3
        left = [*self._facts(room), *self._next(room), *self._odds(room), *self._others(room), *self._notes(room)]
        if not self.is_wide:
            return [*left, Line(), self._heading("History"), *self._history(room)], []
        return left, [self._heading("History"), *self._history(min(_WIDEST_HISTORY, width - room - 8))]

    def _heading(self, words: str, more: str = "", room: int = 0) -> Line:
        pieces: list[Piece] = [(f" {words}", self.palette.strong)]
        if more:
            pieces = spread(pieces, [(more, self.palette.muted)], room + 1, self.palette.text)
        return Line(pieces)

    def _facts(self, room: int) -> list[Line]:
        deal = self.dossier.opened.deal
        lines = []
        for name, text in facts_of(deal, self.pipeline, self.context.clock):
            label = "follow-up" if name == "follow_up" else label_of(self.pipeline, name)
            shown = fit(text, room - LABEL) if text else fit("-", room - LABEL)
            style = self._style(name, deal) if text else self.palette.faint
            # What the pipeline asks no longer is shown where there is something, and not asked for.
            spot = Spot(name) if name in FIELD_LABELS or self.pipeline.field_called(name) else None
            lines.append(Line([(f" {fit(label, LABEL - 1)} ", self.palette.muted), (shown, style)], spot))
        return lines

    def _style(self, name: str, deal: Deal) -> Style:
        palette, today = self.palette, self.context.clock.today()
        if name == "title":
            return palette.strong
        day = getattr(deal, name) if name in ("follow_up", "expected_close") else None
        if day is not None and day == deal.due:
            return palette.overdue if day < today else palette.today if day == today else palette.text
        return palette.muted if name in ("added", "came from") else palette.text

    def _next(self, room: int) -> list[Line]:
        """Give what the stage tells the rep to do, and what qualifies the deal for the next one (B2)."""
        stage, deal = self.stage, self.dossier.opened.deal
        if stage is None or not deal.is_open:
            return []
        lines = self._told("What to do here", stage.guidance, room)
        stages = self.pipeline.open_stages + self.pipeline.won_stages
        place = next((index for index, one in enumerate(stages) if one.key == stage.key), len(stages))
        if place + 1 < len(stages):
            coming = stages[place + 1]
            wanted = ", ".join(label_of(self.pipeline, name) for name in demands_of(coming))
            text = coming.entry or ""
            if wanted:
                text = f"{text}{' ' if text else ''}It asks for: {wanted}."
            lines += self._told(f"Before {coming.name}", text, room)
        return lines

    def _odds(self, room: int) -> list[Line]:
        """Give the deal's chance to win with its work: the stage's rate, what raised and lowered it, from how many (G6)."""
        deal = self.dossier.opened.deal
        if self._chance is None or self._chance[1].number != deal.number or not deal.is_open:
            return []
        model, chance = self._chance
        lines = chance_told(self.pipeline, model, chance)
        if not lines:
            return []
        palette = self.palette
        more = f"from {counted(chance.closed, 'closed deal')}"
        told = [Line(), self._heading("Chance to win", more, room)]
        for figure, words, counts in lines:
            ink = palette.strong if counts else palette.muted
            told.append(Line([(f" {figure:>5}", ink), (f"  {fit(words, room - 9).rstrip()}", ink)]))
        return told

    def _told(self, heading: str, text: str, room: int) -> list[Line]:
        if not text:
            return []
        return [Line(), self._heading(heading), *self._paragraph(text, room)]

    def _paragraph(self, text: str, room: int) -> list[Line]:
        return [Line([(f" {part}", self.palette.text)]) for part in wrapped(text, room)]

    def _others(self, room: int) -> list[Line]:
        """Give company and contact, each of which opens, the company's figures, and their other deals (C6, D8, E6)."""
        dossier = self.dossier
        deal = dossier.opened.deal
        lines: list[Line] = []
        if dossier.figures is not None:
            won = " + ".join(money.format_full(amount, currency) for currency, amount in dossier.figures.won_amounts)
            count = dossier.figures.deals
            more = f"{count:,} deal{'' if count == 1 else 's'}{f', won {won}' if won else ''}"
            lines.append(self._record("company", deal.company, more, room))
        if who := deal.contact or deal.email or deal.phone:
            lines.append(self._record("contact", who, "contact", room))
        if not lines:
            return []
        return [Line(), *lines, *(self._other(one, room) for one in dossier.others)]

    def _record(self, kind: str, name: str, more: str, room: int) -> Line:
        line = self._heading(name, more, room)
        line.spot = Spot(record=kind)
        return line

    def _other(self, deal: Deal, room: int) -> Line:
        where = self.context.pipeline_of(deal.pipeline).stage_name(deal.stage)
        amount = "" if deal.amount is None else money.format_compact(deal.amount, deal.currency, 8)
        style = self.palette.won if deal.outcome is Outcome.WON else self.palette.muted
        right = [(f"{where}  {amount:>8}", style)]
        return Line(
            spread([(f" {deal.title}", self.palette.text)], right, room + 1, self.palette.text), Spot(deal=deal.number)
        )

    def _notes(self, room: int) -> list[Line]:
        notes = self.dossier.opened.deal.notes
        if not notes:
            return []
        return [Line(), self._heading("Notes"), *self._paragraph(notes, room)]

    def _history(self, room: int) -> list[Line]:
        lines: list[Line] = []
        undone, palette = self.dossier.opened.undone, self.palette
        for event, sentence in sentences(self.dossier.opened, self.pipeline, self.context.clock.today()):
            moment = self.context.clock.local(event.at)
            taken_back = event.id in undone
            who = event.who or ""
            text = f"{sentence}{' (undone)' if taken_back else ''}"
            parts = wrapped(text, max(10, room - _WHEN - width_of(who) - 2))
            style = palette.faint if taken_back else palette.text
            for place, part in enumerate(parts):
                when = f"{dates.day_month(moment):>6} {moment:%H:%M}" if place == 0 else ""
                head: list[Piece] = [(f" {fit(when, _WHEN)}", palette.muted), (part, style)]
                tail: list[Piece] = [(who, palette.muted)] if place == 0 else []
                lines.append(Line(spread(head, tail, room + 1, palette.text)))
        return lines
