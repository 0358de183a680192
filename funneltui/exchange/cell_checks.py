"""What is remarkable of a row's cells: errors of a spreadsheet, computed amounts, texts that are too long to be kept."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.money import minor_digits
from funneltui.domain.text import LINE_LIMIT, NOTE_LIMIT, clean_line, cut
from funneltui.errors import BadInput
from funneltui.exchange.sheet_errors import is_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

KEPT = 2000
"""The most characters that the notes keep of a column that no field takes."""


def refuse_errors(texts: Mapping[str, str], columns: Mapping[str, int], header: Sequence[str]) -> None:
    """Refuse the texts of fields of which one is an error of a spreadsheet.

    Raises:
        BadInput: naming the column.
    """
    for name, text in texts.items():
        if is_error(text):
            column = cut(header[columns[name]]) if name in columns else name
            message = f'"{column}" holds {text}, an error of the spreadsheet; mend the cell there, or empty it'
            raise BadInput(message)


def rounded(text: str, currency: str) -> tuple[str, str]:
    """Give an amount that a spreadsheet has computed (=100/3) as its currency has it, and what is remarked if it differs."""
    exact = Decimal(text)
    whole = exact.quantize(Decimal(1).scaleb(-minor_digits(currency)), ROUND_HALF_UP)
    return (str(whole), f"amount: {text} is rounded to {whole}") if whole != exact else (text, "")


def cuts(texts: Mapping[str, str], cells: Sequence[str], kept: Sequence[int], header: Sequence[str]) -> Iterator[str]:
    """Give a remark for each text of which only the beginning is kept, also of the columns `kept` in the notes."""
    for name, text in texts.items():
        limit = NOTE_LIMIT if name == "notes" else LINE_LIMIT
        if name in FIELD_LABELS and _is_longer(text, limit):
            yield f"{FIELD_LABELS[name]}: cut to {limit:,} characters"
    for place in kept:
        if place < len(cells) and _is_longer(cells[place], KEPT):
            yield f"{cut(header[place])}: cut to {KEPT:,} characters in the notes"


def _is_longer(text: str, limit: int) -> bool:
    return len(text) > limit and len(clean_line(text, len(text))) > limit
