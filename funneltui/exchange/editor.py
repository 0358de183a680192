"""The user's own editor, for long texts and pipelines: which it is, and how it is run on a file."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_USUAL = ("nano", "vi")


def command() -> list[str]:
    """Give the editor's command: $VISUAL, else $EDITOR, else one that is usually there.

    Raises:
        BadInput: there is none, or what the variable says cannot be read.
    """
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(name, ""))
        except ValueError as error:
            message = f"the environment variable {name} cannot be read: {error}; write it like a command"
            raise BadInput(message) from error
        if words:
            return words
    for name in _USUAL:
        if shutil.which(name):
            return [name]
    message = "there is no editor; say which with the environment variable EDITOR"
    raise BadInput(message)


def run(words: Sequence[str], path: Path) -> str:
    """Let the user edit a file and wait until he has left; give what went wrong, or nothing.

    It raises nothing: a caller may have to give the screen back first.
    """
    try:
        status = subprocess.run([*words, str(path)], check=False).returncode
    except OSError as error:
        return f"the editor {words[0]} cannot be started: {error.strerror}; see the variable EDITOR"
    return f"the editor {words[0]} failed (status {status}); the text is as it was" if status else ""


def left_in(path: Path) -> str:
    """Give the text that the editor left in a file.

    Raises:
        BadInput: it is gone, or no UTF-8 text.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        message = f"what the editor left cannot be read: {error}"
        raise BadInput(message) from error
