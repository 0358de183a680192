"""Drafts: what was being typed, a file each, kept until it is saved; files that are broken or foreign are passed by."""

from __future__ import annotations

import fcntl
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.custom_fields import is_field_key
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.text import LINE_LIMIT, NOTE_LIMIT, clean_line, clean_text
from funneltui.errors import StorageError
from funneltui.storage.database_places import file_of, is_server

if TYPE_CHECKING:
    from pathlib import Path

LIFETIME = timedelta(days=30)
"""How long a draft is kept that nobody goes on with."""

MOST = 20
"""How many drafts are offered at one start; older ones wait."""

SIZE_LIMIT = 2_000_000
"""The most bytes that a draft takes; a larger file is none."""

_FORMAT = 1
_GREATEST = 2**31 - 1
_LONG = ("notes", "words")


class What(StrEnum):
    """What was being typed."""

    NEW = "new"
    EDIT = "edit"
    NOTE = "note"
    NOTES = "notes"
    ENTRY = "entry"


NOTE_TEXTS = ("by", "words")
"""The texts of a note: what was done (note, call, mail, meeting), and the words."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was being typed, as text and by field, at a moment (UTC).

    Of a new deal `pipeline` is its pipeline's key; of everything else `number` and `title` are the deal's, `version` the one
    that was seen. An edit holds only what differs from that version; an empty text there is a field made empty. Of an entry
    of the inbox that is being completed `number` and `title` are the entry's, and it holds what differs from what arrived.
    """

    what: What
    texts: Mapping[str, str]
    at: datetime
    pipeline: str = ""
    number: int = 0
    version: int = 0
    title: str = ""


def owner_key(location: str, user: str) -> str:
    """Give what the files of a user's drafts in a workspace are known by; it tells neither where that is nor who he is.

    A file is known by its path, a database of a server by host, port and name: not by the password, which may change.
    """
    from hashlib import sha256

    place = _server_place(location) if is_server(location) else str(file_of(location).resolve())
    return sha256(f"{place}\n{user}".encode(errors="surrogateescape")).hexdigest()[:32]


def _server_place(location: str) -> str:
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(location)
    options = parse_qs(parts.query)
    host = parts.hostname or "".join(options.get("host", []))
    port = parts.port or "".join(options.get("port", []))
    return f"postgresql://{host}:{port}{parts.path}"


class DraftFile:
    """The place of one draft on the disk, held by this program from its first writing or its finding on.

    What is held is locked: no other program offers it. The system lets go for a program that has died.
    """

    def __init__(self, path: Path, owner: str, draft: Draft | None = None, held: int | None = None) -> None:
        """Name the file; `draft` is what stands in it, `held` the descriptor that locks it."""
        self.path, self.owner, self.draft = path, owner, draft
        self._held = held

    def keep(self, draft: Draft) -> None:
        """Write a draft in place of what is there: all of it or nothing, and on the disk when this returns.

        Raises:
            StorageError: the disk refuses.
        """
        content = _written(draft, self.owner)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            held = _replace(self.path, content)
        except OSError as error:
            message = f"what is being typed cannot be kept as a draft in {self.path.parent}: {error.strerror}"
            raise StorageError(message) from error
        self.release()
        self.draft, self._held = draft, held

    def drop(self) -> None:
        """Remove the draft, if there is one.

        Raises:
            StorageError: the disk refuses.
        """
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"the draft {self.path} cannot be removed: {error.strerror}") from error
        finally:
            self.release()
        self.draft = None

    def release(self) -> None:
        """Leave the draft where it is, for whoever asks next."""
        if self._held is not None:
            os.close(self._held)
            self._held = None


class DraftFolder:
    """The drafts of one user in one workspace, among those of others."""

    def __init__(self, folder: Path, owner: str) -> None:
        """Look into a folder for the files of an owner; see `owner_key`. The folder is made by the first draft."""
        self._folder, self._owner = folder, owner

    def begin(self) -> DraftFile:
        """Give a place for a new draft; nothing is written yet."""
        return DraftFile(self._folder / f"{self._owner}-{os.urandom(8).hex()}.json", self._owner)

    def waiting(self, now: datetime) -> list[DraftFile]:
        """Give the drafts that nobody is typing, newest first, and hold them; those past their lifetime are removed.

        What cannot be read, belongs to somebody else or is no draft stays where it is.
        """
        found: list[tuple[datetime, DraftFile]] = []
        self._sweep(now)
        for path in self._listed(".json"):
            file = _found(path, self._owner)
            if file is None or file.draft is None:
                continue
            if now - file.draft.at > LIFETIME:
                with suppress(StorageError):  # it stays, and is not offered
                    file.drop()
            else:
                found.append((file.draft.at, file))
        found.sort(key=lambda one: one[0], reverse=True)
        for _, file in found[MOST:]:
            file.release()
        return [file for _, file in found[:MOST]]

    def _listed(self, suffix: str) -> list[Path]:
        try:
            names = os.listdir(self._folder)
        except OSError:  # it is not there yet, or not for us
            return []
        return [self._folder / name for name in names if name.startswith(f"{self._owner}-") and name.endswith(suffix)]

    def _sweep(self, now: datetime) -> None:
        """Remove what a program that died in the very moment of writing has left half written."""
        for path in self._listed(".new"):
            with suppress(OSError):  # another program was quicker, or it may not be removed
                if now.timestamp() - path.lstat().st_mtime > LIFETIME.total_seconds():
                    path.unlink()


def _written(draft: Draft, owner: str) -> bytes:
    said = {
        "funneltui draft": _FORMAT, "owner": owner, "what": draft.what.value, "at": draft.at.astimezone(UTC).isoformat(),
        "pipeline": draft.pipeline, "number": draft.number, "version": draft.version, "title": clean_line(draft.title),
        "texts": _cleaned(draft.texts, draft.what),
    }  # fmt: skip
    return json.dumps(said).encode()


def _replace(path: Path, content: bytes) -> int:
    """Write a file beside the old one, lock it, and let it take its place; give the descriptor that locks it."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        _lock(descriptor)
        with open(descriptor, "wb", closefd=False) as file:
            file.write(content)
        os.fsync(descriptor)
        fresh.rename(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except BaseException:
        os.close(descriptor)
        fresh.unlink(missing_ok=True)
        raise
    return descriptor


def _found(path: Path, owner: str) -> DraftFile | None:
    """Give the draft of a file, held, or none: somebody is typing it, or it is not what it should be."""
    try:
        # A pipe would make us wait; a link could lead anywhere.
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return None
    try:
        draft = _read(descriptor, owner) if _is_ours(descriptor, path) else None
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):  # what JSON can go wrong with
        draft = None
    if draft is None:
        os.close(descriptor)
        return None
    return DraftFile(path, owner, draft, descriptor)


def _is_ours(descriptor: int, path: Path) -> bool:
    """Lock an open file and tell whether it is a plain one of ours, of a fair size, and still the one at its path."""
    if not _lock(descriptor):
        return False
    state = os.fstat(descriptor)
    plain = stat.S_ISREG(state.st_mode) and state.st_uid == os.geteuid() and state.st_size <= SIZE_LIMIT
    return plain and os.path.samestat(state, path.lstat())


def _lock(descriptor: int) -> bool:
    """Lock a file until its descriptor is closed, and tell whether nobody else has; not every disk knows locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # at worst two programs offer the same draft
    return True


def _read(descriptor: int, owner: str) -> Draft | None:
    with open(descriptor, "rb", closefd=False) as file:
        said = json.loads(file.read(SIZE_LIMIT + 1))
    if said["funneltui draft"] != _FORMAT or said["owner"] != owner:
        return None
    what, at = What(said["what"]), datetime.fromisoformat(said["at"]).astimezone(UTC)
    number, version = said["number"], said["version"]
    texts = _cleaned(said["texts"], what)
    if not texts or not all(type(one) is int and 0 <= one <= _GREATEST for one in (number, version)):
        return None
    return Draft(what, texts, at, clean_line(said["pipeline"]), number, version, clean_line(said["title"]))


def _cleaned(texts: Mapping[str, object], what: What) -> dict[str, str]:
    """Give the texts that a form of this kind has, made harmless."""
    own = (name for name in texts if isinstance(name, str) and name not in FIELD_LABELS and is_field_key(name))
    names = NOTE_TEXTS if what is What.NOTE else (*FIELD_LABELS, *own)
    given = {name: text for name in names if name in texts and isinstance(text := texts[name], str)}
    if what is What.NOTES:  # the only one of several lines
        return {name: clean_text(text) for name, text in given.items() if name == "notes"}
    return {name: clean_line(text, NOTE_LIMIT if name in _LONG else LINE_LIMIT) for name, text in given.items()}
