"""A deal, opened: every field to be changed where it stands, what comes next, the company's other deals, the history."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from funneltui.domain import money
from funneltui.domain.gates import label_of
from funneltui.errors import FunneltuiError
from funneltui.services import deals, dossiers
from funneltui.services.fields import value_of
from funneltui.tui.actions import DEAL, bindings
from funneltui.tui.screens.board_ground import POLL_SECONDS
from funneltui.tui.screens.in_place import InPlace
from funneltui.tui.screens.transferring import Transferring
from funneltui.tui.widgets.deal_page import LABEL, DealPage
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.screen_bars import HeadLine
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.app import ComposeResult

    from funneltui.domain.deal import Deal
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.services.dossiers import Dossier
    from funneltui.storage.feed import Position
    from funneltui.tui.actions import Action
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.painted import Piece
    from funneltui.tui.worker import Worker

    Steps = Callable[[int, int], Awaitable[int | None]]

_FOOTER = ("choose", "move_to", "follow_up", "activity", "edit", "next", "undo", "close", "help")
_LABELS = {"follow_up": "follow-up", "activity": "note", "edit": "edit"}


class OpenedDeal(InPlace, Transferring):
    """Takes every key of an opened deal; the keys that change deals are those of board and list."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["dialog.tcss", "opened_deal.tcss"]
    ACTIONS: ClassVar[tuple[Action, ...]] = DEAL
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(DEAL)]
    _page: DealPage

    def __init__(self, worker: Worker, context: Context, look: Look, dossier: Dossier, step_from: Steps) -> None:
        """Show a dossier; `step_from` gives the deal so many places further on, where this one was opened."""
        super().__init__(worker, context, look)
        self.dossier, self._step_from = dossier, step_from
        self._marks: dict[int, int] = {}
        self._way: list[int] = []
        self._head = DealHead(look, self)
        self._page = DealPage(look, context, dossier)
        by_name = {action.name: action for action in DEAL}
        self._bottom = KeysBar(look, [by_name[name].labelled(_LABELS.get(name)) for name in _FOOTER])

    def compose(self) -> ComposeResult:
        """Lay out head, page, keys."""
        yield from (self._head, self._page, self._bottom)

    def on_mount(self) -> None:
        """Work out the chance to win once the page stands; look for other people's changes from time to time."""
        self._estimate()
        self.set_interval(POLL_SECONDS, self.look_for_changes)

    def _estimate(self) -> None:
        self.later(self._read_chance, "chance")

    async def _read_chance(self) -> None:
        """Learn what the pipeline's closed deals say, if that is not known, and show what it means for this one."""
        from funneltui.services import chances
        from funneltui.tui.learning import model_of

        deal = self.dossier.opened.deal
        if not deal.is_open:
            return
        try:
            model = await model_of(self.worker, self.pipeline)
            chance = await self.worker.run(chances.explain, deal.number)
        except FunneltuiError as error:
            self.tell(str(error))
            return
        self._page.take_chance(model, chance)

    @property
    def pipeline(self) -> Pipeline:
        """The deal's pipeline."""
        return self._page.pipeline

    @property
    def deal(self) -> Deal | None:
        """The deal that is opened."""
        return self.dossier.opened.deal

    @property
    def marked(self) -> dict[int, int]:
        """None: what is marked elsewhere is not meant here."""
        return self._marks

    def choose_stage_of(self, pipeline: Pipeline | None) -> None:
        """Show the digits of the stages in the bottom bar, or the keys again."""
        self._bottom.choose_stage(pipeline)

    def follow(self, changed: Sequence[Deal]) -> None:
        """Stay with the deal."""

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (self._head, self._page, self._bottom):
            widget.show_look(look)

    def read_at(self) -> Position | None:
        """Give the feed's place at which the deal was read."""
        return self.dossier.position

    async def read_once(self) -> bool:
        """Read the deal anew; one that is gone (its adding was undone) is left."""
        return await self._show(self.dossier.opened.deal.number)

    async def _show(self, number: int) -> bool:
        same = number == self.dossier.opened.deal.number
        try:
            self.dossier = await self.worker.run(dossiers.dossier, number)
        except FunneltuiError as error:
            self.tell(str(error))
            if same and self.is_current:
                self.dismiss(None)
            return False
        self._page.take(self.dossier, same=same)
        self._head.refresh()
        self._estimate()
        return True

    async def action_close(self) -> None:
        """Back: to the deal from which this one was opened, else to where the first one was."""
        if self._way:
            await self._show(self._way.pop())
        else:
            self.dismiss(None)

    async def action_next(self) -> None:
        """The next deal of the lane or list in which this one was opened."""
        await self._step(1)

    async def action_previous(self) -> None:
        """The deal before."""
        await self._step(-1)

    async def _step(self, steps: int) -> None:
        first = self._way[0] if self._way else self.dossier.opened.deal.number
        number = await self._step_from(first, steps)
        if number is None:
            self.tell("this is the last one" if steps > 0 else "this is the first one")
            return
        self._way.clear()
        await self._show(number)

    async def action_company(self) -> None:
        """Open the deal's company."""
        await self.open_record(contact=False)

    async def action_contact(self) -> None:
        """Open the deal's contact."""
        await self.open_record(contact=True)

    async def action_choose(self) -> None:
        """Change the field under the cursor where it stands, or open the deal that the line names."""
        spot = self._page.spot
        if spot is None:
            return
        if spot.deal:
            self._way.append(self.dossier.opened.deal.number)
            await self._show(spot.deal)
        elif spot.record:
            await self.open_record(contact=spot.record == "contact")
        elif spot.field == "follow_up":
            await self.action_follow_up()
        else:
            await self.change(spot.field)

    async def change(self, name: str, typed: str | None = None) -> None:
        """Lay a field over its line, with the text that it has or with what was typed into it already."""
        deal, stage = self.dossier.opened.deal, self._page.stage
        if stage is None:
            self.tell(f"the stage {deal.stage} is not in the pipeline any more; move the deal first")
            return
        label = label_of(self.pipeline, name)
        field = TypedField(self.context, self.pipeline, stage, name, label, as_typed(deal, name))
        field.currency = deal.currency
        await self.lay(field, LABEL, typed)

    async def keep(self, field: str, value: object) -> bool:
        """Edit the deal as it was read."""
        deal = self.dossier.opened.deal
        version = {deal.number: deal.version}
        return await self.do(self.worker.run(deals.edit, deal.number, {field: value}, None, version))


def as_typed(deal: Deal, name: str) -> str:
    """Give a field of a deal as it would be typed."""
    value = value_of(deal, name)
    if value is None:
        return ""
    if name == "amount" and isinstance(value, int):
        return money.as_typed(value, deal.currency)
    return " ".join(value) if isinstance(value, tuple) else str(value)


class DealHead(HeadLine):
    """Which deal this is; who acts, and the day."""

    def __init__(self, look: Look, screen: OpenedDeal) -> None:
        """Tell of the deal that a screen shows."""
        super().__init__(look, screen.context)
        self._of = screen

    def where(self) -> list[Piece]:
        """Name the pipeline and the deal."""
        palette, deal = self.palette, self._of.dossier.opened.deal
        return [
            (f"  {self._of.pipeline.name}", palette.strong), (f"  #{deal.number} ", palette.accent),
            (deal.title, palette.strong),
        ]  # fmt: skip
