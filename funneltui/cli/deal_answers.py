"""What a command answers once it has changed deals: a sentence for each, or their JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.output import say, say_json

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from funneltui.cli.session import Session
    from funneltui.domain.deal import Deal


def tell_deals(session: Session, changed: Sequence[Deal], sentence: Callable[[Deal], str]) -> None:
    """Print what a sentence says of each deal; with --json one deal as an object, several as an array."""
    if not session.json:
        for deal in changed:
            say(sentence(deal))
        return
    from funneltui.exchange.deal_records import record_of

    context = session.workspace()
    records = [record_of(context, deal) for deal in changed]
    say_json(records[0] if len(records) == 1 else records)
