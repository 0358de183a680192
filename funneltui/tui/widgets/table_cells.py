"""What stands in a cell of the list, made to fit: amounts, texts to the right, in two lines, cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain import money
from funneltui.tui.painting import fit, width_of

if TYPE_CHECKING:
    from rich.style import Style

    from funneltui.domain.deal import Deal
    from funneltui.tui.widgets.painted import Piece


def amount_in(deal: Deal, width: int) -> str:
    """Give the amount in full where the column is wide enough for it, else rounded."""
    if deal.amount is None:
        return ""
    full = money.format_full(deal.amount, deal.currency)
    return full if len(full) <= width else money.format_compact(deal.amount, deal.currency, width)


def to_the_right(text: str, width: int) -> str:
    """Give a text at the right end of so many cells."""
    return fit(text, width) if width_of(text) >= width else " " * (width - width_of(text)) + text


def in_two(text: str, width: int) -> tuple[str, str]:
    """Give a text in two lines, broken at a blank unless that would leave the first too short."""
    if width_of(text) <= width:
        return text, ""
    kept = fit(text, width).removesuffix("…") if not text.isascii() else text[: width + 1]
    blank = kept.rfind(" ")
    end = blank if blank >= width // 3 else min(width, len(kept))
    return text[:end], text[end:].lstrip()


def cut_to(pieces: list[Piece], width: int, blank: Style) -> list[Piece]:
    """Give pieces that take exactly so many cells: what is too long goes, what is missing is filled up."""
    kept: list[Piece] = []
    left = width
    for text, style in pieces:
        if left <= 0:
            break
        shown = text if width_of(text) <= left else fit(text.rstrip(), left)
        kept.append((shown, style))
        left -= width_of(shown)
    return [*kept, (" " * left, blank)] if left > 0 else kept
