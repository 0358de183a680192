"""Quotas are set by managers, revised without a trace being lost, and seen by those whom they concern."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import peewee
import pytest

from funneltui.domain.history import Role
from funneltui.domain.periods import Span, period_of
from funneltui.errors import BadInput, NotAllowed, NotFound
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.services import forecasts, people, pipelines, quotas
from funneltui.services.context import Clock
from tests.conftest import NOW, small_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context

NOVEMBER, Q4 = (period_of(date(2026, 11, 1), span) for span in (Span.MONTH, Span.QUARTER))
DECEMBER = period_of(date(2026, 12, 1), Span.MONTH)


@pytest.fixture
def team(context: Context) -> Context:
    people.add_user(context, "bo", Role.REP)
    return context


def later(context: Context, days: int) -> Context:
    return replace(context, clock=Clock(context.clock.zone, NOW + timedelta(days=days)))


def with_renewals(context: Context) -> Context:
    return pipelines.add_pipeline(context, replace(small_pipeline(), key="renewals", name="Renewals"), to_toml)


def test_a_quota_is_kept_with_who_set_it_and_when(team: Context) -> None:
    quotas.set_quota(team, "BO", NOVEMBER, 100, "EUR")
    (quota,) = quotas.in_force(team)
    assert (quota.owner, quota.amount, quota.currency, quota.pipeline) == ("bo", 100, "EUR", None)
    assert (quota.span, quota.first, quota.who, quota.at, quota.before) == (
        Span.MONTH,
        NOVEMBER.first,
        "ana",
        NOW,
        None,
    )


def test_a_revised_quota_shows_both_and_its_whole_history(team: Context) -> None:
    for days, amount in enumerate((100, 150, 120)):
        quotas.set_quota(later(team, days), "bo", NOVEMBER, amount, "EUR")
    (quota,) = quotas.in_force(team)
    assert quota.before is not None
    assert (quota.amount, quota.before.amount) == (120, 150)
    assert [(one.amount, one.at) for one in quotas.history(team)] == [
        (100, NOW), (150, NOW + timedelta(days=1)), (120, NOW + timedelta(days=2)),
    ]  # fmt: skip
    told = forecasts.forecast_of(team, forecasts.Asked((NOVEMBER,), "EUR")).lines[0]
    assert (told.quota, told.found.before, told.gap) == (120, 150, 120)


def test_the_same_quota_once_more_is_no_revision(team: Context) -> None:
    for _ in range(2):
        quotas.set_quota(team, "bo", NOVEMBER, 100, "EUR")
    assert len(quotas.history(team)) == 1


def test_quotas_of_owners_periods_spans_and_pipelines_are_each_their_own(team: Context) -> None:
    team = with_renewals(team)
    quotas.set_quota(team, "bo", NOVEMBER, 1, "EUR")
    quotas.set_quota(team, "ana", NOVEMBER, 2, "EUR")
    quotas.set_quota(team, "team", NOVEMBER, 3, "EUR")
    quotas.set_quota(team, "bo", DECEMBER, 4, "EUR")
    quotas.set_quota(team, "bo", Q4, 5, "EUR")
    quotas.set_quota(team, "bo", NOVEMBER, 6, "EUR", "Sales")
    assert sorted(quota.amount or 0 for quota in quotas.in_force(team)) == [1, 2, 3, 4, 5, 6]
    assert [quota.before for quota in quotas.in_force(team)] == [None] * 6
    assert [quota.amount for quota in quotas.history(team, "bo", NOVEMBER)] == [1, 6]
    assert [quota.amount for quota in quotas.history(team, "team")] == [3]


def test_a_quota_taken_back_is_none_and_stays_in_the_history(team: Context) -> None:
    quotas.set_quota(team, "bo", NOVEMBER, 100, "EUR")
    quotas.set_quota(team, "bo", NOVEMBER, None, "EUR")
    assert quotas.in_force(team) == []
    assert [quota.amount for quota in quotas.history(team)] == [100, None]
    with pytest.raises(BadInput, match="bo has no quota for 2026-11 to be taken back"):
        quotas.set_quota(team, "bo", NOVEMBER, None, "EUR")


def test_only_a_manager_sets_quotas(team: Context, as_user: Callable[[str], Context]) -> None:
    with pytest.raises(NotAllowed, match="only a manager sets quotas"):
        quotas.set_quota(as_user("bo"), "bo", NOVEMBER, 1, "EUR")
    assert quotas.history(team) == []


def test_a_rep_sees_his_own_quotas_only(team: Context, as_user: Callable[[str], Context]) -> None:
    for owner in ("bo", "ana", "team"):
        quotas.set_quota(team, owner, NOVEMBER, 100, "EUR")
    assert [quota.owner for quota in quotas.in_force(as_user("bo"))] == ["bo"]
    assert [quota.owner for quota in quotas.history(as_user("bo"))] == ["bo"]
    for owner in ("ana", "team"):
        with pytest.raises(NotAllowed):
            quotas.history(as_user("bo"), owner)


@pytest.mark.parametrize(
    ("owner", "amount", "currency", "pipeline", "error"),
    [
        ("nobody-so-called", 1, "EUR", None, NotFound), ("bo", 1, "EUR", "nowhere", NotFound),
        ("bo", 1, "EURO", None, BadInput), ("bo", -1, "EUR", None, BadInput), ("bo", 10**16, "EUR", None, BadInput),
    ],
)  # fmt: skip
def test_what_cannot_be_a_quota_is_refused(
    team: Context, owner: str, amount: int, currency: str, pipeline: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        quotas.set_quota(team, owner, NOVEMBER, amount, currency, pipeline)
    assert quotas.history(team) == []


@pytest.mark.parametrize("statement", ["UPDATE quota SET amount = 1", "DELETE FROM quota"])
def test_the_database_itself_keeps_what_a_quota_was(team: Context, statement: str) -> None:
    quotas.set_quota(team, "bo", NOVEMBER, 100, "EUR")
    with pytest.raises(peewee.PeeweeException, match="a revision is a new row"):
        team.database.execute_sql(statement)
    assert [quota.amount for quota in quotas.history(team)] == [100]


# --- For one pipeline, or for all


def read(context: Context, pipeline: str | None) -> int | None:
    return forecasts.forecast_of(context, forecasts.Asked((NOVEMBER,), "EUR", "bo", pipeline)).total.quota


@pytest.mark.parametrize("meant", [None, "sales"])
def test_while_one_pipeline_is_in_use_a_quota_counts_for_it_and_for_all(team: Context, meant: str | None) -> None:
    quotas.set_quota(team, "bo", NOVEMBER, 100, "EUR", meant)
    assert (read(team, None), read(team, "sales")) == (100, 100)


@pytest.mark.parametrize(("first", "second"), [(None, "sales"), ("sales", None)])
def test_while_one_pipeline_is_in_use_a_quota_is_revised_and_taken_back_by_either_name(
    team: Context, first: str | None, second: str | None
) -> None:
    quotas.set_quota(team, "bo", NOVEMBER, 100, "EUR", first)
    quotas.set_quota(team, "bo", NOVEMBER, 70, "EUR", second)
    assert (read(team, None), read(team, "sales")) == (70, 70)
    quotas.set_quota(team, "bo", NOVEMBER, None, "EUR", second)
    assert (read(team, None), read(team, "sales")) == (None, None)


def test_with_several_pipelines_each_has_its_own_quotas_and_all_together_have_theirs(team: Context) -> None:
    two = with_renewals(team)
    for amount, pipeline in ((100, None), (70, "sales")):
        quotas.set_quota(two, "bo", NOVEMBER, amount, "EUR", pipeline)
    assert [read(two, one) for one in (None, "sales", "renewals")] == [100, 70, None]


def test_of_two_quotas_the_one_for_the_pipeline_counts_where_it_alone_is_read(team: Context) -> None:
    two = with_renewals(team)
    for amount, pipeline in ((100, None), (70, "sales"), (5, "renewals")):
        quotas.set_quota(two, "bo", NOVEMBER, amount, "EUR", pipeline)
    one = pipelines.retire_pipeline(two, "renewals", to_toml)
    assert [read(one, pipeline) for pipeline in (None, "sales", "renewals")] == [100, 70, 5]


def test_a_forecast_of_one_of_several_pipelines_knows_of_a_quota_for_all(team: Context) -> None:
    two = with_renewals(team)
    asked = forecasts.Asked((NOVEMBER,), "EUR", None, "sales")
    assert not forecasts.is_set_for_all(two, asked)
    quotas.set_quota(two, "bo", Q4.next(), 100, "EUR")
    assert not forecasts.is_set_for_all(two, asked)
    quotas.set_quota(two, "bo", NOVEMBER, 100, "EUR")
    assert forecasts.is_set_for_all(two, asked)
    assert forecasts.is_set_for_all(two, replace(asked, owner="bo"))
    assert not forecasts.is_set_for_all(two, replace(asked, owner="ana"))
    assert not forecasts.is_set_for_all(two, replace(asked, pipeline=None))
