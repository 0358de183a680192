"""A saved view of the list: which columns, how wide, in what order, sorted and filtered how, on which tab."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from funneltui.domain.custom_fields import is_field_key
from funneltui.domain.text import clean_line
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.domain.pipeline import Pipeline

NAME_LIMIT = 40
"""The most characters of a view's name."""

LEAST_WIDTH, MOST_WIDTH = 3, 200
"""Between these a column's width stays, in cells."""

ROOM_LEFT = 0
"""The width of a column that takes what room the others leave."""

MOST_LINES = 2
"""The greatest height of a row, in lines."""


class Column(StrEnum):
    """What a list can show of a deal (D8, and what filters ask for); the rejection reason is none of them (D4).

    All but the chance to win are facts of the deal; that one is estimated (C3).
    """

    NUMBER = "number"
    TITLE = "title"
    COMPANY = "company"
    STAGE = "stage"
    DETAIL = "detail"
    AMOUNT = "amount"
    CLOSE = "close"
    OWNER = "owner"
    SOURCE = "source"
    CREATED = "created"
    CONTACT = "contact"
    EMAIL = "email"
    SPAM = "spam"
    FOLLOW_UP = "follow_up"
    AGE = "age"
    PROBABILITY = "probability"
    PHONE = "phone"
    QUALIFIER = "qualifier"
    CREATED_BY = "created_by"
    CLOSED_ON = "closed_on"
    TAGS = "tags"
    CHANCE = "chance"

    @property
    def first_width(self) -> int:
        """The width that the column begins with, in cells."""
        return _WIDTHS[self]


_WIDTHS = MappingProxyType(
    {
        Column.NUMBER: 5, Column.TITLE: ROOM_LEFT, Column.COMPANY: 16, Column.STAGE: 14, Column.DETAIL: 20,
        Column.CLOSE: 8, Column.OWNER: 9, Column.SOURCE: 12, Column.CREATED: 8, Column.CONTACT: 16, Column.EMAIL: 22,
        Column.SPAM: 4, Column.AMOUNT: 10, Column.FOLLOW_UP: 11, Column.AGE: 5, Column.PROBABILITY: 6, Column.PHONE: 16,
        Column.QUALIFIER: 14, Column.CREATED_BY: 12, Column.CLOSED_ON: 8, Column.TAGS: 14, Column.CHANCE: 8,
    }
)  # fmt: skip


_OWN = "field:"


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """A custom field as a column, by its key; a list shows it of the pipeline that it shows."""

    key: str

    @property
    def value(self) -> str:
        """The name under which a saved view keeps it."""
        return f"{_OWN}{self.key}"

    @property
    def first_width(self) -> int:
        """The width that the column begins with, in cells."""
        return 14


AnyColumn: TypeAlias = Column | FieldColumn


def column_named(text: str) -> AnyColumn | None:
    """Give the column of the name under which a saved view keeps it, or nothing when there can be none."""
    if text.startswith(_OWN) and is_field_key(text.removeprefix(_OWN)):
        return FieldColumn(text.removeprefix(_OWN))
    return Column(text) if text in Column.__members__.values() else None


@dataclass(frozen=True, slots=True)
class Placed:
    """A column in its place, `width` cells wide, or with `ROOM_LEFT` as wide as the others leave it."""

    column: AnyColumn
    width: int


_FIRST_COLUMNS = tuple(Placed(column, column.first_width) for column in list(Column)[:13])


@dataclass(frozen=True, slots=True)
class View:
    """How a list is looked at; a nameless one is not saved. `tab` is a stage's key, or empty for all stages.

    One that is not readable was saved, but what it showed cannot be read any more: it has its name and nothing else.
    """

    name: str = ""
    columns: tuple[Placed, ...] = _FIRST_COLUMNS
    sort: AnyColumn = Column.NUMBER
    descending: bool = True
    filter_text: str = ""
    tab: str = ""
    row_height: int = 1
    is_readable: bool = True

    @property
    def wrong(self) -> str:
        """What is wrong with the view, and what would mend it; nothing of one that can be read."""
        return "" if self.is_readable else _unreadable(self.name)

    def demand_readable(self) -> View:
        """Give the view if it can be read.

        Raises:
            BadInput: it cannot.
        """
        if self.wrong:
            raise BadInput(self.wrong)
        return self

    def shows(self, column: AnyColumn) -> bool:
        """Tell whether a column is shown."""
        return any(placed.column == column for placed in self.columns)

    def place_of(self, column: AnyColumn) -> int:
        """Give the place of a column among those shown, from 0; of one that is not shown, 0."""
        return next((place for place, placed in enumerate(self.columns) if placed.column == column), 0)

    def within(self, pipeline: Pipeline) -> View:
        """Give the view as a pipeline can be looked at: without the columns of fields that it never had, on the tab of a
        stage that it has, else on that of all.
        """

        def there(column: AnyColumn) -> bool:
            return not isinstance(column, FieldColumn) or pipeline.custom_field(column.key) is not None

        tab = self.tab if any(stage.key == self.tab for stage in pipeline.stages) else ""
        columns = tuple(placed for placed in self.columns if there(placed.column)) or _FIRST_COLUMNS
        sort = self.sort if there(self.sort) else Column.NUMBER
        same = (tab, columns, sort) == (self.tab, self.columns, self.sort)
        return self if same else replace(self, tab=tab, columns=columns, sort=sort)

    def with_columns(self, wanted: Iterable[AnyColumn]) -> View:
        """Show these columns: those that stay keep place and width, new ones come last; none at all changes nothing."""
        chosen = list(dict.fromkeys(wanted))
        stay = [placed for placed in self.columns if placed.column in chosen]
        new = [Placed(column, column.first_width) for column in chosen if not self.shows(column)]
        return replace(self, columns=(*stay, *new)) if chosen else self

    def best_first(self) -> View:
        """Sort by the chance to win, the best one first; its column is shown, behind the title if it was not (C3)."""
        view = self
        if not self.shows(Column.CHANCE):
            after = self.place_of(Column.TITLE) if self.shows(Column.TITLE) else -1
            view = self.with_columns([*(placed.column for placed in self.columns), Column.CHANCE])
            view = view.moved(Column.CHANCE, after + 1 - len(self.columns))
        return replace(view, sort=Column.CHANCE, descending=True)

    def moved(self, column: AnyColumn, steps: int) -> View:
        """Move a column by so many places, as far as there are places."""
        if not self.shows(column):
            return self
        columns = list(self.columns)
        placed = columns.pop(place := self.place_of(column))
        columns.insert(max(0, min(place + steps, len(columns))), placed)
        return replace(self, columns=tuple(columns))

    def sized(self, column: AnyColumn, width: int) -> View:
        """Make a column so many cells wide, within the bounds."""
        width = max(LEAST_WIDTH, min(width, MOST_WIDTH))
        columns = (Placed(one.column, width) if one.column == column else one for one in self.columns)
        return replace(self, columns=tuple(columns))

    def sorted_by(self, column: AnyColumn) -> View:
        """Sort by a column: upwards, or the other way when it was sorted by it already."""
        if column == self.sort:
            return self.reversed()
        return replace(self, sort=column, descending=False)

    def reversed(self) -> View:
        """Sort the other way."""
        return replace(self, descending=not self.descending)

    def is_like(self, other: View) -> bool:
        """Tell whether both look alike, whatever their names."""
        return replace(self, name=other.name) == other

    def to_json(self) -> str:
        """Give all but the name as JSON."""
        return json.dumps(
            {
                "columns": [[placed.column.value, placed.width] for placed in self.columns],
                "sort": self.sort.value, "descending": self.descending, "filter": self.filter_text,
                "tab": self.tab, "row_height": self.row_height,
            },
            ensure_ascii=False,
        )  # fmt: skip

    @classmethod
    def from_json(cls, name: str, text: str) -> View:
        """Read a view; a column or a sort that this program does not know is left out, a number held within its bounds.

        Raises:
            BadInput: it is no JSON object.
        """
        try:
            data = json.loads(text)
        except ValueError as error:
            raise BadInput(_unreadable(name)) from error
        if not isinstance(data, dict):
            raise BadInput(_unreadable(name))
        return cls(
            name,
            _columns(data.get("columns")) or _FIRST_COLUMNS,
            column_named(str(data.get("sort"))) or Column.NUMBER,
            bool(data.get("descending")),
            clean_line(str(data.get("filter") or ""), 1000),
            str(data.get("tab") or ""),
            max(1, min(_whole(data.get("row_height"), 1), MOST_LINES)),
        )


FIRST_VIEW = View()
"""How the list looks before anybody changed it: the columns of D8 and the amount, the newest deal first."""


def clean_name(name: str) -> str:
    """Give a view's name as it is kept.

    Raises:
        BadInput: there is nothing of it.
    """
    kept = clean_line(name, NAME_LIMIT)
    if not kept:
        message = "a view needs a name"
        raise BadInput(message)
    return kept


def _columns(given: Any) -> tuple[Placed, ...]:
    found: dict[AnyColumn, Placed] = {}
    for pair in given if isinstance(given, list) else ():
        name, width = (*pair, None)[:2] if isinstance(pair, list) and pair else (pair, None)
        column = column_named(str(name))
        if column is not None and column not in found:
            wide = _whole(width, column.first_width)
            found[column] = Placed(column, wide if wide == ROOM_LEFT else max(LEAST_WIDTH, min(wide, MOST_WIDTH)))
    return tuple(found.values())


def _whole(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _unreadable(name: str) -> str:
    return f'the saved view "{clean_line(name, NAME_LIMIT)}" cannot be read; save it anew under its name, or delete it'
