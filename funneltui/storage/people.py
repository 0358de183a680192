"""The users of a workspace."""

from __future__ import annotations

from funneltui.domain.history import Actor, Role
from funneltui.domain.text import fold
from funneltui.storage.database import Database, query
from funneltui.storage.tables import User


def find(database: Database, name: str) -> Actor | None:
    """Give the user of this name, any case and accent, or nothing."""
    rows = query(database, "SELECT id, name, role FROM person WHERE folded = ?", (fold(name.strip()),))
    return _actor(rows[0]) if rows else None


def everyone(database: Database) -> list[Actor]:
    """Give all users by name."""
    return [_actor(row) for row in query(database, "SELECT id, name, role FROM person ORDER BY folded")]


def add(database: Database, name: str, role: Role) -> Actor:
    """Add a user; the caller has looked whether the name is free."""
    row = User.insert(name=name, folded=fold(name), role=role.value).execute(database)
    return Actor(int(row), name, role)


def set_role(database: Database, user: Actor, role: Role) -> Actor:
    """Change a user's role."""
    User.update(role=role.value).where(User.id == user.id).execute(database)
    return Actor(user.id, user.name, role)


def _actor(row: tuple[int, str, str]) -> Actor:
    return Actor(row[0], row[1], Role(row[2]))
