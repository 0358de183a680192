"""Spreadsheets read as tables: sheets, dates and numbers as a file of text would have them."""

from __future__ import annotations

import builtins
import zipfile
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.errors import BadInput
from funneltui.exchange.tables_in import open_table
from tests.importing import Importer, figures

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.services.context import Context

ROWS = [
    ["id", "title", "amount", "stage", "created", "expected close", "source"],
    [1, "Pump", 1200.5, "Waiting", datetime(2026, 1, 2, 10, 30), date(2026, 12, 24), "web"],
    [2, "Valve", 2, "Waiting", date(2026, 1, 3), date(2026, 12, 24), "web"],
]


def book(path: Path, **sheets: list[list[Any]]) -> Path:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    made = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd hh:mm"})
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    made.close()
    return path


def test_a_spreadsheet_is_taken_in_like_a_file_of_text(context: Context, tmp_path: Path) -> None:
    from funneltui.exchange.import_plan import Said, plan_import

    plan = plan_import(context, Said(book(tmp_path / "deals.xlsx", Deals=ROWS)))
    assert plan.table.describe() == 'the sheet "Deals" of a spreadsheet'
    assert figures(plan.carry_out(context)) == (2, 2, 0, 0, 0)
    assert figures(plan.carry_out(context)) == (2, 0, 0, 2, 0)
    deal = Importer(context, tmp_path).deal()
    assert (deal.amount, deal.external_id, str(deal.expected_close)) == (120_050, "1", "2026-12-24")
    assert deal.created.isoformat() == "2026-01-02T10:30:00+00:00"


def test_numbers_and_dates_become_text_that_is_read_one_way(tmp_path: Path) -> None:
    rows = [["a", "b", "c", "d"], [1.125, 45631.0, True, 0.1 + 0.2], [1e20, "", "x", -3]]
    found = [row.cells for row in open_table(book(tmp_path / "x.xlsx", S=rows)).rows()]
    assert found[0] == ("1.1250", "45631", "TRUE", "0.3")
    assert found[1][2:] == ("x", "-3")


def test_an_empty_first_sheet_names_the_others(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the sheet Cover is empty; name another with --sheet: Deals"):
        open_table(book(tmp_path / "x.xlsx", Cover=[], Deals=[["title"], ["x"]]))


def test_the_first_sheet_is_read_or_the_one_named(tmp_path: Path) -> None:
    path = book(tmp_path / "x.xlsx", One=[["a"], ["1"]], Two=[["b"], ["2"]])
    assert open_table(path).header == ("a",)
    assert open_table(path, sheet="two").header == ("b",)
    with pytest.raises(BadInput, match='no sheet "three"; it has: One, Two'):
        open_table(path, sheet="three")


def test_rows_bear_the_numbers_that_the_spreadsheet_shows(tmp_path: Path) -> None:
    table = open_table(book(tmp_path / "x.xlsx", S=[[], ["a", "b"], [], ["1", "2"], ["3", "4"]]))
    assert [(row.line, row.cells) for row in table.rows()] == [(4, ("1", "2")), (5, ("3", "4"))]


def test_what_was_read_of_a_sheet_grows_to_the_size_of_its_file(tmp_path: Path) -> None:
    table = open_table(book(tmp_path / "x.xlsx", S=[["a"], ["1"], ["2"], ["3"]]))
    read = [row.read for row in table.rows()]
    assert read == sorted(set(read))
    assert read[-1] == table.size


def test_an_empty_sheet_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="sheet S is empty"):
        open_table(book(tmp_path / "x.xlsx", S=[]))


@pytest.mark.parametrize("kind", ["zip", "broken"])
def test_an_archive_that_is_no_spreadsheet_is_told_to_be_saved_as_csv(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "deals.xlsx"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x", "y")
    else:
        path.write_bytes(b"PK\x03\x04 and no more")
    with pytest.raises(BadInput, match=r"deals.xlsx is no spreadsheet that can be read \(.*\); save it as CSV"):
        open_table(path)


def test_without_the_extra_it_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "python_calamine":
            raise ImportError(name)
        return honest(name, *rest)

    path = book(tmp_path / "x.xlsx", S=ROWS)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BadInput, match=r"pip install 'funneltui\[xlsx\]', or save it as CSV"):
        open_table(path)


def test_a_file_of_text_has_no_sheets(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a\n1\n")
    with pytest.raises(BadInput, match="no spreadsheet"):
        open_table(path, sheet="One")


def test_a_sheet_whose_last_cell_is_far_away_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"17,179,869,184 cells.* its last cell is XFD1048576; .* or save it as CSV"):
        open_table(far_book(tmp_path / "far.xlsx", "x"))


def test_far_cells_that_hold_nothing_but_a_format_do_not_count(tmp_path: Path) -> None:
    assert open_table(far_book(tmp_path / "far.xlsx", None)).header == ("title", "company")


def far_book(path: Path, text: str | None) -> Path:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet("Deals")
    sheet.write_row(0, 0, ["title", "company"])
    sheet.write_row(1, 0, ["Pump", "Acme"])
    sheet.write(1048575, 16383, text, made.add_format({"bold": True}))
    made.close()
    return path
