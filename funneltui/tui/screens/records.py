"""Companies and contacts: two tabs of them, searched as one types, opened, corrected, merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.errors import FunneltuiError, NotFound
from funneltui.services import merge_plans
from funneltui.services.record_windows import Kind, label_of
from funneltui.tui.actions import bindings
from funneltui.tui.keymap import key_for
from funneltui.tui.record_actions import RECORDS
from funneltui.tui.screens.opened_record import open_record
from funneltui.tui.screens.records_walking import RecordsWalking
from funneltui.tui.widgets.records_bars import SearchLine
from funneltui.tui.widgets.records_table import RecordsTable

if TYPE_CHECKING:
    from funneltui.services.context import Context
    from funneltui.services.record_windows import Record
    from funneltui.tui.actions import Action
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker


class RecordsScreen(RecordsWalking):
    """Takes every key of the list of companies and contacts."""

    CSS_PATH = "records.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = RECORDS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(RECORDS)]

    def __init__(self, worker: Worker, context: Context, look: Look, kind: Kind = Kind.COMPANY) -> None:
        """Show the companies, or the contacts, of the worker's workspace."""
        super().__init__(worker, context, look, kind)
        self.refused: set[frozenset[int]] = set()
        self._search: SearchLine | None = None

    async def action_search(self) -> None:
        """Type what to look for; the line for it comes with its first use."""
        if self._search is None:
            self._search = SearchLine(self.state.words, "words of names, e-mails, phones", "records.back")
            await self.mount(self._search, before=self._bottom)
        self._search.display = True
        self._bottom.display = False
        self.set_focus(self._search.field)

    @property
    def searching(self) -> bool:
        """Whether something is being typed to look for."""
        return self._search is not None and bool(self._search.display)

    def on_search_line_typed(self, message: SearchLine.Typed) -> None:
        """Look for it as it is typed."""
        if self.searching and message.text != self.state.words:
            self._look_for(message.text)

    def _look_for(self, words: str) -> None:
        self.state.look_for(words)
        self._top.refresh()
        self.run_worker(self.reload())

    def on_search_line_kept(self, message: SearchLine.Kept) -> None:
        """Go on with what was found."""
        self._leave_search()

    def _leave_search(self) -> None:
        if self._search is not None:
            self._search.display = False
        self._bottom.display = True
        self.set_focus(None)

    def action_back(self) -> None:
        """Out of the search, then of the marks; then to where this was opened."""
        if self.searching or self.state.words:
            self._leave_search()
            if self._search is not None:
                self._search.field.value = ""
            self._look_for("")
        elif self.state.tab.marked:
            self.state.tab.marked.clear()
            self.repaint()
        else:
            self.dismiss()

    async def action_board(self) -> None:
        """Back to the board, also from the list."""
        beneath = self.app.screen_stack[-2]
        self.dismiss()
        if leave := getattr(beneath, "action_board", None):
            beneath.call_later(leave)

    async def on_records_table_chosen(self, message: RecordsTable.Chosen) -> None:
        """A row was clicked: the cursor goes there; a second click opens it."""
        if message.place == self.state.tab.place:
            await self.action_open()
        else:
            self.go(message.place)

    async def action_open(self) -> None:
        """Open the company or contact."""
        record = self._here()
        if record is not None:
            await open_record(self, self.state.kind, record.id)

    def _here(self) -> Record | None:
        if self.record is None:
            self.tell("there is nothing here")
        return self.record

    async def action_edit(self) -> None:
        """Correct the company or contact."""
        record, line = self._here(), self.state.tab.line
        if record is None or line is None:
            return
        from funneltui.tui.screens.record_dialogs import RecordForm

        def said(values: dict[str, str] | None) -> None:
            if values:
                self.run_worker(self.correct(record, values))

        await self.app.push_screen(RecordForm(self.context, line), said)

    def action_mark(self) -> None:
        """Mark the record, or take its mark away, and go to the next one."""
        tab, record = self.state.tab, self.record
        if record is None:
            return
        tab.marked ^= {record.id}
        self._table.refresh_row(tab.place)
        self._top.refresh()
        self.go(tab.place + 1)

    async def action_merge(self) -> None:
        """Merge the marked ones into the one under the cursor, once that is confirmed."""
        record, tab, kind = self._here(), self.state.tab, self.state.kind
        if record is None:
            return
        others = sorted(tab.marked - {record.id})
        if not others:
            mark, merge = key_for(self.app, "records.mark"), key_for(self.app, "records.merge")
            how = f"mark with {mark} what is to go, then press {merge} on the one that stays"
            self.tell(how if mark and merge else "mark what is to go, then merge it into the one that stays")
            return
        from funneltui.tui.screens.record_dialogs import MergeDialog

        try:
            plan = await self.worker.run(merge_plans.plan, kind, record.id, others)
        except NotFound as error:
            tab.marked.clear()
            self.tell(str(error))
            await self.reload()
            return
        except FunneltuiError as error:
            self.tell(str(error))
            return

        def said(yes: bool | None) -> None:
            if yes:
                tab.marked.clear()
                merged = self.worker.run(merge_plans.merge, kind, record.id, others)
                self.run_worker(self.make(merged, f"with {label_of(record)} now"))

        await self.app.push_screen(MergeDialog(self.look, plan), said)

    async def action_same(self) -> None:
        """Go through those that are probably the same."""
        from funneltui.tui.screens.same_dialog import SameDialog

        async def left(_: None) -> None:
            await self.reload()

        await self.app.push_screen(
            SameDialog(self.worker, self.context, self.look, self.state.kind, self.refused), left
        )
