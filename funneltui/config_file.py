"""The config file, read: every mistake in it is a message with its line, ignored, and never stops the program."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from funneltui.domain.text import clean_line, cut
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from funneltui.settings import Value

SIZE_LIMIT = 100_000
"""The most bytes of a config file."""

MOST_PROBLEMS = 30
"""How many mistakes of one file are told."""

Place = tuple[str, ...]
"""Where in the file something stands: the names of its tables, then its own."""


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """What a config file says: the settings that it names, the keys of actions, and what is wrong with the rest."""

    path: Path
    values: Mapping[str, Value] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    _text: str = field(default="", repr=False)
    _places: Mapping[str, Place] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """The file's path as people read it."""
        return shown_path(self.path)

    def line(self, key: str) -> int | None:
        """Give the line in which a setting or `keys.ACTION` stands; none if the file does not name it."""
        place = self._places.get(key)
        return None if place is None else _line(self._text, place)

    def told(self, key: str, message: str) -> str:
        """Give a message about a setting or `keys.ACTION`, with its file and line."""
        line = self.line(key)
        return f"{self.name}{f', line {line}' if line else ''}: {message}"


def shown_path(path: Path) -> str:
    """Give a path for a message: harmless, and short under the home folder."""
    home = os.path.expanduser("~")
    text = str(path)
    return clean_line(f"~{text.removeprefix(home)}" if home != "/" and text.startswith(f"{home}/") else text)


def read(path: Path) -> ConfigFile:
    """Read a config file; there being none is no problem, and nothing is imported for it."""
    try:
        found = content(path)
        if found is None:
            return ConfigFile(path)
        text = decoded(found)
        data = parsed(text)
    except OSError as error:
        return _refused(path, f"cannot be read: {error.strerror}")
    except BadInput as error:
        return _refused(path, str(error))
    return _Reading(path, text).finish(data)


def _refused(path: Path, why: str) -> ConfigFile:
    return ConfigFile(path, problems=(f"{shown_path(path)}: {why}; the whole file is ignored",))


def content(path: Path) -> bytes | None:
    """Give the bytes of a config file, or nothing if there is none; a pipe or a device would make us wait.

    Raises:
        BadInput: it is no plain file, or too large. OSError: it cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise BadInput(f"is {'a folder' if stat.S_ISDIR(mode) else 'no plain file'}; expected a file with TOML")
        with open(descriptor, "rb", closefd=False) as file:
            found = file.read(SIZE_LIMIT + 1)
    finally:
        os.close(descriptor)
    if len(found) > SIZE_LIMIT:
        raise BadInput(f"is too large for a config file; expected at most {SIZE_LIMIT // 1000} kB")
    return found


def decoded(content: bytes) -> str:
    """Give a file's text.

    Raises:
        BadInput: it is not UTF-8; the message has the line.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(f"line {line}: byte {content[error.start]:#04x} is not UTF-8; expected UTF-8 text") from error


def parsed(text: str) -> dict[str, Any]:
    """Give what a text says.

    Raises:
        BadInput: it is no TOML; the message has the line.
    """
    import tomllib

    expected = 'expected TOML, such as theme = "day"'
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{cut(str(error), 120)}; {expected}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists of thousands of levels
        raise BadInput(f"a number is too long, or lists are nested too deeply; {expected}") from error


def _line(text: str, place: Place) -> int:
    from funneltui.exchange.toml_places import parse

    return parse(text, "").file.line(place)


class _Reading:
    """One file being read."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = path, text
        self._values: dict[str, Value] = {}
        self._keys: dict[str, str] = {}
        self._places: dict[str, Place] = {}
        self._mistakes: list[tuple[Place, str]] = []

    def finish(self, data: Mapping[str, Any]) -> ConfigFile:
        """Give what the data say, each part by itself."""
        from funneltui.settings import KEYS_TABLE, TABLES

        for name, value in data.items():
            if name == KEYS_TABLE:
                self._read_keys(value)
            elif name in TABLES and isinstance(value, dict):
                for inner, one in value.items():
                    self._read_setting((name, inner), one)
            else:
                self._read_setting((name,), value)
        return ConfigFile(self._path, self._values, self._keys, tuple(self._problems()), self._text, self._places)

    def _problems(self) -> Iterator[str]:
        name = shown_path(self._path)
        for place, message in self._mistakes[:MOST_PROBLEMS]:
            yield f"{name}, line {_line(self._text, place)}: {message}; ignored"
        more = len(self._mistakes) - MOST_PROBLEMS
        if more > 0:
            yield f"{name}: {more} more mistakes are ignored"

    def _read_setting(self, place: Place, value: object) -> None:
        from funneltui import settings

        key = ".".join(place)
        known = settings.BY_KEY.get(key)
        try:
            if place[0] in settings.TABLES and len(place) == 1:
                raise BadInput(f"{key} is no table; expected [{key}] in a line of its own, and its settings below")
            if known is None or any("." in part for part in place):
                raise BadInput(settings.unknown(key))
            self._values[key] = settings.checked(known, value)
            self._places[key] = place
        except BadInput as error:
            self._mistakes.append((place, str(error)))

    def _read_keys(self, given: object) -> None:
        from funneltui.settings import KEYS_TABLE, checked_keys

        if not isinstance(given, dict):
            self._mistakes.append(((KEYS_TABLE,), 'keys is no table; expected [keys] and below it "deal.win" = "w"'))
            return
        for place, value in _actions(given):
            action = ".".join(place)
            try:
                self._keys[action] = checked_keys(action, value)
                self._places[f"{KEYS_TABLE}.{action}"] = (KEYS_TABLE, *place)
            except BadInput as error:
                self._mistakes.append(((KEYS_TABLE, *place), str(error)))


def _actions(given: Mapping[str, object]) -> Iterator[tuple[Place, object]]:
    """Give the actions of the table of keys: `deal.win = "w"` without quotes is a table within it to TOML."""
    for name, value in given.items():
        if isinstance(value, dict) and "." not in name:
            for inner, one in value.items():
                yield (name, inner), one
        else:
            yield (name,), value
