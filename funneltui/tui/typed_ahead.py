"""Keys typed ahead: each waits until what the one before it has begun is done, and so means what the person meant."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from textual import events

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from textual.app import App
    from textual.message_pump import MessagePump
    from textual.screen import Screen
    from textual.widget import Widget

_TURNS = 8
"""How often what a key has set off at one widget is waited for there, before its parent's turn comes."""


class TypedAhead:
    """Lets the app's keys through one at a time.

    The next one comes when everything that the last one went through has had its turn, when a screen that has opened
    stands, and when no change of the screen on top is under way. A screen that opens meanwhile gets what was typed for it.
    """

    def __init__(self, app: App[Any]) -> None:
        """Nothing waits."""
        self._app = app
        self._waiting: deque[events.Event] = deque()
        self._let_through: events.Event | None = None
        self._holding: list[Screen[Any]] = []
        self._on: Screen[Any] | None = None
        self._field: Widget | None = None
        self._walk = 0
        self._walking = False

    @property
    def _busy(self) -> bool:
        return self._walking or self._let_through is not None or self._app.screen in self._holding

    def takes(self, event: events.Event) -> bool:
        """Take a key that has to wait, to post it to the app again when its time has come; tell whether it has to."""
        if event is self._let_through:
            self._let_through = None
            return False
        if not self._waiting and self._app.screen is self._on and not self._busy and self._goes_on_with(event):
            return False
        self._waiting.append(event)
        self.look()
        return True

    def sent(self, event: events.Event, target: Widget) -> None:
        """Wait for what a key does that was sent to a widget; letters follow each other into their field by themselves."""
        if is_letter(event, target):
            self._field = target
            self.look()
        else:
            self._begin(target)

    def look(self) -> None:
        """Let the next key through, if nothing is in its way; called whenever that may have changed."""
        if not self._app.screen_stack:
            return
        if self._app.screen is not self._on:
            self._begin(self._app.screen)
        elif self._waiting and not self._busy:
            if self._field is not None and not self._goes_on_with(self._waiting[0]):
                self._begin(self._field)
            else:
                self._let_through = self._waiting.popleft()
                self._app.post_message(self._let_through)

    def _goes_on_with(self, event: events.Event) -> bool:
        """Tell whether nothing was typed into a field, or this is typed into the same one."""
        return self._field is None or (self._app.focused is self._field and is_letter(event, self._field))

    @contextmanager
    def held(self, screen: Screen[Any]) -> Iterator[None]:
        """Let keys wait as long as something that they depend on is under way, while this screen is the one on top."""
        self._holding.append(screen)
        try:
            yield
        finally:
            self._holding.remove(screen)
            self.look()

    def _begin(self, target: MessagePump) -> None:
        self._on, self._walking, self._field = self._app.screen, True, None
        self._walk += 1
        self._go_on(target, _Walk(self._walk, target))

    def _go_on(self, pump: MessagePump | None, walk: _Walk) -> None:
        """Get into a queue, behind the key; one that is closing lets nothing in."""
        while pump is not None and not pump.call_later(self._arrived, pump, walk):
            pump = pump._parent
        if pump is None:
            self._app.call_later(self._arrived, self._app, walk)

    def _arrived(self, pump: MessagePump, walk: _Walk, turn: int = 1) -> None:
        """All that came before has been handled here: on to the parent, as keys go.

        From the app, which does what keys are bound to, once more on the same way: that may have sent something there.
        """
        if walk.number != self._walk:
            return
        if pump.message_queue_size and turn < _TURNS and pump.call_later(self._arrived, pump, walk, turn + 1):
            return
        if pump is not self._app:
            self._go_on(pump._parent or self._app, walk)
        elif not walk.again:
            self._go_on(walk.target, replace(walk, again=True))
        else:
            self._walking = False
            self.look()


@dataclass(frozen=True, slots=True)
class _Walk:
    """The way of a key: from the widget that it was sent to up to the app."""

    number: int
    target: MessagePump
    again: bool = False


def is_letter(event: events.Event, target: Widget) -> bool:
    """Tell whether a key is typed into a field: what comes after it then comes after it there, too."""
    return isinstance(event, events.Key) and event.is_printable and target.check_consume_key(event.key, event.character)


def held(screen: Screen[Any]) -> AbstractContextManager[None]:
    """Let the keys of a screen's app wait as long as something that they depend on is under way; see `TypedAhead`."""
    ahead: TypedAhead | None = getattr(screen.app, "typed_ahead", None)
    return ahead.held(screen) if ahead else nullcontext()
