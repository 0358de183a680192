"""An entry of the inbox in words: what it is about, what its deal lacks, how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.inbox import EntryState
from funneltui.domain.text import cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.gates import Missing
    from funneltui.domain.inbox import Entry


def title_of(entry: Entry) -> str:
    """Give what an entry is about, or the beginning of its text."""
    return entry.texts.get("title", "") or cut(entry.text.partition("\n")[0], 80)


def lacking(missing: Sequence[Missing]) -> str:
    """Give what a deal lacks, in words: "source and expected close"."""
    words = [one.label for one in missing]
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)


def standing(entry: Entry, missing: Sequence[Missing]) -> str:
    """Say how an entry stands: "lacks source", "deal 12", "dropped by ana"."""
    if entry.state is EntryState.DEAL:
        return f"deal {entry.deal}"
    if entry.state is EntryState.DROPPED:
        return f"dropped by {entry.dropped_by}" if entry.dropped_by else "dropped"
    return f"lacks {lacking(missing)}" if missing else "lacks nothing"
