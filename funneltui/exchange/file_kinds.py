"""Files that are no table: told by their first bytes or by their names, with what would do instead."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from funneltui.errors import BadInput
from funneltui.exchange.encodings import unreadable

if TYPE_CHECKING:
    from pathlib import Path

_STARTS = (
    (b"SQLite format 3\0", "is a database; open it as a workspace with --db"),
    (b"%PDF-", "is a PDF, which holds no table; save the deals as CSV or as a spreadsheet"),
    (b"\x1f\x8b", "is packed (gzip); unpack it first, for example with gunzip"),
    (b"\xfd7zXZ\0", "is packed (xz); unpack it first, for example with unxz"),
    (b"7z\xbc\xaf\x27\x1c", "is an archive (7z); unpack it and import the table in it"),
    (b"Rar!\x1a\x07", "is an archive (rar); unpack it and import the table in it"),
    (b"\x89PNG", "is a picture; save the deals as CSV or as a spreadsheet"),
    (b"\xff\xd8\xff", "is a picture; save the deals as CSV or as a spreadsheet"),
)
_JSON = (
    'is JSON and no table; "init --from" makes a workspace of what "export --what workspace" has written, '
    "deals alone are exported and imported as CSV or as a spreadsheet"
)
_MAIL = 'is mail; "add --from-mail" makes deals of it'
_ENDINGS = {".json": _JSON, ".jsonl": _JSON, ".ndjson": _JSON, ".eml": _MAIL, ".mbox": _MAIL}
_SHEETS = ("xl/", "content.xml", "mimetype")


def refuse_unfit(path: Path) -> None:
    """Refuse a file that is no table, nor a spreadsheet.

    Raises:
        BadInput: saying what it is, and what would do. StorageError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise unreadable(path, error) from error
    what = next((words for mark, words in _STARTS if start.startswith(mark)), None)
    if what is None and path.suffix.lower() == ".zip" and start.startswith(b"PK") and not _has_sheet(path):
        what = "is an archive (zip); unpack it and import the table in it"
    if what is None and not start.startswith((b"PK", b"\xd0\xcf")):
        what = _ENDINGS.get(path.suffix.lower())
    if what is not None:
        message = f"{path.name} {what}"
        raise BadInput(message)


def _has_sheet(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith(_SHEETS) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return False
