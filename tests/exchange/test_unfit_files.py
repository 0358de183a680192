"""Files that are no table are called what they are, with what would do; what is cut or above the header is told."""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.errors import BadInput
from funneltui.exchange.mapping_files import save_mapping
from funneltui.exchange.tables_in import CELL_LIMIT, open_table
from tests.importing import Importer, figures

if TYPE_CHECKING:
    from funneltui.services.context import Context


@pytest.fixture
def importer(context: Context, tmp_path: Path) -> Importer:
    return Importer(context, tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("deals.csv.gz", gzip.compress(b"title\nx\n", mtime=0), "is packed (gzip); unpack it first"),
        ("deals.pdf", b"%PDF-1.7\n\xe2\xe3", "is a PDF, which holds no table; save the deals as CSV"),
        ("deals.json", b'[{"title": "x"}]', 'is JSON and no table; "init --from" makes a workspace'),
        ("all.jsonl", b'{"title": "x"}\n', '"init --from" makes a workspace'),
        ("offer.eml", b"From: a@b.example\n\nx\n", 'is mail; "add --from-mail" makes deals of it'),
        ("deals.png", b"\x89PNG\r\n\x1a\n", "is a picture"),
    ],
)
def test_a_file_that_is_no_table_is_called_what_it_is(tmp_path: Path, name: str, content: bytes, advice: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        open_table(path)
    assert str(refused.value).startswith(name)
    assert advice in str(refused.value)


def test_a_database_is_opened_and_not_imported(tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE x (y)")
    with pytest.raises(BadInput, match="is a database; open it as a workspace with --db"):
        open_table(path)


def test_an_archive_is_to_be_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "deals.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("deals.csv", "title\nx\n")
    with pytest.raises(BadInput, match=r"deals.zip is an archive \(zip\); unpack it"):
        open_table(path)


def test_no_name_at_all_is_the_folder_where_one_is() -> None:
    with pytest.raises(BadInput, match="is no file but the folder where you are; name a CSV file or a spreadsheet"):
        open_table(Path())


@pytest.mark.parametrize("name", ["idna", "punycode", "unicode_escape", "raw_unicode_escape", "UNICODE-ESCAPE"])
def test_what_is_no_encoding_of_files_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("title\nx\n")
    with pytest.raises(BadInput, match=r"there is no encoding .* of files; examples are utf-8"):
        open_table(path, encoding=name)


def test_texts_that_are_cut_are_remarked_by_line_and_field(importer: Importer) -> None:
    report = importer(f"title,company,notes\nok,Acme,n\n{'x' * 501},{'y' * 500},{'z' * 100_001}\n")
    assert [tuple(one) for one in report.remarks] == [
        (3, "title: cut to 500 characters"),
        (3, "notes: cut to 100,000 characters"),
    ]
    again = importer(f"title,company,notes\nok,Acme,n\n{'x' * 501},{'y' * 500},{'z' * 100_001}\n")
    assert (figures(again), again.remark_count) == ((2, 0, 0, 2, 0), 0)


def test_a_cell_that_is_too_long_is_called_so_and_no_quotation_mark_is_blamed(importer: Importer) -> None:
    why = importer.why(f"title,notes\nok,{'x' * (CELL_LIMIT + 1)}\n")
    assert why == "a cell has more than 1,000,000 characters"


def test_lines_above_the_header_are_left_out_and_told(importer: Importer) -> None:
    text = "Open opportunities,,\nAs of 2026-11-20,,\n\nOpportunity Name,Account Name,Amount\nPump,Acme,100\nTap,Globex,2\n"
    report = importer(text)
    assert figures(report) == (2, 2, 0, 0, 0)
    assert (importer.deal().title, importer.deal().company) == ("Pump", "Acme")
    assert open_table(importer.path).left_out() == "the header is line 4, 2 lines above it are left out"


@pytest.mark.parametrize(
    "text",
    [
        "Firma,Wert\nName,Amount\nAcme,3\n",  # as wide as what stands above it
        "Firma\nName,Amount\n",  # nothing stands under it
        "title\nName,Amount\nx,1\n",  # the first names a field
    ],
)
def test_the_first_row_is_the_header_unless_a_later_one_plainly_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deals.csv"
    path.write_text(text)
    assert open_table(path).above == 0


def test_a_column_called_close_is_the_expected_close(importer: Importer) -> None:
    importer("title,close\nPump,2026-12-24\n")
    assert str(importer.deal().expected_close) == "2026-12-24"


def test_amounts_without_a_currency_are_told_to_be_in_the_pipelines(importer: Importer) -> None:
    assert importer("title,amount\nPump,5\n").currency_taken == "EUR"
    assert importer("title,amount,currency\nTap,5,USD\n").currency_taken is None
    assert importer("title,company\nHose,Acme\n").currency_taken is None


@pytest.mark.parametrize("name", ["../../x", "a/b", "..", "", "\\x", "~x"])
def test_a_mapping_has_a_plain_name(name: str) -> None:
    from funneltui.exchange.import_mapping import build_mapping
    from tests.conftest import small_pipeline

    with pytest.raises(BadInput, match="is no name for a mapping"):
        save_mapping(name, build_mapping(["title"], small_pipeline()))
