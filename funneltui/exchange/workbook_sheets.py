"""The names of the sheets of a spreadsheet, for a person to choose one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.exchange.spreadsheets_in import is_spreadsheet

if TYPE_CHECKING:
    from pathlib import Path


def sheet_names(path: Path) -> tuple[str, ...]:
    """Give the names of a spreadsheet's sheets in their order; none of any other file, or of one that cannot be read.

    Raises:
        StorageError: the file cannot be read at all.
    """
    if not is_spreadsheet(path):
        return ()
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:  # opening it says what to install
        return ()
    try:
        return tuple(CalamineWorkbook.from_path(str(path)).sheet_names)
    except (CalamineError, OSError, ValueError):  # opening it says what is wrong
        return ()
