"""The presets: pipelines that are ready to use, each as its row of the contract says."""

from __future__ import annotations

import pytest

from funneltui.domain.gates import demands_of
from funneltui.domain.pipeline import Pipeline, StageKind
from funneltui.errors import BadInput, NotFound
from funneltui.exchange.pipeline_files import DEFAULT_PRESET, describe_preset, preset, preset_names

NAMES = ("acquisition", "b2b", "consultative", "lifecycle", "simple")
every_preset = pytest.mark.parametrize("name", NAMES)


def keys(pipeline: Pipeline, kind: StageKind) -> list[str]:
    return [stage.key for stage in pipeline.stages if stage.kind is kind]


def test_there_are_five_presets() -> None:
    assert tuple(preset_names()) == NAMES


def test_the_default_preset_is_acquisition() -> None:
    assert DEFAULT_PRESET == "acquisition"
    assert preset(DEFAULT_PRESET).name == "Sales"


@every_preset
def test_a_preset_carries_its_own_name_as_key(name: str) -> None:
    assert preset(name).key == name


@every_preset
def test_a_preset_describes_itself_in_one_line(name: str) -> None:
    description = describe_preset(name)
    assert 20 < len(description) < 110
    assert "\n" not in description


@every_preset
def test_every_stage_says_what_to_do_and_what_a_deal_must_fulfil(name: str) -> None:
    silent = [stage.key for stage in preset(name).stages if not (stage.guidance and stage.entry)]
    assert silent == []


@every_preset
def test_texts_written_over_several_lines_are_joined(name: str) -> None:
    texts = [text for stage in preset(name).stages for text in (stage.guidance, stage.entry)]
    assert [text for text in texts if "\n" in text or "  " in text or "\\" in text] == []


@every_preset
def test_the_chance_to_win_grows_from_stage_to_stage(name: str) -> None:
    chances = [stage.probability for stage in preset(name).open_stages]
    assert all(chance is not None and 0 < chance < 100 for chance in chances)
    assert chances == sorted(set(chances), key=lambda chance: chance or 0)


@every_preset
def test_a_deal_can_rot_in_every_open_stage_and_never_in_a_closed_one(name: str) -> None:
    assert [stage.key for stage in preset(name).stages if (stage.rot_days > 0) != stage.is_open] == []


@every_preset
def test_a_stage_with_details_asks_a_question(name: str) -> None:
    assert [stage.key for stage in preset(name).stages if stage.details and not stage.question.endswith("?")] == []


@every_preset
def test_every_loss_demands_a_reason_and_there_are_enough_to_choose_from(name: str) -> None:
    pipeline = preset(name)
    assert all("reason" in demands_of(stage) for stage in pipeline.lost_stages)
    assert 8 <= len(pipeline.reasons) <= 9, "one digit must choose any of them"
    assert "other" in [reason.key for reason in pipeline.reasons]


@pytest.mark.parametrize("name", [name for name in NAMES if name != "acquisition"])
def test_where_no_document_lists_the_sources_there_is_an_other(name: str) -> None:
    assert "other" in [source.key for source in preset(name).sources]


@every_preset
def test_stages_next_to_each_other_differ_in_colour(name: str) -> None:
    colors = [stage.color for stage in preset(name).open_stages]
    assert "" not in colors
    assert len(set(colors)) == len(colors)


def test_acquisition_has_its_five_stages_in_order() -> None:
    assert [(stage.key, stage.name, stage.kind.value) for stage in preset("acquisition").stages] == [
        ("waiting", "Waiting", "open"),
        ("acquisition", "In acquisition", "open"),
        ("offered", "Offered", "open"),
        ("resigned", "Resigned", "lost"),
        ("acquired", "Acquired", "won"),
    ]


def test_waiting_demands_nothing() -> None:
    assert demands_of(preset("acquisition").first) == ()


def test_in_acquisition_demands_one_of_three_details() -> None:
    stage = preset("acquisition").stage("acquisition")
    assert stage.demands == ("detail",)
    assert [(detail.key, detail.name) for detail in stage.details] == [
        ("call_scheduled", "call scheduled"),
        ("after_call_meeting", "after call - meeting"),
        ("to_be_offered", "to be offered"),
    ]


def test_offered_demands_a_detail_and_the_day_of_the_next_contact() -> None:
    stage = preset("acquisition").stage("offered")
    assert stage.demands == ("detail", "follow_up")
    assert stage.question == "Where does the offer stand?"
    assert [(detail.key, detail.name) for detail in stage.details] == [
        ("in_negotiation", "in negotiation"),
        ("contract_sent", "contract sent"),
    ]


def test_acquisition_has_the_eight_sources() -> None:
    assert [(source.key, source.name) for source in preset("acquisition").sources] == [
        ("direct_visit", "direct visit"),
        ("contact_form", "contact form"),
        ("phone", "phone"),
        ("email", "e-mail"),
        ("live_call", "live call"),
        ("chat", "chat"),
        ("social_media", "social media"),
        ("partner", "partner"),
    ]


def test_simple_goes_from_qualified_to_won_in_four_steps() -> None:
    assert [(stage.key, stage.name) for stage in preset("simple").board_order] == [
        ("qualified", "Qualified"),
        ("offer", "Offer sent"),
        ("negotiation", "In negotiation"),
        ("won", "Won"),
        ("lost", "Lost"),
    ]


def test_simple_demands_nothing_on_the_way() -> None:
    assert [stage.key for stage in preset("simple").stages if demands_of(stage)] == ["lost"]


def test_consultative_has_seven_stages_up_to_the_sale() -> None:
    pipeline = preset("consultative")
    assert [stage.key for stage in pipeline.open_stages + pipeline.won_stages] == [
        "potential",
        "prospect",
        "needs_defined",
        "decision_maker",
        "offer_made",
        "negotiation",
        "won",
    ]


def test_consultative_demands_what_the_stage_is_defined_by() -> None:
    pipeline = preset("consultative")
    assert pipeline.stage("prospect").demands == ("contact",)
    assert pipeline.stage("needs_defined").demands == ("amount",)


def test_b2b_ends_with_the_contact_after_the_sale() -> None:
    pipeline = preset("b2b")
    assert keys(pipeline, StageKind.OPEN) == ["prospecting", "first_contact", "discussion", "offer", "closing"]
    assert keys(pipeline, StageKind.WON) == ["won", "after_sale"]
    assert pipeline.stage("after_sale").name == "After-sale contact"


def test_b2b_is_a_guideline_that_stops_nobody() -> None:
    assert [stage.key for stage in preset("b2b").stages if demands_of(stage)] == ["lost"]


def test_lifecycle_goes_on_after_the_sale() -> None:
    pipeline = preset("lifecycle")
    assert keys(pipeline, StageKind.OPEN) == ["lead_generation", "qualification", "nurturing", "conversion"]
    assert keys(pipeline, StageKind.WON) == ["won", "onboarding", "retention", "renewal"]


def test_a_preset_is_in_euro_unless_the_caller_says_otherwise() -> None:
    assert preset("simple").currency == "EUR"
    assert preset("simple", currency="pln").currency == "PLN"


def test_a_currency_that_is_none_is_refused() -> None:
    with pytest.raises(BadInput, match='currency "ZLOTY" is unknown; expected a currency code of ISO 4217'):
        preset("simple", currency="zloty")


def test_a_preset_is_found_in_any_case() -> None:
    assert preset(" Simple ").key == "simple"


def test_an_unknown_preset_names_the_nearest_and_all_of_them() -> None:
    with pytest.raises(NotFound) as refused:
        preset("simpel")
    assert str(refused.value) == (
        'there is no preset or file "simpel"; did you mean "simple"?; '
        "presets are: acquisition, b2b, consultative, lifecycle, simple"
    )


def test_an_unknown_preset_cannot_be_described() -> None:
    with pytest.raises(NotFound, match="presets are: acquisition"):
        describe_preset("../secrets")
