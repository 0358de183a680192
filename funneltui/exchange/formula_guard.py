"""Texts that a spreadsheet would take for a formula: made harmless in a file, and taken back as they were."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
"""What a formula begins with, also in the wide signs of East Asian keyboards, and behind apostrophes: those of a text that
has its own must be told from ours.
"""


def guarded(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """Give a cell of a file that was written here without the apostrophe that `guarded` gave it."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
