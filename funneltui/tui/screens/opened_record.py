"""A company or contact, opened: corrected where it stands, its deals and contacts a key away."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain.records import Company
from funneltui.errors import FunneltuiError
from funneltui.services import record_windows
from funneltui.services.record_windows import Kind, kind_of, label_of, record_of
from funneltui.tui.actions import bindings
from funneltui.tui.record_actions import RECORD
from funneltui.tui.screens.in_place import InPlace
from funneltui.tui.screens.record_ground import RecordGround
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.record_figures import field_label, texts_of
from funneltui.tui.widgets.record_lines import LABEL, RecordSpot
from funneltui.tui.widgets.record_page import RecordPage
from funneltui.tui.widgets.screen_bars import HeadLine
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from funneltui.services.context import Context
    from funneltui.services.record_windows import Looked, Record
    from funneltui.storage.feed import Position
    from funneltui.tui.actions import Action
    from funneltui.tui.screens.deal_screen import DealScreen
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece
    from funneltui.tui.worker import Worker

_FOOTER = ("choose", "edit", "copy", "new", "undo", "close", "help")


async def open_record(screen: DealScreen, kind: Kind, number: int) -> None:
    """Open a company or contact by its id over a screen, which is read anew afterwards; or say why that is not possible."""
    try:
        looked = await screen.worker.run(record_windows.look_at, kind, number)
    except FunneltuiError as error:
        screen.tell(str(error))
        return

    async def left(_: None) -> None:
        await screen.reload()

    await screen.app.push_screen(OpenedRecord(screen.worker, screen.context, screen.look, looked), left)


async def open_record_of(screen: DealScreen, kind: Kind, deal: int) -> None:
    """Open the company or contact of a deal (D8); or say that it has none."""
    try:
        number = await screen.worker.run(record_windows.of_deal, kind, deal)
    except FunneltuiError as error:
        screen.tell(str(error))
        return
    await open_record(screen, kind, number)


class OpenedRecord(InPlace, RecordGround):
    """Takes every key of an opened company or contact."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "opened_record.tcss"]
    ACTIONS: ClassVar[tuple[Action, ...]] = RECORD
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(RECORD)]
    _page: RecordPage

    def __init__(self, worker: Worker, context: Context, look: Look, looked: Looked) -> None:
        """Show what was looked at."""
        super().__init__(worker, context, look)
        self.looked = looked
        self._way: list[tuple[Kind, int]] = []
        self._number = record_of(looked.sheet).id
        self._head = RecordHead(look, self)
        self._page = RecordPage(look, context, looked.sheet)
        by_name = {action.name: action for action in RECORD}
        self._bottom = KeysBar(look, [by_name[name] for name in _FOOTER])

    def compose(self) -> ComposeResult:
        """Lay out head, page, keys."""
        yield from (self._head, self._note, self._page, self._bottom)

    @property
    def record(self) -> Record:
        """The company or contact that is opened."""
        return record_of(self.looked.sheet)

    @property
    def kind(self) -> Kind:
        """What it is."""
        return kind_of(self.record)

    @property
    def position(self) -> Position:
        """The feed's place when it was read."""
        return self.looked.position

    def went_to(self, record: Record) -> None:
        """Stay with the record as it is after a change."""
        self._number = record.id

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (self._head, self._page, self._bottom, self._note):
            widget.show_look(look)

    async def read_once(self) -> bool:
        """Read it anew; one that is gone (it was merged into another one) is left."""
        try:
            looked = await self.worker.run(record_windows.look_at, self.kind, self._number)
        except FunneltuiError as error:
            self.tell(str(error))
            if self.is_current:
                self.dismiss(None)
            return False
        self._show(looked, same=True)
        return True

    def _show(self, looked: Looked, *, same: bool) -> None:
        self.looked = looked
        self._number = self.record.id
        self._page.take(looked.sheet, same=same)
        self._head.refresh()

    async def _go_to(self, kind: Kind, number: int) -> bool:
        """Show another record in the place of this one."""
        try:
            looked = await self.worker.run(record_windows.look_at, kind, number)
        except FunneltuiError as error:
            self.tell(str(error))
            return False
        self._show(looked, same=False)
        return True

    async def action_close(self) -> None:
        """Back: to the record from which this one was opened, else to where the first one was."""
        while self._way:
            left = RecordSpot(contact=self.record.id) if self.kind is Kind.CONTACT else RecordSpot(company=True)
            if await self._go_to(*self._way.pop()):
                self._page.go_to(left)
                return
        self.dismiss(None)

    def action_section(self) -> None:
        """On to the next section."""
        self._page.next_section()

    async def action_choose(self) -> None:
        """Open what the line names, or change its text where it stands."""
        spot = self._page.spot
        if spot is None:
            return
        if spot.deal:
            await self.open_deal(spot.deal)
        elif spot.contact:
            await self._on_to(Kind.CONTACT, spot.contact)
        elif spot.company:
            await self._on_to_company()
        else:
            await self.change(spot.field)

    async def _on_to(self, kind: Kind, number: int) -> None:
        came_from = (self.kind, self.record.id)
        if await self._go_to(kind, number):
            self._way.append(came_from)

    async def _on_to_company(self) -> None:
        name = getattr(self.record, "company", "")
        try:
            number = await self.worker.run(record_windows.id_of_company, name)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        await self._on_to(Kind.COMPANY, number)

    async def step_from(self, number: int, steps: int) -> int | None:
        """Give the number of the deal so many places after another one on this page; the cursor goes with it."""
        deals = self._page.deals
        place = deals.index(number) + steps if number in deals else -1
        if not 0 <= place < len(deals):
            return None
        self._page.go_to(RecordSpot(deal=deals[place]))
        return deals[place]

    async def action_edit(self) -> None:
        """Change the text of the line, or else the name."""
        spot = self._page.spot
        if spot is None or not spot.field:
            self._page.go(0)
        await self.change(self._page.spots[self._page.place].field)

    async def change(self, name: str, typed: str | None = None) -> None:
        """Lay a field over its line, with what was typed into it already."""
        text = dict(texts_of(self.record))[name]
        stage = self.pipeline.first
        field = TypedField(
            self.context,
            self.pipeline,
            stage,
            name,
            field_label(name, self.record),
            text,
            must=isinstance(self.record, Company),
        )
        await self.lay(field, LABEL, typed)

    async def keep(self, field: str, value: object) -> bool:
        """Correct the record, on all its deals."""
        return await self.correct(self.record, {field: str(value)})


class RecordHead(HeadLine):
    """Which company or contact this is; who acts, and the day."""

    def __init__(self, look: Look, screen: OpenedRecord) -> None:
        """Tell of the record that a screen shows."""
        super().__init__(look, screen.context)
        self._of = screen

    def where(self) -> list[Piece]:
        """Name the record."""
        palette = self.palette
        return [(f"  {self._of.kind.value} ", palette.muted), (label_of(self._of.record), palette.strong)]
