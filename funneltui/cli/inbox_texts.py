"""The inbox in words: the line of an entry, the whole of one, and what its deal lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.moments import spoken
from funneltui.domain import dates
from funneltui.domain.gates import label_of
from funneltui.domain.inbox_words import standing, title_of

if TYPE_CHECKING:
    from datetime import datetime

    from funneltui.services.context import Context
    from funneltui.services.inbox import Opened


def row_of(context: Context, opened: Opened, *, plain: bool) -> list[str]:
    """Give an entry's number, moment (`plain`: ISO text), channel, sender, title, owner and standing."""
    entry = opened.entry
    received = entry.received.isoformat() if plain else _short(context, entry.received)
    return [
        str(entry.number), received, entry.channel.value, entry.sender, title_of(entry), entry.owner or "",
        standing(entry, opened.missing),
    ]  # fmt: skip


def whole(context: Context, opened: Opened) -> str:
    """Give an entry with its fields and its text, for people."""
    entry = opened.entry
    pipeline = context.pipeline_of(entry.pipeline)
    pairs = [("from", entry.sender), ("arrived", f"{spoken(context.clock, entry.received)} by {entry.channel}")]
    if entry.sent is not None:
        pairs.append(("sent", spoken(context.clock, entry.sent)))
    pairs.append(("owner", entry.owner or "nobody"))
    pairs += [(label_of(pipeline, name), text) for name, text in entry.texts.items()]
    pairs = [(label, text) for label, text in pairs if text]
    width = max(len(label) for label, _ in pairs)
    head = f"entry {entry.number}: {title_of(entry)}, {standing(entry, opened.missing)}"
    lines = [head, *(f"  {label:<{width}}  {text}" for label, text in pairs)]
    return "\n".join([*lines, "", entry.text] if entry.text else lines)


def _short(context: Context, moment: datetime) -> str:
    """Give the time of today, else the day: a column of a table."""
    local, today = context.clock.local(moment), context.clock.today()
    return f"{local:%H:%M}" if local.date() == today else dates.short(local.date(), today)
