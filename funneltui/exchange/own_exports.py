"""Our own exports of deals as tables: known by their columns, and what a row of one tells of the very deal it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.naming import is_called
from funneltui.domain.text import clean_line, cut, fold
from funneltui.errors import BadInput
from funneltui.services.import_rows import Exported

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context

_OF_OURS = {
    "number",
    "title",
    "company",
    "owner",
    "amount",
    "stage",
    "created_by",
    "external_system",
    "external_id",
    "version",
}
"""Columns that together only our own exports of deals have."""


def is_own_export(header: Sequence[str]) -> bool:
    """Tell by its columns whether a file is an export of deals that was written here, or made of one."""
    return {name.strip() for name in header} >= _OF_OURS


class OwnColumns:
    """Reads what the rows of one of our own exports tell of their deals."""

    def __init__(self, context: Context, pipeline: Pipeline, header: Sequence[str]) -> None:
        """Find the columns; `pipeline` is the one that the file is imported into."""
        self._context = context
        self._pipeline = pipeline
        self._places = {name.strip(): place for place, name in enumerate(header)}

    def read(self, cells: Sequence[str], created: date | None) -> Exported:
        """Give what a row tells of its deal, which was `created` then.

        Raises:
            BadInput: the row is of another pipeline of this workspace.
        """
        self._demand_pipeline(self._text(cells, "pipeline"))
        system = clean_line(self._text(cells, "external_system"), 60)
        return Exported(
            self._number(cells, "number"), self._number(cells, "version"), created, self._text(cells, "created_by"),
            system or None, self.is_spam(cells),
        )  # fmt: skip

    def is_spam(self, cells: Sequence[str]) -> bool:
        """Tell whether a row's deal was spam when it was exported."""
        return fold(self._text(cells, "outcome")) == Outcome.SPAM.value

    def _text(self, cells: Sequence[str], name: str) -> str:
        place = self._places.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def _number(self, cells: Sequence[str], name: str) -> int | None:
        text = self._text(cells, name)
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None

    def _demand_pipeline(self, name: str) -> None:
        if not name or is_called(self._pipeline, name):
            return
        other = next((one for one in self._context.pipelines if is_called(one, name)), None)
        if other is not None:
            message = f"the row is of the pipeline {cut(other.name)}; import those rows with --pipeline {other.key}"
            raise BadInput(message)
