"""New deals of an import that look like deals that were there before: by e-mail, by phone, by company and title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.content_ids import is_content_id
from funneltui.domain.sameness import Why, mail_key, phone_tail, same_phone
from funneltui.domain.text import fold
from funneltui.storage import record_matches
from funneltui.storage.record_matches import Among

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context
    from funneltui.services.import_rows import Origin


def looks_like(context: Context, made: Mapping[int, Deal], origin: Origin) -> dict[int, tuple[int, str]]:
    """Give for new deals, by their lines, the number of the oldest deal that each looks like, and in what.

    Looked at are the actor's deals that were there before the import, in a few statements for all. A deal that the same
    system knows by another id is another deal; an id made of a row's content tells nothing. Nothing is merged:
    a person decides.
    """
    if origin.known_before <= 1 or not made:
        return {}
    has_ids = any(deal.external_id and not is_content_id(deal.external_id) for deal in made.values())
    among = Among(context.actor.scope, origin.known_before, origin.system if has_ids else None)
    found: dict[int, tuple[int, str]] = {}
    mails = {line: mail_key(deal.email) for line, deal in made.items() if deal.email}
    by_mail = record_matches.by_email(context.database, among, sorted(set(mails.values())))
    for line, mail in mails.items():
        if mail in by_mail:
            found[line] = (by_mail[mail], Why.EMAIL)
    phones = {line: deal.phone for line, deal in made.items() if line not in found and phone_tail(deal.phone)}
    by_phone = record_matches.by_phone(context.database, among, sorted({phone_tail(one) for one in phones.values()}))
    for line, phone in phones.items():
        same = [number for other, number in by_phone.get(phone_tail(phone), ()) if same_phone(phone, other)]
        if same:
            found[line] = (min(same), Why.PHONE)
    named = {
        line: (fold(deal.company), fold(deal.title))
        for line, deal in made.items()
        if line not in found and deal.company
    }
    titles = record_matches.by_company(context.database, among, sorted({company for company, _ in named.values()}))
    for line, (company, title) in named.items():
        same = [number for other, number in titles.get(company, ()) if fold(other) == title]
        if same:
            found[line] = (min(same), "same company and title")
    return found
