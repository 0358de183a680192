"""A quicker start: what a workspace in a file never needs is not imported on the way to the first frame."""

from __future__ import annotations

import importlib
import sys

from funneltui.storage.database_places import is_server


def import_drivers(location: str) -> None:
    """Import the database library with the driver that a location needs, and no other.

    peewee imports psycopg wherever it is installed, which takes four times as long as peewee itself.
    """
    if not is_server(location):
        _import_without("peewee", "psycopg")


def import_event_loop(location: str) -> None:
    """Import asyncio without ssl, which only a network connection of Python's own would use: for the board on a file."""
    if not is_server(location):
        _import_without("asyncio", "ssl")


def _import_without(name: str, hidden: str) -> None:
    """Import a module as if another one were not installed: that one can still be imported afterwards."""
    if name in sys.modules or hidden in sys.modules:
        importlib.import_module(name)
        return
    sys.modules[hidden] = None  # type: ignore[assignment]
    try:
        importlib.import_module(name)
    finally:
        del sys.modules[hidden]
