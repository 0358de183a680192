"""Workbooks as another program opens them: texts are texts, numbers are numbers, days are days, nothing is a formula."""

from __future__ import annotations

import gc
import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from funneltui.exchange import spreadsheet_out
from funneltui.exchange.files_out import harmless
from funneltui.exchange.sheets import Sheet
from funneltui.exchange.spreadsheet_out import MOST_CHARACTERS, write_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.exchange.tables_out import Cell


def book_of(rows: Sequence[Sequence[Cell]], header: tuple[str, ...] = ("a", "b")) -> bytes:
    """Give a workbook of these rows."""
    out = io.BytesIO()
    write_workbook(out, Sheet("deals", header, lambda: rows))
    return out.getvalue()


def rows_of(book: bytes, place: int = 0) -> list[list[object]]:
    """Give the rows of a workbook's sheet below its header."""
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(place).to_python()[1:]


def test_numbers_are_numbers_and_days_are_days() -> None:
    book = book_of([(7, Decimal("-12.50")), (date(2026, 12, 15), "x"), (None, "žluť"), (True, "1.5")])
    assert rows_of(book) == [[7.0, -12.5], [date(2026, 12, 15), "x"], ["", "žluť"], [1.0, "1.5"]]


@given(
    st.lists(st.tuples(st.text(max_size=9), st.from_regex(r"[=+@-].*|https?://.*|[0-9.]+", fullmatch=True)), max_size=4)
)
def test_a_text_stays_the_text_that_it_is_and_there_is_no_formula(rows: list[tuple[str, str]]) -> None:
    book = book_of(rows)
    read = [[str(cell) for cell in row] for row in rows_of(book)]
    for row, cells in zip(rows, read, strict=True):
        assert cells == [harmless(text) for text in row]
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in page
        assert b"hyperlink" not in page


def test_a_number_of_more_digits_than_a_workbook_keeps_is_a_text() -> None:
    assert rows_of(book_of([(12345678901234567, Decimal("12345678901234.56"))])) == [
        ["12345678901234567", "12345678901234.56"]
    ]


def test_a_text_that_is_too_long_is_cut_and_counted() -> None:
    out = io.BytesIO()
    assert write_workbook(out, Sheet("deals", ("a",), lambda: [("x" * 40_000,), ("y",)])) == (2, 1)
    assert rows_of(out.getvalue()) == [["x" * MOST_CHARACTERS], ["y"]]


def test_what_a_sheet_cannot_hold_goes_on_in_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet_out, "MOST_ROWS", 4)
    book = book_of([(number, "") for number in range(7)])
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(book))
    assert workbook.sheet_names == ["deals", "deals 2", "deals 3"]
    assert [row[0] for place in range(3) for row in rows_of(book, place)] == list(map(float, range(7)))


def test_what_fails_halfway_is_the_fault_that_is_told() -> None:
    def broken() -> list[tuple[Cell, ...]]:
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone"):
        write_workbook(io.BytesIO(), Sheet("deals", ("a",), broken))


def test_a_full_disk_is_told_once_and_nothing_complains_when_it_is_forgotten() -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    out = Full()
    with pytest.raises(OSError, match="No space left on device"):
        write_workbook(out, Sheet("deals", ("a", "b"), lambda: [("x", "y")]))
    out.close()
    gc.collect()  # what complained here would fail the test: warnings are errors
