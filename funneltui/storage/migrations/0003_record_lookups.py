"""The indexes by which a contact is found again: by e-mail, and by the last digits of the phone."""

from __future__ import annotations

from typing import Any

# The expressions of storage/record_lookups.py, letter by letter: an index of an expression is used for no other.
_BARE = (
    "replace(replace(replace(replace(replace(replace(phone, ' ', ''), '-', ''), '.', ''), '/', ''), '(', ''), ')', '')"
)
INDEXES = f"""
CREATE INDEX contact_email ON contact (lower(email)) WHERE email <> '';
CREATE INDEX contact_phone ON contact (substr({_BARE}, length({_BARE}) - 6)) WHERE phone <> '';
"""


def up(migrator: Any, db: Any) -> None:
    """Make the indexes."""
    for statement in INDEXES.split(";"):
        if statement.strip():
            db.execute_sql(statement)
