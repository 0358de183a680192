"""What the tests of pages of figures share: a look, and how many deals the list shows behind a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.services import report_pages, views
from funneltui.tui import theming
from tests.tui.conftest import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.services.context import Context
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.report_page import Figure, Line


def night() -> Look:
    """Give the dark default look."""
    return theming.load([THEMES])[0]["night"]


def listed_by(context: Context, text: str) -> int:
    """Count the deals that the list shows with a filter."""
    condition = views.table_condition(context, context.pipeline, text)
    return len(views.list_versions(context, context.pipeline, condition))


def behind(context: Context, figure: Figure) -> int:
    """Count the deals that the list shows behind a figure."""
    if figure.opens is not None:
        return listed_by(context, figure.opens)
    return len(views.list_versions(context, context.pipeline, report_pages.among(figure.numbers or ())))


def counts(lines: Iterable[Line]) -> list[tuple[Figure, int]]:
    """Give the figures of a page that are numbers of deals and open, each with the number that is seen."""
    return [
        (cell.figure, int(cell.text.replace(",", "").lstrip("+-")))
        for line in lines
        for cell in line
        if cell.figure is not None
        and (cell.figure.opens is not None or cell.figure.numbers is not None)
        and cell.text.replace(",", "").lstrip("+-").isdecimal()
    ]
