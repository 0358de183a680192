"""The start: exec to the first frame that shows cards, beside a bare Textual app in the same round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.bare_app import READY
from tests.benchmarks.figures import Aim, Section, middle, not_growing, ratio_by_round, rounds_of, times
from tests.benchmarks.generated_deals import TITLE
from tests.benchmarks.programs import BARE, CHECKOUT, funneltui
from tests.benchmarks.pseudo_terminal import PseudoTerminal
from tests.benchmarks.screen_reading import Screen

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.benchmarks.programs import Surroundings
    from tests.benchmarks.workspaces import Workspaces

AIM = 1.3
AIM_SIZE = 10_000
_QUIET = 0.4


@dataclass(frozen=True, slots=True)
class Start:
    """One start: ms until the frame is on the screen, ms of CPU until then, bytes of the whole start, MB at its end."""

    ready: float
    cpu: float
    bytes: int
    memory: float


def measure(argv: Sequence[str], text: str, surroundings: Surroundings, database: Path | None = None) -> Start:
    """Start a program, wait for a text on its screen, and end it."""
    with PseudoTerminal(argv, surroundings.environment(database), CHECKOUT) as terminal:
        terminal.wait_for(text.encode())
        cpu = terminal.cpu()
        terminal.settle(_QUIET)
        memory = terminal.memory()
        chunks = list(terminal.chunks)
    ready = Screen().feed_until(chunks, lambda screen: screen.has(text))
    if ready is None:
        message = f"{text!r} was sent but never seen on the screen"
        raise RuntimeError(message)
    return Start(ready * 1000, cpu, sum(len(chunk.data) for chunk in chunks), memory)


def run(workspaces: Workspaces, surroundings: Surroundings, sizes: Sequence[int], rounds: int) -> Section:
    """Measure the start of the board at each size, the bare app in between."""
    databases = {size: workspaces.of(size) for size in sizes}
    found: dict[int, list[Start]] = {size: [] for size in (0, *sizes)}

    def one_round(number: int) -> None:
        order = (0, *sizes) if number % 2 else (*reversed(sizes), 0)
        for size in order:
            start = (
                measure(funneltui(), f"{TITLE} 0", surroundings, databases[size])
                if size
                else measure(BARE, READY, surroundings)
            )
            if number >= 0:
                found[size].append(start)

    noise = rounds_of(rounds, one_round)
    section = Section(
        "Start, to the first frame with cards", ("", "ready ms", "ratio", "CPU ms", "ratio", "bytes", "MB")
    )
    for size, starts in found.items():
        section.rows.append((f"board, {size:,} open deals" if size else "bare Textual app", *_told(starts, found[0])))
    section.notes.append(f"{noise}; ratios are of the same round")
    section.aims += _aims(found)
    return section


def _told(starts: Sequence[Start], bare: Sequence[Start]) -> list[str]:
    cpu = ratio_by_round([one.cpu for one in starts], [one.cpu for one in bare])
    return [
        f"{middle(one.ready for one in starts):.0f}", times(_ratio(starts, bare)),
        f"{middle(one.cpu for one in starts):.0f}", times(cpu),
        f"{middle(one.bytes for one in starts):,.0f}", f"{middle(one.memory for one in starts):.1f}",
    ]  # fmt: skip


def _ratio(starts: Sequence[Start], bare: Sequence[Start]) -> float:
    return ratio_by_round([one.ready for one in starts], [one.ready for one in bare])


def _aims(found: dict[int, list[Start]]) -> list[Aim]:
    aims = []
    if AIM_SIZE in found:
        ratio = _ratio(found[AIM_SIZE], found[0])
        text = f"the first frame with {AIM_SIZE:,} deals within {AIM} times the bare app"
        aims.append(Aim(text, times(ratio), ratio <= AIM))
    for what, name, floor in (("ready, ms,", "ready", 15.0), ("start, bytes,", "bytes", 500.0), ("MB", "memory", 3.0)):
        by_size = {size: middle(getattr(one, name) for one in starts) for size, starts in found.items() if size}
        if aim := not_growing(what, by_size, floor):
            aims.append(aim)
    return aims
