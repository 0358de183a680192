"""Which column is which field: recognised by its name, or said."""

from __future__ import annotations

import pytest

from funneltui.errors import BadInput, NotFound
from funneltui.exchange.column_names import FIELDS
from funneltui.exchange.import_mapping import ImportMapping, build_mapping
from tests.conftest import small_pipeline


def read_from(header: list[str], maps: list[tuple[str, str]] | None = None) -> dict[str, str]:
    mapping = build_mapping(header, small_pipeline(), maps or [])
    return {field: header[place] for field, place in mapping.columns.items()}


SALESFORCE = ["Id", "AccountId", "Name", "StageName", "Amount", "Probability", "CloseDate", "NextStep", "LeadSource",
              "IsClosed", "IsWon", "OwnerId", "CreatedDate"]  # fmt: skip
PIPEDRIVE = ["Deal - ID", "Deal - Title", "Deal - Owner", "Deal - Value", "Deal - Currency of Value",
             "Deal - Probability", "Deal - Organization", "Deal - Contact person", "Deal - Stage", "Deal - Label",
             "Deal - Status", "Deal - Deal created", "Deal - Last stage change", "Deal - Next activity date",
             "Deal - Deal closed on", "Deal - Lost reason", "Deal - Expected close date"]  # fmt: skip
ZOHO = ["Record Id", "Deal Owner", "Amount", "Deal Name", "Closing Date", "Account Name", "Stage", "Contact Name",
        "Description", "Created Time"]  # fmt: skip


def test_an_export_of_salesforce_is_recognised() -> None:
    found = read_from(SALESFORCE)
    assert found == {
        "title": "Name", "source": "LeadSource", "amount": "Amount", "probability": "Probability",
        "stage": "StageName", "expected_close": "CloseDate", "follow_up_note": "NextStep", "created": "CreatedDate",
        "won": "IsWon", "external_id": "Id",
    }  # fmt: skip


def test_an_export_of_pipedrive_is_recognised_its_status_as_the_outcome() -> None:
    found = read_from(PIPEDRIVE)
    assert found["title"] == "Deal - Title"
    assert found["stage"] == "Deal - Stage"
    assert found["won"] == "Deal - Status"
    assert found["closed"] == "Deal - Deal closed on"
    assert found["expected_close"] == "Deal - Expected close date"
    assert found["entered"] == "Deal - Last stage change"
    assert found["reason"] == "Deal - Lost reason"
    assert found["external_id"] == "Deal - ID"


def test_an_export_of_zoho_is_recognised() -> None:
    found = read_from(ZOHO)
    assert (found["title"], found["owner"], found["company"]) == ("Deal Name", "Deal Owner", "Account Name")


@pytest.mark.parametrize("name", ["close_date", "Close Date", "CLOSEDATE", "CloseDate", " close-date "])
def test_case_blanks_and_signs_of_a_name_do_not_matter(name: str) -> None:
    assert read_from(["title", name])["expected_close"] == name


def test_status_alone_is_the_stage() -> None:
    found = read_from(["title", "status"])
    assert found["stage"] == "status"
    assert "won" not in found


def test_a_single_close_column_holds_both_dates() -> None:
    assert build_mapping(["title", "close date"], small_pipeline()).close_is_both
    assert not build_mapping(["title", "expected close"], small_pipeline()).close_is_both
    assert not build_mapping(["title", "close date", "closed on"], small_pipeline()).close_is_both


def test_what_is_said_wins_and_its_column_is_not_used_twice() -> None:
    found = read_from(["product", "name", "close_date"], [("title", "product"), ("closed", "close_date")])
    assert found == {"title": "product", "closed": "close_date"}


def test_a_field_mapped_to_nothing_is_not_read() -> None:
    assert "amount" not in read_from(["title", "amount"], [("amount", "")])


def test_an_unknown_column_is_refused_and_the_columns_are_listed() -> None:
    with pytest.raises(BadInput, match='no column "Titel"; its columns are: title, amount'):
        read_from(["title", "amount"], [("title", "Titel")])


def test_an_unknown_field_is_refused_and_the_fields_are_listed() -> None:
    with pytest.raises(BadInput, match=r'no field "price".*title, company'):
        read_from(["title"], [("price", "title")])


def test_a_column_that_is_there_twice_is_refused_only_if_it_is_read() -> None:
    assert read_from(["title", "x", "x"]) == {"title": "title"}
    with pytest.raises(BadInput, match=r'several columns "amount".*--map amount='):
        read_from(["title", "amount", "amount"])
    with pytest.raises(BadInput, match='several columns "x"'):
        read_from(["title", "x", "x"], [("notes", "x")])


def test_a_file_without_title_and_id_is_refused_and_its_columns_listed() -> None:
    with pytest.raises(BadInput, match=r"--map title=COLUMN.*The columns are: a, b"):
        read_from(["a", "b", ""])


def test_a_title_may_be_set_instead() -> None:
    mapping = build_mapping(["a"], small_pipeline(), sets=[("title", "Fair 2026")])
    assert mapping.sets == {"title": "Fair 2026"}


def test_stages_are_known_by_key_by_name_and_by_what_was_said() -> None:
    mapping = build_mapping(["title"], small_pipeline(), stages=[("Proposal", "Offered")])
    assert mapping.stages["in acquisition"] == "acquisition"
    assert mapping.stages["acquired"] == "acquired"
    assert mapping.stages["proposal"] == "offered"


def test_a_stage_that_is_none_is_refused() -> None:
    with pytest.raises(NotFound, match=r"--stage.*choose one of"):
        build_mapping(["title"], small_pipeline(), stages=[("Proposal", "nowhere")])


@pytest.mark.parametrize("field", ["external_id", "won", "nothing"])
def test_only_fields_that_can_be_alike_are_set(field: str) -> None:
    with pytest.raises(BadInput, match="no field"):
        build_mapping(["title"], small_pipeline(), sets=[(field, "x")])


def test_a_currency_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(BadInput, match="no currency"):
        build_mapping(["title"], small_pipeline(), sets=[("currency", "EURO")])


def test_a_mapping_says_itself_in_words() -> None:
    mapping = build_mapping(["Name", "CloseDate", "junk"], small_pipeline(), sets=[("source", "web")])
    assert mapping.describe() == [
        'title from "Name"',
        'expected_close from "CloseDate"',
        'closed from "CloseDate", of won and lost deals',
        'source set to "web" where there is none',
    ]
    assert mapping.unread() == ["junk"]


def test_columns_are_named_harmlessly_whatever_they_hold() -> None:
    mapping: ImportMapping = build_mapping(["title", "\x1b[2Jamount"], small_pipeline())
    assert mapping.unread() == ["[2Jamount"]


def test_every_field_of_the_program_that_a_file_can_give_is_known() -> None:
    assert {"title", "stage", "detail", "reason", "created", "entered", "closed", "won", "external_id"} <= set(FIELDS)
