"""Filters from the words of a command: read, and bound to the workspace's day, zone and pipelines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from funneltui.cli.frame import Command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.filters import Filter
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


def filter_of(context: Context, words: Sequence[str]) -> Filter:
    """Give the filter that the words of a command mean; see `parsed`."""
    return parsed(context, text_of(words))


def parsed(context: Context, text: str) -> Filter:
    """Give the filter that a text means, its dates as of today.

    Raises:
        BadInput: it cannot be read; the message says at which character.
    """
    from funneltui.domain.filters import EMPTY

    if not text:
        return EMPTY
    from funneltui.domain.filter_parser import parse

    return parse(text, context.clock.today(), context.order, context.pipeline.currency, pipelines=context.pipelines)


def condition_of(context: Context, words: Sequence[str], pipeline: str | None = None) -> Condition:
    """Give the condition that the words of a filter mean; spam is left out unless they speak of outcomes (D12).

    `pipeline` is the key of the one to which the deals belong; else they may belong to any.

    Raises:
        BadInput: they cannot be read; the message says at which character. NotFound: there is no such pipeline.
    """
    from funneltui.services import views

    texts = [text_of(words), f"pipeline:{context.pipeline_of(pipeline).key}" if pipeline else ""]
    return views.condition_of(context, context.pipelines, *(text for text in texts if text))
