"""A page of figures as a screen: a filter over it, a cursor on it, and enter lists the deals behind a figure (G3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from funneltui.errors import FunneltuiError
from funneltui.services import figures, report_pages
from funneltui.storage.deals import EVERYTHING
from funneltui.tui.keymap import hint
from funneltui.tui.list_state import Behind
from funneltui.tui.screens.board_ground import POLL_SECONDS
from funneltui.tui.screens.filtering import Filtering
from funneltui.tui.screens.without_deal import WithoutDeal
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.report_bars import ReportTop, Says
from funneltui.tui.widgets.report_page import ReportPage

if TYPE_CHECKING:
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
        self.soon(self.reload(), f"first reading of {self.TITLE}", reading=True)
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
        self.soon(self.reload(), reading=True)

    def on_report_page_moved(self, message: ReportPage.Moved) -> None:
        """Say what the figure under the cursor is."""
        figure = self._page.figure
        self._says.say(f"{figure.says}{self._mending(figure)}" if figure else "")

    def _mending(self, figure: Figure) -> str:
        """Say what would help where there are no deals to list."""
        return hint(self.app, *figure.mends) if figure.mends else ""

    async def on_report_page_chosen(self, message: ReportPage.Chosen) -> None:
        """A second click opens the figure."""
        await self.action_open()

    async def action_open(self) -> None:
        """List the very deals behind the figure, or open the deal that it tells of; or say why there are none to list."""
        figure = self._page.figure
        if figure is None:
            self.tell("there is no figure here")
        elif figure.deal:
            await self.open_deal(figure.deal)
        elif figure.why or figure.n == 0:
            why = figure.why or f"no deal stands behind this: {figure.says}"
            self.tell(f"{why}{self._mending(figure)}")
        else:
            try:
                await self._list(figure)
            except FunneltuiError as error:
                self.tell(str(error))

    async def _list(self, figure: Figure) -> None:
        """List the deals behind a figure.

        Raises:
            FunneltuiError: they cannot be looked up, or their filter is too long.
        """
        text = figure.opens or ""
        if figure.numbers is None and figure.finds is None:
            self.condition_of(text)  # the list reads it when it is there already
            await self._show_list(text)
            return
        if figure.finds is not None:
            condition = await self.worker.run(figure.finds)
        else:
            condition = report_pages.among(figure.numbers or ())
        words = figure.says.partition(";")[0]
        if figure.opens is None:  # what they were at some other time: they may be elsewhere now
            count, text = await self.worker.run(figures.listed, self.pipeline, condition)
            if not count:
                self.tell(f"none of them is in this pipeline any more: {words}")
                return
            words = words if figure.n in (None, count) else f"{count:,} of {words}"
        await self._show_list(text, Behind(words, condition))

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
