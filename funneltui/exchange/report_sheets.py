"""Funnel, stats, losses and forecast as tables: the figures of their JSON records, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funneltui.domain.figure_sums import By
from funneltui.exchange.figure_records import funnels_record, losses_record, metrics_record
from funneltui.exchange.forecast_records import DETAIL_HEADER, detail_row, forecast_record
from funneltui.exchange.sheets import Sheet, decimal_of
from funneltui.services import forecasts, funnels, losses, metrics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from funneltui.domain.funnel import Mode
    from funneltui.domain.metrics import Metrics
    from funneltui.exchange.record_values import Record
    from funneltui.exchange.tables_out import Cell
    from funneltui.services.context import Context

_NUMBERS = frozenset(
    {"amount", "weighted", "step_rate", "share", "quota", "won", "gap", "pipeline", "coverage", "pace", "best_case",
     "commit", "open_amount", "won_amount", "lost_amount", "win_rate", "mean_size", "median_size", "median_cycle_days"}
)  # fmt: skip
"""The columns whose decimal strings and shares become numbers."""

_FORECAST = (
    "period", "first", "last", "owner", "currency", "quota", "won", "gap", "pipeline", "weighted", "best_case", "commit",
    "coverage", "needed_deals", "pace",
)  # fmt: skip
_FUNNEL = ("stage", "name", "currency", "count", "amount", "weighted", "reached", "open", "won", "lost", "step_rate")
_LOSSES = ("by", "key", "name", "count", "share", "currency", "amount", "other_amounts")
_STATS = (
    "by", "key", "name", "currency", "open", "open_amount", "created", "won", "won_amount", "lost", "lost_amount",
    "win_rate", "n_closed", "mean_size", "median_size", "median_cycle_days", "rotting",
)  # fmt: skip
_COUNTED = {"funnel": ("won", "lost"), "stats": ("won", "lost")}
"""The columns that bear the name of an amount elsewhere, and are counts here."""


def _sheet(name: str, header: tuple[str, ...], records: Iterable[Mapping[str, Any]]) -> Sheet:
    numbers = _NUMBERS - set(_COUNTED.get(name, ()))
    lines = [{column: record.get(column) for column in header} for record in records]
    rows = [
        tuple(decimal_of(value) if column in numbers else value for column, value in line.items()) for line in lines
    ]
    return Sheet(name, header, lambda: rows, lambda: lines)


def forecast_sheet(context: Context, asked: forecasts.Asked) -> Sheet:
    """Give the forecast's lines: every owner's of each period, then the team's."""
    record = forecast_record(forecasts.forecast_of(context, asked))
    lines = [
        line
        | {name: line["categories"][name] for name in ("best_case", "commit")}
        | {"currency": record["currency"], "owner": line["owner"] or ""}
        for line in [*record["rows"], *record["team"]]
    ]
    return _sheet("forecast", _FORECAST, lines)


def forecast_deals_sheet(context: Context, asked: forecasts.Asked) -> Sheet:
    """Give the deals behind a forecast (C5)."""

    def rows() -> Iterator[tuple[Cell, ...]]:
        found = forecasts.details(context, asked)
        return (detail_row(one, context.pipeline_of(one.deal.pipeline)) for one in found)

    return Sheet("forecast-deals", DETAIL_HEADER, rows)


def funnel_sheet(context: Context, asked: metrics.Asked, mode: Mode) -> Sheet:
    """Give the funnel's open stages, then its won and lost deals."""
    record = funnels_record(funnels.funnels(context, asked, mode), asked)
    ends = [{"stage": "", "name": name} | record[name] for name in ("won", "lost")]
    lines = [line | {"currency": record["currency"]} for line in [*record["stages"], *ends]]
    return _sheet("funnel", _FUNNEL, lines)


def losses_sheet(context: Context, asked: metrics.Asked) -> Sheet:
    """Give the losses by reason, stage, owner, source and amount."""
    record = losses_record(losses.losses(context, asked), asked)
    lines = [
        row | {
            "by": by, "currency": record["currency"], "key": row["key"] or "",
            "other_amounts": " + ".join(f"{amount} {code}" for code, amount in row["others"].items()),
        }
        for by in ("reason", "stage", "owner", "source", "amount")
        for row in record[f"by_{by}"]
    ]  # fmt: skip
    return _sheet("losses", _LOSSES, lines)


def stats_sheet(context: Context, asked: metrics.Asked) -> Sheet:
    """Give the figures of all deals, then those by owner, source and month."""
    lines = [{"by": "", "key": "", "name": "all"} | _figures(metrics.stats(context, asked).whole)]
    for by in (By.OWNER, By.SOURCE, By.MONTH):
        lines += [
            {"by": by.value, "key": group.key or "", "name": group.name} | _figures(group.metrics)
            for group in metrics.stats(context, asked, by).groups
        ]
    return _sheet("stats", _STATS, lines)


def _figures(found: Metrics) -> Record:
    record = metrics_record(found)
    return {
        "currency": found.currency, "open": record["open"], "open_amount": record["open_amount"],
        "created": record["created"], "won": record["won"]["count"], "won_amount": record["won"]["amount"],
        "lost": record["lost"]["count"], "lost_amount": record["lost"]["amount"],
        "win_rate": record["win_rate"]["closed"], "n_closed": record["win_rate"]["n_closed"],
        "mean_size": record["deal_size"]["mean"], "median_size": record["deal_size"]["median"],
        "median_cycle_days": record["cycle_days"]["won"]["median"], "rotting": record["rotting"],
    }  # fmt: skip
