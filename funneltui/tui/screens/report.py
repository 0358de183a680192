"""A page of figures as a screen: a filter over it, a cursor on it, and enter lists the deals behind a figure (G3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from funneltui.errors import FunneltuiError
from funneltui.services import report_pages
from funneltui.storage.deals import EVERYTHING
from funneltui.tui.list_state import Behind
from funneltui.tui.screens.board_ground import POLL_SECONDS
from funneltui.tui.screens.filtering import Filtering
from funneltui.tui.screens.without_deal import WithoutDeal
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.report_bars import ReportTop, Says
from funneltui.tui.widgets.report_page import ReportPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.storage.deals import Condition
    from funneltui.storage.feed import Position
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.report_page import Builder, Figure
    from funneltui.tui.worker import Worker


class ReportScreen(WithoutDeal, Filtering):
    """Shows figures of one pipeline's deals; reads through the worker. Which figures, the classes on top of this one say."""

    CSS_PATH = "report.tcss"
    TITLE = ""
    FOOTER: ClassVar[tuple[str, ...]] = ("open", "filter", "new", "back", "help")
    """The names of the actions that the line of keys shows."""

    def __init__(self, worker: Worker, context: Context, look: Look, pipeline: Pipeline) -> None:
        """Show figures of a pipeline of the worker's workspace."""
        super().__init__(worker, context, look)
        self._pipeline = pipeline
        self._filter_text = ""
        self.condition: Condition = EVERYTHING
        self._position: Position | None = None
        self._top, self._page, self._says = ReportTop(look, self), ReportPage(look), Says(look)
        by_name = {action.name: action for action in self.ACTIONS}
        self._bottom = KeysBar(look, [by_name[name] for name in self.FOOTER])

    async def read(self) -> tuple[Builder, Position]:
        """Read the figures, and give what makes the page of them; raises what the service refuses."""
        raise NotImplementedError

    @property
    def first_figure(self) -> str:
        """The key of the figure that the cursor begins with; none is the first one."""
        return ""

    @property
    def state_words(self) -> str:
        """What of the page can be switched, as it is now: for the line at the top."""
        return ""

    def compose(self) -> ComposeResult:
        """Lay out bar, page, the words for the figure, bar."""
        yield from (self._top, self._note, self._page, self._says, self._bottom)

    def on_mount(self) -> None:
        """Read the figures; then look for other people's changes from time to time."""
        self.run_worker(self.reload(), name=f"first reading of {self.TITLE}")
        self.set_interval(POLL_SECONDS, self.look_for_changes)

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline whose deals are counted."""
        return self._pipeline

    def show_look(self, look: Look) -> None:
        """Paint with another theme."""
        self.look = look
        for widget in (self._top, self._page, self._says, self._bottom, self._note):
            widget.show_look(look)

    def read_at(self) -> Position | None:
        """Give the feed's place at which the figures were read."""
        return self._position

    async def read_once(self) -> bool:
        """Read what is seen, and repaint; tell whether that was possible."""
        try:
            build, self._position = await self.read()
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return False
        self._page.show(build, self.first_figure)
        self._top.refresh()
        return True

    def read_anew(self) -> None:
        """Read because something else is wanted of the page."""
        self._top.refresh()
        self.run_worker(self.reload())

    def on_report_page_moved(self, message: ReportPage.Moved) -> None:
        """Say what the figure under the cursor is."""
        figure = self._page.figure
        self._says.say(figure.says if figure else "")

    async def on_report_page_chosen(self, message: ReportPage.Chosen) -> None:
        """A second click opens the figure."""
        await self.action_open()

    async def numbers_behind(self, figure: Figure) -> Sequence[int] | None:
        """Give the deals behind a figure that are looked up only when it is opened; none where there are none to list."""
        return None

    async def action_open(self) -> None:
        """List the very deals behind the figure, or open the deal that it tells of."""
        figure = self._page.figure
        if figure is not None and not (figure.deal or figure.opens or figure.numbers):
            try:
                found = await self.numbers_behind(figure)
            except FunneltuiError as error:
                self.tell(str(error))
                return
            if found is not None:
                figure = replace(figure, numbers=tuple(found))
        if figure is not None and figure.deal:
            await self.open_deal(figure.deal)
        elif figure is not None and figure.opens is not None:
            await self._show_list(figure.opens)
        elif figure is not None and figure.numbers:
            await self._show_list("", Behind(figure.says.partition(";")[0], report_pages.among(figure.numbers)))
        else:
            self.tell("no deals stand behind this figure")

    async def _show_list(self, filter_text: str, behind: Behind | None = None) -> None:
        """Show the list with a filter, or only with the deals behind a figure; this is read anew afterwards."""
        from funneltui.tui.screens.list import ListScreen

        async def left(_: object) -> None:
            await self.reload()

        screen = ListScreen(self.worker, self.context, self.look, self.pipeline, filter_text, behind)
        await self.app.push_screen(screen, left)

    def action_down(self) -> None:
        """The figure below."""
        self._page.along(1)

    def action_up(self) -> None:
        """The figure above."""
        self._page.along(-1)

    def action_left(self) -> None:
        """The figure to the left."""
        self._page.across(-1)

    def action_right(self) -> None:
        """The figure to the right."""
        self._page.across(1)

    def action_first(self) -> None:
        """The first figure."""
        self._page.ends(last=False)

    def action_last(self) -> None:
        """The last figure."""
        self._page.ends(last=True)

    def action_page_down(self) -> None:
        """A page down."""
        self._page.page(1)

    def action_page_up(self) -> None:
        """A page up."""
        self._page.page(-1)

    @property
    def filter_text(self) -> str:
        """The filter that the figures are looked at through."""
        return self._filter_text

    def condition_of(self, text: str) -> Condition:
        """Give the condition of a filter; BadInput when it cannot be read."""
        if not text.strip():
            return EVERYTHING
        from funneltui.services import views

        return views.table_condition(self.context, self.pipeline, text)

    def look_through(self, text: str, condition: Condition) -> None:
        """Look at the figures through another filter."""
        self._filter_text, self.condition = text, condition
        self.read_anew()

    def action_back(self) -> None:
        """Out of the filter; then to where this was opened."""
        if self.filtered:
            self.show_all()
        else:
            self.dismiss()
