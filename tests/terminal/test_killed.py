"""The trial of `killed.py`, small: a few programs killed at moments that stay the same; nothing is lost, nothing is half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.terminal.killed import try_kind
from tests.terminal.killed_files import Restoring
from tests.terminal.killed_kinds import BATCH, MOVED, Importing, Moving
from tests.terminal.killed_places import Ground

if TYPE_CHECKING:
    from pathlib import Path


class SmallImport(Importing):
    """An import of two batches."""

    wanted = 2 * BATCH


class SmallRestore(Restoring):
    """A restore of a few pages."""

    rows = MOVED


@pytest.fixture
def files(tmp_path: Path) -> Ground:
    """Give where workspaces are made as files."""
    return Ground(tmp_path)


@pytest.fixture
def server(tmp_path: Path, postgres_server: str) -> Ground:
    """Give where workspaces are made as databases on the tests' server."""
    return Ground(tmp_path, postgres_server)


def test_a_killed_import_is_taken_up_where_it_was_cut_off(files: Ground) -> None:
    assert try_kind(SmallImport(), files, 1, seed=5, measured=1).faults == []


def test_a_killed_restore_leaves_the_old_file_or_the_new_one_and_a_copy_of_the_old(files: Ground) -> None:
    assert try_kind(SmallRestore(), files, 1, seed=5, measured=1).faults == []


def test_a_killed_move_of_many_deals_on_a_server_is_there_or_nothing_of_it(server: Ground) -> None:
    assert try_kind(Moving(), server, 2, seed=5, measured=1).faults == []
