"""What the list of companies and contacts shares with an opened one: how they read, learn of changes, and are corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from funneltui.domain.gates import Choice
from funneltui.domain.text import counted
from funneltui.services import merge_plans
from funneltui.services.record_windows import kind_of, label_of
from funneltui.tui.keymap import hint
from funneltui.tui.screens.board_ground import POLL_SECONDS
from funneltui.tui.screens.without_deal import WithoutDeal
from funneltui.tui.widgets.record_figures import deal_texts, texts_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.services.merge_plans import Changed
    from funneltui.services.record_windows import Record
    from funneltui.storage.feed import Position


class RecordGround(WithoutDeal):
    """Shows companies and contacts of the whole workspace; reads through the worker, never by itself."""

    @property
    def record(self) -> Record | None:
        """The company or contact that a key is meant for."""
        raise NotImplementedError

    @property
    def position(self) -> Position | None:
        """The feed's place when this was read; none before."""
        raise NotImplementedError

    def read_at(self) -> Position | None:
        """Give the feed's place at which this was read."""
        return self.position

    def went_to(self, record: Record) -> None:
        """Hold on to a record as it is after a change."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Look for other people's changes from time to time."""
        self.set_interval(POLL_SECONDS, self.look_for_changes)

    async def make(self, change: Awaitable[Changed], words: str) -> bool:
        """Make a change of records, tell with these words how many deals it changed, show it; say whether it was made."""
        told = ""

        async def made() -> Sequence[Deal]:
            nonlocal told
            changed = await change
            self.went_to(changed.record)
            undo = hint(self.app, "deal.undo", "takes it back")
            told = f"{counted(len(changed.deals))} {words}{undo}" if changed.deals else "it is as it was"
            return changed.deals

        done = await self.do(made())
        if told:
            self.tell(told, severity="information")
        return done

    async def correct(self, record: Record, values: Mapping[str, str]) -> bool:
        """Change texts of a record on all its deals; tell whether that was done."""
        change = self.worker.run(merge_plans.edit, kind_of(record), record.id, values)
        return await self.make(change, "corrected")

    async def action_new(self) -> None:
        """Add a deal; the form begins with the texts of this company or contact."""
        from funneltui.tui.screens.deal_form import DealForm

        record = self.record
        await self.fill_in(None)
        form = self.app.screen
        if record is None or not isinstance(form, DealForm):
            return
        for name, text in deal_texts(record).items():
            form.query_one(f"#field-{name} Input", Input).value = text

    async def action_copy(self) -> None:
        """Copy a text; it is shown too, for terminals that do not let a program copy."""
        record = self.record
        if record is None:
            return
        from funneltui.tui.screens.small_dialogs import PickDialog

        name, *others = (text for _, text in texts_of(record))
        texts = [text for text in (*others, name) if text]  # what one copies most comes first

        def said(text: str | None) -> None:
            if text is not None:
                self.app.copy_to_clipboard(text)
                self.tell(f"copied: {text}", severity="information")

        choices = [Choice(text, text) for text in texts]
        await self.app.push_screen(PickDialog(self.look, "Copy", label_of(record), choices), said)
