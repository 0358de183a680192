"""Filtering what a screen shows: one line for it, in place as it is typed; the same on the board and in the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.errors import BadInput, FunneltuiError
from funneltui.tui.screens.deal_screen import DealScreen

if TYPE_CHECKING:
    from textual.widget import Widget

    from funneltui.domain.filters import Field
    from funneltui.storage.deals import Condition
    from funneltui.tui.widgets.filter_line import FilterLine


class Filtering(DealScreen):
    """A screen whose deals can be filtered. It says what a text means to it, and how it looks through what that gives."""

    _filter_line: FilterLine | None = None

    @property
    def filter_text(self) -> str:
        """The filter that is looked through."""
        raise NotImplementedError

    def condition_of(self, text: str) -> Condition:
        """Give the condition of a filter; BadInput when it cannot be read."""
        raise NotImplementedError

    def look_through(self, text: str, condition: Condition) -> None:
        """Look through another filter."""
        raise NotImplementedError

    @property
    def _keys_bar(self) -> Widget:
        """The line whose place the filter's line takes."""
        return self.query_one("#bottom")

    @property
    def filtered(self) -> bool:
        """Whether there is a filter, or one is being typed."""
        return bool(self.filter_text) or (self._filter_line is not None and bool(self._filter_line.display))

    async def action_filter(self) -> None:
        """Type a filter; the line for it comes with its first use."""
        line = self._filter_line
        if line is None:
            line = self._filter_line = self._new_line()
            await self.mount(line, before=self._keys_bar)
        line.display = True
        self._keys_bar.display = False
        line.field.forget()
        line.field.propose()
        self.set_focus(line.field)

    def _new_line(self) -> FilterLine:
        from funneltui.domain.filter_completion import vocabulary
        from funneltui.tui.widgets.filter_line import FilterLine

        return FilterLine(self.look, vocabulary(self.pipeline), self.filter_text)

    def write_filter(self, text: str) -> None:
        """Let the line hold a filter that did not come from it."""
        if self._filter_line is not None:
            self._filter_line.write(text)

    def show_all(self) -> None:
        """Leave the line, if it is open, and look through no filter."""
        self._leave_filter()
        self.write_filter("")
        self._look_through("")

    def on_filter_line_paused(self, message: FilterLine.Paused) -> None:
        """Filter in place, as it is typed, and ask for the values that could come next."""
        line = self._filter_line
        if line is None or not line.display:
            return
        self._look_through(message.text)
        if message.wanted:
            self.run_worker(self._propose(line, *message.wanted), group="filter values", exclusive=True)

    async def _propose(self, line: FilterLine, field: Field, typed: str) -> None:
        from funneltui.services import filter_values

        try:
            values = await self.worker.run(filter_values.beginning, field, typed)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        line.field.learn(field, typed, values)

    def on_filter_line_kept(self, message: FilterLine.Kept) -> None:
        """Keep the filter and go back to the deals; with one that cannot be read, back to its mistake."""
        error = self._look_through(message.text)
        if error is None:
            self._leave_filter()
            return
        self.tell(str(error))
        if self._filter_line is not None:
            self._filter_line.go_to_mistake()

    def on_filter_line_left(self, message: FilterLine.Left) -> None:
        """Show all again."""
        self.show_all()

    def _leave_filter(self) -> None:
        if self._filter_line is not None:
            self._filter_line.display = False
        self._keys_bar.display = True
        self.set_focus(None)

    def _look_through(self, text: str) -> BadInput | None:
        """Look through what can be read of a filter; what cannot is shown in the line, and given back."""
        from funneltui.domain.filter_completion import mistake, readable

        part, condition, wrong = readable(text, self.condition_of)
        if part.strip() != self.filter_text:
            self.look_through(part.strip(), condition)
        if self._filter_line is not None:
            self._filter_line.complain(mistake(text, wrong) if wrong else None)
        return wrong
