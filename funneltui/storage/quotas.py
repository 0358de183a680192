"""Quotas as stored: every revision a row, read with the one that it revised."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain.periods import Span
from funneltui.domain.quotas import Quota
from funneltui.storage.database import Database, query
from funneltui.storage.quota_tables import QuotaRow
from funneltui.storage.tables import from_micros

if TYPE_CHECKING:
    from datetime import datetime

_Key = tuple[str | None, str | None, Span, date]


def revisions(database: Database, scope: int | None) -> list[Quota]:
    """Give every quota that was ever set, the first one first; within a scope only that owner's, and not the team's."""
    condition, values = ("", ()) if scope is None else ("WHERE q.owner_id = ?", (scope,))
    rows = query(
        database,
        "SELECT o.name, q.span, q.first_day, q.amount, q.currency, q.pipeline, w.name, q.at FROM quota q "
        f"LEFT JOIN person o ON o.id = q.owner_id JOIN person w ON w.id = q.who_id {condition} ORDER BY q.id",
        values,
    )
    found: list[Quota] = []
    latest: dict[_Key, Quota] = {}
    for owner, span, first, amount, currency, pipeline, who, at in rows:
        quota = Quota(owner, Span(span), date.fromisoformat(first), amount, currency, pipeline, who, from_micros(at))
        key = _key(quota)
        earlier = latest.get(key)
        found.append(replace(quota, before=earlier))
        latest[key] = quota
    return found


def in_force(database: Database, scope: int | None, until: datetime | None = None) -> list[Quota]:
    """Give the quotas that hold, or held at a moment, by period and then as they were set; those taken back are none."""
    known = revisions(database, scope)
    latest = {_key(one): one for one in known if until is None or one.at is None or one.at <= until}
    return sorted((one for one in latest.values() if one.amount is not None), key=lambda one: (one.first, one.span))


def add(database: Database, quota: Quota, owner_id: int | None, who_id: int, at: datetime) -> None:
    """Store a quota as a new row: those before it stay."""
    QuotaRow.insert(
        owner=owner_id, pipeline=quota.pipeline, span=quota.span.value, first=quota.first, amount=quota.amount,
        currency=quota.currency, who=who_id, at=at,
    ).execute(database)  # fmt: skip


def _key(quota: Quota) -> _Key:
    return quota.owner, quota.pipeline, quota.span, quota.first
