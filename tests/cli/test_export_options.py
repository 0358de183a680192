"""`export`: an option that says nothing of what is written is refused, and --pipeline narrows the deals."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

if TYPE_CHECKING:
    from tests.cli.conftest import Shop


@pytest.fixture
def two(everywhere: Shop) -> Shop:
    """Give a workspace with two pipelines, a deal in each."""
    everywhere.ok("pipeline", "add", "simple", "--name", "Partners")
    everywhere.ok("add", "Here", "--source", "web", "--close", "2026-12-15", "--follow-up", "2026-11-24")
    everywhere.ok(
        "add", "There", "--pipeline", "simple", "--source", "web", "--close", "2026-12-15", "--follow-up", "2026-11-24"
    )
    return everywhere


@pytest.mark.parametrize("what", ["deals", "history", "visits", "follow-ups"])
def test_a_pipeline_narrows_what_is_written_of_deals(two: Shop, what: str) -> None:
    def titles(*words: str) -> set[str]:
        text = two.ok("export", "--what", what, *words).out
        return {row["title"] for row in csv.DictReader(io.StringIO(text, newline=""))}

    assert titles() == {"Here", "There"}
    assert titles("--pipeline", "simple") == {"There"}
    assert titles("title:Here", "or", "title:There", "--pipeline", "simple") == {"There"}


def test_a_calendar_holds_the_follow_ups_of_one_pipeline(two: Shop) -> None:
    (event,) = Calendar.from_ical(two.ok("export", "--format", "ics", "--pipeline", "simple").out).walk("VEVENT")
    assert event["summary"] == "There"


def test_a_pipeline_that_is_not_there_is_refused(two: Shop) -> None:
    done = two("export", "--pipeline", "nowhere")
    assert (done.status, done.out) == (1, "")
    assert "nowhere" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--since", "2030-01-01"), "--since is for history, forecast, forecast-deals, funnel, stats, losses;"),
        (("--what", "visits", "--until", "fri"), "it says nothing of visits"),
        (("--what", "stats", "--mode", "entered"), "--mode is for funnel;"),
        (("--what", "funnel", "--period", "month"), "--period is for forecast, forecast-deals;"),
        (("--what", "history", "--currency", "EUR"), "--currency is for forecast, "),
        (("--what", "companies", "--pipeline", "simple"), "it says nothing of companies"),
        (("--what", "workspace", "--pipeline", "simple"), "it says nothing of workspace"),
        (
            ("--format", "json", "--delimiter", ";", "--what", "deals"),
            "--delimiter is for csv; it says nothing of json",
        ),
        (("--format", "ics", "--decimal", "point"), "--decimal is for csv; it says nothing of ics"),
        (("--format", "jsonl", "--no-bom"), "--bom/--no-bom is for csv; it says nothing of jsonl"),
    ],
    ids=str,
)
def test_an_option_that_says_nothing_of_what_is_written_is_refused(
    two: Shop, words: tuple[str, ...], said: str
) -> None:
    done = two("export", *words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
