"""The inbox on a screen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest

from funneltui.domain.inbox import Arrival, Channel
from funneltui.services import inbox
from funneltui.services.inbox_values import Completion
from funneltui.tui.screens.inbox import InboxScreen
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop

SENT = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
LONG = "\n".join(f"line {number}" for number in range(1, 101))


def arrive(
    shop: Shop, id: str, title: str, text: str = "How much is it?", channel: Channel = Channel.MAIL, **texts: str
) -> int:
    """Let something arrive that lacks a source and an expected close, and give its entry's number."""
    told = {"title": title, "contact": "Jan Novak", "email": "jan@acme.example", **texts}
    arrival = Arrival(channel, id, "Jan Novak <jan@acme.example>", told, text, SENT)
    taken = inbox.take_in(shop.context, arrival, Completion({}, {}))
    assert taken.entry is not None
    return taken.entry.number


@pytest.fixture
def waiting(shop: Shop) -> Shop:
    """Give a shop with a deal, and three things that wait: two mails and a form, the newest last."""
    shop.add("Northwind rollout")
    arrive(shop, "1", "Five lamps", source="phone")
    arrive(shop, "2", "Warehouse scanners", LONG)
    arrive(
        shop, "3", "Site network", channel=Channel.FORM, company="Globex", amount="12500", expected_close="15.12.2026"
    )
    return shop


async def seen(board: Board) -> InboxScreen:
    """Show the inbox, and wait until it is read."""
    await board.press("8")
    await board.opens("InboxScreen")
    screen = cast("InboxScreen", board.app.screen)
    await board.until(lambda: screen.state.loaded)
    await board.pilot.pause()
    return screen


def titles(screen: InboxScreen) -> list[str]:
    """Give what is listed, in its order."""
    return [one.entry.texts["title"] for one in screen.state.entries]


def field(board: Board, name: str) -> TypedField:
    """Give a field of the open form."""
    return board.app.screen.query_one(f"#field-{name}", TypedField)
