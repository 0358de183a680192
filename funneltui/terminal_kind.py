"""What the environment says of the terminal: how many colours it shows, and whether it shows more than ASCII."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Colors(StrEnum):
    """How many colours a terminal shows, in the words of Textual's own TEXTUAL_COLOR_SYSTEM."""

    SIXTEEN = "standard"
    MANY = "256"
    ALL = "truecolor"


# Terminals whose name says no number, and which all show 256 and more.
_CAPABLE = ("256", "direct", "kitty", "alacritty", "ghostty", "wezterm", "foot", "contour", "rio")


def colors(environ: Mapping[str, str]) -> Colors:
    """Give how many colours the terminal shows: TEXTUAL_COLOR_SYSTEM, else COLORTERM, else what TERM is called.

    Over SSH neither of the first two arrives, and some names say no number, so that Rich would send them 16.
    """
    wished = environ.get("TEXTUAL_COLOR_SYSTEM", "").lower()
    if wished in set(Colors):
        return Colors(wished)
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return Colors.ALL
    return Colors.MANY if any(sign in environ.get("TERM", "").lower() for sign in _CAPABLE) else Colors.SIXTEEN


def wants_ascii(environ: Mapping[str, str], encoding: str = "utf-8") -> bool:
    """Tell whether nothing but ASCII can be shown: the locale says no UTF-8, or the screen's stream is encoded otherwise.

    The locale is LC_ALL, else LC_CTYPE, else LANG, the first that is not empty. C, POSIX and a name without a codeset
    are not UTF-8; where nothing is said at all, a terminal of today reads it.
    """
    if _codec(encoding) != "utf8":
        return True
    said = environ.get("LC_ALL") or _character_type(environ) or environ.get("LANG") or "UTF-8"
    return _codec(said.partition("@")[0].rpartition(".")[2]) != "utf8"


def _character_type(environ: Mapping[str, str]) -> str:
    """Give LC_CTYPE as the user has set it: C.UTF-8 beside LANG=C is the doing of a Python that has started this one."""
    value = environ.get("LC_CTYPE", "")
    return "" if value == "C.UTF-8" and environ.get("LANG") in ("C", "POSIX") else value


def _codec(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def given_environment() -> Mapping[str, str]:
    """Give the environment that the program was started with.

    In `os.environ` the locale is not what the user said where that was C or one that is not installed: there Python has
    put LC_CTYPE=C.UTF-8 (PEP 538).
    """
    try:
        entries = Path("/proc/self/environ").read_bytes().split(b"\0")
    except OSError:  # not on Linux
        return os.environ
    return dict(os.fsdecode(entry).partition("=")[::2] for entry in entries if b"=" in entry)
