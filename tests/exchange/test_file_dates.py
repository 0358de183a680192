"""Dates as files write them, in the file's order; what could be read otherwise is counted and shown."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.dates import DateOrder
from funneltui.errors import BadInput
from funneltui.exchange.file_dates import read_moment
from tests.fielded import with_fields
from tests.importing import Importer

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.services.context import Context


@pytest.fixture
def importer(context: Context, tmp_path: Path) -> Importer:
    return Importer(context, tmp_path)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2025-10-07", date(2025, 10, 7)),
        ("Oct 7, 2025 6:55 PM", datetime(2025, 10, 7, 18, 55, tzinfo=UTC)),
        ("October 7, 2025", date(2025, 10, 7)),
        ("7 Oct 2025", date(2025, 10, 7)),
        ("07-Oct-2025 06:55 AM", datetime(2025, 10, 7, 6, 55, tzinfo=UTC)),
        ("07-10-2025", date(2025, 10, 7)),
        ("7. 10. 2025", date(2025, 10, 7)),
        ("7. 10. 2025 18:55", datetime(2025, 10, 7, 18, 55, tzinfo=UTC)),
        ("07-10-2025 18:55", datetime(2025, 10, 7, 18, 55, tzinfo=UTC)),
        ("2026-10-09T08:00:00.000Z", datetime(2026, 10, 9, 8, tzinfo=UTC)),
    ],
)
def test_dates_of_other_systems_are_read(text: str, meant: date) -> None:
    assert read_moment(text, DateOrder.DMY) == meant


def test_numbers_with_dashes_are_in_the_files_order() -> None:
    assert read_moment("07-10-2025", DateOrder.MDY) == date(2025, 7, 10)


@pytest.mark.parametrize("text", ["Foo 7, 2025", "31-13-2025", "7 Oct", "tomorrow"])
def test_what_is_no_date_of_a_file_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_moment(text, DateOrder.DMY)


def test_ambiguous_dates_are_counted_with_an_example(importer: Importer) -> None:
    (found,) = importer("title,created\nx,2026-01-01\ny,02/03/2026\nz,04/05/2026\nu,06/06/2026\n").ambiguous
    assert (found.what, found.count, found.line, found.text) == ("date", 2, 3, "02/03/2026")
    assert found.words() == 'line 3: the date "02/03/2026" is read as 2 Mar 2026, in the order dmy, 2 in all'


def test_a_date_that_proves_the_order_leaves_none_ambiguous(importer: Importer) -> None:
    assert importer("title,created\ny,02/03/2026\nz,23/05/2026\n").ambiguous == ()


def test_an_amount_that_could_be_two_is_told_unless_another_proves_the_mark(importer: Importer) -> None:
    (found,) = importer("title;amount\nx;1.500\ny;2.750\n").ambiguous
    assert (found.what, found.count, found.line, found.read) == ("amount", 2, 2, "thousands")
    assert importer("title;amount\nx;1.500\ny;2,50\n").ambiguous == ()
    assert importer("title;amount\nx;1.500\n", decimal=",").ambiguous == ()


def test_dates_with_dashes_in_another_order_are_refused_as_a_whole(importer: Importer) -> None:
    with pytest.raises(BadInput, match="--date-order mdy"):
        importer("title,created\nx,02-03-2026\ny,02-23-2026\n")


def test_the_dates_of_a_custom_field_take_part_in_finding_out_the_order(context: Context, tmp_path: Path) -> None:
    importer = Importer(with_fields(context), tmp_path)
    with pytest.raises(BadInput, match=r"line 3: .* --date-order mdy"):
        importer("title,renewal\nx,03/04/2026\ny,12/31/2026\n")
    (found,) = importer("title,renewal\nx,03/04/2026\n").ambiguous
    assert found.text == "03/04/2026"


def test_the_dates_of_a_second_closing_column_take_part_too(importer: Importer) -> None:
    text = (
        "Deal - ID,Deal - Title,Deal - Value,Deal - Stage,Deal - Status,Deal - Deal created,"
        "Deal - Won time,Deal - Lost time\n"
        "1,Pump,5,Waiting,Won,2026-01-02,03/04/2026,\n2,Tap,5,Waiting,Lost,2026-01-02,,12/31/2026\n"
    )
    with pytest.raises(BadInput, match="--date-order mdy"):
        importer(text, recognise=True)
