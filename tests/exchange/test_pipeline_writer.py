"""Pipelines written as TOML: what is read from it is the same pipeline, whatever its texts hold."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneltui.domain.custom_fields import CustomField, FieldChoice, FieldKind, Qualifier
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.domain.pipeline_changes import succeed
from funneltui.domain.pipeline_definitions import wrong_with
from funneltui.domain.text import clean_line, clean_text
from funneltui.exchange.pipeline_files import STAGE_COLORS, preset, preset_names, read_pipeline
from funneltui.exchange.pipeline_writer import to_toml

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = st.text(st.characters() | st.sampled_from(" \"\\\n\t#=[]{},'\u00a0"), max_size=300)
WORD = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(['"""', "\\", "  ", "\n"])
LONG = st.lists(WORD, max_size=60).map(" ".join)
LINES = TEXT.map(clean_line)
TEXTS = (TEXT | LONG).map(clean_text)
KEYS = st.text("abcABC019_-", min_size=1, max_size=60)


def named(make: Callable[..., object], least: int = 0) -> st.SearchStrategy[tuple[object, ...]]:
    """Give lists of things with keys and names of their own."""
    pairs = st.lists(
        st.tuples(KEYS, LINES.filter(bool)), min_size=least, max_size=5,
        unique_by=(lambda pair: pair[0].casefold(), lambda pair: pair[1].casefold()),
    )  # fmt: skip
    return pairs.map(lambda some: tuple(make(*pair) for pair in some))


@st.composite
def stages(draw: st.DrawFn) -> tuple[Stage, ...]:
    kinds = draw(st.permutations([*StageKind, *draw(st.lists(st.sampled_from(StageKind), max_size=2))]))
    pairs = draw(named(Stage, least=len(kinds)).filter(lambda some: len(some) >= len(kinds)))
    return tuple(draw(filled(replace(stage, kind=kind))) for stage, kind in zip(pairs, kinds, strict=False))


@st.composite
def filled(draw: st.DrawFn, stage: Stage) -> Stage:
    details = draw(named(Detail))
    fields = [name for name in FIELD_LABELS if details or name != "detail"]
    return replace(
        stage, details=details, demands=tuple(draw(st.lists(st.sampled_from(fields), max_size=3, unique=True))),
        question=draw(LINES), guidance=draw(TEXTS), entry=draw(TEXTS), probability=draw(st.none() | st.integers(0, 100)),
        rot_days=draw(st.integers(0, 3650)), follow_up_days=draw(st.integers(0, 3650)),
        wip_limit=draw(st.integers(0, 100_000)), color=draw(st.sampled_from(("", *STAGE_COLORS))),
    )  # fmt: skip


CURRENCIES = st.sampled_from(("EUR", "USD", "JPY", "KWD"))
FIELD_NAMES = LINES.filter(bool).filter(lambda name: wrong_with(CustomField("own_one", name)) is None)
FIELD_KEYS = st.from_regex(r"own_[a-z0-9_]{1,20}", fullmatch=True)


@st.composite
def custom_fields(draw: st.DrawFn) -> tuple[CustomField, ...]:
    pairs = draw(st.lists(
        st.tuples(FIELD_KEYS, FIELD_NAMES), max_size=4, unique_by=(lambda pair: pair[0], lambda pair: pair[1].casefold()),
    ))  # fmt: skip
    fields = []
    for key, name in pairs:
        kind = draw(st.sampled_from(FieldKind))
        choices = draw(named(FieldChoice, 1)) if kind is FieldKind.CHOICE else ()
        fields.append(CustomField(key, name, kind, choices, draw(LINES)))  # type: ignore[arg-type]
    return tuple(fields)


@st.composite
def pipelines(draw: st.DrawFn) -> Pipeline:
    """Give pipelines of any kind, now and then with a stage that demands one of their own fields."""
    own = draw(custom_fields())
    made = draw(st.builds(
        Pipeline, KEYS, LINES.filter(bool), CURRENCIES, stages(), named(Reason, 1), named(Source, 1),
        fields=st.just(own), qualifiers=named(Qualifier),
    ))  # fmt: skip
    if not own or draw(st.booleans()):
        return made
    first = replace(made.stages[0], demands=(*made.stages[0].demands, own[0].key))
    return replace(made, stages=(first, *made.stages[1:]))


PIPELINES = pipelines()


@settings(max_examples=100, deadline=None)
@given(PIPELINES)
def test_what_is_written_is_read_back_the_same(pipeline: Pipeline) -> None:
    assert read_pipeline(to_toml(pipeline), "x.toml") == pipeline


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_any_guidance_and_entry_come_back_letter_by_letter(guidance: str, entry: str) -> None:
    known = preset("simple")
    first = replace(known.first, guidance=guidance, entry=entry)
    pipeline = replace(known, stages=(first, *known.stages[1:]))
    assert read_pipeline(to_toml(pipeline), "x.toml").first == first


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_comes_back(name: str) -> None:
    assert read_pipeline(to_toml(preset(name)), "x.toml") == preset(name)


@pytest.mark.parametrize("name", preset_names())
def test_the_text_is_made_for_people(name: str) -> None:
    lines = to_toml(preset(name)).splitlines()
    assert max(map(len, lines)) <= 120
    assert [line for line in lines if line != line.rstrip()] == []
    assert sum(line.startswith("#") for line in lines) >= 5


def test_the_text_names_every_field_that_can_be_demanded_and_every_colour() -> None:
    comments = " ".join(line for line in to_toml(preset("simple")).splitlines() if line.startswith("#"))
    assert {*FIELD_LABELS, *STAGE_COLORS} <= set(re.findall(r"\w+", comments))


def test_what_is_retired_is_no_part_of_the_definition() -> None:
    old = preset("simple")
    heir = succeed(old, replace(old, stages=old.stages[1:]))
    assert "qualified" not in to_toml(heir)


def test_a_hand_that_edits_the_text_finds_each_stage_under_its_own_heading() -> None:
    read = tomllib.loads(to_toml(preset("acquisition")))
    assert [stage["key"] for stage in read["stage"]] == ["waiting", "acquisition", "offered", "resigned", "acquired"]
    assert read["stage"][0]["rot_days"] == 3
