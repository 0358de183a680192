"""The user's own editor, for long texts: the terminal is his until he leaves it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.errors import BadInput

if TYPE_CHECKING:
    from textual.app import App

_USUAL = ("nano", "vi")


def command() -> list[str]:
    """Give the editor's command: $VISUAL, else $EDITOR, else one that is usually there.

    Raises:
        BadInput: there is none.
    """
    for name in ("VISUAL", "EDITOR"):
        if words := shlex.split(os.environ.get(name, "")):
            return words
    for name in _USUAL:
        if shutil.which(name):
            return [name]
    message = "there is no editor; say which with the environment variable EDITOR"
    raise BadInput(message)


def edited(app: App[object], text: str) -> str:
    """Give the text as the user left it in his editor. The screen is his meanwhile: nothing of the program is painted.

    Raises:
        BadInput: there is no editor, it failed, or what it left is no text.
    """
    words = command()
    with tempfile.TemporaryDirectory(prefix="funneltui-") as folder:  # its mode is 0700
        path = Path(folder) / "notes.txt"
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                status = subprocess.run([*words, str(path)], check=False).returncode
        except OSError as error:
            message = f"the editor {words[0]} cannot be started: {error.strerror}; see the variable EDITOR"
            raise BadInput(message) from error
        if status:
            message = f"the editor {words[0]} failed (status {status}); the text is as it was"
            raise BadInput(message)
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            message = f"what the editor left cannot be read: {error}"
            raise BadInput(message) from error
