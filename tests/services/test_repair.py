"""Repair: what is worked out is worked out anew, what contradicts history is written as that tells it, and of a damaged
file everything legible is saved."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import Role
from funneltui.errors import NotAllowed, StorageError
from funneltui.exchange.known_pipelines import known_pipelines
from funneltui.services import activities, backups, deals, health, moves, people, workspaces
from funneltui.services.repair import rehearse, repair_workspace, salvaged
from funneltui.services.repair_definitions import Known
from funneltui.storage.database import connect, query
from funneltui.storage.database_places import is_server
from tests.conftest import small_pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Clock, Context

PAGE = 4096
KNOWN = Known(known_pipelines().read, (small_pipeline(),))


def a_busy_life(context: Context, deals_of_it: int = 3) -> None:
    """Let deals be added, moved, won, lost, noted and edited."""
    for number in range(1, deals_of_it + 1):
        deals.add(
            context,
            {"title": f"Deal {number}", "source": "web", "expected_close": date(2026, 12, 15), "amount": 1000 * number,
             "company": f"Company {number % 4}", "contact": f"Person {number % 5}", "email": f"p{number % 5}@example.com"},
        )  # fmt: skip
        activities.note(context, number, f"note on {number}")
        if number % 3:
            moves.move(context, [number], "acquisition", {"detail": "call"})
        if number % 3 == 2:
            moves.move(context, [number], "resigned", {"reason": "price"})


def everything(context: Context) -> dict[str, object]:
    """Give what a person sees of the workspace: deals, stays and history, without the ids of rows."""
    return {
        "deals": query(
            context.database,
            "SELECT d.number, d.title, d.stage, d.detail, d.outcome, d.reach, d.amount, d.due_on, d.closed_on, d.reason, "
            "d.search, d.version, d.stage_entered, d.expected_close, c.name, c.folded, k.name, k.email, o.name "
            "FROM deal d LEFT JOIN company c ON c.id = d.company_id LEFT JOIN contact k ON k.id = d.contact_id "
            "LEFT JOIN person o ON o.id = d.owner_id ORDER BY d.number",
        ),
        "stays": query(
            context.database,
            "SELECT deal, stage, detail, entered, left_at, seconds FROM visit ORDER BY deal, entered, stage",
        ),
        "events": query(context.database, "SELECT id, deal, kind, version, data FROM event ORDER BY id"),
    }


HARMS = (
    ("UPDATE deal SET reach = 'waiting' WHERE number = 1", "how far deals got"),
    ("UPDATE deal SET due_on = '1999-01-01' WHERE number = 1", "the day under which deals are listed"),
    ("UPDATE deal SET search = 'nothing' WHERE number = 1", "the text by which deals are found"),
    ("UPDATE deal SET stage_entered = 5 WHERE number = 1", "when deals entered their stage"),
    ("UPDATE visit SET seconds = 5 WHERE deal = 2 AND left_at IS NOT NULL", "how long deals were in stages"),
    ("DELETE FROM visit WHERE deal = 2", "contradict their history"),
    ("UPDATE visit SET stage = 'waiting' WHERE deal = 1 AND left_at IS NULL", "contradict their history"),
    ("UPDATE deal SET stage = 'waiting', detail = NULL WHERE number = 1", "contradict their history"),
    ("UPDATE deal SET outcome = 'open' WHERE number = 2", "contradict their history"),
    ("UPDATE deal SET expected_close = 'nonsense' WHERE number = 3", "contradict their history"),
    ("UPDATE company SET folded = 'x' WHERE id = 1", "the names by which companies"),
)


@pytest.mark.parametrize(("harm", "words"), HARMS)
def test_what_is_wrong_is_shown_and_put_right(context: Context, location: str, harm: str, words: str) -> None:
    a_busy_life(context)
    before = everything(context)
    context.database.execute_sql(harm)
    shown = rehearse(context, location)
    assert [one.count > 0 for one in shown.mends if words in one.what] == [True]
    assert everything(context) != before
    done = repair_workspace(context, location)
    assert (done.mends, done.left) == (shown.mends, ())
    assert everything(context) == before
    assert done.aside is not None
    assert done.aside.exists()


def test_of_a_sound_workspace_nothing_is_put_right(context: Context, location: str) -> None:
    a_busy_life(context, 12)
    found = rehearse(context, location)
    assert (found.mends, found.left) == ((), ())


def test_a_rep_repairs_nothing(context: Context, location: str, as_user: Callable[[str], Context]) -> None:
    people.add_user(context, "ben", Role.REP)
    with pytest.raises(NotAllowed, match="only a manager repairs"):
        rehearse(as_user("ben"), location)


def test_a_deal_of_which_history_is_lost_says_so_in_its_history(context: Context, location: str) -> None:
    a_busy_life(context)
    context.database.execute_sql("UPDATE deal SET version = 99 WHERE number = 1")
    done = repair_workspace(context, location)
    assert [one.deals for one in done.mends if "history a part is lost" in one.what] == [(1,)]
    (last,) = query(context.database, "SELECT data, version FROM event ORDER BY id DESC LIMIT 1")
    assert "a part of this deal's history was lost" in last[0]
    assert last[1] == 100
    assert health.examine(context, location).findings == ()


@pytest.fixture
def file(context: Context, location: str) -> Path:
    """Give the file of a busy workspace, for what can happen to files only."""
    if is_server(location):
        pytest.skip("what PostgreSQL does not let happen")
    a_busy_life(context, 24)
    return Path(location)


LOSSES = (
    ("DELETE FROM deal WHERE number IN (1, 2)", "rows are lost"),
    ("DELETE FROM company WHERE id = 1", "companies that are lost"),
    ("DELETE FROM contact WHERE id = 2", "contacts that are lost"),
    ("DELETE FROM change WHERE id = 3", "changes that are lost"),
)


@pytest.mark.parametrize(("loss", "words"), LOSSES)
def test_what_is_lost_is_found_again_in_the_history(
    context: Context, location: str, file: Path, loss: str, words: str
) -> None:
    before = everything(context)
    context.database.execute_sql("PRAGMA foreign_keys = off")
    context.database.execute_sql(loss)
    context.database.execute_sql("PRAGMA foreign_keys = on")
    done = repair_workspace(context, location)
    assert any(words in one.what for one in done.mends)
    assert done.left == ()
    assert everything(context) == before


def test_an_index_that_does_not_agree_with_its_table_is_made_anew(context: Context, location: str, file: Path) -> None:
    index = "INDEX deal_closed ON deal (pipeline, stage, closed_on, number) WHERE outcome IN ('won', 'lost')"
    _say_of_the_schema(context, index.replace("'won', 'lost'", "'spam'"))
    context.database.execute_sql("REINDEX deal_closed")
    _say_of_the_schema(context, index)
    assert any("index" in one.what for one in rehearse(context, location).mends)
    assert repair_workspace(context, location).left == ()
    assert query(context.database, "PRAGMA integrity_check") == [("ok",)]


def _say_of_the_schema(context: Context, index: str) -> None:
    """Let the schema say something else of an index than what it was made by."""
    database = context.database
    database.execute_sql("PRAGMA writable_schema = on")
    database.execute_sql("UPDATE sqlite_master SET sql = ? WHERE name = 'deal_closed'", (f"CREATE {index}",))
    (version,) = query(database, "PRAGMA schema_version")[0]
    database.execute_sql(f"PRAGMA schema_version = {version + 1}")
    database.execute_sql("PRAGMA writable_schema = off")
    database.close()
    database.connect()


def test_a_file_that_others_can_read_is_closed_to_them(context: Context, location: str, file: Path) -> None:
    file.chmod(0o644)
    assert any("rights" in one.what for one in rehearse(context, location).mends)
    assert file.stat().st_mode & 0o777 == 0o644
    assert repair_workspace(context, location).left == ()
    assert file.stat().st_mode & 0o777 == 0o600


def whole(file: Path, context: Context) -> bytes:
    """Give the bytes of a workspace, with nothing beside them."""
    context.database.close()
    closed = connect(str(file))
    query(closed, "PRAGMA journal_mode = delete")
    closed.close()
    return file.read_bytes()


def damaged(content: bytes, page: int, how: str, chosen: random.Random) -> bytes:
    """Give a file with one page that says nothing, something else, or here and there another letter."""
    harmed = bytearray(content)
    start = page * PAGE
    if how == "zeros":
        harmed[start : start + PAGE] = bytes(PAGE)
    elif how == "noise":
        harmed[start : start + PAGE] = chosen.randbytes(PAGE)
    else:
        for _ in range(20):
            harmed[start + chosen.randrange(PAGE)] = chosen.randrange(256)
    return bytes(harmed)


HOWS = ("zeros", "noise", "letters")


@pytest.mark.parametrize("how", HOWS)
def test_whatever_page_is_damaged_the_workspace_comes_back_and_is_sound(
    context: Context, location: str, file: Path, how: str, clock: Clock
) -> None:
    content = whole(file, context)
    chosen = random.Random(how)
    for page in range(HOWS.index(how) % 2, len(content) // PAGE, 1 + bool(HOWS.index(how))):
        file.write_bytes(damaged(content, page, how, chosen))
        with salvaged(location, "ana", clock, KNOWN) as found:
            assert found.left == (), (how, page)
            found.put()
        again = workspaces.open_workspace(location, "ana", clock, chosen=True)
        assert how == "letters" or again.pipelines == context.pipelines, (how, page)  # a letter may be another
        seen = health.examine(again, location)
        again.database.close()
        assert seen.findings == (), (how, page)
        assert seen.deals == 24, (how, page)


def test_a_recent_backup_fills_every_gap_in_the_history(
    context: Context, location: str, file: Path, clock: Clock
) -> None:
    expected = everything(context)
    made = backups.make(context, location)
    content = whole(file, context)
    for page in range(len(content) // PAGE):
        file.write_bytes(damaged(content, page, "zeros", random.Random(page)))
        with salvaged(location, "ana", clock) as found:
            assert found.older == made.path
            found.put()
        again = workspaces.open_workspace(location, "ana", clock, chosen=True)
        assert everything(again) == expected, page
        again.database.close()


def test_the_backup_of_another_workspace_fills_no_gap(
    context: Context, location: str, file: Path, clock: Clock, made_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(made_file.read_bytes())
    theirs = workspaces.open_workspace(str(other), "ana", clock, chosen=True)
    for number in range(60):
        deals.add(theirs, {"title": f"x{number}", "source": "phone", "expected_close": date(2026, 12, 15)})
        activities.note(theirs, 1, "more")
    backups.make(theirs, str(other), backups.folder_of(location) / "daily-2026-11-21.db")
    theirs.database.close()
    content = whole(file, context)
    file.write_bytes(damaged(content, 0, "zeros", random.Random(1)))
    with salvaged(location, "ana", clock) as found:
        assert found.saved.filled == 0
        assert found.holds.deals == 24


def test_the_damaged_file_is_kept_and_a_look_changes_nothing(
    context: Context, location: str, file: Path, clock: Clock
) -> None:
    harmed = damaged(whole(file, context), 0, "zeros", random.Random(1))
    file.write_bytes(harmed)
    with salvaged(location, "ana", clock):
        pass
    assert file.read_bytes() == harmed
    assert not backups.folder_of(location).exists()
    with salvaged(location, "ana", clock) as found:
        aside = found.put()
    assert aside.read_bytes() == harmed


def test_a_file_of_nothing_but_noise_is_refused(location: str, tmp_path: Path, clock: Clock) -> None:
    if is_server(location):
        with pytest.raises(StorageError, match="whoever keeps the server"), salvaged(location, "ana", clock):
            pass
        return
    path = Path(location)
    for content in (b"", b"\xff" * 70_000, b"letter"):
        path.write_bytes(content)
        with pytest.raises(StorageError, match="restore a backup"), salvaged(location, "ana", clock):
            pass
        assert path.read_bytes() == content


def test_what_nobody_expected_is_told_as_damage_where_there_is_some(
    context: Context, location: str, file: Path
) -> None:
    error = ValueError("Invalid isoformat string: 'nonsense'")
    assert health.explained(context, error) is error
    context.database.execute_sql("UPDATE deal SET expected_close = 'nonsense' WHERE number = 1")
    assert "doctor --repair" in str(health.explained(context, error))


def test_repair_has_words_for_what_needs_a_new_file(context: Context, location: str, file: Path) -> None:
    assert health.needs_salvage(context) == ()
    context.database.execute_sql("PRAGMA foreign_keys = off")
    context.database.execute_sql("DELETE FROM company")
    assert health.needs_salvage(context) == ()  # that is mended where it stands
    context.database.execute_sql("DROP TRIGGER event_stays")
    context.database.execute_sql("UPDATE event SET data = '{' WHERE id = 1")
    assert any("history" in text for text in health.needs_salvage(context))
