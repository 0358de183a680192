"""Undo takes back what somebody did last, a drop from the inbox among it, and never what he did before that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.domain.inbox import Arrival, Channel
from funneltui.errors import RuleBroken
from funneltui.services import deals, inbox
from funneltui.services.inbox_values import Completion
from funneltui.services.last_acts import undo_last
from tests.services.moved import add, later

if TYPE_CHECKING:
    from funneltui.services.context import Context


@pytest.fixture
def waiting(context: Context) -> Context:
    """Give a workspace with a good deal and two mails that wait, a minute after the deal was added."""
    add(context, "Good")
    for number in (1, 2):
        inbox.take_in(
            context,
            Arrival(Channel.MAIL, str(number), "jan", {"title": f"Spam {number}"}, "x", None),
            Completion({}, {}),
        )
    return later(context, minutes=1)


def test_a_drop_is_taken_back_and_what_was_done_before_it_only_by_the_next_undo(waiting: Context) -> None:
    inbox.drop(waiting, [1])
    assert undo_last(waiting).what == "dropped Spam 1 from the inbox; it waits again"
    assert inbox.waiting(waiting) == 2
    assert deals.show(waiting, 1).deal.is_open
    assert undo_last(waiting).deals[0].number == 1
    with pytest.raises(RuleBroken, match="there is nothing to undo"):
        undo_last(waiting)


def test_of_drops_the_last_one_is_taken_back_with_all_that_it_dropped(waiting: Context) -> None:
    inbox.drop(waiting, [1, 2])
    assert undo_last(waiting).what == "dropped 2 entries from the inbox; they wait again"
    inbox.drop(waiting, [1])
    inbox.drop(later(waiting, minutes=1), [2])
    undo_last(waiting)
    assert [inbox.waiting(waiting), undo_last(waiting).what.split(" from")[0]] == [1, "dropped Spam 1"]


def test_a_change_after_a_drop_is_taken_back_first(waiting: Context) -> None:
    inbox.drop(waiting, [1])
    add(later(waiting, minutes=1), "Newer")
    assert [deal.number for deal in undo_last(waiting).deals] == [2]
    assert inbox.waiting(waiting) == 1
