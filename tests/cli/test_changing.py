"""Commands that change deals: what they do, and what they say they have done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop


def test_a_deal_is_added_and_its_date_is_echoed_resolved(shop: Shop) -> None:
    done = shop.ok("add", "Northwind", "--source", "contact form", "--close", "+30d", "--amount", "12.5k")
    assert done.out == "deal 1 added: Northwind -> Waiting, close Mon 21 Dec, €12,500\n"


def test_add_takes_every_field(shop: Shop) -> None:
    shop.ok(
        "add", "Northwind", "--source", "web", "--close", "15.12.", "--company", "Acme", "--contact", "Anna Berg",
        "--email", "anna@acme.example", "--phone", "+386 1 234", "--amount", "1.234,50", "--currency", "usd",
        "--probability", "60%", "--tags", "b, a", "--notes", "first line", "--qualifier", "budget",
        "--stage", "offered", "--detail", "contract", "--follow-up", "fri", "--follow-up-note", "call",
    )  # fmt: skip
    shown = shop.ok("show", "1", "--json").json
    assert {
        "company": "Acme", "contact": "Anna Berg", "email": "anna@acme.example", "phone": "+386 1 234",
        "amount": "1234.50", "currency": "USD", "probability": 0.6, "tags": ["a", "b"], "notes": "first line",
        "qualifier": "budget", "stage": "offered", "detail": "contract", "follow_up": "2026-11-27",
        "follow_up_note": "call", "expected_close": "2026-12-15", "owner": "ana", "created_by": "ana",
    }.items() <= shown.items()  # fmt: skip


def test_add_without_source_and_close_is_refused_by_the_gate_which_names_both(shop: Shop) -> None:
    done = shop("add", "Northwind")
    assert done.status == 1
    assert "a deal demands a source (web, phone, other)" in done.err
    assert "expected close" in done.err
    assert "--source web|phone|other --close DATE" in done.err
    assert shop.ok("list").out == ""


def test_an_owner_can_be_nobody_for_a_manager(shop: Shop) -> None:
    shop.ok("add", "Northwind", "--source", "web", "--close", "fri", "--owner", "")
    assert shop.ok("show", "1", "--json").json["owner"] is None


def test_edit_changes_what_is_named_and_an_empty_text_clears(shop: Shop, deal: Callable[..., int]) -> None:
    deal("Northwind", "--amount", "5000", "--company", "Acme")
    done = shop.ok("edit", "1", "--amount", "", "--title", "Southwind", "--close", "eoy")
    assert done.out == "deal 1 changed: title Southwind, amount none, close Thu 31 Dec\n"
    shown = shop.ok("show", "1", "--json").json
    assert (shown["title"], shown["amount"], shown["company"]) == ("Southwind", None, "Acme")


def test_edit_cannot_take_away_what_every_deal_has(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    before = shop.dump()
    for option in ("--source", "--close", "--title"):
        assert shop("edit", "1", option, "").status == 1
    assert shop.dump() == before


def test_edit_that_changes_nothing_says_so(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    assert shop.ok("edit", "1", "--title", "Northwind").out == "deal 1 is as it was\n"


def test_edit_without_a_field_is_not_written_so(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    assert shop("edit", "1").status == 2


def test_a_gated_move_names_what_is_missing_and_how_to_say_it(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    before = shop.dump()
    done = shop("move", "1", "offered")
    assert done.status == 1
    assert "Offered demands a detail (negotiation, contract) and a follow-up date" in done.err
    assert "--detail negotiation|contract --follow-up DATE" in done.err
    assert shop.dump() == before


def test_a_move_echoes_stage_detail_and_date(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    done = shop.ok("move", "1", "offered", "--detail", "contract sent", "--follow-up", "fri")
    assert done.out == "deal 1 -> Offered (contract sent), follow-up Fri 27 Nov\n"


def test_several_deals_move_together_or_not_at_all(shop: Shop, deal: Callable[..., int]) -> None:
    deal(), deal(), deal()
    shop.ok("lose", "3", "--reason", "price")
    refused = shop("move", "1", "2", "99", "acquisition", "--detail", "call")
    assert refused.status == 1
    assert [one["stage"] for one in shop.ok("list", "--json").json] == ["waiting", "waiting", "resigned"]
    done = shop.ok("move", "1", "2", "acquisition", "--detail", "call", "--json")
    assert [one["number"] for one in done.json] == [1, 2]
    assert {one["stage"] for one in done.json} == {"acquisition"}


def test_any_field_that_a_stage_demands_can_be_set_by_name(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    done = shop.ok("move", "1", "resigned", "--set", "reason=price", "--set", "tags=cold lead", "--json")
    assert (done.json["reason"], done.json["tags"]) == ("price", ["cold", "lead"])


def test_an_unknown_field_is_refused_and_a_bare_word_is_not_written_so(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    assert "there is no field" in shop("move", "1", "acquired", "--set", "nonsense=1").err
    assert shop("move", "1", "acquired", "--set", "nonsense").status == 2


def test_a_note_of_a_move_is_kept_in_the_history(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    shop.ok("move", "1", "acquisition", "--detail", "call", "--note", "she rang back")
    assert shop.ok("show", "1", "--json").json["events"][-1]["data"]["note"] == "she rang back"
    assert '"she rang back"' in shop.ok("show", "1").out


def test_win_takes_an_amount_and_a_day(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    done = shop("win", "1", "--amount", "9000", "--on", "yesterday")
    assert done.status == 1  # it was created today
    done = shop.ok("win", "1", "--amount", "9000")
    assert done.out == "deal 1 -> Acquired, €9,000, closed Sat 21 Nov\n"
    shown = shop.ok("show", "1", "--json").json
    assert (shown["outcome"], shown["amount"], shown["closed_on"]) == ("won", "9000.00", "2026-11-21")


def test_one_amount_is_not_for_several_deals(shop: Shop, deal: Callable[..., int]) -> None:
    deal(), deal()
    assert shop("win", "1", "2", "--amount", "9000").status == 2
    assert shop.ok("list", "is:won").out == ""


def test_a_loss_demands_its_reason_and_lists_the_reasons(shop: Shop, deal: Callable[..., int]) -> None:
    deal(), deal()
    before = shop.dump()
    done = shop("lose", "1", "2")
    assert done.status == 1
    assert "rejection reason (price, other)" in done.err
    assert "--reason price|other" in done.err
    assert shop.dump() == before


def test_a_loss_keeps_reason_and_note(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    done = shop.ok("lose", "1", "--reason", "too exp", "--note", "twice the budget", "--json")
    assert (done.json["reason"], done.json["reason_note"], done.json["outcome"]) == (
        "price",
        "twice the budget",
        "lost",
    )


def test_an_unknown_reason_is_refused(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    done = shop("lose", "1", "--reason", "weather")
    assert done.status == 1
    assert "price, other" in done.err


def test_reopen_goes_through_the_gate(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    shop.ok("lose", "1", "--reason", "price")
    assert shop("reopen", "1", "acquisition").status == 1
    done = shop.ok("reopen", "1", "acquisition", "--detail", "call")
    assert done.out == "deal 1 -> In acquisition (call scheduled)\n"
    shown = shop.ok("show", "1", "--json").json
    assert (shown["outcome"], shown["reason"], shown["closed_on"]) == ("open", None, None)


def test_an_open_deal_cannot_be_reopened(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    assert shop("reopen", "1", "waiting").status == 1


def test_a_follow_up_is_set_with_words_and_taken_away(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    assert shop.ok("follow-up", "1", "fri", "call", "Anna").out == "deal 1: follow-up Fri 27 Nov (call Anna)\n"
    for nothing in ("none", "-"):
        shop.ok("follow-up", "1", "+3d")
        assert shop.ok("follow-up", "1", nothing).out == "deal 1: no follow-up\n"


def test_a_date_before_today_can_be_typed_with_a_minus(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    assert shop.ok("follow-up", "1", "-3d", "--json").json["follow_up"] == "2026-11-18"


def test_an_unreadable_date_is_refused_with_its_field(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    done = shop("edit", "1", "--close", "someday")
    assert done.status == 1
    assert "expected close" in done.err


def test_changes_go_through_on_each_database(everywhere: Shop) -> None:
    everywhere.ok("add", "Northwind", "--source", "web", "--close", "eom", "--amount", "1000")
    everywhere.ok("move", "1", "offered", "--detail", "contract", "--follow-up", "fri")
    everywhere.ok("win", "1", "--amount", "1200")
    shown = everywhere.ok("show", "1", "--json").json
    assert [visit["stage"] for visit in shown["visits"]] == ["waiting", "offered", "acquired"]
    assert [event["kind"] for event in shown["events"]] == ["created", "moved", "won"]
