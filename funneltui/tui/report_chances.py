"""The chances as a part of the insights: the best open deals with what speaks for and against them, and past estimates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.domain.chance import LEAST_CLOSED
from funneltui.domain.text import counted
from funneltui.services.past_estimates import estimated_between
from funneltui.tui.report_cells import NOTHING, Column, blank, heads, left, percent, right, title, words
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from funneltui.domain.chance_model import Model
    from funneltui.domain.chance_scores import Scores
    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.chances import Backtest, Chance
    from funneltui.tui.theming import Look

BEST = 10
"""How many deals are told, the best chance first."""

_ROOMY = 100

_COLUMNS = (Column("chance", 8), Column("stage's", 9), Column("amount", 12))
_BINS = (Column("estimates", 11), Column("n", 7), Column("mean", 7), Column("won", 7))


@dataclass(frozen=True, slots=True)
class Chances:
    """What was learned of a pipeline, its open deals with the best chances, and how good estimates of the past were.

    `before` is what those were made from. A rate is learned from everybody's deals, which `sees_all` says the actor may see.
    """

    pipeline: Pipeline
    learned: Model
    best: Sequence[tuple[Deal, Chance]]
    past: Backtest
    before: Model
    sees_all: bool = True

    def learned_from(self, model: Model, until: date | None = None) -> Figure:
        """Give the figure of the closed deals that a model was learned from: all, or those closed before a day."""
        says = f"learned from {counted(model.closed, 'closed deal')} of this pipeline, everybody's"
        key = f"learned {until or 'now'}"
        if not self.sees_all:
            return Figure(key, says, n=model.closed, why=f"{says}: a rep lists his own deals only")
        closed = f" closed:..{until - timedelta(days=1)}" if until else ""
        return Figure(key, says, f"is:won,lost{closed}", model.closed)


def told(pipeline: Pipeline, learned: Model, chance: Chance) -> str:
    """Say what raised and lowered a deal's chance, the strongest first; nothing where only its stage speaks."""
    if chance.own is not None:
        return "the rep's own"
    terms = sorted(chance.estimate.terms, key=lambda term: -abs(term.points)) if chance.estimate else []
    parts = [
        f"{term.points * 100:+.0f} {learned.classes.told(pipeline, term.trait, term.value)}"
        for term in terms
        if abs(term.points) >= 0.005
    ]
    return ", ".join(parts)


def chance_lines(found: Chances, look: Look, width: int) -> list[Line]:
    """Give the lines of the best chances."""
    palette, learned = look.palette, found.learned
    if learned.why_silent:
        return [title("Best chances", palette, learned.why_silent)]
    wide = width >= _ROOMY
    room = max(14, min(40, width - sum(column.width for column in _COLUMNS) - (38 if wide else 11)))
    return [
        [
            *title("Best chances", palette, "learned from "),
            Cell(f"{learned.closed:,}", palette.text, found.learned_from(learned)), Cell(" closed deals", palette.muted),
        ],
        [blank(9 + room), *heads(_COLUMNS, palette.muted), Cell("   because of" if wide else "", palette.muted)],
        *(_best(found, deal, chance, look, width, room) for deal, chance in found.best[:BEST]),
    ]  # fmt: skip


def _best(found: Chances, deal: Deal, chance: Chance, look: Look, width: int, room: int) -> Line:
    palette = look.palette
    stage = chance.estimate.base if chance.estimate else None
    why = told(found.pipeline, found.learned, chance)
    says = (
        f"#{deal.number} {deal.title}: {percent(chance.probability)}; its stage alone {percent(stage)} of "
        f"{counted(chance.estimate.reached if chance.estimate else 0, 'closed deal')} that reached it"
        f"{f'; {why}' if why else ''}"
    )
    amount = NOTHING if deal.amount is None else money.format_compact(deal.amount, deal.currency, 10)
    used = 9 + room + sum(column.width for column in _COLUMNS) + 3
    return [
        *right(f"#{deal.number}", Column("", 8), palette.muted), blank(1),
        *left(deal.title, room, palette.text, Figure(f"chance {deal.number}", says, deal=deal.number)),
        *right(percent(chance.probability), _COLUMNS[0], palette.strong), *right(percent(stage), _COLUMNS[1], palette.muted),
        *right(amount, _COLUMNS[2], palette.text),
        *([blank(3), *left(why, max(8, width - used), palette.muted)] if width >= _ROOMY else []),
    ]  # fmt: skip


def past_lines(found: Chances, look: Look, width: int) -> list[Line]:
    """Give how good the estimates of a past day were; nothing as long as none are given."""
    palette, past = look.palette, found.past
    if found.learned.why_silent:
        return []
    head = title(f"Estimates of {dates.full(past.day)}", palette, "what became of the deals that were open then")
    if past.scores is None:
        return [head, *words(past.why, width, palette.muted)]
    if past.n_test < LEAST_CLOSED:
        few = Cell(f"{past.n_test:,}", palette.text, _judged(found, "", past.n_test, 0.0, 1.0))
        return [head, [blank(1), few, Cell(" of them closed since: too few to judge the estimates by", palette.muted)]]
    return [head, *_scored(found, past.scores, look, width)]


def _scored(found: Chances, scores: Scores, look: Look, width: int) -> Iterator[Line]:
    """Give the losses side by side, what they were judged by, and the calibration in tens of percent."""
    palette, past = look.palette, found.past
    auc = NOTHING if scores.auc is None else f"{scores.auc:.2f}"
    sentence = (
        f"log loss {scores.log_loss:.4f}, of the stage's rate alone {scores.prior_log_loss:.4f}; Brier {scores.brier:.4f}; "
        f"AUC {auc}."
    )
    yield from words(sentence, width, palette.text)
    yield [
        Cell(" learned from ", palette.muted),
        Cell(f"{past.n_train:,}", palette.text, found.learned_from(found.before, past.day)),
        Cell(" closed before, judged by ", palette.muted),
        Cell(f"{past.n_test:,}", palette.text, _judged(found, "", past.n_test, 0.0, 1.0)),
        Cell(" that have closed since", palette.muted),
    ]  # fmt: skip
    yield heads(_BINS, palette.muted)
    for one in scores.calibration:
        band = f"{one.low:.0%}-{one.high:.0%}"
        at = f"{percent(one.mean_probability)} on average"
        figures = (
            _judged(found, f" given {band}", one.n, one.low, one.high, "n"),
            _judged(found, f" given {band}, {at}", one.n, one.low, one.high, "mean"),
            _judged(found, f" given {band}, {percent(one.won_rate)} were won", one.n, one.low, one.high, "won"),
        )
        yield [
            *right(band, _BINS[0], palette.text), *right(f"{one.n:,}", _BINS[1], palette.muted, figures[0]),
            *right(percent(one.mean_probability), _BINS[2], palette.text, figures[1]),
            *right(percent(one.won_rate), _BINS[3], palette.won, figures[2]),
        ]  # fmt: skip


def _judged(found: Chances, what: str, n: int, low: float, high: float, name: str = "all") -> Figure:
    """Give the figure of the deals that estimates between two chances were judged by."""
    day = found.past.day
    says = f"{counted(n)} open on {dates.full(day)} and closed since{what}"
    finds = partial(
        estimated_between, pipeline=found.pipeline, day=day, learned=found.before, low=low, high=high
    )  # fmt: skip
    return Figure(f"judged {low:.1f} {name}", says, n=n, finds=finds)
