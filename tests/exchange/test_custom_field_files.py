"""Custom fields in files: in a pipeline's definition, in an import, in drafts and in JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.custom_fields import CustomField, FieldChoice, FieldKind, FieldValues, Qualifier
from funneltui.errors import BadInput
from funneltui.exchange.deal_records import deal_record, opened_record
from funneltui.exchange.drafts import Draft, DraftFolder, What, owner_key
from funneltui.exchange.import_mapping import build_mapping
from funneltui.exchange.importer import run_import
from funneltui.exchange.pipeline_files import read_pipeline
from funneltui.exchange.tables_in import open_table
from funneltui.services import deals
from tests.conftest import NOW
from tests.exchange.test_pipeline_files import GOOD
from tests.fielded import fielded_pipeline, with_fields

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.exchange.importer import ImportReport
    from funneltui.services.context import Context

OWN = """
[[qualifier]]
key = "budget"
name = "budget confirmed"

[[field]]
key = "seats"
name = "Seats"
kind = "number"
help = "How many people"

[[field]]
key = "segment"
name = "Segment"
kind = "choice"
choices = [
    { key = "public", name = "public sector" },
    { key = "other", name = "the rest" },
]

[[field]]
key = "rival"
name = "Rival"
"""
FILE = GOOD + OWN


def line_of(text: str) -> int:
    return FILE[: FILE.index(text)].count("\n") + 1


def refusal(text: str) -> str:
    with pytest.raises(BadInput) as refused:
        read_pipeline(text, "mine.toml")
    return str(refused.value)


def test_fields_and_qualifiers_are_read_as_they_are_written() -> None:
    pipeline = read_pipeline(FILE, "mine.toml")
    assert pipeline.qualifiers == (Qualifier("budget", "budget confirmed"),)
    choices = (FieldChoice("public", "public sector"), FieldChoice("other", "the rest"))
    assert pipeline.fields == (
        CustomField("seats", "Seats", FieldKind.NUMBER, (), "How many people"),
        CustomField("segment", "Segment", FieldKind.CHOICE, choices),
        CustomField("rival", "Rival"),
    )


def test_a_stage_can_demand_a_field_by_its_key() -> None:
    pipeline = read_pipeline(FILE.replace('"amount"]', '"amount", "seats", "qualifier"]'), "mine.toml")
    assert pipeline.stage("offered").demands == ("detail", "amount", "seats", "qualifier")


@pytest.mark.parametrize(
    ("good", "bad", "line", "says"),
    [
        (
            '"amount"]',
            '"amount", "seat"]',
            "",
            'stage "offered": demands an unknown field "seat"; did you mean "seats"?',
        ),
        ('kind = "number"', 'kind = "money"', "", 'field "seats": kind "money" is none of text, number, date, choice'),
        ('key = "rival"', 'key = "Rival"', "", 'field "Rival": "Rival" is no key of a field; expected letters a-z'),
        ('key = "rival"', 'key = "amount"', "", '"amount" means something of every deal already; expected another'),
        ('key = "rival"', 'key = "reached"', "", '"reached" means something of every deal already'),
        ('name = "Rival"', 'name = "E-mail"', "", 'every deal has the field "E-mail" already; expected another name'),
        ('name = "Rival"', 'name = "SEATS"', "", "this name is already taken in line"),
        ('kind = "choice"', 'kind = "text"', "choices = [", "only a choice has choices, and this is a text"),
        ('kind = "number"', 'kind = "choice"', "", "a choice needs something to choose from; expected choices ="),
        ('key = "other", name', 'key = "public", name', "", "this key is already taken in line"),
        ('help = "How many people"', "help = 5", "", 'help is a whole number; expected text in quotes, help = "..."'),
        ('help = "How many people"', 'hint = "x"', "", 'unknown key "hint"'),
        ('key = "budget"', 'key = "a b"', "", 'key "a b" cannot be a key'),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_was_expected(good: str, bad: str, line: str, says: str) -> None:
    said = refusal(FILE.replace(good, bad, 1))
    assert says in said
    assert int(re.findall(r"line (\d+)", said)[0]) == line_of(line or good)


def test_the_example_in_the_default_preset_is_a_pipeline_when_its_signs_are_taken_out() -> None:
    from importlib import resources

    text = (resources.files("funneltui.presets") / "acquisition.toml").read_text("utf-8")
    known, example = text.split("# --- Qualifiers", 1)
    example = f"# {example}"
    lines = [re.sub(r"^# (?=\[\[|\w+ = |    \{|\]|# )", "", line) for line in example.splitlines()]
    pipeline = read_pipeline("\n".join([known, "#", *lines]), "acquisition.toml")
    assert [field.key for field in pipeline.fields] == ["seats", "renewal_on", "segment"]
    assert [one.key for one in pipeline.qualifiers] == ["budget_confirmed", "referred"]


def take_in(context: Context, folder: Path, text: str, **how: object) -> ImportReport:
    path = folder / "deals.csv"
    path.write_text(text, encoding="utf-8")
    table = open_table(path)
    sets = [("source", "web"), ("expected_close", "+30d"), *how.pop("sets", [])]  # type: ignore[misc]
    mapping = build_mapping(table.header, context.pipeline, how.pop("maps", []), [], sets, **how)  # type: ignore[arg-type]
    return run_import(context, table, mapping)


def test_a_column_with_a_fields_key_or_name_is_that_field(context: Context, tmp_path: Path) -> None:
    shop = with_fields(context)
    report = take_in(
        shop, tmp_path,
        "id,title,SEATS,Renewal,Market_Segment,rival,qualifier\n"
        'a,One,"1,250",1.3.2027,public sector,Žagar,budget confirmed\n'
        "b,Two,,,,,\n",
    )  # fmt: skip
    assert (report.created, report.rejected) == (2, ())
    one, two = deals.several(shop, [1, 2])
    assert dict(one.custom.pairs) == {
        "seats": "1250", "renewal_on": "2027-03-01", "segment": "public", "rival": "Žagar",
    }  # fmt: skip
    assert one.qualifier == "budget"
    assert two.custom == FieldValues()
    again = take_in(shop, tmp_path, "id,title,seats,rival\na,One,12.5,\nb,Two,,\n")
    assert (again.updated, again.unchanged) == (1, 1)
    assert deals.several(shop, [1])[0].custom == one.custom.changed(
        {"seats": "12.5"}
    )  # an empty cell takes nothing away


def test_a_column_can_be_named_and_a_field_be_set_for_all(context: Context, tmp_path: Path) -> None:
    shop = with_fields(context)
    maps, sets = [("Seats", "licences")], [("segment", "industry"), ("Rival", "Acme")]
    report = take_in(shop, tmp_path, "title,licences\nOne,5\nTwo,\n", maps=maps, sets=sets)
    assert report.created == 2
    assert [dict(deal.custom.pairs) for deal in deals.several(shop, [1, 2])] == [
        {"seats": "5", "segment": "industry", "rival": "Acme"}, {"segment": "industry", "rival": "Acme"},
    ]  # fmt: skip
    with pytest.raises(BadInput, match=r'no field "hats" to be read or set; choose one of: title, .*, rival'):
        take_in(shop, tmp_path, "title\nOne\n", sets=[("hats", "5")])


def test_a_row_is_rejected_by_the_same_gate_and_says_why(context: Context, tmp_path: Path) -> None:
    shop = with_fields(context, waiting=("seats",))
    report = take_in(shop, tmp_path, "title,seats,segment,qualifier\nOne,,,\nTwo,many,,\nThree,5,moon,\nFour,5,,hot\n")
    assert [(line, why.split(";")[0]) for line, why in report.rejected] == [
        (2, "Waiting demands Seats"),
        (3, 'Seats: can\'t read "many" as a number'),
        (4, 'there is no Market segment "moon"'),
        (5, 'there is no qualifier "hot"'),
    ]


def test_dates_and_numbers_are_read_as_the_file_writes_them(context: Context, tmp_path: Path) -> None:
    from funneltui.domain.dates import DateOrder

    shop = with_fields(context)
    take_in(shop, tmp_path, "title,seats,renewal\nOne,1.125,3/1/2027\n", order=DateOrder.MDY, decimal=".")
    assert dict(deals.several(shop, [1])[0].custom.pairs) == {"seats": "1.1250", "renewal_on": "2027-03-01"}


def test_json_gives_every_field_and_what_retired_ones_still_hold(context: Context) -> None:
    shop = with_fields(context)
    values = {"title": "One", "source": "web", "expected_close": NOW.date(), "seats": "12.5", "rival": "Acme"}
    deal = deals.add(shop, values)
    record = deal_record(deal, shop.pipeline)
    assert record["fields"] == {"seats": "12.5", "renewal_on": None, "segment": None, "rival": "Acme"}
    assert deal_record(deal, context.pipeline)["fields"] == {"seats": "12.5", "rival": "Acme"}
    (event,) = opened_record(deals.show(shop, deal.number), shop.pipeline)["events"]
    assert event["data"]["after"]["custom"] == {"seats": "12.5", "rival": "Acme"}


def test_what_was_typed_into_a_custom_field_is_in_the_draft(tmp_path: Path) -> None:
    owner = owner_key("shop.db", "ana")
    typed = {"title": "One", "seats": "12", "rival": "Žagar\x1b[2J"}
    file = DraftFolder(tmp_path, owner).begin()
    file.keep(Draft(What.NEW, typed | {"Not A Key": "x"}, NOW, pipeline="sales"))
    file.release()
    (found,) = DraftFolder(tmp_path, owner).waiting(NOW)
    assert found.draft is not None
    assert found.draft.texts == typed | {"rival": "Žagar[2J"}
    found.release()


def test_the_pipeline_of_these_tests_is_one_that_can_be_written_down() -> None:
    from funneltui.exchange.pipeline_writer import to_toml

    assert read_pipeline(to_toml(fielded_pipeline(waiting=("seats",))), "x.toml") == fielded_pipeline(
        waiting=("seats",)
    )
