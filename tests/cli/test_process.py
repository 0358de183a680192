"""The program as a process of its own: what it imports, and how it ends when nobody listens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop

_LOADED = """
import sys
from pathlib import Path
from funneltui import bootstrap
status = bootstrap.main(sys.argv[1:])
heavy = ("textual", "psycopg", "rich", "tomlkit", "platformdirs", "dateutil", "funneltui.exchange.importer")
print(status, *[name for name in heavy if name in sys.modules], file=sys.stderr)
"""


def program(shop: Shop, *arguments: str, code: str = "") -> subprocess.Popen[str]:
    start = ["-c", code] if code else ["-m", "funneltui"]
    return subprocess.Popen(
        [sys.executable, *start, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"FUNNELTUI_DB": shop.location, "FUNNELTUI_USER": "ana"},
    )


@pytest.mark.parametrize("command", [["list"], ["show", "1"], ["funnel"], ["today"], ["list", "stage:waiting"]])
def test_a_command_in_a_pipe_loads_nothing_heavy(shop: Shop, deal: Callable[..., int], command: list[str]) -> None:
    deal()
    _, err = program(shop, *command, code=_LOADED).communicate(timeout=60)
    assert err == "0\n"


def test_the_exit_status_is_the_processs(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    for arguments, status in ((["list"], 0), (["show", "7"], 1), (["nonsense"], 2)):
        process = program(shop, *arguments)
        process.communicate(timeout=60)
        assert process.returncode == status


def test_a_reader_who_leaves_gets_no_traceback(shop: Shop, deal: Callable[..., int]) -> None:
    deal("x" * 400)
    process = program(shop, "list", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), err) == (141, "")


def test_a_closed_output_is_no_error(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    started = f'exec "{sys.executable}" -m funneltui list --db "{shop.location}" --user ana >&-'
    done = subprocess.run(["sh", "-c", started], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full here")
def test_a_full_disk_is_said_once(shop: Shop, deal: Callable[..., int]) -> None:
    deal()
    started = f'exec "{sys.executable}" -m funneltui list --db "{shop.location}" --user ana >/dev/full'
    done = subprocess.run(["sh", "-c", started], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("funneltui: cannot write: ")
    assert done.stderr.count("\n") == 1
