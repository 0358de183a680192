"""What commands that print figures have in common: of which pipeline, which deals, which period, as of when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from funneltui.cli.filtering import filter_of
from funneltui.domain.money import minor_digits
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from funneltui.cli.session import Session
    from funneltui.domain.metrics import Window
    from funneltui.services.as_of import Point
    from funneltui.services.context import Context
    from funneltui.services.metrics import Asked

Function = Any

AS_OF = click.option(
    "--as-of", metavar="DATE|MOMENT", help="As it stood then: at the end of that day, or at that moment."
)
PIPELINE = click.option("--pipeline", metavar="KEY", help="Of this pipeline; else of the first one.")
CURRENCY = click.option("--currency", metavar="CODE", help="The currency of the sums; else the pipeline's.")


def period(what: str) -> Callable[[Function], Function]:
    """Give a command `--since` and `--until`, the days of `what`."""

    def added(function: Function) -> Function:
        until = click.option("--until", metavar="DATE", help="To this day, included.")
        since = click.option("--since", metavar="DATE", help=f"{what} from this day on.")
        return since(until(function))

    return added


def asked_of(context: Context, words: Sequence[str], options: dict[str, str | None]) -> Asked:
    """Give what is asked by the options of this module: pipeline, since, until, as_of, currency, those that there are.

    Raises:
        BadInput: one cannot be read, or the period ends before it begins. NotFound: there is no such pipeline.
    """
    from funneltui.services.metrics import Asked

    pipeline, currency = options.get("pipeline"), options.get("currency")
    code = currency_typed(currency) if currency else None
    return Asked(
        context.pipeline_of(pipeline) if pipeline else context.pipeline,
        filter_of(context, words),
        _window(context, options.get("since"), options.get("until")),
        point_of(context, options.get("as_of")),
        code,
    )


def point_of(context: Context, text: str | None) -> Point | None:
    """Give the moment that was typed for `--as-of`, or none.

    Raises:
        BadInput: it cannot be read, or is still to come.
    """
    if text is None:
        return None
    from funneltui.services.as_of import read_point

    return read_point(context, text)


def _window(context: Context, since: str | None, until: str | None) -> Window:
    from funneltui.domain.dates import parse_date
    from funneltui.domain.metrics import Window

    today = context.clock.today()
    first, last = (
        None if text is None else parse_date(text, today, context.order, past=True) for text in (since, until)
    )
    if first and last and last < first:
        message = f"the period ends on {last}, before it begins on {first}; turn the two round"
        raise BadInput(message)
    return Window(first, last)


def told(asked: Asked, today: date, what: str = "") -> str:
    """Say what is asked of, for a heading: "Sales, standard funnel, EUR, since Thu 1 Oct, as it stood on Fri 20 Nov"."""
    from funneltui.domain.dates import echo

    parts = [asked.pipeline.name, *([what] if what else []), asked.money]
    if asked.window.since:
        parts.append(f"since {echo(asked.window.since, today)}")
    if asked.window.until:
        parts.append(f"until {echo(asked.window.until, today)}")
    if not asked.wanted.is_empty:
        parts.append(asked.wanted.describe())
    if asked.as_of:
        day = asked.as_of.day
        parts.append(f"as it stood on {echo(day, today) if day else asked.as_of.text}")
    return ", ".join(parts)


def currency_typed(text: str) -> str:
    """Give the code of a currency as it was typed.

    Raises:
        BadInput: there is no such currency.
    """
    code = text.strip().upper()
    minor_digits(code)
    return code


def currency_for(session: Session, context: Context, typed: str | None, pipeline: str | None) -> str:
    """Give the currency that is meant: the one typed, else the setting, else the pipeline's.

    Raises:
        BadInput: there is no such currency. NotFound: there is no such pipeline.
    """
    if typed:
        return currency_typed(typed)
    chosen = context.pipeline_of(pipeline) if pipeline else context.pipeline
    return session.config().currency or chosen.currency
