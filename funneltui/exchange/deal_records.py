"""The JSON forms of deals, funnels and due lists, with the names of fields that scripts rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funneltui.domain.money import to_decimal_string
from funneltui.exchange.record_values import amount_value, figure_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.funnel import Figure, Funnel
    from funneltui.domain.history import Event, Visit
    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.record_values import Record
    from funneltui.services.context import Context
    from funneltui.services.deals import Opened
    from funneltui.services.reports import DueDeal


def deal_record(deal: Deal, pipeline: Pipeline) -> Record:
    """Give a deal for machines.

    `amount` is a decimal string, `probability` the deal's own as a fraction 0..1, `created` an ISO moment in UTC, the other
    dates ISO dates; stage, detail, source, reason and a listed qualifier are keys. `fields` holds the pipeline's own fields
    by their keys: a text, a decimal string, an ISO date or the key of a choice; retired ones where there is a value. What is
    absent is null, a text without characters is "".
    """
    return {
        "number": deal.number,
        "title": deal.title,
        "company": deal.company,
        "contact": deal.contact,
        "email": deal.email,
        "phone": deal.phone,
        "source": deal.source,
        "owner": deal.owner,
        "created_by": deal.created_by,
        "amount": amount_value(deal.amount, deal.currency),
        "currency": deal.currency,
        "probability": None if deal.probability is None else deal.probability / 100,
        "pipeline": deal.pipeline,
        "stage": deal.stage,
        "stage_name": pipeline.stage_name(deal.stage),
        "detail": deal.detail,
        "outcome": deal.outcome.value,
        "created": deal.created.isoformat(),
        "expected_close": deal.expected_close.isoformat(),
        "follow_up": deal.follow_up.isoformat() if deal.follow_up else None,
        "follow_up_note": deal.follow_up_note,
        "reason": deal.reason,
        "reason_note": deal.reason_note,
        "closed_on": deal.closed_on.isoformat() if deal.closed_on else None,
        "tags": list(deal.tags),
        "qualifier": deal.qualifier,
        "version": deal.version,
        "external_id": deal.external_id,
        "fields": {field.key: None for field in pipeline.fields} | dict(deal.custom.pairs),
    }


def record_of(context: Context, deal: Deal) -> Record:
    """Give a deal of a workspace for machines; see `deal_record`."""
    return deal_record(deal, context.pipeline_of(deal.pipeline))


def opened_record(opened: Opened, pipeline: Pipeline) -> Record:
    """Give a deal for machines as `deal_record` does, with its notes, visits and events."""
    return deal_record(opened.deal, pipeline) | {
        "notes": opened.deal.notes,
        "visits": [_visit(visit) for visit in opened.visits],
        "events": _events(opened.events, opened.deal.currency),
    }


def funnel_record(funnel: Funnel) -> Record:
    """Give a funnel for machines: open stages in order, amounts as decimal strings, rates as fractions or null.

    `others` are the open deals in other currencies, `won_others` the won ones: counted with the rest, never added up.
    """
    currency = funnel.currency
    return {
        "mode": funnel.mode.value,
        "pipeline": funnel.pipeline,
        "currency": currency,
        "stages": [
            {
                "stage": row.stage.key,
                "name": row.stage.name,
                "count": row.count,
                "amount": to_decimal_string(row.amount, currency),
                "weighted": to_decimal_string(row.weighted, currency),
                "reached": row.reached,
                "open": row.open,
                "won": row.won,
                "lost": row.lost,
                "step_rate": row.step_rate,
            }
            for row in funnel.stages
        ],
        "won": figure_record(funnel.won, currency),
        "lost": figure_record(funnel.lost, currency),
        "entered": funnel.entered,
        "overall_rate": funnel.overall_rate,
        "others": _by_currency(funnel.others),
        "won_others": _by_currency(funnel.won_others),
    }


def _by_currency(sums: Iterable[tuple[str, Figure]]) -> list[Record]:
    return [{"currency": currency} | figure_record(figure, currency) for currency, figure in sums]


def due_record(due: DueDeal) -> Record:
    """Give a line of the today list for machines; `days` from today, negative when late."""
    return {
        "number": due.deal.number,
        "title": due.deal.title,
        "due": due.due.isoformat(),
        "why": due.why.value,
        "kind": due.kind.value,
        "days": due.days,
    }


def _visit(visit: Visit) -> Record:
    return {
        "stage": visit.stage,
        "detail": visit.detail,
        "entered": visit.entered.isoformat(),
        "left": visit.left.isoformat() if visit.left else None,
        "seconds": visit.seconds,
        "who": visit.who,
    }


def with_currencies(events: Sequence[Event], present: str) -> Iterator[tuple[Event, str, str]]:
    """Give a deal's events, each with the currency before it and after it: the amounts in them are bare minor units.

    `present` is the deal's currency now, which it has always had if no event tells another.
    """
    currency = next((first for event in events if (first := _currency(event, "before", ""))), present)
    for event in events:
        before, currency = currency, _currency(event, "after", currency)
        yield event, before, currency


def _events(events: Sequence[Event], present: str) -> list[Record]:
    records: list[Record] = []
    for event, before, after in with_currencies(events, present):
        data = dict(event.data)
        for side, money in (("before", before), ("after", after)):
            if side in data:
                data[side] = _spelled(data[side], money)
        records.append(
            {
                "id": event.id,
                "at": event.at.isoformat(),
                "who": event.who,
                "kind": event.kind.value,
                "version": event.version,
                "data": data,
            }
        )
    return records


def _currency(event: Event, side: str, otherwise: str) -> str:
    return str(event.data.get(side, {}).get("currency", otherwise))


def _spelled(values: Mapping[str, Any], currency: str) -> Record:
    """Give the fields of an event as a deal's record spells them."""
    spelled = dict(values)
    if isinstance(amount := spelled.get("amount"), int):
        spelled["amount"] = to_decimal_string(amount, currency)
    if isinstance(percent := spelled.get("probability"), int):
        spelled["probability"] = percent / 100
    return spelled
