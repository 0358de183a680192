"""Long lists page by page: what is printed is never held as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_PAGE = 200

Line = TypeVar("Line")


def pages(fetch: Callable[[int, int], Sequence[Line]], most: int | None = None) -> Iterator[Line]:
    """Give what `fetch` gives for a limit and an offset, page by page, `most` in all."""
    offset = 0
    while most is None or offset < most:
        page = fetch(_PAGE if most is None else min(_PAGE, most - offset), offset)
        if not page:
            return
        yield from page
        offset += len(page)
