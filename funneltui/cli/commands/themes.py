"""`themes`: the names of the board's themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.frame import command
from funneltui.cli.output import Column, say_json_array, say_rows

if TYPE_CHECKING:
    from funneltui.cli.session import Session


@command("themes")
def themes(session: Session) -> None:
    """List the themes that --theme takes, the user's own included, and where each is written."""
    from funneltui import paths

    found: dict[str, str] = {}
    for folder in paths.theme_dirs():
        for file in sorted(folder.glob("*.toml")):
            found.setdefault(file.stem, str(file))
    listed = sorted(found.items())
    if session.json:
        say_json_array({"name": name, "path": path} for name, path in listed)
        return
    say_rows((Column("theme"), Column("file")), listed)
