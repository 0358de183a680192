"""What stands behind the numbers of the funnel: what each is, by which rule, and the deals that it is made of."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from funneltui.domain import money
from funneltui.domain.chance import LEAST_CLOSED
from funneltui.domain.deal import Outcome
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import ALWAYS
from funneltui.domain.text import counted
from funneltui.services.figures import in_currency, stayed
from funneltui.tui.report_cells import percent, rounded
from funneltui.tui.widgets.report_page import Figure

if TYPE_CHECKING:
    from funneltui.domain.funnel import Funnel, StageFigures
    from funneltui.domain.metrics import Spread
    from funneltui.services.figures import FunnelFilters


class FunnelFigures:
    """Makes the figures of a funnel; `behind` gives their filters, `verb` is the word of its mode."""

    def __init__(self, shown: Funnel, behind: FunnelFilters, *, sees_all: bool = True) -> None:
        """Tell of a funnel; `sees_all`: who looks sees everybody's deals, from which the chances are learned."""
        self.shown, self.behind, self.sees_all = shown, behind, sees_all
        self.verb = "entered" if shown.mode is Mode.ENTERED else "reached"

    def _money(self, amount: int) -> str:
        return money.format_full(amount, self.shown.currency)

    def _worth(self, amount: int) -> str:
        """Say what deals are worth together; those in other currencies are counted, and in no sum."""
        return f"; those in {self.shown.currency} are {self._money(amount)} together"

    def entered(self) -> Figure:
        """Give the deals that got into the funnel."""
        says = f"{counted(self.shown.entered)} {self.verb} {self._first}, the first stage: open, won or lost by now"
        return Figure("entered", says, self.behind.entered(), self.shown.entered)

    def open(self) -> Figure:
        """Give all open deals."""
        its = self.shown.open
        return Figure(
            "open", f"{counted(its.count, 'open deal')}{self._worth(its.amount)}", self.behind.open(), its.count
        )

    def overall(self) -> Figure:
        """Give the share of those that got into the funnel which is won; these are what opens."""
        says = (
            f"{percent(self.shown.overall_rate)} of the {counted(self.shown.entered)} that {self.verb} {self._first} are "
            f"won ({self.shown.entered_won:,}); overall = won / {self.verb}(first)"
        )
        return Figure("overall", says, self.behind.entered(), self.shown.entered)

    @property
    def _first(self) -> str:
        return self.shown.stages[0].stage.name

    def standing(self, row: StageFigures) -> Figure:
        """Give the deals that stand in a stage now."""
        says = f"{counted(row.count)} in {row.stage.name} now{self._worth(row.amount)}"
        return Figure(f"now:{row.stage.key}", says, self.behind.standing(row.stage), row.count)

    def worth(self, row: StageFigures) -> Figure:
        """Give the sum of the deals that stand in a stage now."""
        says = (
            f"{self._money(row.amount)}: the amounts of the deals in {row.stage.name} that are in {self.shown.currency}"
        )
        return Figure(f"sum:{row.stage.key}", says, self._priced(self.behind.standing(row.stage)))

    def weighted(self, row: StageFigures) -> Figure:
        """Give the weighted sum of the same."""
        says = (
            f"{rounded(Fraction(row.weighted), self.shown.currency)}: weighted = amount x probability, the deal's own if "
            f"set, else the stage's; of the deals in {self.shown.currency}"
        )
        return Figure(f"weighted:{row.stage.key}", says, self._priced(self.behind.standing(row.stage)))

    def _priced(self, text: str) -> str:
        return in_currency(text, self.shown.currency)

    def part(self, row: StageFigures, outcome: Outcome | None = None) -> Figure:
        """Give the deals that got to a stage, all or those with an outcome now."""
        entered = self.verb == "entered"
        rule = "they have a visit to it" if entered else "they entered it or a later open stage, or were won"
        count = getattr(row, outcome.value) if outcome else row.reached
        became = f"; {outcome.value} now" if outcome else f": {row.open:,} open + {row.won:,} won + {row.lost:,} lost"
        says = f"{counted(count)} {self.verb} {row.stage.name} ({rule}){became}"
        key = f"{outcome.value if outcome else 'all'}:{row.stage.key}"
        return Figure(key, says, self.behind.through(row.stage, outcome), count)

    def step(self, row: StageFigures) -> Figure:
        """Give the step rate: of all that got to a stage, how many went on.

        In the entered mode those that entered the next stage are other deals in part, so it is told of no share of them.
        """
        verb, rank = self.verb, self.shown.stages.index(row)
        onward = self.shown.stages[rank + 1] if rank + 1 < len(self.shown.stages) else None
        name = f"{verb} {onward.stage.name} too" if onward else "are won"
        count = onward.reached if onward else row.won
        rule = f"onward = {verb}(next) / {verb}" if onward else f"onward = won / {verb}"
        rate, those = percent(row.step_rate), f"{row.reached:,} that {verb} {row.stage.name}"
        if onward and self.shown.mode is Mode.ENTERED:
            says = f"{count:,} {verb} {onward.stage.name} for {those}: {rate}; {rule}"
        else:
            says = f"{rate} of the {those} {name} ({count:,}); {rule}"
        return Figure(f"step:{row.stage.key}", says, self.behind.through(row.stage), row.reached)

    def stay(self, row: StageFigures, stays: Spread) -> Figure:
        """Give the median of the latest stays in a stage that have ended, of deals whenever created."""
        says = (
            f"median days in {row.stage.name}: of the latest stay of {counted(stays.n)} that left it again"
            f"{', whenever they were created' if self.behind.cohort != ALWAYS else ''}"
        )
        finds = partial(stayed, pipeline=self.behind.pipeline, stage=row.stage, text=self.behind.within)
        return Figure(f"days:{row.stage.key}", says, n=stays.n, finds=finds)

    def chance(self, row: StageFigures) -> Figure:
        """Give the chance from a stage (B7): from history, or configured as long as too few deals have closed."""
        key, name, rate, n = f"chance:{row.stage.key}", row.stage.name, percent(row.probability), row.learned_from
        if n is None:
            given = "not known" if row.probability is None else f"the stage's own, {rate}"
            says = f"chance to win from {name}: {given}, as fewer than {LEAST_CLOSED} deals have closed"
            return Figure(key, says, why=f"no deals stand behind it; {says}")
        says = (
            f"{rate} chance to win from {name}: won / (won + lost) of {counted(n, 'closed deal')} of the pipeline that "
            "reached it, everybody's, shrunk towards the pipeline's rate as if that stood for 20 more"
        )
        if not self.sees_all:
            return Figure(key, says, n=n, why=f"{says}: a rep lists his own deals only")
        return Figure(key, says, self.behind.chance(row.stage), n)

    def closed(self, outcome: Outcome) -> tuple[Figure, Figure]:
        """Give what was won or lost: the number of deals, and the sum of those in the currency."""
        won = outcome is Outcome.WON
        total, listed = (self.shown.won, self.behind.won()) if won else (self.shown.lost, self.behind.lost())
        says = (
            f"{self._money(total.amount)}: the amounts of the deals {outcome.value} that are in {self.shown.currency}"
        )
        return (
            Figure(
                outcome.value, f"{counted(total.count)} {outcome.value}{self._worth(total.amount)}", listed, total.count
            ),
            Figure(f"{outcome.value} sum", says, self._priced(listed)),
        )

    def in_other(self, outcome: Outcome, currency: str, count: int) -> Figure:
        """Give the open or the won deals in another currency."""
        says = f"{counted(count, f'{outcome.value} deal')} in {currency}: counted above, the amounts in no sum"
        if outcome is Outcome.WON:
            return Figure(f"currency won:{currency}", says, in_currency(self.behind.won(), currency), count)
        return Figure(f"currency:{currency}", says, self.behind.in_currency(currency), count)
