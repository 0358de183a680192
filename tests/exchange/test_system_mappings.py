"""Mappings as data: systems recognised by their columns, one's own mappings first, mistakes told with file and line."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from funneltui.errors import BadInput, NotFound
from funneltui.exchange.column_names import FIELDS
from funneltui.exchange.import_mapping import build_mapping
from funneltui.exchange.mapping_files import mapping_text, save_mapping
from funneltui.exchange.pipeline_files import preset, preset_names
from funneltui.exchange.system_mappings import (
    form_for,
    mapping_at,
    mappings,
    own_folder,
    read_mapping,
    recognised,
)
from tests.conftest import small_pipeline
from tests.fielded import fielded_pipeline

if TYPE_CHECKING:
    from collections.abc import Sequence

PIPEDRIVE_FRENCH = ["Affaire - Titre", "Affaire - Valeur", "Affaire - Étape", "Affaire - Statut", "Organisation - Nom"]

HEADERS = {
    "pipedrive en": ["Deal - ID", "Deal - Title", "Deal - Value", "Deal - Stage", "Deal - Status"],
    "pipedrive de": ["Deal - Titel", "Deal - Wert", "Deal - Phase", "Deal - Besitzer", "Deal - Verlustgrund"],
    "pipedrive pt": ["Negócio - ID", "Negócio - Título", "Negócio - Etapa", "Negócio - Proprietário"],
    "pipedrive fr": PIPEDRIVE_FRENCH,
    "pipedrive es": ["Trato - ID", "Trato - Título", "Trato - Etapa", "Razón de la pérdida"],
    "pipedrive pl": ["Szansa sprzedaży - Tytuł", "Organizacja - Adres", "Organizacja - E-mail"],
    "pipedrive cs": ["Obchod - Název", "Obchod - Hodnota", "Obchod - Fáze", "Obchod - Vlastník"],
    "pipedrive sample": ["Person - Name*", "Organization - Name*", "Deal - Title", "Deal - Value", "Note - Content*"],
    "hubspot": ["Record ID", "Deal Name", "Deal Stage", "Amount", "Close Date", "Create Date", "Deal owner"],
    "hubspot_warehouse": ["deal_id", "portal_id", "property_dealname", "property_amount"],
    "salesforce": ["Id", "Name", "StageName", "Amount", "CloseDate", "LeadSource", "IsWon"],
    "salesforce loader": ["ID", "NAME", "STAGENAME", "AMOUNT", "CLOSEDATE", "ISWON"],
    "salesforce_report": ["Opportunity Owner", "Account Name", "Opportunity Name", "Stage", "Fiscal Period", "Age"],
    "zoho": ["Record Id", "Deal Owner.id", "Deal Owner", "Amount", "Deal Name", "Closing Date", "Stage"],
    "dynamics": [
        "(Do Not Modify) Opportunity",
        "(Do Not Modify) Row Checksum",
        "Topic",
        "Potential Customer",
        "Status",
    ],
    "vtiger": ["Opportunity Name", "Organization Name", "Amount", "Expected Close Date", "Sales Stage", "Assigned To"],
    "espocrm": ["id", "name", "accountName", "assignedUserName", "closeDate", "amountCurrency", "stage"],
    "odoo": ["id", "name", "partner_name", "email_from", "planned_revenue", "date_deadline", "stage_id/id"],
    "odoo_labels": ["Opportunity", "Salesperson", "Expected Revenue", "Expected Closing", "Stage"],
    "trello": ["Card ID", "Card Name", "Card URL", "Card Description", "Labels", "List Name", "Board Name"],
}


def saved(name: str, header: Sequence[str], **said: str) -> None:
    save_mapping(name, build_mapping(header, small_pipeline(), list(said.items())))


@pytest.mark.parametrize("case", HEADERS)
def test_a_system_is_recognised_by_its_own_names(case: str) -> None:
    found = recognised(HEADERS[case])
    assert found is not None
    assert found.key == case.split()[0]


@pytest.mark.parametrize(
    "header",
    [
        ["title", "stage", "amount"],
        ["Deal - Title", "Deal - Value", "deal - stage", "DEAL - STATUS"],
        ["opportunity_id", "sales_agent", "product", "account", "deal_stage", "engage_date", "close_date"],
    ],
)
def test_two_names_or_names_written_otherwise_are_not_enough(header: list[str]) -> None:
    assert recognised(header) is None


@pytest.mark.parametrize("name", sorted(one.name for one in (files("funneltui") / "mappings").iterdir()))
def test_every_mapping_of_the_program_is_sound_and_knows_only_fields_that_there_are(name: str) -> None:
    mapping = read_mapping((files("funneltui") / "mappings" / name).read_text(encoding="utf-8"), name)
    assert set(mapping.columns) <= set(FIELDS)
    assert len(mapping.signature) >= 3
    assert {"title", "external_id"} <= set(mapping.columns) or mapping.is_visits


def test_every_stage_source_and_reason_that_a_mapping_names_is_one_of_a_preset() -> None:
    presets = [preset(name) for name in preset_names()]
    stages = {stage.key for one in presets for stage in one.stages}
    details = {f"{stage.key}/{its.key}" for one in presets for stage in one.stages for its in stage.details}
    sources = {its.key for one in presets for its in one.sources}
    reasons = {its.key for one in presets for its in one.reasons}
    for mapping in mappings():
        assert {text for texts in mapping.stages.values() for text in texts} <= stages | details
        assert {text for texts in mapping.sources.values() for text in texts} <= sources
        assert {text for texts in mapping.reasons.values() for text in texts} <= reasons


def test_columns_that_fit_two_systems_alike_are_told() -> None:
    own_folder().mkdir(parents=True)
    for name in ("one", "two"):
        (own_folder() / f"{name}.toml").write_text('signature = ["a", "b", "c"]\n[columns]\ntitle = "a"\n')
    with pytest.raises(BadInput, match="those of one and of two alike; say which it is with --system one"):
        recognised(["a", "b", "c"])


def test_ones_own_mapping_is_asked_first() -> None:
    saved("Ours", PIPEDRIVE_FRENCH, title="Affaire - Titre", amount="Affaire - Valeur", company="Organisation - Nom")
    found = recognised(PIPEDRIVE_FRENCH)
    assert found is not None
    assert (found.key, found.name, found.is_own) == ("ours", "Ours", True)


def test_one_of_the_name_of_a_system_replaces_it() -> None:
    saved("Pipedrive", ["Deal - Title"], title="Deal - Title")
    assert [one.is_own for one in mappings() if one.key == "pipedrive"] == [True]


def test_a_mapping_is_named_by_key_by_name_or_by_file() -> None:
    assert [form.key for name in ("zoho", "Zoho CRM") if (form := form_for(["x"], name))] == ["zoho", "zoho"]
    saved("Ours", ["a"], title="a")
    assert [mapping_at(text).key for text in ("ours", str(own_folder() / "ours.toml"))] == ["ours", "ours"]
    with pytest.raises(NotFound, match='no mapping "nowhere"'):
        mapping_at("nowhere")


def test_the_system_csv_is_none_and_a_strange_one_is_a_name_for_ids() -> None:
    assert form_for(PIPEDRIVE_FRENCH, "csv") is None
    strange = form_for(PIPEDRIVE_FRENCH, "our old crm")
    assert strange is not None
    assert build_mapping(PIPEDRIVE_FRENCH, small_pipeline(), form=strange, system="our old crm").system == "our old crm"


def test_visits_alone_are_no_deals() -> None:
    with pytest.raises(BadInput, match=r"visits, no deals.*--history"):
        recognised(["Id", "OpportunityId", "StageName", "ForecastCategory", "CloseDate", "CreatedDate"])


def test_a_saved_mapping_reads_the_same() -> None:
    form = next(one for one in mappings() if one.key == "hubspot")
    header = ["Record ID", "Deal Name", "Deal Stage", "Amount", "Lead Source", 'Date entered "Won"', "mine", "other"]
    before = build_mapping(
        header, small_pipeline(), [("notes", "mine")], [("Sent", "offered/contract"), ("*", "waiting")],
        [("expected_close", "+30d")], form=form, sources=[("Fair", "other"), ("*", "web")], decimal=",",
        kept=["other"],
    )  # fmt: skip
    again = read_mapping(mapping_text("mine", before), "mine.toml", is_own=True)
    after = build_mapping(header, small_pipeline(), form=again)
    for name in (
        "columns",
        "stages",
        "details",
        "sources",
        "sets",
        "stays",
        "decimal",
        "close_is_both",
        "system",
        "kept",
    ):
        assert getattr(after, name) == getattr(before, name), name


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('nme = "x"', r'line 1: unknown key "nme"; did you mean "name"'),
        ('name = "x"\ndate_order = "dym"', r"line 2: .*none of dmy, mdy, ymd"),
        ("signature = 3", r"line 1: signature is a whole number; expected a text or a list of texts"),
        ("close_is_both = 1", r"line 1: close_is_both is a whole number; expected true or false"),
        ("columns = 1", r"line 1: columns is a whole number; expected a table"),
        ('[outcomes]\ngone = "x"', r'line 2: .*unknown key "gone"'),
        ("name = ", r"mine.toml, line 1"),
    ],
)
def test_a_mistake_in_a_mapping_is_told_with_its_place(text: str, mistake: str) -> None:
    with pytest.raises(BadInput, match=mistake):
        read_mapping(text, "mine.toml")


@pytest.mark.parametrize("text", ['[columns]\ntitel = "a"', '[columns]\ntitle = "a"\n[set]\ntitel = "1"'])
def test_a_field_that_the_pipeline_does_not_have_is_told(text: str) -> None:
    form = read_mapping(text, "mine.toml", is_own=True)
    with pytest.raises(BadInput, match='no field "titel" to be read or set; choose one of: title'):
        build_mapping(["a"], small_pipeline(), form=form)


def test_a_mapping_can_read_a_field_of_the_pipelines_own() -> None:
    form = read_mapping('[columns]\ntitle = "a"\nseats = "b"', "mine.toml", is_own=True)
    assert build_mapping(["a", "b"], fielded_pipeline(), form=form).columns == {"title": 0, "seats": 1}


def test_a_name_without_letters_is_no_name_for_a_mapping() -> None:
    with pytest.raises(BadInput, match="no name for a mapping"):
        saved("../..", ["a"], title="a")
