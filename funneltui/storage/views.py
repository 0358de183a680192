"""The saved views of the list, each one person's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.views import View
from funneltui.errors import BadInput
from funneltui.storage.database import Database, query
from funneltui.storage.tables import ViewRow

if TYPE_CHECKING:
    from collections.abc import Sequence


def of(database: Database, person_id: int) -> list[View]:
    """Give a person's views in their order; one that cannot be read is marked as such, so that it can be mended."""
    sql = 'SELECT name, data FROM "view" WHERE person_id = ? ORDER BY position, id'
    return [_view(name, data) for name, data in query(database, sql, (person_id,))]


def _view(name: str, data: str) -> View:
    try:
        return View.from_json(name, data)
    except BadInput:
        return View(name, is_readable=False)


def add(database: Database, person_id: int, view: View, position: int) -> None:
    """Store a new view; the caller has looked whether the name is free."""
    ViewRow.insert(person=person_id, name=view.name, position=position, data=view.to_json()).execute(database)


def replace(database: Database, person_id: int, name: str, view: View) -> None:
    """Store what a view is now, its name included, in the place of the one of this name."""
    mine = (ViewRow.person == person_id) & (ViewRow.name == name)
    ViewRow.update(name=view.name, data=view.to_json()).where(mine).execute(database)


def remove(database: Database, person_id: int, name: str, left: Sequence[View]) -> None:
    """Delete a view and close the gap in the order of those that are left."""
    ViewRow.delete().where((ViewRow.person == person_id) & (ViewRow.name == name)).execute(database)
    for position, view in enumerate(left):
        mine = (ViewRow.person == person_id) & (ViewRow.name == view.name)
        ViewRow.update(position=position).where(mine).execute(database)
