"""Companies and contacts in words: the rows of their lists and sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.deal_texts import Writer, columns_named, row_of
from funneltui.cli.output import Column, on_terminal, say, say_facts, say_rows
from funneltui.domain import dates
from funneltui.domain.money import format_compact, format_full

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.records import Figures, PerCurrency
    from funneltui.services.context import Context
    from funneltui.services.records import CompanyLine, ContactLine

COMPANY_COLUMNS = (
    Column("name", least=16), Column("deals", number=True), Column("open", number=True), Column("won", number=True),
    Column("last touch", number=True),
)  # fmt: skip
CONTACT_COLUMNS = (
    Column("#", number=True), Column("name", least=10), Column("company", least=10), Column("e-mail", least=12),
    Column("phone", least=9), Column("deals", number=True), Column("won", number=True),
)  # fmt: skip

_DEAL_COLUMNS = ("number", "title", "stage", "amount", "close", "owner")
_COMPACT_WIDTH = 9


def company_row(context: Context, line: CompanyLine) -> list[str]:
    """Give a company's texts in `COMPANY_COLUMNS`."""
    figures = line.figures
    touched = _writer(context).day(context.clock.local_day(figures.touched)) if figures.touched else ""
    sums = (_in_columns(figures.open_amounts), _in_columns(figures.won_amounts))
    return [line.company.name, str(figures.deals), *sums, touched]


def contact_row(line: ContactLine) -> list[str]:
    """Give a contact's texts in `CONTACT_COLUMNS`."""
    contact, figures = line.contact, line.figures
    texts = [str(contact.id), contact.name, contact.company, contact.email, contact.phone]
    return [*texts, str(figures.deals), _in_columns(figures.won_amounts)]


def say_figures(context: Context, figures: Figures) -> None:
    """Print what the deals of a record come to, a line each."""
    touched = dates.echo(context.clock.local_day(figures.touched), context.clock.today()) if figures.touched else ""
    say_facts(
        ("deals", f"{figures.deals}: {figures.open} open, {figures.won} won, {figures.lost} lost"),
        ("open", _exact(figures.open_amounts)),
        ("lifetime value", _exact(figures.won_amounts) or "nothing won yet"),
        ("last touch", touched),
    )


def say_deals(context: Context, deals: Sequence[Deal]) -> None:
    """Print the deals of a record in the order given."""
    say("deals")
    writer = _writer(context)
    say_rows(columns_named(_DEAL_COLUMNS), (row_of(writer, deal, _DEAL_COLUMNS) for deal in deals))


def _writer(context: Context) -> Writer:
    return Writer(context, context.clock.today(), plain=not on_terminal())


def _exact(sums: PerCurrency) -> str:
    """Give sums of different currencies side by side: they are never added up (G8)."""
    return " + ".join(format_full(amount, currency) for currency, amount in sums)


def _in_columns(sums: PerCurrency) -> str:
    """Give sums for a column: rounded for a person, exact for a script."""
    if not on_terminal():
        return _exact(sums)
    return " + ".join(format_compact(amount, currency, _COMPACT_WIDTH) for currency, amount in sums)
