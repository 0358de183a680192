"""The users of a workspace: only a manager changes them, and there is always one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import Role
from funneltui.errors import BadInput, NotAllowed, NotFound, RuleBroken
from funneltui.services.people import add_user, everyone, find_user, set_role, with_owner

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context


def names(context: Context) -> list[tuple[str, Role]]:
    return [(one.name, one.role) for one in everyone(context)]


def test_the_maker_of_a_workspace_is_its_manager(context: Context) -> None:
    assert names(context) == [("ana", Role.MANAGER)]


def test_a_manager_adds_users(context: Context) -> None:
    add_user(context, "Žiga", Role.REP)
    assert names(context) == [("ana", Role.MANAGER), ("Žiga", Role.REP)]


@pytest.mark.parametrize("name", ["", "  ", "\x1b", "\u200b", "ana", "ANA", " Ána "])
def test_a_name_that_is_empty_or_taken_is_refused(context: Context, name: str) -> None:
    with pytest.raises(BadInput):
        add_user(context, name, Role.REP)
    assert names(context) == [("ana", Role.MANAGER)]


def test_nobody_can_be_called_as_everybody_calls_himself(context: Context) -> None:
    with pytest.raises(BadInput):
        add_user(context, "me", Role.REP)


def test_a_name_is_kept_cleaned(context: Context) -> None:
    assert add_user(context, "Bor\x1b[2J\u202e", Role.REP).name == "Bor[2J"


def test_a_rep_changes_no_users(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.REP)
    bor = as_user("bor")
    with pytest.raises(NotAllowed, match="you act as bor, a rep"):
        add_user(bor, "cene", Role.REP)
    with pytest.raises(NotAllowed):
        set_role(bor, "bor", Role.MANAGER)
    assert names(context) == [("ana", Role.MANAGER), ("bor", Role.REP)]


def test_the_last_manager_stays_one(context: Context) -> None:
    add_user(context, "bor", Role.REP)
    with pytest.raises(RuleBroken, match="ana is the last manager"):
        set_role(context, "ana", Role.REP)
    assert set_role(context, "ana", Role.MANAGER).role is Role.MANAGER


def test_one_of_two_managers_can_become_a_rep(context: Context) -> None:
    add_user(context, "bor", Role.MANAGER)
    set_role(context, "ana", Role.REP)
    assert names(context) == [("ana", Role.REP), ("bor", Role.MANAGER)]


def test_a_role_holds_from_the_next_opening_on(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.REP)
    assert as_user("bor").actor.scope is not None
    set_role(context, "bor", Role.MANAGER)
    assert as_user("bor").actor.scope is None


@pytest.mark.parametrize("name", ["žiga", "ZIGA", " Ziga ", "me"])
def test_a_user_is_found_by_any_spelling(context: Context, name: str) -> None:
    added = add_user(context, "Žiga", Role.REP)
    assert find_user(context, name) == (context.actor if name == "me" else added)


def test_an_unknown_user_is_refused_with_the_command_that_lists_them(context: Context) -> None:
    with pytest.raises(NotFound, match="funneltui users"):
        find_user(context, "cene")


def test_an_owner_is_resolved_to_his_full_name(context: Context) -> None:
    add_user(context, "Žiga", Role.REP)
    assert with_owner(context, {"owner": "ziga", "title": "x"}) == {"owner": "Žiga", "title": "x"}
    assert with_owner(context, {"owner": None}) == {"owner": None}
    assert with_owner(context, {"title": "x"}) == {"title": "x"}
