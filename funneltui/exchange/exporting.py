"""A table written in the form that is wished: CSV, JSON, JSON lines or a workbook; in the memory of one row."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO, TYPE_CHECKING

from funneltui.domain.text import cut
from funneltui.errors import BadInput
from funneltui.exchange.files_out import harmless
from funneltui.exchange.tables_out import Form, write_rows

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.exchange.record_values import Record
    from funneltui.exchange.sheets import Sheet


class Format(StrEnum):
    """What a file can be."""

    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"
    XLSX = "xlsx"
    ICS = "ics"

    @classmethod
    def of(cls, path: Path | None) -> Format | None:
        """Give the format that a file's name ends in, or none where it has no ending.

        Raises:
            BadInput: it ends in what no format is called.
        """
        ending = path.suffix.removeprefix(".").lower() if path else ""
        if ending and ending not in set(cls):
            forms = ", ".join(cls)
            message = (
                f"a file cannot be written as {cut(ending)}; end its name in one of {forms}, or say one with --format"
            )
            raise BadInput(message)
        return cls(ending) if ending else None


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were written, and how many texts were too long for a cell and cut."""

    count: int
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """In which format a table is wished; `form` is for CSV."""

    format: Format
    form: Form = field(default_factory=Form)


def write_sheet(out: IO[bytes], sheet: Sheet, wish: Wish) -> Written:
    """Write a table.

    Raises:
        BadInput: the library that writes workbooks is not installed.
    """
    match wish.format:
        case Format.CSV:
            return Written(write_rows(out, sheet.header, sheet.rows(), wish.form))
        case Format.XLSX:
            from funneltui.exchange.spreadsheet_out import write_workbook

            return Written(*write_workbook(out, sheet))
        case Format.JSON:
            return Written(_write_array(out, sheet))
        case Format.JSONL:
            return Written(sum(out.write(_json(record) + b"\n") > 0 for record in sheet.records()))
        case Format.ICS:
            message = "a table is no calendar"
            raise ValueError(message)


def _write_array(out: IO[bytes], sheet: Sheet) -> int:
    count = 0
    for record in sheet.records():
        out.write(b"[\n" if count == 0 else b",\n")
        out.write(_json(record))
        count += 1
    out.write(b"\n]\n" if count else b"[]\n")
    return count


def _json(record: Record) -> bytes:
    return json.dumps(harmless(record), ensure_ascii=False).encode("utf-8", "replace")
