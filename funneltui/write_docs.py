"""Writes the pages that are made from the code: `python -m funneltui.write_docs docs`."""

from __future__ import annotations

import sys
from pathlib import Path


def pages() -> dict[str, str]:
    """Give every page by its path in docs/: keys, commands, settings, the manual page, the shells' completion scripts."""
    from funneltui.bootstrap import keys_in_force
    from funneltui.cli import reference
    from funneltui.cli.commands.completions import completion_script

    return {
        "keys.md": reference.keys_page(keys_in_force({})),
        "commands.md": reference.commands_page(),
        "config.md": reference.config_page(),
        "funneltui.1": reference.manual(),
        "completions/funneltui.bash": completion_script("bash"),
        "completions/_funneltui": completion_script("zsh"),
        "completions/funneltui.fish": completion_script("fish"),
    }


def write(folder: Path) -> None:
    """Write every page into a folder."""
    for name, text in pages().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
