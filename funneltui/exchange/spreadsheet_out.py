"""Writes xlsx workbooks: texts are texts and never formulas or links, numbers and days are what they are."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from funneltui.errors import BadInput
from funneltui.exchange.files_out import harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from funneltui.exchange.sheets import Sheet
    from funneltui.exchange.tables_out import Cell

MOST_ROWS = 1_048_576
"""How many rows a sheet of a workbook has, the header among them; what is more goes on in the next sheet."""

MOST_CHARACTERS = 32_767
"""How many characters a cell of a workbook holds."""

_EXACT = 15
"""How many digits a number of a workbook keeps; a longer one stands there as a text."""

_WIDTHS = {"title": 36, "name": 28, "company": 24, "contact": 22, "email": 26, "what": 48, "notes": 48}
_USUAL_WIDTH = 13


def write_workbook(out: IO[bytes], sheet: Sheet) -> tuple[int, int]:
    """Write a table as a workbook, in the memory of one row; give the number of its rows, and of the texts that were cut.

    The header stays in sight and filters; days and amounts have a form that is the same in every language.

    Raises:
        BadInput: the library that writes workbooks is not installed.
    """
    try:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import FileCreateError, XlsxWriterException
    except ImportError:
        message = "xlsx needs the extra: install funneltui[xlsx]; CSV needs nothing"
        raise BadInput(message) from None
    # Texts are written by their own method; the options only say it twice.
    options = {"constant_memory": True, "use_zip64": True, "strings_to_formulas": False, "strings_to_urls": False}
    held = _Held(out)
    book = Workbook(held, options)
    try:
        pages = _Pages(book, sheet)
        for row in sheet.rows():
            pages.add(row)
    except BaseException:
        with suppress(OSError, XlsxWriterException):
            book.close()  # it has temporary files to put away; what it writes is thrown away
        raise
    pages.finish()
    try:
        book.close()
    except FileCreateError as error:  # around the system's own
        raise (error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error))) from error
    if held.failed is not None:
        raise held.failed
    return pages.count, pages.cut


class _Held:
    """A stream that keeps its first error to itself: a zip file left behind by one complains again, of a closed stream."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.failed: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write, unless writing has failed before."""
        return self._tried(lambda: self._out.write(data), len(data))

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._tried(lambda: self._out.seek(place, whence), 0)

    def tell(self) -> int:
        """Give the place."""
        return self._tried(self._out.tell, 0)

    def flush(self) -> None:
        """Hand on what is buffered."""
        self._tried(lambda: self._out.flush() or 0, 0)

    def _tried(self, work: Callable[[], int], otherwise: int) -> int:
        if self.failed is None:
            try:
                return work()
            except OSError as error:
                self.failed = error
        return otherwise


class _Pages:
    """The sheets of a workbook while they are written."""

    def __init__(self, book: Any, sheet: Sheet) -> None:
        self._book, self._sheet = book, sheet
        self._day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._decimals: dict[int, Any] = {}
        self._heading = book.add_format({"bold": True, "bottom": 1})
        self.count = self.cut = self._row = 0
        self._page = self._begin(sheet.name)

    def _begin(self, name: str) -> Any:
        page = self._book.add_worksheet(name[:31])
        for place, column in enumerate(self._sheet.header):
            page.set_column(place, place, _WIDTHS.get(column, _USUAL_WIDTH))
        for place, column in enumerate(self._sheet.header):
            page.write_string(0, place, harmless(column)[:MOST_CHARACTERS], self._heading)
        page.freeze_panes(1, 0)
        self._row = 1
        return page

    def add(self, cells: Sequence[Cell]) -> None:
        """Write one row below the others, in another sheet when this one is full."""
        if self._row == MOST_ROWS:
            self.finish()
            self._page = self._begin(f"{self._sheet.name} {self.count // (MOST_ROWS - 1) + 1}")
        for place, cell in enumerate(cells):
            self._write(place, cell)
        self._row += 1
        self.count += 1

    def finish(self) -> None:
        """Let the header filter the rows of the sheet that is being written."""
        self._page.autofilter(0, 0, self._row - 1, len(self._sheet.header) - 1)

    def _form(self, number: Decimal) -> Any:
        """Give the form with as many decimals as a number has: an amount shows those of its currency."""
        digits = max(0, -int(number.as_tuple().exponent))
        if digits not in self._decimals:
            form = f"#,##0{'.' if digits else ''}{'0' * digits}"
            self._decimals[digits] = self._book.add_format({"num_format": form})
        return self._decimals[digits]

    def _write(self, place: int, cell: Cell) -> None:
        if isinstance(cell, str):
            text = harmless(cell)
            if text:
                self._page.write_string(self._row, place, text[:MOST_CHARACTERS])
                self.cut += len(text) > MOST_CHARACTERS
        elif isinstance(cell, date):
            self._page.write_datetime(self._row, place, cell, self._day)
        elif cell is not None and len(str(cell).replace(".", "").lstrip("-0")) > _EXACT:
            self._page.write_string(self._row, place, str(cell))
        elif isinstance(cell, Decimal):
            self._page.write_number(self._row, place, float(cell), self._form(cell))
        elif cell is not None:
            self._page.write_number(self._row, place, cell)
