"""The JSON form of the inbox's entries, with the names of fields that scripts rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from funneltui.exchange.record_values import Record
    from funneltui.services.inbox import Opened


def entry_record(opened: Opened, *, text: bool = False) -> Record:
    """Give an entry for machines, with its `text` if wished.

    Moments are ISO moments in UTC; `fields` holds what was found, as it was written, dates as ISO dates; `lacks` the fields
    without which it makes no deal; what is absent is null.
    """
    entry = opened.entry
    record: Record = {
        "number": entry.number,
        "state": entry.state.value,
        "channel": entry.channel.value,
        "id": entry.id,
        "received": entry.received.isoformat(),
        "sent": entry.sent.isoformat() if entry.sent else None,
        "sender": entry.sender,
        "owner": entry.owner,
        "pipeline": entry.pipeline,
        "stage": entry.stage,
        "fields": dict(entry.texts),
        "lacks": [one.field for one in opened.missing],
        "deal": entry.deal,
        "dropped": entry.dropped.isoformat() if entry.dropped else None,
        "dropped_by": entry.dropped_by,
    }
    return record | ({"text": entry.text} if text else {})
