"""The table of the list: its headings, and as many rows as are seen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rich.style import Style
from textual.message import Message

from funneltui.domain import custom_fields, dates
from funneltui.domain.custom_fields import FieldKind
from funneltui.domain.deal import Mark, Outcome, mark_of
from funneltui.domain.text import strip_controls
from funneltui.domain.views import AnyColumn, Column, FieldColumn, Placed
from funneltui.tui.keymap import hint
from funneltui.tui.list_state import GAP, GUTTER, more
from funneltui.tui.painting import fit
from funneltui.tui.widgets.row_table import HEAD, RowTable
from funneltui.tui.widgets.table_cells import amount_in, cut_to, in_two, to_the_right

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Clock
    from funneltui.tui.list_state import ListState
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece

_TO_THE_RIGHT = frozenset(
    {
        Column.NUMBER, Column.AMOUNT, Column.AGE, Column.PROBABILITY, Column.CLOSE, Column.CREATED, Column.FOLLOW_UP,
        Column.CLOSED_ON, Column.CHANCE,
    }
)  # fmt: skip
_HEADINGS = {
    Column.NUMBER: "#", Column.EMAIL: "e-mail", Column.FOLLOW_UP: "follow-up", Column.CREATED_BY: "created by",
    Column.CLOSED_ON: "closed", Column.AGE: "days", Column.PROBABILITY: "%",
}  # fmt: skip


def heading(column: AnyColumn, pipeline: Pipeline) -> str:
    """Give a column's heading: of a custom field its name."""
    if isinstance(column, FieldColumn):
        own = pipeline.custom_field(column.key)
        return strip_controls(own.name) if own else column.key
    return _HEADINGS.get(column, column.value)


class Table(RowTable["Deal"]):
    """Paints the list: a line of headings, then rows of one line or two."""

    class Headed(Message):
        """A heading was clicked."""

        def __init__(self, column: AnyColumn) -> None:
            self.column = column
            super().__init__()

    def __init__(self, look: Look, state: ListState, clock: Clock) -> None:
        """Show a list's state."""
        super().__init__(look, id="table")
        self.state, self.clock = state, clock

    @property
    def window(self) -> ListState:
        """The list."""
        return self.state

    @property
    def is_loaded(self) -> bool:
        """Whether the list has been read."""
        return self.state.loaded

    @property
    def row_height(self) -> int:
        """The lines of a row: one or two."""
        return self.state.view.row_height

    def nothing(self) -> str:
        """Say why there is no deal."""
        if self.state.view.filter_text:
            return f"no deal matches the filter{hint(self.app, 'list.back', 'shows all again')}"
        return f"there are no deals here{hint(self.app, 'deal.new', 'adds one')}"

    def headings(self, width: int) -> list[Piece]:
        """Give the columns' names, that of the sort with an arrow, and how many are out of sight at either side."""
        palette, view = self.palette, self.state.view
        seen = self.state.seen_columns(width)
        hidden = len(view.columns) - self.state.left - len(seen)
        left = f"‹{self.state.left}" if self.state.left else ""
        pieces: list[Piece] = [(fit(left, GUTTER), palette.accent)]
        for placed in seen:
            here = placed.column == self.state.column
            style = palette.cursor + palette.strong if here else palette.muted
            pieces += [(self._heading_in(placed), style), (" " * GAP, palette.text)]
        if hidden:
            sign = more(hidden)
            pieces = cut_to(pieces, width - len(sign), palette.text)
            pieces.append((sign, palette.accent))
        return pieces

    def _heading_in(self, placed: Placed) -> str:
        view, name = self.state.view, heading(placed.column, self.state.pipeline)
        arrow = ("↓" if view.descending else "↑") if placed.column == view.sort else ""
        if self._to_the_right(placed.column):
            return to_the_right(arrow + name, placed.width)
        room = placed.width - len(arrow)
        return fit(name, room) + arrow if len(name) >= room else fit(f"{name} {arrow}", placed.width)

    def row_pieces(self, row: Deal, place: int, line: int, width: int) -> list[Piece]:
        """Give the deal's cells, each in the line that it has in a row of two."""
        deal, here = row, self.is_here(place)
        mark, mark_style = self._mark(deal) if line == 0 else ("", self.palette.muted)
        pieces: list[Piece] = [("▌" if here else " ", self.palette.cursor_bar), (fit(mark, 1) + " ", mark_style)]
        for placed in self.state.seen_columns(width):
            pieces += [(self._cell(deal, placed, line), self._style(deal, placed.column, here=here))]
            pieces += [(" " * GAP, self.palette.text)]
        return pieces

    def _cell(self, deal: Deal, placed: Placed, line: int) -> str:
        text = self._text(deal, placed)
        if self._to_the_right(placed.column):
            return to_the_right("" if line else text, placed.width)
        if self.row_height == 1:
            return fit(text, placed.width)
        first, second = in_two(text, placed.width)
        return fit(second if line else first, placed.width)

    def _text(self, deal: Deal, placed: Placed) -> str:
        if isinstance(placed.column, FieldColumn):
            return self._custom(deal, placed.column)
        if placed.column is Column.AMOUNT:
            return amount_in(deal, placed.width)
        if placed.column is Column.CHANCE:
            return self._chance(deal)
        return _TEXTS[placed.column](self, deal)

    def _custom(self, deal: Deal, column: FieldColumn) -> str:
        value, own = deal.custom.get(column.key), self.state.pipeline.custom_field(column.key)
        if own is None or not value:
            return value
        if own.kind is FieldKind.DATE:
            return self.day(date.fromisoformat(value))
        return custom_fields.told(own, value, self.state.pipeline.choice_names(own))

    def _chance(self, deal: Deal) -> str:
        """Give the chance to win, told apart where it is the deal's own; closed deals have none."""
        chance = self.state.chances.get(deal.number)
        if chance is None or chance.probability is None or not deal.is_open:
            return ""
        return f"{'' if chance.own is None else 'own '}{chance.probability:.0%}"

    def _to_the_right(self, column: AnyColumn) -> bool:
        if isinstance(column, FieldColumn):
            own = self.state.pipeline.custom_field(column.key)
            return own is not None and own.kind in (FieldKind.NUMBER, FieldKind.DATE)
        return column in _TO_THE_RIGHT

    def stage_name(self, deal: Deal) -> str:
        """Give the name of a deal's stage, or its key if the pipeline has it no longer."""
        return next((one.name for one in self.state.pipeline.stages if one.key == deal.stage), deal.stage)

    def day(self, day: date | None) -> str:
        """Give a date in short."""
        return dates.short(day, self.clock.today()) if day else ""

    def _style(self, deal: Deal, column: AnyColumn, *, here: bool) -> Style:
        palette = self.palette
        if column is Column.TITLE:
            return palette.strong if here else palette.text
        if column is Column.STAGE:
            # In 16 colours the row under the cursor is reversed: a colour would be a patch in it.
            return palette.text if here and self.look.ansi else self._stage_style(deal)
        if column in (Column.CLOSE, Column.FOLLOW_UP) and deal.is_open:
            day = deal.follow_up if column is Column.FOLLOW_UP else deal.expected_close
            return (
                palette.overdue if day is not None and day == deal.due and day < self.clock.today() else palette.muted
            )
        if column in (Column.AMOUNT, Column.COMPANY, Column.CHANCE):
            return palette.text
        return palette.lost if column is Column.SPAM else palette.muted

    def _stage_style(self, deal: Deal) -> Style:
        stage = next((one for one in self.state.pipeline.stages if one.key == deal.stage), None)
        if stage is None:
            return self.palette.muted
        return self.look.stage_style(stage.kind.value, self.state.pipeline.rank(stage.key) or 0, stage.color)

    def _mark(self, deal: Deal) -> tuple[str, Style]:
        if deal.number in self.state.marked:
            return "■", self.palette.marked
        stage = next((one for one in self.state.pipeline.stages if one.key == deal.stage), None)
        if stage is None or deal.outcome is Outcome.SPAM:
            return "", self.palette.muted
        mark = mark_of(deal, stage, self.clock.local_day(deal.touched), self.clock.today())
        styles = {
            Mark.OVERDUE: self.palette.overdue, Mark.TODAY: self.palette.today, Mark.ROTTING: self.palette.rotting,
        }  # fmt: skip
        return mark.value, styles.get(mark, self.palette.muted)

    def on_click(self, event: events.Click) -> None:
        """Choose the heading that was clicked; a click on a row has been told of by what all rows have."""
        place = GUTTER
        for placed in self.state.seen_columns(self.size.width):
            if event.y < HEAD and place <= event.x < place + placed.width + GAP:
                self.post_message(self.Headed(placed.column))
            place += placed.width + GAP


_TEXTS: dict[Column, Callable[[Table, Deal], str]] = {
    Column.NUMBER: lambda table, deal: str(deal.number),
    Column.TITLE: lambda table, deal: deal.title,
    Column.COMPANY: lambda table, deal: deal.company,
    Column.STAGE: lambda table, deal: table.stage_name(deal),
    Column.DETAIL: lambda table, deal: table.state.pipeline.detail_name(deal.stage, deal.detail),
    Column.CLOSE: lambda table, deal: table.day(deal.expected_close),
    Column.OWNER: lambda table, deal: deal.owner or "nobody",
    Column.SOURCE: lambda table, deal: table.state.pipeline.source_name(deal.source),
    Column.CREATED: lambda table, deal: table.day(table.clock.local_day(deal.created)),
    Column.CONTACT: lambda table, deal: deal.contact,
    Column.EMAIL: lambda table, deal: deal.email,
    Column.SPAM: lambda table, deal: "spam" if deal.outcome is Outcome.SPAM else "",
    Column.FOLLOW_UP: lambda table, deal: table.day(deal.follow_up),
    Column.AGE: lambda table, deal: str((table.clock.today() - table.clock.local_day(deal.stage_entered)).days),
    Column.PROBABILITY: lambda table, deal: "" if deal.probability is None else str(deal.probability),
    Column.PHONE: lambda table, deal: deal.phone,
    Column.QUALIFIER: lambda table, deal: table.state.pipeline.qualifier_name(deal.qualifier),
    Column.CREATED_BY: lambda table, deal: deal.created_by or "",
    Column.CLOSED_ON: lambda table, deal: table.day(deal.closed_on),
    Column.TAGS: lambda table, deal: " ".join(deal.tags),
}
