"""Stays of deals in stages that have ended, as a condition of the deals that have one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from funneltui.storage.deals import Condition
from funneltui.storage.filtering import start_of

if TYPE_CHECKING:
    from datetime import date, tzinfo


def left_stage(stage: str, first: date | None, last: date | None, zone: tzinfo | None) -> Condition:
    """Say that a deal left a stage of its pipeline on one of these days, local ones in `zone`; no ends are no limits."""
    parts, values = ["v.deal = d.number", "v.pipeline IS NULL", "v.left_at IS NOT NULL", "v.stage = ?"], [stage]
    limits: list[int] = []
    if first is not None:
        parts.append("v.left_at >= ?")
        limits.append(start_of(first, zone))
    if last is not None:
        parts.append("v.left_at < ?")
        limits.append(start_of(last + timedelta(days=1), zone))
    return Condition(f"EXISTS (SELECT 1 FROM visit v WHERE {' AND '.join(parts)})", (*values, *limits))
