"""The rejected rows of an import while it runs and after it: very many of them wait on the disk, not in the memory."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, overload
from weakref import finalize

from funneltui.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_IN_MEMORY = 1 << 20
"""So many bytes of reasons stay in the memory; more go into a file without a name, which is gone with the program."""


class Rejected(NamedTuple):
    """A row that was not taken in: its line in the file, and why."""

    line: int
    why: str


class Rejections(Sequence[Rejected]):
    """Rejected rows in the order of their lines, each read when it is asked for."""

    def __init__(self) -> None:
        """Begin with none."""
        self._kept = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        finalize(self, self._kept.close)  # it lives as long as the report
        self._count = 0

    def add(self, line: int, why: str) -> None:
        """Add a row.

        Raises:
            StorageError: there is no room for it.
        """
        try:
            self._kept.seek(0, os.SEEK_END)  # somebody may have looked at them meanwhile
            self._kept.write(json.dumps((line, why)).encode() + b"\n")
        except OSError as error:
            message = f"cannot note the rejected rows in {tempfile.gettempdir()}: {error.strerror or error}"
            raise StorageError(message) from error
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Rejected]:
        place = 0
        while True:
            self._kept.seek(place)
            some = self._kept.readlines(_IN_MEMORY)
            if not some:
                return
            place = self._kept.tell()
            yield from (Rejected(*json.loads(one)) for one in some)

    @overload
    def __getitem__(self, asked: int) -> Rejected: ...

    @overload
    def __getitem__(self, asked: slice) -> tuple[Rejected, ...]: ...

    def __getitem__(self, asked: int | slice) -> Rejected | tuple[Rejected, ...]:
        if isinstance(asked, int):
            return next(islice(self, range(self._count)[asked], None))
        first, last, step = asked.indices(self._count)
        if step > 0:
            return tuple(islice(self, first, max(first, last), step))
        return tuple(self)[asked]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<{self._count} rejected rows, the first: {self[:3]}>"
