"""Exports of other systems become deals: their words, dates, ids and visits, and what has no home."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.dates import DateOrder
from funneltui.domain.deal import Outcome
from funneltui.errors import BadInput, NotFound
from funneltui.exchange.import_plan import Said, plan_import
from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.stage_histories import StageHistories
from funneltui.services import deals, workspaces
from tests.importing import SETS, Importer, figures

if TYPE_CHECKING:
    from funneltui.services.context import Clock, Context

REAL = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def importer(context: Context, tmp_path: Path) -> Importer:
    return Importer(context, tmp_path)


STAGES = [("Qualified", "waiting"), ("Proposal Made", "offered/contract"), ("Angebot", "offered/negotiation")]


def test_pipedrives_deals_in_german_are_won_lost_and_open(importer: Importer) -> None:
    text = (
        "Deal - ID,Deal - Titel,Deal - Wert,Deal - Phase,Deal - Status,Deal - Deal erstellt,Deal - Deal abgeschlossen am,"
        "Deal - Verlustgrund\n"
        "1,Pumpe,1200.50,Qualified,Offen,2026-01-02 10:00:00,,\n"
        "2,Ventil,300,Angebot,Gewonnen,2026-01-02 10:00:00,2026-02-03 11:00:00,\n"
        "3,Rohr,400,Qualified,Verloren,2026-01-02 10:00:00,2026-02-03 11:00:00,zu lange gewartet\n"
    )
    report = importer(text, stages=STAGES, recognise=True, reasons=[("*", "other")])
    assert figures(report) == (3, 3, 0, 0, 0), report.rejected
    assert [importer.deal(number).outcome for number in (1, 2, 3)] == [Outcome.OPEN, Outcome.WON, Outcome.LOST]
    assert importer.deal(1).amount == 120_050
    assert (importer.deal(3).reason, importer.deal(3).reason_note) == ("other", "zu lange gewartet")
    assert (importer.deal(2).external_system, importer.deal(2).external_id) == ("pipedrive", "2")
    assert figures(importer(text, stages=STAGES, recognise=True, reasons=[("*", "other")])) == (3, 0, 0, 3, 0)


def test_won_and_lost_deals_may_have_their_close_dates_in_columns_of_their_own(importer: Importer) -> None:
    text = (
        "Affaire - ID;Affaire - Titre;Affaire - Statut;Affaire - Affaire créée;Affaire - Date de gain;"
        "Affaire - Date de perte\n"
        "1;Fours;Gagné;2026-01-02;2026-02-03;\n2;Pains;Perdu;2026-01-02;;2026-03-04\n3;Sel;Ouvert;2026-01-02;;\n"
    )
    report = importer(text, recognise=True, sets=[*SETS, ("reason", "other")])
    assert figures(report) == (3, 3, 0, 0, 0), report.rejected
    assert [str(importer.deal(number).closed_on) for number in (1, 2, 3)] == ["2026-02-03", "2026-03-04", "None"]


def test_a_word_can_stand_for_a_stage_and_its_detail(importer: Importer) -> None:
    text = "id,title,stage\n1,x,Proposal Made\n"
    importer(text, stages=STAGES, sets=[*SETS, ("follow_up", "+3d")])
    assert (importer.deal().stage, importer.deal().detail) == ("offered", "contract")
    assert importer(text, stages=STAGES, sets=[*SETS, ("follow_up", "+3d")]).unchanged == 1


def test_a_word_for_all_others_is_asked_last(importer: Importer) -> None:
    text = "title,stage,source\nx,Acquired,Fair\ny,Anything,phone\nz,Closed Won,web\n"
    importer(text, stages=[("*", "waiting")], sources=[("*", "other")])
    assert [importer.deal(number).stage for number in (1, 2, 3)] == ["acquired", "waiting", "acquired"]
    assert [importer.deal(number).source for number in (1, 2, 3)] == ["other", "phone", "web"]


def test_the_word_for_all_others_can_stand_for_a_stage_and_its_detail(importer: Importer) -> None:
    importer("title,stage\nx,Anything\n", stages=[("*", "acquisition/call")])
    assert (importer.deal().stage, importer.deal().detail) == ("acquisition", "call")


def test_a_source_that_nobody_knows_rejects_its_row_and_says_how_to_say_it(importer: Importer) -> None:
    assert 'or say which it is with --source "Fair=SOURCE"' in importer.why("title,source\nx,Fair\n")


@pytest.mark.parametrize("said", [{"sources": [("Fair", "x")]}, {"stages": [("A", "offered/x")]}])
def test_what_a_word_is_said_to_stand_for_must_be_there(
    importer: Importer, said: dict[str, list[tuple[str, str]]]
) -> None:
    with pytest.raises(NotFound, match="--s"):
        importer("title\nx\n", **said)


def test_hubspots_columns_of_stages_are_visits(importer: Importer) -> None:
    header = [
        "Record ID", "Deal Name", "Deal Stage", "Create Date", "Close Date", "Associated Company",
        'Date entered "Waiting (Sales Pipeline)"', "Date entered 'Closed Won (Sales Pipeline)'",
    ]  # fmt: skip
    cells = ["7", "Pump", "Closed Won (Sales Pipeline)", "2026-01-02 08:00", "2026-03-01", "Acme (5551)",
             "2026-01-05 09:00", "2026-03-01 15:00"]  # fmt: skip
    with importer.path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, cells])
    text = importer.path.read_text(encoding="utf-8")
    report = importer(text, recognise=True)
    assert report.created == 1, report.rejected
    stays = deals.show(importer.context, 1).visits
    assert [(one.stage, one.entered) for one in stays] == [
        ("waiting", datetime(2026, 1, 2, 8, tzinfo=UTC)), ("acquired", datetime(2026, 3, 1, 15, tzinfo=UTC)),
    ]  # fmt: skip
    assert (importer.deal().company, str(importer.deal().closed_on)) == ("Acme", "2026-03-01")
    assert importer(text, recognise=True).unchanged == 1


def test_a_salesforce_report_ends_before_its_footer_and_its_ids_are_those_of_the_api(importer: Importer) -> None:
    report = (
        "Opportunity ID,Opportunity Name,Account Name,Opportunity Owner,Fiscal Period,Stage,Age,Close Date,Created Date\n"
        "006Ec00000AieKF,Pump,Acme,Eva,Q1-2026,Closed Won,3,2026-02-03,2026-01-02\n"
        '"Grand Totals (1 records)"\n"Confidential Information - Do Not Distribute"\n'
        '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n'
    )
    assert figures(importer(report, recognise=True)) == (1, 1, 0, 0, 0)
    api = "Id,Name,StageName,CloseDate,IsWon,LeadSource\n006Ec00000AieKFIAZ,Pump,Closed Won,2026-02-03,true,\n"
    assert figures(importer(api, recognise=True)) == (1, 0, 0, 1, 0)


def test_a_record_written_after_its_deal_had_closed_is_as_old_as_the_deal(importer: Importer) -> None:
    importer(
        "Id,Name,StageName,CloseDate,IsWon,CreatedDate\n1,Pump,Closed Won,2025-11-09,true,2026-06-15T20:47:07.000Z\n",
        recognise=True,
    )
    assert (str(importer.deal().created.date()), str(importer.deal().closed_on)) == ("2025-11-09", "2025-11-09")


def test_trellos_labels_are_tags_without_their_colours(importer: Importer) -> None:
    importer(
        'Card ID,Card Name,Labels,List Name,Due Date,Board Name\n1,Pump,"Urgent (red), Small (green)",Waiting,'
        "2026-12-09T08:00:00.000Z,Sales\n",
        recognise=True,
    )
    assert importer.deal().tags == ("small", "urgent")


def test_what_has_no_home_is_told_and_kept_if_asked(importer: Importer) -> None:
    text = "id,title,Region,Floor,notes\n1,x,North,,by hand\n2,y,,3,\n"
    importer(text, keep_rest=True)
    assert [importer.deal(number).notes for number in (1, 2)] == ["by hand\nRegion: North", "Floor: 3"]
    assert figures(importer(text, keep_rest=True)) == (2, 0, 0, 2, 0)
    assert figures(importer(text.replace("North", "South"), keep_rest=True)) == (2, 0, 1, 1, 0)
    assert importer.deal(1).notes == "by hand\nRegion: South"


def test_single_columns_are_kept_too_read_or_not(importer: Importer) -> None:
    report = importer("title,Region,Floor,Region,company\nx,North,3,East,Acme\n", kept=["region", "company"])
    assert report.created == 1
    assert importer.deal().notes == "Region: North\nRegion: East\ncompany: Acme"
    assert importer.deal().company == "Acme"


def test_a_column_to_be_kept_must_be_there(importer: Importer) -> None:
    with pytest.raises(BadInput, match='no column "Colour"; its columns are: title, Region'):
        importer("title,Region\nx,North\n", kept=["Colour"])


def test_of_several_e_mails_the_first_is_the_contacts_and_the_others_can_be_kept(importer: Importer) -> None:
    text = 'Deal - ID,Deal - Title,Deal - Stage,Person - Email - Work\n1,x,Waiting,"a@x.example, b@x.example"\n'
    importer(text, recognise=True, keep_rest=True)
    assert importer.deal().email == "a@x.example"
    assert importer.deal().notes == "Person - Email - Work: a@x.example, b@x.example"


def test_a_source_that_only_the_word_for_others_stands_for_can_be_kept(importer: Importer) -> None:
    importer("title,source\nx,Fair\ny,web\n", sources=[("*", "other")], keep_rest=True)
    assert [importer.deal(number).notes for number in (1, 2)] == ["source: Fair", ""]


def test_notes_written_since_outlive_what_is_kept(importer: Importer) -> None:
    text = "id,title,Region\n1,x,North\n"
    importer(text, keep_rest=True)
    deals.edit(importer.context, 1, {"notes": "Region: North\nshe likes tea"})
    assert importer(text, keep_rest=True).unchanged == 1
    importer(text.replace("North", "South"), keep_rest=True)
    assert importer.deal(1).notes == "she likes tea\nRegion: South"


HISTORY = (
    "Id,OpportunityId,StageName,ForecastCategory,CreatedDate\n"
    "h2,006Ec00000AieKFIAZ,Offered,Pipeline,2026-01-20T10:00:00Z\n"
    "h1,006Ec00000AieKFIAZ,Waiting,Pipeline,2026-01-02T10:00:00Z\n"
    "h3,006Ec00000AieKFIAZ,Offered,Pipeline,2026-01-21T10:00:00Z\n"
    "h4,006Ec00000AieKFIAZ,Resigned,Closed,2026-02-01T10:00:00Z\n"
    "h5,006Ec00000AieKFIAZ,Waiting,Pipeline,2026-02-10T10:00:00Z\n"
)


def planned(importer: Importer, text: str, **said: object) -> Said:
    importer.path.write_text(text, encoding="utf-8")
    history = importer.path.parent / "history.csv"
    history.write_text(HISTORY, encoding="utf-8")
    return Said(importer.path, sets=(*SETS, ("reason", "price")), history=history, **said)  # type: ignore[arg-type]


def test_a_history_gives_the_visits_with_their_moments_and_the_losses_that_were_taken_back(importer: Importer) -> None:
    text = "Id,Name,StageName,CloseDate,IsWon\n006Ec00000AieKFIAZ,Pump,Waiting,2026-12-01,false\n"
    said = planned(importer, text)
    report = plan_import(importer.context, said).carry_out(importer.context)
    assert figures(report) == (1, 1, 0, 0, 0), report.rejected
    opened = deals.show(importer.context, 1)
    assert [(one.stage, str(one.entered.date())) for one in opened.visits] == [
        ("waiting", "2026-01-02"), ("offered", "2026-01-20"), ("resigned", "2026-02-01"), ("waiting", "2026-02-10"),
    ]  # fmt: skip
    assert opened.events[2].data["after"]["reason"] == "price"
    assert (opened.deal.reason, opened.deal.closed_on, opened.deal.reach) == (None, None, "offered")
    assert figures(plan_import(importer.context, said).carry_out(importer.context)) == (1, 0, 0, 1, 0)


def test_a_loss_taken_back_without_a_reason_is_no_way_round_its_gate(importer: Importer) -> None:
    text = "Id,Name,StageName,CloseDate,IsWon\n006Ec00000AieKFIAZ,Pump,Waiting,2026-12-01,false\n"
    said = planned(importer, text)
    plan = plan_import(importer.context, Said(said.file, sets=tuple(SETS), history=said.history))
    (rejected,) = plan.carry_out(importer.context).rejected
    assert "it was lost on 2026-02-01 and went on later" in rejected.why


def test_a_table_that_is_no_history_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match="not recognised as a history of stages"):
        StageHistories(path, DateOrder.DMY)


def kept_history(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "history.csv"
    path.write_text("Id,OpportunityId,StageName,ForecastCategory,CreatedDate\n" + "".join(lines), encoding=encoding)
    return path


def test_a_line_of_a_history_that_cannot_be_read_is_told_and_nothing_is_taken(tmp_path: Path) -> None:
    path = kept_history(tmp_path, "h1,006A,Waiting,Pipeline,2026-01-02\n", "h2,006A,Offered\n")
    with pytest.raises(BadInput, match=r"history.csv, line 3: it has 3 cells, the header has 5; correct the line"):
        StageHistories(path, DateOrder.DMY)


def test_the_moments_of_a_history_are_in_the_order_in_which_they_are_read(tmp_path: Path) -> None:
    path = kept_history(tmp_path, "h1,006A,Waiting,Pipeline,03/04/2026\n", "h2,006A,Offered,Pipeline,12/31/2026\n")
    with pytest.raises(BadInput, match=r"history.csv, line 3: .* --date-order mdy"):
        StageHistories(path, DateOrder.DMY)
    assert len(StageHistories(path, DateOrder.MDY).of("006A")) == 2


def test_the_encoding_that_is_said_of_a_file_is_that_of_its_history_too(importer: Importer, tmp_path: Path) -> None:
    importer.path.write_text("Id,Name,StageName,CloseDate,IsWon\n006A,Žaga,Čaka,2026-12-01,false\n", encoding="cp1250")
    history = kept_history(tmp_path, "h1,006A,Čaka,Pipeline,2026-01-02\n", encoding="cp1250")
    said = Said(importer.path, sets=tuple(SETS), stages=(("Čaka", "waiting"),), history=history, encoding="cp1250")
    assert figures(plan_import(importer.context, said).carry_out(importer.context)) == (1, 1, 0, 0, 0)
    assert str(deals.show(importer.context, 1).visits[0].entered.date()) == "2026-01-02"


def test_an_id_is_cut_alike_in_the_deals_and_in_their_history(importer: Importer, tmp_path: Path) -> None:
    importer.path.write_text("Id,Name,StageName,CloseDate,IsWon\n006A\u200b 1,Pump,Waiting,2026-12-01,false\n")
    history = kept_history(tmp_path, "h1,006A\u200b  1,Waiting,Pipeline,2026-01-02\n")
    said = Said(importer.path, sets=tuple(SETS), history=history)
    plan_import(importer.context, said).carry_out(importer.context)
    assert str(deals.show(importer.context, 1).visits[0].entered.date()) == "2026-01-02"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files do not lie beside the checkout: NOT shown here")
@pytest.mark.parametrize(
    ("name", "order", "rows"),
    [
        ("salesforce/salesforce_dataloader_opportunityData.csv", None, 38),
        ("salesforce/salesforce_genai_demo_Opportunity_bom.csv", None, 58),
        ("salesforce/salesforce_datacloud_Opportunity_bom.csv", None, 50),
        ("salesforce/sfdev_Opportunity.csv", DateOrder.MDY, 36),
        ("hubspot/fivetran_hubspot_deal_data.csv", None, 44),
    ],
)
def test_real_exports_come_in_whole_and_the_second_run_changes_nothing(
    location: str, clock: Clock, name: str, order: DateOrder | None, rows: int
) -> None:
    context = workspaces.create(location, preset("b2b", "USD"), "ana", clock)
    sets = (("source", "other"), ("reason", "other"), ("expected_close", "+30d"))
    said = Said(REAL / name, sets=sets, sources=(("*", "other"),), order=order)
    assert figures(plan_import(context, said).carry_out(context)) == (rows, rows, 0, 0, 0)
    assert figures(plan_import(context, said).carry_out(context)) == (rows, 0, 0, rows, 0)
    context.database.close()


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files do not lie beside the checkout: NOT shown here")
def test_the_real_opportunity_history_is_matched_by_the_visits(location: str, clock: Clock) -> None:
    context = workspaces.create(location, preset("b2b", "USD"), "ana", clock)
    folder = REAL / "salesforce"
    history = folder / "sfdev_OpportunityHistory.csv"
    said = Said(
        folder / "sfdev_Opportunity.csv", sets=(("source", "other"), ("reason", "other")), sources=(("*", "other"),),
        order=DateOrder.MDY, history=history,
    )  # fmt: skip
    assert plan_import(context, said).carry_out(context).created == 36
    told: dict[str, list[datetime]] = {}
    with history.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            when = datetime.strptime(row["CreatedDate"], "%m/%d/%y %I:%M %p").replace(tzinfo=UTC)
            told.setdefault(row["OpportunityId"][:15], []).append(when)
    for number in range(1, 37):
        opened = deals.show(context, number)
        wanted = sorted(told[opened.deal.external_id or ""])
        assert [visit.entered for visit in opened.visits][-len(wanted) :] == wanted
    context.database.close()
