"""Rows of our own exports that come back: which deal of this workspace each one was, if it was one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.text import cut, fold
from funneltui.errors import RuleBroken

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context
    from funneltui.services.import_rows import ImportRow


def was_made_alike(context: Context, row: ImportRow, deal: Deal) -> bool:
    """Tell whether a row of an export has a deal's number and was made by the same person on the same day.

    The day beside it will do too: it may have been exported in another time zone.
    """
    told = row.exported
    if told is None or told.number != deal.number or told.created is None:
        return False
    apart = abs((context.clock.local_day(deal.created) - told.created).days)
    return apart <= 1 and fold(told.created_by) == fold(deal.created_by or "")


def is_of(context: Context, row: ImportRow, deal: Deal) -> bool:
    """Tell whether a row of an export was the deal that has its number here, and not one of another workspace.

    Rule: it was made alike, and still has that one's title or company.

    Raises:
        RuleBroken: it could be either; the message says what settles it.
    """
    if not was_made_alike(context, row, deal):
        return False
    if _same(row.values.get("title"), deal.title) or _same(row.values.get("company"), deal.company):
        return True
    message = (
        f'deal {deal.number} of this workspace is "{cut(deal.title)}": leave its title or its company in the row to change '
        "it, or empty the row's number to add another deal"
    )
    raise RuleBroken(message)


def _same(told: object, has: str) -> bool:
    return bool(has) and fold(str(told or "").strip()) == fold(has)
