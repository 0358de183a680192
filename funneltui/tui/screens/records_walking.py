"""The list of companies and contacts as one goes about in it: its layout, how it reads windows, cursor and tabs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.errors import FunneltuiError
from funneltui.services import record_windows
from funneltui.services.record_windows import Kind, record_of
from funneltui.tui.record_actions import RECORDS
from funneltui.tui.records_state import RecordsState
from funneltui.tui.row_window import window_size
from funneltui.tui.screens.list_ground import AIRY
from funneltui.tui.screens.record_ground import RecordGround
from funneltui.tui.screens.walking import Walking
from funneltui.tui.widgets.records_bars import RecordsBottom, RecordsTop, RecordTabs
from funneltui.tui.widgets.records_table import RecordsTable

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from funneltui.services.context import Context
    from funneltui.services.record_windows import Record
    from funneltui.storage.feed import Position
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker


class RecordsWalking(Walking, RecordGround):
    """Shows both tabs; reads through the worker, never by itself."""

    def __init__(self, worker: Worker, context: Context, look: Look, kind: Kind = Kind.COMPANY) -> None:
        """Show the companies, or the contacts, of the worker's workspace."""
        super().__init__(worker, context, look)
        self.state = RecordsState(kind)
        self._table = RecordsTable(look, self.state, context.clock)
        self._top, self._tabs = RecordsTop(look, self.state, context), RecordTabs(look, self.state)
        self._bottom = RecordsBottom(look, self.state, RECORDS)

    def compose(self) -> ComposeResult:
        """Lay out bar, tabs, table, bar."""
        yield from (self._top, self._tabs, self._note, self._table, self._bottom)

    def on_mount(self) -> None:
        """Read the list."""
        self.soon(self.reload(), "first reading of the records", reading=True)

    def on_resize(self) -> None:
        """Show as many rows as fit."""
        self.set_class(self.size.height >= AIRY, "-airy")
        if self.state.loaded:
            self.call_after_refresh(self.go, self.state.tab.place)

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (self._table, self._top, self._tabs, self._bottom, self._note):
            widget.show_look(look)

    @property
    def record(self) -> Record | None:
        """The record under the cursor."""
        line = self.state.tab.line
        return None if line is None else record_of(line)

    @property
    def position(self) -> Position | None:
        """The feed's place when the list was read."""
        return self.state.position

    def went_to(self, record: Record) -> None:
        """Let the cursor hold on to a record as it is after a change."""
        self.state.tab.number = record.id

    async def read_once(self) -> bool:
        """Read what is seen with the counts, and repaint."""
        state, visible = self.state, self._table.capacity
        turn, tab = state.turn, state.tab
        try:
            answer = await self.worker.run(
                record_windows.window,
                state.kind,
                state.words,
                tab.first_start(visible),
                window_size(visible),
                tab.number,
            )
        except FunneltuiError as error:
            self.tell(str(error))
            return False
        if turn == state.turn:
            state.take(answer, self._table.capacity)
            self.repaint()
            self._read_on()
        return True

    def repaint(self) -> None:
        """Paint everything; what looks as before is not sent."""
        for widget in (self._table, self._top, self._tabs, self._bottom):
            widget.refresh()

    def _read_on(self) -> None:
        """Read further when what is seen comes near the end of what is read."""
        start = self.state.tab.wanted_start(self._table.capacity)
        if start is not None:
            self.soon(self._read_rows(start), group="rows", exclusive=True, reading=True)

    async def _read_rows(self, start: int) -> None:
        state, turn = self.state, self.state.turn
        size = window_size(self._table.capacity)
        try:
            rows = await self.worker.run(record_windows.rows, state.kind, state.words, start, size)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        if turn == state.turn:
            state.tab.take_rows(start, rows)
            self.repaint()

    @property
    def table(self) -> RecordsTable:
        """The table of the tab that is shown."""
        return self._table

    def went(self) -> None:
        """Tell where the cursor is, and read on."""
        self._bottom.refresh()
        self._read_on()

    def action_next_tab(self) -> None:
        """To the contacts."""
        self.show_tab(Kind.CONTACT)

    def action_previous_tab(self) -> None:
        """To the companies."""
        self.show_tab(Kind.COMPANY)

    def on_record_tabs_chosen(self, message: RecordTabs.Chosen) -> None:
        """A tab was clicked."""
        self.show_tab(message.kind)

    def show_tab(self, kind: Kind) -> None:
        """Show the companies, or the contacts."""
        if kind is not self.state.kind:
            self.state.show(kind)
            self.repaint()
            self.soon(self.reload())
