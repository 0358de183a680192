"""What is looked up while somebody types is found by an index, on each database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import peewee
import pytest

from funneltui.storage.database import query
from funneltui.storage.record_lookups import BY_EMAIL, BY_PHONE_TAIL

if TYPE_CHECKING:
    from funneltui.services.context import Context


@pytest.mark.parametrize(("sql", "index"), [(BY_EMAIL, "contact_email"), (BY_PHONE_TAIL, "contact_phone")])
def test_a_contact_is_found_by_an_index(context: Context, sql: str, index: str) -> None:
    database = context.database
    if isinstance(database, peewee.SqliteDatabase):
        plan = query(database, f"EXPLAIN QUERY PLAN {sql}", ("x",))
    else:
        database.execute_sql("SET enable_seqscan = off")  # a table of no rows is sooner read than looked up in
        plan = query(database, f"EXPLAIN {sql}", ("x",))
    assert index in str(plan)
