"""What changed since a moment, as a page: the sum that ties the two dates together, then the deals of every kind."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.domain.period_changes import TERMS, WORDS, Kind
from funneltui.domain.text import counted
from funneltui.services.report_pages import among, open_at
from funneltui.tui.report_cells import Column, blank, heads, left, right
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from funneltui.domain.funnel import Figure as Sum
    from funneltui.domain.period_changes import Between, Ledger
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.as_of import Point
    from funneltui.services.changes_since import ChangesSince
    from funneltui.services.context import Clock, Context
    from funneltui.storage.deals import Condition
    from funneltui.tui.theming import Look

_NAME = 26
OPENING, CLOSING = "opening", "closing"
_COUNT, _AMOUNT = Column("deals", 8), Column("amount", 16)
_SHOWN = 8
"""How many deals of a kind are told one by one; all of them are a key away."""


class ChangesPage:
    """Makes the page's lines, for any look and width."""

    def __init__(self, found: ChangesSince, clock: Clock) -> None:
        """Show what changed."""
        self.found, self.clock = found, clock
        self.look: Look
        self.width = 0

    def __call__(self, look: Look, width: int) -> Sequence[Line]:
        """Give the lines."""
        self.look, self.width = look, width
        changes = self.found.changes
        lines: list[Line] = [self._when(), []]
        for ledger in changes.ledgers or (changes.ledger(changes.currency),):
            lines += [*self._ledger(ledger), []]
        for kind in Kind:
            lines += self._kind(kind, changes.of(kind))
        if not changes.lists:
            style = look.palette.muted
            lines.append(
                [Cell(" nothing changed in between  ", style), Cell("looks back further", style, action="report.since")]
            )
        return lines

    def _when(self) -> Line:
        palette = self.look.palette
        return [
            Cell(" from ", palette.muted), Cell(self._point(self.found.since, "the start of "), palette.text),
            Cell("  to ", palette.muted), Cell(self._point(self.found.until, "the end of "), palette.text),
        ]  # fmt: skip

    def _point(self, point: Point, edge: str) -> str:
        """Say a point in time: a day that was typed, with which of its edges is meant, else a moment."""
        if point.day is not None:
            return edge + dates.echo(point.day, self.clock.today())
        moment = self.clock.local(point.moment)
        return f"{dates.echo(moment.date(), self.clock.today())} {moment:%H:%M}"

    def _ledger(self, ledger: Ledger) -> Iterator[Line]:
        """Give the sum of a currency: opening, what came and went, closing; it adds up exactly."""
        palette = self.look.palette
        yield [
            *left(f" Pipeline in {ledger.currency}", _NAME, palette.strong),
            *heads((_COUNT, _AMOUNT), palette.muted),
        ]
        yield self._row(OPENING, ledger.opening, ledger.currency, None)
        for kind in TERMS:
            if kind in ledger.terms:
                yield self._row(WORDS[kind], ledger.terms[kind], ledger.currency, kind, signed=True)
        yield self._row(CLOSING, ledger.closing, ledger.currency, None)

    def _row(self, name: str, total: Sum, currency: str, kind: Kind | None, *, signed: bool = False) -> Line:
        palette = self.look.palette
        style = palette.text if signed else palette.strong
        count, amount = f"{total.count:,}", money.format_full(total.amount, currency)
        if signed:
            count = f"{total.count:+,}" if total.count else ""
            amount = f"+{amount}" if total.amount > 0 else amount
        if kind is None:
            told = f"{counted(total.count)} open in {currency} at the {name}"
            figures = [self._edge(f"{currency}:{name}{part}", told, total, currency, name) for part in ("", " sum")]
        else:
            its = [pair for pair in self.found.changes.of(kind) if _is_in(pair, kind, currency)]
            told = f"{counted(len(its))} {WORDS[kind]}, in {currency}; {amount} of the sum"
            figures = [self._figure(f"{currency}:{kind}{part}", told, its) for part in ("", " sum")]
        return [
            blank(3), *left(name, _NAME - 3, palette.muted if signed else palette.text),
            *right(count, _COUNT, style, figures[0] if count else None), *right(amount, _AMOUNT, style, figures[1]),
        ]  # fmt: skip

    def _edge(self, key: str, says: str, total: Sum, currency: str, name: str) -> Figure:
        """Give the figure of the deals with which a sum begins, or ends: they are looked up when it is opened."""
        point = self.found.since if name == OPENING else self.found.until
        stood = partial(_open_at, pipeline=self.found.pipeline, point=point, currency=currency)
        rule = "" if name == OPENING else "; closing = opening and what came and went since"
        worth = f"{money.format_full(total.amount, currency)} together"
        return Figure(key, f"{says}; {worth}{rule}", n=total.count, finds=stood)

    @staticmethod
    def _figure(key: str, says: str, its: Sequence[Between]) -> Figure:
        return Figure(key, says, n=len(its), numbers=tuple(pair.latest.number for pair in its))

    def _kind(self, kind: Kind, its: Sequence[Between]) -> Iterator[Line]:
        """Give the deals of a kind, the first of them one by one with what became of each."""
        if not its:
            return
        palette = self.look.palette
        figure = self._figure(kind.value, f"{counted(len(its))} {WORDS[kind]}", its)
        yield [blank(1), Cell(f"{len(its):,}", palette.strong, figure), Cell(f" {WORDS[kind]}", palette.strong)]
        for pair in its[:_SHOWN]:
            yield self._deal(kind, pair)
        if len(its) > _SHOWN:
            yield [blank(3), Cell(f"and {len(its) - _SHOWN:,} more", palette.muted)]
        yield []

    def _deal(self, kind: Kind, pair: Between) -> Line:
        palette, deal = self.look.palette, pair.latest
        what = self._what(kind, pair)
        number = Column("", 8)
        room = max(10, min(40, self.width - number.width - 42))
        figure = Figure(
            f"{kind}:{deal.number}", f"#{deal.number} {deal.title}: {WORDS[kind]}; {what}", deal=deal.number
        )
        worth = "" if deal.amount is None else money.format_compact(deal.amount, deal.currency, 10)
        return [
            *right(f"#{deal.number}", number, palette.muted), blank(2), *left(deal.title, room, palette.text, figure),
            *right(worth, Column("", 12), palette.text if worth else palette.faint), blank(2), Cell(what, palette.muted),
        ]  # fmt: skip

    def _what(self, kind: Kind, pair: Between) -> str:
        """Say what became of a deal: from where to where, from when to when, from what to what."""
        before, after = pair.before, pair.after
        if kind in (Kind.SLIPPED, Kind.PULLED_IN) and before and after:
            return f"{self._day(before.expected_close)} → {self._day(after.expected_close)}"
        if kind in (Kind.AMOUNT_UP, Kind.AMOUNT_DOWN, Kind.CURRENCY) and before and after:
            return " → ".join(money.format_full(one.amount or 0, one.currency) for one in (before, after))
        stages = [self.found.pipeline.stage_name(one.stage) for one in (before, after) if one is not None]
        if before is not None and after is not None and stages[0] != stages[1]:
            return f"{stages[0]} → {stages[1]}"
        return stages[-1]

    def _day(self, day: date) -> str:
        return dates.short(day, self.clock.today())


def _is_in(pair: Between, kind: Kind, currency: str) -> bool:
    """Tell whether a deal is part of a term of the sum in a currency: one whose currency changed is in both."""
    both = (pair.before, pair.after) if kind is Kind.CURRENCY else (pair.latest,)
    return any(deal is not None and deal.currency == currency for deal in both)


def _open_at(context: Context, pipeline: Pipeline, point: Point, currency: str) -> Condition:
    return among(open_at(context, pipeline, point, currency))
