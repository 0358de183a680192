"""What a shell can complete: the keys that the workspace knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.session import Session
from funneltui.errors import FunneltuiError

if TYPE_CHECKING:
    from collections.abc import Callable

    import click

    from funneltui.services.context import Context


def choices(what: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Give a function that completes keys, of "stage", "detail", "reason", "source" or "pipeline", or names of "owner"."""

    def completed(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        session = ctx.find_object(Session)
        if session is None:
            return []
        try:
            known = _known(session.workspace(), what)
        except FunneltuiError:
            # A shell that completes has no place for a message, and the command itself will give it.
            return []
        return [word for word in known if word.startswith(incomplete)]

    return completed


def _known(context: Context, what: str) -> list[str]:
    if what == "owner":
        from funneltui.services import people

        return ["me", *(user.name for user in people.everyone(context))]
    if what == "pipeline":
        return [pipeline.key for pipeline in context.pipelines]
    found: list[str] = []
    for pipeline in context.pipelines:
        if what == "stage":
            found.extend(stage.key for stage in pipeline.stages)
        elif what == "detail":
            found.extend(detail.key for stage in pipeline.stages for detail in stage.details)
        elif what == "reason":
            found.extend(reason.key for reason in pipeline.reasons)
        elif what == "source":
            found.extend(source.key for source in pipeline.sources)
    return list(dict.fromkeys(found))
