"""What the actor may take out in files, one thing after another in the memory of a page: a rep his own, a manager all."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from funneltui.domain.text import clean_line, fold
from funneltui.services.deals import Opened
from funneltui.services.records import CompanyLine, ContactLine
from funneltui.storage import exports as stored
from funneltui.storage import records
from funneltui.storage.database import reading
from funneltui.storage.deals import EVERYTHING, Condition, within
from funneltui.storage.records import Pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

_PAGE = 500


@contextmanager
def one_moment(context: Context) -> Iterator[None]:
    """Let everything that is read within be as of one moment; to be over soon, and never while somebody is waited for."""
    with reading(context.database):
        yield


def deals(context: Context, condition: Condition = EVERYTHING) -> Iterator[Deal]:
    """Give the actor's deals of a condition by their numbers."""
    for page in stored.deals_by_number(context.database, condition & within(context.actor.scope)):
        yield from page


def follow_ups(context: Context, condition: Condition = EVERYTHING) -> Iterator[Deal]:
    """Give the actor's deals of a condition that are to be followed up, by the day: open ones, won ones too."""
    for page in stored.follow_ups_by_day(context.database, condition & within(context.actor.scope)):
        yield from page


def opened_deals(context: Context, condition: Condition = EVERYTHING) -> Iterator[Opened]:
    """Give the actor's deals of a condition by their numbers, each with its visits and events."""
    for page in stored.deals_by_number(context.database, condition & within(context.actor.scope)):
        numbers = [deal.number for deal in page]
        visits, events = stored.visits_of(context.database, numbers), stored.events_of(context.database, numbers)
        for deal in page:
            told = events[deal.number]
            undone = frozenset(event.id for event, is_undone in told if is_undone)
            yield Opened(deal, tuple(visits[deal.number]), tuple(event for event, _ in told), undone)


def companies(context: Context, words: str = "") -> Iterator[CompanyLine]:
    """Give the companies of the actor's deals whose names have all these words, by name, with what the deals come to."""
    searched, after = records.companies_with(fold(clean_line(words)).split()), EVERYTHING
    scope, database = context.actor.scope, context.database
    while page := records.companies(database, scope, searched & after, _PAGE):
        figures = records.figures(database, scope, Pointer.COMPANY, [one.id for one in page])
        yield from (CompanyLine(one, figures[one.id]) for one in page)
        after = Condition("c.folded > ?", (fold(page[-1].name),))


def contacts(context: Context, words: str = "") -> Iterator[ContactLine]:
    """Give the contacts of the actor's deals that have all these words, by name, with what the deals come to."""
    searched, after = records.contacts_with(fold(clean_line(words)).split()), EVERYTHING
    scope, database = context.actor.scope, context.database
    while page := records.contacts(database, scope, searched & after, _PAGE):
        figures = records.figures(database, scope, Pointer.CONTACT, [one.id for one in page])
        yield from (ContactLine(one, figures[one.id]) for one in page)
        after = Condition("(k.folded, k.id) > (?, ?)", (fold(page[-1].name), page[-1].id))
