"""Custom fields on the command line: set, shown, listed, sorted, demanded and told like the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from funneltui.services import workspaces
from tests.cli.conftest import Shop
from tests.fielded import fielded_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Clock

_BASIC = ("--source", "web", "--close", "15.12.")


@pytest.fixture
def fielded(location: str, clock: Clock, capsys: pytest.CaptureFixture[str]) -> Shop:
    """Give the command line on a workspace whose Offered demands a number of seats and a qualifier."""
    pipeline = fielded_pipeline(offered=("seats", "qualifier"))
    workspaces.create(location, pipeline, "ana", clock).database.close()
    return Shop(location, clock, capsys)


@pytest.fixture
def two(fielded: Shop) -> Shop:
    """Give the same with two deals, one of which has a value in every field."""
    fielded.ok(
        "add", "Northwind", *_BASIC, "--set", "seats=1,250", "--set", "renewal-on=1.3.2027", "--set",
        "Market Segment=public sector", "--set", "rival=Žagar d.o.o.", "--qualifier", "referred",
    )  # fmt: skip
    fielded.ok("add", "Hooli", *_BASIC, "--set", "seats=-3.5")
    return fielded


def test_every_field_is_shown_with_its_name_and_in_json_by_its_key(two: Shop) -> None:
    shown = two.ok("show", "1").out
    for line in (
        "Seats           1250",
        "Renewal         Mon 1 Mar",
        "Market segment  public sector",
        "Rival           Žagar d.o.o.",
    ):
        assert f"  {line}\n" in shown
    assert "  qualifier       referred by a client\n" in shown
    assert "  Rival  " not in two.ok("show", "2").out
    assert two.ok("show", "1", "--json").json["fields"] == {
        "seats": "1250", "renewal_on": "2027-03-01", "segment": "public", "rival": "Žagar d.o.o.",
    }  # fmt: skip


def test_an_edit_says_what_it_changed_and_the_history_too(two: Shop) -> None:
    done = two.ok("edit", "1", "--set", "seats=12000", "--set", "rival=", "--qualifier", "budget")
    assert done.out == "deal 1 changed: qualifier budget confirmed, Rival none, Seats 12,000\n"
    assert two.ok("edit", "1", "--set", "seats=12,000").out == "deal 1 is as it was\n"
    assert "qualifier referred -> budget; rival Žagar d.o.o. -> none; seats 1250 -> 12000" in two.ok("show", "1").out
    assert two.ok("history", "1").rows[0][0].endswith("edited deal 1 (qualifier, rival, seats)")
    two.ok("undo")
    assert two.ok("show", "1", "--json").json["fields"]["seats"] == "1250"


def test_a_gate_that_wants_them_says_how_to_say_it(two: Shop) -> None:
    two.ok("add", "Globex", *_BASIC)
    before = two.dump()
    refused = two("move", "3", "offered", "--detail", "contract", "--follow-up", "fri")
    assert refused.status == 1
    assert "Offered demands Seats and a qualifier (budget, referred)" in refused.err
    assert "say it with: --set seats=TEXT --set qualifier=budget|referred" in refused.err
    assert two.dump() == before
    given = ("--set", "seats=5", "--set", "qualifier=budget")
    two.ok("move", "3", "offered", "--detail", "contract", "--follow-up", "fri", *given)
    record = two.ok("show", "3", "--json").json
    assert (record["stage"], record["qualifier"], record["fields"]["seats"]) == ("offered", "budget", "5")


def test_several_deals_are_given_the_same_at_once(two: Shop) -> None:
    two.ok("edit", "1", "2", "--set", "segment=other")
    assert [deal["fields"]["segment"] for deal in two.ok("list", "--json").json] == ["other", "other"]


def test_a_list_shows_them_as_columns_for_scripts_and_sorts_both_ways(two: Shop) -> None:
    columns = ("--columns", "number,seats,Renewal,market segment,renewal-on,qualifier")
    assert two.ok("list", *columns, "--sort", "seats").rows == [
        ["2", "-3.5", "", "", "", ""],
        ["1", "1250", "2027-03-01", "public sector", "2027-03-01", "referred by a client"],
    ]
    assert [row[0] for row in two.ok("list", *columns, "--sort", "-seats").rows] == ["1", "2"]
    assert [row[0] for row in two.ok("list", "seats<0").rows] == ["2"]


def test_on_a_terminal_they_have_headings_and_are_shown_for_people(two: Shop, terminal: Callable[[int], None]) -> None:
    two.ok("edit", "1", "--set", "seats=12500")
    terminal(100)
    shown = re.sub("\x1b\\[[0-9;]*m", "", two.ok("list", "--columns", "number,title,seats,renewal_on").out)
    lines = shown.splitlines()
    assert lines[0].split() == ["#", "title", "Seats", "Renewal"]
    assert lines[1].split() == ["1", "Northwind", "12,500", "1", "Mar"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("list", "--columns", "hats"), 'there is no column "hats"; choose among: number, '),
        (("list", "--sort", "hats"), '"hats" is no order; choose one of: number, '),
    ],
)
def test_what_is_no_field_is_a_mistake_in_the_command_and_the_fields_are_named(
    two: Shop, arguments: tuple[str, ...], said: str
) -> None:
    done = two(*arguments)
    assert done.status == 2
    assert said in done.err
    assert "seats, renewal_on, segment, rival" in done.err


@pytest.mark.parametrize("text", ["hats=5", "seats=many", "segment=moon"])
def test_what_cannot_be_set_changes_nothing(two: Shop, text: str) -> None:
    before = two.dump()
    assert two("edit", "1", "--set", text, "--title", "Other").status == 1
    assert two.dump() == before


def test_a_pipeline_shows_its_fields_and_qualifiers(two: Shop) -> None:
    shown = two.ok("pipeline", "show").out
    assert "qualifiers: budget confirmed (budget), referred by a client (referred)\n" in shown
    assert "fields: Seats (seats, number), Renewal (renewal_on, date), Market segment (segment, choice: public" in shown
