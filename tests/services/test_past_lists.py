"""The list as of now is the list: the same filters find the same deals in plain Python as in the database, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.domain.filter_match import Matcher
from funneltui.domain.filter_parser import parse
from funneltui.domain.replay import Standing
from funneltui.services.past_lists import in_order
from funneltui.storage import deals
from funneltui.storage.list_orders import ListSort, list_order
from tests.storage.test_filtering import (
    PLAIN,
    SALES,
    TODAY,
    TYPED,
    ZONE,
    database,
    deals_at_the_edges,
    found,
    some_deals,
    store,
)

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.storage.database import Database

__all__ = ["database"]


def matching(some: list[Deal], text: str) -> list[int]:
    matcher = Matcher("Ana", TODAY, ZONE, (SALES,), deals.search_text)
    meant = matcher.of(parse(text, TODAY, pipelines=(SALES,)))
    return [deal.number for deal in some if meant(Standing(deal, ()))]


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some_deals(), st.lists(TYPED, min_size=1, max_size=6))
def test_a_filter_means_the_same_in_python_and_in_the_database(
    database: Database, some: list[Deal], typed: list[str]
) -> None:
    with database.atomic() as transaction:
        store(database, *some)
        for text in typed:
            assert matching(some, text) == found(database, text), text
        transaction.rollback()


def test_every_limit_of_a_filter_falls_at_the_same_place(database: Database) -> None:
    some = deals_at_the_edges()
    with database.atomic():
        store(database, *some)
    for text in PLAIN:
        assert matching(some, text) == found(database, text), text


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some_deals())
def test_every_order_is_the_databases(database: Database, some: list[Deal]) -> None:
    with database.atomic() as transaction:
        store(database, *some)
        for sort in ListSort:
            for descending in (False, True):
                stored = deals.select(database, deals.EVERYTHING, list_order(sort, descending=descending))
                assert in_order(some, sort, (SALES,), descending=descending) == stored, sort
        transaction.rollback()
