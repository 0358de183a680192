"""Cells of spreadsheets that hold more than a text: errors, and numbers that were computed."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.exchange.import_plan import Said, plan_import
from funneltui.exchange.tables_in import open_table
from tests.importing import Importer, figures

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from funneltui.exchange.importer import ImportReport
    from funneltui.services.context import Context

SETS = (("source", "web"), ("expected_close", "+30d"))
HEADER = ("title", "company", "amount")


def book(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """Write a workbook with two sheets; a cell of two values is a formula and its result."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet("Deals & more")
    other = made.add_worksheet("Other")
    other.write_formula(1, 0, "=1/0", None, "#DIV/0!")
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, tuple):
                sheet.write_formula(line, place, cell[0], None, cell[1])
            else:
                sheet.write(line, place, cell)
    made.close()
    return path


def taken(context: Context, path: Path) -> ImportReport:
    return plan_import(context, Said(path, sets=SETS)).carry_out(context)


def test_a_row_with_an_error_in_a_cell_that_is_read_is_rejected_by_its_line_and_column(
    context: Context, tmp_path: Path
) -> None:
    rows = [HEADER, ("Pump", "Acme", ("=1/0", "#DIV/0!")), ("Tap", ("=X", "#NAME?"), 5), ("Hose", "Initech", 7)]
    report = taken(context, book(tmp_path / "x.xlsx", rows))
    assert figures(report) == (3, 1, 0, 0, 2)
    assert [tuple(one) for one in report.rejected] == [
        (2, '"amount" holds #DIV/0!, an error of the spreadsheet; mend the cell there, or empty it'),
        (3, '"company" holds #NAME?, an error of the spreadsheet; mend the cell there, or empty it'),
    ]


def test_an_error_in_a_column_that_is_not_read_does_no_harm(context: Context, tmp_path: Path) -> None:
    rows = [(*HEADER, "share"), ("Pump", "Acme", 5, ("=1/0", "#DIV/0!"))]
    assert figures(taken(context, book(tmp_path / "x.xlsx", rows))) == (1, 1, 0, 0, 0)


def test_errors_in_a_file_of_text_are_errors_too(context: Context, tmp_path: Path) -> None:
    assert '"company" holds #N/A' in Importer(context, tmp_path).why("title,company\nPump,#N/A\n")


def test_the_errors_of_an_open_document_are_found_where_rows_and_cells_are_repeated(tmp_path: Path) -> None:
    space = 'xmlns:table="urn:t" xmlns:text="urn:x" xmlns:office="urn:o" xmlns:calcext="urn:c"'
    error = (
        '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    path = tmp_path / "x.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "content.xml",
            f'<office:document {space}><table:table table:name="Other"><table:table-row>{error}</table:table-row>'
            '</table:table><table:table table:name="Deals"><table:table-row table:number-rows-repeated="2"/>'
            f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{error}</table:table-row>'
            "</table:table></office:document>",
        )
    from funneltui.exchange.sheet_errors import errors_of

    assert errors_of(path, "Deals") == {3: {2: "#DIV/0!"}}


def test_a_computed_amount_is_rounded_to_its_currency_and_remarked(context: Context, tmp_path: Path) -> None:
    rows = [HEADER, ("Pump", "Acme", ("=100/3", 100 / 3)), ("Tap", "Globex", 12.5), ("Hose", "Initech", 7)]
    report = taken(context, book(tmp_path / "x.xlsx", rows))
    assert figures(report) == (3, 3, 0, 0, 0)
    assert [tuple(one) for one in report.remarks] == [(2, "amount: 33.3333333333 is rounded to 33.33")]
    assert [Importer(context, tmp_path).deal(number).amount for number in (1, 2, 3)] == [3333, 1250, 700]


def test_a_text_of_too_many_decimals_is_still_refused(context: Context, tmp_path: Path) -> None:
    rows = [HEADER, ("Pump", "Acme", "33.3333")]
    assert figures(taken(context, book(tmp_path / "x.xlsx", rows)))[-1] == 1


def test_lines_above_the_header_of_a_sheet_are_left_out(tmp_path: Path) -> None:
    rows = [("Open opportunities",), (), HEADER, ("Pump", "Acme", 5), ("Tap", "Globex", 6)]
    table = open_table(book(tmp_path / "x.xlsx", rows))
    assert (table.header, table.left_out()) == (HEADER, "the header is line 3, 1 line above it is left out")
    assert [row.line for row in table.rows()] == [4, 5]
