"""A file written and imported: what the tests of the import share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from funneltui.exchange.import_mapping import build_mapping
from funneltui.exchange.importer import ImportReport, run_import
from funneltui.exchange.system_mappings import form_for
from funneltui.exchange.tables_in import open_table
from funneltui.services import deals
from funneltui.storage.database import query

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Context

Pairs = list[tuple[str, str]]
SETS: Pairs = [("source", "web"), ("expected_close", "+30d")]
_SAID = ("order", "decimal", "system", "form", "sources", "reasons", "kept", "keep_rest")


class Importer:
    """Writes a file and imports it."""

    def __init__(self, context: Context, folder: Path) -> None:
        self.context = context
        self.path = folder / "deals.csv"

    def __call__(
        self, text: str, maps: Pairs | None = None, stages: Pairs | None = None, sets: Pairs = SETS, **how: Any
    ) -> ImportReport:
        self.path.write_text(text, encoding="utf-8", newline="")
        said = {name: how.pop(name) for name in _SAID if name in how}
        table = open_table(self.path)
        if how.pop("recognise", False):
            said["form"] = form_for(table.header)
        mapping = build_mapping(table.header, self.context.pipeline, maps or [], stages or [], sets, **said)
        return run_import(self.context, table, mapping, **how)

    def deal(self, number: int = 1) -> Deal:
        return deals.show(self.context, number).deal

    def why(self, text: str, **how: Any) -> str:
        report = self(text, **how)
        assert len(report.rejected) == 1, report
        return report.rejected[0].why


def figures(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.rows, report.created, report.updated, report.unchanged, len(report.rejected)


def count(context: Context, table: str = "deal") -> int:
    return int(query(context.database, f"SELECT count(*) FROM {table}")[0][0])


def many(rows: int) -> str:
    return "id,title\n" + "".join(f"{number},deal {number}\n" for number in range(1, rows + 1))
