"""The inbox in words: the line of an entry, the whole of one, and what its deal lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain import dates
from funneltui.domain.gates import label_of
from funneltui.domain.inbox import EntryState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from funneltui.domain.gates import Missing
    from funneltui.domain.inbox import Entry
    from funneltui.services.context import Context
    from funneltui.services.inbox import Opened


def lacking(missing: Sequence[Missing]) -> str:
    """Give what a deal lacks, in words: "source and expected close"."""
    words = [one.label for one in missing]
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)


def standing(opened: Opened) -> str:
    """Say how an entry stands: "lacks source", "deal 12", "dropped by ana"."""
    entry = opened.entry
    if entry.state is EntryState.DEAL:
        return f"deal {entry.deal}"
    if entry.state is EntryState.DROPPED:
        return f"dropped by {entry.dropped_by}" if entry.dropped_by else "dropped"
    return f"lacks {lacking(opened.missing)}" if opened.missing else "lacks nothing"


def title_of(entry: Entry) -> str:
    """Give what an entry is about, or the beginning of its text."""
    return entry.texts.get("title", "") or entry.text.partition("\n")[0][:80]


def row_of(context: Context, opened: Opened, *, plain: bool) -> list[str]:
    """Give an entry's number, moment (`plain`: ISO text), channel, sender, title, owner and standing."""
    entry = opened.entry
    received = entry.received.isoformat() if plain else _moment(context, entry.received)
    return [
        str(entry.number), received, entry.channel.value, entry.sender, title_of(entry), entry.owner or "",
        standing(opened),
    ]  # fmt: skip


def whole(context: Context, opened: Opened) -> str:
    """Give an entry with its fields and its text, for people."""
    entry = opened.entry
    pipeline = context.pipeline_of(entry.pipeline)
    pairs = [("from", entry.sender), ("arrived", f"{_moment(context, entry.received)} by {entry.channel}")]
    if entry.sent is not None:
        pairs.append(("sent", _moment(context, entry.sent)))
    pairs.append(("owner", entry.owner or "nobody"))
    pairs += [(label_of(pipeline, name), text) for name, text in entry.texts.items()]
    pairs = [(label, text) for label, text in pairs if text]
    width = max(len(label) for label, _ in pairs)
    head = f"entry {entry.number}: {title_of(entry)}, {standing(opened)}"
    lines = [head, *(f"  {label:<{width}}  {text}" for label, text in pairs)]
    return "\n".join([*lines, "", entry.text] if entry.text else lines)


def _moment(context: Context, moment: datetime) -> str:
    local = context.clock.local(moment)
    return f"{dates.echo(local.date(), context.clock.today())}, {local:%H:%M}"
