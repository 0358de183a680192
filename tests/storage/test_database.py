"""Opening a database: private, in a safe journal mode, and refused in words that say what to do."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from funneltui.errors import StorageError
from funneltui.storage import database as place
from funneltui.storage.database import connect, file_of, is_server, journal_mode, query, reading, writing

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def two(location: str) -> Iterator[tuple[place.Database, place.Database]]:
    """Give two connections to one database that holds a table of notes."""
    first = connect(location, create=True)
    first.execute_sql("CREATE TABLE note (text TEXT)")
    second = connect(location)
    yield first, second
    first.close()
    second.close()


def notes(database: place.Database) -> list[str]:
    return [text for (text,) in query(database, "SELECT text FROM note ORDER BY text")]


def add(database: place.Database, text: str) -> None:
    with writing(database):
        query(database, "INSERT INTO note (text) VALUES (?) RETURNING text", (text,))


def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "test.db"
    connect(str(path), create=True).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_files_beside_a_database_are_private_too(tmp_path: Path) -> None:
    database = connect(str(tmp_path / "test.db"), create=True)
    database.execute_sql("CREATE TABLE note (text TEXT)")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir() if path.is_file()}
    database.close()
    assert set(modes.values()) == {0o600}


def test_a_file_survives_a_loss_of_power_and_keeps_its_references(tmp_path: Path) -> None:
    database = connect(str(tmp_path / "test.db"), create=True)
    pragmas = [query(database, f"PRAGMA {name}")[0][0] for name in ("synchronous", "foreign_keys")]
    database.close()
    assert pragmas == [2, 1]


@pytest.mark.parametrize(
    ("version", "mode"),
    [((3, 40, 1), "truncate"), ((3, 51, 2), "truncate"), ((3, 51, 3), "wal"), ((3, 53, 4), "wal"), ((4, 0, 0), "wal")],
)
def test_the_journal_mode_is_safe_for_the_version(
    version: tuple[int, int, int], mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "on_network_disk", lambda _: False)
    monkeypatch.setattr(place, "sqlite_module", lambda: SimpleNamespace(sqlite_version_info=version))
    assert journal_mode(tmp_path / "test.db") == mode


def test_the_chosen_journal_mode_is_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for mode in ("wal", "truncate"):
        monkeypatch.setattr(place, "journal_mode", lambda _, mode=mode: mode)
        database = connect(str(tmp_path / "test.db"), create=True)
        in_force = query(database, "PRAGMA journal_mode")[0][0]
        database.close()
        assert in_force == mode


def mounted(monkeypatch: pytest.MonkeyPatch, table: str) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: table)


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p"])
def test_a_network_disk_is_recognised(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted(monkeypatch, f"/dev/sda / ext4 rw 0 0\nserver:/home /home {kind} rw 0 0\n")
    assert place.on_network_disk(Path("/home/ana/test.db"))
    assert not place.on_network_disk(Path("/homes/test.db"))


def test_a_local_disk_within_a_network_disk_is_local(monkeypatch: pytest.MonkeyPatch) -> None:
    mounted(monkeypatch, "/dev/sda / ext4 rw 0 0\nserver:/ /net nfs4 rw 0 0\n/dev/sdb /net/local ext4 rw 0 0\n")
    assert not place.on_network_disk(Path("/net/local/test.db"))
    assert place.on_network_disk(Path("/net/other/test.db"))


def test_a_mount_point_with_a_blank_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    mounted(monkeypatch, "/dev/sda / ext4 rw 0 0\n//nas/our\\040share /mnt/our\\040share cifs rw 0 0\n")
    assert place.on_network_disk(Path("/mnt/our share/test.db"))


def test_no_wal_on_a_network_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "sqlite_module", lambda: SimpleNamespace(sqlite_version_info=(3, 60, 0)))
    monkeypatch.setattr(place, "on_network_disk", lambda _: True)
    assert journal_mode(tmp_path / "test.db") == "truncate"


def test_a_system_without_a_mount_table_has_no_network_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_table(*_: object, **__: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", no_table)
    assert not place.on_network_disk(Path("/home/ana/test.db"))


def refusal(location: str, *, create: bool = False) -> str:
    with pytest.raises(StorageError) as refused:
        connect(location, create=create).close()
    return str(refused.value)


def test_a_missing_file_names_the_commands_that_make_one(tmp_path: Path) -> None:
    message = refusal(str(tmp_path / "gone.db"))
    assert "gone.db" in message
    assert "funneltui init" in message
    assert not (tmp_path / "gone.db").exists()


def test_a_folder_is_refused_and_the_option_named(tmp_path: Path) -> None:
    assert "is a folder; name a file with --db" in refusal(str(tmp_path))


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear customer,\n" * 500)
    said = refusal(str(path))
    assert "name another with --db" in said
    assert "funneltui doctor --repair" in said
    assert path.read_text() == "Dear customer,\n" * 500


def test_a_file_in_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot make the database file" in refusal(str(tmp_path / "file" / "test.db"), create=True)


@pytest.mark.parametrize("name", ["x" * 300, "nul\0byte.db", "~nobody-of-this-name/test.db"])
@pytest.mark.parametrize("create", [False, True])
def test_a_path_that_cannot_be_is_refused(name: str, create: bool, tmp_path: Path) -> None:
    location = name if name.startswith("~") else str(tmp_path / name)
    assert refusal(location, create=create)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ana:secret@127.0.0.1:1/sales",
        "postgresql://ana:secret@127.0.0.1:port/sales",
        "postgresql://ana:secret@[127.0.0.1/sales",
        "postgresql://ana:secret@127.0.0.1:1/sales?nonsense=1",
    ],
)
def test_a_server_that_cannot_be_reached_is_refused_without_the_password(url: str) -> None:
    message = refusal(url)
    assert "secret" not in message
    assert "\n" not in message


def test_a_server_whose_socket_is_not_there_does_not_answer(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(
        StorageError, match="the PostgreSQL server does not answer; check the URL and that the server runs"
    ):
        place.connect(f"postgresql:///sales?host={tmp_path}")


@pytest.mark.parametrize(
    ("location", "server"),
    [("postgresql://x/y", True), ("postgres://x/y", True), ("sqlite:///y", False), ("postgresql.db", False)],
)
def test_a_url_is_told_from_a_path(location: str, server: bool) -> None:
    assert is_server(location) is server


def test_a_sqlite_url_names_its_file() -> None:
    assert file_of("sqlite:////data/test.db") == Path("/data/test.db")
    assert file_of("/data/test.db") == Path("/data/test.db")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Give a folder that every account of the system can enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in folder.iterdir():
        path.chmod(0o700)
    shutil.rmtree(folder)


@contextmanager
def ordinary_account() -> Iterator[None]:
    """Act as an account that is not root, to which rights mean nothing."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def said_to_an_ordinary_account(path: Path, *, create: bool = False) -> str:
    """Give what an ordinary account is told when it opens a file and adds a note."""
    with ordinary_account(), pytest.raises(StorageError) as refused:
        _add_a_note(path, create=create)
    return str(refused.value)


def _add_a_note(path: Path, *, create: bool) -> None:
    database = connect(str(path), create=create)
    try:
        add(database, "mine")
    finally:
        database.close()


def a_file_with_notes(path: Path) -> Path:
    database = connect(str(path), create=True)
    database.execute_sql("CREATE TABLE note (text TEXT)")
    database.close()
    return path


def test_a_read_only_file_says_to_check_its_rights(open_folder: Path) -> None:
    path = a_file_with_notes(open_folder / "test.db")
    path.chmod(0o444)
    open_folder.chmod(0o555)
    said = said_to_an_ordinary_account(path)
    open_folder.chmod(0o755)
    assert "rights" in said


def test_a_file_that_may_not_be_read_says_to_check_its_rights(open_folder: Path) -> None:
    path = a_file_with_notes(open_folder / "test.db")
    path.chmod(0o000)
    assert "rights" in said_to_an_ordinary_account(path)


def test_a_folder_that_may_not_be_entered_is_refused_in_words(open_folder: Path) -> None:
    inner = open_folder / "inner"
    inner.mkdir(mode=0o700)
    path = a_file_with_notes(inner / "test.db")
    inner.chmod(0o000)
    assert str(path) in said_to_an_ordinary_account(path)


def test_a_folder_that_may_not_be_written_takes_no_new_file(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    said = said_to_an_ordinary_account(open_folder / "new.db", create=True)
    open_folder.chmod(0o755)
    assert "cannot make the database file" in said


def test_what_is_written_is_seen_by_another_connection(two: tuple[place.Database, place.Database]) -> None:
    add(two[0], "hello")
    assert notes(two[1]) == ["hello"]


def test_a_transaction_that_fails_leaves_nothing(two: tuple[place.Database, place.Database]) -> None:
    def fail() -> None:
        with writing(two[0]):
            add(two[0], "first")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert notes(two[0]) == notes(two[1]) == []


def test_a_part_that_fails_leaves_the_rest(two: tuple[place.Database, place.Database]) -> None:
    with writing(two[0]):
        add(two[0], "kept")
        with pytest.raises(StorageError), writing(two[0]):
            query(two[0], "INSERT INTO nowhere VALUES (1)")
    assert notes(two[1]) == ["kept"]


def test_a_reader_sees_one_moment(two: tuple[place.Database, place.Database]) -> None:
    if hasattr(two[0], "pragma") and query(two[0], "PRAGMA journal_mode")[0][0] != "wal":
        pytest.skip("without WAL a reader keeps writers out instead")
    with reading(two[0]):
        before = notes(two[0])
        add(two[1], "later")
        assert notes(two[0]) == before
    assert notes(two[0]) == ["later"]


def test_a_readers_error_is_a_storage_error(two: tuple[place.Database, place.Database]) -> None:
    with pytest.raises(StorageError), reading(two[0]):
        query(two[0], "SELECT * FROM nowhere")


def test_a_locked_file_says_to_try_again(tmp_path: Path) -> None:
    path = a_file_with_notes(tmp_path / "test.db")
    first, second = connect(str(path)), connect(str(path))
    second.execute_sql("PRAGMA busy_timeout = 1")
    with writing(first), pytest.raises(StorageError, match="locked by another program; nothing was changed"):
        add(second, "mine")
    first.close()
    second.close()


def test_a_percent_sign_in_sql_is_a_percent_sign(two: tuple[place.Database, place.Database]) -> None:
    add(two[0], "100% sure?")
    assert query(two[0], "SELECT text FROM note WHERE text LIKE '%sure%' AND text = ?", ("100% sure?",))
