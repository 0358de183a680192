"""TOML tables whose every value knows its place, so that a mistake can be told with file and line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.text import clean_line, clean_text, cut, key_from
from funneltui.errors import BadInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

KEY_LIMIT = 60
"""The most characters of a key."""

SIZE_LIMIT = 1_000_000
"""The most bytes of such a file: a pipeline, a mapping, the labels of forms."""

_KEY_SYNTAX = re.compile(rf"[A-Za-z0-9_-]{{1,{KEY_LIMIT}}}")
_KEY_RULE = f"letters a-z, digits, _ and -, at most {KEY_LIMIT} of them"
_TYPE_WORDS = {
    str: "text", bool: "true or false", int: "a whole number", float: "a fraction", list: "a list", dict: "a table",
}  # fmt: skip

_Place = tuple[str | int, ...]


def nearest(word: str, known: Iterable[str]) -> str:
    """Give a hint at the nearest of the known words, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(cut(word).lower(), known, 1)
    return f'; did you mean "{near[0]}"?' if near else ""


@dataclass(frozen=True, slots=True)
class File:
    """A parsed text: its name, and where in it each value begins."""

    where: str
    text: str
    offsets: Mapping[_Place, int]

    def line(self, place: _Place) -> int:
        """Give the line of what stands at `place`, or else of the nearest that holds it."""
        while place and place not in self.offsets:
            place = place[:-1]
        return self.text.count("\n", 0, self.offsets.get(place, 0)) + 1

    def wrong(self, place: _Place, message: str) -> BadInput:
        """Give the error of a value, with its file and line."""
        return BadInput(f"{self.where}, line {self.line(place)}: {message}")

    def wrong_at_end(self, message: str) -> BadInput:
        """Give the error of a thing that is missing at the end of the file."""
        return BadInput(f"{self.where}, line {_last_line(self.text)}: {message}")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file: it hands out checked values, and errors that say where."""

    file: File
    place: _Place
    label: str
    values: Mapping[str, object]

    def wrong(self, message: str, *inside: str | int) -> BadInput:
        """Give the error of something in this table, with its line."""
        return self.file.wrong((*self.place, *inside), f"{self.label}{message}")

    def refuse_unknown(self, known: Sequence[str], at_top: Sequence[str] = ()) -> None:
        """Refuse keys that are not known; of one that belongs to the top of the file say so."""
        for name in self.values:
            if name in known:
                continue
            hint = nearest(name, known) or f"; expected some of {', '.join(known)}"
            if name in at_top:
                hint = "; expected it at the top of the file, above the first [[...]]"
            raise self.wrong(f'unknown key "{cut(name)}"{hint}', name)

    def text(self, name: str) -> str:
        """Give text of several lines, cleaned; empty if absent."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            raise self.wrong(f'{name} is {type_words(value)}; expected text in quotes, {name} = "..."', name)
        return clean_text(value)

    def line(self, name: str, *, required: bool = False) -> str:
        """Give one line of text, cleaned; empty if absent."""
        value = clean_line(self.text(name))
        if required and not value:
            state = "empty" if name in self.values else "missing"
            raise self.wrong(f'{name} is {state}; expected {name} = "..."', name)
        return value

    def key(self) -> str:
        """Give the table's key: there, well written."""
        self.line("key", required=True)
        key = str(self.values["key"])
        if not _KEY_SYNTAX.fullmatch(key):
            raise self.wrong(f'key "{cut(key, KEY_LIMIT)}" cannot be a key; expected {_KEY_RULE}', "key")
        return key

    def choice(self, name: str, among: Sequence[str]) -> str:
        """Give one of `among`; empty if absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(f"{name} is {type_words(value)}; expected one of {', '.join(among)}", name)
        if value not in among:
            raise self.wrong(f'{name} "{cut(value)}" is none of {", ".join(among)}', name)
        return value

    def number(self, name: str, most: int, what: str) -> int | None:
        """Give a whole number from 0 to `most`, or nothing if absent."""
        value = self.values.get(name)
        if value is None:
            return None
        expected = f"expected {what} from 0 to {most}"
        # A truth value is a number to Python, not to the person who wrote it.
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(f"{name} is {type_words(value)}; {expected}", name)
        if not 0 <= value <= most:
            raise self.wrong(f"{name} is {'below 0' if value < 0 else 'too large'}; {expected}", name)
        return value

    def tables(self, name: str, known: Sequence[str], at_top: Sequence[str] = ()) -> list[Table]:
        """Give the tables listed under `name`, with none but `known` keys; each is labelled by its key or number.

        `at_top` are the keys that belong to the top of the file: one of those in here gets that hint.
        """
        value = self.values.get(name, [])
        expected = f"expected a list of tables, [[{name}]] once for each"
        if name == "details":
            expected = 'expected a list, details = [{ key = "...", name = "..." }]'
        if not isinstance(value, list):
            raise self.wrong(f"{name} is {type_words(value)}; {expected}", name)
        tables = []
        for rank, one in enumerate(value):
            if not isinstance(one, dict):
                raise self.wrong(f"{name} holds {type_words(one)}; {expected}", name, rank)
            key = one.get("key")
            called = f'"{cut(key)}"' if isinstance(key, str) and cut(key) else str(rank + 1)
            label = f"{self.label}{name.removesuffix('s')} {called}: "
            tables.append(Table(self.file, (*self.place, name, rank), label, one))
            tables[-1].refuse_unknown(known, at_top)
        return tables


def type_words(value: object) -> str:
    """Give the words for the type of a TOML value."""
    return _TYPE_WORDS.get(type(value), "a date or time")


def key_for(name: str) -> str:
    """Give a key that a name suggests and that a file can hold; nothing, if no letter or digit of it can stand there."""
    return "".join(sign for sign in key_from(name) if sign.isascii())[:KEY_LIMIT]


def read_text(path: Path, what: str) -> str:
    """Give the text of a TOML file; `what` it should be stands in messages: "a pipeline file".

    Raises:
        NotFound: there is no such file.
        BadInput: it cannot be read, is over 1 MB, or is not UTF-8: then the line is named.
    """
    where = clean_line(str(path))
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # also a path that cannot be
        raise NotFound(f'there is no file "{where}"') from None
    except OSError as error:
        raise BadInput(f"{where} cannot be read: {error.strerror}; expected {what} (TOML)") from error
    if len(content) > SIZE_LIMIT:
        raise BadInput(f"{where} is too large for {what}; expected at most 1 MB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"{content[error.start]:#04x}"
        raise BadInput(f"{where}, line {line}: byte {byte} is not UTF-8; expected UTF-8 text") from error


# tomllib reads the values; the scan below finds their places.


def parse(text: str, where: str) -> Table:
    """Give the top table of a TOML text.

    Raises:
        BadInput: it is no TOML; the message names `where` and the line.
    """
    where = clean_line(where)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if len(text) > SIZE_LIMIT:
        raise BadInput(f"{where} is too large; expected at most 1 MB")
    try:
        values = tomllib.loads(text)
        offsets = _offsets(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(text, where, str(error)) from error
    except ValueError as error:
        # Python refuses to read so long a number, and does not say where it stands.
        found = re.search(r"\w{1000,}", text)
        line = text.count("\n", 0, found.start() if found else 0) + 1
        raise BadInput(f"{where}, line {line}: a number is too long; expected a number of a few digits") from error
    except RecursionError as error:
        raise BadInput(f"{where}, line 1: lists are nested too deeply; expected at most a few levels") from error
    return Table(File(where, text, offsets), (), "", values)


def _not_toml(text: str, where: str, message: str) -> BadInput:
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    line = int(found[1]) if found and found[1] else _last_line(text)
    what = cut(message[: found.start()] if found else message, 120)
    return BadInput(f'{where}, line {line}: {what}; expected TOML, such as name = "In negotiation"')


def _last_line(text: str) -> int:
    return text.rstrip("\n").count("\n") + 1


_GAP = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_KEY_PART = re.compile(r"""[ \t]*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*""")
_SCALAR = re.compile(
    r'''"""(?:\\.|[^\\])*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:\\.|[^"\\])*"|'[^']*'|[^,\]}#\n]+''', re.DOTALL
)


def _offsets(text: str) -> dict[_Place, int]:
    """Give where each table, key and list item of a valid TOML `text` begins: tomllib does not tell."""
    offsets: dict[_Place, int] = {}
    counts: dict[_Place, int] = {}
    table: _Place = ()
    at = _skip(_GAP, text, 0)
    while at < len(text):
        begin = at
        brackets = 2 if text.startswith("[[", at) else 1 if text[at] == "[" else 0
        keys, at = _keys(text, at + brackets)
        if brackets:
            table = _table_place(keys, counts, another=brackets == 2)
            offsets.setdefault(table, begin)
            at += brackets
        else:
            offsets.setdefault(table + keys, begin)
            at = _scan_value(text, at + 1, table + keys, offsets)
        at = _skip(_GAP, text, at)
    return offsets


def _table_place(keys: tuple[str, ...], counts: dict[_Place, int], *, another: bool) -> _Place:
    place: _Place = ()
    for rank, key in enumerate(keys, 1):
        place = (*place, key)
        if another and rank == len(keys):
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _scan_value(text: str, at: int, place: _Place, offsets: dict[_Place, int]) -> int:
    """Note the places inside the value at `at`; give where it ends."""
    at = _skip(_GAP, text, at)
    if text[at] not in "[{":
        return _skip(_SCALAR, text, at)
    is_list, rank = text[at] == "[", 0
    at = _skip(_GAP, text, at + 1)
    while text[at] not in "]}":
        begin, inner = at, (*place, rank)
        if not is_list:
            keys, at = _keys(text, at)
            inner, at = place + keys, at + 1
        offsets.setdefault(inner, begin)
        at = _skip(_GAP, text, _scan_value(text, at, inner, offsets))
        if text[at] == ",":
            at = _skip(_GAP, text, at + 1)
        rank += 1
    return at + 1


def _keys(text: str, at: int) -> tuple[tuple[str, ...], int]:
    keys = []
    while match := _KEY_PART.match(text, at):
        keys.append(match[1].strip("\"'"))
        at = match.end()
        if text[at] != ".":
            break
        at += 1
    return tuple(keys), at


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
