"""Backups of a workspace on a PostgreSQL server: its own programs pg_dump and pg_restore write and read them."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from funneltui.errors import StorageError
from funneltui.storage.backups import Contents
from funneltui.storage.database import WRITER_LOCK, query
from funneltui.storage.tables import from_micros

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from funneltui.storage.database import Database

_SIGN = b"PGDMP"


def is_dump(file: Path) -> bool:
    """Tell whether a file is what pg_dump writes in its own format."""
    try:
        with file.open("rb") as opened:
            return opened.read(len(_SIGN)) == _SIGN
    except OSError:
        return False


def dump(location: str, part: Path) -> None:
    """Write the database at a URL to a file, as of one moment.

    Raises:
        StorageError: there is no pg_dump here, or it says what is wrong.
    """
    address, environment = _address(location)
    _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={part}", address], environment)


def check(part: Path) -> Contents:
    """Read a dump to its end and give what it holds.

    Raises:
        StorageError: there is no pg_restore here, the file is damaged, or holds no workspace.
    """
    command = [_found("pg_restore"), "--data-only", "--file=-", str(part)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        found = _counted(running.stdout)
        said = running.stderr.read()
    if running.returncode:
        message = f"damaged: {_first_line(said)}"
        raise StorageError(message)
    if found is None:
        message = f"{part.name} holds no workspace of funneltui"
        raise StorageError(message)
    return found


def _counted(lines: Iterable[str]) -> Contents | None:
    """Give what a dump's rows say, table by table as COPY writes them; nothing if it has no deals' table."""
    counts: dict[str, int] = {}
    table, at, last, schema = "", 0, None, ""
    for line in lines:
        if not table:
            if line.startswith("COPY "):
                name, _, columns = line.removeprefix("COPY ").partition(" (")
                table = name.rpartition(".")[2].strip('"')
                counts[table] = 0
                names = [one.strip(' "') for one in columns.partition(")")[0].split(",")]
                wanted = {"event": "at", "schema_migration": "name"}.get(table, "")
                at = names.index(wanted) if wanted in names else -1
            continue
        if line == "\\.\n":
            table = ""
            continue
        counts[table] += 1
        if table == "event":
            last = max(last or 0, int(line.rstrip("\n").split("\t")[at]))
        elif table == "schema_migration":
            schema = max(schema, line.rstrip("\n").split("\t")[at])
    if not schema or "deal" not in counts:
        return None
    moment = None if last is None else from_micros(last)
    return Contents(counts.get("person", 0), counts["deal"], counts.get("event", 0), moment, schema)


def put_back(location: str, file: Path) -> None:
    """Put a dump in the place of what the database at a URL holds, in one transaction.

    Raises:
        StorageError: there is no pg_restore here, or it says what is wrong; nothing was changed.
    """
    address, environment = _address(location)
    how = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    _run("pg_restore", [*how, f"--dbname={address}", str(file)], environment)


@contextmanager
def writers_waiting(database: Database) -> Iterator[None]:
    """Keep everybody who writes waiting; whoever reads does not notice."""
    query(database, "SELECT pg_advisory_lock(?)", (WRITER_LOCK,))
    try:
        yield
    finally:
        query(database, "SELECT pg_advisory_unlock(?)", (WRITER_LOCK,))


def _address(location: str) -> tuple[str, dict[str, str]]:
    """Give a URL without its password, for a command line that everybody on the machine can read, and the environment."""
    parts = urlsplit(location)
    options = dict(parse_qsl(parts.query))
    password = options.pop("password", None) or (unquote(parts.password) if parts.password else None)
    user, at, host = parts.netloc.rpartition("@")
    address = urlunsplit(
        ("postgresql", f"{user.partition(':')[0]}{at}{host}", parts.path, urlencode(options), parts.fragment)
    )
    return address, {**os.environ, **({"PGPASSWORD": password} if password else {})}


def _run(program: str, arguments: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run([_found(program), *arguments], capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        message = f"{program} refused: {_first_line(done.stderr)}"
        if "version mismatch" in done.stderr:
            message += "; it must be as new as the server: install the postgresql-client of the server's version"
        raise StorageError(message)


def _first_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[0] if lines else "it does not say why")


def _found(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        message = (
            f"a backup of a PostgreSQL database needs the program {program}, which is not here: install the "
            "postgresql-client of the server's version, or let whoever keeps the server make backups"
        )
        raise StorageError(message)
    return found
