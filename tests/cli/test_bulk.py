"""Commands on several deals, and what they say of moves that go back or leave stages out (E2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.storage.database import connect, query, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop

OFFER = ("--detail", "contract", "--follow-up", "fri")


def test_a_move_over_a_stage_is_done_and_warned_of(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    done = shop("move", "1", "offered", *OFFER)
    assert (done.status, done.out) == (0, "deal 1 -> Offered (contract sent), follow-up Fri 27 Nov\n")
    assert done.err == "warning: skips In acquisition\n"
    said = shop.ok("show", "1", "--json").json["events"][-1]["data"]
    assert (said["passage"], said["skipped"]) == ("skip", ["acquisition"])


def test_a_move_back_is_done_and_warned_of(shop: Shop, deal: Callable[..., int]) -> None:
    deal("x", "--stage", "offered", *OFFER)
    done = shop("move", "1", "acquisition", "--detail", "call", "--json")
    assert (done.status, done.json["stage"]) == (0, "acquisition")
    assert done.err == "warning: back from Offered to In acquisition\n"


def test_the_next_stage_a_loss_and_a_reopening_warn_of_nothing(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    for command in (
        ("move", "1", "acquisition", "--detail", "call"),
        ("lose", "1", "--reason", "price"),
        ("reopen", "1", "waiting"),
        ("move", "1", "waiting"),
        ("edit", "1", "--title", "New"),
        ("undo",),
    ):
        assert shop.ok(*command).err == ""


def test_a_win_and_an_edit_into_a_stage_warn_too(shop: Shop, deal: Callable[..., int]) -> None:
    deal(), deal()
    assert shop.ok("win", "1").err == "warning: skips In acquisition, Offered\n"
    assert shop.ok("edit", "2", "--stage", "offered", *OFFER).err == "warning: skips In acquisition\n"


def test_of_several_deals_those_are_named_that_the_warning_is_about(shop: Shop, deal: Callable[..., int]) -> None:
    deal(), deal(), deal("x", "--stage", "acquisition", "--detail", "call")
    assert shop.ok("move", "1", "2", "3", "offered", *OFFER).err == "warning: deals 1, 2: skips In acquisition\n"


def test_a_refused_move_warns_of_nothing(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    done = shop("move", "1", "offered")
    assert done.status == 1
    assert "warning" not in done.err


def test_a_warning_shows_a_stages_name_without_what_acts_on_a_terminal(shop: Shop, deal: Callable[..., int]) -> None:
    opened = connect(shop.location)
    with writing(opened):
        query(opened, "UPDATE stage SET name = ? WHERE key = 'acquisition' RETURNING key", ("In\x1b[2J it",))
    opened.close()
    deal()
    assert shop.ok("move", "1", "offered", *OFFER).err == "warning: skips In[2J it\n"


def test_several_deals_are_edited_at_once(everywhere: Shop) -> None:
    for tags in ("cold vip", "hot", ""):
        everywhere.ok("add", "x", "--source", "web", "--close", "2026-12-15", "--tags", tags)
    done = everywhere.ok(
        "edit", "1", "2", "3", "--tag", "+hot", "--tag", "-cold", "--follow-up", "fri", "--follow-up-note", "call",
        "--shift-close", "+7d", "--probability", "40",
    )  # fmt: skip
    changed = "probability 40%, close Tue 22 Dec, follow-up Fri 27 Nov (call), follow-up note call"
    assert done.out == (
        f"deal 1 changed: {changed}, tags hot vip\ndeal 2 changed: {changed}\ndeal 3 changed: {changed}, tags hot\n"
    )
    assert "edited 3 deals" in everywhere.ok("undo").out
    assert [one["tags"] for one in everywhere.ok("list", "--json").json] == [["cold", "vip"], ["hot"], []]


def test_a_bulk_edit_prints_one_array(shop: Shop, deal: Callable[..., int]) -> None:
    deal(), deal()
    assert [one["source"] for one in shop.ok("edit", "1", "2", "--source", "phone", "--json").json] == ["phone"] * 2
    assert shop.ok("edit", "1", "--source", "other", "--json").json["source"] == "other"


def test_tags_without_signs_are_said_anew(shop: Shop, deal: Callable[..., int]) -> None:
    deal("x", "--tags", "cold vip")
    assert shop.ok("edit", "1", "--tags", "hot", "--json").json["tags"] == ["hot"]


@pytest.mark.parametrize(
    "options",
    [
        ("--tag", "+a", "--tags", "b"),
        ("--close", "fri", "--shift-close", "+1d"),
        ("--title", "Same"),
        ("--amount", "9"),
        ("--currency", "USD"),
        ("--set", "title=Same"),
    ],
)
def test_what_cannot_be_said_of_several_deals_is_not_written_so(
    shop: Shop, deal: Callable[..., int], options: tuple[str, ...]
) -> None:
    deal(), deal()
    before = shop.dump()
    assert shop("edit", "1", "2", *options).status == 2
    assert shop.dump() == before


@pytest.mark.parametrize("options", [("--tag", "+"), ("--shift-close", "fri"), ("--owner", "nobody of this name")])
def test_what_cannot_be_read_changes_none(shop: Shop, deal: Callable[..., int], options: tuple[str, ...]) -> None:
    deal(), deal()
    before = shop.dump()
    assert shop("edit", "1", "2", *options).status == 1
    assert shop.dump() == before


def test_a_refused_edit_names_each_deal_with_its_why(shop: Shop, deal: Callable[..., int]) -> None:
    deal(), deal("x", "--stage", "offered", *OFFER), deal()
    shop.ok("spam", "3")
    before = shop.dump()
    done = shop("edit", "1", "2", "3", "--follow-up", "")
    assert done.status == 1
    assert (
        "deal 2: Offered demands a follow-up date; deal 3: it is spam; restore it first; none was changed" in done.err
    )
    assert shop.dump() == before


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (("lose", "1", "2", "3"), "deals 1, 3: Resigned demands a rejection reason (price, other); deal 2: it is spam"),
        (
            ("move", "1", "2", "3", "acquisition"),
            "deals 1, 3: In acquisition demands a detail (call, meeting); deal 2: ",
        ),
        (("win", "1", "2"), "deal 2: it is spam; restore it first; none was moved"),
        (("restore", "1", "2", "3"), "deals 1, 3 are no spam; there is nothing to restore; none was changed"),
        (("spam", "1", "8", "9"), "there is no deal 8, 9"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_refusal_of_several_names_each_deal_and_changes_none(
    shop: Shop, deal: Callable[..., int], command: tuple[str, ...], why: str
) -> None:
    deal(), deal(), deal()
    shop.ok("spam", "2")
    before = shop.dump()
    done = shop(*command)
    assert done.status == 1
    assert why in done.err
    assert shop.dump() == before


def test_a_won_deal_takes_a_follow_up_and_is_listed_on_its_day(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    shop.ok("win", "1")
    assert shop.ok("today").out == ""
    assert (
        shop.ok("follow-up", "1", "today", "ask how it goes").out == "deal 1: follow-up Sat 21 Nov (ask how it goes)\n"
    )
    (line,) = shop.ok("today", "--json").json
    assert (line["number"], line["kind"], line["why"]) == (1, "follow_up", "today")
    shop.ok("undo")
    assert shop.ok("today").out == ""


def test_a_follow_up_is_finished_and_the_next_one_set_by_one_command(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    shop.ok("move", "1", "offered", *OFFER)
    refused = shop("follow-up", "1", "--done")
    assert (refused.status, refused.err) == (1, "funneltui: deal 1: Offered demands a next follow-up\n")
    done = shop.ok("follow-up", "1", "+3d", "ask again", "--done")
    assert done.out == "deal 1: follow-up done; follow-up Tue 24 Nov (ask again)\n"
    assert shop("follow-up", "1").status == 2
