"""`demo`: the board of a throw-away workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.frame import command

if TYPE_CHECKING:
    from funneltui.cli.session import Session


@command("demo", prints=False)
def demo(session: Session) -> int:
    """Show the board of a throw-away workspace full of deals; nothing of it stays."""
    return session.program.demo(session.config())
