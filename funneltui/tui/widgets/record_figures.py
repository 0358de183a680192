"""What the deals of a company or contact come to, in the words that list, page and dialogs share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.records import Contact
from funneltui.tui.painting import fit, width_of

if TYPE_CHECKING:
    from funneltui.domain.records import Figures, PerCurrency
    from funneltui.services.context import Clock
    from funneltui.services.record_windows import Record

_COMPACT = 9


def sums(amounts: PerCurrency, width: int = 0) -> str:
    """Give sums of different currencies side by side, never added up (G8): exact, or rounded where that is too wide.

    Where not even those fit, dots stand for the last ones: "€12k + …". No width is room for all.
    """
    full = " + ".join(money.format_full(amount, currency) for currency, amount in amounts)
    if not width or len(full) <= width:
        return full
    short = [money.format_compact(amount, currency, _COMPACT) for currency, amount in amounts]
    for shown in range(len(short), 1, -1):
        text = " + ".join(short[:shown] + ["…"] * (shown < len(short)))
        if len(text) <= width:
            return text
    return f"{short[0]} + …" if len(short) > 1 else short[0]


def sums_in_lines(amounts: PerCurrency, width: int) -> list[str]:
    """Give exact sums of different currencies in as many lines of so many cells as they take; none for no sum."""
    lines: list[str] = []
    for amount in (money.format_full(amount, currency) for currency, amount in amounts):
        if lines and len(lines[-1]) + len(amount) + 5 <= width:
            lines[-1] += f" + {amount}"
        else:
            lines = [*lines[:-1], f"{lines[-1]} +", amount] if lines else [amount]
    return lines


def touched(figures: Figures, clock: Clock) -> str:
    """Give the day of the last touch in short."""
    return dates.short(clock.local_day(figures.touched), clock.today()) if figures.touched else ""


def touched_in_words(figures: Figures, clock: Clock) -> str:
    """Give the day of the last touch, with its weekday."""
    return dates.echo(clock.local_day(figures.touched), clock.today()) if figures.touched else ""


def counts(figures: Figures) -> str:
    """Give how many deals there are: "16: 3 open, 12 won, 1 lost"; what there is none of is left out."""
    parts = [(figures.open, "open"), (figures.won, "won"), (figures.lost, "lost")]
    told = ", ".join(f"{count:,} {word}" for count, word in parts if count)
    return f"{figures.deals:,}: {told}" if told else "none"


def texts_of(record: Record) -> list[tuple[str, str]]:
    """Give the texts of a record with the names of a deal's fields that hold them: what can be corrected or copied."""
    if isinstance(record, Contact):
        return [("contact", record.name), ("email", record.email), ("phone", record.phone)]
    return [("company", record.name)]


def deal_texts(record: Record) -> dict[str, str]:
    """Give what a new deal of a company or contact has already, by the names of its fields."""
    texts = dict(texts_of(record)) | ({"company": record.company} if isinstance(record, Contact) else {})
    return {name: text for name, text in texts.items() if text}


def field_label(name: str, record: Record) -> str:
    """Give what a field of a record is called: the one with its name is the name."""
    own = "contact" if isinstance(record, Contact) else "company"
    return "name" if name == own else FIELD_LABELS[name]


def right(text: str, width: int) -> str:
    """Give a text at the right end of so many cells."""
    return fit(text, width) if width_of(text) >= width else " " * (width - width_of(text)) + text
