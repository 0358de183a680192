"""The deals behind a line of the calibration table: which past estimates lay between two chances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.chance_scores import BINS, class_of
from funneltui.services import chances
from funneltui.services.report_pages import among

if TYPE_CHECKING:
    from datetime import date

    from funneltui.domain.chance_model import Model
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.storage.deals import Condition


def estimated_between(
    context: Context, pipeline: Pipeline, day: date, learned: Model, low: float = 0.0, high: float = 1.0
) -> Condition:
    """Give the condition of the deals of which a day's estimate lay from `low` to under `high`, of 1 up to it.

    They are those of `chances.judged`: open when the day began, closed on it or later, and among the actor's; `learned` is
    what was learned before it. The classes are those of the table, see `chance_scores.Bin`.
    """
    classes = range(round(low * BINS), round(high * BINS))
    every = chances.judgements(context, pipeline, day, learned)
    return among([number for number, one in every if class_of(one.probability) in classes])
