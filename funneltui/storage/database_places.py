"""Where a workspace can be: a file, or a PostgreSQL server."""

from __future__ import annotations

from pathlib import Path


def is_server(location: str) -> bool:
    """Tell whether a location is a PostgreSQL URL and not a file."""
    return location.startswith(("postgresql://", "postgres://"))


def file_of(location: str) -> Path:
    """Give the file of a SQLite location: a path, or sqlite:///path."""
    return Path(location.removeprefix("sqlite:///") if location.startswith("sqlite:///") else location).expanduser()
