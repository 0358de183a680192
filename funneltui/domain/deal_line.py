"""A deal in one line, for mail or chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain import dates, money

if TYPE_CHECKING:
    from datetime import date

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline


def one_line(deal: Deal, pipeline: Pipeline, today: date) -> str:
    """Give a deal's summary: "#12 Northwind rollout · Acme · €12,500 · Offered: contract sent · close Tue 15 Dec · ..."

    What is not known is left out. The rejection reason is not part of it (D4).
    """
    stage = next((one.name for one in pipeline.stages if one.key == deal.stage), deal.stage)
    detail = pipeline.detail_name(deal.stage, deal.detail)
    parts = [
        f"#{deal.number} {deal.title}",
        deal.company,
        deal.contact,
        "" if deal.amount is None else money.format_full(deal.amount, deal.currency),
        f"{stage}: {detail}" if detail else stage,
        f"close {dates.echo(deal.expected_close, today)}" if deal.is_open else "",
        f"follow-up {dates.echo(deal.follow_up, today)} {deal.follow_up_note}".rstrip() if deal.follow_up else "",
    ]
    return " · ".join(part for part in parts if part)
