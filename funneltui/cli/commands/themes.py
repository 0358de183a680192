"""`themes`: the names of the board's themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli.frame import command
from funneltui.cli.output import Column, on_terminal, remark, say_json_array, say_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from funneltui.cli.session import Session


_LONGEST_NAME = 40


@command("themes")
def themes(session: Session) -> None:
    """List the themes that --theme takes, the user's own included, and where each is written."""
    from funneltui import config_file, paths

    own, ours = paths.theme_dirs()
    listed = sorted(_by_name((own, ours)).items())
    if session.json:
        say_json_array({"name": name, "path": str(path)} for name, path in listed)
        return
    say_rows((Column("theme"), Column("file")), [(name, str(path)) for name, path in listed])
    if on_terminal():
        remark(f"your own go into {config_file.shown_path(own)}; one with the name of ours takes its place")


def _by_name(folders: Iterable[Path]) -> dict[str, Path]:
    """Give the theme files by the name that stands in them, the first of a name counting; one without is told of.

    That is how `tui/theming.py` finds them, which a command cannot ask: it would wait for Textual.
    """
    from funneltui.domain.text import cut

    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            name = _name_in(path)
            if name:
                found.setdefault(cut(name), path)
            else:
                remark(f'warning: {path} has no name that can be read; a theme begins with a line like: name = "mine"')
    return found


def _name_in(path: Path) -> str:
    import tomllib

    try:
        name = tomllib.loads(path.read_text(encoding="utf-8")).get("name")
    except (OSError, ValueError):
        return ""
    return name if isinstance(name, str) and name.strip() and len(name) <= _LONGEST_NAME else ""
