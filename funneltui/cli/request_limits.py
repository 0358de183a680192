"""Who may send forms, and how many: the token, compared in constant time, and the rates per address and in all."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from funneltui.errors import BadInput, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VARIABLE = "FUNNELTUI_INBOX_TOKEN"
_LEAST, _MOST = 16, 4096
_ADDRESSES = 10_000
_MINUTE = 60.0


@dataclass(frozen=True, slots=True)
class Token:
    """The secret that a request must bring: only what is needed to know it again is kept."""

    digest: bytes = field(repr=False)

    def is_brought(self, authorization: str) -> bool:
        """Tell whether a header "Bearer ..." brings it; how long that takes says nothing of it."""
        scheme, _, given = authorization.strip().partition(" ")
        same = hmac.compare_digest(_digest(given.strip()), self.digest)
        return same and scheme.lower() == "bearer"


def read_token(path: Path | None) -> Token:
    """Give the token that a file holds, else the environment.

    Raises:
        BadInput: there is none, it is too short to be secret, or others may read the file. StorageError: no such file.
    """
    if path is None:
        text = os.environ.get(VARIABLE, "")
        if not text.strip():
            raise BadInput(f"a token is needed: name a file that holds it with --token-file, or set {VARIABLE}")
    else:
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                if os.fstat(file.fileno()).st_mode & 0o077:
                    raise BadInput(f"other accounts can read {path}, which holds the token; run: chmod 600 {path}")
                text = file.read(_MOST)
        except OSError as error:
            raise StorageError(f"cannot read the token in {path}: {error.strerror or error}") from error
    if len(text.strip()) < _LEAST:
        raise BadInput(
            f"the token is too short to be secret; it needs {_LEAST} characters, such as `openssl rand -hex 24`"
        )
    return Token(_digest(text.strip()))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


class Rates:
    """How many requests come, per address and of all that were let in: each may fill a minute's worth at once."""

    def __init__(self, per_address: int, in_all: int, clock: Callable[[], float]) -> None:
        """Let so many a minute through, by a clock in seconds."""
        self._most, self._most_in_all = per_address, in_all
        self._clock = clock
        self._lock = Lock()
        self._left: dict[str, tuple[float, float]] = {}
        self._all = (float(in_all), clock())

    def lets_in(self, address: str) -> bool:
        """Tell whether a request of an address may go on, and count it; a network of IPv6 (/64) is one address."""
        with self._lock:
            now, key = self._clock(), _network(address)
            left, since = self._left.pop(key, (float(self._most), now))
            left = min(self._most, left + (now - since) * self._most / _MINUTE)
            # Popped and put back it stands last: the address that was silent longest is forgotten first.
            self._left[key] = (max(left - 1, 0), now) if left >= 1 else (left, now)
            if len(self._left) > _ADDRESSES:
                del self._left[next(iter(self._left))]
            return left >= 1

    def lets_through(self) -> bool:
        """Tell whether one more form may be stored, and count it."""
        with self._lock:
            now = self._clock()
            left = min(self._most_in_all, self._all[0] + (now - self._all[1]) * self._most_in_all / _MINUTE)
            self._all = (left - 1 if left >= 1 else left, now)
            return left >= 1


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(known, ipaddress.IPv4Address):
        return address
    return str(known.ipv4_mapped or ipaddress.ip_network((known, 64), strict=False))
