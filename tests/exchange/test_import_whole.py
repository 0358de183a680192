"""Imports cut short, imports of anything at all, and real files: whole batches, every row counted, every deal sound."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.domain.funnel import Mode
from funneltui.errors import FunneltuiError
from funneltui.exchange.import_plan import Said, plan_import
from funneltui.exchange.importer import run_import
from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.tables_in import open_table
from funneltui.services import reports, workspaces
from funneltui.storage.database import query
from tests.importing import SETS, Importer, count, figures, many
from tests.maven import MAVEN, mapping_of, needs_maven

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.services.context import Clock, Context

REAL = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def importer(context: Context, tmp_path: Path) -> Importer:
    return Importer(context, tmp_path)


def test_an_interrupted_import_leaves_whole_batches_and_goes_on_from_there(importer: Importer) -> None:
    def stop_at_the_second(done: int, size: int) -> None:
        told.append(done)
        if len(told) == 2:
            raise KeyboardInterrupt

    told: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        importer(many(1700), progress=stop_at_the_second)
    assert count(importer.context) == 1000
    assert figures(importer(many(1700))) == (1700, 700, 0, 1000, 0)


_CHILD = """
import sys
from pathlib import Path
from funneltui.exchange.import_mapping import build_mapping
from funneltui.exchange.import_plan import Said, plan_import
from funneltui.exchange.importer import run_import
from funneltui.exchange.tables_in import open_table
from funneltui.services import workspaces, imports
from funneltui.services.context import Clock
from funneltui.storage import bulk

context = workspaces.open_workspace(sys.argv[1], "ana", Clock())
honest, calls = bulk.insert_events, []

def wait_in_the_third_batch(*arguments):
    calls.append(1)
    if len(calls) == 3:
        print("here", flush=True)
        sys.stdin.read()
    honest(*arguments)

bulk.insert_events = wait_in_the_third_batch
table = open_table(Path(sys.argv[2]))
mapping = build_mapping(table.header, context.pipeline, sets=[("source", "web"), ("expected_close", "+30d")])
run_import(context, table, mapping)
"""


def test_a_killed_import_leaves_all_or_nothing_of_each_row(importer: Importer, location: str) -> None:
    importer.path.write_text(many(2000))
    command = [sys.executable, "-c", _CHILD, location, str(importer.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "here\n"
        child.kill()
    assert [count(importer.context, table) for table in ("deal", "visit", "event")] == [1000, 1000, 1000]
    assert figures(importer(many(2000))) == (2000, 1000, 0, 1000, 0)


CELLS = st.sampled_from(
    ["", "x", "Waiting", "Acquired", "resigned", "won", "lost", "yes", "no", "2026-01-05", "05/01/2026", "2027-01-01",
     "12.500,50", "-3", "EUR", "price", "call", "ana", "1", '"', "a\nb", "\x1b[2J", "=1", "web", "100%"]
)  # fmt: skip
COLUMNS = ("title", "stage", "status", "closed", "created", "close date", "amount", "currency", "reason", "detail",
           "owner", "id", "source", "probability", "entered")  # fmt: skip


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    columns=st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=8, unique=True),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=12),
)
def test_whatever_a_file_holds_every_row_is_counted_and_every_deal_is_sound(
    importer: Importer, columns: list[str], rows: Sequence[list[str]]
) -> None:
    with importer.path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([columns, *rows])
    try:
        report = importer(importer.path.read_text(encoding="utf-8"), sets=[*SETS, ("title", "set")])
    except FunneltuiError:
        return
    assert report.rows == report.created + report.updated + report.unchanged + len(report.rejected)
    unsound = query(
        importer.context.database,
        "SELECT d.number FROM deal d LEFT JOIN visit v ON v.deal = d.number AND v.left_at IS NULL AND v.stage = d.stage "
        "AND v.entered = d.stage_entered WHERE v.id IS NULL OR d.stage_entered < d.created OR d.touched < d.stage_entered "
        "OR d.version <> (SELECT count(*) FROM event e WHERE e.deal = d.number) "
        "OR (d.outcome = 'open') <> (d.closed_on IS NULL)",
    )
    assert unsound == []
    standing = reports.funnel_of(importer.context, importer.context.pipeline, Mode.CONVERSION)
    assert all(one.reached == one.open + one.won + one.lost for one in standing.stages)


@needs_maven
def test_the_maven_pipeline_of_8800_deals_comes_in_whole(location: str, clock: Clock) -> None:
    context = workspaces.create(location, preset("simple", "USD"), "ana", clock)
    table = open_table(MAVEN)
    mapping = mapping_of(table, context.pipeline)
    assert figures(run_import(context, table, mapping)) == (8800, 8800, 0, 0, 0)
    assert figures(run_import(context, table, mapping)) == (8800, 0, 0, 8800, 0)
    funnel = reports.funnel_of(context, context.pipeline, Mode.CONVERSION)
    assert [one.count for one in funnel.stages] == [500, 0, 1589]
    assert (funnel.won.count, funnel.won.amount, funnel.lost.count) == (4238, 1_000_553_400, 2473)
    assert funnel.stages[0].reached == 8800
    context.database.close()


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files do not lie beside the checkout: NOT shown here")
def test_no_real_or_broken_file_makes_the_import_fail_and_each_refusal_names_it(importer: Importer) -> None:
    some = [path for folder in ("bad", "encodings", "headers", "hubspot") for path in (REAL / folder).rglob("*")]
    for path in sorted(path for path in some if path.is_file()):
        before, refused = count(importer.context), ""
        try:
            title = next((name for name in open_table(path).header if name.strip()), "")
            said = Said(path, maps=(("title", title),), sets=tuple(SETS), system="csv")
            report = plan_import(importer.context, said).carry_out(importer.context)
        except FunneltuiError as error:
            refused = str(error)
        if refused:
            assert path.name in refused
            assert count(importer.context) == before, path
        else:
            assert report.rows == report.created + report.updated + report.unchanged + len(report.rejected), path
            assert count(importer.context) - before == report.created, path
