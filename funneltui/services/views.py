"""The list of deals: windows of it read within what the actor may see, and the actor's own saved views."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneltui.domain.text import cut, fold
from funneltui.domain.views import View, clean_name
from funneltui.errors import BadInput, NotFound
from funneltui.storage import feed, list_windows
from funneltui.storage import views as stored
from funneltui.storage.database import reading, writing
from funneltui.storage.deals import COUNTED, EVERYTHING, Condition, pages_of, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.filters import Filter, Node
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.storage.feed import Position
    from funneltui.storage.list_orders import AnySort

MOST_VIEWS = 100
"""How many views one person can save."""

_PAGE = 500
"""How many deals are read at once where all are wanted."""


def saved(context: Context) -> list[View]:
    """Give the actor's own views in their order, those that cannot be read (`View.wrong`) among them."""
    with reading(context.database):
        return stored.of(context.database, context.actor.id)


def named(context: Context, name: str) -> View:
    """Give the actor's view of a name, any case and accent.

    Raises:
        NotFound: he has none so called. BadInput: it cannot be read.
    """
    return _found(saved(context), name).demand_readable()


def save(context: Context, view: View) -> View:
    """Save a view under its name, in the place of the actor's own of that name if there is one, and give it.

    Raises:
        BadInput: the name is empty, or there are `MOST_VIEWS` already.
    """
    kept = replace(view, name=clean_name(view.name))
    with writing(context.database):
        mine = stored.of(context.database, context.actor.id)
        same = next((one for one in mine if fold(one.name) == fold(kept.name)), None)
        if same is not None:
            stored.replace(context.database, context.actor.id, same.name, kept)
        elif len(mine) >= MOST_VIEWS:
            message = f"{MOST_VIEWS} views are saved already; delete one first"
            raise BadInput(message)
        else:
            stored.add(context.database, context.actor.id, kept, len(mine))
    return kept


def rename(context: Context, name: str, new_name: str) -> View:
    """Give the actor's view of a name another name, and give it.

    Raises:
        NotFound: he has none so called. BadInput: it cannot be read, or the new name is empty, or another view's.
    """
    kept = clean_name(new_name)
    with writing(context.database):
        mine = stored.of(context.database, context.actor.id)
        view = _found(mine, name).demand_readable()
        if any(fold(one.name) == fold(kept) for one in mine if one is not view):
            message = f'there is a view "{kept}" already'
            raise BadInput(message)
        renamed = replace(view, name=kept)
        stored.replace(context.database, context.actor.id, view.name, renamed)
    return renamed


def delete(context: Context, name: str) -> None:
    """Delete the actor's view of a name.

    Raises:
        NotFound: he has none so called.
    """
    with writing(context.database):
        mine = stored.of(context.database, context.actor.id)
        view = _found(mine, name)
        stored.remove(context.database, context.actor.id, view.name, [one for one in mine if one is not view])


def _found(views: Sequence[View], name: str) -> View:
    for view in views:
        if fold(view.name) == fold(name.strip()):
            return view
    known = ", ".join(view.name for view in views) or "none; the list on the board saves them"
    message = f'there is no view "{cut(name)}"; yours are: {known}'
    raise NotFound(message)


def condition_of(context: Context, pipelines: Sequence[Pipeline], *texts: str, tab: str = "") -> Condition:
    """Give the condition of the deals that every filter lets through and that stand in the stage `tab`, if one is named.

    Spam is left out unless a filter speaks of outcomes (D12).

    Raises:
        BadInput: a filter cannot be read; the message says at which character.
    """
    from funneltui.storage.filtering import condition

    wanted = _parsed(context, pipelines, texts)
    today, zone = context.clock.today(), context.clock.zone
    asked = condition(wanted, actor_id=context.actor.id, today=today, zone=zone, pipelines=pipelines)
    there = EVERYTHING if wanted.mentions_outcome else COUNTED
    return there & _on(tab) & asked


def table_condition(context: Context, pipeline: Pipeline, text: str) -> Condition:
    """Give the condition of a filter of the table: `condition_of`, without the rejection reason (D4).

    Raises:
        BadInput: the filter cannot be read, or asks for the reason.
    """
    table_filter(context, pipeline, text)
    return condition_of(context, (pipeline,), text)


def table_filter(context: Context, pipeline: Pipeline, text: str) -> Filter:
    """Give what a filter of the table asks for, as a value; see `table_condition`."""
    wanted = _parsed(context, (pipeline,), (text,))
    if _asks_for_reason(wanted.root):
        message = (
            "filter: the rejection reason is told in the deal and of losses; neither board nor table is filtered by it"
        )
        raise BadInput(message)
    return wanted


def _parsed(context: Context, pipelines: Sequence[Pipeline], texts: Sequence[str]) -> Filter:
    from funneltui.domain.filter_parser import parse
    from funneltui.domain.filters import EMPTY

    wanted = EMPTY
    for text in texts:
        wanted &= parse(text, context.clock.today(), context.order, pipelines[0].currency, pipelines=pipelines)
    return wanted


def _asks_for_reason(node: Node) -> bool:
    from funneltui.domain import filters

    match node:
        case filters.Not(inner):
            return _asks_for_reason(inner)
        case filters.All(nodes) | filters.Either(nodes):
            return any(_asks_for_reason(one) for one in nodes)
    return isinstance(node, filters.Keys) and node.field is filters.Field.REASON


@dataclass(frozen=True, slots=True)
class ListWindow:
    """One moment of a list: `deals` from place `start` on, how many stand in each stage, and the feed's place.

    `counts` are of all stages, whatever the tab; `anchor_place` is the place of the deal asked for, if it is there.
    """

    start: int
    deals: tuple[Deal, ...]
    counts: Mapping[str, int]
    anchor_place: int | None
    position: Position

    def total(self, tab: str = "") -> int:
        """Give how many deals the list of a tab holds."""
        return self.counts.get(tab, 0) if tab else sum(self.counts.values())


def list_window(
    context: Context,
    pipeline: Pipeline,
    condition: Condition,
    sort: AnySort,
    descending: bool,
    start: int,
    size: int,
    *,
    tab: str = "",
    anchor: int | None = None,
) -> ListWindow:
    """Give `size` deals of a list from place `start` on, or around the deal `anchor` if it is there, with the counts."""
    database = context.database
    everywhere = _standing(context, pipeline, condition, "")
    here = _standing(context, pipeline, condition, tab)
    with reading(database):
        position = feed.position(database)
        counts = list_windows.stage_counts(database, everywhere)
        total = counts.get(tab, 0) if tab else sum(counts.values())
        place = None
        if anchor is not None and total:
            place = list_windows.place_of(database, here, sort, descending=descending, number=anchor)
        if place is not None and not start <= place < start + size:
            start = place - size // 2
        start = max(0, min(start, total - size))
        deals = list_windows.window(database, here, sort, descending=descending, start=start, size=size)
    return ListWindow(start, deals, counts, place, position)


def list_rows(
    context: Context,
    pipeline: Pipeline,
    condition: Condition,
    sort: AnySort,
    descending: bool,
    start: int,
    size: int,
    *,
    tab: str = "",
) -> tuple[Deal, ...]:
    """Give `size` deals of a list from place `start` on, and nothing else: for scrolling."""
    here = _standing(context, pipeline, condition, tab)
    with reading(context.database):
        return list_windows.window(context.database, here, sort, descending=descending, start=start, size=size)


def listed(context: Context, condition: Condition, sort: AnySort, *, descending: bool) -> Iterator[Deal]:
    """Give the actor's deals of a condition, of all pipelines, one after another; a page at a time is in memory.

    Which they are, and in which order, is one reading, each page another: whoever takes his time over the list holds up
    nobody, and a deal that goes meanwhile takes no other with it.
    """
    there, database = condition & within(context.actor.scope), context.database
    with reading(database):
        numbers = list_windows.numbers(database, there, sort, descending=descending)
    for page in pages_of(database, numbers, there, _PAGE):
        yield from page


def place_of(
    context: Context,
    pipeline: Pipeline,
    condition: Condition,
    sort: AnySort,
    descending: bool,
    number: int,
    *,
    tab: str = "",
) -> int | None:
    """Give the place of a deal in a list, from 0, or none when it is not in it."""
    here = _standing(context, pipeline, condition, tab)
    with reading(context.database):
        return list_windows.place_of(context.database, here, sort, descending=descending, number=number)


def list_versions(context: Context, pipeline: Pipeline, condition: Condition, *, tab: str = "") -> dict[int, int]:
    """Give the versions of all deals of a list by number: what marking the whole list marks."""
    with reading(context.database):
        return list_windows.versions(context.database, _standing(context, pipeline, condition, tab))


def _standing(context: Context, pipeline: Pipeline, condition: Condition, tab: str) -> Condition:
    there = Condition("d.pipeline = ?", (pipeline.key,)) & _on(tab)
    return there & within(context.actor.scope) & condition


def _on(tab: str) -> Condition:
    return Condition("d.stage = ?", (tab,)) if tab else EVERYTHING
