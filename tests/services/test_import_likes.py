"""New deals that look like ones there before: proposed by e-mail, phone, company and title, never merged."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from funneltui.domain.history import Role
from funneltui.services import deals, people
from funneltui.services.import_runs import origin_of
from funneltui.services.imports import Fate, ImportRow, import_batch
from funneltui.storage.database import query

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context

BASE: dict[str, object] = {"title": "Pump", "source": "web", "expected_close": date(2026, 12, 1)}


def likes(context: Context, *rows: dict[str, Any], system: str = "csv") -> list[tuple[int | None, str]]:
    origin = origin_of(context, system, "deals.csv", context.pipeline)
    some = [
        ImportRow(line, BASE | {k: v for k, v in row.items() if k != "id"}, {}, "EUR", external_id=row.get("id"))
        for line, row in enumerate(rows, start=2)
    ]
    results = import_batch(context, some, origin)
    assert all(result.fate is Fate.CREATED for result in results)
    return [(result.like, result.like_why) for result in results]


def test_the_same_e_mail_phone_or_company_with_the_same_title_is_told(context: Context) -> None:
    deals.add(context, BASE | {"title": "Old", "email": "Eva@acme.example"})
    deals.add(context, BASE | {"title": "Older", "phone": "+386 41 234 567"})
    deals.add(context, BASE | {"company": "Žaba d.o.o."})
    assert likes(
        context, {"email": "eva@ACME.example"}, {"phone": "041/234-567"}, {"company": "ZABA D.O.O.", "title": "PUMP"},
        {"company": "Žaba d.o.o.", "title": "Valve"}, {"title": "Old"},
    ) == [(1, "same e-mail"), (2, "same phone"), (3, "same company and title"), (None, ""), (None, "")]  # fmt: skip
    assert query(context.database, "SELECT count(*) FROM deal")[0][0] == 8


def test_rows_of_the_same_file_are_no_repeats_of_each_other(context: Context) -> None:
    row = {"email": "eva@acme.example"}
    assert likes(context, row, row) == [(None, ""), (None, "")]


def test_a_file_without_ids_that_comes_again_is_told(context: Context) -> None:
    row = {"company": "Acme"}
    likes(context, row)
    assert likes(context, row) == [(1, "same company and title")]


def test_what_the_same_system_knows_by_another_id_is_another_deal(context: Context) -> None:
    row = {"company": "Acme"}
    likes(context, row | {"id": "1"}, system="crm")
    assert likes(context, row | {"id": "2"}, system="crm") == [(None, "")]
    assert likes(context, row | {"id": "2"}, system="other") == [(1, "same company and title")]


def test_a_rep_hears_nothing_of_what_is_not_his(context: Context, as_user: Callable[[str], Context]) -> None:
    people.add_user(context, "bor", Role.REP)
    deals.add(context, BASE | {"email": "eva@acme.example"})
    assert likes(as_user("bor"), {"email": "eva@acme.example"}) == [(None, "")]
