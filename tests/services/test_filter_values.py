"""The values that a filter proposes while it is typed: those of what one may see, found by their beginning, a few."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.filters import Field
from funneltui.domain.history import Role
from funneltui.services import activities, deals, people
from funneltui.services.filter_values import FIELDS, MOST, beginning
from funneltui.storage import filter_values as stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.services.context import Context


def add(context: Context, **values: object) -> int:
    """Add a deal with what every deal needs, and give its number."""
    basic = {"title": "A deal", "source": "web", "expected_close": date(2026, 12, 15)}
    return deals.add(context, basic | values).number


def test_companies_are_found_by_their_beginning_any_case_and_accent(context: Context) -> None:
    for name in ("Žagar", "Zagreb Tools", "Łódź Lamps", "София ООД", "Blazag"):
        add(context, company=name)
    assert beginning(context, Field.COMPANY, "zag") == ("Žagar", "Zagreb Tools")
    assert beginning(context, Field.COMPANY, "ŁODZ") == ("Łódź Lamps",)
    assert beginning(context, Field.COMPANY, "соф") == ("София ООД",)
    assert beginning(context, Field.COMPANY, "agar") == ()


def test_before_anything_is_typed_the_first_ones_by_name_are_given(context: Context) -> None:
    for number in range(MOST + 3):
        add(context, company=f"Firm {number:02}", tags=f"tag{number:02}", contact=f"Buyer {number:02}")
    assert beginning(context, Field.COMPANY, "") == tuple(f"Firm {number:02}" for number in range(MOST))
    assert beginning(context, Field.CONTACT, "b") == tuple(f"Buyer {number:02}" for number in range(MOST))
    assert len(beginning(context, Field.TAG, "tag")) == MOST


def test_contacts_that_are_called_the_same_are_one_value_and_those_without_a_name_none(context: Context) -> None:
    add(context, contact="Anna", company="Acme")
    add(context, contact="Anna", company="Globex")
    add(context, email="nobody@example.com")
    assert beginning(context, Field.CONTACT, "") == ("Anna",)


def test_a_tag_is_given_once_however_it_is_written(context: Context) -> None:
    add(context, tags="VIP žar")
    add(context, tags="vip north")
    assert [tag.lower() for tag in beginning(context, Field.TAG, "Vi")] == ["vip"]
    assert beginning(context, Field.TAG, "zar") == ("žar",)
    assert beginning(context, Field.TAG, "ip") == ()


def test_tags_of_old_deals_are_found_beyond_the_first_page(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "_PAGE", 2)
    for tag in ("old", "mid", "mid", "", "new"):
        add(context, tags=tag)
    assert beginning(context, Field.TAG, "") == ("mid", "new", "old")


def test_signs_of_sql_are_only_themselves(context: Context) -> None:
    add(context, company="100% Wool", contact="a_b", tags="50%")
    add(context, company="1000 Lamps", contact="axb", tags="500")
    assert beginning(context, Field.COMPANY, "100%") == ("100% Wool",)
    assert beginning(context, Field.CONTACT, "a_") == ("a_b",)
    assert beginning(context, Field.TAG, "50%") == ("50%",)


def test_a_rep_is_given_what_his_own_deals_have_and_of_the_users_himself(
    context: Context, as_user: Callable[[str], Context]
) -> None:
    people.add_user(context, "Bor", Role.REP)
    add(context, company="Anas Company", contact="Anas Contact", tags="anas")
    bor = as_user("Bor")
    add(bor, company="Bors Company", contact="Bors Contact", tags="bors")
    for field, his in (
        (Field.COMPANY, "Bors Company"),
        (Field.CONTACT, "Bors Contact"),
        (Field.TAG, "bors"),
        (Field.OWNER, "Bor"),
        (Field.CREATED_BY, "Bor"),
    ):
        assert beginning(bor, field, "") == (his,)
        assert beginning(bor, field, "an") == ()
        assert len(beginning(context, field, "")) == 2


def test_what_only_spam_has_is_not_proposed(context: Context) -> None:
    number = add(context, company="Cheap Pills", contact="Prince", tags="win")
    activities.spam(context, [number])
    assert [beginning(context, field, "") for field in (Field.COMPANY, Field.CONTACT, Field.TAG)] == [(), (), ()]


@pytest.mark.parametrize("field", sorted(set(Field) - FIELDS))
def test_a_field_that_needs_no_database_is_not_looked_up(context: Context, field: Field) -> None:
    add(context, company="Acme")
    assert beginning(context, field, "") == ()
