"""The bar of a long piece of work, on standard error, for those who look at it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from funneltui.domain.text import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def progress(what: str, *, least: int = 0) -> Iterator[Callable[[int, int], None] | None]:
    """Give what draws a bar of the bytes done, of all there are, if a person looks at it and there are more than `least`."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(cut(what), total=None, visible=not least)
        yield lambda done, size: bar.update(task, completed=done, total=size, visible=size > least)
