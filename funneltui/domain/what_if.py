"""What if a few open deals closed on another day, for another amount, with another chance: unsaved, beside what is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneltui.domain.forecast_sums import open_sum_of
from funneltui.domain.forecast_table import Forecast, Ground, forecast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.domain.deal import Deal


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A forecast as it is, and as it would be if some deals were else; the moves are those of the total."""

    before: Forecast
    after: Forecast

    @property
    def pipeline_move(self) -> int:
        """By how much the pipeline would grow."""
        return self.after.total.pipeline.amount - self.before.total.pipeline.amount

    @property
    def weighted_move(self) -> int:
        """By how much the weighted sum would grow."""
        return self.after.total.weighted - self.before.total.weighted

    @property
    def gap_move(self) -> int | None:
        """By how much the gap that is to be expected (`Line.expected_gap`) would grow; absent without a gap."""
        before, after = self.before.total.expected_gap, self.after.total.expected_gap
        return None if before is None or after is None else after - before


def what_if(ground: Ground, changes: Iterable[tuple[Deal, Deal]]) -> WhatIf:
    """Give the forecast of a ground, and what it would be if these open deals, each as it is and as it would be, were else.

    Nothing is stored. A deal may get another date, amount, probability, stage or owner; quota, Won and the closed deals
    that rates are taken from stay.
    """
    replaced = tuple(
        one for before, after in changes for one in (open_sum_of(before, -1), open_sum_of(after))
    )  # fmt: skip
    return WhatIf(forecast(ground), forecast(replace(ground, opens=ground.opens + replaced)))
