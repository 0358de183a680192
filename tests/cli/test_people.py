"""Users and roles from the command line: a rep reaches his own deals only (D11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shop


@pytest.fixture
def team(everywhere: Shop) -> Shop:
    """Give a workspace in which deal 1 is bo's, deal 2 the manager's, deal 3 nobody's."""
    everywhere.ok("users", "add", "bo")
    for title, owner in (("his", "bo"), ("hers", "ana"), ("free", "")):
        everywhere.ok("add", title, "--source", "web", "--close", "fri", "--amount", "100", "--owner", owner)
    return everywhere


def test_a_rep_sees_his_own_deals_and_a_manager_all(team: Shop) -> None:
    assert [one["number"] for one in team.ok("list", "--json", user="bo").json] == [1]
    assert [one["number"] for one in team.ok("today", "--json", user="bo").json] == [1]
    assert team.ok("funnel", "--json", user="bo").json["entered"] == 1
    assert [one["number"] for one in team.ok("list", "--json").json] == [1, 2, 3]
    assert [one["number"] for one in team.ok("list", "is:unassigned", "--json").json] == [3]


@pytest.mark.parametrize(
    "command",
    [["show", "2"], ["edit", "2", "--tags", "x"], ["move", "2", "acquisition", "--detail", "call"], ["win", "2"],
     ["lose", "2", "--reason", "price"], ["follow-up", "2", "fri"], ["edit", "3", "--owner", "me"]],
    ids=lambda command: " ".join(command[:2]),
)  # fmt: skip
def test_a_rep_cannot_reach_others_deals(team: Shop, command: list[str]) -> None:
    before = team.dump()
    done = team(*command, user="bo")
    assert done.status == 1
    assert f"there is no deal {command[1]} among yours" in done.err
    assert team.dump() == before


def test_a_rep_cannot_give_a_deal_away(team: Shop) -> None:
    assert team("edit", "1", "--owner", "ana", user="bo").status == 1
    assert team("add", "x", "--source", "web", "--close", "fri", "--owner", "ana", user="bo").status == 1


def test_only_a_manager_adds_users_and_changes_roles(team: Shop) -> None:
    assert team("users", "add", "cy", user="bo").status == 1
    assert team("users", "role", "bo", "manager", user="bo").status == 1
    assert team.ok("users", "add", "cy", "--role", "manager").out == "cy is a manager\n"
    assert team.ok("users", "role", "cy", "rep").out == "cy is a rep\n"
    assert team.ok("users").rows == [["ana", "manager", "you"], ["bo", "rep", ""], ["cy", "rep", ""]]
    assert team.ok("users", "list", "--json").json == team.ok("users", "--json").json


def test_the_last_manager_stays_one(team: Shop) -> None:
    assert team("users", "role", "ana", "rep").status == 1


def test_a_stranger_is_refused(team: Shop) -> None:
    done = team("list", user="mallory")
    assert done.status == 1
    assert "mallory" in done.err


def test_a_role_that_is_none_is_not_written_so(team: Shop) -> None:
    assert team("users", "role", "bo", "king").status == 2
