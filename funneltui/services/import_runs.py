"""An import as one run of many batches: where its rows come from, that one undo takes it back, a rehearsal of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from funneltui.services.import_rows import Origin
from funneltui.storage import changes, deals, feed
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context


def origin_of(context: Context, system: str, file: str, pipeline: Pipeline) -> Origin:
    """Give where the rows of an import that begins now come from."""
    with reading(context.database):
        last_event = feed.position(context.database).event
        return Origin(system, file, pipeline, deals.next_number(context.database), last_event)


@contextmanager
def as_one_change(context: Context) -> Iterator[None]:
    """Let all batches within be one change: an import is taken back by one undo."""
    with changes.one_change(context.database):
        yield


@contextmanager
def rehearsal(context: Context) -> Iterator[None]:
    """A transaction that is taken back at its end: imports within it see each other, and leave nothing."""
    try:
        with writing(context.database):
            yield
            raise _Rehearsed
    except _Rehearsed:
        return


class _Rehearsed(Exception):
    """Takes a rehearsal back."""
