"""What the board's tests share: a workspace in a file, the app on it without a terminal, and its screen as text."""

from __future__ import annotations

import asyncio
import gc
import math
import time
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual._styles_cache import StylesCache
from textual.css.stylesheet import Stylesheet

from funneltui.domain.history import Role
from funneltui.services import activities, deals, moves, people, workspaces
from funneltui.storage.database import close, has_written, query
from funneltui.tui import theming
from funneltui.tui.app import FunnelApp
from funneltui.tui.preferences import DEFAULT, Preferences, Remembering
from funneltui.tui.screens.board import BoardScreen
from funneltui.tui.worker import Worker
from tests.conftest import make_workspace, put_file, small_pipeline
from tests.tui.quiet import QUIET

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from textual.css.model import RuleSet
    from textual.pilot import Pilot

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Clock, Context
    from funneltui.tui.board_state import BoardState

THEMES = Path(__file__).parents[2] / "themes"
TODAY = date(2026, 11, 21)
PATIENCE = 30.0


class Shop:
    """A workspace in a file, and somebody in it who is not the one at the board."""

    def __init__(self, path: Path, clock: Clock, pipeline: Pipeline) -> None:
        self.path, self.clock, self.pipeline = path, clock, pipeline
        make_workspace(path, pipeline)
        self.context = self._opened()

    def _opened(self) -> Context:
        return workspaces.open_workspace(str(self.path), "ana", self.clock, chosen=True)

    def kept_or_made(self, kept: dict[object, bytes], make: Callable[[Shop], None]) -> None:
        """Fill the workspace, and keep its file to begin the next one with; not if there is something in it already."""
        if has_written(self.context.database):
            make(self)
            return
        key = (self.pipeline, self.clock.now(), self.clock.zone)
        if key not in kept:
            make(self)
            close(self.context.database)
            kept[key] = self.path.read_bytes()
        else:
            close(self.context.database)
            put_file(self.path, kept[key])
        self.context = self._opened()

    def add(self, title: str = "Northwind", stage: str | None = None, **values: Any) -> Deal:
        """Add a deal with what every deal needs, and with these values."""
        basic = {"title": title, "source": "web", "expected_close": date(2026, 12, 15)}
        return deals.add(self.context, basic | values, stage)

    def move(self, number: int, stage: str, **given: Any) -> Deal:
        """Move a deal behind the back of whoever sits at the board."""
        return moves.move(self.context, [number], stage, given)[0]

    def deal(self, number: int) -> Deal:
        """Give a deal as it is stored now."""
        return deals.show(self.context, number).deal

    def rep(self, name: str) -> None:
        """Add a rep."""
        people.add_user(self.context, name, Role.REP)

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        return int(query(self.context.database, f"SELECT count(*) FROM {table}")[0][0])

    def rows(self) -> list[object]:
        """Give everything that is stored of deals, to be compared."""
        tables = ("deal", "visit", "event", "company", "contact")
        return [query(self.context.database, f"SELECT * FROM {table} ORDER BY 1") for table in tables]


class Board:
    """The app at work, its keys, and its screen as text."""

    def __init__(self, app: FunnelApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def lines(self) -> list[str]:
        """The lines of the screen as they leave for the terminal."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def screen(self) -> BoardScreen:
        """The board's screen, whatever lies over it."""
        return next(one for one in self.app.screen_stack if isinstance(one, BoardScreen))

    @property
    def state(self) -> BoardState:
        """What the board knows."""
        return self.screen.state

    @property
    def under_cursor(self) -> str:
        """The title of the deal under the cursor."""
        return self.state.deal.title if self.state.deal else ""

    @property
    def dialog(self) -> str:
        """The name of what lies over the board, if anything does."""
        return "" if isinstance(self.app.screen, BoardScreen) else type(self.app.screen).__name__

    @property
    def told(self) -> str:
        """Everything that was said in the corner of the screen."""
        return "\n".join(note.message for note in self.app._notifications)

    def titles(self, stage: str) -> list[str]:
        """Give the titles in a lane as the board has read them."""
        return [deal.title for deal in self.state.lanes[stage].deals]

    async def press(self, *keys: str) -> None:
        """Press keys, each after what the one before did is seen."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type a text into the field that has the focus."""
        field = self.app.focused
        assert field is not None
        self._send(*text)
        await self.until(lambda: getattr(field, "value", "").endswith(text))

    async def at_once(self, *keys: str) -> None:
        """Press keys with no time at all between them, as one packet of a slow line brings them."""
        self._send(*keys)
        await self.pilot.pause()

    def _send(self, *keys: str) -> None:
        from textual.events import Key
        from textual.keys import _character_to_key

        driver = self.app._driver
        assert driver is not None
        for key in keys:
            character = {"enter": "\r", "escape": "\x1b", "tab": "\t"}.get(key, key)
            name = _character_to_key(key) if len(key) == 1 else key
            event = Key(name, character)
            event.set_sender(self.app)
            driver.send_message(event)

    async def until(self, condition: Callable[[], bool], seconds: float | None = None) -> None:
        """Wait until something is so; fail, with the screen, if it never is, or not within so many of the app's seconds."""
        loop = asyncio.get_running_loop()
        patience, end = time.monotonic() + PATIENCE, loop.time() + (seconds or math.inf)
        while not condition():
            late = time.monotonic() >= patience or loop.time() >= end
            assert not late, f"it did not come about; {self.told}\n{self.text}"
            await self.pilot.pause()
            if not condition():
                await QUIET.skip()

    async def shows(self, text: str, seconds: float | None = None) -> None:
        """Wait until a text is on the screen."""
        await self.until(lambda: text in self.text, seconds)

    async def tells(self, text: str) -> None:
        """Wait until something was said."""
        await self.until(lambda: text in self.told)

    async def opens(self, dialog: str) -> None:
        """Wait until a dialog stands, or with an empty name until none does."""
        await self.until(
            lambda: self.dialog == dialog and self.app.screen.is_mounted and self.app.screen.size.width > 0
        )
        await self.pilot.pause()


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever presses a key wait for the app to be quiet, and no longer."""
    QUIET.install(monkeypatch)


@pytest.fixture(autouse=True)
def nothing_stays(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the app go when its test is over: what it keeps for its whole life would fill the memory, one after another."""
    monkeypatch.setattr(gc, "freeze", lambda: None)
    yield
    StylesCache.get_inner_outer.cache_clear()  # type: ignore[attr-defined]  # it holds every widget's lines


@pytest.fixture(autouse=True)
def style_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parse a style sheet once for the same variables, not once an app."""
    monkeypatch.setattr(Stylesheet, "_parse_rules", _parsed_once)


@pytest.fixture
def pipeline() -> Pipeline:
    """Give the pipeline of the workspace; a test may want another one."""
    return small_pipeline()


@pytest.fixture
def shop(tmp_path: Path, clock: Clock, pipeline: Pipeline) -> Iterator[Shop]:
    """Give a new workspace of the manager ana."""
    opened = Shop(tmp_path / "shop.db", clock, pipeline)
    yield opened
    close(opened.context.database)


_parse_rules = Stylesheet._parse_rules
_parsed: dict[object, list[RuleSet]] = {}


def _parsed_once(sheet: Stylesheet, css: str, *place: Any, **kind: Any) -> list[RuleSet]:
    key = (css, place, tuple(kind.items()), tuple(sheet._variables.items()))
    if key not in _parsed:
        _parsed[key] = _parse_rules(sheet, css, *place, **kind)
    return _parsed[key]


Show = Any
"""A function that shows the shop's board: `async with show(size, user=..., theme=...) as board`."""


@pytest.fixture
def show(shop: Shop, clock: Clock) -> Show:
    """Give a function that shows the shop's board; see `showing`."""
    return showing(shop, clock)


def showing(shop: Shop, clock: Clock) -> Show:
    """Give a function that shows a shop's board at a size, to a user, with a theme, as he prefers it.

    What keys change in his preferences is written into the file `remembers`, if one is given.
    """

    @asynccontextmanager
    async def board(
        size: tuple[int, int] = (120, 36),
        user: str = "ana",
        theme: str = "night",
        folders: tuple[Path, ...] = (THEMES,),
        preferences: Preferences = DEFAULT,
        remembers: Path | None = None,
    ) -> AsyncIterator[Board]:
        def opener() -> Context:
            return workspaces.open_workspace(str(shop.path), user, clock, chosen=True)

        worker = Worker(opener)
        look, message = theming.first_look(folders, theme)
        remembering = Remembering(worker, remembers, preferences) if remembers else None
        app = FunnelApp(worker, look, None, folders, message, preferences=preferences, remembering=remembering)
        try:
            async with app.run_test(size=size, notifications=True) as pilot:
                shown = Board(app, pilot)
                await shown.until(lambda: shown.state.loaded)
                await pilot.pause()
                yield shown
        finally:
            worker.close()

    return board


@pytest.fixture
def full(shop: Shop) -> Shop:
    """Give the workspace with deals in every stage, one of each mark."""
    return filled(shop)


def filled(shop: Shop) -> Shop:
    """Put deals into every stage of a new workspace, one of each mark, and give it."""
    shop.kept_or_made(_full, _fill)
    return shop


_full: dict[object, bytes] = {}


def _fill(shop: Shop) -> None:
    shop.add(
        "Northwind rollout", company="Acme", amount=1_250_000, follow_up=date(2026, 11, 18), follow_up_note="call Anna"
    )
    shop.add("Hooli pilot", amount=300_000, expected_close=date(2026, 11, 21))
    shop.add("Soylent onboarding", follow_up=date(2026, 12, 2))
    shop.add("Globex migration", "acquisition", detail="meeting", amount=800_000, expected_close=date(2026, 12, 2))
    shop.add("Initech licences", "offered", detail="contract", follow_up=date(2026, 11, 25), amount=4_000_000)
    won = shop.add("Umbrella renewal", amount=900_000)
    shop.move(won.number, "acquired")
    lost = shop.add("Vandelay import", amount=10_000)
    shop.move(lost.number, "resigned", reason="price", reason_note="two cents above")


@pytest.fixture
def history(full: Shop) -> Shop:
    """Give a shop with deals that were won, lost, brought back, and spam."""
    for title in ("Won by now", "Lost by now", "Back again", "Rubbish"):
        full.add(title, amount=10_000)
    won, lost, back, rubbish = range(full.count("deal") - 3, full.count("deal") + 1)
    context = full.context
    moves.move(context, [won, lost, back], "acquisition", {"detail": "call"})
    moves.win(context, won)
    moves.lose(context, [lost], {"reason": "price"})
    moves.move(context, [back], "waiting")
    activities.spam(context, [rubbish])
    return full
