"""Companies and contacts as tables, with what their deals come to; sums of unlike currencies are never added up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.money import to_decimal_string
from funneltui.exchange.company_records import company_record, contact_record
from funneltui.exchange.sheets import Sheet, amount_cell
from funneltui.services import exports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.domain.records import Figures, PerCurrency
    from funneltui.exchange.record_values import Record
    from funneltui.exchange.tables_out import Cell
    from funneltui.services.context import Context

_FIGURES = (
    "deals", "open", "won", "lost", "currency", "open_amount", "won_amount", "open_amount_other", "won_amount_other",
    "last_touch",
)  # fmt: skip


def companies_sheet(context: Context, words: str = "") -> Sheet:
    """Give the companies whose names have all the words, by name; their sums are in the first pipeline's currency."""

    def rows() -> Iterator[tuple[Cell, ...]]:
        for line in exports.companies(context, words):
            yield (line.company.name, *_figures(context, line.figures))

    def told() -> Iterator[Record]:
        return (company_record(line) for line in exports.companies(context, words))

    return Sheet("companies", ("name", *_FIGURES), rows, told)


def contacts_sheet(context: Context, words: str = "") -> Sheet:
    """Give the contacts that have all the words, by name; see `companies_sheet`."""

    def rows() -> Iterator[tuple[Cell, ...]]:
        for line in exports.contacts(context, words):
            one = line.contact
            yield (one.id, one.name, one.email, one.phone, one.company, *_figures(context, line.figures))

    def told() -> Iterator[Record]:
        return (contact_record(line) for line in exports.contacts(context, words))

    return Sheet("contacts", ("id", "name", "email", "phone", "company", *_FIGURES), rows, told)


def _figures(context: Context, figures: Figures) -> tuple[Cell, ...]:
    currency = context.pipeline.currency
    touched = context.clock.local_day(figures.touched) if figures.touched else None
    return (
        figures.deals, figures.open, figures.won, figures.lost, currency,
        amount_cell(dict(figures.open_amounts).get(currency, 0), currency),
        amount_cell(dict(figures.won_amounts).get(currency, 0), currency),
        _others(figures.open_amounts, currency), _others(figures.won_amounts, currency), touched,
    )  # fmt: skip


def _others(sums: PerCurrency, currency: str) -> str:
    return " + ".join(f"{to_decimal_string(amount, code)} {code}" for code, amount in sums if code != currency)
