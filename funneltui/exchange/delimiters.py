"""What parts the columns of a file of text: as its first line tells, as a person says, or as its first lines look."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from funneltui.domain.text import cut
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

_LIKELY = ",;\t|"
_NAMED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
_NAMES = {"\t": "tab", " ": "space"}
_TOLD = re.compile(r'"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)


def name_of(delimiter: str) -> str:
    """Give a delimiter as people call it."""
    return _NAMES.get(delimiter, f'"{delimiter}"')


def delimiter_named(given: str) -> str:
    """Give the delimiter that a person means: a character, or a word such as "tab".

    Raises:
        BadInput: it is neither.
    """
    mark = _NAMED.get(given.strip().lower(), given)
    if len(mark) != 1 or mark in '"\r\n\0':
        message = f'a delimiter is one character, such as ; or tab, not "{cut(given)}"'
        raise BadInput(message)
    return mark


def told_delimiter(lines: Sequence[str]) -> str | None:
    """Give the delimiter that the first line "sep=;" tells, as Excel writes and reads it, or nothing."""
    found = _TOLD.fullmatch(lines[0]) if lines else None
    return found[1] if found else None


def likely_delimiter(lines: Sequence[str]) -> str:
    """Give the delimiter that cuts most of the first lines into as many cells as the header, then into the most.

    Python's own sniffer is not asked: beside amounts with a decimal comma it takes the comma for the delimiter.
    """
    filled = [line for line in lines if line.strip()]
    likely = [mark for mark in _LIKELY if filled and mark in filled[0]]
    if len(likely) < 2:
        return likely[0] if likely else ","
    return max(likely, key=lambda mark: _regularity(filled, mark))


def has_blanks_before_quotes(lines: Sequence[str], delimiter: str) -> bool:
    """Tell whether the first lines are written like `"a", "b"`: the blank behind the delimiter is none of the cell's."""
    mark = re.escape(delimiter)
    quoted = re.compile(f'(?:^|(?<=[{mark}\r\n]))"(?:[^"]|"")*("|$)')
    return delimiter != " " and re.search(f'{mark} +"', quoted.sub("", "".join(lines))) is not None


def _regularity(lines: list[str], mark: str) -> tuple[float, int]:
    widths = [len(cells) for cells in csv.reader(lines, delimiter=mark, skipinitialspace=True)]
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0]) if widths[0] > 1 else (0.0, 1)
