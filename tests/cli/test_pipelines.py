"""`pipeline`: shown, listed, changed by a file; never half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.pipeline_writer import to_toml
from tests.conftest import small_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Shop

OFFERED = '[[stage]]\nkey = "offered"'
DEMO = '[[stage]]\nkey = "demo"\nname = "Demo"\n\n'


def text_without_offered() -> str:
    text = to_toml(small_pipeline())
    start = text.index(OFFERED)
    return text[:start] + text[text.index("[[stage]]", start + 1) :]


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], str]:
    """Give a function that writes a file and gives its path."""

    def write(text: str) -> str:
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def stages(shop: Shop) -> list[str]:
    return [stage["key"] for stage in shop.ok("pipeline", "show", "--json").json["stages"]]


# --- The example of the first document


def test_thirteen_enter_three_are_won_ten_are_open(empty: Shop) -> None:
    empty.ok("init", "--preset", "simple")
    for _ in range(13):
        empty.ok("add", "Deal", "--source", "other", "--close", "+30d")
    empty.ok("move", "4", "5", "6", "7", "offer")
    empty.ok("win", "1", "2", "3")
    standard, through = (empty.ok("funnel", "--mode", mode, "--json").json for mode in ("standard", "conversion"))
    assert [stage["count"] for stage in standard["stages"]] == [6, 4, 0]
    assert (standard["won"]["count"], standard["lost"]["count"]) == (3, 0)
    first = through["stages"][0]
    assert (through["entered"], first["reached"], first["won"], first["open"], first["lost"]) == (13, 13, 3, 10, 0)


# --- Shown


def test_a_pipeline_is_shown_with_all_that_belongs_to_it(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    done = shop.ok("pipeline", "show")
    assert done.out.splitlines()[0] == "Sales (key sales), EUR, 1 open"
    assert done.rows[1] == ["Waiting", "waiting", "open", "1", "", "", "10%", "14 d", ""]
    assert "reasons: too expensive (price), other (other)" in done.out
    assert shop.ok("pipeline").out == done.out


def test_as_json_it_has_every_field(shop: Shop) -> None:
    record = shop.ok("pipeline", "show", "sales", "--json").json
    assert (record["key"], record["name"], record["currency"], record["version"]) == ("sales", "Sales", "EUR", 1)
    offered = record["stages"][2]
    assert (offered["demands"], offered["probability"]) == (["detail", "follow_up"], 0.6)
    assert offered["details"][1] == {"key": "contract", "name": "contract sent"}
    assert [one["key"] for one in record["sources"]] == ["web", "phone", "other"]
    assert set(map(tuple, record["retired_parts"].values())) == {()}


def test_as_toml_it_is_a_file_to_begin_with(shop: Shop) -> None:
    done = shop.ok("pipeline", "show", "--toml")
    assert done.out == to_toml(small_pipeline())
    assert shop.ok("pipeline", "show", "--toml", "--json").json["toml"] == done.out


def test_earlier_versions_can_be_printed(shop: Shop, file: Callable[[str], str]) -> None:
    assert shop.ok("pipeline", "show", "--version", "1").out == to_toml(small_pipeline())
    shop.ok("pipeline", "apply", file(text_without_offered()))
    assert shop.ok("pipeline", "show", "--version", "1").out == to_toml(small_pipeline())
    assert shop.ok("pipeline", "show", "--version", "2").out == shop.ok("pipeline", "show", "--toml").out
    shown = shop.ok("pipeline", "show").out
    assert "version 1: as it was at first\nversion 2: Sat 21 Nov, 10:30, by ana\n" in shown
    assert "retired stages: Offered (offered)" in shown
    refused = shop("pipeline", "show", "--version", "3")
    assert (refused.status, refused.err) == (1, "funneltui: Sales has no version 3; there are versions 1 to 2\n")


def test_pipelines_are_listed(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    shop.ok("pipeline", "apply", "b2b", "--new", "--name", "Partners")
    assert shop.ok("pipeline", "list").rows == [
        ["sales", "Sales", "EUR", "5", "1", ""], ["b2b", "Partners", "EUR", "8", "0", ""],
    ]  # fmt: skip
    listed = shop.ok("pipeline", "list", "--json").json
    assert [(one["key"], one["open"], one["retired"]) for one in listed] == [("sales", 1, False), ("b2b", 0, False)]


def test_an_unknown_pipeline_is_refused_by_every_subcommand(shop: Shop, file: Callable[[str], str]) -> None:
    path = file(to_toml(small_pipeline()))
    for words in (["show", "nix"], ["edit", "nix"], ["apply", path, "--name", "nix"]):
        done = shop("pipeline", *words)
        assert (done.status, done.err) == (1, 'funneltui: there is no pipeline "nix"; choose one of: sales\n')


# --- Applied from a file


def test_a_file_changes_the_pipeline_of_its_key_and_says_what(everywhere: Shop, file: Callable[[str], str]) -> None:
    text = to_toml(small_pipeline()).replace('name = "Waiting"', 'name = "On hold"').replace(OFFERED, DEMO + OFFERED)
    done = everywhere.ok("pipeline", "apply", file(text))
    assert done.out.splitlines() == [
        "stage Waiting is called On hold", "stage Demo is added after In acquisition", "Sales is at version 2",
    ]  # fmt: skip
    assert stages(everywhere) == ["waiting", "acquisition", "demo", "offered", "acquired", "resigned"]
    assert everywhere.ok("pipeline", "apply", file(text)).out == "Sales is as it was\n"


def test_what_would_leave_deals_nowhere_is_refused_with_the_option_that_mends_it(
    shop: Shop, deal: Callable[..., int], file: Callable[[str], str]
) -> None:
    deal("Northwind", "--stage", "offered", "--detail", "contract", "--follow-up", "+2d")
    before = shop.dump()
    done = shop("pipeline", "apply", file(text_without_offered()))
    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "funneltui: deals stand in what would be given up (1 in Offered); say where they go\n"
        "say it with: --move offered=STAGE[:DETAIL]\n"
    )
    assert (shop.dump(), len(stages(shop))) == (before, 5)


@pytest.mark.parametrize("move", ["offered=acquisition:call", "Offered=In acquisition:call scheduled"])
def test_the_deals_go_where_it_is_said(everywhere: Shop, move: str, file: Callable[[str], str]) -> None:
    offered = ("--stage", "offered", "--detail", "contract", "--follow-up", "+2d")
    everywhere.ok("add", "Northwind", "--source", "web", "--close", "+30d", *offered)
    done = everywhere.ok("pipeline", "apply", file(text_without_offered()), "--move", move, "--json")
    assert (done.json["version"], done.json["moved"], done.json["dry_run"]) == (2, [1], False)
    assert done.json["concerned"] == [
        {"part": "stage", "key": "offered", "stage": "offered", "open": 1, "closed": 0, "spam": 0}
    ]
    shown = everywhere.ok("show", "1").out
    assert "stage           In acquisition (call scheduled)" in shown
    assert "Offered (contract sent), 0 min" in shown


def test_a_detail_goes_to_another_one_of_its_stage(
    shop: Shop, deal: Callable[..., int], file: Callable[[str], str]
) -> None:
    number = deal("Northwind", "--stage", "acquisition", "--detail", "call")
    text = to_toml(small_pipeline()).replace('    { key = "call", name = "call scheduled" },\n', "")
    refused = shop("pipeline", "apply", file(text))
    assert "say it with: --move acquisition:call=STAGE[:DETAIL]" in refused.err
    for move in ("call=meeting", "acquisition:call=meeting", "acquisition:call=acquisition:meeting"):
        assert shop("pipeline", "apply", file(text), "--move", move, "--dry-run").status == 0
    shop.ok("pipeline", "apply", file(text), "--move", "call=meeting")
    assert shop.ok("show", str(number), "--json").json["detail"] == "meeting"


def test_a_dry_run_says_all_and_changes_nothing(
    shop: Shop, deal: Callable[..., int], file: Callable[[str], str]
) -> None:
    deal("Northwind", "--stage", "offered", "--detail", "contract", "--follow-up", "+2d")
    before = (shop.dump(), shop.ok("pipeline", "show", "--json").json)
    path = file(text_without_offered())
    done = shop.ok("pipeline", "apply", path, "--dry-run", "--move", "offered=waiting")
    assert done.out.splitlines() == [
        "stage Offered is removed", "1 deal (1 open) stands in Offered",
        "Sales would be at version 2, 1 deal moved; nothing was changed",
    ]  # fmt: skip
    blocked = shop("pipeline", "apply", path, "--dry-run", "--move", "offered=acquisition")
    assert (blocked.status, "In acquisition demands a detail" in blocked.err) == (1, True)
    assert (shop.dump(), shop.ok("pipeline", "show", "--json").json) == before


@pytest.mark.parametrize(
    ("move", "why"),
    [
        ("offered", 'can\'t read "offered" as a move; write OLD=NEW or OLD=NEW:DETAIL'),
        ("nix=waiting", 'there is no stage "nix"'),
        ("offered=nix", 'there is no stage "nix"'),
        ("offered=acquisition:nix", 'there is no detail of In acquisition "nix"'),
        ("waiting=acquired", "Waiting stays as it is; only deals of what is given up are moved"),
    ],
)
def test_a_move_that_cannot_be_is_refused(shop: Shop, file: Callable[[str], str], move: str, why: str) -> None:
    done = shop("pipeline", "apply", file(text_without_offered()), "--move", move)
    assert done.status == 1
    assert why in done.err
    assert len(stages(shop)) == 5


def test_a_mistake_in_the_file_is_told_with_its_line(shop: Shop, file: Callable[[str], str]) -> None:
    text = to_toml(small_pipeline()).replace('kind = "won"', 'kind = "sold"')
    line = text[: text.index('kind = "sold"')].count("\n") + 1
    done = shop("pipeline", "apply", file(text))
    assert done.status == 1
    assert f'mine.toml, line {line}: stage "acquired": kind "sold" is none of open, won, lost' in done.err


def test_a_file_for_another_key_needs_to_be_told_which_pipeline_it_changes(
    shop: Shop, file: Callable[[str], str]
) -> None:
    path = file(to_toml(small_pipeline()).replace('key = "sales"', 'key = "mine"', 1).replace('currency = "EUR"\n', ""))
    refused = shop("pipeline", "apply", path)
    assert refused.err == (
        'funneltui: there is no pipeline with the key "mine" (sales); --name says which one to change, --new adds one\n'
    )
    assert shop.ok("pipeline", "apply", path, "--name", "Sales").out == "Sales is as it was\n"


def test_a_file_without_a_currency_leaves_the_pipelines_own(empty: Shop, file: Callable[[str], str]) -> None:
    empty.ok("init", "--preset", "simple", "--currency", "USD")
    path = file(to_toml(preset("simple")).replace('currency = "EUR"\n', "").replace('"Won"', '"Sold"'))
    assert empty.ok("pipeline", "apply", path).out == "stage Won is called Sold\nSales is at version 2\n"
    assert empty.ok("pipeline", "show", "--json").json["currency"] == "USD"


def test_a_new_pipeline_stands_beside_the_others(shop: Shop) -> None:
    refused = shop("pipeline", "apply", "simple", "--new")
    assert refused.err == 'funneltui: there is a pipeline "Sales" already; give this one another name\n'
    tried = shop.ok("pipeline", "apply", "simple", "--new", "--name", "Partners", "--dry-run")
    assert tried.out.startswith("pipeline Partners (simple) would be added: Qualified, Offer sent")
    done = shop.ok("pipeline", "apply", "simple", "--new", "--name", "Partners", "--json")
    assert (done.json["pipeline"], done.json["name"]) == ("simple", "Partners")
    assert (
        shop.ok("pipeline", "apply", "simple", "--new", "--name", "Žagar & co", "--json").json["pipeline"] == "zagar_co"
    )
    assert [row[0] for row in shop.ok("pipeline", "list").rows] == ["sales", "simple", "zagar_co"]
    assert shop("pipeline", "apply", "simple", "--new", "--move", "a=b").status == 2


def test_only_a_manager_changes_a_pipeline(shop: Shop, file: Callable[[str], str]) -> None:
    shop.ok("users", "add", "bor")
    path = file(text_without_offered())
    for words in (["apply", path], ["apply", path, "--dry-run"], ["apply", path, "--new"], ["edit"]):
        done = shop("pipeline", *words, user="bor")
        assert (done.status, "only a manager" in done.err) == (1, True)
    assert len(stages(shop)) == 5
