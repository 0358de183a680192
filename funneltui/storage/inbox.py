"""The inbox as stored: entries by their number or their message's id, and those of a state within a scope."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from funneltui.domain.inbox import Channel, Entry, EntryState
from funneltui.storage.database import Database, query, run_many
from funneltui.storage.inbox_tables import InboxRow
from funneltui.storage.tables import from_micros, to_micros

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_UNDONE = "(SELECT number FROM deal WHERE outcome = 'undone')"
_STANDING = f"(i.deal IS NOT NULL AND i.deal NOT IN {_UNDONE})"
_FREE = f"(i.deal IS NULL OR i.deal IN {_UNDONE})"
_OF_STATE = {
    EntryState.WAITING: f"{_FREE} AND i.dropped_at IS NULL",
    EntryState.DEAL: _STANDING,
    EntryState.DROPPED: f"{_FREE} AND i.dropped_at IS NOT NULL",
}
_COLUMNS = (
    "i.id, i.channel, i.message_id, i.received, i.sent, i.sender, i.texts, {text}, i.pipeline, o.name, i.stage, "
    f"CASE WHEN {_STANDING} THEN i.deal END, i.dropped_at, b.name"
)
_FROM = "FROM inbox i LEFT JOIN person o ON o.id = i.owner_id LEFT JOIN person b ON b.id = i.dropped_by_id"
_COUNTER = "inbox_changes"
COUNT_CHANGES = f"SELECT value FROM setting WHERE key = '{_COUNTER}'"
"""The statement that gives how often something arrived, was dropped or restored, as text: nothing when it never was."""

BEGINNING = 300
"""How many characters of the texts of several entries are read."""

_BEGINNING = f"substr(i.text, 1, {BEGINNING})"


def known(database: Database, channel: Channel, message_id: str) -> int | None:
    """Give the number of the entry of a message, whoever's it is, or nothing."""
    rows = query(database, "SELECT id FROM inbox WHERE channel = ? AND message_id = ?", (channel.value, message_id))
    return int(rows[0][0]) if rows else None


def insert(database: Database, entry: Entry, owner_id: int | None, who_id: int) -> int:
    """Store a new entry, and give its number."""
    number = InboxRow.insert(
        channel=entry.channel.value, message_id=entry.id, received=entry.received, sent=entry.sent, sender=entry.sender,
        texts=_json(entry.texts), text=entry.text, pipeline=entry.pipeline, stage=entry.stage, owner=owner_id, who=who_id,
    ).execute(database)  # fmt: skip
    _count_change(database)
    return int(number)


def load(database: Database, scope: int | None, number: int) -> Entry | None:
    """Give an entry of this number within a scope, or nothing."""
    sql = f"SELECT {_COLUMNS.format(text='i.text')} {_FROM} WHERE i.id = ? AND {_within(scope)}"
    return next((_entry(row) for row in query(database, sql, (number, *_values(scope)))), None)


def entries(
    database: Database, scope: int | None, state: EntryState | None, limit: int, offset: int = 0
) -> list[Entry]:
    """Give entries of a state (none: of all), the newest first: a window of them, of their texts the beginnings only."""
    condition = f"{_within(scope)}{f' AND {_OF_STATE[state]}' if state else ''}"
    sql = f"SELECT {_COLUMNS.format(text=_BEGINNING)} {_FROM} WHERE {condition} ORDER BY i.id DESC LIMIT ? OFFSET ?"
    return [_entry(row) for row in query(database, sql, (*_values(scope), limit, offset))]


def count(database: Database, scope: int | None, state: EntryState) -> int:
    """Give how many entries of a state there are within a scope."""
    sql = f"SELECT count(*) FROM inbox i WHERE {_within(scope)} AND {_OF_STATE[state]}"
    return int(query(database, sql, _values(scope))[0][0])


def note_deal(database: Database, number: int, deal: int) -> None:
    """Note the deal that came of an entry."""
    run_many(database, "UPDATE inbox SET deal = ? WHERE id = ?", [(deal, number)])


def note_dropped(database: Database, numbers: Sequence[int], at: datetime | None, who_id: int | None) -> None:
    """Note when and by whom entries were dropped; nothing: they are not."""
    moment = None if at is None else to_micros(at)
    sql = "UPDATE inbox SET dropped_at = ?, dropped_by_id = ? WHERE id = ?"
    run_many(database, sql, [(moment, who_id, number) for number in numbers])
    _count_change(database)


def _count_change(database: Database) -> None:
    """Let everybody know that the inbox was changed otherwise than by a deal, whose event tells it; see the feed."""
    run_many(
        database,
        "INSERT INTO setting (key, value) VALUES (?, '1') ON CONFLICT (key) DO UPDATE "
        "SET value = CAST(CAST(setting.value AS INTEGER) + 1 AS VARCHAR(20))",
        [(_COUNTER,)],
    )


def _within(scope: int | None) -> str:
    return "1 = 1" if scope is None else "i.owner_id = ?"


def _values(scope: int | None) -> tuple[int, ...]:
    return () if scope is None else (scope,)


def _json(texts: Any) -> str:
    return json.dumps(dict(texts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _entry(row: Sequence[Any]) -> Entry:
    number, channel, message_id, received, sent, sender, texts, text, pipeline, owner, stage, deal, dropped, by = row
    return Entry(
        number, Channel(channel), message_id, from_micros(received), None if sent is None else from_micros(sent), sender,
        json.loads(texts), text, pipeline, owner, stage, deal, None if dropped is None else from_micros(dropped), by,
    )  # fmt: skip
