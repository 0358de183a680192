"""A workspace's beginning: made once, opened by those it knows, refused in words that say what to do."""

from __future__ import annotations

import gc
import sqlite3
import stat
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import Role
from funneltui.domain.pipeline import Pipeline, Reason, Source, Stage, StageKind
from funneltui.errors import FunneltuiError, NotAllowed, RuleBroken, StorageError
from funneltui.services import deals, workspaces
from funneltui.services.people import add_user
from funneltui.storage import pipelines, schema
from funneltui.storage.database import connect, is_server, query, writing
from funneltui.storage.deals import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Clock, Context


PIPELINE = Pipeline(
    "sales",
    "Sales",
    "EUR",
    (Stage("open", "Open"), Stage("won", "Won", StageKind.WON), Stage("lost", "Lost", StageKind.LOST)),
    (Reason("price", "too expensive"),),
    (Source("web", "contact form"),),
)


@pytest.fixture
def a_file(tmp_path: Path, clock: Clock) -> Path:
    """Give the file of a closed workspace with forty deals."""
    path = tmp_path / "file.db"
    opened = workspaces.create(str(path), PIPELINE, "ana", clock)
    for number in range(40):
        deals.add(opened, {"title": f"Deal {number}", "source": "web", "expected_close": clock.today()})
    opened.database.close()
    return path


def read_all(path: Path, clock: Clock) -> list[Deal]:
    """Open a workspace and read every deal of it."""
    opened = workspaces.open_workspace(str(path), "ana", clock)
    try:
        return list(deals.listed(opened, EVERYTHING, "d.number"))
    finally:
        opened.database.close()


def test_a_new_workspace_keeps_its_pipeline_as_it_was_given(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    assert as_user("ana").pipelines == context.pipelines


def test_a_new_file_is_its_owners_alone(context: Context, location: str) -> None:
    if is_server(location):
        pytest.skip("a server keeps its own files")
    assert stat.S_IMODE(Path(location).stat().st_mode) == 0o600


def test_a_workspace_is_made_once(context: Context, location: str, clock: Clock) -> None:
    with pytest.raises(RuleBroken, match="a workspace here already"):
        workspaces.create(location, replace(context.pipeline, key="other"), "bor", clock)
    assert [one.key for one in pipelines.load_all(context.database)] == ["sales"]


@pytest.mark.parametrize("name", ["", "  ", "\x1b", "\u200b", "me", "None", "team"])
def test_a_maker_needs_a_name_of_his_own(name: str, tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(FunneltuiError):
        workspaces.create(str(tmp_path / "new.db"), PIPELINE, name, clock).database.close()
    assert not list(tmp_path.iterdir())


def test_a_workspace_that_cannot_be_made_leaves_no_file(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(workspaces.pipelines, "add", full)
    with pytest.raises(StorageError, match="the disk is full"):
        workspaces.create(str(tmp_path / "new.db"), PIPELINE, "ana", clock)
    assert [path for path in tmp_path.iterdir() if path.name.startswith("new.db")] == []


def test_a_missing_workspace_names_the_command_that_makes_one(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(StorageError, match="funneltui init"):
        workspaces.open_workspace(str(tmp_path / "gone.db"), "ana", clock)


def test_an_empty_file_is_no_workspace(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "empty.db").touch()
    with pytest.raises(StorageError, match="funneltui init"):
        workspaces.open_workspace(str(tmp_path / "empty.db"), "ana", clock)


def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "bookmarks.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmark (address TEXT)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(StorageError):
        workspaces.open_workspace(str(path), "ana", clock)
    gc.collect()
    other = sqlite3.connect(path)
    tables = other.execute("SELECT name FROM sqlite_master").fetchall()
    other.close()
    assert tables == [("bookmark",)]
    assert path.read_bytes() == before


@pytest.mark.parametrize("start", [0, 40, 100, 4096, 8192, 20480])
def test_a_damaged_file_is_refused_in_words(a_file: Path, clock: Clock, start: int) -> None:
    whole = a_file.read_bytes()
    a_file.write_bytes(whole[:start] + b"\xa5" * (len(whole) - start))
    with pytest.raises(StorageError, match=r"damaged.* backup"):
        read_all(a_file, clock)


def test_a_cut_off_file_is_refused_in_words(a_file: Path, clock: Clock) -> None:
    a_file.write_bytes(a_file.read_bytes()[:6000])
    with pytest.raises(StorageError, match=r"damaged.* backup"):
        read_all(a_file, clock)


def test_a_newer_workspace_is_refused(
    context: Context, location: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "known", lambda: ["0000_older"])
    with pytest.raises(StorageError, match="upgrade the program"):
        workspaces.open_workspace(location, "ana", clock)


def test_a_user_whom_the_workspace_does_not_know_is_refused_with_those_it_knows(
    context: Context, location: str, clock: Clock
) -> None:
    add_user(context, "bor", Role.REP)
    with pytest.raises(NotAllowed, match=r'no user "cene"; .*--user NAME: ana, bor'):
        workspaces.open_workspace(location, "cene", clock)


def test_a_persons_own_file_goes_with_him_from_machine_to_machine(
    context: Context, location: str, clock: Clock
) -> None:
    opened = workspaces.open_workspace(location, "another-login", clock)
    opened.database.close()
    assert opened.actor.name == "ana"


def test_a_user_named_on_purpose_must_be_known_even_when_there_is_one(
    context: Context, location: str, clock: Clock
) -> None:
    with pytest.raises(NotAllowed):
        workspaces.open_workspace(location, "another", clock, chosen=True)


@pytest.mark.parametrize("name", ["ANA", " ana ", "aná"])
def test_a_user_is_known_by_any_spelling(context: Context, as_user: Callable[[str], Context], name: str) -> None:
    assert as_user(name).actor == context.actor


@pytest.mark.parametrize("how", ["open", "create"])
def test_a_refusal_leaves_no_connection_open(context: Context, location: str, clock: Clock, how: str) -> None:
    if not is_server(location):
        pytest.skip("a server counts its connections")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        refuse = {
            "open": lambda: workspaces.open_workspace(location, "another", clock, chosen=True),
            "create": lambda: workspaces.create(location, context.pipeline, "ana", clock),
        }
        with pytest.raises(FunneltuiError) as refused:
            refuse[how]()
        counted = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        # The server needs a moment to notice that a connection was closed; one that is held stays for good.
        connections = next(
            (1 for _ in range(200) if query(context.database, counted)[0][0] == 1 or not _a_moment(context)), 2
        )
        del refused
        gc.collect()
    assert connections == 1


def _a_moment(context: Context) -> bool:
    return bool(query(context.database, "SELECT pg_sleep(0.01)"))


def test_a_pipeline_added_meanwhile_is_seen_after_refreshing(context: Context) -> None:
    with writing(context.database):
        pipelines.add(context.database, replace(context.pipeline, key="second", name="Second"), 1)
    assert [one.key for one in context.pipelines] == ["sales"]
    assert [one.key for one in workspaces.refreshed(context).pipelines] == ["sales", "second"]


def test_a_workspace_is_closed_and_opened_again_with_everything(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    deal = deals.add(context, {"title": "Łódź", "source": "web", "expected_close": context.clock.today()})
    context.database.close()
    assert deals.show(as_user("ana"), deal.number).deal == deal


def test_an_unknown_database_on_a_server_is_refused_in_words(location: str, clock: Clock) -> None:
    if not is_server(location):
        pytest.skip("a missing file is another matter")
    gone = location.replace("/test_", "/gone_", 1)
    with pytest.raises(StorageError):
        connect(gone)
