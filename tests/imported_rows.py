"""Rows taken in, and what became of the deals: what the tests of the import's services share."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from funneltui.services import deals
from funneltui.services.imports import Fate, ImportRow, Origin, RowResult, import_batch
from funneltui.storage.database import query

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.domain.history import EventKind
    from funneltui.services.context import Context

TABLES = ("deal", "visit", "event", "company", "contact", "person")


def row(line: int = 2, stage: str | None = None, **given: Any) -> ImportRow:
    about = {name: given.pop(name) for name in list(given) if name in ROW_FIELDS}
    values = {"title": f"deal of line {line}", "source": "web", "expected_close": date(2026, 12, 1)} | given
    values = {name: value for name, value in values.items() if value is not None}
    return ImportRow(line, values, about.pop("defaults", {}), about.pop("currency_read", "EUR"), stage, **about)


ROW_FIELDS = {"external_id", "created", "entered", "closed", "via", "defaults", "is_outcome_only", "stage_if_new",
              "currency_read", "stays", "lost_because"}  # fmt: skip


def take(context: Context, *rows: ImportRow) -> list[RowResult]:
    return import_batch(context, rows, Origin("csv", "deals.csv", context.pipeline))


def fates(context: Context, *rows: ImportRow) -> list[Fate]:
    return [result.fate for result in take(context, *rows)]


def why(context: Context, one: ImportRow) -> str:
    before = dump(context)
    result = take(context, one)[0]
    assert result.fate is Fate.REJECTED
    assert dump(context) == before
    return result.why


def dump(context: Context) -> dict[str, list[tuple[Any, ...]]]:
    return {table: query(context.database, f"SELECT * FROM {table} ORDER BY 1") for table in TABLES}


def deal(context: Context, number: int = 1) -> Deal:
    return deals.show(context, number).deal


def stays(context: Context, number: int = 1) -> list[tuple[str, date, int | None]]:
    return [(one.stage, one.entered.date(), one.seconds) for one in deals.show(context, number).visits]


def events(context: Context, number: int = 1) -> list[tuple[EventKind, date, int]]:
    return [(one.kind, one.at.date(), one.version) for one in deals.show(context, number).events]


DAY = 86_400
