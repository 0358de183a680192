"""What the commands are given: ways to open a workspace and to show the board, without knowing how those are built."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.config import Config
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context


@dataclass(frozen=True, slots=True)
class Program:
    """The program's rooms as the command line sees them.

    `open` gives the workspace of a configuration, `create` makes one, `board` shows the board and gives its exit status,
    `demo` does so with a throw-away workspace, `review` begins with the review; without that it is printed only.
    """

    open: Callable[[Config], Context]
    create: Callable[[Config, Pipeline], Context]
    board: Callable[[Config], int]
    demo: Callable[[Config], int]
    review: Callable[[Config], int] | None = None
