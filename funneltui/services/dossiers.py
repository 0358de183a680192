"""A deal's dossier: the deal with its history, and what else is known of its company and its contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.errors import NotFound
from funneltui.services import deals, records
from funneltui.storage import feed, record_places
from funneltui.storage.database import reading
from funneltui.storage.records import Pointer

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.domain.records import Figures
    from funneltui.services.context import Context
    from funneltui.services.deals import Opened
    from funneltui.storage.feed import Position

MOST_OTHERS = 8
"""How many other deals a dossier names."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """A deal opened; what its company's deals come to, if it has one; other deals of company and contact, newest first.

    `figures.won_amounts` is the company's lifetime value to date (E6). All of it is what the actor may see. `position` is
    the feed's place then.
    """

    opened: Opened
    position: Position
    figures: Figures | None = None
    others: tuple[Deal, ...] = ()


def dossier(context: Context, number: int) -> Dossier:
    """Give a deal's dossier.

    Raises:
        NotFound: there is no such deal, or it is not the actor's.
    """
    with reading(context.database):
        position, opened = feed.position(context.database), deals.show(context, number)
        figures, found = _of_company(context, opened.deal)
        found += _of_contact(context, number)
    others = {deal.number: deal for deal in found if deal.number != number}
    newest = sorted(others.values(), key=lambda deal: -deal.number)
    return Dossier(opened, position, figures, tuple(newest[:MOST_OTHERS]))


def _of_company(context: Context, deal: Deal) -> tuple[Figures | None, tuple[Deal, ...]]:
    try:
        sheet = records.company(context, deal.company)
    except NotFound:  # it has none, or the only deal with it is spam
        return None, ()
    return sheet.figures, sheet.deals


def _of_contact(context: Context, number: int) -> tuple[Deal, ...]:
    contact = record_places.of_deal(context.database, context.actor.scope, Pointer.CONTACT, number)
    try:
        return () if contact is None else records.contact(context, contact).deals
    except NotFound:  # the only deal with it is spam
        return ()
