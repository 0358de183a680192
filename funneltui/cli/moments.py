"""Moments as commands print them, in the user's zone: to be listed below one another, or within a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain import dates

if TYPE_CHECKING:
    from datetime import datetime

    from funneltui.services.context import Clock


def stamp(clock: Clock, moment: datetime) -> str:
    """Give a moment to the minute, "2026-11-20 09:30": as wide as any other, the later one sorts behind."""
    local = clock.local(moment)
    return f"{local.date().isoformat()} {local:%H:%M}"


def spoken(clock: Clock, moment: datetime) -> str:
    """Give a moment in words, "Fri 20 Nov, 09:30", its day in the forms in force."""
    local = clock.local(moment)
    return f"{dates.echo(local.date(), clock.today())}, {local:%H:%M}"
