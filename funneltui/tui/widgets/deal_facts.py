"""What is known of a deal, field by field, in the order in which its page and its form show it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain import custom_fields, dates, money
from funneltui.domain.content_ids import is_content_id
from funneltui.domain.custom_fields import FieldKind
from funneltui.domain.deal import Outcome

if TYPE_CHECKING:
    from funneltui.domain.chance_model import Model
    from funneltui.domain.custom_fields import CustomField
    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.chances import Chance
    from funneltui.services.context import Clock


def facts_of(deal: Deal, pipeline: Pipeline, clock: Clock) -> list[tuple[str, str]]:
    """Give a deal's fields by their names, each as people read it: an empty text where there is nothing.

    The pipeline's own fields are among them; those that it asks no longer only where there is something.
    """
    who = [("company", deal.company), ("contact", deal.contact), ("email", deal.email), ("phone", deal.phone)]
    facts = [
        ("title", deal.title),
        ("stage", _where(deal, pipeline, clock)),
        ("amount", "" if deal.amount is None else money.format_full(deal.amount, deal.currency)),
        ("probability", "" if deal.probability is None else f"{deal.probability} %"),
        *who,
        ("source", pipeline.source_name(deal.source)),
        ("owner", deal.owner or "nobody"),
        ("expected_close", _day(deal, deal.expected_close, clock)),
        ("follow_up", _follow_up(deal, clock)),
        ("tags", " ".join(deal.tags)),
        ("qualifier", pipeline.qualifier_name(deal.qualifier)),
        *((own.key, _custom(deal, own, pipeline, clock)) for own in pipeline.fields),
        *((own.key, text) for own in pipeline.retired.fields if (text := _custom(deal, own, pipeline, clock))),
    ]
    if not deal.is_open:
        facts.append(("closed_on", _day(deal, deal.closed_on, clock)))
    if deal.outcome is Outcome.LOST:
        facts += [("reason", pipeline.reason_name(deal.reason)), ("reason_note", deal.reason_note)]
    made = dates.echo(clock.local_day(deal.created), clock.today())
    facts.append(("added", f"{made}{f' by {deal.created_by}' if deal.created_by else ''}"))
    if deal.external_id:
        known_as = None if is_content_id(deal.external_id) else deal.external_id  # one made here tells a person nothing
        facts.append(("came from", " ".join(part for part in (deal.external_system, known_as) if part)))
    return facts


def _custom(deal: Deal, own: CustomField, pipeline: Pipeline, clock: Clock) -> str:
    value = deal.custom.get(own.key)
    if own.kind is FieldKind.DATE and value:
        return _day(deal, date.fromisoformat(value), clock)
    return custom_fields.told(own, value, pipeline.choice_names(own))


def _where(deal: Deal, pipeline: Pipeline, clock: Clock) -> str:
    detail = pipeline.detail_name(deal.stage, deal.detail)
    days = (clock.today() - clock.local_day(deal.stage_entered)).days
    name = next((one.name for one in pipeline.stages if one.key == deal.stage), deal.stage)
    spam = "spam, in " if deal.outcome is Outcome.SPAM else ""
    return f"{spam}{name}{f' · {detail}' if detail else ''}, {days} d here"


def _follow_up(deal: Deal, clock: Clock) -> str:
    again = f"every {deal.follow_up_repeat}" if deal.follow_up_repeat else ""
    return " · ".join(part for part in (_day(deal, deal.follow_up, clock), deal.follow_up_note, again) if part)


def _day(deal: Deal, day: date | None, clock: Clock) -> str:
    if day is None:
        return ""
    near = f", {dates.relative(day, clock.today())}" if deal.is_open else ""
    return f"{dates.echo(day, clock.today())}{near}"


_LITTLE = 0.005
"""Effects of less than half a point are not told one by one."""


def chance_told(pipeline: Pipeline, model: Model, chance: Chance) -> list[tuple[str, str, bool]]:
    """Give the lines that tell a deal's chance to win: a figure, its words, and whether it is the one that counts.

    First the chance in force (the rep's own goes before the estimate), then the rate of the stage, then what raised and
    lowered it in points, the strongest first. Nothing as long as too few deals have closed for an estimate.
    """
    estimate = chance.estimate
    lines = []
    if chance.own is not None:
        lines.append((f"{chance.own:.0%}", "the rep's own", True))
    if estimate is None:
        return lines
    lines += [
        (f"{estimate.probability:.0%}", "estimated", chance.own is None),
        (f"{estimate.base:.0%}", f"of {estimate.reached:,} closed deals that got this far were won", False),
    ]
    terms = sorted(estimate.terms, key=lambda term: -abs(term.points))
    return lines + [
        (f"{term.points * 100:+.0f}", f"{model.classes.told(pipeline, term.trait, term.value)}, n {term.n:,}", False)
        for term in terms
        if abs(term.points) >= _LITTLE
    ]
