"""Looking at the list in other ways: tabs, sort, filter, columns, saved views."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain.views import FIRST_VIEW, LEAST_WIDTH, MOST_LINES, View, column_named
from funneltui.errors import BadInput, FunneltuiError
from funneltui.services import views
from funneltui.tui.screens.filtering import Filtering
from funneltui.tui.screens.list_ground import ListGround

if TYPE_CHECKING:
    from funneltui.storage.deals import Condition
    from funneltui.tui.screens.list_dialogs import ViewWish
    from funneltui.tui.widgets.list_bars import Tabs
    from funneltui.tui.widgets.table import Table

_STEP = 2


class ListLooking(ListGround, Filtering):
    """What changes the picture and no deal."""

    def look_at(self, view: View) -> None:
        """Look at the list in another way; it is read anew only when other deals, or others first, are wanted."""
        turn, had_chances = self.state.turn, self.state.wants_chances
        self.state.look(view)
        if turn == self.state.turn and (had_chances or not self.state.wants_chances):
            self._settle_anew()
            return
        self.repaint()
        self.soon(self.reload())

    def action_next_tab(self) -> None:
        """Tab to the right."""
        self._show_tab(self.state.step_tab(1))

    def action_previous_tab(self) -> None:
        """Tab to the left."""
        self._show_tab(self.state.step_tab(-1))

    def on_tabs_chosen(self, message: Tabs.Chosen) -> None:
        """A tab was clicked."""
        self._show_tab(message.tab)

    def _show_tab(self, tab: str) -> None:
        self.look_at(replace(self.state.view, tab=tab))

    def action_sort(self) -> None:
        """Sort by the column under the cursor, the second time the other way."""
        self.look_at(self.state.view.sorted_by(self.state.column))

    def action_reverse(self) -> None:
        """Sort the other way."""
        self.look_at(self.state.view.reversed())

    def action_best_first(self) -> None:
        """Sort by the chance to win, show its column, and go to the best one (C3)."""
        self.state.number = None
        self.look_at(self.state.view.best_first())

    def on_table_headed(self, message: Table.Headed) -> None:
        """A heading was clicked: the cursor goes there, and it is sorted by that; again: the other way."""
        self.state.column = message.column
        self.action_sort()

    def action_rows(self) -> None:
        """Rows of one line, or of two."""
        height = self.state.view.row_height % MOST_LINES + 1
        self.look_at(replace(self.state.view, row_height=height))

    def action_wider(self) -> None:
        """Make the column wider."""
        self._widen(_STEP)

    def action_narrower(self) -> None:
        """Make the column narrower."""
        self._widen(-_STEP)

    def _widen(self, cells: int) -> None:
        column = self.state.column
        width = max(LEAST_WIDTH, self.state.width_of(column, self._table.size.width) + cells)
        self.look_at(self.state.view.sized(column, width))

    def action_move_column_left(self) -> None:
        """Move the column to the left."""
        self.look_at(self.state.view.moved(self.state.column, -1))

    def action_move_column_right(self) -> None:
        """Move the column to the right."""
        self.look_at(self.state.view.moved(self.state.column, 1))

    async def action_columns(self) -> None:
        """Choose the columns."""
        from funneltui.tui.screens.list_dialogs import ColumnsDialog

        def chosen(names: tuple[str, ...] | None) -> None:
            columns = [column for name in names or () if (column := column_named(name)) is not None]
            if columns:
                self.look_at(self.state.view.with_columns(columns))

        await self.app.push_screen(ColumnsDialog(self.look, self.state.view, self.state.pipeline), chosen)

    async def action_views(self) -> None:
        """Open the menu of saved views; keys that were typed ahead wait for it."""
        from funneltui.tui.screens.list_dialogs import ViewsDialog

        try:
            self.saved = await self.worker.run(views.saved)
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return
        await self.app.push_screen(ViewsDialog(self.look, self.state.pipeline, self.saved), self._wished)

    def _wished(self, wanted: ViewWish | None) -> None:
        if wanted is not None:
            self.soon(self._fulfil(wanted), "views")

    async def _fulfil(self, wanted: ViewWish) -> None:
        """Do what was wanted of the saved views; the menu comes back when more of it may be wanted, or nothing was done."""
        from funneltui.tui.screens.list_dialogs import Wish

        again = wanted.wish in (Wish.RENAME, Wish.DELETE)
        try:
            await self._grant(wanted)
        except FunneltuiError as error:
            self.tell(str(error))
            again = True
        if again:
            await self.action_views()

    async def _grant(self, wanted: ViewWish) -> None:
        """Do what was wanted of the saved views; raises what a service refuses."""
        from funneltui.tui.screens.list_dialogs import Wish

        mine = self.state.view.name == wanted.name
        match wanted.wish:
            case Wish.RECALL:
                self.recall(next(view for view in self.saved if view.name == wanted.name).demand_readable())
            case Wish.FIRST:
                self.recall(FIRST_VIEW)
            case Wish.SAVE:
                kept = await self.worker.run(views.save, replace(self.state.view, name=wanted.new_name))
                self._call_it(kept)
                self.tell(f'saved as "{kept.name}"', severity="information")
            case Wish.RENAME:
                renamed = await self.worker.run(views.rename, wanted.name, wanted.new_name)
                if mine:
                    self._call_it(renamed)
            case Wish.DELETE:
                await self.worker.run(views.delete, wanted.name)
                if mine:
                    self._call_it(None)

    def recall(self, view: View) -> None:
        """Look at the list as a saved view says, its filter included."""
        try:
            self.condition = self.condition_of(view.filter_text)
        except BadInput as error:
            self.tell(f'the view "{view.name}" is recalled without its filter: {error}')
            view = replace(view, filter_text="")
            self.condition = self.condition_of("")
        self.write_filter(view.filter_text)
        self._top.saved = view if view.name else None
        self.look_at(view)

    def _call_it(self, saved: View | None) -> None:
        """Let the present view be known by a saved one's name, or by none."""
        self._top.saved = saved
        self.state.view = replace(self.state.view, name=saved.name if saved else "")
        self._top.refresh()

    @property
    def filter_text(self) -> str:
        """The filter that the list is looked at through."""
        return self.state.view.filter_text

    def look_through(self, text: str, condition: Condition) -> None:
        """Look at the list through another filter."""
        self.condition = condition
        self.look_at(replace(self.state.view, filter_text=text))

    def action_back(self) -> None:
        """Out of the filter, then of the marks; then to where the list was opened, with that filter or with none."""
        if self.filtered and self.filter_text != self.opened_with:
            self.show_all()
        elif self.marked:
            self.marked.clear()
            self.show_marks()
        else:
            self.action_board()

    def action_board(self) -> None:
        """Back to the board."""
        self.dismiss()
