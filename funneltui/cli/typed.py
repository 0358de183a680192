"""The fields of a deal as options of a command: typed texts, read by the one reader of all typed texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from funneltui.cli.completion import choices
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.text import cut
from funneltui.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Stage
    from funneltui.services.context import Context
    from funneltui.services.fields import Values

OPTION_OF: dict[str, str] = {
    "title": "--title",
    "source": "--source",
    "expected_close": "--close",
    "company": "--company",
    "contact": "--contact",
    "email": "--email",
    "phone": "--phone",
    "amount": "--amount",
    "currency": "--currency",
    "owner": "--owner",
    "detail": "--detail",
    "follow_up": "--follow-up",
    "follow_up_note": "--follow-up-note",
    "probability": "--probability",
    "tags": "--tags",
    "notes": "--notes",
    "qualifier": "--qualifier",
    "reason": "--reason",
    "reason_note": "--reason-note",
    "closed_on": "--on",
}
"""The option of each field."""

_HELPS = {
    "title": ("TEXT", "What it is about."),
    "source": ("SOURCE", "Where it came from."),
    "expected_close": ("DATE", "When the sale is expected to close: fri, +30d, eom, 15.12., 2026-12-15."),
    "company": ("NAME", "The company."),
    "contact": ("NAME", "The person to talk to."),
    "email": ("ADDRESS", "The contact's e-mail."),
    "phone": ("NUMBER", "The contact's phone."),
    "amount": ("AMOUNT", "What it is worth: 12500, 12.500,00, 12.5k."),
    "currency": ("CODE", "The amount's currency, by ISO 4217."),
    "owner": ("NAME", 'The rep in charge; "me", or "" for nobody.'),
    "detail": ("DETAIL", "The exact point within the stage."),
    "follow_up": ("DATE", "The next contact."),
    "follow_up_note": ("TEXT", "What the next contact is about."),
    "probability": ("PERCENT", "The deal's own chance to be won."),
    "tags": ("TAGS", "Tags, separated by blanks or commas."),
    "notes": ("TEXT", "Notes."),
    "qualifier": ("QUALIFIER", "What qualifies it."),
    "reason": ("REASON", "Why it was lost."),
    "reason_note": ("TEXT", "A note on the reason."),
    "closed_on": ("DATE", "The day on which it was won or lost; else today."),
}
_COMPLETED = ("source", "detail", "reason", "owner")

Function = Any

_MOST = 2**31 - 1


class DealNumber(click.ParamType[int]):
    """The number of a deal; one that no database could hold is simply that of no deal."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Give the number that was typed.

        Raises:
            NotFound: there can be no deal of that number.
        """
        typed = str(value).strip()
        if re.fullmatch(r"-?[0-9]+", typed) is None:
            self.fail(f'"{value}" is no number of a deal', param, ctx)
        if len(typed) > len(str(_MOST)) or not 0 < int(typed) <= _MOST:
            message = f"there is no deal {cut(typed)}"
            raise NotFound(message)
        return int(typed)


DEAL_NUMBER = DealNumber()


def field_options(*names: str) -> Callable[[Function], Function]:
    """Give a command the options of these fields; each arrives under its field's name, or none if not typed."""

    def added(function: Function) -> Function:
        for name in reversed(names):
            metavar, text = _HELPS[name]
            complete = choices(name) if name in _COMPLETED else None
            option = click.option(OPTION_OF[name], name, metavar=metavar, help=text, shell_complete=complete)
            function = option(function)
        return function

    return added


def set_option(function: Function) -> Function:
    """Give a command `--set FIELD=VALUE`, for the pipeline's own fields and whatever else a gate may demand."""
    return click.option(
        "--set", "also", metavar="FIELD=VALUE", multiple=True, callback=_split,
        help="Another field, such as one of the pipeline's own, by its key or name; may be repeated.",
    )(function)  # fmt: skip


def texts_of(options: Mapping[str, str | None], also: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """Give the texts that were typed, by their fields; an empty one is meant to clear."""
    return {name: text for name, text in options.items() if text is not None} | dict(also)


def read_for(context: Context, texts: Mapping[str, str], deal: Deal, stage: Stage) -> Values:
    """Give the values of texts typed for a deal that stands, or is to stand, in a stage.

    Raises:
        BadInput: a text cannot be read. NotFound: no such source, detail or reason.
    """
    from funneltui.services import fields

    return fields.read(context, texts, context.pipeline_of(deal.pipeline), stage, deal)


def versions_for(texts: Mapping[str, str], deal: Deal) -> dict[int, int]:
    """Give the version to be insisted on when a text was read by what the deal was: its currency, its stage."""
    return {deal.number: deal.version} if {"amount", "detail"} & texts.keys() else {}


def _split(ctx: click.Context, param: click.Parameter, pairs: tuple[str, ...]) -> list[tuple[str, str]]:
    by_option = {option.removeprefix("--"): name for name, option in OPTION_OF.items()}
    split = []
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            message = f'"{pair}" is not written FIELD=VALUE'
            raise click.BadParameter(message, ctx, param)
        plain = name.strip().lower().replace("_", "-")
        split.append((by_option.get(plain, _field_named(name.strip())), text))
    return split


def _field_named(name: str) -> str:
    """Give the name of a field as it is read: hyphens as underscores in a field's key; of a custom field's name nothing."""
    key = name.lower().replace("-", "_")
    return key if key in FIELD_LABELS else name
