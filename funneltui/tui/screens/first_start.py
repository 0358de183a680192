"""The first start: with no workspace there, how one begins; one key makes it, and its board opens."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from funneltui.domain.money import minor_digits
from funneltui.domain.text import counted
from funneltui.errors import FunneltuiError
from funneltui.tui.actions import Action, bindings
from funneltui.tui.first_start_actions import FIRST
from funneltui.tui.keymap import in_force
from funneltui.tui.painting import fit, spread, width_of
from funneltui.tui.screens.board_ground import LEAST_HEIGHT, LEAST_WIDTH
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.note import Note
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.preset_cards import Way, WayList, WayPage

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.style import Style
    from textual.app import ComposeResult

    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.first_import import FirstImport
    from funneltui.services.context import Context
    from funneltui.tui.app import FunnelApp
    from funneltui.tui.beginning import Beginning
    from funneltui.tui.theming import Look

_WIDE = 64


class Head(Painted):
    """Two lines: the program and who will act; what is the matter, and where the workspace will be."""

    def __init__(self, look: Look, beginning: Beginning) -> None:
        """Show a beginning."""
        super().__init__(look, id="head")
        self.beginning = beginning

    def line_style(self, y: int) -> Style:
        """The first line is a bar, as on every screen."""
        return self.palette.bar if y == 0 else super().line_style(y)

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line."""
        palette = self.palette
        if y == 0:
            who = f"you are {self.beginning.user}, its manager "
            return spread([(" funneltui", palette.key), ("  First start", palette.strong)], [(who, palette.muted)],
                          width, palette.text)  # fmt: skip
        if y != 2:
            return []
        question = " There is no workspace yet. How do you begin?"
        lead, place = "it will be ", self.beginning.place
        room = width - width_of(question) - width_of(lead) - 4
        where = place if width_of(place) <= room else f"…{place[-room + 1 :]}"
        told: list[Piece] = [(f"{lead}{where} ", palette.muted)] if room > 16 else []
        return spread([(question, palette.strong)], told, width, palette.text)


class FirstStart(Screen[None]):
    """Offers the presets, a file and the demo; the board takes its place once a workspace is made."""

    AUTO_FOCUS = ""
    # The style sheet of an app's first screen is not looked at.
    DEFAULT_CSS = """
    FirstStart { layout: vertical; background: $background; color: $foreground; }
    FirstStart > #head { height: 4; }
    FirstStart > #begin { height: 1fr; }
    FirstStart > #begin > #ways { width: 30; height: 100%; }
    FirstStart > #begin > #about { width: 1fr; height: 100%; }
    FirstStart.-narrow > #begin > #ways { width: 1fr; }
    FirstStart.-narrow > #begin > #about { display: none; }
    FirstStart.-low > #head { height: 1; }
    FirstStart > #bottom { height: 1; }
    FirstStart.-small > #begin, FirstStart.-small > #head { display: none; }
    FirstStart > #note { width: 1fr; height: 1fr; }
    """
    ACTIONS: ClassVar[tuple[Action, ...]] = FIRST
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(FIRST),
        *(Binding(str(digit), f"pick({digit - 1})", show=False) for digit in range(1, 10)),
    ]
    app: FunnelApp

    def __init__(self, beginning: Beginning, look: Look) -> None:
        """Offer a beginning."""
        super().__init__()
        self.worker, self.beginning, self.look = beginning.worker, beginning, look
        self.currency = beginning.currency
        self._busy = False
        ways = [_way_of(preset.pipeline) for preset in beginning.presets]
        ways[0] = replace(ways[0], heading="A pipeline of your own")
        others = [Way("import a file", "csv", "Deals that you have"), Way("try the demo", "", "Only a look")]
        self._head, self._list, self._page = Head(look, beginning), WayList(look, [*ways, *others]), WayPage(look)
        self._bottom, self._note = KeysBar(look, FIRST), Note(look)

    def compose(self) -> ComposeResult:
        """Lay out the question, the ways, what they are, the keys."""
        yield from (self._head, self._note, Horizontal(self._list, self._page, id="begin"), self._bottom)

    def on_mount(self) -> None:
        """Begin with the first preset."""
        self._show()

    def on_resize(self) -> None:
        """Leave the page out where there is no room for it, and say so where there is none for anything."""
        width, height = self.size
        small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        for name, on in (("-small", small), ("-narrow", width < _WIDE), ("-low", height < 14)):
            self.set_class(on, name)
        self._note.display = small
        self._note.say(f"funneltui needs {LEAST_WIDTH}x{LEAST_HEIGHT} cells,", f"this is {width}x{height}.")

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (self._head, self._list, self._page, self._bottom, self._note):
            widget.show_look(look)

    def tell(self, message: str) -> None:
        """Say something in a corner of the screen."""
        self.app.clear_notifications()
        self.app.notify(message, severity="warning", markup=False, timeout=8)

    @property
    def pipelines(self) -> list[Pipeline]:
        """The presets, in the currency that is chosen."""
        return [replace(preset.pipeline, currency=self.currency) for preset in self.beginning.presets]

    def _show(self) -> None:
        place = self._list.place
        if place < len(self.beginning.presets):
            self._page.show_pipeline(self.pipelines[place], self.beginning.presets[place].description)
        elif place == len(self.beginning.presets):
            self._page.show_text(
                "Import a file",
                "A CSV file, as every other system can write it, or a spreadsheet. Columns, dates and encoding are "
                "found out; the pipeline is the one that knows most of the file's stages.",
                "You see what would be created, and what is rejected and why, before anything is made.",
            )
        else:
            self._page.show_text(
                "Try the demo",
                "A throw-away workspace full of invented deals: a board with every mark on it, follow-ups for today, two "
                "years of history behind the funnel. Move, win, lose and undo as you like: nothing of it stays.",
            )

    def action_down(self) -> None:
        """The next way."""
        self.action_pick(self._list.place + 1)

    def action_up(self) -> None:
        """The one before."""
        self.action_pick(self._list.place - 1)

    def action_pick(self, place: int) -> None:
        """Choose a way."""
        if place < len(self._list.ways):
            self._list.go(place)
            self._show()

    def on_way_list_chosen(self, message: WayList.Chosen) -> None:
        """A click chooses; a second one begins."""
        if message.place == self._list.place:
            self.run_worker(self.action_begin())
        else:
            self.action_pick(message.place)

    def action_page_down(self) -> None:
        """Scroll."""
        self._page.page(1)

    def action_page_up(self) -> None:
        """Scroll back."""
        self._page.page(-1)

    def action_help(self) -> None:
        """Show the keys of where you are."""
        from funneltui.tui.screens.help import Help

        self.app.push_screen(Help(in_force(self.app, FIRST)))

    def action_leave(self) -> None:
        """Leave; nothing was made."""
        self.app.exit()

    async def action_currency(self) -> None:
        """Choose another currency."""
        from funneltui.tui.screens.small_dialogs import WordsDialog

        def check(text: str) -> str:
            minor_digits(text.strip().upper())
            return ""

        def said(text: str | None) -> None:
            if text is not None:
                self.currency = text.strip().upper()
                self._show()

        await self.app.push_screen(WordsDialog("Currency", f"now {self.currency}", "EUR, USD, CZK ...", check), said)

    async def action_begin(self) -> None:
        """Begin with what is chosen. Awaited to the end: keys that were typed ahead then reach the board."""
        if self._busy:
            return
        place = self._list.place
        if place < len(self.beginning.presets):
            await self._open(partial(self.beginning.create, self.pipelines[place]))
        elif place == len(self.beginning.presets):
            self.app.run_worker(self._import(), name="first import")  # it outlives this screen
        elif await self._open(partial(self.beginning.demo, self.currency)):
            self.app.drafts = None  # nobody comes back to a throw-away workspace

    async def _open(self, opener: Callable[[], Context], *, shown: bool = True) -> bool:
        """Make the workspace and show its board; tell whether that could be done."""
        self._busy = True
        try:
            context = await self.worker.open(opener)
        except (FunneltuiError, OSError) as error:
            self.tell(str(error))
            return False
        finally:
            self._busy = False
        if shown:
            await self.app.show_pipeline(context.pipeline)
        return True

    async def _import(self) -> None:
        """Ask for a file, show what it would bring, and bring it."""
        from funneltui.tui.screens.file_dialog import FileDialog
        from funneltui.tui.screens.first_import import FirstImportDialog
        from funneltui.tui.screens.import_dialogs import ENDINGS, PATH_HINT

        path = await self.app.push_screen_wait(FileDialog(self.look, "Import a file", PATH_HINT, ENDINGS))
        if path is None:
            return
        dialog = FirstImportDialog(self.look, self.beginning, self.pipelines, path)
        plan = await self.app.push_screen_wait(dialog)
        if plan is not None and await self._open(partial(self.beginning.create, plan.pipeline), shown=False):
            await self._bring(plan)

    async def _bring(self, plan: FirstImport) -> None:
        """Import into the workspace that was just made, and show its board."""
        from funneltui.exchange.rejected_rows import free_place

        self._busy = True
        loop = asyncio.get_running_loop()

        def told(done: int, size: int) -> None:
            share = f"{100 * done // size} %" if size else ""
            loop.call_soon_threadsafe(self._page.show_text, f"Importing {plan.table.path.name}", share)

        try:
            rejects = await self.worker.apart(free_place, plan.table.path)
            report = await self.worker.run(plan.carry_out, rejects=rejects, progress=told)
        except FunneltuiError as error:
            words, severity = f"the workspace is made, but the import stopped: {error}", "error"
        else:
            left = f"; {counted(len(report.rejected), 'row')} rejected, now in {rejects}" if report.rejected else ""
            words, severity = f"{report.created:,} deals imported from {plan.table.path.name}{left}", "information"
        await self.app.show_pipeline(self.worker.context.pipeline)
        self.app.notify(words, severity=severity, markup=False, timeout=10)  # type: ignore[arg-type]


def _way_of(pipeline: Pipeline) -> Way:
    return Way(fit(pipeline.key, 18).rstrip(), f"{len(pipeline.stages)} stages")
