"""Keys: what a step of the cursor, of a lane, of a page, and a gated move cost in bytes, CPU and waiting."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from time import sleep
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Aim, Section, middle, not_growing, wait_for_calm, worst
from tests.benchmarks.generated_deals import TITLE
from tests.benchmarks.programs import CHECKOUT, funneltui
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.benchmarks.screen_reading import Screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.programs import Surroundings
    from tests.benchmarks.pseudo_terminal import Burst
    from tests.benchmarks.workspaces import Workspaces

CPU_AIM, BYTES_AIM = 10.0, 1_500
CURSOR, SCROLL, LANE, PAGE, MOVE, BACK, IDLE = (
    "cursor (j)", "cursor, scrolling", "lane (l, h)", "page (PgDn, PgUp)", "move with gate (L, 1, enter)",
    "move back (H)", "idle, a second",
)  # fmt: skip
_LANES = ("Waiting", "In acquisition", "Offered")
_STEPS = 20
_PAGE_DOWN, _PAGE_UP = b"\x1b[6~", b"\x1b[5~"


@dataclass(slots=True)
class Cost:
    """What one kind of key cost, press by press: bytes, ms of CPU, ms until the last byte."""

    bytes: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    latency: list[float] = field(default_factory=list)

    def add(self, *bursts: Burst, latency: float | None = None) -> None:
        """Count keys that belong together as one; its waiting is the last one's, unless it is given."""
        self.bytes.append(sum(burst.bytes for burst in bursts))
        self.cpu.append(sum(burst.cpu for burst in bursts))
        self.latency.append(bursts[-1].latency if latency is None else latency)


class Hands:
    """Somebody at the board: presses keys and looks at the screen."""

    def __init__(self, terminal: PseudoTerminal) -> None:
        """Sit down before a program that has just been started."""
        self._terminal = terminal
        self._screen = Screen()
        self.costs: dict[str, Cost] = {}
        self.memory = float("nan")
        terminal.wait_for(TITLE.encode())
        terminal.settle(1.2)  # what waits for the first frame is done by then
        self._screen.feed(terminal.chunks)

    def press(self, key: bytes) -> Burst:
        """Press a key at any phase of the program's timers, and look on."""
        sleep(random.uniform(0, 0.03))
        burst = self._terminal.press(key)
        self._screen.feed(burst.chunks)
        return burst

    def _count(self, kind: str, key: bytes) -> None:
        self.costs.setdefault(kind, Cost()).add(self.press(key))

    def work(self, moves: int) -> None:
        """Do everything that is measured."""
        idle = self._terminal.press(b"", quiet=1, timeout=1)
        self.costs[IDLE] = Cost([idle.bytes], [idle.cpu], [0.0])
        for _ in range(_STEPS):
            before = self._first_title()
            burst = self.press(b"j")
            kind = CURSOR if before == self._first_title() else SCROLL
            self.costs.setdefault(kind, Cost()).add(burst)
        for key in (b"l", b"h") * 4:
            self._count(LANE, key)
        for key in (_PAGE_DOWN, _PAGE_DOWN, _PAGE_DOWN, _PAGE_UP, _PAGE_UP, _PAGE_UP):
            self._count(PAGE, key)
        self.press(b"g")
        for _ in range(moves):
            self._move()
        self.memory = self._terminal.memory()

    def _first_title(self) -> str:
        return (self._titles() or [""])[0]

    def _titles(self) -> list[str]:
        """Give the titles of the first lane's cards, from above."""
        found = (re.match(rf".({TITLE} \d+)", line) for line in self._screen.lines)
        return [one[1] for one in found if one]

    def _move(self) -> None:
        """Move the first deal on, through the gate that demands a detail, and back; until the card is seen there."""
        title = self._first_title()
        asked, picked = self.press(b"L"), self.press(b"1")
        entered, shown = self._press_until(b"\r", title, _LANES[1], _LANES[2])
        self.costs.setdefault(MOVE, Cost()).add(asked, picked, entered, latency=shown)
        went, shown = self._press_until(b"H", title, _LANES[0], _LANES[1])
        self.costs.setdefault(BACK, Cost()).add(went, latency=shown)
        self.press(b"g")

    def _press_until(self, key: bytes, title: str, lane: str, following: str) -> tuple[Burst, float]:
        burst = self._terminal.press(key, quiet=0.3)
        since = self._screen.feed_until(burst.chunks, lambda screen: screen.in_lane(title, lane, following))
        if since is None:
            seen = "\n".join(self._screen.lines)
            message = f"{title} did not come to {lane}:\n{seen}"
            raise RuntimeError(message)
        return burst, (since - burst.pressed) * 1000


def run(workspaces: Workspaces, surroundings: Surroundings, sizes: Sequence[int], rounds: int) -> Section:
    """Measure the keys at each size, in a copy of the workspace."""
    section = Section("Keys", ("", "open deals", "bytes", "worst", "CPU ms", "worst", "shown after ms", "worst"))
    costs: dict[int, dict[str, Cost]] = {}
    memory: dict[int, float] = {}
    for size in sizes:
        database = workspaces.copy_of(size)
        wait_for_calm()
        with PseudoTerminal(funneltui(), surroundings.environment(database), CHECKOUT) as terminal:
            hands = Hands(terminal)
            hands.work(max(3, rounds))
        costs[size], memory[size] = hands.costs, hands.memory
    for kind in (CURSOR, SCROLL, LANE, PAGE, MOVE, BACK, IDLE):
        for size in sizes:
            if kind in costs[size]:
                section.rows.append((kind, f"{size:,}", *_told(costs[size][kind])))
    section.notes.append("medians; CPU of the whole program until it is quiet again")
    section.notes.append("memory at the end: " + ", ".join(f"{memory[size]:.1f} MB ({size:,})" for size in sizes))
    section.aims += _aims(costs, sizes)
    return section


def _told(cost: Cost) -> list[str]:
    parts = []
    for values, form in ((cost.bytes, ",.0f"), (cost.cpu, ".1f"), (cost.latency, ".1f")):
        parts += [format(middle(values), form), format(worst(values), form)]
    return parts


def _aims(costs: dict[int, dict[str, Cost]], sizes: Sequence[int]) -> list[Aim]:
    aims = []
    for size in sizes:
        cursor = costs[size][CURSOR]
        cpu, sent = middle(cursor.cpu), middle(cursor.bytes)
        text = f"a cursor key under {CPU_AIM:.0f} ms of CPU and {BYTES_AIM:,} bytes with {size:,} deals"
        aims.append(Aim(text, f"{cpu:.1f} ms, {sent:,.0f} bytes", cpu < CPU_AIM and sent < BYTES_AIM))
    for kind in (CURSOR, LANE, PAGE, MOVE, BACK):
        for name, floor in (("bytes", 300.0), ("cpu", 2.0), ("latency", 8.0)):
            by_size = {size: middle(getattr(costs[size][kind], name)) for size in sizes if kind in costs[size]}
            if aim := not_growing(f"{kind}: {name}", by_size, floor):
                aims.append(aim)
    return aims
