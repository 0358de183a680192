"""The JSON forms of chances and of backtests, with the names of fields that scripts rely on.

Probabilities are fractions 0..1, effects are in log-odds; what is not known is null, and "why" says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from funneltui.domain.chance_model import Model, Term
    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.record_values import Record
    from funneltui.services.chances import Backtest, Chance

_DIGITS = 6


def chance_record(chance: Chance, pipeline: Pipeline, model: Model) -> Record:
    """Give a deal's chance for machines.

    "probability" is the rep's own ("own"), if he gave one, else the "estimate"; "base" is the stage's rate among the
    "n_stage" closed deals that reached the stage, of the "n" closed deals in all.
    """
    estimate = chance.estimate
    record: Record = {
        "number": chance.number,
        "probability": _rounded(chance.probability),
        "own": chance.own,
        "estimate": _rounded(estimate.probability if estimate else None),
        "base": _rounded(estimate.base if estimate else None),
        "n": chance.closed,
        "n_stage": estimate.reached if estimate else None,
        "terms": [_term(term, pipeline, model) for term in estimate.terms] if estimate else [],
    }
    return record | ({"why": chance.why} if chance.why else {})


def _term(term: Term, pipeline: Pipeline, model: Model) -> Record:
    return {
        "field": term.trait.value,
        "value": model.classes.told(pipeline, term.trait, term.value),
        "effect": _rounded(term.effect),
        "points": _rounded(term.points),
        "n": term.n,
    }


def backtest_record(backtest: Backtest) -> Record:
    """Give how good past estimates were for machines: the scores, and the lines of the calibration table with a deal."""
    found = backtest.scores
    record: Record = {
        "date": backtest.day.isoformat(),
        "n_train": backtest.n_train,
        "n_test": backtest.n_test,
        "log_loss": _rounded(found.log_loss if found else None),
        "prior_log_loss": _rounded(found.prior_log_loss if found else None),
        "brier": _rounded(found.brier if found else None),
        "auc": _rounded(found.auc if found else None),
        "calibration": [
            {
                "from": one.low,
                "to": one.high,
                "n": one.n,
                "mean_probability": _rounded(one.mean_probability),
                "won_rate": _rounded(one.won_rate),
            }
            for one in (found.calibration if found else ())
        ],
    }
    return record | ({"why": backtest.why} if backtest.why else {})


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
