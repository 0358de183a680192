"""Runs the benchmarks and prints their tables: `python -m tests.benchmarks`, from the checkout."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks import bulk, commands, imports, keys, pages, queries, starts
from tests.benchmarks.programs import Surroundings
from tests.benchmarks.workspaces import Workspaces

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.benchmarks.figures import Section

_SECTIONS = ("start", "keys", "queries", "figures", "bulk", "import", "commands")
_SIZES = (100, 10_000, 100_000)


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; the exit status is 1 when an aim was not met."""
    chosen = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="funneltui-benchmarks-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        kept = Path(chosen.keep) if chosen.keep else Path(folder)
        kept.mkdir(parents=True, exist_ok=True)
        workspaces = Workspaces(kept)
        _say_where()
        for size in chosen.sizes:
            _tell(f"a workspace of {size:,} open deals ...")
            workspaces.of(size)
        surroundings = Surroundings(home, chosen.truecolor)
        sections = _run(_plan(workspaces, surroundings, chosen.sizes, chosen.rounds), chosen.only or _SECTIONS)
    missed = [aim for section in sections for aim in section.aims if not aim.met]
    aims = sum(len(section.aims) for section in sections)
    if aims:
        print(f"\n{aims - len(missed)} of {aims} aims met")
    return 1 if missed else 0


def _plan(
    workspaces: Workspaces, surroundings: Surroundings, sizes: Sequence[int], rounds: int
) -> dict[str, Callable[[], Section]]:
    return {
        "start": lambda: starts.run(workspaces, surroundings, sizes, rounds),
        "keys": lambda: keys.run(workspaces, surroundings, sizes, rounds),
        "queries": lambda: queries.run(workspaces, sizes),
        "figures": lambda: pages.run(workspaces),
        "bulk": lambda: bulk.run(workspaces, sizes, rounds),
        "import": lambda: imports.run(workspaces, sizes, rounds),
        "commands": lambda: commands.run(workspaces, surroundings, sizes, rounds),
    }


def _run(plan: dict[str, Callable[[], Section]], names: Sequence[str]) -> list[Section]:
    sections = []
    for name in names:
        _tell(f"{name} ...")
        section = plan[name]()
        section.print()
        sections.append(section)
    return sections


def _say_where() -> None:
    from importlib.metadata import version

    from funneltui.storage.database import sqlite_module

    load = f", load {os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else ""
    print(
        f"Python {platform.python_version()}, Textual {version('textual')}, SQLite {sqlite_module().sqlite_version}, "
        f"{os.cpu_count()} cores{load}. Trust the ratios, not the times."
    )


def _tell(message: str) -> None:
    if sys.stderr.isatty():
        print(message, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=_counts, default=7, metavar="N", help="rounds of what is repeated (7)")
    parser.add_argument(
        "--sizes", type=_sizes, default=_SIZES, metavar="N,N", help="open deals of the workspaces (100,10000,100000)"
    )
    parser.add_argument("--only", nargs="+", choices=_SECTIONS, metavar="NAME", help=f"some of: {', '.join(_SECTIONS)}")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the workspaces there, and use those of today again")
    parser.add_argument("--truecolor", action="store_true", help="a terminal that says it has 16 million colours")
    return parser


def _counts(text: str) -> int:
    number = int(text)
    if number < 1:
        message = f"{number} is no count"
        raise argparse.ArgumentTypeError(message)
    return number


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(sorted({_counts(word) for word in text.replace("_", "").split(",")}))
    if sizes[0] < 100:
        message = "a workspace has 100 open deals at the least: with fewer there is nothing to scroll"
        raise argparse.ArgumentTypeError(message)
    return sizes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
