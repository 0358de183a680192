"""The user's own editor, for long texts: the terminal is his until he leaves it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.errors import BadInput
from funneltui.exchange import editor

if TYPE_CHECKING:
    from textual.app import App


def edited(app: App[object], text: str) -> str:
    """Give the text as the user left it in his editor. The screen is his meanwhile: nothing of the program is painted.

    Raises:
        BadInput: there is no editor, it failed, or what it left is no text.
    """
    words = editor.command()
    with tempfile.TemporaryDirectory(prefix="funneltui-") as folder:  # its mode is 0700
        path = Path(folder) / "notes.txt"
        path.write_text(text, encoding="utf-8")
        with app.suspend():
            problem = editor.run(words, path)  # raised in here, the screen would never come back
        if problem:
            raise BadInput(problem)
        return editor.left_in(path)
