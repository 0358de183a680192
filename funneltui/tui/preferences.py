"""What the user prefers of the screen: his settings as one frozen value, and what he changes by key remembered in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from funneltui import settings
from funneltui.domain.dates import DateOrder, parse_date
from funneltui.domain.funnel import Mode
from funneltui.errors import BadInput, FunneltuiError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date
    from pathlib import Path

    from textual.app import App
    from textual.timer import Timer

    from funneltui.services.context import Context
    from funneltui.settings import Value
    from funneltui.tui.worker import Worker

COMFORTABLE, COMPACT = "comfortable", "compact"

PAUSE = 1.0
"""The seconds after a key at which what it changed is written, together with what comes meanwhile."""

_KEYS = {
    "density": "density", "side": "panes.side", "side_width": "panes.side_width", "funnel": "panes.funnel",
    "today_days": "panes.today_days", "usual_days": "follow_up.usual", "days_after_move": "follow_up.days_after_move",
    "first_view": "default_view", "fiscal_start": "fiscal_year_start",
}  # fmt: skip
"""The setting of each preference; `settings.py` says what it means."""

_REMEMBERED = ("density", "side", "side_width")
"""The preferences that keys change for good; what the program itself is started with is not written back."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The settings that the screens go by; without a config file their defaults.

    `side` shows the panes at the side, `side_width` columns wide (0: what fits the terminal); `today_days` is how many days
    ahead today's follow-ups reach; `usual_days` are dates as they are typed; `first_view` is board, list, review or the
    name of a saved view; `fiscal_start` is the month with which the fiscal year begins.
    """

    density: str
    side: bool
    side_width: int
    funnel: Mode
    today_days: int
    usual_days: tuple[str, ...]
    days_after_move: int
    first_view: str
    fiscal_start: int

    @classmethod
    def of(cls, chosen: Mapping[str, Value]) -> Preferences:
        """Give the preferences of settings; one that is not chosen has its default."""
        known: dict[str, Any] = {
            name: chosen.get(key, settings.BY_KEY[key].default) for name, key in _KEYS.items()
        }  # the settings are checked, each by its kind
        return cls(**known | {"funnel": Mode(known["funnel"])})

    @property
    def card_height(self) -> int:
        """The lines of a card."""
        return 1 if self.density == COMPACT else 2

    def usual(self, today: date, order: DateOrder) -> Iterator[tuple[str, date]]:
        """Give the usual days, each as it is typed and as the date that it means; what cannot be read by now is left out."""
        for text in self.usual_days:
            try:
                yield text, parse_date(text, today, order)
            except BadInput:  # the order of a typed date was changed since, or it has come to lie beyond the last year
                continue

    def changes_since(self, before: Preferences) -> dict[str, Value]:
        """Give the settings that are remembered and are others than before."""
        return {_KEYS[name]: value for name, value in _changed(before, self).items()}


def _changed(before: Preferences, after: Preferences) -> dict[str, Any]:
    """Give those of the remembered preferences that are others than before."""
    return {name: getattr(after, name) for name in _REMEMBERED if getattr(after, name) != getattr(before, name)}


DEFAULT = Preferences.of({})
"""What holds without a config file."""


def preferences_of(app: App[Any]) -> Preferences:
    """Give the preferences that an app goes by."""
    found: Preferences = getattr(app, "preferences", DEFAULT)
    return found


class Remembering:
    """Writes what keys have changed into the user's config file, a moment later and in the worker's thread.

    A file that cannot be changed is told of once, and left alone from then on.
    """

    def __init__(self, worker: Worker, path: Path, written: Preferences) -> None:
        """Write to a file that says, or leaves at their default, these preferences now."""
        self._worker, self._path = worker, path
        self._written = self._wanted = written
        self._pause: Timer | None = None
        self._lock = Lock()
        self._refused = False

    def soon(self, app: App[Any], wanted: Preferences) -> None:
        """Write in a moment, together with what is changed meanwhile."""
        self._wanted = wanted
        if self._pause is None:
            self._pause = app.set_timer(PAUSE, partial(self._hand_over, app))

    def know(self, before: Preferences, after: Preferences) -> None:
        """Take note of what somebody else has written into the file; what waits to be written still does."""
        self._written, self._wanted = replace(self._written, **_changed(before, after)), after

    def said(self, name: str, value: object) -> None:
        """Take note that the file says a preference already: the settings' screen has written it."""
        changed: dict[str, Any] = {name: value}
        self._written, self._wanted = replace(self._written, **changed), replace(self._wanted, **changed)

    def at_once(self) -> str:
        """Write in this thread what waits, before the program ends; give why it could not be, or nothing."""
        if self._pause is None:
            return ""
        self._pause.stop()
        return self._write(self._changes())

    def _hand_over(self, app: App[Any]) -> None:
        self._worker.submit(self._write_and_tell, app, self._changes())

    def _changes(self) -> dict[str, Value]:
        self._pause = None
        changes, self._written = self._wanted.changes_since(self._written), self._wanted
        return changes

    def _write(self, changes: Mapping[str, Value]) -> str:
        """Write, in whatever thread, one at a time: each reads what the other has written. Give the first refusal."""
        from funneltui import config_writing

        with self._lock:
            if self._refused or not changes:
                return ""
            try:
                config_writing.set_values(self._path, changes)
            except FunneltuiError as error:
                self._refused = True
                return f"{error}; how the board is laid out is not remembered"
            return ""

    def _write_and_tell(self, _: Context, app: App[Any], changes: Mapping[str, Value]) -> None:
        if why_not := self._write(changes):
            app.call_later(partial(app.notify, why_not, severity="warning", markup=False, timeout=10))
