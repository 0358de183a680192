"""Every figure opens: for each figure of the funnel, the stats and the losses the filter that lists the deals behind it.

The filters are texts of the one grammar (`domain.filter_parser`), to be typed, shown and saved; they are meant for a list of
the figure's pipeline, see `behind`. `within` is the filter through which the figures were looked at.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain.figure_sums import By
from funneltui.domain.filter_terms import without_quotes
from funneltui.domain.filter_texts import narrowed
from funneltui.domain.funnel import Mode
from funneltui.domain.metrics import ALWAYS, Window
from funneltui.services import views
from funneltui.storage import deals as stored
from funneltui.storage.database import reading
from funneltui.storage.deals import Condition, within
from funneltui.storage.stays import left_stage

if TYPE_CHECKING:
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

    def chance(self, stage: Stage) -> str:
        """Give the closed deals that a stage's probability comes from: all that reached it, whatever is looked at (B7)."""
        return f"reached:{stage.key} {_CLOSED}"

    def open(self) -> str:
        """Give all open deals."""
        return self._of("is:open")

    def won(self) -> str:
        """Give the won deals, wherever they began; the overall rate is told of those that `entered`."""
        return self._of("is:won")

    def lost(self) -> str:
        """Give the lost deals."""
        return self._of("is:lost")

    def entered(self) -> str:
        """Give the deals that reached the first stage."""
        return self.through(self.pipeline.first)

    def in_currency(self, currency: str) -> str:
        """Give the open deals in a currency."""
        return in_currency(self.open(), currency)

    @property
    def _verb(self) -> str:
        return "visited" if self.mode is Mode.ENTERED else "reached"

    def _of(self, text: str) -> str:
        return narrowed(self.within, f"{text} {_days('created', self.cohort)}")


@dataclass(frozen=True, slots=True)
class StatsFilters:
    """The filters behind the stats of a period, or of one group of them: `key` as in `metrics.Group`."""

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

    @property
    def whose(self) -> str:
        """The term that names the group; of a month, or without a group, nothing."""
        return "" if self.by in (None, By.MONTH) else _has(str(self.by), self.key)

    def _of(self, text: str) -> str:
        return narrowed(self.within, f"{text.strip()} {self.whose}".strip())


def in_currency(text: str, currency: str) -> str:
    """Give those of a filter's deals that a sum in a currency is of."""
    return narrowed(text, f"currency:{currency}")


def can_be_named(by: By | None, key: str | None) -> bool:
    """Tell whether a filter can name a group: all but a tag with a quote in it; of other names quotes do not count."""
    return by is not By.TAG or key is None or without_quotes(key) == key


def stayed(context: Context, pipeline: Pipeline, stage: Stage, window: Window = ALWAYS, text: str = "") -> Condition:
    """Give the condition of the deals with a stay in a stage that ended in a period: its time in stage is of these.

    Of those that the filter `text` lets through, spam aside, whatever they are now; meant for a list of the pipeline.

    Raises:
        BadInput: the filter cannot be read.
    """
    counted = views.condition_of(context, (pipeline,), narrowed(text, _COUNTED))
    return counted & left_stage(stage.key, window.since, window.until, context.clock.zone)


def listed(context: Context, pipeline: Pipeline, condition: Condition) -> tuple[int, str]:
    """Give how many of some deals a list of the pipeline shows, and the filter that it needs to show them all.

    Spam is shown only when it is asked for (D12); a deal that has gone to another pipeline, or whose adding was undone, is
    in no list of this one.
    """
    with reading(context.database):
        shown = [
            (stored.count(context.database, behind(context, pipeline, text) & condition), text)
            for text in ("", f"{_COUNTED},spam")
        ]
    return max(shown, key=lambda one: one[0])


def _days(field: str, window: Window) -> str:
    if window.since is None and window.until is None:
        return ""
    return f"{field}:{window.since or ''}..{window.until or ''}"


def _has(field: str, key: str | None) -> str:
    if key is None:
        return f"no:{field}"
    whole = "=" if field == By.COMPANY else ":"  # of what is no text the colon wants all of it
    return f'{field}{whole}"{without_quotes(key)}"'


def _month(key: str | None) -> Window:
    if key is None:
        return ALWAYS
    year, month = map(int, key.split("-"))
    return Window(date(year, month, 1), date(year, month, monthrange(year, month)[1]))


def _common(first: Window, second: Window) -> Window:
    since = max((one for one in (first.since, second.since) if one), default=None)
    until = min((one for one in (first.until, second.until) if one), default=None)
    return Window(since, until)
