"""Kills real programs at random moments of their work, over and over, and demands that nothing is ever lost or half done.

    python -m tests.terminal.killed --times 100 [--db sqlite|postgresql|URL] [--kind move] [--seed 7]

Without --db: on a file, and on a PostgreSQL server of its own. A URL is that of a server on which databases may be made.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from tests.terminal.killed_board import Boarding
from tests.terminal.killed_files import BackingUp, Founding, Restoring, Upgrading
from tests.terminal.killed_kinds import Importing, Moving, Redoing, Together, Undoing
from tests.terminal.killed_places import ground

if TYPE_CHECKING:
    from tests.terminal.killed_kinds import Kind
    from tests.terminal.killed_places import Ended, Ground, Place

KINDS: dict[str, type[Kind]] = {
    kind.name: kind
    for kind in (Importing, Moving, Undoing, Redoing, BackingUp, Restoring, Founding, Upgrading, Boarding, Together)
}
"""The kinds of work, by the names that they have in the report."""

_BEYOND = 1.1
"""How much longer than a command lives it may be let run: some come to their end."""

_PATIENCE = 120.0
"""The seconds after which a command that nobody kills is given up."""


@dataclass(slots=True)
class Tally:
    """What became of the rounds of one kind: the programs that were killed, those that came to their end, what was found."""

    rounds: int = 0
    killed: int = 0
    ended: int = 0
    found: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        found = ", ".join(f"{word} {count}" for word, count in sorted(self.found.items()))
        return (
            f"{self.rounds} rounds, {self.killed} programs killed, {self.ended} came to their end; found {found}; "
            f"{len(self.faults)} faults"
        )


def try_kind(kind: Kind, where: Ground, times: int, seed: int, measured: int = 2) -> Tally:
    """Let a kind of work be killed so many times, each time at another moment of its life, and give what was found.

    How long it lives is `measured` so often before.
    """
    tally = Tally()
    chance = random.Random(f"{seed} {kind.name} {where.kind}")
    base = where.empty()
    kind.build(base)
    life = min(_life(kind, where, base) for _ in range(measured))
    for number in range(times):
        place = where.copy(base)
        ended = _killed(kind, place, life, chance)
        tally.rounds += 1
        tally.killed += sum(one.status is None for one in ended)
        tally.ended += sum(one.status is not None for one in ended)
        try:
            _demand_in_words(ended)
            if kind.leaves_workspace:
                place.demand_sound()
            tally.found[kind.check(place, ended)] += 1
            place.demand_sound()
        except AssertionError as error:
            tally.faults.append(f"{kind.name}, {where.kind}, seed {seed}, round {number}: {error}")
            continue  # the place stays, to be looked at
        where.forget(place)
    return tally


def _life(kind: Kind, where: Ground, base: Place) -> float:
    """Measure how long the commands of a kind live when nobody kills them, in seconds."""
    place = where.copy(base)
    begin = time.monotonic()
    ended = [one.end(begin + _PATIENCE) for one in kind.start(place)]
    life = time.monotonic() - begin
    assert all(one.has_said_done for one in ended), ended
    place.demand_sound()
    where.forget(place)
    return life


def _killed(kind: Kind, place: Place, life: float, chance: random.Random) -> list[Ended]:
    """Run the commands of a kind, each killed at a moment of its own; most of them when it is past its start."""
    begin = time.monotonic()
    started = [(life * chance.triangular(0.0, _BEYOND, 0.8), one) for one in kind.start(place)]
    ended = {id(one): one.end(begin + after) for after, one in sorted(started, key=itemgetter(0))}
    return [ended[id(one)] for _, one in started]


def _demand_in_words(ended: list[Ended]) -> None:
    """Demand that whoever was not killed has done its work, or refused it in words."""
    for one in ended:
        assert "Traceback" not in one.err, one.err
        assert one.status in (None, 0, 1), f"status {one.status}: {one.err}"


def main(arguments: list[str]) -> int:
    """Run the trial, print what was found, kind by kind, and give 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.terminal.killed", description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100, help="how often each kind of work is killed")
    parser.add_argument("--db", action="append", help="sqlite, postgresql (a server of its own), or a server's URL")
    parser.add_argument("--kind", action="append", choices=KINDS, help="only these kinds of work")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the same seed kills at the same moments")
    chosen = parser.parse_args(arguments)
    print(f"seed {chosen.seed}")
    faults: list[str] = []
    for name in chosen.db or ("sqlite", "postgresql"):
        with ground(name) as where:
            for kind in chosen.kind or KINDS:
                tally = try_kind(KINDS[kind](), where, chosen.times, chosen.seed)
                print(f"{where.kind:<11} {kind:<12} {tally}", flush=True)
                faults += tally.faults
    for fault in faults:
        print(f"FAULT {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
