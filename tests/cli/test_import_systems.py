"""import of other systems' files from the command line: recognised, told, saved, asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.exchange.system_mappings import own_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Shop

PIPEDRIVE = (
    "Deal - ID,Deal - Title,Deal - Organization,Deal - Value,Deal - Stage,Deal - Status,Deal - Lost reason,Deal - Team\n"
    "1,Pump,Acme,1200.50,Proposal Made,Open,,North\n2,Valve,Globex,10,Qualified,Lost,too slow,South\n"
)
SETS = ["--set", "source=web", "--set", "expected_close=+30d", "--set", "follow_up=+3d"]
SAID = [*SETS, "--stage", "Proposal Made=offered/contract", "--stage", "Qualified=waiting", "--reason", "*=other"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "deals.csv"
    path.write_text(PIPEDRIVE, encoding="utf-8")
    return path


@pytest.fixture
def strange(file: Path) -> Path:
    """Give the file with words for its stages that nothing is known of."""
    text = file.read_text(encoding="utf-8").replace("Proposal Made", "Sent").replace("Qualified", "Hot")
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give a function after which a person sits at the terminal and gives these answers, one after another."""

    def answers(*texts: str) -> None:
        left = iter(texts)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr("funneltui.cli.import_dialogue.can_ask", lambda: True)
        monkeypatch.setattr("click.termui.visible_prompt_func", lambda prompt="": next(left))

    return answers


def test_a_system_is_recognised_and_the_dry_run_says_how_it_is_read(shop: Shop, file: Path) -> None:
    done = shop.ok("import", str(file), *SAID, "--dry-run")
    assert "read as Pipedrive" in done.out
    assert '  won from "Deal - Status"' in done.out
    assert "  not read: Deal - Team" in done.out
    assert "2 created" in done.out


def test_its_deals_are_known_again_by_the_systems_ids(shop: Shop, file: Path) -> None:
    assert shop.ok("import", str(file), *SAID, "--json").json["created"] == 2
    assert shop.ok("import", str(file), *SAID, "--json").json["unchanged"] == 2
    lost = shop.ok("show", "2", "--json").json
    assert (lost["outcome"], lost["reason"], lost["reason_note"]) == ("lost", "other", "too slow")


def test_what_has_no_home_is_kept_in_the_notes(shop: Shop, file: Path) -> None:
    shop.ok("import", str(file), *SAID, "--keep-rest")
    assert "Deal - Team: North" in str(shop.ok("show", "1", "--json").json)


def test_a_single_column_is_kept_by_its_name(shop: Shop, file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace("Deal - Team", "Deal - Floor"), encoding="utf-8")
    done = shop.ok("import", str(file), *SAID, "--keep", "deal floor", "--map", "company=")
    assert "not read: Deal - Organization; --keep COLUMN keeps one in the notes, --keep-rest all of them" in done.out
    assert shop.ok("show", "1", "--json").json["notes"] == "Deal - Floor: North"


def test_a_mapping_that_is_no_file_of_anybody_is_refused(shop: Shop, file: Path) -> None:
    assert "there is no mapping" in shop("import", str(file), "--mapping", "~nobody-of-this-name/x.toml").err


def test_a_mapping_is_saved_and_used_again_by_itself(shop: Shop, file: Path) -> None:
    done = shop.ok("import", str(file), *SAID, "--map", "notes=Deal - Team", "--save-mapping", "Our CRM")
    assert "our_crm.toml" in done.err
    assert (own_folder() / "our_crm.toml").is_file()
    again = shop.ok("import", str(file), "--dry-run")
    assert "read as Our CRM" in again.out
    assert "2 unchanged" in again.out


def test_a_dry_run_saves_no_mapping(shop: Shop, file: Path) -> None:
    shop.ok("import", str(file), *SAID, "--dry-run", "--save-mapping", "x")
    assert not own_folder().exists()


def test_a_mapping_can_be_named_as_a_file(shop: Shop, file: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    mapping.write_text('[columns]\ntitle = "Deal - Team"\n[set]\nsource = "web"\nexpected_close = "+9d"\n')
    shop.ok("import", str(file), "--mapping", str(mapping))
    assert [row[1] for row in shop.ok("list").rows] == ["North", "South"]


def test_the_systems_are_listed_without_a_workspace(empty: Shop) -> None:
    rows = empty.ok("import", "--list-systems").rows
    assert ["pipedrive", "pipedrive", "Pipedrive", "deals", ""] in rows
    assert "salesforce_history" in {one["mapping"] for one in empty.ok("import", "--list-systems", "--json").json}


def test_a_file_has_to_be_named(shop: Shop) -> None:
    done = shop("import")
    assert done.status == 2
    assert "--list-systems" in done.err


def test_deals_that_look_like_others_are_proposed(shop: Shop, tmp_path: Path, deal: Callable[..., int]) -> None:
    deal("Pump", "--company", "Acme")
    path = tmp_path / "x.csv"
    path.write_text("title,company\nPump,ACME\n")
    done = shop.ok("import", str(path), *SETS[:4])
    assert "1 new deal looks like one that was there already; nothing was merged:" in done.out
    assert "  line 2: like deal 1 (same company and title)" in done.out


def test_ambiguous_dates_are_told(shop: Shop, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("title,created\nPump,02/03/2026\n")
    assert 'line 2: the date "02/03/2026" is read as 2 Mar 2026' in shop.ok("import", str(path), *SETS[:4]).out


def test_the_dialogue_asks_for_words_and_for_what_is_missing_and_shows_a_dry_run(
    shop: Shop, strange: Path, asked: Callable[..., None]
) -> None:
    asked(
        "keep=Deal - Team",
        "keep=Colour",
        "",
        "nowhere",
        "offered",
        "contract",
        "waiting",
        "",
        "*other",
        "web",
        "+30d",
        "+3d",
        "y",
    )
    done = shop.ok("import", str(strange), "--ask")
    assert "2 rows: 2 created" in done.out
    first = shop.ok("show", "1", "--json").json
    assert (first["stage"], first["detail"], first["source"], first["follow_up"], first["notes"]) == (
        "offered", "contract", "web", "2026-11-24", "Deal - Team: North",
    )  # fmt: skip


def test_no_at_the_end_of_the_dialogue_changes_nothing(shop: Shop, strange: Path, asked: Callable[..., None]) -> None:
    asked("", "waiting", "waiting", "Sent=offered/contract", "Sent=waiting", "", "*other", "web", "+30d", "n")
    done = shop("import", str(strange), "--ask")
    assert (done.status, done.out) == (1, "")
    assert "nothing was changed" in done.err
    assert shop.ok("list").out == ""


def test_what_nobody_answers_leaves_its_rows_out(shop: Shop, strange: Path, asked: Callable[..., None]) -> None:
    asked("", "", "waiting", "", "*other", "web", "+30d", "y")
    done = shop.ok("import", str(strange), "--ask")
    assert "2 rows: 1 created, 0 updated, 0 unchanged, 1 rejected" in done.out


@pytest.mark.parametrize(
    ("cells", "answers", "created"),
    [
        ("02/23/2026", ["someday", "mdy"], "2026-02-23"),
        ("02/03/2026", ["mdy"], "2026-02-03"),
        ("02/03/2026", [""], "2026-03-02"),
    ],
)
def test_the_order_of_dates_is_asked_where_it_is_another_or_could_be_two(
    shop: Shop, tmp_path: Path, asked: Callable[..., None], cells: str, answers: list[str], created: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"title,created\nPump,{cells}\n")
    asked("", *answers, "web", "+30d", "y")
    shop.ok("import", str(path), "--ask")
    assert shop.ok("show", "1", "--json").json["created"].startswith(created)


def test_a_file_without_a_title_is_asked_for_it(shop: Shop, tmp_path: Path, asked: Callable[..., None]) -> None:
    path = tmp_path / "x.csv"
    path.write_text("what,b\nPump,1\n")
    asked("title=what", "", "web", "+30d", "y")
    shop.ok("import", str(path), "--ask")
    assert [row[1] for row in shop.ok("list").rows] == ["Pump"]


@pytest.mark.parametrize("wrong", ["title=waht", "titel=what", "what"])
def test_a_column_that_was_typed_wrongly_is_told_and_asked_for_again(
    shop: Shop, tmp_path: Path, asked: Callable[..., None], wrong: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("what,b\nPump,1\n")
    asked(wrong, "title=what", "", "web", "+30d", "y")
    done = shop.ok("import", str(path), "--ask")
    assert f'"{wrong.partition("=")[2 if wrong.startswith("title") else 0]}"' in done.err
    assert [row[1] for row in shop.ok("list").rows] == ["Pump"]


def test_a_wrong_column_of_the_command_is_told_and_asked_for_in_the_dialogue(
    shop: Shop, tmp_path: Path, asked: Callable[..., None]
) -> None:
    path = tmp_path / "x.csv"
    path.write_text("what,b\nPump,1\n")
    asked("title=what", "", "web", "+30d", "y")
    assert '"waht"' in shop.ok("import", str(path), "--ask", "--map", "title=waht").err
    assert [row[1] for row in shop.ok("list").rows] == ["Pump"]


def test_without_a_terminal_nothing_is_asked_and_what_is_missing_is_rejected(shop: Shop, file: Path) -> None:
    done = shop("import", str(file), "--ask", "--json")
    assert (done.status, len(done.json["rejected"])) == (1, 2)
