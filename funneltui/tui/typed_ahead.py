"""Keys typed ahead: each waits until what the one before it has begun is done, and so means what the person meant."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual import events

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
        self._holding: dict[tuple[Screen[Any], object], _Hold] = {}
        self._on: Screen[Any] | None = None
        self._field: Widget | None = None
        self._walk = 0
        self._walking = False

    @property
    def _is_under_way(self) -> bool:
        return self._walking or self._let_through is not None

    def _is_held(self, event: events.Event) -> bool:
        leaving = isinstance(event, events.Key) and event.key == "escape"
        here = (hold for (screen, _), hold in self._holding.items() if screen is self._app.screen)
        return any(not (leaving and hold.is_reading) for hold in here)

    def takes(self, event: events.Event) -> bool:
        """Take a key that has to wait, to post it to the app again when its time has come; tell whether it has to."""
        if event is self._let_through:
            self._let_through = None
            return False
        if not self._waiting and self._app.screen is self._on and self._may_go(event):
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
        elif self._waiting and self._may_go(self._waiting[0]):
            self._let_through = self._waiting.popleft()
            self._app.post_message(self._let_through)
        elif (
            self._waiting
            and self._field is not None
            and not self._is_under_way
            and not self._is_typed_on(self._waiting[0])
        ):
            self._begin(self._field)

    def _may_go(self, event: events.Event) -> bool:
        """Tell whether nothing is in a key's way. A field takes letter after letter, whatever else is under way."""
        if self._is_under_way:
            return False
        return self._is_typed_on(event) or (self._field is None and not self._is_held(event))

    def _is_typed_on(self, event: events.Event) -> bool:
        """Tell whether this goes on with what is typed into a field."""
        return self._field is not None and self._app.focused is self._field and is_letter(event, self._field)

    def hold(self, screen: Screen[Any], group: str = "", *, reading: bool = False) -> Callable[[], None]:
        """Let keys wait while something that they depend on is under way and this screen is the one on top.

        Gives what ends that. A later one of the same group of the screen takes the place of the one before. Escape does
        not wait for what is only read.
        """
        mine = _Hold(reading)
        place = (screen, group or mine)
        self._holding[place] = mine

        def end() -> None:
            if self._holding.get(place) is mine:
                del self._holding[place]
                self.look()

        return end

    def _begin(self, target: Widget) -> None:
        self._on, self._walking, self._field = self._app.screen, True, None
        self._walk += 1
        above = [one for one in target.ancestors_with_self if one is not self._app]
        self._go_on(self._walk, [*above, self._app] * 2)  # as it is now: what is taken away meanwhile has no parent

    def _go_on(self, walk: int, way: Sequence[MessagePump], turn: int = 1) -> None:
        """Get into the next queue on the way, behind the key; one that is closing lets nothing in.

        The way is gone twice: the app, at its end, does what keys are bound to, and may send something to its beginning.
        """
        while not way[0].call_later(self._arrived, walk, way, turn) and len(way) > 1:
            way, turn = way[1:], 1

    def _arrived(self, walk: int, way: Sequence[MessagePump], turn: int) -> None:
        """All that came before has been handled here: on to the next one, as keys go."""
        if walk != self._walk:
            return
        if way[0].message_queue_size and turn < _TURNS:
            self._go_on(walk, way, turn + 1)
        elif len(way) > 1:
            self._go_on(walk, way[1:])
        else:
            self._walking = False
            self.look()


def is_letter(event: events.Event, target: Widget) -> bool:
    """Tell whether a key is typed into a field: what comes after it then comes after it there, too."""
    return isinstance(event, events.Key) and event.is_printable and target.check_consume_key(event.key, event.character)


def hold(screen: Screen[Any], group: str = "", *, reading: bool = False) -> Callable[[], None]:
    """Let the keys of a screen's app wait for something, and give what ends that; see `TypedAhead.hold`."""
    ahead: TypedAhead | None = getattr(screen.app, "typed_ahead", None)
    return ahead.hold(screen, group, reading=reading) if ahead else (lambda: None)


@dataclass(frozen=True, slots=True, eq=False)
class _Hold:
    is_reading: bool
