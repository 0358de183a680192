"""What the tests of pages of figures share: a look, what stands behind a figure, and a walk over every number of a page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from funneltui.services import figures, report_pages, views
from funneltui.storage.deals import EVERYTHING
from funneltui.tui import theming
from tests.tui.conftest import THEMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from funneltui.services.context import Context
    from funneltui.storage.deals import Condition
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.report_page import Cell, Figure, Line

_NUMBER = re.compile(r"[-+]?[^\w\s-]?[0-9][0-9.,]*(?:[kM%x]|%? n [0-9,]+)?")


def night() -> Look:
    """Give the dark default look."""
    return theming.load([THEMES])[0]["night"]


def behind(context: Context, figure: Figure) -> set[int]:
    """Give the numbers of the deals that the list shows behind a figure, by the very way that the screen goes."""
    if figure.finds is not None:
        condition = figure.finds(context)
    else:
        condition = EVERYTHING if figure.numbers is None else report_pages.among(figure.numbers)
    text = figure.opens
    if text is None:
        text = figures.listed(context, context.pipeline, condition)[1]
    return _listed(context, views.table_condition(context, context.pipeline, text) & condition)


def _listed(context: Context, condition: Condition) -> set[int]:
    return set(views.list_versions(context, context.pipeline, condition))


def walk(context: Context, lines: Iterable[Line]) -> dict[str, set[int]]:
    """Assert that every number of a page opens as many deals as it is of, or says why not; give the deals by the keys."""
    found = {}
    for cell in cells_of(lines):
        figure = cell.figure
        assert figure is not None, f"{cell.text} is no figure"
        if figure.deal:
            continue
        if figure.why:
            assert len(figure.why) > 10
            continue
        deals = found[figure.key] = behind(context, figure)
        assert figure.n in (None, len(deals)), (figure, sorted(deals))
        if cell.text.replace(",", "").isdecimal() and not figure.key.endswith("needed"):
            assert int(cell.text.replace(",", "")) == len(deals), (figure, cell.text)
    return found


def cells_of(lines: Iterable[Line]) -> Iterator[Cell]:
    """Give the figures of a page and its bare numbers; on a deal's line the deal is what opens."""
    for line in lines:
        if any(cell.figure is not None and cell.figure.deal for cell in line):
            continue
        for cell in line:
            if (cell.figure is not None and not cell.drawn) or _NUMBER.fullmatch(cell.text.strip()):
                yield cell


def figure_of(lines: Iterable[Line], key: str) -> Figure:
    """Give the figure of a page that is called so."""
    return next(cell.figure for line in lines for cell in line if cell.figure is not None and cell.figure.key == key)
