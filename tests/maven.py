"""The real file of 8,800 deals, where it lies beside the checkout, and the workspace that it makes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.history import Role
from funneltui.exchange.import_mapping import build_mapping
from funneltui.exchange.importer import run_import
from funneltui.exchange.pipeline_files import preset
from funneltui.exchange.tables_in import open_table
from funneltui.services import people, workspaces

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.exchange.tables_in import Table
    from funneltui.services.context import Clock

MAVEN = Path(__file__).parents[2] / "shared" / "data" / "maven" / "sales_pipeline.csv"
needs_maven = pytest.mark.skipif(
    not MAVEN.is_file(), reason="the Maven file does not lie beside the checkout: NOT shown here"
)
_COLUMNS = [
    ("title", "product"), ("owner", "sales_agent"), ("company", "account"), ("created", "engage_date"),
    ("closed", "close_date"), ("amount", "close_value"), ("external_id", "opportunity_id"),
]  # fmt: skip
_STAGES = [("Prospecting", "qualified"), ("Engaging", "negotiation"), ("Won", "won"), ("Lost", "lost")]
_SETS = [("source", "other"), ("reason", "other"), ("expected_close", "+30d")]


def rows_of_maven() -> list[dict[str, str]]:
    """Give the rows of the file, read by Python alone."""
    with MAVEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mapping_of(table: Table, pipeline: Pipeline) -> ImportMapping:
    """Give how the file is read into a workspace of the preset `simple`."""
    return build_mapping(table.header, pipeline, _COLUMNS, _STAGES, _SETS)


def make_maven(location: str, clock: Clock) -> None:
    """Make a workspace of the file at a place, each agent a user; it takes seconds."""
    context = workspaces.create(location, preset("simple", "USD"), "ana", clock)
    for agent in sorted({row["sales_agent"] for row in rows_of_maven()}):
        people.add_user(context, agent, Role.REP)
    table = open_table(MAVEN)
    run_import(context, table, mapping_of(table, context.pipeline))
    context.database.close()
