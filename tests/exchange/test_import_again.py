"""The same file imported again: rows without ids are known by what stands in them, our own exports by their deals."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from funneltui.exchange.deal_sheets import deals_sheet
from funneltui.exchange.exporting import Format, Wish, write_sheet
from funneltui.exchange.import_plan import Said, plan_import
from funneltui.exchange.importer import Both
from funneltui.services import activities, deals, undo, workspaces
from tests.conftest import small_pipeline
from tests.importing import Importer, count, figures

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.exchange.importer import ImportReport
    from funneltui.services.context import Clock, Context

LEADS = "title,company,amount\nPump,Acme,100\nValve,Globex,200\nPump,Acme,100\n"
FULL = (
    "title,company,amount,source,expected close,stage,detail,reason,closed on,id,tags,notes\n"
    'Pump,Acme,100,web,2026-12-01,Waiting,,,,,"b, a","one\ntwo"\n'
    "Valve,=Globex,33.30,phone,2026-12-02,In acquisition,call,,,X-1,,\n"
    "Hose,Initech,,web,2026-10-03,Resigned,,price,2026-10-02,,,\n"
    "Tap,Umbrella,5,web,2026-10-03,Acquired,,,2026-10-02,X-2,,\n"
)


@pytest.fixture
def importer(context: Context, tmp_path: Path) -> Importer:
    return Importer(context, tmp_path)


def exported(context: Context, folder: Path, form: Format = Format.CSV) -> Path:
    """Give an export of all deals."""
    path = folder / f"export.{form}"
    with path.open("wb") as out:
        write_sheet(out, deals_sheet(context), Wish(form))
    return path


def taken(context: Context, path: Path) -> ImportReport:
    return plan_import(context, Said(path)).carry_out(context)


def with_cells(path: Path, line: int, **cells: str) -> Path:
    """Change cells of a file as a person does in a spreadsheet; lines are counted as its rows."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    for name, text in cells.items():
        rows[line - 2][header.index(name)] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def test_a_file_without_ids_is_taken_in_once(importer: Importer) -> None:
    assert figures(importer(LEADS)) == (3, 3, 0, 0, 0)
    assert figures(importer(LEADS)) == (3, 0, 0, 3, 0)
    assert count(importer.context) == 3


def test_an_import_without_ids_that_was_cut_short_goes_on(importer: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funneltui.exchange.importer.BATCH", 2)

    def cut_short(done: int, size: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importer(LEADS, progress=cut_short)
    assert count(importer.context) == 2
    assert figures(importer(LEADS)) == (3, 1, 0, 2, 0)


def test_a_corrected_row_without_an_id_is_new_and_told_to_look_like_the_old_one(importer: Importer) -> None:
    importer(LEADS)
    report = importer(LEADS.replace("200", "250"))
    assert figures(report) == (3, 1, 0, 2, 0)
    assert [(one.line, one.number) for one in report.likes] == [(3, 2)]


def test_where_some_rows_have_ids_only_the_others_are_known_by_what_stands_in_them(importer: Importer) -> None:
    text = "id,title\nA-1,Pump\n,Valve\n"
    importer(text)
    assert importer.deal(1).external_id == "A-1"
    assert str(importer.deal(2).external_id).startswith("row-")
    assert figures(importer(text.replace("Pump", "Pumps"))) == (2, 0, 1, 1, 0)


def test_what_people_changed_in_a_deal_stays_when_its_row_comes_again(importer: Importer) -> None:
    importer(LEADS)
    deals.edit(importer.context, 2, {"title": "Valves"})
    assert figures(importer(LEADS)) == (3, 0, 0, 3, 0)
    assert importer.deal(2).title == "Valves"


def test_an_undone_import_without_ids_can_be_repeated(importer: Importer) -> None:
    importer(LEADS)
    undo.undo(importer.context)
    assert figures(importer(LEADS)) == (3, 3, 0, 0, 0)


def test_rejected_rows_corrected_by_a_setting_are_taken_in_beside_the_others(importer: Importer) -> None:
    text = "title,stage\nPump,waiting\nPump,acquisition\n"
    assert figures(importer(text)) == (2, 1, 0, 0, 1)
    again = importer(text, sets=[("source", "web"), ("expected_close", "+30d"), ("detail", "call")])
    assert figures(again) == (2, 1, 0, 1, 0)


@pytest.mark.parametrize("form", [Format.CSV, Format.XLSX])
def test_our_own_export_comes_back_unchanged(importer: Importer, tmp_path: Path, form: Format) -> None:
    importer(FULL, sets=[])
    deals.add(importer.context, {"title": "By hand", "source": "web", "expected_close": importer.deal().expected_close})
    deals.edit(importer.context, 1, {"amount": 12_345})
    assert count(importer.context) == 5
    assert figures(taken(importer.context, exported(importer.context, tmp_path, form))) == (5, 0, 0, 5, 0)


def test_a_changed_cell_of_our_export_changes_exactly_that_deal(importer: Importer, tmp_path: Path) -> None:
    importer(FULL, sets=[])
    deals.edit(importer.context, 1, {"amount": 500})
    path = with_cells(exported(importer.context, tmp_path), 2, amount="100.00")  # what it was once
    with_cells(path, 3, title="Valves")
    assert figures(taken(importer.context, path)) == (4, 0, 2, 2, 0)
    assert (importer.deal(1).amount, importer.deal(2).title) == (10_000, "Valves")
    assert figures(taken(importer.context, path)) == (4, 0, 0, 4, 0)


def test_what_people_changed_since_the_export_stays_unless_the_file_changed_the_same(
    importer: Importer, tmp_path: Path
) -> None:
    importer(FULL, sets=[])
    path = with_cells(exported(importer.context, tmp_path), 2, amount="300")
    deals.edit(importer.context, 1, {"amount": 700, "title": "Pumps"})
    report = taken(importer.context, path)
    assert report.both == (Both(2, 1, ("amount",)),)
    assert (importer.deal(1).amount, importer.deal(1).title) == (30_000, "Pumps")


def test_the_export_of_another_workspace_overwrites_no_deal_of_the_same_number(
    importer: Importer, tmp_path: Path, clock: Clock
) -> None:
    importer(FULL, sets=[])
    other = workspaces.create(str(tmp_path / "other.db"), small_pipeline(), "bor", clock)
    for title in ("Other pump", "Other valve"):
        deals.add(other, {"title": title, "source": "web", "expected_close": importer.deal().expected_close})
    path = exported(other, tmp_path)
    other.database.close()
    assert figures(taken(importer.context, path)) == (2, 2, 0, 0, 0)
    assert figures(taken(importer.context, path)) == (2, 0, 0, 2, 0)
    assert importer.deal(1).title == "Pump"


def test_a_row_that_shares_only_its_number_and_its_day_with_a_deal_is_refused(
    importer: Importer, tmp_path: Path
) -> None:
    importer(FULL, sets=[])
    path = with_cells(exported(importer.context, tmp_path), 2, title="Quite another", company="Elsewhere")
    with_cells(path, 2, external_id="", external_system="")
    report = taken(importer.context, path)
    assert figures(report) == (4, 0, 0, 3, 1)
    assert 'deal 1 of this workspace is "Pump": leave its title or its company' in report.rejected[0].why


def test_a_deal_that_is_known_by_an_id_may_be_renamed_altogether(importer: Importer, tmp_path: Path) -> None:
    importer(FULL, sets=[])
    path = with_cells(exported(importer.context, tmp_path), 2, title="Quite another", company="Elsewhere")
    assert figures(taken(importer.context, path)) == (4, 0, 1, 3, 0)
    assert (importer.deal().title, importer.deal().company) == ("Quite another", "Elsewhere")


def test_spam_in_our_export_stays_spam(importer: Importer, tmp_path: Path) -> None:
    importer(FULL, sets=[])
    activities.spam(importer.context, [1])
    path = exported(importer.context, tmp_path)
    assert figures(taken(importer.context, path))[3:] == (4, 0)
