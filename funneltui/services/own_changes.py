"""Values that each deal takes by its own: tags added and taken away, a date put off. Read from typed text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.dates import parse_date
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.text import cut
from funneltui.errors import BadInput, RuleBroken
from funneltui.services.fields import read_tags

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from funneltui.domain.deal import Deal
    from funneltui.services.fields import Values


@dataclass(frozen=True, slots=True)
class TagChange:
    """Tags to be added to those that a deal has, and tags to be taken away; the others stay."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def of(self, tags: tuple[str, ...]) -> tuple[str, ...]:
        """Give a deal's tags after the change, sorted."""
        return tuple(sorted({*tags, *self.add} - set(self.remove)))


@dataclass(frozen=True, slots=True)
class Shift:
    """By how much a date is put off or brought forward, as `read_shift` reads it: "+7d", "-2w", "+1m"."""

    by: str

    def of(self, day: date) -> date:
        """Give a date after the shift: months keep the day, or take the month's last.

        Raises:
            BadInput: it would leave the years that a date may have.
        """
        return parse_date(self.by, day)


def read_tag_change(words: Sequence[str]) -> TagChange:
    """Give the change of tags that was typed: "+hot" (or "hot") adds, "-cold" takes away; blanks or commas between.

    Raises:
        BadInput: there is no tag in it, or one is both added and taken away.
    """
    signed = [word for text in words for word in re.split(r"[\s,;]+", text) if word]
    remove = read_tags(" ".join(word[1:] for word in signed if word[0] == "-"))
    add = read_tags(" ".join(word.removeprefix("+") for word in signed if word[0] != "-"))
    if not add and not remove:
        message = "tags: name at least one, +hot to add it or -cold to take it away"
        raise BadInput(message)
    if both := sorted(set(add) & set(remove)):
        message = f'tags: "{cut(both[0])}" cannot be both added and taken away'
        raise BadInput(message)
    return TagChange(add, remove)


def read_shift(text: str) -> Shift:
    """Give the shift of a date that was typed: a sign, a number, and days, weeks, months or years.

    Raises:
        BadInput: it cannot be read.
    """
    typed = "".join(text.split()).lower()
    if re.fullmatch(r"[+-](?:[0-9]{1,4}[dwm]|[0-9]{1,3}y)", typed) is None:
        message = f'can\'t read "{cut(text)}" as a shift of a date; try +7d, -2w, +1m'
        raise BadInput(message)
    return Shift(typed)


def applied(deal: Deal, values: Values) -> Values:
    """Give the values as they are for one deal: what is said by a change or a shift, worked out from what it has.

    Raises:
        RuleBroken: a date is to be shifted that the deal does not have. BadInput: see `Shift.of`.
    """
    return {name: _own(deal, name, value) for name, value in values.items()}


def _own(deal: Deal, name: str, value: object) -> object:
    if isinstance(value, TagChange):
        return value.of(deal.tags)
    if isinstance(value, Shift):
        day = getattr(deal, name)
        if day is None:
            message = f"it has no {FIELD_LABELS[name]} to shift"
            raise RuleBroken(message)
        return value.of(day)
    return value
