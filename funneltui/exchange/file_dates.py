"""How a file writes dates and amounts: dates read in its order, and a look through it for what can be misread."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.dates import DateOrder, parse_moment, with_year
from funneltui.domain.text import cut
from funneltui.errors import BadInput, FunneltuiError

if TYPE_CHECKING:
    from datetime import date

    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.exchange.tables_in import Table
    from funneltui.services.context import Context

DATES = ("expected_close", "follow_up")
MOMENTS = ("created", "entered", "closed")

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_NAMED = re.compile(
    r"(?:(?P<name>[a-z]{3,9})\.?\s+(?P<day>\d{1,2}),?\s+|(?P<first>\d{1,2})[\s.-]+(?P<month>[a-z]{3,9})\.?,?[\s-]+)"
    r"(?P<year>\d{4})(?:,?\s+(?P<time>\d{1,2}:.*))?",
    re.IGNORECASE | re.ASCII,
)
_DASHED = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(?:\s+(.*))?")
_SPACED = re.compile(r"\b(\d{1,2})\.\s+(?=\d)", re.ASCII)
_ORDERED = re.compile(r"\s*(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?!\d)")
_PROVES_MARK = re.compile(r"[0-9]([.,])(?:[0-9]{1,2}|[0-9]{4,})(?![0-9.,])")
_COULD_BE_BOTH = re.compile(r"\D*[1-9][0-9]{0,2}[.,][0-9]{3}\D*")
_SHARE = re.compile(r"0?[.,][0-9]*[1-9][0-9]*")
_PERCENT = re.compile(r"(?:[2-9]|[1-9][0-9]+)(?:[.,][0-9]+)?\s*%?")
_TWELVE = 12


def read_moment(text: str, order: DateOrder) -> date:
    """Give the moment or the date of a cell: what `parse_moment` reads, and with the month's English name.

    "Oct 7, 2025 6:55 PM" and "07-Oct-2025" are read as that; "31-12-2025" like "31/12/2025", in the file's order;
    "24. 12. 2025" without its blanks.

    Raises:
        BadInput: it is none of these.
    """
    if found := _NAMED.fullmatch(text.strip()):
        name = (found["name"] or found["month"]).lower()
        month = next((rank for rank, one in enumerate(_MONTHS, start=1) if name.startswith(one)), None)
        if month:
            day = f"{found['year']}-{month:02}-{int(found['day'] or found['first']):02}"
            return parse_moment(f"{day} {found['time']}" if found["time"] else day, order)
    if found := _DASHED.fullmatch(text.strip()):
        day = f"{found[1]}/{found[2]}/{found[3]}"
        return parse_moment(f"{day} {found[4]}" if found[4] else day, order)
    return parse_moment(_SPACED.sub(r"\1.", text), order)


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Cells that could be read otherwise too: of what, how many, and the first with its line and how it is read."""

    what: str
    count: int
    line: int
    text: str
    read: str

    def words(self) -> str:
        """Say it in one line."""
        others = f", {self.count:,} in all" if self.count > 1 else ""
        return f'line {self.line}: the {self.what} "{cut(self.text)}" is read as {self.read}{others}'


@dataclass(frozen=True, slots=True)
class Survey:
    """What a look through a file has shown: the decimal mark that its amounts prove, and what stays ambiguous.

    `shares`: whether its probabilities are shares of one, such as 0.6, or percents; nothing, if none of them tells.
    """

    decimal: str | None = None
    ambiguous: tuple[Ambiguous, ...] = ()
    shares: bool | None = None


@dataclass(slots=True)
class _Doubt:
    """Cells of one kind that could be read in two ways."""

    count: int = 0
    line: int = 0
    text: str = ""

    def note(self, line: int, text: str) -> None:
        """Count a cell; the first one is kept as an example."""
        if not self.count:
            self.line, self.text = line, text
        self.count += 1


def survey(context: Context, table: Table, mapping: ImportMapping) -> Survey:
    """Look through a file for how it writes dates and amounts; reads it once.

    A date of which day and month could change places is ambiguous, unless the order was said or another date of the file
    proves it; so is an amount such as 1.500, unless the decimal mark was said or another one proves it.

    Raises:
        BadInput: dates are in another order than the one in force: read so, some would be wrong unnoticed.
    """
    order = mapping.order or context.order
    days = [mapping.columns[name] for name in (*DATES, *MOMENTS) if name in mapping.columns]
    days += [*mapping.closings, *mapping.own_dates, *(place for place, _ in mapping.stays)]
    amount, chance = mapping.columns.get("amount"), mapping.columns.get("probability")
    marks: set[str] = set()
    dates, amounts, proven = _Doubt(), _Doubt(), False
    has_shares = has_percents = False
    for row in table.rows():
        if row.why:
            continue
        cells = row.cells
        for place in days:
            if place < len(cells) and (found := _ORDERED.match(cells[place])):
                check_order(cells[place].strip(), order, f"{table.path.name}, line {row.line}")
                if int(found[1]) > _TWELVE or int(found[2]) > _TWELVE:
                    proven = True
                elif found[1] != found[2]:
                    dates.note(row.line, cells[place])
        if amount is not None and amount < len(cells):
            marks.update(found[1] for found in _PROVES_MARK.finditer(cells[amount]))
            if not marks and _COULD_BE_BOTH.fullmatch(cells[amount].strip()):
                amounts.note(row.line, cells[amount])
        if chance is not None and chance < len(cells):
            has_shares = has_shares or _SHARE.fullmatch(cells[chance].strip()) is not None
            has_percents = has_percents or _PERCENT.fullmatch(cells[chance].strip()) is not None
    decimal = marks.pop() if len(marks) == 1 else None
    ambiguous: list[Ambiguous] = []
    if dates.count and not proven and mapping.order is None:
        day = with_year(read_moment(dates.text.strip(), order))
        ambiguous.append(Ambiguous("date", dates.count, dates.line, dates.text, f"{day}, in the order {order}"))
    if amounts.count and not (decimal or mapping.decimal):
        ambiguous.append(Ambiguous("amount", amounts.count, amounts.line, amounts.text, "thousands"))
    return Survey(decimal, tuple(ambiguous), has_shares if has_shares is not has_percents else None)


def check_order(text: str, order: DateOrder, where: str) -> None:
    """See that a date of a file is not in another order than its dates are read in; `where` is its file and line.

    What is a date in no order, or the same in all, is let through: its row will be told what is wrong.

    Raises:
        BadInput: it is a date in another order.
    """
    if not _ORDERED.match(text) or _readable(text, order):
        return
    others = [other.value for other in DateOrder if _readable(text, other)]
    if others:
        message = (
            f'{where}: "{cut(text)}" is no date in the order {order}, but in {" or ".join(others)}; '
            f"say the order in which the file writes dates, so that none is misread: --date-order {others[0]}"
        )
        raise BadInput(message)


def _readable(text: str, order: DateOrder) -> bool:
    try:
        read_moment(text, order)
    except FunneltuiError:  # the question is whether it can be read
        return False
    return True
