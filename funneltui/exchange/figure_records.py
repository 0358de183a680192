"""The JSON forms of figures, losses and changes, with the names of fields that scripts rely on.

Amounts are decimal strings, rounded half to even where they are means; shares are fractions 0..1; what is not known is null.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.metrics import ALWAYS
from funneltui.domain.money import to_decimal_string
from funneltui.domain.period_changes import Kind
from funneltui.exchange.deal_records import funnel_record
from funneltui.exchange.record_values import amount_value, figure_record

if TYPE_CHECKING:
    from fractions import Fraction

    from funneltui.domain.losses import Losses, LossRow
    from funneltui.domain.metrics import Metrics, Spread, StageTime
    from funneltui.domain.period_changes import Ledger
    from funneltui.exchange.record_values import Record
    from funneltui.services.changes_since import ChangesSince
    from funneltui.services.funnels import Funnels
    from funneltui.services.metrics import Asked, Group, Stats


def stats_record(stats: Stats) -> Record:
    """Give the figures of a pipeline for machines, and those of each group under its key."""
    record: Record = _asked(stats.asked) | metrics_record(stats.whole)
    record |= {
        "weeks": [
            {"week": week.monday.isoformat(), "created": week.created, "won": week.won, "lost": week.lost}
            for week in stats.weeks
        ],
        "empty": [stage.key for stage in stats.empty],
        "too_long": {
            crowd.stage.key: {
                "count": crowd.too_long, "of": crowd.count, "limit_days": _number(crowd.limit), "usual": crowd.usual
            }
            for crowd in stats.crowds
        },
        "stuck": stats.stuck,
        "inflow": stats.inflow,
    }  # fmt: skip
    if stats.by is not None:
        record |= {"by": stats.by.value, "groups": [_group(group) for group in stats.groups]}
    return record


def metrics_record(metrics: Metrics) -> Record:
    """Give the figures of some deals for machines."""
    money, rate = metrics.currency, metrics.win_rate
    return {
        "open": metrics.open.count,
        "open_amount": to_decimal_string(metrics.open.amount, money),
        "created": metrics.created,
        "won": figure_record(metrics.won, money),
        "lost": figure_record(metrics.lost, money),
        "win_rate": {
            "closed": rate.of_closed,
            "n_closed": rate.n_closed,
            "created": rate.of_created,
            "n_created": rate.n_created,
        },
        "deal_size": {
            "mean": amount_value(metrics.deal_size.mean, money),
            "median": amount_value(metrics.deal_size.median, money),
            "n": metrics.deal_size.n,
        },
        "cycle_days": {
            "won": _spread(metrics.cycle.won),
            "lost": _spread(metrics.cycle.lost),
            "closed": _spread(metrics.cycle.closed),
        },
        "time_in_stage": {key: _time(time) for key, time in metrics.time_in_stage.items()},
        "velocity_per_day": amount_value(metrics.velocity, money),
        "rotting": metrics.rotting,
        "others": [
            {
                "currency": code,
                "open": figure_record(open_, code),
                "won": figure_record(won, code),
                "lost": figure_record(lost, code),
            }
            for code, (open_, won, lost) in metrics.others.items()
        ],
    }


def _group(group: Group) -> Record:
    record: Record = {"key": group.key, "name": group.name} | metrics_record(group.metrics)
    if group.funnel is not None:
        record["stages"] = [
            {"stage": row.stage.key, "reached": row.reached, "step_rate": row.step_rate} for row in group.funnel.stages
        ]
    return record


def funnels_record(funnels: Funnels, asked: Asked) -> Record:
    """Give a funnel for machines as `funnel_record` does; if asked for, with period and moment, and the groups' funnels."""
    record = funnel_record(funnels.whole)
    if asked.window != ALWAYS or asked.as_of is not None:
        record |= _asked(asked)
    if funnels.by is not None:
        groups = [{"key": key, "name": name} | funnel_record(one) for key, name, one in funnels.groups]
        record |= {"by": funnels.by.value, "groups": groups}
    return record


def losses_record(losses: Losses, asked: Asked) -> Record:
    """Give the loss report for machines: `amount` in the report's currency, `others` by theirs."""
    tables = {
        "by_reason": losses.by_reason,
        "by_stage": losses.by_stage,
        "by_owner": losses.by_owner,
        "by_source": losses.by_source,
        "by_amount": losses.by_amount,
    }
    whole = _loss(losses.whole, losses.currency)
    record: Record = _asked(asked) | {name: whole[name] for name in ("count", "amount", "others")}
    return record | {name: [_loss(row, losses.currency) for row in rows] for name, rows in tables.items()}


def _loss(row: LossRow, currency: str) -> Record:
    others = {code: to_decimal_string(amount, code) for code, amount in sorted(row.sums.items()) if code != currency}
    return {
        "key": row.key,
        "name": row.name,
        "count": row.count,
        "share": row.share,
        "amount": to_decimal_string(row.sums.get(currency, 0), currency),
        "others": others,
    }


def changes_record(found: ChangesSince) -> Record:
    """Give what changed for machines: the numbers of the deals by kind, and the sum of each currency.

    `opening` and `closing` count the open deals of all currencies; `sums` holds for each the signed terms between the two.
    """
    changes = found.changes
    return {
        "pipeline": found.pipeline.key,
        "currency": changes.currency,
        "since": found.since.text,
        "until": found.until.text,
        "opening": figure_record(changes.opening, changes.currency),
        "closing": figure_record(changes.closing, changes.currency),
        **{kind.value: [pair.latest.number for pair in changes.of(kind)] for kind in Kind},
        "sums": [_sum(ledger) for ledger in changes.ledgers],
    }


def _sum(ledger: Ledger) -> Record:
    return {
        "currency": ledger.currency,
        "opening": figure_record(ledger.opening, ledger.currency),
        "terms": {kind.value: figure_record(figure, ledger.currency) for kind, figure in ledger.terms.items()},
        "closing": figure_record(ledger.closing, ledger.currency),
    }


def _asked(asked: Asked) -> Record:
    window = asked.window
    return {
        "pipeline": asked.pipeline.key,
        "currency": asked.money,
        "since": window.since.isoformat() if window.since else None,
        "until": window.until.isoformat() if window.until else None,
        "as_of": asked.as_of.text if asked.as_of else None,
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _spread(spread: Spread) -> Record:
    return {"mean": _number(spread.mean), "median": _number(spread.median), "n": spread.n}


def _days(spread: Spread) -> Record:
    return {"mean_days": _number(spread.mean), "median_days": _number(spread.median), "n": spread.n}


def _time(time: StageTime) -> Record:
    return _days(time.latest) | {"all_visits": _days(time.all), "now": _days(time.now)}
