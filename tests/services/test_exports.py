"""What the actor may take out: all of it, once, in order, however many pages it fills; a rep his own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import Role
from funneltui.services import activities, deals, exports, moves, undo
from funneltui.services.people import add_user
from funneltui.storage import exports as stored
from funneltui.storage.deals import Condition

if TYPE_CHECKING:
    from funneltui.services.context import Context


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page hold two, so that every boundary is met."""
    monkeypatch.setattr(stored, "_PAGE", 2)
    monkeypatch.setattr(exports, "_PAGE", 2)


@pytest.fixture
def seven(context: Context) -> Context:
    """Give a workspace of seven deals, the third one a rep's; every second is to be followed up, the later ones first."""
    add_user(context, "bor", Role.REP)
    day = context.clock.today()
    for number in range(1, 8):
        values = {"title": f"deal {number}", "source": "web", "expected_close": day, "company": f"Company {number % 5}"}
        values |= {"contact": "Ann", "email": f"ann{number % 5}@example.com", "owner": "bor" if number == 3 else "ana"}
        due = {"follow_up": day + timedelta(days=10 - number // 4)} if number % 2 else {}
        deals.add(context, values | due)
    return context


def test_every_deal_comes_once_by_its_number(seven: Context) -> None:
    assert [deal.number for deal in exports.deals(seven)] == [1, 2, 3, 4, 5, 6, 7]
    assert [deal.number for deal in exports.deals(seven, Condition("d.number > ?", (5,)))] == [6, 7]


def test_follow_ups_come_by_their_days_then_by_number(seven: Context) -> None:
    assert [deal.number for deal in exports.follow_ups(seven)] == [5, 7, 1, 3]
    moves.lose(seven, [5], {"reason": "price"})
    activities.spam(seven, [7])
    assert [deal.number for deal in exports.follow_ups(seven)] == [1, 3]


def test_companies_and_contacts_come_once_by_name(seven: Context) -> None:
    assert [line.company.name for line in exports.companies(seven)] == [f"Company {n}" for n in range(5)]
    assert [line.figures.deals for line in exports.companies(seven)] == [1, 2, 2, 1, 1]
    assert sorted(line.contact.email for line in exports.contacts(seven)) == [f"ann{n}@example.com" for n in range(5)]
    assert [line.company.name for line in exports.companies(seven, "company 3")] == ["Company 3"]


def test_deals_come_with_their_visits_and_events_and_with_what_was_undone(seven: Context) -> None:
    moves.move(seven, [4], "acquisition", {"detail": "call"})
    activities.note(seven, 4, "asked")
    undo.undo(seven)
    found = {opened.deal.number: opened for opened in exports.opened_deals(seven)}
    assert list(found) == [1, 2, 3, 4, 5, 6, 7]
    assert found[4] == deals.show(seven, 4)
    assert len(found[4].undone) == 1
    assert found[7].visits == deals.show(seven, 7).visits


def test_a_rep_takes_out_his_own(seven: Context, as_user: Callable[[str], Context]) -> None:
    his = as_user("bor")
    assert [deal.number for deal in exports.deals(his)] == [3]
    assert [deal.number for deal in exports.follow_ups(his)] == [3]
    assert [opened.deal.number for opened in exports.opened_deals(his)] == [3]
    assert [line.company.name for line in exports.companies(his)] == ["Company 3"]
    assert [line.contact.email for line in exports.contacts(his)] == ["ann3@example.com"]


def test_all_of_it_is_of_one_moment(seven: Context, as_user: Callable[[str], Context]) -> None:
    other = as_user("bor")
    with exports.one_moment(seven):
        found = exports.deals(seven)
        first = next(found)
        deals.edit(other, 3, {"title": "changed meanwhile"})
        assert [first, *found][2].title == "deal 3"
