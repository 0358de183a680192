"""Reading CSV files of any making: encodings, delimiters, lines, and rows that are none."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.errors import BadInput, FunneltuiError, StorageError
from funneltui.exchange import tables_in
from funneltui.exchange.formula_guard import guarded, unguarded
from funneltui.exchange.tables_in import open_table

if TYPE_CHECKING:
    from pathlib import Path

POLISH = "tytuł,firma\nŁódź,Żabka\nKraków,Ślimak\n"


def written(tmp_path: Path, content: bytes | str) -> Path:
    path = tmp_path / "deals.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def cells(tmp_path: Path, content: bytes | str, **how: str) -> list[tuple[str, ...]]:
    table = open_table(written(tmp_path, content), **how)
    return [table.header, *(row.cells for row in table.rows())]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_tells_the_encoding_and_is_no_part_of_the_header(
    tmp_path: Path, mark: bytes, encoding: str
) -> None:
    read = cells(tmp_path, mark + POLISH.encode(encoding))
    assert read == [("tytuł", "firma"), ("Łódź", "Żabka"), ("Kraków", "Ślimak")]


def test_a_file_that_is_no_utf_8_is_refused_with_the_line_and_the_option(tmp_path: Path) -> None:
    path = written(tmp_path, b"title,firm\nplain,plain\n" + "Łódź,x\n".encode("cp1250"))
    with pytest.raises(BadInput, match=r"deals\.csv, line 3: this is no UTF-8; .*--encoding.*cp1250"):
        open_table(path)


def test_the_bad_byte_is_found_far_into_a_file_before_anything_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, b"title\n" + b"x\n" * 100_000 + b"\xff\n")
    with pytest.raises(BadInput, match="line 100002"):
        open_table(path)


def test_a_named_encoding_is_used(tmp_path: Path) -> None:
    read = cells(tmp_path, POLISH.encode("cp1250"), encoding="cp1250")
    assert read[1] == ("Łódź", "Żabka")


def test_a_named_utf_16_file_loses_its_mark_too(tmp_path: Path) -> None:
    assert cells(tmp_path, POLISH.encode("utf-16"), encoding="utf-16")[0] == ("tytuł", "firma")


@pytest.mark.parametrize("name", ["klingon", "rot13", "hex", "zlib", "", "utf-8\0"])
def test_what_is_no_text_encoding_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="no encoding"):
        open_table(written(tmp_path, POLISH), encoding=name)


def test_utf_32_marked_as_utf_16_is_refused_and_not_read_as_noughts(tmp_path: Path) -> None:
    path = written(tmp_path, codecs.BOM_UTF16_BE + "title,name\n".encode("utf-32-be"))
    with pytest.raises(BadInput, match="--encoding"):
        open_table(path)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(tmp_path: Path, mark: str) -> None:
    read = cells(tmp_path, f"title{mark}amount\nx{mark}1\ny{mark}2\n")
    assert read == [("title", "amount"), ("x", "1"), ("y", "2")]


def test_a_comma_in_every_amount_does_not_hide_the_semicolon(tmp_path: Path) -> None:
    read = cells(tmp_path, "title;amount, net;owner\nx;1,50;ana\ny;2,50;bor\n")
    assert read[1] == ("x", "1,50", "ana")


def test_the_first_line_of_excel_tells_the_delimiter(tmp_path: Path) -> None:
    assert cells(tmp_path, "sep=^\r\ntitle^amount\r\nx, y^1\r\n") == [("title", "amount"), ("x, y", "1")]


def test_a_blank_before_a_quotation_mark_belongs_to_no_cell(tmp_path: Path) -> None:
    assert cells(tmp_path, 'title, note\n"x, y", "z"\n')[1] == ("x, y", "z")


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_file_without_a_mark_is_told_what_it_may_be(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=f"for example {name}"):
        open_table(written(tmp_path, "title,name\nx,y\n".encode(name)))


@pytest.mark.parametrize(("name", "mark"), [("!", "!"), ("tab", "\t"), ("semicolon", ";")])
def test_a_delimiter_can_be_named(tmp_path: Path, name: str, mark: str) -> None:
    assert cells(tmp_path, f"a{mark}b,c\n1{mark}2,3\n", delimiter=name)[1] == ("1", "2,3")


@pytest.mark.parametrize("name", ["", "ab", '"', "\n"])
def test_what_is_no_delimiter_is_refused(tmp_path: Path, name: str) -> None:
    if not name:
        assert open_table(written(tmp_path, "a,b\n"), delimiter=name).delimiter == ","
        return
    with pytest.raises(BadInput, match="one character"):
        open_table(written(tmp_path, "a,b\n"), delimiter=name)


def test_a_row_is_known_by_its_first_line_though_cells_have_breaks(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, 'title,notes\n\none,"a\nb\nc"\ntwo,d\n\n\nthree,e\n'))
    assert [(row.line, row.cells[0]) for row in table.rows()] == [(3, "one"), (6, "two"), (9, "three")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_read(tmp_path: Path, end: str) -> None:
    assert cells(tmp_path, end.join(["a,b", "1,2", "3,4"])) == [("a", "b"), ("1", "2"), ("3", "4")]


def test_a_row_of_another_length_has_its_reason_and_the_next_one_is_read(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, "a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n1,2,3\n"))
    reasons = [row.why for row in table.rows()]
    assert [bool(why) for why in reasons] == [True, True, False, False]
    assert "it has 2 cells, the header has 3" in reasons[0]


def test_a_header_with_blank_names_at_its_end_wants_no_cells_for_them(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, "a,b,,\n1,2\n"))
    assert [row.why for row in table.rows()] == [""]


def test_an_open_quotation_mark_spoils_its_own_line_only(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, 'a,b\n1,"open\n3,4\n5,6\n'))
    rows = list(table.rows())
    assert [(row.line, bool(row.why)) for row in rows] == [(2, True), (3, False), (4, False)]
    assert "never closed" in rows[0].why


def test_a_quotation_mark_within_a_quoted_cell_is_said(tmp_path: Path) -> None:
    rows = list(open_table(written(tmp_path, 'a,b\n"x"y,2\n3,4\n')).rows())
    assert "middle of a cell" in rows[0].why
    assert rows[1].cells == ("3", "4")


def test_a_cell_over_the_limit_is_refused_and_reading_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_in, "CELL_LIMIT", 100)
    rows = list(open_table(written(tmp_path, f"a,b\n{'x' * 200},2\n3,4\n")).rows())
    assert [bool(row.why) for row in rows] == [True, False]


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_in, "LINE_LIMIT", 1000)
    rows = list(open_table(written(tmp_path, f"a,b\n{'x' * 50_000}\n3,4\n")).rows())
    assert "more than 1,000 characters" in rows[0].why
    assert (rows[1].line, rows[1].cells) == (3, ("3", "4"))


def test_a_note_of_hundreds_of_lines_is_read(tmp_path: Path) -> None:
    note = "a line\n" * 900
    (row,) = open_table(written(tmp_path, f'a,b\n1,"{note}"\n')).rows()
    assert (row.cells, row.why) == (("1", note), "")


def test_a_row_without_end_does_not_fill_the_memory(tmp_path: Path) -> None:
    text = 'a,b\n"' + '","\n' * 3000
    first = next(open_table(written(tmp_path, text)).rows())
    assert (first.line, first.cells) == (2, ('"","',))
    assert "more than 1,000 lines: a quotation mark is opened here and never closed" in first.why


def test_the_lines_of_a_row_are_bounded_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_in, "LINE_LIMIT", 1000)
    rows = list(open_table(written(tmp_path, 'a,b\n1,"' + f"{'x' * 400}\n" * 3 + "3,4\n")).rows())
    assert "the row has more than 1,000 characters" in rows[0].why
    assert rows[-1].cells == ("3", "4")


def test_lines_that_all_open_a_quotation_mark_are_read_in_step_with_their_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[str] = []
    hand_out = tables_in._Feed.__next__

    def counted(feed: tables_in._Feed) -> str:
        handed.append(hand_out(feed))
        return handed[-1]

    monkeypatch.setattr(tables_in._Feed, "__next__", counted)
    monkeypatch.setattr(tables_in, "LINE_LIMIT", 10_000)
    rows = list(open_table(written(tmp_path, "a,b\n" + 'a","\n' * 4000)).rows())
    assert (len(rows), rows[-1].line, all(row.why for row in rows)) == (4000, 4001, True)
    assert len(handed) < 20 * len(rows)


@pytest.mark.parametrize("content", ["", "\n\n", " \n,,\n", "\ufeff"])
def test_an_empty_file_is_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(BadInput, match="is empty"):
        open_table(written(tmp_path, content))


def test_a_spreadsheet_is_told_to_be_saved_as_csv(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="save it as CSV"):
        open_table(written(tmp_path, b"PK\x03\x04\x14\x00"))


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot read"):
        open_table(tmp_path / "none.csv")
    with pytest.raises(BadInput, match="is no file"):
        open_table(tmp_path)


def test_the_bytes_read_grow_to_the_size_of_the_file(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, "a,b\n" + "1,2\n" * 100_000))
    read = [row.read for row in table.rows()]
    assert read == sorted(read)
    assert read[0] < table.size / 2
    assert read[-1] == table.size


def test_a_file_of_rejected_rows_is_read_as_its_original(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, "title,phone,why\nx,'+386 1,no source\n"))
    assert table.header == ("title", "phone")
    assert [row.cells for row in table.rows()] == [("x", "+386 1")]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "'=1", "''+1"])
def test_a_cell_like_a_formula_is_guarded_and_comes_back(cell: str) -> None:
    assert guarded(cell) == "'" + cell
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "'", "'x", "x=1", " =1", "1-2", "''"])
def test_any_other_cell_stays_as_it_is(cell: str) -> None:
    assert guarded(cell) == unguarded(cell) == cell


TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0\r"), max_size=12)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=8), mark=st.sampled_from(",;\t|"))
def test_what_a_csv_writer_has_written_is_read_back(
    tmp_path: Path, rows: list[tuple[str, str, str]], mark: str
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=mark).writerows([("first", "second", "third"), *rows])
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert cells(tmp_path, text.getvalue(), delimiter=mark)[1:] == kept


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300) | st.text('",;ab\n\r\t', max_size=120).map(str.encode))
def test_no_bytes_at_all_make_the_reader_fail_or_hang(tmp_path: Path, content: bytes) -> None:
    try:
        table = open_table(written(tmp_path, content))
        lines = [row.line for row in table.rows()]
    except FunneltuiError:
        return
    assert lines == sorted(set(lines))
