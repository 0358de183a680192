"""Writes a whole workspace as JSON lines: complete, the same on every database, in an order that suits version control.

The first line names the format and the newest migration, each line after it holds one row as {table: {column: value}}, the
last one says that nothing is missing. Moments and dates are ISO text, amounts whole minor units; what is absent (null) is
left out, and so is what follows from other values (folded names, search texts). Nothing in it tells when or by which
program it was written: the same workspace gives the same bytes.
"""

from __future__ import annotations

import json
from datetime import date
from typing import IO, TYPE_CHECKING, Any

from funneltui.exchange.files_out import harmless
from funneltui.services.whole import whole_workspace

if TYPE_CHECKING:
    from funneltui.services.context import Context

FORMAT, NAME, MIGRATION, END = "funneltui", "workspace", "migration", "end"
"""The words of the first and the last line."""


def write_workspace(out: IO[bytes], context: Context) -> int:
    """Write all of a workspace, in UTF-8, in the memory of a page of rows, and give the number of its rows.

    Raises:
        NotAllowed: the actor is no manager.
    """
    count = 0
    with whole_workspace(context) as whole:
        out.write(_line({FORMAT: NAME, MIGRATION: whole.migration}))
        for table, row in whole.rows:
            values = {
                column.name: _written(value)
                for column, value in zip(table.columns, row, strict=True)
                if value is not None
            }
            out.write(_line({table.name: values}))
            count += 1
    out.write(_line({END: NAME}))
    return count


def _line(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else harmless(value)  # a datetime is a date, too
