"""The feed: another connection's change is noticed, one's own is not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.inbox import Arrival, Channel
from funneltui.errors import RuleBroken
from funneltui.services import deals, inbox, moves
from funneltui.services.inbox_values import Completion
from funneltui.storage import feed

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context


def add(context: Context, title: str = "Deal") -> Deal:
    return deals.add(context, {"title": title, "source": "web", "expected_close": date(2026, 12, 1)})


def test_nothing_changed_is_no_news(context: Context) -> None:
    add(context)
    assert feed.moved_on(context.database, feed.position(context.database)) is None


def test_another_connections_commit_is_noticed(context: Context, as_user: Callable[[str], Context]) -> None:
    other = as_user("ana")
    here = feed.position(context.database)
    deal = add(other)
    news = feed.moved_on(context.database, here)
    assert news is not None
    assert feed.deals_since(context.database, here.event) == [deal.number]


def test_a_commit_is_noticed_once(context: Context, as_user: Callable[[str], Context]) -> None:
    here = feed.position(context.database)
    add(as_user("ana"))
    news = feed.moved_on(context.database, here)
    assert news is not None
    assert feed.moved_on(context.database, news) is None


def test_ones_own_commit_is_no_news(context: Context) -> None:
    here = feed.position(context.database)
    add(context)
    assert feed.moved_on(context.database, here) is None


def test_anothers_commit_after_ones_own_is_noticed(context: Context, as_user: Callable[[str], Context]) -> None:
    other = as_user("ana")
    here = feed.position(context.database)
    add(context)
    add(other)
    assert feed.moved_on(context.database, here) is not None


def arrive(context: Context) -> None:
    inbox.take_in(context, Arrival(Channel.MAIL, "1@acme.example", "Jan", {}, "Five, please"), Completion({}, {}))


def test_what_arrives_in_the_inbox_is_dropped_or_restored_is_noticed_once_though_it_is_no_event(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    other = as_user("ana")
    here = feed.position(context.database)
    for deed in (arrive, lambda one: inbox.drop(one, [1]), lambda one: inbox.restore(one, [1])):
        deed(other)
        news = feed.moved_on(context.database, here)
        assert news is not None
        assert news.event == here.event
        assert feed.moved_on(context.database, news) is None
        here = news


def test_what_is_not_committed_is_no_news(context: Context, as_user: Callable[[str], Context]) -> None:
    other = as_user("ana")
    here = feed.position(context.database)
    with other.database.atomic() as transaction:
        add(other)
        assert feed.moved_on(context.database, here) is None
        transaction.rollback()
    assert feed.moved_on(context.database, here) is None


def test_each_changed_deal_is_named_once(context: Context) -> None:
    first, second = add(context), add(context)
    here = feed.position(context.database)
    moves.move(context, [first.number], "acquisition", {"detail": "call"})
    deals.edit(context, first.number, {"title": "New"})
    deals.edit(context, second.number, {"title": "New"})
    assert sorted(feed.deals_since(context.database, here.event)) == [first.number, second.number]


def test_a_blocked_move_is_no_news(context: Context, as_user: Callable[[str], Context]) -> None:
    deal = add(context)
    other = as_user("ana")
    here = feed.position(context.database)
    with pytest.raises(RuleBroken):
        moves.move(other, [deal.number], "acquisition")
    assert feed.moved_on(context.database, here) is None
