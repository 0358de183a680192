"""Every figure opens: for each figure of the funnel, the stats and the losses the filter that lists the deals behind it.

The filters are texts of the one grammar (`domain.filter_parser`), to be typed, shown and saved; they are meant for a list of
the figure's pipeline, see `behind`. `within` is the filter through which the figures were looked at.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from funneltui.domain.filter_parser import LONGEST
from funneltui.domain.filter_texts import narrowed
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import ALWAYS, Window
from funneltui.services import views
from funneltui.services.metrics import By
from funneltui.storage.deals import Condition, within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from funneltui.domain.deal import Outcome
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Context

_COUNTED = "is:open,won,lost"
"""The deals that figures count: spam never."""

_CLOSED = "is:won,lost"


def behind(context: Context, pipeline: Pipeline, text: str) -> Condition:
    """Give the condition of the deals behind a figure of a pipeline, from its filter, as far as the actor may see them.

    Raises:
        BadInput: the filter cannot be read; the message says at which character.
    """
    here = Condition("d.pipeline = ?", (pipeline.key,)) & within(context.actor.scope)
    return here & views.condition_of(context, (pipeline,), text)


@dataclass(frozen=True, slots=True)
class FunnelFilters:
    """The filters behind a funnel's figures; `cohort`: only of the deals that were created in these days."""

    pipeline: Pipeline
    mode: Mode = Mode.STANDARD
    within: str = ""
    cohort: Window = ALWAYS

    def of_group(self, by: By, key: str | None) -> FunnelFilters:
        """Give the filters behind the funnel of a group of its deals; see `services.funnels`."""
        term = _days("created", _month(key)) if by is By.MONTH else _has(str(by), key)
        return replace(self, within=narrowed(self.within, term))

    def standing(self, stage: Stage) -> str:
        """Give the deals that stand in a stage now: their count, sum and weighted sum."""
        return self._of(f"stage:{stage.key} is:open")

    def through(self, stage: Stage, outcome: Outcome | None = None) -> str:
        """Give the deals that reached a stage (in the entered mode: visited it), all or those with an outcome now."""
        became = f"is:{outcome.value}" if outcome else _COUNTED
        return self._of(f"{self._verb}:{stage.key} {became}")

    def step(self, stage: Stage) -> str:
        """Give the deals that went on from a stage, the upper part of its step rate; the lower one is `through`.

        Rule: those that reached the next open stage; after the last one those that reached it and were won.
        """
        stages = self.pipeline.open_stages
        place = stages.index(stage) + 1
        if place < len(stages):
            return self.through(stages[place])
        return self._of(f"{self._verb}:{stage.key} is:won")

    def chance(self, stage: Stage) -> str:
        """Give the closed deals that a stage's probability comes from; in every mode those that reached it (B7)."""
        return self._of(f"reached:{stage.key} {_CLOSED}")

    def open(self) -> str:
        """Give all open deals."""
        return self._of("is:open")

    def won(self) -> str:
        """Give the won deals, the upper part of the overall rate too; the lower one is `entered`."""
        return self._of("is:won")

    def lost(self) -> str:
        """Give the lost deals."""
        return self._of("is:lost")

    def entered(self) -> str:
        """Give the deals that reached the first stage."""
        return self.through(self.pipeline.first)

    def in_currency(self, currency: str) -> str:
        """Give the open deals in another currency, which are in no sum."""
        return self._of(f"is:open currency:{currency}")

    @property
    def _verb(self) -> str:
        return "visited" if self.mode is Mode.ENTERED else "reached"

    def _of(self, text: str) -> str:
        return narrowed(self.within, f"{text} {_days('created', self.cohort)}")


@dataclass(frozen=True, slots=True)
class StatsFilters:
    """The filters behind the stats of a period, or of one group of them: `key` as in `metrics.Group`.

    A company's filter finds other companies too whose names contain its own: the grammar knows no whole names.
    """

    window: Window = ALWAYS
    within: str = ""
    by: By | None = None
    key: str | None = None

    def open(self) -> str:
        """Give the open deals; of a month all that were created in it, whatever the period."""
        return self._now("is:open")

    def rotting(self) -> str:
        """Give the open deals that are rotting."""
        return self._now("is:rotting")

    def standing(self, stage: Stage) -> str:
        """Give the deals that stand in a stage now: of how long they have been there is told."""
        return self._now(f"is:open stage:{stage.key}")

    def created(self) -> str:
        """Give the deals created in the period: the lower part of the win rate of created."""
        return self._created(_COUNTED)

    def won_of_created(self) -> str:
        """Give those of the created ones that were won, whenever that was: the upper part of that rate."""
        return self._created("is:won")

    def closed(self) -> str:
        """Give the deals closed in the period: the lower part of the win rate of closed, and the cycle of all closed."""
        return self._closed(_CLOSED)

    def won(self) -> str:
        """Give the deals won in the period: also the upper part of that rate, and the cycle of won deals."""
        return self._closed("is:won")

    def lost(self) -> str:
        """Give the deals lost in the period, and the cycle of lost deals."""
        return self._closed("is:lost")

    def sized(self, currency: str) -> str:
        """Give the won deals that mean and median size are of: those with an amount in the currency."""
        return self._closed(f"is:won has:amount currency:{currency}")

    @property
    def _window(self) -> Window:
        return _common(self.window, _month(self.key)) if self.by is By.MONTH else self.window

    def _now(self, text: str) -> str:
        return self._of(f"{text} {_days('created', _month(self.key))}" if self.by is By.MONTH else text)

    def _created(self, text: str) -> str:
        return self._of(f"{text} {_days('created', self._window)}")

    def _closed(self, text: str) -> str:
        return self._of(f"{text} {_days('closed', self._window)}")

    def _of(self, text: str) -> str:
        group = "" if self.by in (None, By.MONTH) else _has(str(self.by), self.key)
        return narrowed(self.within, " ".join(f"{text} {group}".split()))


@dataclass(frozen=True, slots=True)
class LossFilters:
    """The filters behind the loss report of a period; `key` is always that of the row."""

    window: Window = ALWAYS
    within: str = ""

    def whole(self) -> str:
        """Give all that were lost in the period."""
        return self._of("")

    def reason(self, key: str) -> str:
        """Give those that were lost for a reason."""
        return self._of(f"reason:{key}")

    def owner(self, key: str | None) -> str:
        """Give those of an owner, or of nobody."""
        return self._of(_has("owner", key))

    def source(self, key: str) -> str:
        """Give those from a source."""
        return self._of(_has("source", key))

    def amount(self, key: str) -> str:
        """Give those of a band of amounts: "EUR 1000-9999", "EUR 1000000-", "none"."""
        if key == "none":
            return self._of("no:amount")
        currency, _, band = key.partition(" ")
        low, _, high = band.partition("-")
        upper = f" amount<{int(high) + 1}" if high else ""
        return self._of(f"amount>={low}{upper} currency:{currency}")

    def _of(self, text: str) -> str:
        return narrowed(self.within, " ".join(f"is:lost {text} {_days('closed', self.window)}".split()))


def numbered(numbers: Iterable[int]) -> str | None:
    """Give a filter that names deals: "number:3,7..9"; none if it is too long to be typed, or there are no deals.

    For figures that no other filter lists: the stage from which a deal was lost, the changes since a date.
    """
    runs = []
    for _, run in groupby(enumerate(sorted(set(numbers))), key=lambda one: one[1] - one[0]):
        some = [number for _, number in run]
        runs.append(str(some[0]) if len(some) == 1 else f"{some[0]}..{some[-1]}")
    text = f"number:{','.join(runs)}"
    return text if runs and len(text) <= LONGEST else None


def _days(field: str, window: Window) -> str:
    if window.since is None and window.until is None:
        return ""
    return f"{field}:{window.since or ''}..{window.until or ''}"


def _has(field: str, key: str | None) -> str:
    return f"no:{field}" if key is None else f'{field}:"{key}"'


def _month(key: str | None) -> Window:
    if key is None:
        return ALWAYS
    year, month = map(int, key.split("-"))
    return Window(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _common(first: Window, second: Window) -> Window:
    since = max((one for one in (first.since, second.since) if one), default=None)
    until = min((one for one in (first.until, second.until) if one), default=None)
    return Window(since, until)
