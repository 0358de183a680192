"""The chances as a part of the insights: the best open deals with what speaks for and against them, and past estimates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.domain.chance import LEAST_CLOSED
from funneltui.domain.text import counted
from funneltui.tui.report_cells import NOTHING, Column, blank, heads, left, percent, right, title, words
from funneltui.tui.widgets.report_page import Cell, Figure, Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funneltui.domain.chance_model import Model
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
    """What was learned of a pipeline, its open deals with the best chances, and how good estimates of the past were."""

    pipeline: Pipeline
    learned: Model
    best: Sequence[tuple[Deal, Chance]]
    past: Backtest


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


def chance_lines(found: Chances, look: Look, width: int) -> Iterator[Line]:
    """Give the lines of the best chances and of past estimates."""
    palette, learned = look.palette, found.learned
    base = f"learned from {counted(learned.closed, 'closed deal')}"
    yield title("Best chances", palette, learned.why_silent or base)
    if learned.why_silent:
        yield []
        return
    wide = width >= _ROOMY
    room = max(14, min(40, width - sum(column.width for column in _COLUMNS) - (38 if wide else 11)))
    yield [blank(9 + room), *heads(_COLUMNS, palette.muted), Cell("   because of" if wide else "", palette.muted)]
    yield from (_best(found, deal, chance, look, width, room) for deal, chance in found.best[:BEST])
    yield []
    yield from _past(found.past, look, width)


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


def _past(past: Backtest, look: Look, width: int) -> Iterator[Line]:
    """Give how good the estimates of a past day were: calibration in tens of percent, and the losses side by side."""
    palette = look.palette
    yield title(f"Estimates of {dates.full(past.day)}", palette, "what became of the deals that were open then")
    if past.scores is None or past.n_test < LEAST_CLOSED:
        few = f"too few of the deals that were open then have closed since ({past.n_test:,}) to judge the estimates by"
        yield from words(past.why or few, width, palette.muted)
        yield []
        return
    scores = past.scores
    auc = NOTHING if scores.auc is None else f"{scores.auc:.2f}"
    sentence = (
        f"log loss {scores.log_loss:.4f}, of the stage's rate alone {scores.prior_log_loss:.4f}; Brier {scores.brier:.4f}; "
        f"AUC {auc}; learned from {past.n_train:,}, judged by {past.n_test:,}."
    )
    yield from words(sentence, width, palette.text)
    yield heads(_BINS, palette.muted)
    for one in scores.calibration:
        yield [
            *right(f"{one.low:.0%}-{one.high:.0%}", _BINS[0], palette.text), *right(f"{one.n:,}", _BINS[1], palette.muted),
            *right(percent(one.mean_probability), _BINS[2], palette.text),
            *right(percent(one.won_rate), _BINS[3], palette.won),
        ]  # fmt: skip
    yield []
