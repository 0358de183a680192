"""Deals written anew as their history tells them: rows that are lost or contradict it, stays, names beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.text import fold
from funneltui.errors import StorageError
from funneltui.storage import deals, history, people
from funneltui.storage.database import Database, query, run_many
from funneltui.storage.tables import DealRow, VisitRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.history import Event, Visit


def lost_deals(database: Database) -> list[int]:
    """Give the numbers of the deals that have a history and no row."""
    sql = "SELECT DISTINCT deal FROM event WHERE deal NOT IN (SELECT number FROM deal) ORDER BY deal"
    return [int(number) for (number,) in query(database, sql)]


def told(database: Database, number: int) -> list[Event]:
    """Give a deal's history as far as it is legible: nothing when one of its lines is not."""
    try:
        return history.events_of(database, number)
    except (StorageError, ValueError, TypeError, OverflowError):
        return []


def write_lost(database: Database, deal: Deal) -> None:
    """Store a deal whose row is lost, for its owner if he is known; unassigned if not."""
    ids = [people.find(database, name) if name else None for name in (deal.owner, deal.created_by)]
    owner, maker = (None if one is None else one.id for one in ids)
    deals.insert(database, deal, owner, maker)


def rewrite(database: Database, deal: Deal) -> None:
    """Write a deal's own columns anew; the company, the contact and the people that it points to stay."""
    DealRow.update(**deals.columns_of(deal)).where(DealRow.number == deal.number).execute(database)


def rewrite_stays(database: Database, number: int, stays: Sequence[Visit]) -> None:
    """Put these stays in the place of a deal's."""
    VisitRow.delete().where(VisitRow.deal == number).execute(database)
    for stay in stays:
        who = people.find(database, stay.who) if stay.who else None
        VisitRow.insert(
            deal=number, stage=stay.stage, detail=stay.detail, entered=stay.entered, left=stay.left, seconds=stay.seconds,
            who=None if who is None else who.id, pipeline=stay.pipeline,
        ).execute(database)  # fmt: skip


def nameless(database: Database) -> list[int]:
    """Give the numbers of the deals beside which somebody or something stands whose name was lost."""
    sql = (
        "SELECT d.number FROM deal d LEFT JOIN company c ON c.id = d.company_id LEFT JOIN contact k ON k.id = d.contact_id "
        "LEFT JOIN person o ON o.id = d.owner_id LEFT JOIN person m ON m.id = d.created_by_id "
        "WHERE c.name = 'lost company ' || c.id OR k.name = 'lost contact ' || k.id "
        "OR o.name = 'lost user ' || o.id OR m.name = 'lost user ' || m.id ORDER BY d.number"
    )
    return [int(number) for (number,) in query(database, sql)]


def name_again(database: Database, deal: Deal) -> int:
    """Give lost names beside a deal as its history tells them; give how many that were. A name that is taken stays lost."""
    before = _written(database)
    of_the_deal = "WHERE id = (SELECT {column} FROM deal WHERE number = ?) AND name = 'lost {what} ' || id"
    for table, what, column, name in (
        ("company", "company", "company_id", deal.company),
        ("person", "user", "owner_id", deal.owner or ""),
        ("person", "user", "created_by_id", deal.created_by or ""),
    ):
        if name:
            sql = f"UPDATE OR IGNORE {table} SET name = ?, folded = ? {of_the_deal.format(what=what, column=column)}"
            run_many(database, sql, [(name, fold(name), deal.number)])
    if deal.contact or deal.email or deal.phone:
        where = of_the_deal.format(what="contact", column="contact_id")
        sql = (
            "UPDATE contact SET name = ?, folded = ?, email = ?, phone = ?, "
            f"company_id = (SELECT company_id FROM deal WHERE number = ?) {where}"
        )
        run_many(database, sql, [(deal.contact, fold(deal.contact), deal.email, deal.phone, deal.number, deal.number)])
    return _written(database) - before


def _written(database: Database) -> int:
    return int(database.connection().total_changes)


def join_history(database: Database, number: int) -> None:
    """Let a deal's version be no less than the newest that its history tells."""
    newest = "(SELECT coalesce(max(e.version), 0) FROM event e WHERE e.deal = deal.number)"
    run_many(database, f"UPDATE deal SET version = {newest} WHERE number = ? AND version < {newest}", [(number,)])
