"""`views`: the saved views of the one who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funneltui.cli.frame import command
from funneltui.cli.output import Column, say_json_array, say_rows

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.domain.views import View


@command("views")
def views(session: Session) -> None:
    """List your saved views: name, stage, order, filter and columns. `list --view NAME` lists as one of them says."""
    context = session.workspace()
    from funneltui.services import views as service

    saved = service.saved(context)
    if session.json:
        say_json_array(_record(view) for view in saved)
        return
    headings = (
        Column("name", least=12),
        Column("stage"),
        Column("sort"),
        Column("filter", least=12),
        Column("columns"),
    )
    say_rows(headings, map(_row, saved))


def _row(view: View) -> tuple[str, ...]:
    if view.wrong:
        return view.name, "", "", "cannot be read", ""
    one = _record(view)
    return one["name"], one["stage"], one["sort"], one["filter"], ",".join(one["columns"])


def _record(view: View) -> dict[str, Any]:
    if view.wrong:
        return {"name": view.name, "stage": "", "sort": "", "filter": "", "columns": [], "wrong": view.wrong}
    return {
        "name": view.name,
        "stage": view.tab,
        "sort": f"{'-' if view.descending else ''}{view.sort.value}",
        "filter": view.filter_text,
        "columns": [placed.column.value for placed in view.columns],
        "wrong": None,
    }
