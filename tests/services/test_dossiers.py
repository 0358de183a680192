"""A deal's dossier: the other deals of its company and of its very contact, and of nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.services.dossiers import dossier
from tests.services.recorded import add, won

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context


def others(context: Context, deal: Deal) -> list[str]:
    return [one.title for one in dossier(context, deal.number).others]


def test_a_dossier_names_the_other_deals_of_company_and_contact_the_newest_first(context: Context) -> None:
    deal = add(context, "Acme", contact="Ana")
    add(context, "Acme", "Same company", contact="Bor"), add(context, "Globex", "Neither", contact="Cene")
    won(context, "Acme", 900, title="Same contact", contact="Ana")
    found = dossier(context, deal.number)
    assert [one.title for one in found.others] == ["Same contact", "Same company"]
    assert found.figures is not None
    assert found.figures.won_amounts == (("EUR", 900),)


def test_a_deal_without_contact_has_no_others_of_somebody_elses_nameless_contact(context: Context) -> None:
    add(context, "", "Stranger", phone="041 234 567")
    assert others(context, add(context)) == []


def test_a_contact_known_by_phone_alone_has_his_other_deals(context: Context) -> None:
    add(context, "", "Stranger", phone="031 987 654")
    first = add(context, "", "First", phone="041 234 567")
    second = add(context, "", "Second", phone="041 234 567")
    assert (others(context, first), others(context, second)) == (["Second"], ["First"])


def test_namesakes_keep_their_deals_apart(context: Context) -> None:
    first = add(context, "", "First", contact="Ana", phone="041 111 111")
    add(context, "Globex", "Namesake's", contact="Ana", phone="031 222 222")
    add(context, "", "Again", contact="Ana", phone="041 111 111")
    assert others(context, first) == ["Again"]
