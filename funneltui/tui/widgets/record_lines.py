"""The lines of an opened company or contact: its texts, what its deals brought, its contacts, its deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.domain.deal import Outcome
from funneltui.domain.records import Contact
from funneltui.services.record_windows import record_of
from funneltui.services.records import SHEET_ROWS, CompanySheet
from funneltui.tui.painting import fit, spread, width_of
from funneltui.tui.widgets.record_figures import (
    counts,
    field_label,
    right,
    sums,
    sums_in_lines,
    texts_of,
    touched_in_words,
)
from funneltui.tui.widgets.spot_page import PageLine

if TYPE_CHECKING:
    from rich.style import Style

    from funneltui.domain.deal import Deal
    from funneltui.domain.records import PerCurrency
    from funneltui.services.context import Context
    from funneltui.services.record_windows import Sheet
    from funneltui.services.records import ContactLine
    from funneltui.tui.theming import Palette
    from funneltui.tui.widgets.painted import Piece

LABEL = 17
_ROOM_FOR_OWNERS = 90
_GROUPS = ((Outcome.OPEN, "Open"), (Outcome.WON, "Won"), (Outcome.LOST, "Lost"))


@dataclass(frozen=True, slots=True)
class RecordSpot:
    """What a line stands for: a text that can be corrected there, a deal, a contact, or the contact's company."""

    field: str = ""
    deal: int = 0
    contact: int = 0
    company: bool = False


RecordLine = PageLine[RecordSpot]
"""A line of the page."""


@dataclass(frozen=True, slots=True)
class RecordLines:
    """Makes the lines of a sheet, for so many cells, in the styles of a palette."""

    palette: Palette
    context: Context
    sheet: Sheet

    def about(self, room: int) -> list[RecordLine]:
        """Give what it is called, what its deals come to, and a company's contacts."""
        return [*self._facts(room), *self._contacts(room)]

    def _heading(self, words: str, more: str, room: int) -> RecordLine:
        pieces: list[Piece] = [(f" {words}", self.palette.strong)]
        return RecordLine(spread(pieces, [(more, self.palette.muted)], room, self.palette.text), section=True)

    def _facts(self, room: int) -> list[RecordLine]:
        record, figures = record_of(self.sheet), self.sheet.figures
        lines = [self._fact(field_label(name, record), text, room, RecordSpot(name)) for name, text in texts_of(record)]
        if isinstance(record, Contact):
            lines.append(
                self._fact("company", record.company, room, RecordSpot(company=True) if record.company else None)
            )
        lines += [
            RecordLine(),
            self._fact("deals", counts(figures), room),
            *self._sums("open", figures.open_amounts, room, self.palette.text),
            *self._sums("lifetime value", figures.won_amounts, room, self.palette.won),
            self._fact("last touch", touched_in_words(figures, self.context.clock), room),
        ]
        return lines

    def _sums(self, label: str, amounts: PerCurrency, room: int, style: Style) -> list[RecordLine]:
        texts = sums_in_lines(amounts, room - LABEL - 1) or [""]
        return [self._fact("" if place else label, text, room, style=style) for place, text in enumerate(texts)]

    def _fact(
        self, label: str, text: str, room: int, spot: RecordSpot | None = None, style: Style | None = None
    ) -> RecordLine:
        palette = self.palette
        ink = (style or palette.text) if text else palette.faint
        if label == "name" and text:
            ink = palette.strong
        shown = fit(text or "-", room - LABEL - 1)
        return RecordLine([(f" {fit(label, LABEL)}", palette.muted), (shown, ink)], spot)

    def _contacts(self, room: int) -> list[RecordLine]:
        if not isinstance(self.sheet, CompanySheet) or not self.sheet.contacts:
            return []
        people = self.sheet.contacts
        heading = self._heading(
            "Contacts", f"{len(people)}" if len(people) < SHEET_ROWS else f"first {SHEET_ROWS}", room
        )
        won = [sums(line.figures.won_amounts, 14) for line in people]
        # Addresses that begin alike are told apart by their ends: they have all the room that the others leave.
        name = min(max(width_of(line.contact.label) for line in people) + 1, max(16, room // 3), room)
        figure = max(map(width_of, won))
        lines = (self._contact(line, told, room, name, figure) for line, told in zip(people, won, strict=True))
        return [RecordLine(), heading, *lines]

    def _contact(self, line: ContactLine, won: str, room: int, name: int, figure: int) -> RecordLine:
        one = line.contact
        more = next((text for text in (one.email, one.phone) if text and text != one.label), "")
        gap = 2 if figure else 0
        pieces: list[Piece] = [
            (f" {fit(one.label, name)} ", self.palette.text),
            (fit(more, max(0, room - name - 2 - gap - figure)), self.palette.muted),
            (" " * gap + right(won, figure), self.palette.won),
        ]
        return RecordLine(pieces, RecordSpot(contact=one.id))

    def deals(self, room: int) -> list[RecordLine]:
        """Give its deals, the newest first: the open ones, the won, the lost."""
        lines: list[RecordLine] = []
        shown, whole = self.sheet.deals, self.sheet.figures
        totals = {Outcome.OPEN: whole.open, Outcome.WON: whole.won, Outcome.LOST: whole.lost}
        for outcome, words in _GROUPS:
            its = [deal for deal in shown if deal.outcome is outcome]
            if not totals[outcome]:
                continue
            lines += [RecordLine()] if lines else []
            lines.append(self._heading(words, _how_many(len(its), totals[outcome]), room))
            lines += [self._deal(deal, room) for deal in its]
        return lines

    def _deal(self, deal: Deal, room: int) -> RecordLine:
        palette, today = self.palette, self.context.clock.today()
        stages = {stage.key: stage.name for stage in self.context.pipeline_of(deal.pipeline).stages}
        day = deal.expected_close if deal.is_open else deal.closed_on
        amount = "" if deal.amount is None else money.format_compact(deal.amount, deal.currency, 9)
        wide = room >= _ROOM_FOR_OWNERS
        tail: list[Piece] = []
        if deal.is_open or wide:  # the heading says what became of the others
            tail.append((f"  {fit(stages.get(deal.stage, deal.stage) if deal.is_open else '', 14)}", palette.muted))
        if wide and self.context.actor.scope is None:
            tail.append((f"  {fit(deal.owner or 'nobody', 10)}", palette.muted))
        tail.append((right(dates.short(day, today) if day else "", 9), palette.muted))
        tail.append((right(amount, 11), palette.won if deal.outcome is Outcome.WON else palette.text))
        title = room - sum(width_of(text) for text, _ in tail) - 9
        style = palette.muted if deal.outcome is Outcome.LOST else palette.text
        head = [(right(f"{deal.number}", 6), palette.muted), (f"  {fit(deal.title, max(1, title))}", style)]
        return RecordLine(spread(head, tail, room, palette.text), RecordSpot(deal=deal.number))


def _how_many(shown: int, total: int) -> str:
    if shown == total:
        return f"{total:,}"
    return f"newest {shown:,} of {total:,}" if shown else f"{total:,}, all of them older"
