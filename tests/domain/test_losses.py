"""The loss report: groups, shares and sums, each currency by itself."""

from __future__ import annotations

from typing import Any

from funneltui.domain.losses import Lost, band_of, losses, lost_from
from tests.domain.test_metrics import PIPELINE


def lost(number: int, **given: Any) -> Lost:
    return Lost(number, "price", "ana", "web", "EUR", 100)._replace(**given)


def test_losses_are_told_by_everything_the_most_first() -> None:
    some = [lost(1), lost(2, reason="other"), lost(3, owner=None, currency="USD")]
    found = losses(PIPELINE, some, {1: "offered", 2: "waiting", 3: "offered"}, "EUR")
    assert [(row.key, row.count, dict(row.sums)) for row in found.by_reason] == [
        ("price", 2, {"EUR": 100, "USD": 100}), ("other", 1, {"EUR": 100}),
    ]  # fmt: skip
    assert [(row.name, row.numbers) for row in found.by_stage] == [("Offered", (1, 3)), ("Waiting", (2,))]
    assert [(row.name, row.share) for row in found.by_owner] == [("ana", 2 / 3), ("nobody", 1 / 3)]
    assert [row.name for row in found.by_source] == ["contact form"]


def test_a_deal_is_lost_from_the_last_stage_before_that_is_no_lost_one() -> None:
    stays = [(1, stage) for stage in ("waiting", "offered", "waiting", "resigned")]
    assert lost_from(PIPELINE, stays) == {1: "waiting"}


def test_a_band_holds_tenfold_amounts_of_one_currency() -> None:
    assert [band_of(amount, "EUR")[2] for amount in (None, 0, 99_99, 100_00, 10**8)] == [
        "no amount", "€0 to under €100", "€0 to under €100", "€100 to under €1,000", "€1,000,000 and more",
    ]  # fmt: skip
    assert band_of(100, "JPY")[2] == "¥100 to under ¥1,000"


def test_bands_go_from_small_to_great_and_unlike_currencies_stand_apart() -> None:
    some = [lost(1, amount=500_000), lost(2, amount=50), lost(3, amount=50, currency="USD"), lost(4, amount=None)]
    found = losses(PIPELINE, some, {}, "EUR")
    assert [row.key for row in found.by_amount] == ["none", "EUR 0-99", "EUR 1000-9999", "USD 0-99"]
    assert [row.numbers for row in found.by_amount] == [(4,), (2,), (1,), (3,)]
