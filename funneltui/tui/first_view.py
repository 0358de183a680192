"""What is shown first, as the user prefers it: the board, the list, the review, or the list as a saved view looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.errors import FunneltuiError

if TYPE_CHECKING:
    from funneltui.tui.app import FunnelApp


async def show_first_view(app: FunnelApp, name: str) -> None:
    """Show what is wanted first, over the board; a view that nobody has saved is told, and the board stays."""
    match name.casefold():
        case "board":
            return
        case "list":
            await app.action_list()
        case "review":
            app.show_review()
        case _:
            await _show_saved(app, name)


async def _show_saved(app: FunnelApp, name: str) -> None:
    from funneltui.services import views
    from funneltui.tui.screens.list import ListScreen

    try:
        view = await app.worker.run(views.named, name)
    except FunneltuiError as error:
        message = f"default_view: {error}; the board is shown"
        app.notify(message, severity="warning", markup=False, timeout=10)
        return
    await app.action_list()
    if isinstance(app.screen, ListScreen):
        app.screen.recall(view)
