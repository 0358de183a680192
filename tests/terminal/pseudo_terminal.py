"""A program in a terminal of its own: a pseudo-terminal that answers as xterm does, and shows what a person would see."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyte

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ALT_SCREEN, MAIN_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"
PATIENCE = 30.0
ROOT = str(Path(__file__).parents[2])

# The child makes the terminal its own first, so that it is told when the terminal goes away.
_START = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
_QUERY = re.compile(rb"\x1b\[(\??)([0-9;]*)(\$p|c|n|t)")
# Keyboard modes, which the emulator would take for text.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9]+\$p|\x1b\[\?u")
_UNFINISHED = re.compile(rb"\x1b(\[[0-9;?<>=$]*)?\Z")
_KNOWN_MODES = (b"1000", b"1003", b"1004", b"1006", b"1049", b"2004")


def seen(cell: pyte.screens.Char) -> tuple[object, ...]:
    """Give what a person sees of a cell: of a blank only its ground, unless something is drawn on it."""
    if cell.data == " " and not (cell.underscore or cell.strikethrough or cell.reverse):
        return (" ", cell.bg)
    return tuple(cell)


class Terminal:
    """A program at work in a terminal; to be used with `with`, which ends it if it still runs."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int] = (80, 24)
    ) -> None:
        """Start a program, which sees nothing of the developer's own environment."""
        self.raw = b""
        self._size = size
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._tail = b""
        self._side, theirs = os.openpty()
        self._set_size()
        start = [sys.executable, "-c", _START, *command]
        basic = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": ROOT}
        self.process = subprocess.Popen(
            start, stdin=theirs, stdout=theirs, stderr=theirs, env=basic | dict(environment), start_new_session=True
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.hang_up()
        self.process.wait()

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(self._screen.display)

    @property
    def cells(self) -> list[list[tuple[object, ...]]]:
        """Every cell of the screen as it is seen."""
        width, height = self._size
        return [[seen(self._screen.buffer[y][x]) for x in range(width)] for y in range(height)]

    def type(self, keys: bytes) -> None:
        """Type keys, all in one packet."""
        os.write(self._side, keys)

    def resize(self, width: int, height: int) -> None:
        """Change the terminal's size, as a person who drags its window."""
        self._size = (width, height)
        self._screen.resize(height, width)
        self._set_size()
        os.killpg(self.process.pid, signal.SIGWINCH)

    def hang_up(self) -> None:
        """Take the terminal away, as a broken connection does."""
        if self._side >= 0:
            os.close(self._side)
            self._side = -1

    def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> float:
        """Wait until something is so, and give how long that took; fail, with the screen, when it does not come."""
        begin = time.monotonic()
        while not condition():
            assert time.monotonic() - begin < seconds, f"it did not come about:\n{self.text}"
            ended = self.process.poll() is not None
            assert self._read(0.05) or not ended or condition(), f"it has ended:\n{self.text}"
        return time.monotonic() - begin

    def shows(self, text: str, seconds: float = PATIENCE) -> float:
        """Wait until a text is on the screen."""
        return self.until(lambda: text in self.text, seconds)

    def hides(self, text: str, seconds: float = PATIENCE) -> float:
        """Wait until a text is no longer on the screen."""
        return self.until(lambda: text not in self.text, seconds)

    def end(self, seconds: float = PATIENCE) -> int:
        """Wait for the program's end and give its exit status."""
        self.until(lambda: self.process.poll() is not None, seconds)
        while self._read(0.05):
            pass
        return int(self.process.wait())

    def settle(self) -> None:
        """Read until nothing comes any more, and the program sleeps: on a busy machine it may only not have had its turn."""
        quiet = 0
        while quiet < 3:
            quiet = 0 if self._read(0.05) or not self._sleeps() else quiet + 1

    def _sleeps(self) -> bool:
        """Tell whether none of the threads runs or wants to; where no system tells that, it is taken for so."""
        try:
            threads = [one.read_text() for one in Path(f"/proc/{self.process.pid}/task").glob("*/stat")]
        except OSError:  # a thread has just ended
            return False
        return all(thread.rpartition(")")[2].split()[0] in "SZX" for thread in threads)

    def _read(self, seconds: float) -> bool:
        if self._side < 0:
            self.process.poll()
            select.select([], [], [], min(seconds, 0.01))
            return False
        if not select.select([self._side], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._side, 65536)
        except OSError:  # the program has left and nothing is to be read any more
            return False
        self.raw += data
        self._take(self._tail + data)
        return bool(data)

    def _take(self, data: bytes) -> None:
        """Answer what is asked and show the rest; a sequence that is not whole yet waits for its end."""
        cut = _UNFINISHED.search(data)
        self._tail = data[cut.start() :] if cut else b""
        data = data[: cut.start()] if cut else data
        for private, number, kind in _QUERY.findall(data):
            self.type(self._answer(private, number, kind))
        self._stream.feed(_UNKNOWN.sub(b"", data))

    def _answer(self, private: bytes, number: bytes, kind: bytes) -> bytes:
        if kind == b"$p":
            return b"\x1b[?%s;%d$y" % (number, 2 if number in _KNOWN_MODES else 0)
        if kind == b"c":
            return b"\x1b[?64;1;2;6;9;15;16;17;18;21;22c"
        if kind == b"n" and number == b"6":
            return b"\x1b[%d;%dR" % (self._screen.cursor.y + 1, self._screen.cursor.x + 1)
        return b""

    def _set_size(self) -> None:
        width, height = self._size
        fcntl.ioctl(self._side, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
