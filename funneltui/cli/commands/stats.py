"""`stats`: the figures of a pipeline, each with its number of deals; by owner, source, company, tag or month."""

from __future__ import annotations

from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING

import click

from funneltui.cli.figure_options import AS_OF, CURRENCY, PIPELINE, asked_of, period, told
from funneltui.cli.figure_texts import bar, days, exact_percent, figure, money, of_days, percent
from funneltui.cli.filtering import FilterCommand, filter_argument
from funneltui.cli.frame import command
from funneltui.cli.output import Column, on_terminal, say, say_json, say_rows

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.services.metrics import Group, Stats

_VOLUMES = ("open", "amount", "created", "won", "amount", "lost", "amount")
_RATES = ("win rate", "of created", "mean won", "median", "d to win", "rotting")
_BY = ("owner", "source", "company", "tag", "month")


@command("stats", cls=FilterCommand)
@filter_argument
@click.option("--by", type=click.Choice(_BY), help="Tell the figures of each of these apart.")
@click.option("--stages", is_flag=True, help="With --by: how many reached each stage, and the share that went on.")
@period("Created, won and lost")
@PIPELINE
@AS_OF
@CURRENCY
def stats(session: Session, words: tuple[str, ...], by: str | None, stages: bool, **options: str | None) -> None:
    """Print the figures of the deals that a FILTER lets through: win rates, sizes, cycles, times, velocity, trouble.

    Win rate: of the deals closed in the period won / (won + lost); of those created in it won / created. Cycle: days from
    created to closed. Time in stage: of the stays that ended. Velocity: open deals x mean won amount x win rate / mean
    cycle, a day. A month is that in which deals were created, closed, left a stage; its open deals were created in it.

    In a pipe each line holds, separated by tabs, the name of a figure and its values. With --by each line is a group: name,
    open, amount, created, won, amount, lost, amount, win rate of closed, of created, mean and median size, median cycle of
    won deals, rotting; with --stages also: name, and of each stage those that reached it and the share that went on.
    """
    if stages and by is None:
        message = "--stages goes with --by: `--by owner --stages` says how each rep does at each stage"
        raise click.UsageError(message)
    context = session.workspace()
    from funneltui.domain.figure_sums import By
    from funneltui.services import metrics

    asked = asked_of(context, words, options)
    found = metrics.stats(context, asked, By(by) if by else None, with_funnels=stages)
    if session.json:
        from funneltui.exchange.figure_records import stats_record

        say_json(stats_record(found))
        return
    if on_terminal():
        say(told(asked, context.clock.today()))
    if found.by is None:
        _say_whole(found)
    else:
        _say_groups(found)
    if stages:
        _say_stages(found)


def _say_whole(found: Stats) -> None:
    whole, currency = found.whole, found.whole.currency
    rate, size = whole.win_rate, whole.deal_size
    rows = [
        ["open", *figure(whole.open, currency)],
        ["rotting", f"{whole.rotting:,}", ""],
        ["created", f"{whole.created:,}", ""],
        ["won", *figure(whole.won, currency)],
        ["lost", *figure(whole.lost, currency)],
        ["win rate of closed", exact_percent(rate.of_closed), f"n {rate.n_closed:,}"],
        ["win rate of created", exact_percent(rate.of_created), f"n {rate.n_created:,}"],
        ["deal size mean", money(size.mean, currency), f"n {size.n:,}"],
        ["deal size median", money(size.median, currency), f"n {size.n:,}"],
        *(
            [f"cycle {name}", f"{days(spread.mean)} d" if spread.n else "", of_days(spread)]
            for name, spread in (("won", whole.cycle.won), ("lost", whole.cycle.lost), ("closed", whole.cycle.closed))
        ),
        ["velocity per day", money(whole.velocity, currency), ""],
    ]
    for code, (open_, won, lost) in whole.others.items():
        rows += [
            [f"not added up: {name}", *figure(value, code)]
            for name, value in (("open", open_), ("won", won), ("lost", lost))
            if value.count
        ]
    say_rows((Column("figure"), Column("", number=True), Column("")), rows)
    _say_times(found)
    _say_weeks(found)
    if on_terminal():
        say()
        empty = f"Empty: {', '.join(stage.name for stage in found.empty)}."
        for sentence in (found.stuck, *([empty] if found.empty else []), found.inflow):
            say(fill(sentence, get_terminal_size().columns))
    else:
        say_rows((), [["trouble", found.stuck], ["inflow", found.inflow]])
        say_rows((), [["empty", stage.key] for stage in found.empty])


def _say_times(found: Stats) -> None:
    rows, brief = [], []
    for crowd in found.crowds:
        time = found.whole.time_in_stage[crowd.stage.key]
        ended = [f"{time.latest.n:,}", days(time.latest.mean), days(time.latest.median)]
        now = [f"{time.now.n:,}", days(time.now.median), f"{crowd.too_long:,}"]
        rows.append(["time in stage", crowd.stage.name, *ended, days(time.all.mean), days(time.all.median), *now])
        brief.append([crowd.stage.name, *ended, days(time.all.median), *now])
    if not on_terminal():
        say_rows((), rows)
        return
    headings = ("stays", "mean", "median", "of all", "now", "median", "too long")
    say()
    say_rows((Column("days in stage"), *(Column(name, number=True) for name in headings)), brief)


def _say_weeks(found: Stats) -> None:
    most = max((max(week.created, week.won + week.lost) for week in found.weeks), default=0)
    if not on_terminal():
        say_rows((), [["week", week.monday.isoformat(), str(week.created), str(week.won), str(week.lost)]
                      for week in found.weeks])  # fmt: skip
        return
    rows = [
        [week.monday.isoformat(), str(week.created), bar(week.created, most * 2), str(week.won), str(week.lost),
         bar(week.won + week.lost, most * 2)]
        for week in found.weeks
    ]  # fmt: skip
    say()
    say_rows(
        (Column("week of"), Column("in", number=True), Column("", least=12), Column("won", number=True),
         Column("lost", number=True), Column("closed", least=12)),
        rows,
    )  # fmt: skip


def _say_groups(found: Stats) -> None:
    assert found.by is not None
    if not on_terminal():
        say_rows((), [_group_row(group) for group in found.groups])
        return
    rows = [_with_n(_group_row(group), group) for group in found.groups]
    # Side by side they would be too wide for most terminals.
    for headings, part in ((_VOLUMES, slice(1, 8)), (_RATES, slice(8, None))):
        if part.start != 1:
            say()
        columns = (Column(found.by.value, least=10), *(Column(name, number=True) for name in headings))
        say_rows(columns, [[row[0], *row[part]] for row in rows])
    for code, (open_, won, lost) in found.whole.others.items():
        told = (f"{value.count:,} {name} {money(value.amount, code)}"
                for name, value in (("open", open_), ("won", won), ("lost", lost)) if value.count)  # fmt: skip
        say(f"not added up: {', '.join(told)}")


def _group_row(group: Group) -> list[str]:
    its, currency = group.metrics, group.metrics.currency
    return [
        group.name, *figure(its.open, currency), f"{its.created:,}", *figure(its.won, currency),
        *figure(its.lost, currency), percent(its.win_rate.of_closed), percent(its.win_rate.of_created),
        money(its.deal_size.mean, currency), money(its.deal_size.median, currency), days(its.cycle.won.median),
        f"{its.rotting:,}",
    ]  # fmt: skip


def _with_n(row: list[str], group: Group) -> list[str]:
    """Give a group's row with the n of its mean, where that is not of all the won deals beside it.

    Mean and median are of the amounts in one currency, and of the deals that have one.
    """
    its, place = group.metrics, 8 + _RATES.index("mean won")
    if row[place] and its.deal_size.n != its.won.count:
        row[place] += f" n {its.deal_size.n:,}"
    return row


def _say_stages(found: Stats) -> None:
    """Print how many of each group's deals reached each stage, and the share of them that went on (B6)."""
    assert found.by is not None
    stages = found.asked.pipeline.open_stages
    columns = [Column(found.by.value)]
    for stage in stages:
        columns += [Column(stage.name, number=True), Column("go on", number=True)]
    rows = []
    for group in found.groups:
        cells = [[f"{row.reached:,}", percent(row.step_rate)] for row in group.funnel.stages] if group.funnel else []
        rows.append([group.name, *(cell for pair in cells for cell in pair)])
    if on_terminal():
        say()
    say_rows(columns, rows if on_terminal() else [["stages", *row] for row in rows])
