"""What the tests of companies and contacts share: their screen over the board, and a shop with some of them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from funneltui.services.record_windows import Kind, label_of, record_of
from funneltui.tui.screens.opened_record import OpenedRecord
from funneltui.tui.screens.records import RecordsScreen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.tui.conftest import Board, Shop, Show


class Seen:
    """The screen of companies and contacts at work over the board that it was opened from."""

    def __init__(self, board: Board, screen: RecordsScreen) -> None:
        self.board, self.screen = board, screen

    @property
    def names(self) -> list[str]:
        """What the records that are read are called, in the list's order."""
        return [label_of(record_of(line)) for line in self.screen.state.tab.lines]

    @property
    def here(self) -> str:
        """What the record under the cursor is called."""
        return label_of(self.screen.record) if self.screen.record else ""

    def row(self, name: str) -> list[str]:
        """Give the words of the line of the screen that begins with a name."""
        return next(line[3:].split() for line in self.board.lines if line[3:].startswith(name))

    async def press(self, *keys: str) -> None:
        """Press keys."""
        await self.board.press(*keys)

    async def lists(self, *names: str) -> None:
        """Wait until the list holds these records in this order."""
        await self.board.until(lambda: self.names == list(names))
        await self.board.pilot.pause()

    async def opens(self, dialog: str) -> None:
        """Wait until something stands over the list, or nothing."""
        await self.board.opens(dialog or "RecordsScreen")

    async def go_to(self, name: str) -> None:
        """Put the cursor on a record that is read."""
        self.screen.go(self.screen.state.tab.start + self.names.index(name))
        await self.board.pilot.pause()

    async def open(self, name: str) -> OpenedRecord:
        """Open a record."""
        await self.go_to(name)
        await self.press("enter")
        await self.opens("OpenedRecord")
        screen = self.board.app.screen
        assert isinstance(screen, OpenedRecord)
        return screen


@asynccontextmanager
async def seen(
    show: Show, size: tuple[int, int] = (120, 36), kind: Kind = Kind.COMPANY, **more: Any
) -> AsyncIterator[Seen]:
    """Show companies and contacts over the board."""
    async with show(size, **more) as board:
        app = board.app
        screen = RecordsScreen(app.worker, app.worker.context, app.look, kind)
        app.push_screen(screen)
        await board.until(lambda: screen.state.loaded)
        await board.pilot.pause()
        yield Seen(board, screen)


def fill(shop: Shop) -> Shop:
    """Add deals with companies and contacts, some of which are probably the same."""
    ana = {"company": "Acme", "contact": "Ana Novak", "email": "ana@acme.example", "phone": "041 234 567"}
    shop.add("CRM rollout", amount=1_250_000, **ana)
    for title, amount, currency in (("Pilot", 300_000, "EUR"), ("Licences", 70_000, "USD")):
        shop.move(shop.add(title, amount=amount, currency=currency, **ana).number, "acquired")
    lost = shop.add("Hardware", company="Acme", contact="Bor Kos", email="bor@acme.example", amount=10_000)
    shop.move(lost.number, "resigned", reason="price")
    shop.add("Support", company="Acme d.o.o.", contact="Ana Novak", email="ana@acme.example", amount=90_000)
    shop.add("Migration", company="Globex", contact="Cene Zupan", phone="031 987 654", amount=4_000_000)
    shop.add("Training", company="Hooli", email="office@hooli.example")
    return shop
