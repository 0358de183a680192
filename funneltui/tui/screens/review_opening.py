"""Opening a deal in a review, editing it, adding another one. The deal stays as long as it wants an answer still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.errors import FunneltuiError, RuleBroken
from funneltui.services import deals, dossiers
from funneltui.tui.drafts import saving
from funneltui.tui.screens.review_walking import Walking

if TYPE_CHECKING:
    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.fields import Values


class Opening(Walking):
    """The keys that show more of a deal."""

    async def action_open(self) -> None:
        """Open the deal."""
        deal = self._here()
        if deal is None:
            return
        from funneltui.tui.screens.opened_deal import OpenedDeal

        try:
            found = await self.worker.run(dossiers.dossier, deal.number)
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return

        async def alone(number: int, steps: int) -> int | None:
            return None

        async def left(_: None) -> None:
            await self._arrive()

        await self.app.push_screen(OpenedDeal(self.worker, self.context, self.look, found, alone), left)

    async def action_edit(self) -> None:
        """Edit the deal."""
        deal = self._here()
        if deal is None:
            return
        from funneltui.tui.screens.deal_form import DealForm

        async def edited(values: Values | None) -> None:
            if values:
                await self._form_left(deal, values)

        await self.app.push_screen(DealForm(self.context, self._pipeline(deal), deal), edited)

    async def _form_left(self, deal: Deal, values: Values) -> None:
        try:
            edit = saving(self.app, values, deals.edit)
            await self.worker.run(edit, deal.number, values, None, {deal.number: deal.version})
            self.state.said = f"{deal.title}: edited"
        except FunneltuiError as error:
            self._refuse(error)
        await self._arrive()

    async def action_new(self) -> None:
        """Add a deal."""
        from funneltui.tui.screens.deal_form import DealForm

        pipeline = self.pipeline or self.context.pipeline

        async def added(values: Values | None) -> None:
            if values is None:
                return
            try:
                deal = await self.worker.run(saving(self.app, values, deals.add), values, None, pipeline.key)
                self.state.said = f"{deal.title}: added as #{deal.number}"
            except FunneltuiError as error:
                self._refuse(error)
            self._show()

        await self.app.push_screen(DealForm(self.context, pipeline), added)

    def _refuse(self, error: FunneltuiError) -> None:
        self.tell(str(error), severity="warning" if isinstance(error, RuleBroken) else "error")

    def _pipeline(self, deal: Deal) -> Pipeline:
        return self.context.pipeline_of(deal.pipeline)
