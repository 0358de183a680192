"""The users of a workspace: only a manager changes them, and there is always one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import Role
from funneltui.errors import BadInput, Conflict, NotAllowed, NotFound, RuleBroken
from funneltui.services import activities, deals, pipelines, reports
from funneltui.services.people import add_user, everyone, find_user, set_role, with_owner
from funneltui.storage import feed

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


@pytest.mark.parametrize("name", ["me", "none", "NOBODY", " team "])
def test_nobody_can_be_called_by_a_word_that_means_somebody_else(context: Context, name: str) -> None:
    with pytest.raises(BadInput, match=f'nobody can be called "{name.strip()}"'):
        add_user(context, name, Role.REP)


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


def test_who_is_made_a_rep_writes_nothing_more_with_a_managers_rights(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    add_user(context, "bor", Role.MANAGER)
    number = deals.add(context, {"title": "Hers", "source": "web", "expected_close": date(2026, 12, 15)}).number
    bor = as_user("bor")
    here = feed.position(bor.database)
    set_role(context, "bor", Role.REP)
    with pytest.raises(Conflict, match="your role was changed meanwhile, you are a rep now; look at it again"):
        activities.note(bor, number, "seen")
    news = reports.changed_since(bor, here)
    assert news is not None
    assert news.pipelines != bor.pipelines_version
    with pytest.raises(NotFound, match="no deal 1 among yours"):
        activities.note(pipelines.reloaded(bor), number, "seen")


def test_a_role_that_stays_disturbs_nobody(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.REP)
    bor = as_user("bor")
    set_role(context, "bor", Role.REP)
    assert pipelines.reloaded(bor) == bor


def test_whoever_was_at_work_is_not_told_that_a_pipeline_was_changed_when_a_role_was(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    add_user(context, "bor", Role.REP)
    bor = as_user("bor")
    add_user(context, "cene", Role.REP)
    set_role(context, "cene", Role.MANAGER)
    with pytest.raises(Conflict, match=r"^somebody's rights were changed meanwhile; look at it again"):
        deals.add(bor, {"title": "His", "source": "web", "expected_close": date(2026, 12, 15)})


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
