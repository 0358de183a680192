"""Forecasts, quotas and rates for machines, under names that scripts rely on; and a forecast's deals as a table."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from funneltui.domain.money import to_decimal_string
from funneltui.domain.quotas import TEAM
from funneltui.exchange.record_values import amount_value, figure_record
from funneltui.exchange.sheets import amount_cell

if TYPE_CHECKING:
    from funneltui.domain.forecast import Line
    from funneltui.domain.forecast_table import Converted, Forecast, Other
    from funneltui.domain.pipeline import Pipeline
    from funneltui.domain.quotas import Quota
    from funneltui.domain.rates import Rate
    from funneltui.exchange.record_values import Record
    from funneltui.exchange.tables_out import Cell
    from funneltui.services.forecasts import Counted


def forecast_record(forecast: Forecast) -> Record:
    """Give a forecast for machines: amounts as decimal strings, what is absent as null.

    "rows" are the owners' lines by period, "team" everybody's line of each period, "total" that of all periods; "owner" is
    null for deals that nobody owns. "on" is the day on which it stands, "others" what no rate converts, in
    which periods and of which day a rate would, "rates" what was used for which periods.
    """
    currency = forecast.currency
    return {
        "currency": currency,
        "rows": [_line(line, currency) for line in forecast.lines],
        "total": _line(forecast.total, currency),
        "team": [_line(line, currency) for line in forecast.team],
        "on": forecast.total.today.isoformat(),
        "others": [_other(one) for one in forecast.others],
        "rates": [_converted(one) for one in forecast.conversions],
    }


def _line(line: Line, currency: str) -> Record:
    def money(minor: int | None) -> str | None:
        return amount_value(minor, currency)

    categories = {category.value: money(figure.amount) for category, figure in line.by_category}
    basis = line.basis
    return {
        "period": line.label,
        "owner": TEAM if line.is_team else line.owner,
        "quota": money(line.quota),
        "won": money(line.won.amount),
        "gap": money(line.gap),
        "pipeline": money(line.pipeline.amount),
        "weighted": money(line.weighted),
        "coverage": line.coverage,
        "needed_deals": line.needed_deals,
        "first": line.first.isoformat(),
        "last": line.last.isoformat(),
        "quota_before": money(line.found.before),
        "quota_parts": {"set": len(line.found.parts), "possible": line.found.possible},
        "quota_periods": {"set": len(line.compared), "of": len(line.by_period) or 1},
        "categories": categories,
        "expected_gap": money(line.expected_gap),
        "pace": line.pace,
        "n_won": line.won.count,
        "n_pipeline": line.pipeline.count,
        "basis": {
            "n_closed": basis.closed,
            "win_rate": None if basis.win_rate is None else float(basis.win_rate),
            "n_won_amounts": basis.priced,
            "average_won": amount_value(basis.average, currency),
        },
    }


def _other(one: Other) -> Record:
    return {
        "currency": one.currency,
        "won": figure_record(one.won, one.currency),
        "pipeline": figure_record(one.pipeline, one.currency),
        "weighted": to_decimal_string(one.weighted, one.currency),
        "quota": to_decimal_string(one.quota, one.currency),
        "periods": list(one.labels),
        "rate_needed_on": one.rate_on.isoformat() if one.rate_on else None,
    }


def _converted(one: Converted) -> Record:
    conversion = one.conversion
    return {
        "from": conversion.source,
        "to": conversion.target,
        "rate": conversion.rate.text,
        "inverse": conversion.inverse,
        "on": conversion.rate.on.isoformat(),
        "periods": list(one.labels),
    }


def quota_record(quota: Quota, fiscal_start: int = 1) -> Record:
    """Give a quota for machines: "amount" is null when it was taken back, "before" what it revised or null."""
    earlier = quota.before
    return {
        "owner": TEAM if quota.owner is None else quota.owner,
        "period": quota.label(fiscal_start),
        "span": quota.span.value,
        "first": quota.first.isoformat(),
        "pipeline": quota.pipeline,
        "amount": amount_value(quota.amount, quota.currency),
        "currency": quota.currency,
        "who": quota.who,
        "at": quota.at.isoformat() if quota.at else None,
        "before": None if earlier is None else quota_record(earlier, fiscal_start),
    }


def rate_record(rate: Rate) -> Record:
    """Give a rate for machines; "rate" is its exact decimal as text."""
    return {
        "from": rate.source,
        "to": rate.target,
        "rate": rate.text,
        "on": rate.on.isoformat(),
        "who": rate.who,
        "at": rate.at.isoformat() if rate.at else None,
    }


DETAIL_HEADER = (
    "number", "title", "company", "contact", "owner", "pipeline", "stage", "outcome", "period", "category",
    "expected_close", "closed_on", "amount", "currency", "chance_percent", "weighted",
)  # fmt: skip
"""The columns of the deals behind a forecast."""


def detail_row(counted: Counted, pipeline: Pipeline) -> tuple[Cell, ...]:
    """Give a deal behind a forecast as a row; amounts are in its own currency, as numbers."""
    deal = counted.deal
    chance = None if counted.chance is None else Decimal(round(counted.chance * 1000)) / 10
    return (
        deal.number, deal.title, deal.company, deal.contact, deal.owner or "", pipeline.name,
        pipeline.stage_name(deal.stage), deal.outcome.value, counted.period.label, counted.category.value,
        deal.expected_close, deal.closed_on, amount_cell(deal.amount, deal.currency), deal.currency, chance,
        amount_cell(counted.weighted, deal.currency),
    )  # fmt: skip
