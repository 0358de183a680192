"""What the commands are given: ways to open a workspace and to show the board, without knowing how those are built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from funneltui.config import Config
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context


@dataclass(frozen=True, slots=True)
class KeyLine:
    """An action and its keys: by name, as they are shown, and as they are by default (names)."""

    id: str
    keys: tuple[str, ...]
    shown: tuple[str, ...]
    default: tuple[str, ...]
    help: str
    group: str


@dataclass(frozen=True, slots=True)
class KeysOfScreen:
    """A screen and what keys do on it."""

    name: str
    title: str
    lines: tuple[KeyLine, ...]


@dataclass(frozen=True, slots=True)
class KeyMistake:
    """What is wrong with the keys that were given to an action; a warning leaves them in force."""

    action: str
    message: str
    warning: bool


@dataclass(frozen=True, slots=True)
class KeysInForce:
    """The keys of every screen, and what was wrong with those that were asked for."""

    screens: tuple[KeysOfScreen, ...]
    mistakes: tuple[KeyMistake, ...]


@dataclass(frozen=True, slots=True)
class Program:
    """The program's rooms as the command line sees them.

    `open` gives the workspace of a configuration, `create` makes one, `board` shows the board and gives its exit status,
    `demo` does so with a throw-away workspace, `review` begins with the review; without that it is printed only. `keys`
    gives the keys in force when the config file gives these to actions, `keys_refused` says why an action cannot have some
    beside them. `after_change` does what is due once a command has changed a workspace, and gives what is to be told of it.
    """

    open: Callable[[Config], Context]
    create: Callable[[Config, Pipeline], Context]
    board: Callable[[Config], int]
    demo: Callable[[Config], int]
    review: Callable[[Config], int] | None = None
    keys: Callable[[Mapping[str, str]], KeysInForce] = lambda given: KeysInForce((), ())
    keys_refused: Callable[[Mapping[str, str], str, str], str] = lambda given, action, keys: ""
    after_change: Callable[[Config, Context], str] = lambda chosen, context: ""
