"""The pipelines of a workspace: changed, added, put in order, retired; every version of each is kept. Only by a manager."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneltui.domain.pipeline_definitions import whole
from funneltui.domain.text import cut, fold
from funneltui.errors import BadInput, NotFound, RuleBroken
from funneltui.services.changes import commit_all, demand_current
from funneltui.services.people import demand_manager
from funneltui.services.pipeline_difference import difference
from funneltui.services.pipeline_moves import NOTHING_GIVEN, changes_for, demand_moves
from funneltui.services.workspaces import refreshed
from funneltui.storage import boards, pipeline_deals, pipeline_versions, pipelines, reach
from funneltui.storage.database import reading, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.domain.pipeline_changes import Moves, PipelineVersion
    from funneltui.services.context import Context
    from funneltui.services.pipeline_difference import Difference
    from funneltui.services.pipeline_moves import Given

    Written = Callable[[Pipeline], str]
    """Writes a definition down as TOML (`exchange.pipeline_writer.to_toml`): no service knows files."""

_WHAT = "changes pipelines"


@dataclass(frozen=True, slots=True)
class Applied:
    """What a change of a pipeline did: the workspace as it is now, the pipeline's version, and the deals that were moved."""

    context: Context
    difference: Difference
    version: int
    moved: tuple[Deal, ...]


def apply(context: Context, new: Pipeline, moves: Moves, written: Written, given: Given = NOTHING_GIVEN) -> Applied:
    """Let `new` take the place of the pipeline with its key, in one transaction; what differs nowhere writes nothing.

    Keys are stable: what keeps its key keeps its history, whatever it is called and wherever it stands. What `new` offers no
    longer is retired: history, funnel and old deals still know its name, no deal moves into it. Deals that stand in a stage
    or detail that is given up, or in a stage whose kind changes, go where `moves` says, through the gate of that stage,
    each with its event: one change of the actor, which can be undone only once their places are there again. What that
    gate wants besides a detail, and a deal lacks, is taken from `given`, by the stage's key. Deals keep
    reasons and sources that are given up. How far every deal got is worked out anew by the new order (`Pipeline.furthest`).
    Deals whose stage demands more from now on are left in peace until they are moved or edited.

    Raises:
        RuleBroken: deals would stand nowhere, or cannot pass the gate of where they would go; or the pipeline is retired.
        NotAllowed: the actor is no manager. Conflict: the pipelines were changed since. BadInput, NotFound.
    """
    demand_manager(context, _WHAT)
    with writing(context.database):
        demand_current(context)
        old = _known(context, new.key)
        if old.is_retired:
            message = f"the pipeline {old.name} is retired; bring it back before you change it"
            raise RuleBroken(message)
        wanted = difference(context, old, new)
        demand_moves(wanted, moves)
        if wanted.is_empty:
            return Applied(context, wanted, max(1, len(pipeline_versions.of(context.database, old.key))), ())
        if wanted.new.name != old.name:
            _demand_free(context, wanted.new.name, but=old.key)
        pipelines.store(context.database, wanted.new)
        version = _record(context, old, wanted.new, written)
        now = refreshed(context)
        moved = commit_all(now, changes_for(now, wanted, moves, given))
        reach.settle(context.database, wanted.new)
    return Applied(now, wanted, version, tuple(moved))


def rename(context: Context, key: str, name: str, written: Written) -> Context:
    """Give a pipeline another name; see `apply`."""
    return apply(context, replace(_known(context, key), name=name), {}, written).context


def add_pipeline(context: Context, pipeline: Pipeline, written: Written) -> Context:
    """Add a pipeline behind the others, and give the workspace with it.

    Raises:
        NotAllowed: the actor is no manager. BadInput: its key or name is taken, or it is none that can be. Conflict.
    """
    demand_manager(context, "adds pipelines")
    new = whole(pipeline)
    with writing(context.database):
        demand_current(context)
        if any(one.key.casefold() == new.key.casefold() for one in context.pipelines):
            message = f'there is a pipeline with the key "{new.key}" already; give the new one another'
            raise BadInput(message)
        if called := next((one for one in context.pipelines if fold(one.name) == fold(new.key)), None):
            message = f'there is a pipeline "{called.name}" already; give the new one another key'
            raise BadInput(message)
        _demand_free(context, new.name)
        pipelines.add(context.database, new, len(context.pipelines))
        _record(context, None, new, written)
        return refreshed(context)


def arrange(context: Context, keys: Sequence[str]) -> Context:
    """Put the pipelines in use into the order of these keys; the first is meant when none is named.

    Raises:
        NotAllowed: the actor is no manager. BadInput: the keys are not those of the pipelines in use. Conflict.
    """
    demand_manager(context, _WHAT)
    with writing(context.database):
        demand_current(context)
        in_use = [one.key for one in context.pipelines if not one.is_retired]
        if sorted(keys) != sorted(in_use):
            message = f"name each pipeline in use once: {', '.join(in_use)}"
            raise BadInput(message)
        pipelines.place(context.database, [*keys, *(one.key for one in context.pipelines if one.is_retired)])
        pipelines.count_change(context.database)
        return refreshed(context)


def retire_pipeline(context: Context, key: str, written: Written) -> Context:
    """Take a pipeline out of use: no deal begins or goes on in it, and what is closed in it stays as it is.

    Raises:
        RuleBroken: open deals stand in it, it is the last one in use, or it is retired already.
        NotAllowed, NotFound, Conflict.
    """
    return _turn(context, key, written, retired=True)


def bring_back_pipeline(context: Context, key: str, written: Written) -> Context:
    """Take a retired pipeline into use again.

    Raises:
        RuleBroken: it is not retired. NotAllowed, NotFound, Conflict.
    """
    return _turn(context, key, written, retired=False)


def _turn(context: Context, key: str, written: Written, *, retired: bool) -> Context:
    demand_manager(context, _WHAT)
    with writing(context.database):
        demand_current(context)
        pipeline = _known(context, key)
        if pipeline.is_retired is retired:
            message = f"the pipeline {pipeline.name} is {'retired already' if retired else 'in use'}"
            raise RuleBroken(message)
        if retired:
            _demand_idle(context, pipeline)
        _record(context, pipeline, replace(pipeline, is_retired=retired), written)
        return refreshed(context)


def _demand_idle(context: Context, pipeline: Pipeline) -> None:
    """Refuse to retire a pipeline in which deals are open, or the last one in use."""
    if count := pipeline_deals.open_deals(context.database, pipeline.key):
        deals = "1 deal is" if count == 1 else f"{count} deals are"
        message = f"{deals} open in {pipeline.name}; close them or move them to another pipeline first"
        raise RuleBroken(message)
    if sum(not one.is_retired for one in context.pipelines) == 1:
        message = f"{pipeline.name} is the last pipeline in use; add another one first"
        raise RuleBroken(message)


def _known(context: Context, key: str) -> Pipeline:
    """Give the pipeline with this very key.

    Raises:
        NotFound: the workspace has none such.
    """
    found = next((one for one in context.pipelines if one.key == key), None)
    if found is None:
        keys = ", ".join(one.key for one in context.pipelines)
        message = f'there is no pipeline with the key "{cut(key)}"; the keys are: {keys}'
        raise NotFound(message)
    return found


def _demand_free(context: Context, name: str, but: str = "") -> None:
    """Refuse a name that means another pipeline already, be it as its name or as its key."""
    others = [one for one in context.pipelines if one.key != but]
    if any(fold(one.name) == fold(name) for one in others):
        message = f'there is a pipeline "{cut(name)}" already; give this one another name'
        raise BadInput(message)
    if keyed := next((one for one in others if fold(one.key) == fold(name)), None):
        message = f'"{cut(name)}" is the key of the pipeline {keyed.name}; give this one another name'
        raise BadInput(message)


def _record(context: Context, old: Pipeline | None, new: Pipeline, written: Written) -> int:
    """Keep the new state of a pipeline as its next version, and let everybody know; gives the version's number.

    A pipeline that was never changed has no version yet: what it was becomes the first, of an unknown maker.
    """
    database = context.database
    count = len(pipeline_versions.of(database, new.key))
    if old is not None and not count:
        count = 1
        pipeline_versions.add(database, old.key, count, written(old), None, None, retired=False)
    now, who = context.clock.now(), context.actor.id
    pipeline_versions.add(database, new.key, count + 1, written(new), now, who, retired=new.is_retired)
    pipelines.count_change(database)
    return count + 1


def versions(context: Context, key: str) -> list[PipelineVersion]:
    """Give the versions of a pipeline, the first one first; none of one that was never changed."""
    with reading(context.database):
        return pipeline_versions.of(context.database, _known(context, key).key)


@dataclass(frozen=True, slots=True)
class Overview:
    """A pipeline and how many deals the actor sees in it: by the stages where they stand, and the open ones."""

    pipeline: Pipeline
    standing: dict[str, int]
    open: int


def overviews(context: Context) -> list[Overview]:
    """Give the pipelines of the workspace with the deals of each that the actor may see."""
    found = []
    with reading(context.database):
        for pipeline in context.pipelines:
            standing: dict[str, int] = {}
            count = 0
            for tally in boards.tallies(context.database, context.actor.scope, pipeline.key):
                standing[tally.stage] = standing.get(tally.stage, 0) + tally.count
                count += tally.count if tally.outcome.value == "open" else 0
            found.append(Overview(pipeline, standing, count))
    return found


def reloaded(context: Context) -> Context:
    """Give the workspace with its pipelines and the actor's rights as they are now, over the same connection.

    The feed's place (`Position.pipelines`) tells when: another number than `context.pipelines_version` says that one of
    them was changed.

    Raises:
        NotAllowed: the workspace does not know the actor any more.
    """
    return refreshed(context)
