"""The pages of a SQLite file read without SQLite: what is still legible of a file that it refuses.

After the file format of sqlite.org/fileformat2.html; texts are UTF-8, as in every file that funneltui makes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Value = int | float | str | bytes | None
Row = tuple[Value, ...]

_LEAF, _INTERIOR = 0x0D, 0x05
_SIZES = tuple(2**power for power in range(9, 17))
_WAL_HEADER, _FRAME_HEADER = 32, 24
_LONGEST = 64 * 1024 * 1024
"""The bytes of a record beyond which its length is taken for a damaged one."""


class Illegible(Exception):
    """A page, or a row on it, cannot be read."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What a leaf of a table holds: its legible rows by their rowids, and how many are not."""

    rows: tuple[tuple[int, Row], ...]
    lost: int


class PageFile:
    """The pages of a file, numbered from 1, each in the last state that its write-ahead log has committed.

    `illegible` are those to which a table led and which turned out to be none of a table's.
    """

    def __init__(self, path: Path) -> None:
        """Read a file, and the log beside it if there is one; neither is changed.

        Raises:
            OSError: it cannot be read.
        """
        self._bytes = path.read_bytes()
        self.size = _page_size(self._bytes)
        wal = path.with_name(f"{path.name}-wal")
        self._newer = _committed(wal.read_bytes(), self.size) if wal.is_file() else {}
        reserved = self.page(1)[20] if self.count else 0
        self.illegible: set[int] = set()
        self._usable = self.size - (reserved if reserved <= 32 else 0)

    @property
    def count(self) -> int:
        """How many pages there are."""
        return max(-(-len(self._bytes) // self.size), max(self._newer, default=0))

    def page(self, number: int) -> bytes:
        """Give the bytes of a page; of one that is cut off, zeros for what is missing.

        Raises:
            Illegible: there is no such page.
        """
        if number in self._newer:
            return self._newer[number]
        start = (number - 1) * self.size
        if number < 1 or start >= len(self._bytes):
            raise Illegible
        return self._bytes[start : start + self.size].ljust(self.size, b"\0")

    def kind(self, number: int) -> int:
        """Give what a page says that it is."""
        return self.page(number)[_header_at(number)]

    def is_leaf(self, number: int) -> bool:
        """Tell whether a page says that it holds rows of a table."""
        return self.kind(number) == _LEAF

    def leaves(self, root: int) -> Iterator[int]:
        """Give the leaves of a table as far as the way to them is legible, each once."""
        seen: set[int] = set()
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            try:
                kind = self.kind(number)
                if kind == _LEAF:
                    yield number
                elif kind == _INTERIOR:
                    waiting += reversed(self._children(number))
                else:
                    self.illegible.add(number)
            except (Illegible, struct.error):
                self.illegible.add(number)

    def _children(self, number: int) -> list[int]:
        page, at = self.page(number), _header_at(number)
        (count,) = struct.unpack_from(">H", page, at + 3)
        found: list[int] = []
        for place in range(min(count, self.size // 6)):
            (cell,) = struct.unpack_from(">H", page, at + 12 + 2 * place)
            if cell + 4 <= self.size:
                found += struct.unpack_from(">I", page, cell)
        return [*found, *struct.unpack_from(">I", page, at + 8)]

    def unused(self) -> frozenset[int]:
        """Give the pages on the list of those that hold nothing any more, as far as it is legible."""
        found: set[int] = set()
        (trunk,) = struct.unpack_from(">I", self.page(1), 32)
        while trunk and trunk not in found and trunk <= self.count:
            found.add(trunk)
            page = self.page(trunk)
            trunk, count = struct.unpack_from(">II", page)
            found.update(struct.unpack_from(f">{min(count, self.size // 4 - 2)}I", page, 8))
        return frozenset(found)

    def cells(self, number: int) -> Cells:
        """Give the rows of a leaf, each by itself: one that is damaged takes no other with it.

        Raises:
            Illegible: the page is no leaf, or says nothing that can be.
        """
        page, at = self.page(number), _header_at(number)
        if page[at] != _LEAF:
            raise Illegible
        (count,) = struct.unpack_from(">H", page, at + 3)
        if count > (self.size - at - 8) // 2:
            raise Illegible
        rows, lost = [], 0
        for place in range(count):
            (cell,) = struct.unpack_from(">H", page, at + 8 + 2 * place)
            try:
                rows.append(self._row(page, cell))
            except (Illegible, IndexError, struct.error, UnicodeError, OverflowError):
                lost += 1
        legible = [row for place, row in enumerate(rows) if _is_in_order(rows, place)]
        return Cells(tuple(legible), lost + len(rows) - len(legible))

    def _row(self, page: bytes, at: int) -> tuple[int, Row]:
        length, at = _varint(page, at)
        rowid, at = _varint(page, at)
        if not 0 < length <= _LONGEST:
            raise Illegible
        return _signed(rowid), _record(self._payload(page, at, length))

    def _payload(self, page: bytes, at: int, length: int) -> bytes:
        """Give a record, the part of it that lies on other pages included."""
        most = self._usable - 35
        if length <= most:
            return _exactly(page[at : at + length], length)
        least = (self._usable - 12) * 32 // 255 - 23
        here = least + (length - least) % (self._usable - 4)
        here = here if here <= most else least
        parts = [page[at : at + here]]
        (next_page,) = struct.unpack_from(">I", page, at + here)
        left, seen = length - here, set[int]()
        while left > 0:
            if next_page in seen:
                raise Illegible
            seen.add(next_page)
            beyond = self.page(next_page)
            (next_page,) = struct.unpack_from(">I", beyond)
            parts.append(beyond[4 : 4 + min(left, self._usable - 4)])
            left -= self._usable - 4
        return _exactly(b"".join(parts), length)


def _is_in_order(rows: list[tuple[int, Row]], place: int) -> bool:
    """Tell whether a row stands where its rowid puts it: rowids grow, a damaged one is larger than what comes after it."""
    rowid = rows[place][0]
    later = [number for number, _ in rows[place + 1 : place + 3]]
    earlier = [number for number, _ in rows[max(0, place - 2) : place]]
    return (not later or rowid < max(later)) and (not earlier or rowid > min(earlier))


def _exactly(data: bytes, length: int) -> bytes:
    if len(data) != length:
        raise Illegible
    return data


def _header_at(number: int) -> int:
    return 100 if number == 1 else 0


def _page_size(data: bytes) -> int:
    """Give the size of the pages as the file's head says it, or the usual one if it says what cannot be."""
    said = int.from_bytes(data[16:18], "big")
    said = 65536 if said == 1 else said
    return said if said in _SIZES else 4096


def _committed(log: bytes, size: int) -> dict[int, bytes]:
    """Give the pages that a write-ahead log has committed, the last state of each."""
    found: dict[int, bytes] = {}
    pending: dict[int, bytes] = {}
    salts = log[16:24]
    if len(log) < _WAL_HEADER or int.from_bytes(log[8:12], "big") != size:
        return found
    for start in range(_WAL_HEADER, len(log) - _FRAME_HEADER - size + 1, _FRAME_HEADER + size):
        number, commits = struct.unpack_from(">II", log, start)
        if log[start + 8 : start + 16] != salts:
            break
        pending[number] = log[start + _FRAME_HEADER : start + _FRAME_HEADER + size]
        if commits:
            found |= pending
            pending = {}
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        byte = data[at + place]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + place + 1
    return value << 8 | data[at + 8], at + 9


def _signed(value: int) -> int:
    return value - (1 << 64) if value >> 63 else value


_WIDTHS = (0, 1, 2, 3, 4, 6, 8)


def _record(data: bytes) -> Row:
    """Give the values of a record; a text with a damaged letter keeps the others."""
    head, at = _varint(data, 0)
    kinds = []
    while at < head:
        kind, at = _varint(data, at)
        kinds.append(kind)
    if at != head:
        raise Illegible
    values: list[Value] = []
    for kind in kinds:
        value, at = _value(data, at, kind)
        values.append(value)
    if at != len(data):
        raise Illegible
    return tuple(values)


def _value(data: bytes, at: int, kind: int) -> tuple[Value, int]:
    if kind < len(_WIDTHS):
        end = at + _WIDTHS[kind]
        return (int.from_bytes(data[at:end], "big", signed=True) if kind else None), end
    if kind == 7:
        return struct.unpack_from(">d", data, at)[0], at + 8
    if kind in (8, 9):
        return kind - 8, at
    if kind < 12:
        raise Illegible
    end = at + (kind - 12) // 2
    part = data[at:end]
    return (part.decode(errors="replace") if kind % 2 else part), end
