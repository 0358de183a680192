"""The Textual app: themes, signals, the line filter, the palette of commands; the screens do the rest."""

from __future__ import annotations

import asyncio
import gc
import signal
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events
from textual._compositor import CompositorUpdate
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from funneltui.errors import FunneltuiError
from funneltui.terminal_kind import Colors
from funneltui.tui import theming
from funneltui.tui.actions import spell_keys
from funneltui.tui.driver import ForgivingDriver
from funneltui.tui.first_view import show_first_view
from funneltui.tui.keymap import ANYWHERE, LEAVING, Keymap, in_force
from funneltui.tui.preferences import DEFAULT
from funneltui.tui.sanitize import last_filters
from funneltui.tui.screens.board import BoardScreen
from funneltui.tui.screens.deal_screen import DealScreen
from funneltui.tui.shadow import Difference, Shadow
from funneltui.tui.typed_ahead import TypedAhead
from funneltui.tui.view_switching import ViewSwitching
from funneltui.tui.widgets.painted import Painted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from textual.filter import LineFilter
    from textual.message import Message
    from textual.screen import Screen

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.services.reports import BoardAnswer
    from funneltui.tui.beginning import Beginning
    from funneltui.tui.drafts import Drafts
    from funneltui.tui.preferences import Preferences, Remembering
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker


_PATIENCE = 0.5
"""The seconds after which leaving waits no longer for an action."""


class FunnelApp(ViewSwitching):
    """funneltui on a terminal."""

    TITLE = "funneltui"
    # The first screen's own CSS_PATH is not looked at: Textual reads those of pushed screens only.
    CSS_PATH = "screens/board.tcss"
    ENABLE_COMMAND_PALETTE = True
    ALLOW_SELECT = False  # there is nothing that it could mark: what is shown is painted
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
        preferences: Preferences = DEFAULT,
        remembering: Remembering | None = None,
        drafts: Drafts | None = None,
        keymap: Keymap | None = None,
        colors: Colors = Colors.ALL,
        ascii_only: bool = False,
        beginning: Beginning | None = None,
        options: Mapping[str, str] | None = None,
        upkeep: Callable[[Context], str] | None = None,
    ) -> None:
        """Show the worker's workspace with a look, as the user prefers it, from a first reading if there is one.

        What keys change in the preferences is kept by `remembering`, if there is such.
        `folders` hold the other themes, which are read once the board stands; then `message` is told.
        What is typed is kept in `drafts`, if there are any. `colors` says what the terminal shows, `ascii_only` that it has
        no box characters. With a `beginning` there is no workspace yet: how to begin is asked first.
        `options` are settings that the command line gives, by their keys. `upkeep` is done in the worker's thread once the
        board stands, and says what went wrong with it.
        """
        super().__init__(driver_class=ForgivingDriver, ansi_color=look.ansi or None)
        self.animation_level = "none"
        self.worker, self.look, self.first, self.folders, self.message = worker, look, first, folders, message
        self.preferences, self.remembering, self.drafts = preferences, remembering, drafts
        self.keymap, self.beginning = keymap or Keymap(), beginning
        self.options, self.upkeep = options or {}, upkeep
        self.looks = {look.name: look}
        self.terminal_colors = colors
        self._last = last_filters(colors, ascii_only=ascii_only)
        spell_keys(ascii_only)
        self._shadow = Shadow()
        self.typed_ahead = TypedAhead(self)
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

    async def on_event(self, event: events.Event) -> None:
        """Let a key wait for what those before it have begun; only the key that leaves from anywhere waits for nothing."""
        if not isinstance(event, (events.Key, events.Paste)) or event.is_forwarded:
            await super().on_event(event)
        elif self._leaves(event) or not self.typed_ahead.takes(event):
            target = self.focused or self.screen
            await super().on_event(event)
            self.typed_ahead.sent(event, target)

    def action_command_palette(self) -> None:
        """Show the palette over a screen of deals; over a dialog its commands would act on what lies beneath."""
        if isinstance(self.screen, DealScreen):
            super().action_command_palette()

    def get_default_screen(self) -> Screen[Any]:
        """Begin with the board, or with how to begin."""
        if self.beginning is not None:
            from funneltui.tui.screens.first_start import FirstStart

            return FirstStart(self.beginning, self.look)
        context = self.worker.context
        return BoardScreen(self.worker, context, self.look, context.pipeline, self.first, self.preferences)

    def on_mount(self) -> None:
        """Leave cleanly when the terminal goes away or the system asks; tell what was wrong at the start."""
        self.set_keymap(self.keymap.for_textual())
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(sign, self._leave, 128 + sign)
        self.app_resume_signal.subscribe(self, lambda _: self.action_redraw())
        self.screen_change_signal.subscribe(self, lambda _: self.typed_ahead.look(), immediate=True)
        if self.message:
            self.notify(self.message, severity="warning", markup=False, timeout=10)
        self.set_timer(0.5, self._settle_in)
        if self.beginning is not None:
            return
        self.run_worker(show_first_view(self, self.preferences.first_view), name="first view")
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

    async def renew_pipelines(self, version: int) -> None:
        """Begin anew with the board of its pipeline as it is now: somebody has changed pipelines or rights, so often by now.

        A dialog, and a line that is typed into, are left in peace; the screens look again in a moment.
        """
        from funneltui.services import pipelines

        board = next((one for one in self.screen_stack if isinstance(one, BoardScreen)), None)
        from funneltui.tui.screens.import_file import ImportScreen
        from funneltui.tui.screens.pipelines import PipelinesScreen

        # In these there is something that waits to be applied, or to be imported.
        left_in_peace = (ModalScreen, PipelinesScreen, ImportScreen)
        busy = self.focused is not None or any(isinstance(one, left_in_peace) for one in self.screen_stack)
        if board is None or busy or board.context.pipelines_version == version:
            return
        key = board.pipeline.key
        try:
            context = await self.worker.renew(pipelines.reloaded)
        except FunneltuiError:  # the next look tells it
            return
        await self.show_pipeline(next((one for one in context.in_use if one.key == key), context.pipeline))
        words = "rights or the pipelines were changed, or a backup was restored; this is how it is now"
        self.notify(words, markup=False)

    async def show_pipeline(self, pipeline: Pipeline) -> None:
        """Show the board of a pipeline, and nothing over it."""
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        if not self.screen._result_callbacks:  # the first screen of all was not pushed; switching takes one away
            self.screen._push_result_callback(self.screen, None)
        board = BoardScreen(self.worker, self.worker.context, self.look, pipeline, preferences=self.preferences)
        await self.switch_screen(board)

    def prefer(self, preferences: Preferences, *, written: bool = False) -> None:
        """Go by other preferences from now on; those that keys change are remembered, unless they are written already."""
        before, self.preferences = self.preferences, preferences
        for screen in self.screen_stack:
            if isinstance(screen, BoardScreen):
                screen.show_preferences(preferences)
        if self.remembering is not None and written:
            self.remembering.know(before, preferences)
        elif self.remembering is not None:
            self.remembering.soon(self, preferences)

    async def _settle_in(self) -> None:
        """Do what could wait for the first frame: the garbage collector on again, the other themes read and watched."""
        from funneltui.tui.theme_watch import ThemeWatch, follow

        gc.enable()
        gc.freeze()  # what lives now lives to the end
        watching = partial(follow, self, ThemeWatch(self.folders))  # called only when it is run: the app may end before
        self.run_worker(watching, name="themes")  # type: ignore[arg-type]
        if self.upkeep is not None and self.beginning is None:
            from funneltui.tui.upkeep import look_after

            self.run_worker(look_after(self, self.upkeep), name="upkeep")

    def _offer_drafts(self) -> None:
        from funneltui.tui.draft_offers import offer_drafts

        offer_drafts(self)

    def exit(self, *args: Any, **kwargs: Any) -> None:
        """Leave, for whatever reason; what is being typed is kept as a draft, what keys have changed in the settings."""
        if self.drafts is not None:
            self.drafts.flush(self)
        if self.remembering is not None:
            why_not = self.remembering.at_once()
            if why_not and not self.signal_status:
                kwargs["message"] = Text(f"warning: {why_not}")
        super().exit(*args, **kwargs)

        self._in_a_moment(self.worker.leave)  # an action that waits for the storage would keep the app from ending

    def post_message(self, message: Message) -> bool:
        """Take a message; the key that leaves from anywhere leaves also while an action waits for the storage."""
        if isinstance(message, events.Key) and not message.is_forwarded and self._leaves(message):
            self._in_a_moment(self._leave_anyway)
        return super().post_message(message)

    def _leaves(self, event: events.Event) -> bool:
        keys = self.keymap.keys.get("app.quit", LEAVING).split(",")
        return isinstance(event, events.Key) and event.key == LEAVING and LEAVING in keys

    def _leave_anyway(self) -> None:
        if not self._exit:
            self.exit()

    def _in_a_moment(self, act: Callable[[], None]) -> None:
        if self._loop is not None and self._loop.is_running():
            self._loop.call_later(_PATIENCE, act)

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

        if actions := getattr(self.screen, "ACTIONS", ()):
            self.push_screen(Help(actions))

    async def action_settings(self) -> None:
        """Show the settings, and the keys; not over a dialog."""
        from funneltui.tui.screens.settings import SettingsScreen

        if getattr(self.screen, "ACTIONS", ()) and not isinstance(self.screen, SettingsScreen):
            await self.push_screen(SettingsScreen(self.worker, self.worker.context, self.look, self.options))

    async def action_import_file(self) -> None:
        """Import a file, from where deals are seen."""
        from funneltui.tui.screens.import_file import open_import

        await open_import(self)

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
            for widget in screen.query(Painted):  # in a dialog nothing else tells them
                if widget.look is not self.look:
                    widget.show_look(self.look)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Give the palette's commands: every action of the screen by its name, then the themes."""
        here = next((one for one in reversed(self.screen_stack) if isinstance(one, DealScreen)), None)
        for action in in_force(self, here.ACTIONS) if here else ():
            if action.name == "command_palette":
                continue
            owner = self if action.id.startswith("app.") else here
            name = f"{action.called}  {action.shown_key}"
            yield SystemCommand(name, action.help, partial(self.call_later, getattr(owner, f"action_{action.name}")))
        for look in self.looks.values():
            yield SystemCommand(f"theme {look.name}", look.title, lambda name=look.name: self.show_theme(name))
