"""`export`, `init --from`, `today --ics`: what goes out, to whom, in which form; and the whole workspace in again."""

from __future__ import annotations

import csv
import io
import json
import stat
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar
from python_calamine import CalamineWorkbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shop

TABLES = (
    "deals", "history", "visits", "follow-ups", "contacts", "companies", "forecast", "forecast-deals", "funnel", "stats",
    "losses",
)  # fmt: skip


@pytest.fixture
def full(shop: Shop) -> Shop:
    """Give a workspace with a rep, deals of both, one of them lost, in two currencies."""
    shop.ok("users", "add", "bor")
    shop.ok("add", "=CRM, łódź", "--source", "web", "--close", "2026-12-15", "--amount", "1234.50", "--company", "Acme",
            "--contact", "Ann", "--phone", "+386 1 234", "--follow-up", "2026-11-24")  # fmt: skip
    shop.ok("add", "Pilot", "--source", "phone", "--close", "2026-11-29", "--amount", "700", "--currency",
            "JPY", "--owner", "bor")  # fmt: skip
    shop.ok("add", "Gone", "--source", "web", "--close", "2026-11-30", "--amount", "10")
    shop.ok("lose", "3", "--reason", "price")
    return shop


def table(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    """Give the rows of a CSV text by its header."""
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_deals_come_out_as_csv_with_names_days_and_numbers(full: Shop) -> None:
    first, second, third = table(full.ok("export").out)
    assert (first["title"], first["amount"], first["phone"]) == ("'=CRM, łódź", "1234.50", "'+386 1 234")
    assert (first["stage"], first["source"], first["expected_close"]) == ("Waiting", "contact form", "2026-12-15")
    assert (second["amount"], second["currency"], second["owner"]) == ("700", "JPY", "bor")
    assert (third["outcome"], third["reason"], third["closed_on"]) == ("lost", "too expensive", "2026-11-21")


def test_a_filter_says_which_and_spam_stays_out(full: Shop) -> None:
    full.ok("spam", "2")
    assert [row["number"] for row in table(full.ok("export", "source:web", "-is:lost").out)] == ["1"]
    assert [row["number"] for row in table(full.ok("export").out)] == ["1", "3"]
    assert [row["number"] for row in table(full.ok("export", "is:spam").out)] == ["2"]


@pytest.mark.parametrize("what", TABLES)
def test_a_rep_takes_out_his_own_only(full: Shop, what: str) -> None:
    for form in ("csv", "json", "jsonl"):
        out = full.ok("export", "--what", what, "--format", form, user="bor").out
        assert "CRM" not in out
        assert "Gone" not in out
        assert "Acme" not in out


def test_the_whole_workspace_is_for_managers(full: Shop) -> None:
    done = full("export", "--what", "workspace", user="bor")
    assert (done.status, done.out) == (1, "")
    assert "only a manager" in done.err


@pytest.mark.parametrize("what", TABLES)
def test_every_table_comes_out_the_same_in_every_format(full: Shop, tmp_path: Path, what: str) -> None:
    rows = list(csv.reader(io.StringIO(full.ok("export", "--what", what).out, newline="")))
    records = full.ok("export", "--what", what, "--format", "json").json
    lines = full.ok("export", "--what", what, "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == records
    full.ok("export", "--what", what, "--out", str(tmp_path / "out.xlsx"))
    page = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()
    assert page[0] == rows[0]
    assert len(page) == len(rows) == len(records) + 1
    assert len(rows) > 1


def test_an_empty_table_has_its_header_and_no_records(shop: Shop) -> None:
    assert shop.ok("export").out.startswith("number,title,")
    assert shop.ok("export", "--format", "json").json == []
    assert shop.ok("export", "--what", "deals", "--format", "jsonl").out == ""


def test_a_file_is_private_marked_for_excel_and_never_written_over(full: Shop, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    done = full.ok("export", "--out", str(path))
    assert (done.out, done.err) == ("", f"{path}: deals, 3 rows\n")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfnumber,")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = full("export", "--out", str(path), "is:lost")
    assert again.status == 1
    assert "--force" in again.err
    assert len(table(path.read_text("utf-8-sig"))) == 3
    full.ok("export", "--out", str(path), "is:lost", "--force", "--no-bom")
    assert len(table(path.read_text("utf-8"))) == 1


def test_with_a_decimal_comma_columns_are_parted_by_semicolons(full: Shop) -> None:
    assert table(full.ok("export", "--decimal", "comma").out, ";")[0]["amount"] == "1234,50"
    assert table(full.ok("export", "--delimiter", "tab").out, "\t")[0]["amount"] == "1234.50"


def test_what_was_exported_can_be_imported(full: Shop, tmp_path: Path) -> None:
    path, other = str(tmp_path / "deals.csv"), ("--db", str(tmp_path / "other.db"))
    full.ok("export", "--out", path)
    report = full.ok("import", path, "--json").json
    assert (report["rows"], report["unchanged"], report["rejected"]) == (3, 3, [])
    full.ok("init", *other)
    report = full.ok("import", path, "--json", *other).json
    assert (report["rows"], report["created"], report["rejected"]) == (3, 3, [])
    there = [full.ok("show", "1", "--json", *db).json for db in ((), other)]
    for field in ("title", "phone", "amount", "follow_up"):
        assert there[0][field] == there[1][field]


def test_history_tells_amounts_in_the_currency_that_a_deal_has(full: Shop) -> None:
    full.ok("edit", "2", "--amount", "900")
    told = [row["what"] for row in table(full.ok("export", "owner:bor", "--what", "history").out)]
    assert told == ["added in Waiting", "amount: ¥900"]
    assert table(full.ok("export", "--what", "history", "--until", "2026-11-20").out) == []
    (_, edited) = full.ok("export", "owner:bor", "--what", "history", "--format", "json").json
    assert edited["data"]["after"] == {"amount": "900"}


def test_follow_ups_come_out_as_a_calendar(full: Shop, tmp_path: Path) -> None:
    (event,) = Calendar.from_ical(full.ok("export", "--format", "ics").out).walk("VEVENT")
    assert event["summary"] == "=CRM, łódź"
    full.ok("today", "--ics", "--days", "60", "--out", str(tmp_path / "today.ics"))
    due = Calendar.from_ical((tmp_path / "today.ics").read_bytes()).walk("VEVENT")
    assert event["uid"] in [one["uid"] for one in due]
    assert len(due) == 2
    assert full("today", "--ics", "--out", str(tmp_path / "today.ics")).status == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--what", "deals", "--format", "ics"), "follow-ups, not deals"),
        (("--what", "workspace", "--format", "csv"), "goes into jsonl"),
        (("--format", "jsonl", "stage:offered"), "takes no filter"),
        (("--what", "forecast", "stage:offered"), "takes no filter"),
    ],
)
def test_what_does_not_go_together_is_said(full: Shop, words: tuple[str, ...], said: str) -> None:
    done = full("export", *words)
    assert done.status == 2
    assert said in done.err


def test_a_faulty_wish_leaves_no_file(full: Shop, tmp_path: Path) -> None:
    for words in (("stage:nowhere:",), ("--delimiter", "ab"), ("--what", "losses", "--since", "soonish")):
        assert full("export", *words, "--out", str(tmp_path / "x.csv")).status == 1
    assert not list(tmp_path.glob("*x.csv*"))


def test_a_workspace_is_made_of_what_was_written_out(full: Shop, tmp_path: Path) -> None:
    whole, other = str(tmp_path / "work.jsonl"), str(tmp_path / "other.db")
    full.ok("export", "--out", whole)
    done = full.bare("--db", other, "--user", "ana", "init", "--from", whole)
    assert done.status == 0
    assert "3 deals" in done.out
    assert "ana (manager), bor (rep)" in done.out
    again = full.bare("--db", other, "--user", "ana", "export", "--format", "jsonl")
    assert again.out == full.ok("export", "--what", "workspace").out
    assert again.out == (tmp_path / "work.jsonl").read_text("utf-8")
    taken = full.bare("--db", other, "--user", "ana", "init", "--from", whole)
    assert taken.status == 1
    assert "there is a workspace here already" in taken.err


def test_what_cannot_be_put_in_is_told_with_file_and_line(full: Shop, tmp_path: Path) -> None:
    text = full.ok("export", "--what", "workspace").out.replace('"currency": "JPY"', '"currency": "JYP"', 1)
    (tmp_path / "bad.jsonl").write_text(text, "utf-8")
    done = full.bare("--db", str(tmp_path / "other.db"), "init", "--from", str(tmp_path / "bad.jsonl"))
    assert done.status == 1
    assert "bad.jsonl, line " in done.err
    assert "deal, currency:" in done.err
    assert not (tmp_path / "other.db").exists()
    mixed = full.bare("--db", str(tmp_path / "other.db"), "init", "--from", "x.jsonl", "--preset", "acquisition")
    assert mixed.status == 2


@pytest.mark.parametrize("name", ["q.ods", "q.parquet", "q.txt"])
def test_an_ending_that_is_no_format_is_refused_with_those_there_are(full: Shop, tmp_path: Path, name: str) -> None:
    done = full("export", "--out", str(tmp_path / name))
    assert done.status != 0
    assert "end its name in one of csv, json, jsonl, xlsx, ics, or say one with --format" in done.err
    assert not (tmp_path / name).exists()
    full.ok("export", "--out", str(tmp_path / name), "--format", "csv")
    full.ok("export", "--out", str(tmp_path / "deals"))
