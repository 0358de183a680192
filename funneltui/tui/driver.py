"""Textual's driver, made to bear keystrokes that are not UTF-8 (a terminal set to latin-1)."""

from __future__ import annotations

import codecs
from functools import partial
from typing import Any

from textual.drivers import linux_driver


def _forgiving(encoding: str) -> Any:
    return partial(codecs.getincrementaldecoder(encoding), errors="replace")


class ForgivingDriver(linux_driver.LinuxDriver):
    """Reads a byte that cannot be decoded as a replacement character instead of losing the input thread."""

    def run_input_thread(self) -> None:
        """Read keys until the end."""
        # The decoder is made inside the method and cannot be handed in: its maker is replaced where the method looks.
        vars(linux_driver)["getincrementaldecoder"] = _forgiving
        super().run_input_thread()
