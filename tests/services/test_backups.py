"""Backups by hand and by the day: who may, where they are, which are kept, and what is listed of them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import Role
from funneltui.errors import NotAllowed, RuleBroken, StorageError
from funneltui.services import backups, deals, people, workspaces
from funneltui.services.backups import Kind
from funneltui.services.context import Clock
from funneltui.storage.database_places import is_server
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context


def add(context: Context, title: str = "Northwind") -> None:
    deals.add(context, {"title": title, "source": "web", "expected_close": date(2026, 12, 15)})


def on_day(context: Context, location: str, days: int) -> Context:
    """Give the workspace opened so many days later."""
    return workspaces.open_workspace(
        location, "ana", Clock(context.clock.zone, NOW + timedelta(days=days)), chosen=True
    )


@pytest.fixture
def file(context: Context, location: str) -> Path:
    """Give the workspace's file, for what only a file has."""
    if is_server(location):
        pytest.skip("a server's own keeper makes backups every day")
    return Path(location)


def test_a_backup_by_hand_holds_the_workspace(context: Context, location: str) -> None:
    add(context)
    made = backups.make(context, location)
    assert made.kind is Kind.BY_HAND
    assert made.path.parent == backups.folder_of(location)
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.holds is not None
    assert (made.holds.users, made.holds.deals, made.holds.events) == (1, 1, 1)
    assert made.holds.last_event == NOW


@pytest.mark.parametrize(
    ("place", "folder"),
    [
        ("postgresql://ana@db.example.com/sales", "db.example.com-sales"),
        ("postgresql://ana@db.example.com:5432/sales", "db.example.com-sales"),
        ("postgresql://ana:se@cret@db.example.com:5433/sales", "db.example.com-5433-sales"),
        (
            "postgresql://one.example.com:5432,two.example.com:5433/sales",
            "one.example.com-5432-two.example.com-5433-sales",
        ),
        ("postgresql:///sales", "local-sales"),
    ],
)
def test_each_server_has_its_own_folder_of_backups(place: str, folder: str) -> None:
    assert backups.folder_of(place).name == folder


def test_a_rep_makes_no_backup(context: Context, location: str, as_user: Callable[[str], Context]) -> None:
    people.add_user(context, "ben", Role.REP)
    with pytest.raises(NotAllowed, match="only a manager makes backups, which hold everybody's deals"):
        backups.make(as_user("ben"), location)


def test_a_backup_never_goes_over_another_file_unless_told(context: Context, location: str, tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.write_text("letter")
    with pytest.raises(RuleBroken, match="--force"):
        backups.make(context, location, target)
    assert target.read_text() == "letter"
    assert backups.make(context, location, target, force=True).size > 1000


def test_a_backup_never_goes_over_the_workspace_itself(context: Context, location: str, file: Path) -> None:
    for target in (file, Path(f"{file}-wal")):
        with pytest.raises(StorageError, match="is the workspace itself"):
            backups.make(context, location, target, force=True)


def test_the_first_of_the_day_makes_a_backup_and_no_other(context: Context, location: str, file: Path) -> None:
    add(context)
    made = backups.daily(context, location, 7)
    assert made is not None
    assert made.path.name == "daily-2026-11-21.db"
    add(context)
    assert backups.daily(context, location, 7) is None


def test_so_many_of_the_daily_ones_are_kept_and_all_that_were_made_by_hand(
    context: Context, location: str, file: Path
) -> None:
    add(context)
    by_hand = backups.make(context, location).path
    for days in range(4):
        later = on_day(context, location, days)
        backups.daily(later, location, 2)
        later.database.close()
    assert sorted(path.name for path in backups.folder_of(location).iterdir()) == sorted(
        [by_hand.name, "daily-2026-11-23.db", "daily-2026-11-24.db"]
    )


def test_a_workspace_in_which_nothing_happened_yet_takes_no_daily_backup(
    context: Context, location: str, file: Path
) -> None:
    assert backups.daily(context, location, 7) is None
    assert not backups.folder_of(location).exists()


def test_of_a_server_no_daily_backup_is_made(context: Context, location: str) -> None:
    if is_server(location):
        add(context)
        assert backups.daily(context, location, 7) is None


def test_a_daily_backup_that_fails_is_told_once_a_day(context: Context, location: str, file: Path) -> None:
    add(context)
    backups.folder_of(location).write_text("in the way")
    assert "today's backup could not be made: cannot write in" in backups.daily_or_why(context, location, 7)
    assert backups.daily_or_why(context, location, 7) == ""
    tomorrow = on_day(context, location, 1)
    assert "could not be made" in backups.daily_or_why(tomorrow, location, 7)
    tomorrow.database.close()


def test_a_damaged_workspace_keeps_its_older_backups(context: Context, location: str, file: Path) -> None:
    add(context)
    backups.daily(context, location, 1)
    context.database.execute_sql("PRAGMA foreign_keys = off")
    context.database.execute_sql(
        "INSERT INTO contact (name, folded, email, phone, company_id) VALUES ('', '', '', '', 9)"
    )
    later = on_day(context, location, 1)
    assert "doctor --repair" in backups.daily_or_why(later, location, 1)
    later.database.close()
    assert [path.name for path in backups.folder_of(location).iterdir()] == ["daily-2026-11-21.db"]


def test_backups_are_listed_the_newest_first_with_what_they_hold(context: Context, location: str, file: Path) -> None:
    add(context)
    first = backups.make(context, location).path
    add(context)
    second = backups.make(context, location).path
    (backups.folder_of(location) / "backup-of-nothing.db").write_text("letter")
    found = {one.path: one for one in backups.listed(location)}
    assert [one.holds.deals for one in (found[first], found[second]) if one.holds] == [1, 2]
    (broken,) = (one for one in found.values() if one.wrong)
    assert broken.holds is None
    assert "no funneltui workspace" in broken.wrong


def test_two_backups_of_one_second_are_two_files(context: Context, location: str, file: Path) -> None:
    made = {backups.make(context, location).path for _ in range(3)}
    assert len(made) == 3
