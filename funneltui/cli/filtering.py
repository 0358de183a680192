"""Filters from the words of a command: read, and bound to the workspace's day, zone and pipelines."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

import click

from funneltui.cli.frame import Command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.services.context import Context
    from funneltui.storage.deals import Condition

_NEGATED = "\N{SYMBOL FOR NULL}-"
_ONE_TERM = re.compile(r'(-?[\w-]+(?:<=|>=|[:<>=]))([^":<>=]*\s[^":<>=]*)')


class FilterCommand(Command):
    """A command whose words are a filter: a word with one hyphen before it turns a term round and is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, having hidden negated terms from click, which takes them for options."""
        options = {name: param for param in self.params if isinstance(param, click.Option) for name in param.opts}
        hidden: list[str] = []
        for place, word in enumerate(args):
            before = options.get(args[place - 1]) if place else None
            is_value = before is not None and not before.is_flag
            negated = re.match(r"-[^-]", word) and word not in ("-h",) and not is_value
            hidden.append(_NEGATED + word[1:] if negated else word)
        return super().parse_args(ctx, hidden)


def filter_argument(function: Any) -> Any:
    """Give a command its filter: every word that is no option."""
    return click.argument("words", metavar="[FILTER]...", nargs=-1)(function)


def text_of(words: Sequence[str]) -> str:
    """Give the filter's text from the shell's words: `'owner:Ana Novak'`, one word to the shell, is one term."""
    typed = [word.replace(_NEGATED, "-", 1) if word.startswith(_NEGATED) else word for word in words]
    return " ".join(_ONE_TERM.sub(r'\1"\2"', word) if _ONE_TERM.fullmatch(word) else word for word in typed)


def condition_of(context: Context, words: Sequence[str], *, without_spam: bool) -> Condition:
    """Give the condition that the words of a filter mean.

    `without_spam` leaves spam out unless the filter speaks of outcomes.

    Raises:
        BadInput: it cannot be read; the message says at which character.
    """
    from funneltui.domain.deal import Outcome
    from funneltui.domain.filters import EMPTY, Filter, Not, Outcomes
    from funneltui.storage.filtering import condition

    wanted = EMPTY
    if words:
        from funneltui.domain.filter_parser import parse

        wanted = parse(
            text_of(words), context.clock.today(), context.order, context.pipeline.currency, pipelines=context.pipelines
        )
    if without_spam and not wanted.mentions_outcome:
        wanted = Filter(Not(Outcomes((Outcome.SPAM,)))) & wanted
    return condition(
        wanted,
        actor_id=context.actor.id,
        today=context.clock.today(),
        zone=context.clock.zone or SystemZone(),
        pipelines=context.pipelines,
    )


class SystemZone(tzinfo):
    """The system's zone, by the system's own rules for each moment: without a library, which a short command would feel."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Give how far the zone is ahead of UTC at a local time."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Give nothing: the system tells only the whole offset."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        """Give the zone's name at a local time."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, dt: datetime) -> datetime:
        """Give the local time of a moment in UTC."""
        return dt.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)
