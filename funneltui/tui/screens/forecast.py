"""The forecast: quota, won, gap and pipeline by period and owner; what if a deal closed else; quotas set (B4, B5, C5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain.forecast import Category
from funneltui.domain.history import Role
from funneltui.domain.money import minor_digits
from funneltui.domain.periods import Period, Span, period_of
from funneltui.domain.quotas import TEAM, read_quota
from funneltui.domain.text import counted
from funneltui.errors import FunneltuiError
from funneltui.services import deals, quotas, report_pages
from funneltui.services.forecasts import Asked
from funneltui.tui.actions import bindings
from funneltui.tui.preferences import preferences_of
from funneltui.tui.report_actions import FORECAST
from funneltui.tui.report_forecast import ForecastPage
from funneltui.tui.report_forecast_deals import Expected
from funneltui.tui.screens.report import ReportScreen

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.services.report_pages import ForecastRead
    from funneltui.storage.feed import Position
    from funneltui.tui.actions import Action
    from funneltui.tui.widgets.report_page import Builder

_SPANS = (Span.MONTH, Span.QUARTER, Span.YEAR)
_BEFORE, _AFTER = 2, 3
"""How many periods are seen before the chosen one, and after it."""
_CATEGORIES = (None, Category.COMMIT, Category.BEST_CASE, Category.PIPELINE, Category.OMITTED)


class ForecastScreen(ReportScreen):
    """Takes every key of the forecast. What is supposed of deals is held here alone, until it is kept or dropped."""

    TITLE = "Forecast"
    ACTIONS: ClassVar[tuple[Action, ...]] = FORECAST
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORECAST)]
    FOOTER = ("open", "period", "earlier", "later", "suppose", "quota", "back", "help")

    period: Period
    category: Category | None = None
    owner: str | None = None
    everywhere = False
    currency = ""
    _read: ForecastRead | None = None

    def on_mount(self) -> None:
        """Begin with the present quarter; the base's own handler, which reads, is called by Textual after this one."""
        self.supposed: dict[int, tuple[Deal, Deal]] = {}
        self.period = self._now(Span.QUARTER)

    def _now(self, span: Span) -> Period:
        return period_of(self.context.clock.today(), span, preferences_of(self.app).fiscal_start)

    @property
    def state_words(self) -> str:
        """The period, and what is left in."""
        parts = [self.period.label if self.is_mounted else "", self.owner or ""]
        parts.append(self.category.value.replace("_", " ") if self.category else "")
        return " · ".join([*filter(None, parts), "all pipelines"] if self.everywhere else filter(None, parts))

    @property
    def first_figure(self) -> str:
        """The pipeline of the present period."""
        return f"period {self.period.label} open"

    @property
    def asked(self) -> Asked:
        """What is asked of the forecast: the chosen period with some before and after it."""
        some = [self.period]
        for _ in range(_BEFORE):
            some.insert(0, some[0].previous())
        for _ in range(_AFTER):
            some.append(some[-1].next())
        pipeline = None if self.everywhere else self.pipeline.key
        return Asked(tuple(some), self.currency or self.pipeline.currency, self.owner, pipeline, self.category)

    async def read(self) -> tuple[Builder, Position]:
        """Read the forecast, as it is and as it would be."""
        asked, period = self.asked, self.period  # what they were when they were read
        # What is supposed of others' deals is not of one owner's figures.
        supposed = {number: pair for number, pair in self.supposed.items() if asked.owner in (None, pair[0].owner)}
        several = asked.pipeline is None and len(self.context.pipelines) > 1
        read = self._read = await self.worker.run(
            report_pages.forecast_page, asked, period, list(supposed.values())
        )  # fmt: skip
        today, manages = self.context.clock.today(), self.context.actor.role is Role.MANAGER
        found = Expected(read.what_if, asked, period, read.deals, supposed, today, several, manages, read.set_for_all)
        return ForecastPage(found), read.position

    def action_period(self) -> None:
        """Another length of the periods: months, quarters, years."""
        span = _SPANS[(_SPANS.index(self.period.span) + 1) % len(_SPANS)]
        self.period = self._now(span)
        self.read_anew()

    def action_earlier(self) -> None:
        """The period before."""
        self.period = self.period.previous()
        self.read_anew()

    def action_later(self) -> None:
        """The period after."""
        self.period = self.period.next()
        self.read_anew()

    def action_category(self) -> None:
        """Only open deals of another category; quota, won and gap stay."""
        self.category = _CATEGORIES[(_CATEGORIES.index(self.category) + 1) % len(_CATEGORIES)]
        self.read_anew()

    def action_everywhere(self) -> None:
        """All pipelines together, or the one of the board."""
        self.everywhere = not self.everywhere
        self.read_anew()

    async def action_currency(self) -> None:
        """Type the currency in which all is told; what no rate converts stays apart."""
        from funneltui.tui.screens.small_dialogs import WordsDialog

        def check(text: str) -> str:
            minor_digits(text.strip().upper())  # what is no currency stays in the dialog
            return ""

        def said(text: str | None) -> None:
            if text and text.strip():
                self.currency = text.strip().upper()
                self.read_anew()

        now = self.currency or self.pipeline.currency
        await self.app.push_screen(WordsDialog("In which currency?", f"now {now}", "EUR, USD", check), said)

    async def action_owner(self) -> None:
        """Choose whose figures are told."""
        if self.context.actor.role is Role.REP:
            self.tell("a rep sees his own forecast only")
            return
        from funneltui.domain.gates import Choice

        def said(name: str) -> None:
            self.owner = name or None
            self.read_anew()

        await self.ask_whose("Whose forecast?", said, before=(Choice("", "everybody"),))

    async def action_quota(self) -> None:
        """Set, or revise, the quota of the owner under the cursor for the chosen period; elsewhere the team's."""
        figure = self._page.figure
        # The key of an owner's figure is the name, which may have blanks, and after it what it is: see `ForecastPage`.
        key = figure.key.removeprefix("owner ") if figure is not None and figure.key.startswith("owner ") else ""
        owner = key.rpartition(" ")[0] if key else TEAM
        if not owner:
            self.tell("nobody has no quota: go to an owner's line, or to a period for the team's")
            return
        from funneltui.domain import money
        from funneltui.tui.screens.small_dialogs import WordsDialog

        currency = self.pipeline.currency

        def check(text: str) -> str:
            amount = read_quota(text, currency)
            return "" if amount is None else money.format_full(amount, currency)

        def said(text: str | None) -> None:
            if text is not None:
                self.soon(self._set_quota(owner, text), "quota")

        about = f"{owner}, {self.period.label}"
        await self.app.push_screen(WordsDialog("Quota", about, "80k; none takes it back", check), said)

    async def _set_quota(self, owner: str, text: str) -> None:
        pipeline = None if self.everywhere else self.pipeline.key
        try:
            amount = read_quota(text, self.pipeline.currency)
            await self.worker.run(quotas.set_quota, owner, self.period, amount, self.pipeline.currency, pipeline)
        except FunneltuiError as error:
            self.tell(str(error))
        await self.reload()

    async def action_suppose(self) -> None:
        """Suppose another amount, date or chance of the deal under the cursor; nothing is stored."""
        if self._supposable() is None and not self._page.go_to(lambda figure: bool(figure.deal)):
            self.tell("no open deal is expected to close in this period: there is nothing to suppose")
            return
        deal = self._supposable()
        if deal is None:
            return
        from funneltui.tui.screens.what_if_dialog import WhatIfDialog

        before, now = self.supposed.get(deal.number, (deal, deal))

        def said(after: Deal | None) -> None:
            if after is None:
                return
            if after == before:
                self.supposed.pop(deal.number, None)
            else:
                self.supposed[deal.number] = (before, after)
            self.read_anew()

        await self.app.push_screen(WhatIfDialog(self.context, self.pipeline, now), said)

    def _supposable(self) -> Deal | None:
        figure = self._page.figure
        found = self._read.deals if self._read and figure is not None and figure.deal else ()
        return next((one.deal for one in found if figure is not None and one.deal.number == figure.deal), None)

    def action_drop(self) -> None:
        """Drop all that is supposed."""
        if not self.supposed:
            self.tell("nothing is supposed")
            return
        self.supposed.clear()
        self.read_anew()

    async def action_keep(self) -> None:
        """Store all that is supposed, as one change of the deals."""
        if not self.supposed:
            self.tell("nothing is supposed")
            return
        values = {
            number: {name: getattr(after, name) for name in ("amount", "expected_close", "probability")}
            for number, (_, after) in self.supposed.items()
        }
        versions = {number: before.version for number, (before, _) in self.supposed.items()}
        try:
            kept = await self.worker.run(deals.edit_each, values, versions)
        except FunneltuiError as error:
            self.tell(str(error))
        else:
            self.supposed.clear()
            self.tell(f"kept: {counted(len(kept))} changed", severity="information")
        await self.reload()

    def action_back(self) -> None:
        """Drop what is supposed; then back to where this was opened."""
        if self.supposed:
            self.supposed.clear()
            self.tell("what was supposed is dropped", severity="information")
            self.read_anew()
        else:
            super().action_back()
