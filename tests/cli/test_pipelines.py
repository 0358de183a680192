"""`pipeline`: shown, listed, changed by a file or in an editor; never half, and no text of the user's lost."""

from __future__ import annotations

import io
import json
import shlex
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from funneltui.exchange.pipeline_files import preset, read_pipeline, read_pipeline_file
from funneltui.exchange.pipeline_writer import to_toml
from tests.conftest import small_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Done, Shop

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


# --- Edited


class Editor:
    """An editor that replaces one text by another at each call, as a plan says; it notes what it was given."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._plan, self._seen = folder / "plan.json", folder / "seen.json"
        script = folder / "editor.py"
        script.write_text(
            f"import json, pathlib, sys\n"
            f"plan, seen = pathlib.Path({str(self._plan)!r}), pathlib.Path({str(self._seen)!r})\n"
            "path = pathlib.Path(sys.argv[1])\n"
            "steps = json.loads(plan.read_text())\n"
            "text = path.read_text()\n"
            "seen.write_text(json.dumps([*json.loads(seen.read_text()), [str(path), text]]))\n"
            "old, new = steps.pop(0)\n"
            "assert old in text\n"
            "path.write_text(text.replace(old, new))\n"
            "plan.write_text(json.dumps(steps))\n"
        )
        self._seen.write_text("[]")
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"{shlex.quote(sys.executable)} {shlex.quote(str(script))}")

    def plan(self, *steps: tuple[str, str]) -> None:
        self._plan.write_text(json.dumps(steps))

    @property
    def seen(self) -> list[tuple[str, str]]:
        return [tuple(one) for one in json.loads(self._seen.read_text())]


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    return Editor(tmp_path, monkeypatch)


@pytest.fixture
def edited(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Give a function that runs `pipeline edit` and answers its questions."""

    def run(*words: str, answers: str = "") -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(answers))
        return shop("pipeline", "edit", *words)

    return run


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "home" / "funneltui" / "pipelines").glob("*.toml"))


def test_what_is_edited_is_told_asked_and_applied(
    shop: Shop, editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    editor.plan(('name = "Waiting"', 'name = "On hold"'))
    done = edited(answers="y\n")
    assert (done.status, done.out) == (0, "stage Waiting is called On hold\nSales is at version 2\n")
    assert "stage Waiting is called On hold\napply this? [y/N]: " in done.err
    assert editor.seen[0][1] == to_toml(small_pipeline())
    assert kept(tmp_path) == []


def test_the_text_that_is_edited_is_readable_by_nobody_else(
    editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    editor.plan(('name = "Waiting"', 'name = "On hold"'))
    edited(answers="n\n")
    (path,) = kept(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_editor_that_is_left_at_once_changes_nothing(
    editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    editor.plan(("Waiting", "Waiting"), ("Waiting", "Waiting"))
    done = edited()
    assert (done.status, done.out, kept(tmp_path)) == (0, "Sales is as it was\n", [])
    assert edited("--json").json["changes"] == []


def test_a_mistake_is_told_with_its_line_and_the_text_goes_on(
    shop: Shop, editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    editor.plan(('kind = "won"', 'kind = "sold"'), ('kind = "sold"', 'kind = "won"\nwip_limit = 9'))
    done = edited(answers="y\ny\n")
    assert (done.status, kept(tmp_path)) == (0, [])
    line = to_toml(small_pipeline()).split('kind = "won"')[0].count("\n") + 1
    assert f'line {line}: stage "acquired": kind "sold" is none of open, won, lost\nedit it again? [y/N]: ' in done.err
    assert editor.seen[0][0] == editor.seen[1][0]
    assert 'kind = "sold"' in editor.seen[1][1]
    assert shop.ok("pipeline", "show", "--json").json["stages"][3]["wip_limit"] == 9


@pytest.mark.parametrize("answers", ["n\n", ""])
def test_a_text_with_a_mistake_is_kept_in_a_file_that_is_named(
    shop: Shop, editor: Editor, edited: Callable[..., Done], tmp_path: Path, answers: str
) -> None:
    editor.plan(('kind = "won"', 'kind = "sold"'))
    done = edited(answers=answers)
    assert done.status != 0
    (path,) = kept(tmp_path)
    assert f"your text is kept; apply it with: funneltui pipeline apply {path}" in done.err
    assert 'kind = "sold"' in path.read_text()
    assert len(stages(shop)) == 5


@pytest.mark.parametrize("answers", ["n\n", ""])
def test_what_is_not_agreed_to_is_not_applied_and_can_be_applied_later(
    shop: Shop, editor: Editor, edited: Callable[..., Done], tmp_path: Path, answers: str
) -> None:
    editor.plan(('name = "Waiting"', 'name = "On hold"'))
    assert edited(answers=answers).status != 0
    (path,) = kept(tmp_path)
    assert shop.ok("pipeline", "show", "--toml").out == to_toml(small_pipeline())
    assert shop.ok("pipeline", "apply", str(path)).out == "stage Waiting is called On hold\nSales is at version 2\n"


def test_it_asks_where_deals_go_until_there_is_such_a_place(
    shop: Shop, deal: Callable[..., int], editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    number = deal("Northwind", "--stage", "offered", "--detail", "contract", "--follow-up", "+2d")
    whole, short = to_toml(small_pipeline()), text_without_offered()
    editor.plan((whole, short))
    done = edited(answers="nix\nacquisition:meeting\ny\n")
    assert (done.status, kept(tmp_path)) == (0, [])
    question = "1 deal stands in Offered; where to? (waiting, acquisition[:call|meeting], acquired, resigned): "
    assert done.err.count(question) == 2
    assert 'funneltui: there is no stage "nix"' in done.err
    assert shop.ok("show", str(number), "--json").json["detail"] == "meeting"


def test_it_asks_nothing_that_an_option_has_said(
    shop: Shop, deal: Callable[..., int], editor: Editor, edited: Callable[..., Done]
) -> None:
    deal("Northwind", "--stage", "offered", "--detail", "contract", "--follow-up", "+2d")
    editor.plan((to_toml(small_pipeline()), text_without_offered()))
    done = edited("sales", "--move", "offered=waiting", "--json", answers="y\n")
    assert (done.status, done.json["moved"], "where to?" in done.err) == (0, [1], False)


def test_a_shut_gate_gives_the_text_back(
    shop: Shop, deal: Callable[..., int], editor: Editor, edited: Callable[..., Done], tmp_path: Path
) -> None:
    deal("Northwind", "--stage", "offered", "--detail", "contract", "--follow-up", "+2d")
    editor.plan((to_toml(small_pipeline()), text_without_offered()))
    done = edited(answers="resigned\ny\nn\n")
    assert (done.status, len(kept(tmp_path)), len(stages(shop))) == (1, 1, 5)
    assert "deal 1: Resigned demands a rejection reason (price, other)\nedit it again?" in done.err


def test_the_key_of_a_pipeline_is_not_edited(editor: Editor, edited: Callable[..., Done]) -> None:
    editor.plan(('key = "sales"', 'key = "deals"'))
    done = edited(answers="n\n")
    line = to_toml(small_pipeline()).splitlines().index('key = "sales"') + 1
    assert f'line {line}: key is "deals", but a pipeline keeps its key; expected key = "sales"' in done.err


def test_who_changes_the_pipeline_while_it_is_edited_is_not_written_over(
    shop: Shop, editor: Editor, edited: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from funneltui.exchange import editor as real

    def meanwhile(words: list[str], path: Path) -> str:
        path.write_text(path.read_text().replace('name = "Waiting"', 'name = "On hold"'))
        other = tmp_path / "other.toml"
        other.write_text(to_toml(small_pipeline()).replace('name = "Waiting"', 'name = "Queue"'))
        assert shop("pipeline", "apply", str(other)).status == 0
        return ""

    monkeypatch.setattr(real, "run", meanwhile)
    done = edited(answers="y\n")
    assert done.status == 1
    assert "ana changed the pipeline Sales meanwhile" in done.err
    assert read_pipeline_file(kept(tmp_path)[0]).first.name == "On hold"
    assert read_pipeline(shop.ok("pipeline", "show", "--toml").out, "x").first.name == "Queue"


@pytest.mark.parametrize(
    ("value", "words"),
    [("/no/such/editor", "cannot be started"), ("false", "failed (status 1)"), ('"', "cannot be read")],
)
def test_an_editor_that_fails_changes_nothing_and_leaves_nothing(
    shop: Shop, edited: Callable[..., Done], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, words: str
) -> None:
    monkeypatch.setenv("VISUAL", value)
    done = edited()
    assert (done.status, words in done.err, kept(tmp_path)) == (1, True, [])
