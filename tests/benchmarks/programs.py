"""The programs that are measured, and the environment that they run in: nothing of the developer's own."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.generated_deals import USER

CHECKOUT = Path(__file__).resolve().parents[2]
BARE = (sys.executable, str(Path(__file__).with_name("bare_app.py")))
BASE_COMMAND = (sys.executable, "-c", "import sqlite3")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where programs run: `home` a folder that is thrown away, `truecolor` whether the terminal says it has that."""

    home: Path
    truecolor: bool = False

    def environment(self, database: Path | None = None) -> dict[str, str]:
        """Give the environment of a program, with a workspace to open; as over SSH, which forwards no COLORTERM."""
        places = {name: str(self.home) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
        known = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TERM": "xterm-256color"}
        color = {"COLORTERM": "truecolor"} if self.truecolor else {}
        workspace = {"FUNNELTUI_DB": str(database), "FUNNELTUI_USER": USER} if database else {}
        return known | places | color | workspace


def funneltui(*words: str) -> tuple[str, ...]:
    """Give the command line of the program with these words."""
    return (sys.executable, "-m", "funneltui", *words)
