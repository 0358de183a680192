"""The chance to win, from a pipeline's own history."""

from __future__ import annotations

LEAST_CLOSED = 20
"""Under so many closed deals the history says nothing (B7)."""

_PRIOR_WEIGHT = 20
"""How many closed deals the pipeline's rate counts for when a stage has few of its own."""


def stage_probability(won: int, lost: int, all_won: int, all_lost: int) -> float | None:
    """Give the share of won among closed deals that reached a stage, 0..1, or none when too few deals have closed.

    `won` and `lost` are the closed deals that reached the stage, `all_won` and `all_lost` the pipeline's. The share is
    shrunk towards the pipeline's rate as if that stood for 20 more deals. Rule: "Stage probability" in the definitions.
    """
    closed = all_won + all_lost
    if closed < LEAST_CLOSED:
        return None
    rate = all_won / closed
    return (won + _PRIOR_WEIGHT * rate) / (won + lost + _PRIOR_WEIGHT)
