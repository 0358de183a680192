"""Reads a whole workspace from the JSON lines that `workspace_out` writes, and says where a line is wrong."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from funneltui.domain.text import cut
from funneltui.errors import BadInput, StorageError
from funneltui.exchange.files_out import harmless
from funneltui.exchange.workspace_checks import check
from funneltui.exchange.workspace_out import END, FORMAT, MIGRATION, NAME
from funneltui.services.whole import Misplaced, Row, demand_known, found
from funneltui.storage.whole import Column, Kind, Table, workspace_tables

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from funneltui.services.whole import Founded

LINE_LIMIT = 16_000_000
"""The most bytes that a line may have: no deal has more, and a longer one would fill the memory."""

_NO_WORKSPACE = "it is no workspace that `funneltui export --what workspace` has written"


def found_workspace(location: str, path: Path) -> Founded:
    """Make the workspace that a file holds, where there is none yet: all of it, or nothing.

    Raises:
        BadInput: the file is none, is not whole, or a value in it cannot be; the message names file, line and field.
        RuleBroken: there is a workspace already. StorageError: the file cannot be read, or the place not written.
    """
    try:
        with closing(_lines(path)) as lines:
            migration = _migration(next(lines, None))
            return found(location, migration, _rows(lines))
    except BadInput as error:
        message = f"{path}, {error}" if isinstance(error, Misplaced) else f"{path}: {error}"
        raise BadInput(message) from error


def _lines(path: Path) -> Generator[tuple[int, dict[str, Any]]]:
    """Give the lines with their numbers, each a JSON object of one key; blank ones are passed over."""
    try:
        if path.exists() and not path.is_file():
            message = "it is no file; name one that `funneltui export` has written"
            raise BadInput(message)
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LINE_LIMIT + 1):
                number += 1
                if len(line) > LINE_LIMIT:
                    raise Misplaced(number, f"it has more than {LINE_LIMIT:,} bytes")
                if line.strip():
                    yield number, _read(number, line)
    except (OSError, ValueError) as error:
        message = f"cannot read {path}: {getattr(error, 'strerror', None) or error}"
        raise StorageError(message) from error


def _read(number: int, line: bytes) -> dict[str, Any]:
    try:
        value = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise Misplaced(number, f"it is not in UTF-8 (at byte {error.start + 1})") from error
    except RecursionError:
        raise Misplaced(number, "its values are nested too deep") from None
    except ValueError as error:
        where = f" (at character {error.pos + 1})" if isinstance(error, json.JSONDecodeError) else ""
        raise Misplaced(number, f"it is no JSON{where}" if number > 1 else _NO_WORKSPACE) from error
    if not isinstance(value, dict):
        raise Misplaced(number, "it holds no JSON object")
    return value


def _no_number(text: str) -> None:
    message = f"{text} is no number"
    raise ValueError(message)


def _migration(first: tuple[int, dict[str, Any]] | None) -> str:
    if first is None or first[1].get(FORMAT) != NAME or not isinstance(first[1].get(MIGRATION), str):
        raise BadInput(_NO_WORKSPACE)
    migration = str(first[1][MIGRATION])
    demand_known(cut(migration))
    return migration


def _rows(lines: Iterator[tuple[int, dict[str, Any]]]) -> Iterator[Row]:
    tables = {table.name: table for table in workspace_tables()}
    number = 1
    for number, record in lines:
        if record == {END: NAME}:
            rest = next(lines, None)
            if rest is not None:
                raise Misplaced(rest[0], "it stands behind the last line")
            return
        if len(record) != 1:
            raise Misplaced(number, "it holds not just one table's row")
        ((name, values),) = record.items()
        if name not in tables:
            raise Misplaced(number, f'there is no table "{cut(name)}"')
        if not isinstance(values, dict):
            raise Misplaced(number, f"{name}: it is no row")
        yield Row(number, tables[name], _values(number, tables[name], values))
    raise Misplaced(number, "the file ends here, before its last line: it is not whole")


def _values(number: int, table: Table, values: dict[str, Any]) -> dict[str, Any]:
    known = {column.name: column for column in table.columns}
    read: dict[str, Any] = {}
    for name, value in values.items():
        if name not in known:
            raise Misplaced(number, f'{table.name}: there is no field "{cut(name)}"')
        try:
            read[name] = None if value is None else _value(known[name], harmless(value))
            check(table.name, name, read[name])
        except (BadInput, ValueError, OverflowError, RecursionError) as error:
            raise Misplaced(number, f"{table.name}, {name}: {error}") from error
    return read


def _value(column: Column, value: Any) -> Any:
    match column.kind, value:
        case Kind.FLAG, bool():
            return value
        case Kind.NUMBER, int() if not isinstance(value, bool):
            if 0 <= value <= (column.most or 0):
                return value
            raise BadInput(f"{str(value)[:25]} is out of bounds; it runs from 0 to {column.most}")
        case Kind.TEXT, str():
            if column.most is None or len(value) <= column.most:
                return value
            raise BadInput(f'"{cut(value)}" has more than {column.most} characters')
        case Kind.DAY, str():
            return _day(value)
        case Kind.MOMENT, str():
            return _moment(value)
        case Kind.JSON, _:
            return value
    raise BadInput(f"{cut(json.dumps(value))} is not what it holds: {_EXPECTED[column.kind]}")


_EXPECTED = {
    Kind.FLAG: "true or false",
    Kind.NUMBER: "a whole number",
    Kind.TEXT: "a text",
    Kind.DAY: "a date such as 2026-12-15",
    Kind.MOMENT: "a moment such as 2026-12-15T09:30:00+00:00",
}


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise BadInput(f'"{cut(text)}" is no date; it looks like 2026-12-15')
    return day


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadInput(f'"{cut(text)}" is no moment with its zone; it looks like 2026-12-15T09:30:00+00:00')
    return moment.astimezone(UTC)
