"""The id of a row that has none of its own: made of what stands in it, so that a file that comes again is known again."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_MADE = re.compile(r"row-[0-9a-f]{16}(?:-[0-9]+)?")
_BYTES = 8


def digest_of(cells: Iterable[str]) -> int:
    """Give a number of 64 bits for the texts of a row, with its sign; blanks around them and empty ones at the end aside."""
    text = "\x1f".join(cell.strip() for cell in cells).rstrip("\x1f")
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)


def content_id(digest: int, ordinal: int = 1) -> str:
    """Give the id of the so-manieth row of this digest: "row-1f3a9c0b2d4e5f60", the second "row-1f3a9c0b2d4e5f60-2"."""
    made = f"row-{digest.to_bytes(_BYTES, 'big', signed=True).hex()}"
    return made if ordinal == 1 else f"{made}-{ordinal}"


def is_content_id(text: str | None) -> bool:
    """Tell whether an id was made here of a row's content, and means nothing to the system of its file."""
    return text is not None and _MADE.fullmatch(text) is not None
