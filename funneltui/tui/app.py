"""The Textual app: themes, signals, the line filter, the palette of commands; the screens do the rest."""

from __future__ import annotations

import asyncio
import gc
import signal
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from funneltui.tui import theming
from funneltui.tui.actions import UNNAMED
from funneltui.tui.driver import ForgivingDriver
from funneltui.tui.keymap import ANYWHERE, Keymap, in_force
from funneltui.tui.sanitize import last_filters
from funneltui.tui.screens.board import BoardScreen
from funneltui.tui.screens.deal_screen import DealScreen
from funneltui.tui.screens.moving import Moving
from funneltui.tui.shadow import Difference, Shadow
from funneltui.tui.terminal_kind import Colors

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from textual.filter import LineFilter
    from textual.screen import Screen

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.reports import BoardAnswer
    from funneltui.tui.drafts import Drafts
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker


class FunnelApp(App[None]):
    """funneltui on a terminal."""

    TITLE = "funneltui"
    # The first screen's own CSS_PATH is not looked at: Textual reads those of pushed screens only.
    CSS_PATH = "screens/board.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    # Textual's own, with the ids by which a keymap can take them away.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(key, action.removeprefix("app."), show=False, priority=True, id=name)
        for action, (key, name) in ANYWHERE.items()
    ]

    def __init__(
        self,
        worker: Worker,
        look: Look,
        first: BoardAnswer | None = None,
        folders: Sequence[Path] = (),
        message: str = "",
        *,
        review: bool = False,
        drafts: Drafts | None = None,
        keymap: Keymap | None = None,
        colors: Colors = Colors.ALL,
        ascii_only: bool = False,
    ) -> None:
        """Show the worker's workspace with a look, from a first reading if there is one; with `review`, that first.

        `folders` hold the other themes, which are read once the board stands; then `message` is told.
        What is typed is kept in `drafts`, if there are any. `colors` says what the terminal shows, `ascii_only` that it has
        no box characters.
        """
        super().__init__(driver_class=ForgivingDriver, ansi_color=look.ansi or None)
        self.animation_level = "none"
        self.worker, self.look, self.first, self.folders, self.message = worker, look, first, folders, message
        self.review_first, self.drafts = review, drafts
        self.keymap = keymap or Keymap()
        self.looks = {look.name: look}
        self.terminal_colors = colors
        self._last = last_filters(colors, ascii_only=ascii_only)
        self._shadow = Shadow()
        self.signal_status = 0
        self.register_theme(look.theme)
        self.theme = look.name

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Give Textual's filters and, last of all, ours: nothing that acts on a terminal leaves, and what it cannot show."""
        return [*super().get_line_filters(), *self._last]

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        """Send only the cells that differ from what the terminal shows."""
        if isinstance(renderable, CompositorUpdate):
            renderable = Difference(self._shadow, renderable)
        super()._display(screen, renderable)

    async def _on_key(self, event: events.Key) -> None:
        """Hand keys that were typed ahead to what has opened meanwhile: a field, a dialog, the choice of a stage.

        Whatever was opened before the key came has had it before; here are those that came in the same packet.
        """
        field = self.focused
        if event.is_printable and field is not None and field.check_consume_key(event.key, event.character):
            event.prevent_default()  # Textual calls the handler of every class by itself
            field.post_message(events.Key(event.key, event.character))
        elif isinstance(self.screen, Moving) and self.screen.choosing:
            event.prevent_default()
            await self.screen.choose_stage(event.character or "")
        elif (begin := getattr(self.screen, "begin_typing", None)) and begin(event):
            event.prevent_default()

    def action_command_palette(self) -> None:
        """Show the palette over a screen of deals; over a dialog its commands would act on what lies beneath."""
        if isinstance(self.screen, DealScreen):
            super().action_command_palette()

    def get_default_screen(self) -> Screen[Any]:
        """Begin with the board."""
        context = self.worker.context
        return BoardScreen(self.worker, context, self.look, context.pipeline, self.first)

    def on_mount(self) -> None:
        """Leave cleanly when the terminal goes away or the system asks; tell what was wrong at the start."""
        self.set_keymap(self.keymap.for_textual())
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(sign, self._leave, 128 + sign)
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        if self.message:
            self.notify(self.message, severity="warning", markup=False, timeout=10)
        self.set_timer(0.5, self._settle_in)
        if self.review_first:
            self.show_review()
        if self.drafts is not None:
            self.call_after_refresh(self._offer_drafts)

    def show_review(self, pipeline: Pipeline | None = None) -> None:
        """Review a pipeline, or all of them; the board beneath is read anew afterwards."""
        from funneltui.tui.screens.review import ReviewScreen

        async def left(_: None) -> None:
            for screen in self.screen_stack:
                if isinstance(screen, BoardScreen):
                    await screen.reload()

        self.push_screen(ReviewScreen(self.worker, self.worker.context, self.look, pipeline), left)

    async def renew_pipelines(self, key: str) -> None:
        """Begin anew with the board of a pipeline as it is now: somebody has changed the pipelines.

        A dialog is left in peace; the board looks again in a moment.
        """
        from funneltui.services import pipelines

        if any(isinstance(screen, ModalScreen) for screen in self.screen_stack):
            return
        context = await self.worker.renew(pipelines.reloaded)
        await self.show_pipeline(next((one for one in context.in_use if one.key == key), context.pipeline))
        self.notify("the pipelines were changed; this is how they are now", markup=False)

    async def show_pipeline(self, pipeline: Pipeline) -> None:
        """Show the board of a pipeline, and nothing over it."""
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        if not self.screen._result_callbacks:  # the first screen of all was not pushed; switching takes one away
            self.screen._push_result_callback(self.screen, None)
        await self.switch_screen(BoardScreen(self.worker, self.worker.context, self.look, pipeline))

    async def _settle_in(self) -> None:
        """Do what could wait for the first frame: the garbage collector on again, the other themes read and watched."""
        from funneltui.tui.theme_watch import ThemeWatch, follow

        gc.enable()
        gc.freeze()  # what lives now lives to the end
        self.run_worker(follow(self, ThemeWatch(self.folders)), name="themes")

    def _offer_drafts(self) -> None:
        from funneltui.tui.draft_offers import offer_drafts

        offer_drafts(self)

    def exit(self, *args: Any, **kwargs: Any) -> None:
        """Leave, for whatever reason; what is being typed is kept as a draft."""
        if self.drafts is not None:
            self.drafts.flush(self)
        super().exit(*args, **kwargs)

    def _leave(self, status: int) -> None:
        self.signal_status = status
        self.exit(return_code=status)

    def _handle_exception(self, error: Exception) -> None:
        """Report what fell over, and end; except while a signal's exit takes a screen down that was only being built.

        From `exit` on Textual mounts nothing more: the `on_mount` of a dialog that is opening finds no widget of its own.
        """
        if not self.signal_status:
            super()._handle_exception(error)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Show an address instead of starting a browser on the server that the terminal is connected to."""
        self.notify(url, markup=False)

    def action_redraw(self) -> None:
        """Paint everything anew: something else has written on the screen."""
        self._shadow.forget()
        self.screen.refresh(layout=True)

    async def action_quit(self) -> None:
        """Leave."""
        self.exit()

    def action_help(self) -> None:
        """Show the keys of where you are."""
        from funneltui.tui.screens.help import Help

        if isinstance(self.screen, DealScreen):
            self.push_screen(Help(self.screen.ACTIONS))

    def show_theme(self, name: str) -> None:
        """Change the theme everywhere at once; one that asks for more colours than there are is refused."""
        if not self.looks[name].fits(self.terminal_colors):
            self.notify(theming.too_rich(self.looks[name]), severity="warning", markup=False)
            return
        self.look = self.looks[name]
        self.ansi_color = self.look.ansi or None
        self.theme = name
        for screen in self.screen_stack:
            if paint := getattr(screen, "show_look", None):  # the board, and whatever full screens lie over it
                paint(self.look)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Give the palette's commands: every action of the screen by its name, then the themes."""
        here = next((one for one in reversed(self.screen_stack) if isinstance(one, DealScreen)), None)
        for action in in_force(self, here.ACTIONS) if here else ():
            if action.group in UNNAMED or action.name == "command_palette":
                continue
            owner = self if action.id.startswith("app.") else here
            name = f"{action.label or action.name.replace('_', ' ')}  {action.shown_key}"
            yield SystemCommand(name, action.help, partial(self.call_later, getattr(owner, f"action_{action.name}")))
        for look in self.looks.values():
            yield SystemCommand(f"theme {look.name}", look.title, lambda name=look.name: self.show_theme(name))
