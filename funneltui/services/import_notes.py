"""What no field of a deal takes, kept in its notes: a line a column, and the same lines when the file comes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def with_rest(notes: str, rest: Sequence[tuple[str, str]], before: str = "") -> str:
    """Give notes with the lines "Column: text" of what no field takes.

    `notes` is what the row itself gives, `before` what the deal has: if the row gives none, what stands there beside these
    columns' lines stays, whoever wrote it. Notes that say all of it already are given as they are.
    """
    lines = [f"{column}: {text}" for column, text in rest]
    had = before.splitlines()
    own = [line for line in had if not any(line.startswith(f"{column}: ") for column, _ in rest)]
    if has_lines(before, "\n".join([*lines, *notes.splitlines()])):
        return before
    kept = notes or "\n".join(own).strip()
    return "\n".join([kept, *lines] if kept else lines)


def has_lines(text: str, some: str) -> bool:
    """Tell whether a text has all the lines of another one."""
    return set(some.splitlines()) <= set(text.splitlines())
