"""Fields changed where they stand: a field is laid over its line of a page; enter keeps it, escape leaves it as it was."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.widgets import Input

from funneltui.tui.screens.working import Working
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from typing import Any

    from textual import events

    from funneltui.services.context import Context
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.keys_bar import KeysBar
    from funneltui.tui.widgets.spot_page import SpotPage
    from funneltui.tui.worker import Worker


class InPlace(Working):
    """A screen with a page of fields; the one under the cursor can be typed anew in its line.

    The line of keys then has those of the field, and what can be answered in it or is wrong there: a line of a page has
    no room for that.
    """

    _field: TypedField | None = None
    _page: SpotPage[Any]
    _bottom: KeysBar

    def __init__(self, worker: Worker, context: Context, look: Look) -> None:
        """Show something of the worker's workspace; nothing is typed."""
        super().__init__(worker, context, look)
        self._laying = asyncio.Lock()

    async def change(self, name: str, typed: str | None = None) -> None:
        """Lay a field over its line, with the text that it has or with what was typed into it already."""
        raise NotImplementedError

    async def keep(self, field: str, value: object) -> bool:
        """Change a field, by its name, through the service that a form uses; tell whether that was done."""
        raise NotImplementedError

    async def look_for_changes(self) -> None:
        """Look for what others have changed; not while the page lies still under a field that is typed into."""
        if self._field is None:
            await super().look_for_changes()

    def on_resize(self) -> None:
        """Let a field stay over its line."""
        if self._field is not None:
            self.call_after_refresh(self._place)

    async def lay(self, field: TypedField, label: int, typed: str | None = None) -> None:
        """Lay a field over the line under the page's cursor, its label in so many cells, and begin to type, or go on."""
        async with self._laying:
            await self._take_away()
            await self._lay(field, label, typed)

    async def _lay(self, field: TypedField, label: int, typed: str | None) -> None:
        self._field = field
        self._page.lies_still = True
        self._place()
        await self.mount(field)
        name = field.query_one(".label").styles
        name.width, name.padding = label, (0, 0, 0, 1)  # after the cursor's bar; the input has a blank at its side
        line = field.query_one(Input)
        if typed is not None:
            line.value, line.cursor_position = typed, len(typed)
        self.set_focus(line)
        self._tell_of(field)

    def _place(self) -> None:
        """Put the field over the cursor's line, which is brought into sight."""
        if self._field is not None:
            self._page.go(self._page.place)
            self._field.styles.offset = (1, self._page.line_on_screen + self._page.region.y)
            self._field.styles.width = self._page.left_width - 2

    def _tell_of(self, field: TypedField) -> None:
        self._bottom.type_in(field.problem or field.options, wrong=bool(field.problem))

    def on_typed_field_read(self, message: TypedField.Read) -> None:
        """Tell what is wrong with what is typed by now, or what can be answered."""
        message.stop()
        if self._field is not None:
            self._tell_of(self._field)

    async def on_input_submitted(self, message: Input.Submitted) -> None:
        """Keep what was typed, once it can be read."""
        message.stop()
        field = self._field
        if field is None or not field.read():
            return
        changed, text, value = field.changed, field.text, field.value
        await self._leave_field()
        if changed:
            self.soon(self._keep(field.field, text, value))

    async def _keep(self, name: str, text: str, value: object) -> None:
        """Keep what was typed; what is refused, because somebody was quicker perhaps, is not lost: it can be typed on."""
        if not await self.keep(name, value) and self.is_current:
            await self.change(name, text)

    async def on_key(self, event: events.Key) -> None:
        """Escape in a field leaves it as it was."""
        if event.key == "escape" and self._field is not None:
            event.stop()
            event.prevent_default()
            await self._leave_field()

    async def _leave_field(self) -> None:
        async with self._laying:
            await self._take_away()

    async def _take_away(self) -> None:
        if self._field is not None:
            field, self._field = self._field, None
            self._page.lies_still = False
            self._bottom.typed()
            self.set_focus(None)
            await field.remove()

    async def on_spot_page_chosen(self, message: SpotPage.Chosen) -> None:
        """A line was clicked: the cursor goes there; a second click is enter. What is being typed elsewhere is left."""
        await self._leave_field()
        if message.place == self._page.place:
            await self.action_choose()
        else:
            self._page.go(message.place)

    async def action_choose(self) -> None:
        """Change the field under the cursor where it stands, or open what the line names."""
        raise NotImplementedError

    def action_down(self) -> None:
        """The line below."""
        self._page.step(1)

    def action_up(self) -> None:
        """The line above."""
        self._page.step(-1)

    def action_first(self) -> None:
        """The first line."""
        self._page.first()

    def action_last(self) -> None:
        """The last line, and the end of the column."""
        self._page.last()

    def action_page_down(self) -> None:
        """Further down."""
        self._page.page(1)

    def action_page_up(self) -> None:
        """Further up."""
        self._page.page(-1)
