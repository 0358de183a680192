"""CSV files that a spreadsheet opens as they are meant: no formula comes from a text, a number is a number."""

from __future__ import annotations

import csv
import io
import stat
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneltui.errors import BadInput, StorageError
from funneltui.exchange.tables_out import Form, write_rows, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLAIN = Form(mark=False)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
CELLS = (
    st.text(st.characters(codec="utf-8"), max_size=12)
    | st.from_regex(r"[\s\u200b\ufeff]*[=+@\t\r-].*", fullmatch=True)
    | st.integers(-(10**9), 10**9)
    | st.decimals(-(10**9), 10**9, places=2)
    | st.dates()
    | st.none()
)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", '=cmd|" /C calc"!A0'])
def test_a_text_like_a_formula_gets_an_apostrophe(tmp_path: Path, text: str) -> None:
    write_table(tmp_path / "out.csv", [text], [[text]], PLAIN)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize("text", ["\t=1+1", "\r=1+1", "\x1b=1+1", "\u200b=1+1", "\ufeff=1+1"])
def test_a_formula_behind_what_is_not_seen_is_found(tmp_path: Path, text: str) -> None:
    write_table(tmp_path / "out.csv", ["a"], [[text]], PLAIN)
    assert (tmp_path / "out.csv").read_text("utf-8") == "a\n'=1+1\n"


def test_numbers_stay_numbers_and_days_are_iso(tmp_path: Path) -> None:
    row = (-5, Decimal("-12.50"), Decimal("1E+3"), date(2026, 12, 15), None, "x,y", "žluť")
    assert write_table(tmp_path / "out.csv", list("abcdefg"), [row], PLAIN) == 1
    text = (tmp_path / "out.csv").read_bytes().decode("utf-8")
    assert text == 'a,b,c,d,e,f,g\r\n-5,-12.50,1000,2026-12-15,,"x,y",žluť\r\n'


def test_excel_is_told_the_encoding_by_a_mark(tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", ["a"], [])
    assert (tmp_path / "out.csv").read_bytes() == b"\xef\xbb\xbfa\r\n"


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", ["a"], [])
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o600


def test_what_fails_halfway_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    def broken() -> Iterator[list[str]]:
        yield ["new"]
        raise BadInput("no more")

    (tmp_path / "out.csv").write_text("old")
    with pytest.raises(BadInput, match="no more"):
        write_table(tmp_path / "out.csv", ["a"], broken(), force=True)
    assert (tmp_path / "out.csv").read_text() == "old"
    assert [one.name for one in tmp_path.iterdir() if one.name != "home"] == ["out.csv"]


def test_a_database_or_a_folder_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "work.db").write_bytes(b"SQLite format 3\0 and more")
    for name in ("work.db", "."):
        with pytest.raises(BadInput):
            write_table(tmp_path / name, ["a"], [])


def test_a_place_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot write"):
        write_table(tmp_path / "nowhere" / "out.csv", ["a"], [])


@given(
    st.lists(st.tuples(CELLS, CELLS), max_size=4), st.sampled_from([",", ";", "|", "\t"]), st.sampled_from([".", ","])
)
def test_whatever_the_cells_hold_no_text_is_a_formula_and_none_moves_into_another_cell(
    rows: list[tuple[object, object]], delimiter: str, decimal: str
) -> None:
    out = io.BytesIO()
    write_rows(out, ["a", "b"], rows, Form(delimiter, decimal, mark=False))  # type: ignore[arg-type]
    read = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8"), newline=""), delimiter=delimiter))
    assert [len(row) for row in read] == [2] * (len(rows) + 1)
    for row, cells in zip(rows, read[1:], strict=True):
        for value, cell in zip(row, cells, strict=True):
            if isinstance(value, str):
                assert not cell.startswith(FORMULA)
                assert not set(cell) & {"\x1b", "\x00", "\r", "\t", "\u202e"}
            elif isinstance(value, int | Decimal):
                assert Decimal(cell.replace(decimal, ".")) == value
            else:
                assert cell == ("" if value is None else str(value))


def test_decimals_are_marked_as_it_is_wished() -> None:
    out = io.BytesIO()
    write_rows(out, ["a", "b"], [(Decimal("1234.50"), "1.5")], Form(";", ",", mark=False))
    assert out.getvalue() == b"a;b\r\n1234,50;1.5\r\n"


@pytest.mark.parametrize("delimiter", ["", ";;", '"', "a", "1", "-", ".", "\n"])
def test_what_cannot_part_columns_is_refused(delimiter: str) -> None:
    with pytest.raises(BadInput, match="cannot part columns"):
        Form(delimiter)
