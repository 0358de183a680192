"""Where a workspace is, as it may be shown."""

from __future__ import annotations

from urllib.parse import urlsplit

from funneltui.storage.database_places import file_of, is_server


def shown_location(location: str) -> str:
    """Give a location for showing: a file's path, or a server's URL without user, password and options."""
    if not is_server(location):
        return str(file_of(location))
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
