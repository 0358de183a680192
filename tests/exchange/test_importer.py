"""Whole files imported: counted, checked, written down, and taken in once."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from funneltui.domain.dates import DateOrder
from funneltui.domain.deal import Outcome
from funneltui.domain.history import Role
from funneltui.errors import BadInput, NotFound, StorageError
from funneltui.exchange import importer as module
from funneltui.exchange.importer import Both
from funneltui.services import deals, people, undo
from funneltui.storage.database import query
from tests.importing import SETS, Importer, Pairs, count, figures, many

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from funneltui.services.context import Context


@pytest.fixture
def importer(context: Context, tmp_path: Path) -> Importer:
    return Importer(context, tmp_path)


def test_a_file_is_taken_in_and_the_second_time_nothing_changes(importer: Importer) -> None:
    text = many(1203)
    assert figures(importer(text)) == (1203, 1203, 0, 0, 0)
    assert figures(importer(text)) == (1203, 0, 0, 1203, 0)
    assert count(importer.context, "event") == 1203


def test_only_what_changed_in_the_file_changes(importer: Importer) -> None:
    importer(many(20))
    assert figures(importer(many(20).replace("deal 7\n", "deal seven\n"))) == (20, 0, 1, 19, 0)
    assert importer.deal(7).title == "deal seven"


def test_a_full_row_becomes_a_full_deal(importer: Importer) -> None:
    importer(
        "title,company,contact,email,phone,source,owner,amount,currency,probability,stage,detail,expected close,"
        "follow-up,follow-up note,qualifier,tags,notes,created,id\n"
        'Pump,Acme,Eva,eva@acme.example,+386 1,Contact form,Bor,"1.234,50",usd,60 %,In Acquisition,after call - meeting,'
        '15.12.2026,1.12.2026,call her,hot,"b, a","one\ntwo",2026-10-01 08:00,X-1\n',
        sets=[],
    )
    found = importer.deal()
    assert (found.title, found.company, found.contact, found.email, found.phone) == (
        "Pump", "Acme", "Eva", "eva@acme.example", "+386 1",
    )  # fmt: skip
    assert (found.source, found.owner, found.amount, found.currency, found.probability) == (
        "web", "Bor", 123450, "USD", 60,
    )  # fmt: skip
    assert (found.stage, found.detail, str(found.expected_close)) == ("acquisition", "meeting", "2026-12-15")
    assert (str(found.follow_up), found.follow_up_note, found.qualifier) == ("2026-12-01", "call her", "hot")
    assert (found.tags, found.notes, found.external_system, found.external_id) == (("a", "b"), "one\ntwo", "csv", "X-1")
    assert found.created.isoformat() == "2026-10-01T08:00:00+00:00"


def test_every_row_is_accounted_for_by_line_and_reason(importer: Importer) -> None:
    report = importer('title,amount,stage\nok,1,\nshort\nlong,1,,x\n\nneg,-1,\nbad,1,Limbo\nfine,2,\n"open,1\n')
    assert figures(report) == (7, 2, 0, 0, 5)
    assert [one.line for one in report.rejected] == [3, 4, 6, 7, 9]
    assert "is negative" in report.rejected[2].why
    assert 'there is no stage "Limbo"; say which it is with --stage "Limbo=STAGE"' in report.rejected[3].why


def test_the_gate_holds_unless_what_it_wants_is_set(importer: Importer) -> None:
    text = "title,stage\nx,acquisition\ny,resigned\nz,waiting\n"
    report = importer(text)
    assert figures(report) == (3, 1, 0, 0, 2)
    assert ["detail" in report.rejected[0].why, "rejection reason" in report.rejected[1].why] == [True, True]
    assert figures(importer(text, sets=[*SETS, ("detail", "call"), ("reason", "other")])) == (3, 2, 0, 1, 0)


def test_what_is_set_befits_the_stage(importer: Importer) -> None:
    importer("title,stage\nx,waiting\ny,resigned\n", sets=[*SETS, ("reason", "other"), ("follow_up", "+3d")])
    assert (importer.deal(1).reason, importer.deal(2).reason) == (None, "other")
    assert importer.deal(1).follow_up is not None
    assert importer.deal(2).follow_up is None


@pytest.mark.parametrize(
    "sets", [[("source", "nowhere")], [("expected_close", "someday")], [("detail", "dance")], [("created", "soon")]]
)
def test_what_cannot_be_set_is_refused_before_anything_is_read(importer: Importer, sets: Pairs) -> None:
    with pytest.raises((BadInput, NotFound)):
        importer("title\nx\n", sets=sets)
    assert count(importer.context) == 0


def test_the_outcome_column_closes_a_deal_from_where_it_stood(importer: Importer) -> None:
    importer(
        "title,stage,status,created,closed on\n"
        "a,Waiting,open,2026-01-01,\nb,Offered,won,2026-01-01,2026-02-01\nc,In acquisition,lost,2026-01-01,2026-02-01\n",
        sets=[*SETS, ("reason", "price")],
    )
    assert [importer.deal(number).outcome for number in (1, 2, 3)] == [Outcome.OPEN, Outcome.WON, Outcome.LOST]
    assert importer.deal(3).reach == "acquisition"
    assert [stay.stage for stay in deals.show(importer.context, 3).visits] == ["acquisition", "resigned"]


@pytest.mark.parametrize(
    ("won", "closed", "outcome"),
    [
        ("yes", "2026-02-01", Outcome.WON), ("1", "", Outcome.WON), ("TRUE", "2026-02-01", Outcome.WON),
        ("no", "2026-02-01", Outcome.LOST), ("0", "", Outcome.OPEN), ("", "", Outcome.OPEN),
        ("Closed Won", "", Outcome.WON), ("lost", "2026-02-01", Outcome.LOST),
    ],
)  # fmt: skip
def test_a_won_column_and_a_close_date_tell_the_outcome(
    importer: Importer, won: str, closed: str, outcome: Outcome
) -> None:
    importer(f"title,won,closed\nx,{won},{closed}\n", sets=[*SETS, ("reason", "price")])
    assert importer.deal().outcome is outcome
    if closed:
        assert str(importer.deal().closed_on) == closed


def test_contradictions_are_rejected(importer: Importer) -> None:
    assert "stands in Acquired" in importer.why("title,stage,won\nx,Acquired,lost\n")
    assert "is an open stage" in importer.why("title,stage,closed\nx,Waiting,2026-02-01\n")
    assert "neither yes nor no" in importer.why("title,won\nx,perhaps\n")


def test_words_of_other_systems_for_won_and_lost_are_understood(importer: Importer) -> None:
    importer("title,stage\nx,Closed Won\ny,closedlost\n", sets=[*SETS, ("reason", "price")])
    assert [importer.deal(number).stage for number in (1, 2)] == ["acquired", "resigned"]


def test_one_close_column_is_the_expected_close_of_open_and_the_close_of_closed_deals(importer: Importer) -> None:
    text = "title,stage,created,close date,id\nx,Waiting,2026-01-01,2026-12-24,1\ny,Acquired,2026-01-01,2026-03-01,2\n"
    importer(text, sets=[("source", "web")])
    assert (str(importer.deal(1).expected_close), importer.deal(1).closed_on) == ("2026-12-24", None)
    assert (str(importer.deal(2).expected_close), str(importer.deal(2).closed_on)) == ("2026-03-01", "2026-03-01")
    assert importer(text, sets=[("source", "web")]).unchanged == 2


def test_stages_of_the_file_are_named_by_hand(importer: Importer) -> None:
    importer("title,stage\nx,Won!\ny,  PROSPECT-ing\n", stages=[("won!", "acquired"), ("Prospect ing", "waiting")])
    assert [importer.deal(number).stage for number in (1, 2)] == ["acquired", "waiting"]


def test_dates_in_another_order_are_refused_as_a_whole(importer: Importer) -> None:
    text = "title,created\nx,02/03/2026\ny,02/23/2026\n"
    with pytest.raises(BadInput, match=r'line 3: "02/23/2026" is no date in the order dmy, but in mdy'):
        importer(text)
    assert count(importer.context) == 0
    importer(text, order=DateOrder.MDY)
    assert str(importer.deal(1).created.date()) == "2026-02-03"


def test_one_amount_that_proves_the_decimal_mark_settles_it_for_the_file(importer: Importer) -> None:
    importer("title;amount\nx;1.500\ny;2,5\n")
    assert [importer.deal(number).amount for number in (1, 2)] == [150_000, 250]
    importer("title;amount\nx;1,500\ny;2.50\n")
    assert [importer.deal(number).amount for number in (3, 4)] == [150_000, 250]


def test_a_decimal_mark_can_be_said(importer: Importer) -> None:
    importer("title;amount\nx;1.125\n", decimal=",")
    assert importer.deal().amount == 112_500
    assert "decimals" in importer.why("title;amount\nx;1.125\n", decimal=".")


@pytest.mark.parametrize(
    ("text", "percent"), [("60", 60), ("60%", 60), ("60.0", 60), ("0.8", 80), ("100.0", 100), ("0.0", 0)]
)
def test_probabilities_are_read_as_files_write_them(importer: Importer, text: str, percent: int) -> None:
    importer(f"title;probability\nx;{text}\n")
    assert importer.deal().probability == percent


@pytest.mark.parametrize(("other", "percent"), [("0.6", 100), (".25", 100), ("60", 1), ("75 %", 1)])
def test_whether_a_probability_of_one_is_all_is_told_by_the_others(
    importer: Importer, other: str, percent: int
) -> None:
    importer(f"title;probability\nx;1\ny;{other}\n")
    assert importer.deal().probability == percent


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("probability", "1", "could be 1 % or 100 %"),
        ("probability", "1.0", "could be 1 % or 100 %"), ("probability", "120", "no probability"),
        ("email", "not a mail", "no e-mail address"), ("amount", "much", "can't read"),
        ("expected close", "15.13.2026", "can't read"), ("expected close", "tomorrow", "can't read"),
        ("source", "LinkedIn", 'no source "LinkedIn"'), ("currency", "EURO", "no currency"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_rejects_its_row(importer: Importer, column: str, text: str, reason: str) -> None:
    assert reason in importer.why(f"title;{column}\nx;{text}\n")


def test_what_people_and_the_file_changed_both_is_reported(importer: Importer) -> None:
    importer("id;title;amount\n7;Pump;100\n8;Valve;5\n")
    deals.edit(importer.context, 1, {"amount": 30_000})
    report = importer("id;title;amount\n7;Pump;200\n8;Valve;6\n")
    assert (report.updated, report.both_count, report.both) == (2, 1, (Both(2, 1, ("amount",)),))


def test_a_rehearsal_tells_the_same_and_leaves_nothing(importer: Importer, tmp_path: Path) -> None:
    text = many(600) + "7,deal seven\n,\nx\n601,no source either\n"
    rehearsed = importer(text, dry_run=True, rejects=tmp_path / "rejects.csv")
    assert (count(importer.context), count(importer.context, "event")) == (0, 0)
    assert figures(rehearsed) == figures(importer(text)) == (603, 601, 1, 0, 1)
    assert (tmp_path / "rejects.csv").exists()


def test_progress_grows_to_the_size_of_the_file(importer: Importer) -> None:
    told: list[tuple[int, int]] = []
    importer(many(30_00), progress=lambda done, size: told.append((done, size)))
    assert told == sorted(told)
    assert len(told) == 7
    assert told[-1][0] == told[-1][1] == importer.path.stat().st_size


def test_a_database_that_fails_half_way_is_told_with_what_is_stored(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_after_one_batch(*args: Any) -> list[Any]:
        if count(importer.context):
            raise StorageError("the disk is full; make room")
        return import_batch(*args)

    import_batch = module.import_batch
    monkeypatch.setattr(module, "import_batch", full_after_one_batch)
    said = r"the first 500 rows are stored, the same import again goes on; then: the disk is full"
    with pytest.raises(StorageError, match=said):
        importer(many(1_200))
    assert count(importer.context) == 500
    monkeypatch.undo()
    assert figures(importer(many(1_200)))[:4] == (1_200, 700, 0, 500)


def test_undoing_an_import_leaves_the_change_before_it_alone(importer: Importer) -> None:
    deals.add(importer.context, {"title": "by hand", "source": "web", "expected_close": date(2027, 1, 15)})
    importer(many(3))
    assert len(undo.undo(importer.context).deals) == 3
    assert importer.deal(1).is_open


def count_of_undone(context: Context) -> int:
    return int(query(context.database, "SELECT count(*) FROM deal WHERE outcome = 'undone'")[0][0])


def test_an_import_that_is_undone_while_it_runs_can_be_undone_to_its_end(
    importer: Importer, as_user: Callable[[str], Context]
) -> None:
    other, undone = as_user("ana"), []

    def take_back(done: int, size: int) -> None:
        if not undone:
            undone.append(len(undo.undo(other).deals))

    importer(many(1_200), progress=take_back)
    assert undone == [500]
    assert len(undo.undo(importer.context).deals) == 700
    assert count(importer.context) == count_of_undone(importer.context) == 1_200


def test_rejected_rows_are_written_with_their_reason_and_can_be_mended(importer: Importer, tmp_path: Path) -> None:
    out = tmp_path / "rejects.csv"
    importer('title;phone;stage\nok;1;\n=1+1;+386 1;Limbo\nx;"a;b";Nowhere\n', rejects=out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        header, first, second = csv.reader(file, delimiter=";")
    assert header == ["title", "phone", "stage", "why"]
    assert first[:3] == ["'=1+1", "'+386 1", "Limbo"]
    assert "no stage" in first[3]
    assert second[:3] == ["x", "a;b", "Nowhere"]
    mended = out.read_text(encoding="utf-8").replace("Limbo", "Waiting", 1).splitlines()[:2]
    assert importer("\n".join(mended)).created == 1
    assert (importer.deal(2).title, importer.deal(2).phone) == ("=1+1", "+386 1")


def test_rejected_rows_as_they_are_are_rejected_again(importer: Importer, tmp_path: Path) -> None:
    out = tmp_path / "rejects.csv"
    first = importer('title,a,b\ny,,,too many\n"open,z\nshort\nshort,2\n', rejects=out)
    again = importer(out.read_text(encoding="utf-8"))
    assert figures(first) == figures(again) == (4, 0, 0, 0, 4)


def test_the_file_of_rejected_rows_is_private_and_made_only_when_needed(importer: Importer, tmp_path: Path) -> None:
    out = tmp_path / "rejects.csv"
    importer("title\nx\n", rejects=out)
    assert not out.exists()
    out.write_text("title,why\nold,no stage\n")
    out.chmod(0o644)
    importer("title,amount\nx,much\n", rejects=out)
    assert out.stat().st_mode & 0o777 == 0o600
    assert "old" not in out.read_text()


def test_rejected_rows_never_overwrite_the_input_a_database_or_a_folder(importer: Importer, tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(importer.path)
    database = tmp_path / "other.db"
    database.write_bytes(b"SQLite format 3\0" + b"x" * 100)
    for place in (importer.path, link, database, tmp_path):
        with pytest.raises(BadInput):
            importer("title,amount\nx,much\n", rejects=place)
    with pytest.raises(StorageError):
        importer("title,amount\nx,much\n", rejects=tmp_path / "nowhere" / "rejects.csv")
    assert importer.path.read_text() == "title,amount\nx,much\n"


def test_a_rep_imports_what_is_his_and_hears_of_the_rest(importer: Importer, as_user: Callable[[str], Context]) -> None:
    people.add_user(importer.context, "bor", Role.REP)
    importer.context = as_user("bor")
    report = importer("title,owner\nmine,bor\nalso mine,\nhers,ana\n")
    assert figures(report) == (3, 2, 0, 0, 1)
