"""Passages: the next step says nothing, going back and leaving stages out are said and recorded (E2)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from funneltui.domain.event_words import in_words, way_told
from funneltui.domain.history import Event, EventKind
from funneltui.domain.passage import Way, passage_of
from funneltui.domain.pipeline import Detail, Pipeline, Stage, StageKind

PIPELINE = Pipeline(
    "sales",
    "Sales",
    "EUR",
    (
        Stage("waiting", "Waiting"),
        Stage("acquisition", "In acquisition"),
        Stage("signed", "Signed", StageKind.WON),
        Stage("offered", "Offered", details=(Detail("contract", "contract sent"),)),
        Stage("closing", "Closing"),
        Stage("served", "Served", StageKind.WON),
        Stage("renewed", "Renewed", StageKind.WON),
        Stage("resigned", "Resigned", StageKind.LOST),
    ),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("waiting", "acquisition"),
        ("acquisition", "offered"),
        ("offered", "offered"),
        ("closing", "signed"),
        ("waiting", "resigned"),
        ("signed", "resigned"),
        ("signed", "served"),
        ("signed", "renewed"),
        ("gone", "offered"),
        ("offered", "gone"),
    ],
)
def test_the_next_stage_any_loss_and_every_step_after_the_sale_are_forward(before: str, after: str) -> None:
    passage = passage_of(PIPELINE, before, after)
    assert (passage.way, passage.warning, passage.recorded) == (Way.FORWARD, "", {})


@pytest.mark.parametrize("before", ["signed", "renewed", "resigned"])
@pytest.mark.parametrize("after", ["waiting", "offered", "closing"])
def test_reopening_is_never_back(before: str, after: str) -> None:
    assert passage_of(PIPELINE, before, after).way is Way.FORWARD


@pytest.mark.parametrize(
    ("before", "after", "warning"),
    [
        ("offered", "acquisition", "back from Offered to In acquisition"),
        ("closing", "waiting", "back from Closing to Waiting"),
        ("renewed", "signed", "back from Renewed to Signed"),
    ],
)
def test_an_earlier_stage_is_back(before: str, after: str, warning: str) -> None:
    passage = passage_of(PIPELINE, before, after)
    assert (passage.warning, passage.recorded) == (warning, {"passage": "back"})


@pytest.mark.parametrize(
    ("before", "after", "warning", "skipped"),
    [
        ("waiting", "offered", "skips In acquisition", ["acquisition"]),
        ("waiting", "closing", "skips In acquisition, Offered", ["acquisition", "offered"]),
        ("offered", "signed", "skips Closing", ["closing"]),
        ("offered", "served", "skips Closing", ["closing"]),
    ],
)
def test_open_stages_left_out_are_skipped_a_win_included(
    before: str, after: str, warning: str, skipped: list[str]
) -> None:
    passage = passage_of(PIPELINE, before, after)
    assert (passage.warning, passage.recorded) == (warning, {"passage": "skip", "skipped": skipped})


@pytest.mark.parametrize(
    ("kind", "said", "words", "way"),
    [
        (EventKind.MOVED, {}, "moved to Offered · contract sent", ""),
        (EventKind.MOVED, {"passage": "back"}, "moved back to Offered · contract sent", "back"),
        (
            EventKind.MOVED,
            {"passage": "skip", "skipped": ["acquisition", "gone"]},
            "moved to Offered · contract sent, skipping In acquisition, gone",
            "skipping In acquisition, gone",
        ),
        (
            EventKind.WON,
            {"passage": "skip", "skipped": ["acquisition"], "note": "at once"},
            "won: Offered · contract sent, skipping In acquisition: at once",
            "skipping In acquisition",
        ),
    ],
)
def test_a_line_of_the_history_says_which_way_it_went(
    kind: EventKind, said: dict[str, object], words: str, way: str
) -> None:
    data = {"after": {"stage": "offered", "detail": "contract"}} | said
    event = Event(1, 7, datetime(2026, 11, 21, tzinfo=UTC), "ana", kind, 2, data)
    assert in_words(event, PIPELINE, date(2026, 11, 21)) == words
    assert way_told(event, PIPELINE) == way
    assert way_told(event) == way.replace("In acquisition", "acquisition")
