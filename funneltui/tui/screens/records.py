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
from funneltui.tui.screens.searching import Searching

if TYPE_CHECKING:
    from funneltui.services.context import Context
    from funneltui.services.record_windows import Record
    from funneltui.tui.actions import Action
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.keys_bar import KeysBar
    from funneltui.tui.widgets.rows import Rows
    from funneltui.tui.worker import Worker


class RecordsScreen(Searching, RecordsWalking):
    """Takes every key of the list of companies and contacts."""

    CSS_PATH = "records.tcss"
    ACTIONS: ClassVar[tuple[Action, ...]] = RECORDS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(RECORDS)]
    SEARCHES = "words of names, e-mails, phones"
    BACK = "records.back"

    def __init__(self, worker: Worker, context: Context, look: Look, kind: Kind = Kind.COMPANY) -> None:
        """Show the companies, or the contacts, of the worker's workspace."""
        super().__init__(worker, context, look, kind)
        self.refused: set[frozenset[int]] = set()

    @property
    def keys_bar(self) -> KeysBar:
        """The bar that gives its place to the search."""
        return self._bottom

    @property
    def words(self) -> str:
        """What is looked for."""
        return self.state.words

    def look_for(self, words: str) -> None:
        """Show the records that have these words."""
        self.state.look_for(words)
        self._top.refresh()
        self.soon(self.reload())

    def action_back(self) -> None:
        """Out of the search, then of the marks; then to where this was opened."""
        if self.show_all_again():
            return
        if self.state.tab.marked:
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

    async def on_rows_chosen(self, message: Rows.Chosen) -> None:
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
                self.soon(self.correct(record, values))

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
                self.soon(self.make(merged, f"with {label_of(record)} now"))

        await self.app.push_screen(MergeDialog(self.look, plan), said)

    async def action_same(self) -> None:
        """Go through those that are probably the same."""
        from funneltui.tui.screens.same_dialog import SameDialog

        async def left(_: None) -> None:
            await self.reload()

        await self.app.push_screen(
            SameDialog(self.worker, self.context, self.look, self.state.kind, self.refused), left
        )
