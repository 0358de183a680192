"""The list as of a moment: the deals as they stood, filtered and sorted as the list of now is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from funneltui.domain.custom_fields import FieldKind
from funneltui.domain.deal import Outcome
from funneltui.domain.filters import EMPTY, Field, Filter, Keys
from funneltui.domain.text import fold
from funneltui.services.as_of import deals_at
from funneltui.storage.deals import search_text
from funneltui.storage.list_orders import FieldSort, ListSort, StoredSort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.as_of import Point
    from funneltui.services.context import Context

_OUTCOMES = (Outcome.OPEN, Outcome.WON, Outcome.LOST, Outcome.SPAM)
_NOWHERE = 1_000_000
_TITLE = 60


def listed_at(
    context: Context,
    point: Point,
    filters: Sequence[Filter],
    sort: StoredSort,
    *,
    descending: bool = False,
    tab: str = "",
) -> list[Deal]:
    """Give the deals that every filter let through as they stood at a moment, and that stood in the stage `tab` if named.

    Spam is left out unless a filter speaks of outcomes (D12); the order is that of `storage.list_orders.list_order`.
    """
    wanted = EMPTY
    for one in (*filters, *([Filter(Keys(Field.STAGE, (tab,)))] if tab else [])):
        wanted = wanted & one
    found = deals_at(context, None, point.moment, wanted, with_spam=wanted.mentions_outcome)
    return in_order(found, sort, context.pipelines, descending=descending)


def in_order(
    deals: Iterable[Deal], sort: StoredSort, pipelines: Sequence[Pipeline], *, descending: bool = False
) -> list[Deal]:
    """Give deals in the order of a sort; those that lack the value come last, the number settles ties."""
    places = {pipeline.key: _Places(pipeline) for pipeline in pipelines}
    value = _of_field(sort) if isinstance(sort, FieldSort) else _VALUES[sort]
    known: list[tuple[Any, Deal]] = []
    lacking: list[Deal] = []
    for deal in deals:
        compared = value(deal, places[deal.pipeline])
        if compared is None or compared == "":
            lacking.append(deal)
        else:
            known.append((compared, deal))
    known.sort(key=lambda pair: (pair[0], pair[1].number), reverse=descending)
    lacking.sort(key=lambda deal: deal.number, reverse=descending)
    return [deal for _, deal in known] + lacking


def _of_field(sort: FieldSort) -> Callable[[Deal, _Places], Any]:
    """Give what a sort by a custom field compares: numbers by size, choices by their places, texts folded."""

    def value(deal: Deal, places: _Places) -> Any:
        text = deal.custom.get(sort.key) if deal.pipeline in sort.pipelines else ""
        if not text:
            return None
        if sort.kind is FieldKind.NUMBER:
            return Decimal(text)
        if sort.kind is FieldKind.CHOICE:
            return sort.choices.index(text) if text in sort.choices else len(sort.choices)
        return text if sort.kind is FieldKind.DATE else fold(text)

    return value


class _Places:
    """Where stages, details and sources stand in a pipeline; what it has retired, behind what it offers."""

    def __init__(self, pipeline: Pipeline) -> None:
        gone = pipeline.retired
        order = gone.order or tuple(stage.key for stage in pipeline.stages)
        self.stages = {key: place for place, key in enumerate(order)}
        self.sources = {one.key: place for place, one in enumerate(pipeline.sources + gone.sources)}
        self.details = {
            (stage.key, detail.key): 1000 * self.stages.get(stage.key, len(order)) + place
            for stage in pipeline.stages + gone.stages
            for place, detail in enumerate(stage.details)
        }


_VALUES: dict[ListSort, Callable[[Deal, _Places], Any]] = {
    ListSort.NUMBER: lambda deal, places: deal.number,
    ListSort.TITLE: lambda deal, places: search_text(deal)[:_TITLE],
    ListSort.STAGE: lambda deal, places: (_OUTCOMES.index(deal.outcome), places.stages.get(deal.stage, _NOWHERE)),
    ListSort.AMOUNT: lambda deal, places: deal.amount,
    ListSort.CLOSE: lambda deal, places: deal.expected_close,
    ListSort.CREATED: lambda deal, places: deal.created,
    ListSort.AGE: lambda deal, places: -deal.stage_entered.timestamp(),
    ListSort.OWNER: lambda deal, places: fold(deal.owner or ""),
    ListSort.COMPANY: lambda deal, places: fold(deal.company),
    ListSort.DUE: lambda deal, places: deal.due,
    ListSort.DETAIL: lambda deal, places: places.details.get((deal.stage, deal.detail or ""), _NOWHERE),
    ListSort.SOURCE: lambda deal, places: places.sources.get(deal.source, _NOWHERE),
    ListSort.CONTACT: lambda deal, places: fold(deal.contact),
    ListSort.EMAIL: lambda deal, places: deal.email.lower(),
    ListSort.PHONE: lambda deal, places: deal.phone,
    ListSort.SPAM: lambda deal, places: deal.outcome is not Outcome.SPAM,
    ListSort.FOLLOW_UP: lambda deal, places: deal.follow_up,
    ListSort.PROBABILITY: lambda deal, places: deal.probability,
    ListSort.QUALIFIER: lambda deal, places: deal.qualifier.lower(),
    ListSort.CREATED_BY: lambda deal, places: fold(deal.created_by or ""),
    ListSort.CLOSED_ON: lambda deal, places: deal.closed_on,
    ListSort.TAGS: lambda deal, places: " ".join(deal.tags),
}
