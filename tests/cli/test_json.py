"""The JSON forms: exactly the names that scripts rely on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop

DEAL_KEYS = [
    "number", "title", "company", "contact", "email", "phone", "source", "owner", "created_by", "amount", "currency",
    "probability", "pipeline", "stage", "stage_name", "detail", "outcome", "created", "expected_close", "follow_up",
    "follow_up_note", "reason", "reason_note", "closed_on", "tags", "qualifier", "version", "external_id",
    "fields",
]  # fmt: skip
STAGE_KEYS = ["stage", "name", "count", "amount", "weighted", "reached", "open", "won", "lost", "step_rate"]
FUNNEL_KEYS = ["mode", "pipeline", "currency", "stages", "won", "lost", "entered", "overall_rate", "others",
               "won_others"]  # fmt: skip


def test_an_empty_list_is_an_empty_array(shop: Shop) -> None:
    assert shop.ok("list", "--json").json == []
    assert shop.ok("today", "--json").json == []


def test_a_deal_has_exactly_its_fields(shop: Shop, deal: Callable[..., int]) -> None:
    deal("Northwind", "--probability", "40", "--amount", "12,5")
    (listed,) = shop.ok("list", "--json").json
    assert list(listed) == DEAL_KEYS
    assert (listed["amount"], listed["probability"], listed["stage_name"]) == ("12.50", 0.4, "Waiting")
    assert listed["created"] == "2026-11-21T09:30:00+00:00"
    assert listed["expected_close"] == "2026-12-15"
    assert listed["tags"] == []


def test_what_a_deal_lacks_is_null(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    (listed,) = shop.ok("list", "--json").json
    lacking = ("amount", "probability", "detail", "follow_up", "reason", "closed_on", "external_id")
    assert [listed[name] for name in lacking] == [None] * len(lacking)


def test_show_adds_visits_and_events(shop: Shop, deal: Callable[..., int]) -> None:
    deal("Northwind", "--amount", "10", "--probability", "40")
    shop.ok("edit", "1", "--amount", "20", "--currency", "JPY")
    shop.ok("move", "1", "acquisition", "--detail", "call")
    shown = shop.ok("show", "1", "--json").json
    assert [name for name in shown if name not in DEAL_KEYS] == ["notes", "visits", "events"]
    assert [list(visit) for visit in shown["visits"]] == [["stage", "detail", "entered", "left", "seconds", "who"]] * 2
    assert shown["visits"][-1]["left"] is None
    assert [list(event) for event in shown["events"]] == [["id", "at", "who", "kind", "version", "data"]] * 3


def test_the_amounts_of_events_are_decimal_strings_in_the_currency_of_their_time(
    shop: Shop, deal: Callable[..., int]
) -> None:
    deal("Northwind", "--amount", "10", "--probability", "40")
    shop.ok("edit", "1", "--amount", "20", "--currency", "JPY")
    created, edited = (event["data"] for event in shop.ok("show", "1", "--json").json["events"])
    assert (created["after"]["amount"], created["after"]["probability"]) == ("10.00", 0.4)
    assert (edited["before"]["amount"], edited["after"]["amount"]) == ("10.00", "20")


def test_a_change_prints_the_deal_and_several_an_array(shop: Shop, deal: Callable[..., int]) -> None:
    deal(), deal()
    assert list(shop.ok("edit", "1", "--tags", "a", "--json").json) == DEAL_KEYS
    assert list(shop.ok("follow-up", "1", "fri", "--json").json) == DEAL_KEYS
    assert list(shop.ok("win", "1", "--json").json) == DEAL_KEYS
    assert list(shop.ok("reopen", "1", "waiting", "--json").json) == DEAL_KEYS
    assert [one["number"] for one in shop.ok("lose", "1", "2", "--reason", "price", "--json").json] == [1, 2]


def test_a_funnel_has_exactly_its_figures(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    funnel = shop.ok("funnel", "--json").json
    assert list(funnel) == FUNNEL_KEYS
    assert [list(row) for row in funnel["stages"]] == [STAGE_KEYS] * 3
    assert list(funnel["won"]) == list(funnel["lost"]) == ["count", "amount"]
    assert (funnel["mode"], funnel["pipeline"], funnel["currency"]) == ("standard", "sales", "EUR")


def test_rates_of_an_empty_funnel_are_null(shop: Shop) -> None:
    funnel = shop.ok("funnel", "--json").json
    assert funnel["overall_rate"] is None
    assert [row["step_rate"] for row in funnel["stages"]] == [None] * 3


def test_json_stays_json_whatever_the_output_can_encode(shop: Shop, deal: Callable[..., int]) -> None:
    deal("Žagar 漢字 👩‍👧")
    assert shop.ok("list", "--json").json[0]["title"] == "Žagar 漢字 👩‍👧"


def test_a_refusal_leaves_the_output_empty(shop: Shop) -> None:
    done = shop("show", "7", "--json")
    assert (done.status, done.out) == (1, "")


def test_doctor_users_themes_and_presets_speak_json(shop: Shop) -> None:
    assert shop.ok("doctor", "--json").json["sound"] is True
    assert shop.ok("users", "--json").json == [{"name": "ana", "role": "manager"}]
    assert {tuple(theme) for theme in shop.ok("themes", "--json").json} == {("name", "path")}
    assert "acquisition" in [one["name"] for one in json.loads(shop.ok("init", "--list", "--json").out)]
