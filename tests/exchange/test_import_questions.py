"""What a file leaves to be said before it is imported: the core that the dialogue and the screen share."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from funneltui.exchange.file_looks import look_through
from funneltui.exchange.import_plan import Said, plan_import
from funneltui.exchange.import_questions import (
    Open,
    as_recognised,
    field_at,
    gaps_of,
    kept_in_notes,
    meaning_of,
    open_question,
    set_to,
    stage_choices,
    standing_of,
    with_field,
    with_word,
    without_options,
    without_word,
)
from funneltui.exchange.importer import Rejected
from funneltui.exchange.rejected_rows import alike, free_place
from funneltui.exchange.watched_tables import watched
from funneltui.services.imports import BATCH
from tests.importing import figures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from funneltui.exchange.import_plan import ImportPlan
    from funneltui.services.context import Context


@pytest.fixture
def planned(context: Context, tmp_path: Path) -> Callable[[str], ImportPlan]:
    """Give a function that writes a file and gives the plan with which its import begins."""

    def plan(text: str) -> ImportPlan:
        path = tmp_path / "deals.csv"
        path.write_text(text, encoding="utf-8")
        return plan_import(context, Said(path), without_title=True)

    return plan


def test_a_word_stands_nowhere_until_it_is_said_and_a_demanded_detail_is_asked_for(
    planned: Callable[[str], ImportPlan],
) -> None:
    plan = planned("title,stage\nPump,Hot\n")
    assert (open_question(plan, "Hot"), standing_of(plan, "Hot").name) == (Open.STAGE, "")
    plan = plan.saying(with_word(plan.said, "stage", "Hot", "acquisition"))
    assert open_question(plan, "Hot") is Open.DETAIL
    plan = plan.saying(with_word(plan.said, "stage", "Hot", "acquisition/call"))
    assert standing_of(plan, "Hot").name == "In acquisition, call scheduled"
    assert open_question(plan.saying(without_word(plan.said, "stage", "Hot")), "Hot") is Open.STAGE


def test_a_word_for_an_outcome_needs_no_stage(planned: Callable[[str], ImportPlan]) -> None:
    plan = planned("title,stage\nPump,Closed Won\n")
    assert (open_question(plan, "Closed Won"), standing_of(plan, "Closed Won").name) == (Open.NOTHING, "won")


def test_what_is_said_of_any_other_word_holds_for_those_that_are_not_known(
    planned: Callable[[str], ImportPlan],
) -> None:
    plan = planned("title,source\nPump,fair\n")
    assert (meaning_of(plan, "source", "fair"), meaning_of(plan, "source", "phone")) == ("", "phone")
    plan = plan.saying(with_word(plan.said, "source", "*", "other"))
    assert (meaning_of(plan, "source", "fair"), meaning_of(plan, "source", "phone")) == ("other", "phone")


def test_stages_that_demand_a_detail_are_offered_with_each_of_theirs(context: Context) -> None:
    keys = [one.key for one in stage_choices(context.pipeline)]
    assert keys[:3] == ["waiting", "acquisition/call", "acquisition/meeting"]
    assert "acquisition" not in keys


def test_a_field_is_read_from_the_column_said_last_and_from_the_recognised_one_again(
    planned: Callable[[str], ImportPlan],
) -> None:
    plan = planned("title,what,stage\nPump,Valve,waiting\n")
    other = plan.saying(with_field(plan, 1, "title"))
    assert [field_at(other, place) for place in range(3)] == ["", "title", "stage"]
    none = plan.saying(with_field(other, 1, ""), without_title=True)
    assert [field_at(none, place) for place in range(3)] == ["", "", "stage"]
    assert none.lacks_titles
    again = plan.saying(as_recognised(none, 0))
    assert [field_at(again, place) for place in range(3)] == ["title", "", "stage"]


def test_a_column_is_kept_in_the_notes_until_it_is_left_out_or_read_into_a_field(
    planned: Callable[[str], ImportPlan],
) -> None:
    plan = planned("title,Region,Floor\nPump,North,3\n")
    plan = plan.saying(kept_in_notes(plan, 1))
    assert (plan.mapping.in_notes, plan.mapping.unread()) == ((1,), ["Floor"])
    assert plan.saying(with_field(plan, 1, "company")).mapping.in_notes == ()
    assert plan.saying(as_recognised(plan, 1)).mapping.in_notes == ()
    assert plan.saying(with_field(plan, 1, "")).mapping.in_notes == ()


def test_one_column_left_out_leaves_all_others_in_the_notes(planned: Callable[[str], ImportPlan]) -> None:
    plan = planned("title,Region,Floor,company\nPump,North,3,Acme\n")
    plan = plan.saying(replace(plan.said, keep_rest=True))
    assert plan.mapping.in_notes == (1, 2)
    assert plan.saying(with_field(plan, 2, "")).mapping.in_notes == (1,)
    plan = plan.saying(with_field(plan, 3, ""))
    assert (plan.mapping.in_notes, plan.mapping.unread()) == ((1, 2), ["company"])


def test_gaps_are_what_gates_missed_and_what_was_filled_already(
    context: Context, planned: Callable[[str], ImportPlan]
) -> None:
    plan = planned("title\nPump\nValve\n")
    assert gaps_of(plan, plan.carry_out(context, dry_run=True)) == {"source": 2, "expected_close": 2}
    plan = plan.saying(set_to(plan.said, "source", "web"))
    report = plan.carry_out(context, dry_run=True)
    assert gaps_of(plan, report) == {"source": 0, "expected_close": 2}
    assert set_to(plan.said, "source", "").sets == ()


def test_a_watched_import_can_be_ended_after_whole_batches_and_reports_on_them(
    context: Context, planned: Callable[[str], ImportPlan]
) -> None:
    rows = "".join(f"{number},Deal {number},web,2027-01-15\n" for number in range(2 * BATCH + 7))
    plan = planned(f"id,title,source,expected close\n{rows}")
    told: list[int] = []

    def watch(rows: int, read: int) -> bool:
        told.append(rows)
        return told.count(0) < 2 or rows < BATCH

    assert figures(plan.watched(watch).carry_out(context)) == (BATCH, BATCH, 0, 0, 0)
    assert told == [0, BATCH, 2 * BATCH, 0, BATCH]
    assert figures(plan.carry_out(context)) == (2 * BATCH + 7, BATCH + 7, 0, BATCH, 0)


def test_a_watched_table_gives_the_same_rows(planned: Callable[[str], ImportPlan]) -> None:
    table = planned("title,stage\nPump,waiting\nValve,waiting\n").table
    assert list(watched(table, lambda rows, read: True).rows()) == list(table.rows())


def test_a_look_through_a_file_counts_its_rows_and_gives_samples_of_each_column(
    planned: Callable[[str], ImportPlan],
) -> None:
    look = look_through(planned("title,stage\nPump,\nPump,hot\nValve\n\nLathe,hot\n").table)
    assert (look.rows, look.broken, look.samples) == (4, 1, (("Pump", "Lathe"), ("hot",)))


def test_rejected_rows_of_one_reason_stand_together_the_most_frequent_first() -> None:
    rows = [Rejected(2, "no source; --source says it"), *(Rejected(line, "no title") for line in range(3, 10))]
    first, second = alike(rows)
    assert (first.why, first.count, first.lines) == ("no title", 7, (3, 4, 5, 6))
    assert (second.why, second.count, second.lines) == ("no source", 1, (2,))


def test_rejected_rows_are_never_written_over_another_file(tmp_path: Path) -> None:
    first = free_place(tmp_path / "deals.csv")
    assert first.name == "deals.rejected.csv"
    first.touch()
    assert free_place(first).name == "deals.rejected-2.csv"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("line 2: this is no UTF-8; name its encoding with --encoding, for example cp1250", "line 2: this is no UTF-8"),
        ('--stage "Hot=nix": there is no stage "nix"', 'there is no stage "nix"'),
        ("there is no file; look again", "there is no file; look again"),
    ],
)  # fmt: skip
def test_on_the_screen_nothing_is_said_of_options(message: str, shown: str) -> None:
    assert without_options(message) == shown
