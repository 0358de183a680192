"""`pipeline add|rename|order|retire|bring-back`, and `move --pipeline`: several pipelines in one workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.exchange.pipeline_writer import to_toml
from tests.conftest import small_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Shop


@pytest.fixture
def two(shop: Shop) -> Shop:
    """Give the command line on a workspace with a second pipeline, whose gates demand nothing."""
    shop.ok("pipeline", "add", "simple", "--name", "Partners")
    return shop


def names(shop: Shop) -> list[str]:
    return [one["name"] for one in shop.ok("pipeline", "list", "--json").json]


def test_a_preset_is_added_behind_the_others_in_the_currency_of_the_first(everywhere: Shop) -> None:
    done = everywhere.ok("pipeline", "add", "b2b")
    assert done.out.startswith("pipeline B2B sales (b2b) added: Prospecting, First contact,")
    assert everywhere.ok("pipeline", "list").rows[1] == ["b2b", "B2B sales", "EUR", "8", "0", ""]


def test_a_file_is_added_under_a_name_of_its_own(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(to_toml(small_pipeline("CZK")), encoding="utf-8")
    refused = shop("pipeline", "add", str(path))
    assert (refused.status, refused.err) == (
        1, 'funneltui: there is a pipeline with the key "sales" already; give the new one another\n',
    )  # fmt: skip
    done = shop.ok("pipeline", "add", str(path), "--name", "Export", "--json")
    assert done.json == {
        "pipeline": "export", "name": "Export", "dry_run": False,
        "stages": ["waiting", "acquisition", "offered", "acquired", "resigned"],
    }  # fmt: skip
    assert shop.ok("pipeline", "show", "export", "--json").json["currency"] == "CZK"


def test_what_would_be_added_can_be_seen_first(shop: Shop) -> None:
    assert shop.ok("pipeline", "add", "b2b", "--dry-run").out.startswith("pipeline B2B sales (b2b) would be added: ")
    assert names(shop) == ["Sales"]


def test_a_pipeline_is_renamed_and_keeps_its_key(two: Shop) -> None:
    assert two.ok("pipeline", "rename", "Partners", "Friends").out == "pipeline Friends (simple) is in use\n"
    done = two.ok("pipeline", "rename", "simple", "Kin", "--json")
    assert (done.json["key"], done.json["name"], done.json["open"]) == ("simple", "Kin", 0)
    refused = two("pipeline", "rename", "simple", "sales")
    assert (refused.status, 'there is a pipeline "sales" already' in refused.err) == (1, True)


def test_the_first_in_the_order_is_meant_where_none_is_named(two: Shop) -> None:
    done = two.ok("pipeline", "order", "partners", "sales")
    assert [row[1] for row in done.rows] == ["Partners", "Sales"]
    assert two.ok("pipeline", "show", "--json").json["name"] == "Partners"
    assert [one["key"] for one in two.ok("pipeline", "order", "sales", "simple", "--json").json] == ["sales", "simple"]


def test_an_order_names_every_pipeline_in_use_once(two: Shop) -> None:
    for keys in (["sales"], ["sales", "sales"]):
        refused = two("pipeline", "order", *keys)
        assert (refused.status, refused.err) == (1, "funneltui: name each pipeline in use once: sales, simple\n")


def test_a_pipeline_is_retired_once_nothing_is_open_in_it_and_brought_back(two: Shop, deal: Callable[..., int]) -> None:
    number = str(deal())
    refused = two("pipeline", "retire", "sales")
    assert (refused.status, "1 deal is open in Sales" in refused.err) == (1, True)
    two.ok("move", number, "qualified", "--pipeline", "partners", "--set", "source=other")
    assert two.ok("pipeline", "retire", "sales").out == "pipeline Sales (sales) is retired\n"
    assert [row[5] for row in two.ok("pipeline", "list").rows] == ["", "retired"]
    assert two.ok("pipeline", "bring-back", "sales", "--json").json["retired"] is False


def test_the_last_pipeline_in_use_is_not_retired(shop: Shop) -> None:
    refused = shop("pipeline", "retire", "sales")
    assert (refused.status, "is the last pipeline in use" in refused.err) == (1, True)


@pytest.mark.parametrize(
    "words",
    [("add", "b2b"), ("rename", "sales", "New"), ("order", "sales"), ("retire", "sales"), ("bring-back", "sales")],
    ids=lambda words: words[0],
)
def test_only_a_manager_changes_pipelines(shop: Shop, words: tuple[str, ...]) -> None:
    shop.ok("users", "add", "bor")
    refused = shop("pipeline", *words, user="bor")
    assert (refused.status, "manager" in refused.err, names(shop)) == (1, True, ["Sales"])


# --- Deals from one pipeline to another


def test_a_deal_goes_to_another_pipeline_through_the_gate_there(two: Shop, deal: Callable[..., int]) -> None:
    two.ok(
        "move", str(deal()), "offer", "--pipeline", "simple", "--set", "source=other", "--note", "a partner brought it"
    )
    shown = two.ok("show", "1", "--json").json
    assert (shown["pipeline"], shown["stage"], shown["source"]) == ("simple", "offer", "other")
    assert any("a partner brought it" in str(event) for event in shown["events"])
    refused = two("move", "1", "offered", "--pipeline", "Sales")
    assert refused.status == 1
    assert refused.err.splitlines()[1] == "say it with: --detail negotiation|contract --follow-up DATE"
    done = two.ok("move", "1", "offered", "--pipeline", "Sales", "--detail", "contract", "--follow-up", "+2d", "--json")
    assert (done.json["pipeline"], done.json["detail"]) == ("sales", "contract")


def test_of_several_deals_all_go_or_none(two: Shop, deal: Callable[..., int]) -> None:
    deal(), deal()
    two.ok("move", "2", "qualified", "--pipeline", "simple", "--set", "source=other")
    before = two.dump()
    refused = two("move", "1", "2", "offer", "--pipeline", "simple", "--set", "source=other")
    assert (refused.status, "deal 2: it is in Partners already" in refused.err) == (1, True)
    assert two.dump() == before


def test_a_deal_that_is_there_already_and_a_pipeline_that_is_not_are_refused(
    two: Shop, deal: Callable[..., int]
) -> None:
    number = str(deal())
    assert "it is in Sales already" in two("move", number, "offered", "--pipeline", "sales").err
    assert 'there is no pipeline "nix"' in two("move", number, "offered", "--pipeline", "nix").err
