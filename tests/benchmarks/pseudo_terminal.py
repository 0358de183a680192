"""A program in a pseudo-terminal that answers as xterm does: time-stamped output, keys, the program's CPU and memory.

Nothing is drawn while the clock runs: the output is kept, and `screen_reading` looks at it afterwards.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import clock_gettime, monotonic, perf_counter, sleep
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import TracebackType

ROWS, COLUMNS = 40, 140

_MODE = rb"\x1b\[\?(?P<mode>\d+)\$p"
_QUERY = re.compile(
    _MODE + rb"|\x1b\[(?P<da1>0?)c|\x1b\[>(?P<da2>0?)c|\x1b\[(?P<dsr>[56])n|\x1b\[>(?P<version>0?)q"
    rb"|\x1b\](?P<color>1[01]);\?(?:\x07|\x1b\\)"
)
_LONGEST_QUERY = 16


@dataclass(frozen=True, slots=True)
class Chunk:
    """What was read at once: when, in seconds since the program was started, and what."""

    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Burst:
    """What a key brought: bytes, milliseconds of CPU, milliseconds to the last byte; and the output for looking at."""

    bytes: int
    cpu: float
    latency: float
    pressed: float
    chunks: tuple[Chunk, ...]


class PseudoTerminal:
    """Runs one program, and ends it and no other."""

    def __init__(self, argv: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        """Start the program in a folder with this environment and no other."""
        self.chunks: list[Chunk] = []
        self._started = perf_counter()
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            _become(argv, environment, folder)

    def __enter__(self) -> PseudoTerminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def now(self) -> float:
        """Give the seconds since the program was started."""
        return perf_counter() - self._started

    def cpu(self) -> float:
        """Give the CPU of the whole process in ms, from its clock: /proc counts in hundredths of a second only."""
        return clock_gettime((~self._pid << 3) | 2) * 1000

    def memory(self) -> float:
        """Give the most memory that the process has had, in MB."""
        status = Path(f"/proc/{self._pid}/status").read_text(encoding="ascii", errors="replace")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else float("nan")

    def wait_for(self, text: bytes, timeout: float = 60) -> None:
        """Read until a text is in the output; raises TimeoutError when it does not come."""
        end = monotonic() + timeout
        seen = b""
        while text not in seen:
            chunk = self._read(end - monotonic())
            if chunk is None:
                message = f"the program never showed {text!r}; the last of its output: {seen[-400:]!r}"
                raise TimeoutError(message)
            seen = seen[-len(text) - 4000 :] + chunk.data

    def settle(self, quiet: float) -> None:
        """Read until nothing has come for so many seconds."""
        while self._read(quiet) is not None:
            pass

    def press(self, keys: bytes, quiet: float = 0.12, timeout: float = 2) -> Burst:
        """Write a key and read until nothing has come for `quiet` seconds, or nothing at all within `timeout`."""
        cpu, first = self.cpu(), len(self.chunks)
        pressed = self.now()
        os.write(self._fd, keys)
        wait = timeout
        while self._read(wait) is not None:
            wait = quiet
        chunks = tuple(self.chunks[first:])
        last = chunks[-1].at if chunks else pressed
        size = sum(len(chunk.data) for chunk in chunks)
        return Burst(size, self.cpu() - cpu, (last - pressed) * 1000, pressed, chunks)

    def close(self) -> None:
        """Ask the program to leave, and end it when it does not within three seconds."""
        if self._fd < 0:
            return
        with suppress(OSError):  # it may have gone already
            os.write(self._fd, b"\x11")
        if not _within(3, self._has_gone):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._fd)
        self._fd = -1

    def _has_gone(self) -> bool:
        self._read(0.02)
        return os.waitpid(self._pid, os.WNOHANG)[0] != 0

    def _read(self, timeout: float) -> Chunk | None:
        """Read what comes within a time, answering its questions; nothing if nothing comes."""
        ready, _, _ = select.select([self._fd], [], [], max(timeout, 0))
        if not ready:
            return None
        try:
            data = os.read(self._fd, 1 << 16)
        except OSError:  # the program has closed the terminal
            return None
        if not data:
            return None
        before = self.chunks[-1].data[-_LONGEST_QUERY:] if self.chunks else b""
        chunk = Chunk(self.now(), data)
        self.chunks.append(chunk)
        for query in _QUERY.finditer(before + data):
            if query.end() > len(before):
                os.write(self._fd, _answer(query))
        return chunk


def _become(argv: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
    """Turn the new process into the program."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.chdir(folder)
        os.execve(argv[0], list(argv), dict(environment))
    finally:
        os._exit(127)


def _answer(query: re.Match[bytes]) -> bytes:
    """Give what an xterm answers: it knows neither synchronised updates nor in-band resizing nor kitty's keys."""
    match query.lastgroup:
        case "mode":
            return b"\x1b[?%s;0$y" % query["mode"]
        case "da1":
            return b"\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c"
        case "da2":
            return b"\x1b[>41;390;0c"
        case "dsr":
            return b"\x1b[0n" if query["dsr"] == b"5" else b"\x1b[1;1R"
        case "version":
            return b"\x1bP>|XTerm(390)\x1b\\"
    return b"\x1b]%s;rgb:0000/0000/0000\x1b\\" % query["color"]


def _within(seconds: float, true: Callable[[], bool]) -> bool:
    end = monotonic() + seconds
    while monotonic() < end:
        if true():
            return True
        sleep(0.005)
    return False
