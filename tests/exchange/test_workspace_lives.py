"""Whatever two people have done to their deals, the workspace that is written out can be put in, and is the same.

`FUNNELTUI_LIFE=500x60` runs 500 lives of 60 steps each, as in tests/services/test_life_stateful.py.
"""

from __future__ import annotations

import io
import itertools
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis.stateful import run_state_machine_as_test

from funneltui.exchange.workspace_in import found_workspace
from funneltui.exchange.workspace_out import write_workspace
from funneltui.services import health, workspaces
from funneltui.storage.database import query
from funneltui.storage.whole import workspace_tables
from tests.conftest import drop_postgres, fresh_postgres
from tests.services.life_deeds import Deeds
from tests.services.life_office import MANAGER, Office
from tests.services.test_life_stateful import profile

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.services.context import Context


def written(context: Context) -> bytes:
    """Give a workspace as it is written out."""
    out = io.BytesIO()
    write_workspace(out, context)
    return out.getvalue()


def rows_of(context: Context) -> list[list[object]]:
    """Give every row of a workspace with all its columns, those that follow from others too; truths as 0 and 1."""
    return [
        [int(value) if isinstance(value, bool) else value for value in row]
        for table in workspace_tables()
        for row in sorted(query(context.database, f'SELECT * FROM "{table.name}"'), key=repr)
    ]


@pytest.fixture
def office(location: str) -> Iterator[Office]:
    """Give an office on each of the databases."""
    opened = Office(location)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], AbstractContextManager[str]]:
    """Give what gives an empty place for a while, on each of the databases."""
    numbers = itertools.count()

    @contextmanager
    def file() -> Iterator[str]:
        yield str(tmp_path / f"other{next(numbers)}.db")

    @contextmanager
    def database() -> Iterator[str]:
        server = request.getfixturevalue("postgres_server")
        url = fresh_postgres(server)
        yield url
        drop_postgres(server, url)

    return file if request.param == "sqlite" else database


def test_a_workspace_that_was_lived_in_is_put_in_as_it_was(
    office: Office, new_place: Callable[[], AbstractContextManager[str]], tmp_path: Path
) -> None:
    class Leaving(Deeds):
        """The two at work; at the end all of it goes to another database."""

        def teardown(self) -> None:
            if sys.exc_info()[1] is not None:  # a step has failed: that is to be told, not what follows from it
                return
            manager = office.contexts[MANAGER]
            path = tmp_path / "work.jsonl"
            path.write_bytes(written(manager))
            with new_place() as place:
                found_workspace(place, path)
                other = workspaces.open_workspace(place, MANAGER, office.clock, chosen=True)
                with closing(other.database):
                    assert written(other) == path.read_bytes()
                    assert rows_of(other) == rows_of(manager)
                    assert not any(finding.deals for finding in health.examine(other, place).findings)

    run_state_machine_as_test(lambda: Leaving(office), settings=profile(office, 8, 30))
