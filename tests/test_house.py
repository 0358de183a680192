"""The house rules that a reader of one file cannot see: who imports whom, and what no file of the package may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "funneltui"
SOURCES = sorted(PACKAGE.rglob("*.py"))

_CONTRACTS = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(no_cache=True, no_logo=True))
"""
_EVERY_COMMAND = """
import sys
from funneltui import bootstrap
from funneltui.cli.frame import LazyGroup
from funneltui.cli.main import COMMANDS
group = LazyGroup("funneltui")
assert all(group.get_command(None, name) for name in COMMANDS)
print(*[name for name in ("textual", "peewee", "rich", "dateutil", "platformdirs") if name in sys.modules])
"""
_MACHINE = re.compile(r"""["'\s](?:/home/|/root/|/work/|/tmp/|/Users/|[A-Z]:\\)""")


Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public_definitions(body: list[ast.stmt]) -> Iterator[Definition]:
    """Give the public functions and classes of a module, and the methods of the latter; peewee's Meta is no API."""
    for node in body:
        if isinstance(node, Definition) and not node.name.startswith("_") and node.name != "Meta":
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node.body)


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False
    )


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def parsed(paths: list[Path]) -> Iterator[tuple[str, ast.AST]]:
    for path in paths:
        name = str(path.relative_to(ROOT))
        for node in ast.walk(tree(path)):
            yield f"{name}:{getattr(node, 'lineno', 1)}", node


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def test_the_arrows_between_the_layers_point_one_way() -> None:
    done = run_python(_CONTRACTS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_starts_without_the_screen_or_the_database() -> None:
    done = run_python(_EVERY_COMMAND)
    assert (done.stdout, done.stderr) == ("\n", "")


@pytest.mark.parametrize("module", ["bootstrap", "cli.main", "services.moves", "exchange.importer", "tui.app"])
def test_importing_a_module_prints_nothing_and_makes_nothing(module: str, tmp_path: Path) -> None:
    done = run_python(f"import os; os.chdir({str(tmp_path)!r}); import sys; sys.path.insert(0, {str(ROOT)!r})\n"
                      f"import funneltui.{module}")  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_the_domain_needs_nothing_but_the_standard_library_and_dateutil() -> None:
    allowed = {*sys.stdlib_module_names, "dateutil"}
    own = ("funneltui.domain", "funneltui.errors")
    strangers = [
        f"{place} {name}"
        for place, node in parsed(sorted((PACKAGE / "domain").glob("*.py")))
        for name in imported(node)
        if name.split(".")[0] not in allowed and not name.startswith(own)
    ]
    assert strangers == []


def test_only_the_command_line_prints() -> None:
    printing = [
        place
        for place, node in parsed([path for path in SOURCES if "cli" not in path.parts])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "input")
    ]
    assert printing == []


def test_no_exception_is_swallowed_in_silence() -> None:
    swallowed = [
        place
        for place, node in parsed(SOURCES)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (len(node.body) == 1 and isinstance(node.body[0], ast.Pass)))
    ]
    assert swallowed == []


def test_every_file_says_in_its_first_line_what_it_does() -> None:
    silent = [str(path) for path in SOURCES if not ast.get_docstring(tree(path))]
    assert silent == []


def test_every_public_function_and_class_is_explained() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in public_definitions(tree(path).body)
        if not ast.get_docstring(node)
    ]
    assert bare == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    files = [*SOURCES, *PACKAGE.rglob("*.toml"), *(ROOT / "themes").glob("*.toml"), *ROOT.glob("*.md")]
    named = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if _MACHINE.search(line)
    ]
    assert named == []


def test_the_lock_file_pins_by_hash_and_holds_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,-]+\])?==\S+.*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.M)
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(pins) == len(lines) > 20
    assert "://" not in text
