"""The config file, changed: settings written or taken out, comments and order left as they are, all of it or nothing."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funneltui import config_file, settings
from funneltui.config_file import shown_path
from funneltui.errors import BadInput, NotFound, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from funneltui.config_file import Place
    from funneltui.settings import Value

Table = MutableMapping[str, Any]

_FIRST_LINE = "# The settings of funneltui; `funneltui config` shows them all, docs/config.md explains them.\n"


def set_value(path: Path, key: str, value: object) -> Value:
    """Write a setting, or the keys of an action as `keys.ACTION`, into a config file; give the value as it was written.

    See `set_values`.
    """
    return set_values(path, {key: value})[key]


def set_values(path: Path, wanted: Mapping[str, object]) -> dict[str, Value]:
    """Write settings, or keys of actions as `keys.ACTION`, into a config file, all or none; give them as they were written.

    A file and folder that are not there are made, for their owner alone.

    Raises:
        NotFound: there is no such setting. BadInput: it cannot have this value, or the file is broken as it stands.
        StorageError: the disk refuses.
    """
    checked = {key: _checked(key, value) for key, value in wanted.items()}

    def put(data: Table) -> None:
        for key, value in checked.items():
            table, name = _place_of(data, _place(key))
            table[name] = list(value) if isinstance(value, tuple) else value

    _change(path, put)
    return checked


def _checked(key: str, value: object) -> Value:
    action = action_of(key)
    return settings.checked_keys(action, value) if action else settings.checked(settings.setting(key), value)


def unset_value(path: Path, key: str) -> None:
    """Take a setting, or `keys.ACTION`, out of a config file: what it is without it holds again.

    Raises:
        NotFound: there is no such setting, or the file does not name it. BadInput: the file is broken as it stands.
        StorageError: the disk refuses.
    """
    if not action_of(key):
        settings.setting(key)

    def take(data: Table) -> None:
        table, name = _place_of(data, _place(key))
        if name not in table:
            raise NotFound(f"{shown_path(path)} does not set {key}")
        del table[name]

    _change(path, take)


def action_of(key: str) -> str:
    """Give the action of `keys.ACTION`, or nothing if that is no key of an action."""
    return key.removeprefix(f"{settings.KEYS_TABLE}.") if key.startswith(f"{settings.KEYS_TABLE}.") else ""


def _place(key: str) -> Place:
    action = action_of(key)
    return (settings.KEYS_TABLE, action) if action else tuple(key.split("."))


def _place_of(data: Table, place: Place) -> tuple[Table, str]:
    """Give the table in which something stands or is to stand, made if it is not there, and its name in it."""
    *tables, name = place
    table = data
    for one in tables:
        if one not in table:
            table[one] = {}
        inner = table[one]
        if not isinstance(inner, MutableMapping):
            raise BadInput(f"{one} is no table in the config file; write [{one}] there first")
        table = inner
    # deal.win = "w" without quotes: a table within the table of keys.
    outer, _, rest = name.partition(".")
    within = table.get(outer)
    return (within, rest) if rest and isinstance(within, MutableMapping) and rest in within else (table, name)


def _change(path: Path, change: Callable[[Table], None]) -> None:
    """Change a file; what it says afterwards is compared with what it should say before anything is written."""
    before = _text(path)
    try:
        wanted = config_file.parsed(before)
    except BadInput as error:
        raise BadInput(f"{shown_path(path)}: {error}; mend it in an editor first") from error
    change(wanted)
    after = _changed(before, change)
    if after is None or _filled(config_file.parsed(after)) != _filled(wanted):
        raise BadInput(f"{shown_path(path)} is written in a way that cannot be changed here; change it in an editor")
    _write(path, after)


def _filled(data: Mapping[str, Any]) -> dict[str, Any]:
    """Give what is said without tables that hold nothing: they say nothing."""
    inner = {name: _filled(value) if isinstance(value, dict) else value for name, value in data.items()}
    return {name: value for name, value in inner.items() if value != {}}


def _changed(text: str, change: Callable[[Table], None]) -> str | None:
    """Give a text after a change, or nothing if it is too much for the library that keeps comments and order."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        change(document)
        return tomlkit.dumps(document)
    except (TOMLKitError, RecursionError):
        return None


def _text(path: Path) -> str:
    """Give what stands in the file; what a new one begins with, if there is none.

    Raises:
        BadInput: it is broken, and would be lost if it were written anew.
    """
    try:
        content = config_file.content(path)
        return _FIRST_LINE if content is None else config_file.decoded(content)
    except OSError as error:
        raise StorageError(f"{shown_path(path)} cannot be read: {error.strerror}") from error
    except BadInput as error:
        raise BadInput(f"{shown_path(path)}: {error}; mend it in an editor first") from error


def _write(path: Path, text: str) -> None:
    """Write beside the file and let that take its place; a link to it stays one, its mode is kept."""
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o600
        if target.exists() and not os.access(target, os.W_OK):
            raise StorageError(f"{shown_path(path)} is write-protected")
        descriptor, fresh = tempfile.mkstemp(prefix=".config-", suffix=".toml", dir=target.parent)
        try:
            with open(descriptor, "wb") as file:
                os.fchmod(descriptor, mode)
                file.write(text.encode())
                file.flush()
                os.fsync(descriptor)
            os.replace(fresh, target)
        except BaseException:
            with suppress(OSError):  # it has taken its place already
                os.unlink(fresh)
            raise
    except OSError as error:
        raise StorageError(f"{shown_path(path)} cannot be written: {error.strerror}") from error
