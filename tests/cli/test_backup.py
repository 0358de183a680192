"""backup, restore FILE and doctor --repair: what they say, that they ask, and what is made every day by itself."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from funneltui import bootstrap
from funneltui.storage import disks

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop

ROOT = Path(__file__).resolve().parents[2]


def harm(path: str | Path, *statements: str) -> None:
    """Change a database behind the program's back."""
    database = sqlite3.connect(path)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


def folder(shop: Shop) -> Path:
    return Path(f"{shop.location}.backups")


def test_a_backup_says_where_it_is_what_it_holds_and_how_it_is_put_back(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    done = shop.ok("backup")
    (made,) = folder(shop).iterdir()
    assert f"backup made: {made}" in done.out
    assert "1 deal, 1 event, last event 2026-11-21 10:30; checked" in done.out
    assert f"funneltui restore {made} puts it back" in done.out


def test_a_backup_as_json(shop: Shop, deal: Callable[..., int], tmp_path: Path) -> None:
    deal()
    record = shop.ok("backup", str(tmp_path / "x.db"), "--json").json
    assert record["file"] == str(tmp_path / "x.db")
    assert (record["kind"], record["wrong"]) == ("backup", None)
    assert record["holds"] == {
        "users": 1, "deals": 1, "events": 1, "last_event": "2026-11-21T09:30:00+00:00", "schema": record["holds"]["schema"],
    }  # fmt: skip


def test_backup_list_has_every_backup_and_says_where_there_are_none(shop: Shop, deal: Callable[..., int]) -> None:
    assert "there are no backups in" in shop.ok("backup", "--list").out
    deal()
    shop.ok("backup")
    (row,) = shop.ok("backup", "--list").rows
    assert row[1] == "backup"
    assert "1 deal" in row[3]
    assert [one["kind"] for one in shop.ok("backup", "--list", "--json").json] == ["backup"]


def test_restore_takes_numbers_or_a_file_and_nothing_in_between(shop: Shop, deal: Callable[..., int]) -> None:
    number = str(deal())
    shop.ok("spam", number)
    assert "is back where it was" in shop.ok("restore", number).out
    for words in ((), (number, "x.db"), ("x.db", "y.db"), (number, "--backup", "x.db"), (number, "--dry-run")):
        assert shop("restore", *words).status == 2, words


def test_restore_puts_a_backup_back_and_says_how_to_return(
    shop: Shop, deal: Callable[..., int], tmp_path: Path
) -> None:
    deal("first")
    shop.ok("backup", str(tmp_path / "12"))  # a name that looks like a deal's number
    deal("second")
    looked = shop.ok("restore", "--backup", str(tmp_path / "12"), "--dry-run")
    assert "is sound: 1 deal" in looked.out
    assert "in the workspace now: 2 deals, 2 events, last event 2026-11-21 10:30; nothing was changed" in looked.out
    done = shop.ok("restore", "--backup", str(tmp_path / "12"))
    assert [row[1] for row in shop.ok("list").rows] == ["first"]
    kept = re.search(r"funneltui restore (\S+) goes back to it", done.out)
    assert kept is not None
    shop.ok("restore", kept[1])
    assert [row[1] for row in shop.ok("list").rows] == ["first", "second"]


def test_restore_as_json(shop: Shop, deal: Callable[..., int], tmp_path: Path) -> None:
    deal()
    shop.ok("backup", str(tmp_path / "x.db"))
    record = shop.ok("restore", str(tmp_path / "x.db"), "--json").json
    assert (record["dry_run"], record["holds"]["deals"], record["before"]["deals"]) == (False, 1, 1)
    assert Path(record["aside"]).exists()


def test_restore_brings_a_workspace_back_that_is_gone_or_no_database_any_more(
    shop: Shop, deal: Callable[..., int], tmp_path: Path
) -> None:
    deal()
    shop.ok("backup", str(tmp_path / "x.db"))
    Path(shop.location).unlink()
    shop.ok("restore", str(tmp_path / "x.db"))
    assert len(shop.ok("list").rows) == 1
    Path(shop.location).write_bytes(b"\xff" * 9000)
    assert "what was there is kept" in shop.ok("restore", str(tmp_path / "x.db")).out
    assert len(shop.ok("list").rows) == 1


def test_doctor_repair_shows_and_asks_before_it_does_anything(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    assert "nothing is wrong with the workspace" in shop.ok("doctor", "--repair").out
    harm(shop.location, "UPDATE deal SET reach = 'offered'")
    looked = shop("doctor", "--repair")
    assert looked.status == 1
    assert "can be put right: how far deals got (1): 1" in looked.out
    assert "run it again with --yes" in looked.out
    assert not folder(shop).exists()
    done = shop.ok("doctor", "--repair", "--yes")
    assert "what was there is kept" in done.out
    assert "all is well" in shop.ok("doctor").out


def test_doctor_repair_saves_what_can_be_read_of_a_damaged_file(shop: Shop, deal: Callable[..., int]) -> None:
    for number in range(20):
        deal(f"deal {number}")
    harm(shop.location, "PRAGMA journal_mode = delete")
    path = Path(shop.location)
    path.write_bytes(bytes(4096) + path.read_bytes()[4096:])
    refused = shop("list")
    assert refused.status == 1
    assert "`funneltui doctor --repair` saves what can be read" in refused.err
    looked = shop("doctor", "--repair")
    assert looked.status == 1
    assert "what can be saved: 20 deals, 20 events" in looked.out
    assert "lost: nothing that can be counted" in looked.out
    record = shop.ok("doctor", "--repair", "--yes", "--json").json
    assert (record["done"], record["holds"]["deals"], record["lost"]["events"]) == (True, 20, 0)
    assert "all is well" in shop.ok("doctor").out


def test_a_value_that_cannot_be_is_told_as_damage_and_mended(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    harm(shop.location, "UPDATE deal SET expected_close = 'nonsense'")
    refused = shop("list")
    assert (refused.status, refused.out) == (1, "")
    assert "doctor --repair" in refused.err
    assert "Traceback" not in refused.err
    shop.ok("doctor", "--repair", "--yes")
    assert len(shop.ok("list").rows) == 1


def test_a_network_disk_is_named_with_what_is_done_there(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disks, "kind_of_disk", lambda _: "nfs4")
    done = shop("doctor")
    assert "hint: the file lies on a network disk (nfs4), where SQLite's WAL is not safe" in done.out
    assert "for a team use PostgreSQL" in done.out


@pytest.fixture
def funneltui(shop: Shop, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Give the real program on the workspace: what it returns, and what it says on standard error."""

    def run(*arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        status = bootstrap.main(["--db", shop.location, "--user", "ana", *arguments])
        return status, capsys.readouterr().err

    return run


ADD = ("add", "Northwind", "--source", "web", "--close", "+30d")


def test_the_first_change_of_a_day_makes_a_backup_and_reading_makes_none(
    shop: Shop, funneltui: Callable[..., tuple[int, str]]
) -> None:
    assert funneltui("list") == (0, "")
    assert not folder(shop).exists()
    assert funneltui(*ADD) == (0, "")
    (made,) = folder(shop).iterdir()
    before = made.stat().st_mtime_ns
    assert made.name.startswith("daily-")
    funneltui(*ADD)
    assert [path.stat().st_mtime_ns for path in folder(shop).iterdir()] == [before]


def test_a_daily_backup_that_fails_is_told_once_and_stops_nothing(
    shop: Shop, funneltui: Callable[..., tuple[int, str]]
) -> None:
    folder(shop).write_text("in the way")
    status, told = funneltui(*ADD)
    assert status == 0
    assert told.startswith("warning: today's backup could not be made: cannot write in")
    assert funneltui(*ADD) == (0, "")
    assert len(shop.ok("list").rows) == 2


def test_daily_backups_can_be_switched_off(
    shop: Shop, funneltui: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    config = tmp_path / "home" / "funneltui" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("[backup]\ndaily = false\n")
    assert funneltui(*ADD) == (0, "")
    assert not folder(shop).exists()


LIMITED = """
import resource, sys
from funneltui.bootstrap import main
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(main(sys.argv[2:]))
"""


def limited(shop: Shop, limit: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program where no file can grow beyond a limit, as on a full disk."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), "--db", shop.location, "--user", "ana", *arguments],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


@pytest.mark.parametrize("arguments", [ADD, ("backup",), ("doctor", "--repair", "--yes")], ids=lambda words: words[0])
def test_a_full_disk_is_one_clear_message_and_nothing_is_lost(
    shop: Shop, deal: Callable[..., int], arguments: tuple[str, ...]
) -> None:
    deal()
    harm(shop.location, "UPDATE deal SET reach = 'offered'")
    before: list[Any] = shop.dump()
    done = limited(shop, 20_000, *arguments)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert re.search(r"full|room|large", done.stderr), done.stderr
    assert shop.dump() == before
    assert [path.name for path in folder(shop).glob("*")] == []


def test_a_backup_goes_into_no_folder_that_is_not_there(shop: Shop, deal: Callable[..., int], tmp_path: Path) -> None:
    deal()
    done = shop("backup", str(tmp_path / "usb" / "x.db"))
    assert done.status != 0
    assert "there is no folder" in done.err
    assert not (tmp_path / "usb").exists()


def test_a_repair_that_cannot_have_the_gates_again_says_so_and_is_not_all_well(
    shop: Shop, deal: Callable[..., int]
) -> None:
    number = str(deal())
    harm(shop.location, "DELETE FROM detail", "DELETE FROM stage WHERE kind = 'won'")
    assert "there is no won stage" in shop("doctor").out
    done = shop("doctor", "--repair", "--yes")
    assert done.status == 1
    assert "cannot: a part of the pipeline Sales is missing: there is no won stage" in done.out
    refused = shop("win", number)
    assert (refused.status, "has no won stage any more" in refused.err) == (refused.status or 1, True)
