"""`chance`: the chance to win of a deal with its work shown, of all open deals, and how good past estimates were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.figure_options import PIPELINE
from funneltui.cli.figure_texts import percent
from funneltui.cli.frame import command
from funneltui.cli.output import Column, on_terminal, say, say_json, say_json_array, say_rows
from funneltui.cli.typed import DEAL_NUMBER

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.domain.chance_model import Estimate, Model
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.chances import Backtest, Chance
    from funneltui.services.context import Context

_NAMES = {
    "stage": "really stood there", "age": "time in stage", "source": "source", "owner": "owner", "amount": "amount",
    "contacts": "contacts",
}  # fmt: skip


@command("chance")
@click.argument("number", metavar="[N]", type=DEAL_NUMBER, required=False)
@click.option("--backtest", metavar="DATE", help="How good the estimates of that day would have been.")
@PIPELINE
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help="Of the open deals at most so many.")
def chance(session: Session, number: int | None, backtest: str | None, pipeline: str | None, limit: int | None) -> None:
    """Print the chance to win: of deal N with what raised and lowered it, else of all open deals, the best first.

    It begins with the stage's rate, won / (won + lost) among the closed deals that reached the stage, and adds what time in
    stage, source, owner, amount and logged contacts told of closed deals, as far as later deals bore it out. Under 20
    closed deals there is no figure. A deal's own probability goes before the estimate, which stands beside it.

    --backtest learns from the deals closed before DATE and judges the deals created before it and closed since; the lower
    the log loss the better.

    In a pipe each line holds, separated by tabs: number, title, stage, chance, own, estimate, the stage's rate, each in
    percent.
    """
    context = session.workspace()
    if number is not None and (backtest or pipeline or limit is not None):
        message = "a number stands alone; --backtest, --pipeline and --limit are of a whole pipeline"
        raise click.UsageError(message)
    if number is not None:
        _of_one(session, context, number)
        return
    chosen = context.pipeline_of(pipeline) if pipeline else context.pipeline
    if backtest is None:
        _of_all(session, context, chosen, limit)
    else:
        _of_the_past(session, context, chosen, backtest)


def _of_one(session: Session, context: Context, number: int) -> None:
    from funneltui.services import chances, deals

    found = chances.explain(context, number)
    deal = deals.show(context, number).deal
    pipeline = context.pipeline_of(deal.pipeline)
    model = chances.model(context, pipeline)
    if session.json:
        from funneltui.exchange.chance_records import chance_record

        say_json(chance_record(found, pipeline, model))
        return
    say(f"deal {deal.number}  {deal.title}")
    said = percent(found.probability) or "no figure"
    if found.own is not None:
        said += f", its own; estimated {percent(found.estimate.probability if found.estimate else None) or 'nothing'}"
    say(f"chance to win {said}")
    if found.estimate is None:
        say(found.why)
        return
    _explain(found, found.estimate, model, pipeline, pipeline.stage_name(deal.stage))


def _explain(found: Chance, estimate: Estimate, model: Model, pipeline: Pipeline, stage: str) -> None:
    rows = [[percent(estimate.base), "", stage, "stage's rate", f"{estimate.reached:,}"]]
    sofar = estimate.base
    for term in estimate.terms:
        sofar += term.points
        points = f"{term.points * 100:+.0f}" if abs(term.points) >= 0.005 else f"{term.points * 100:+.1f}"
        told = model.classes.told(pipeline, term.trait, term.value)
        rows.append([percent(sofar), points, told, _NAMES[term.trait.value], f"{term.n:,}"])
    columns = (
        Column("chance", number=True), Column("points", number=True), Column("because of", least=16), Column(""),
        Column("closed deals", number=True),
    )  # fmt: skip
    say_rows(columns, rows)
    if not on_terminal():
        return
    say(f"learned from {found.closed:,} closed deals of {pipeline.name}, {model.won:,} of them won")
    if not model.effects:
        say("nothing else told won deals from lost ones in a way that later deals bore out")


def _of_all(session: Session, context: Context, pipeline: Pipeline, limit: int | None) -> None:
    from funneltui.services import chances

    ranked = chances.best_first(context, (pipeline,), limit=limit)
    model = chances.model(context, pipeline)
    if session.json:
        from funneltui.exchange.chance_records import chance_record

        say_json_array(chance_record(found, pipeline, model) for _, found in ranked)
        return
    columns = (
        Column("#", number=True), Column("title", least=16), Column("stage"), Column("chance", number=True),
        Column("own", number=True), Column("estimate", number=True), Column("stage's rate", number=True),
    )  # fmt: skip
    rows = (
        [str(deal.number), deal.title, pipeline.stage_name(deal.stage), percent(found.probability), percent(found.own),
         *(percent(value) for value in _parts(found.estimate))]
        for deal, found in ranked
    )  # fmt: skip
    say_rows(columns, rows)
    if on_terminal():
        say(model.why_silent or f"learned from {model.closed:,} closed deals of {pipeline.name}, {model.won:,} won")


def _parts(estimate: Estimate | None) -> tuple[float | None, float | None]:
    return (estimate.probability, estimate.base) if estimate else (None, None)


def _of_the_past(session: Session, context: Context, pipeline: Pipeline, typed: str) -> None:
    from funneltui.domain.dates import parse_date
    from funneltui.services import chances

    day = parse_date(typed, context.clock.today(), context.order, past=True)
    found = chances.backtest(context, pipeline, day)
    if session.json:
        from funneltui.exchange.chance_records import backtest_record

        say_json(backtest_record(found))
        return
    _say_backtest(context, pipeline, found)


def _say_backtest(context: Context, pipeline: Pipeline, found: Backtest) -> None:
    from funneltui.domain.dates import echo

    told = f"{pipeline.name} on {echo(found.day, context.clock.today())}"
    say(f"{told}: learned from {found.n_train:,} closed deals, judged by {found.n_test:,}")
    scores = found.scores
    if scores is None:
        say(found.why)
        return
    auc = "" if scores.auc is None else f"{scores.auc:.3f}"
    say_rows(
        (Column("measure"), Column("estimate", number=True), Column("stage's rate", number=True)),
        [
            ["log loss", f"{scores.log_loss:.4f}", f"{scores.prior_log_loss:.4f}"],
            ["brier", f"{scores.brier:.4f}", ""],
            ["auc", auc, ""],
        ],
    )
    if on_terminal():
        say()
    say_rows(
        (Column("estimated"), Column("deals", number=True), Column("mean", number=True), Column("won", number=True)),
        [
            [f"{one.low:.0%} to {one.high:.0%}", f"{one.n:,}", percent(one.mean_probability), percent(one.won_rate)]
            for one in scores.calibration
        ],
    )
