"""The list's dialogs: which columns it shows, and the user's saved views."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from funneltui.domain.gates import Choice
from funneltui.domain.text import strip_controls
from funneltui.domain.views import NAME_LIMIT, AnyColumn, Column, FieldColumn, View
from funneltui.tui.painting import fit
from funneltui.tui.widgets.choices import ChoiceList
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.table import heading

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Size

    from funneltui.domain.pipeline import Pipeline
    from funneltui.tui.theming import Look


_SPOKEN = {
    Column.NUMBER: "number", Column.CLOSE: "expected close", Column.CLOSED_ON: "closed on",
    Column.AGE: "days in its stage", Column.PROBABILITY: "own probability", Column.CHANCE: "chance to win",
}  # fmt: skip


def _spoken(column: AnyColumn, pipeline: Pipeline) -> str:
    known = None if isinstance(column, FieldColumn) else _SPOKEN.get(column)
    return known or heading(column, pipeline)


class ColumnList(Painted):
    """All columns, those of the pipeline's own fields too; those that are chosen with a mark."""

    def __init__(self, look: Look, chosen: list[AnyColumn], pipeline: Pipeline) -> None:
        """Show the columns: the chosen ones in their order, then the others."""
        super().__init__(look, id="columns")
        self.chosen, self.pipeline = chosen, pipeline
        own = (FieldColumn(field.key) for field in pipeline.fields)
        self.columns: list[AnyColumn] = [*chosen, *(column for column in (*own, *Column) if column not in chosen)]
        self.place = self.top = 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take a line a column, as long as the screen has room."""
        return max(1, min(len(self.columns), viewport.height - 8))

    def go(self, place: int) -> None:
        """Put the cursor on a column."""
        self.place = max(0, min(place, len(self.columns) - 1))
        self.top = min(max(self.top, self.place - max(1, self.size.height) + 1), self.place)
        self.refresh()

    def switch(self) -> None:
        """Choose the column under the cursor, or choose it no more."""
        column = self.columns[self.place]
        if column in self.chosen:
            self.chosen.remove(column)
        else:
            self.chosen.append(column)
        self.refresh()

    def line_style(self, y: int) -> Style:
        """The line under the cursor has a ground of its own."""
        return self.palette.cursor if self.top + y == self.place else Style.null()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a column's name."""
        if self.top + y >= len(self.columns):
            return []
        column = self.columns[self.top + y]
        chosen = column in self.chosen
        style = self.palette.strong if chosen else self.palette.muted
        return [
            (" [x] " if chosen else " [ ] ", self.palette.key),
            (fit(_spoken(column, self.pipeline), width - 5), style),
        ]

    def on_click(self, event: events.Click) -> None:
        """Choose the column that was clicked."""
        if self.top + event.y < len(self.columns):
            self.go(self.top + event.y)
            self.switch()


class ColumnsDialog(ModalScreen[list[AnyColumn] | None]):
    """Gives the columns to be shown, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("space,x", "switch", show=False),
        Binding("enter", "go", show=False),
        Binding("escape,q", "leave", show=False),
    ]

    def __init__(self, look: Look, view: View, pipeline: Pipeline) -> None:
        """Show the columns of a view, and those that the pipeline's deals can be shown with."""
        super().__init__(classes="dialog")
        self._list = ColumnList(look, [placed.column for placed in view.columns], pipeline)

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(classes="box"):
            yield Static(Content("Columns"), classes="title")
            yield self._list
            yield Static(Content(""), classes="problem")
            keys = (("space", "bold"), " choose  ", ("↵", "bold"), " show them  ", ("esc", "bold"), " not at all")
            yield Static(Content.assemble(*keys), classes="hint")

    def on_mount(self) -> None:
        """Nothing is wrong to begin with."""
        self.query_one(".problem").display = False

    def action_step(self, steps: int) -> None:
        """Move the cursor."""
        self._list.go(self._list.place + steps)

    def action_switch(self) -> None:
        """Choose the column, or choose it no more."""
        self._list.switch()

    def action_go(self) -> None:
        """Give what was chosen; a list without a column shows nothing."""
        if not self._list.chosen:
            problem = self.query_one(".problem", Static)
            problem.display = True
            problem.update(Content("choose one at least, with space"))
            return
        self.dismiss(self._list.chosen)

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)


class Wish(StrEnum):
    """What can be wanted of the saved views."""

    RECALL = "recall"
    FIRST = "first"
    SAVE = "save"
    RENAME = "rename"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class ViewWish:
    """What is wanted, of the view of a name; `new_name` is the one to save or rename to."""

    wish: Wish
    name: str = ""
    new_name: str = ""


class ViewsDialog(ModalScreen[ViewWish | None]):
    """Gives what the user wants of his saved views, or nothing when he leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(digit), f"recall({(digit - 1) % 10})", show=False) for digit in range(10)),
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("enter", "go", show=False),
        Binding("n", "name('save')", show=False),
        Binding("r", "name('rename')", show=False),
        Binding("d", "delete", show=False),
        Binding("a", "first", show=False),
        Binding("escape", "leave", show=False, priority=True),
    ]

    def __init__(self, look: Look, pipeline: Pipeline, saved: list[View]) -> None:
        """Show the views that are saved."""
        super().__init__(classes="dialog")
        self.saved = saved
        choices = tuple(Choice(view.name, f"{view.name}  {told(view, pipeline)}") for view in saved)
        self._list = ChoiceList(look, choices)
        self._naming: Wish | None = None

    def compose(self) -> ComposeResult:
        """Lay out the views, and the field for a name."""
        with Vertical(classes="box wide"):
            yield Static(Content("Your views"), classes="title")
            if self.saved:
                yield self._list
            else:
                words = "None is saved yet: n saves how the list looks now, under a name."
                yield Static(Content(words), classes="quiet")
            field = Input(placeholder="a name", max_length=NAME_LIMIT, select_on_focus=False)
            field.cursor_blink = field.display = False
            yield field
            yield Static(self._keys(), classes="hint")

    def action_recall(self, index: int) -> None:
        """Recall a view by its digit."""
        if self._naming is None and index < len(self.saved):
            self.dismiss(ViewWish(Wish.RECALL, self.saved[index].name))

    def on_choice_list_picked(self, message: ChoiceList.Picked) -> None:
        """Recall a view with the mouse."""
        self.action_recall(message.index)

    def action_step(self, steps: int) -> None:
        """Move the pick."""
        if self.saved:
            self._list.pick(0 if self._list.picked is None else self._list.picked + steps)

    def action_go(self) -> None:
        """Recall the view that is picked."""
        if self._list.picked is not None:
            self.action_recall(self._list.picked)

    def action_name(self, wish: str) -> None:
        """Ask for the name to save under, or for the picked view's new one."""
        if wish == Wish.RENAME and self._list.key is None:
            self._say("pick the view first, with j and k")
            return
        self._naming = Wish(wish)
        field = self.query_one(Input)
        field.value = self._list.key or "" if wish == Wish.RENAME else ""
        field.display = True
        field.focus()
        what = "save it" if wish == Wish.SAVE else "rename it"
        self._say(Content.assemble(("↵", "bold"), f" {what}  ", ("esc", "bold"), " not at all"))

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Save or rename."""
        message.stop()
        if self._naming is not None and message.value.strip():
            self.dismiss(ViewWish(self._naming, self._list.key or "", message.value))

    def action_delete(self) -> None:
        """Delete the view that is picked."""
        if self._list.key is None:
            self._say("pick the view first, with j and k")
        else:
            self.dismiss(ViewWish(Wish.DELETE, self._list.key))

    def action_first(self) -> None:
        """Look at the list as it came."""
        self.dismiss(ViewWish(Wish.FIRST))

    def action_leave(self) -> None:
        """Out of the field for a name, or leave without a trace."""
        if self._naming is None:
            self.dismiss(None)
            return
        self._naming = None
        self.query_one(Input).display = False
        self.set_focus(None)
        self._say(self._keys())

    def _say(self, words: str | Content) -> None:
        self.query_one(".hint", Static).update(words if isinstance(words, Content) else Content(words))

    def _keys(self) -> Content:
        parts: list[str | tuple[str, str]] = []
        if self.saved:
            digits = f"1-{min(9, len(self.saved))}" if len(self.saved) > 1 else "1"
            parts = [(digits, "bold"), " recall  ", ("n", "bold"), " save as  ", ("j k", "bold"), " pick  ",
                     ("r", "bold"), " rename  ", ("d", "bold"), " delete  "]  # fmt: skip
        else:
            parts = [("n", "bold"), " save as  "]
        return Content.assemble(*parts, ("a", "bold"), " as it came  ", ("esc", "bold"), " back")


def told(view: View, pipeline: Pipeline) -> str:
    """Say in short what a view shows: its stage, its filter, its order."""
    stage = next((stage.name for stage in pipeline.stages if stage.key == view.tab), "")
    order = f"by {_spoken(view.sort, pipeline)} {'↓' if view.descending else '↑'}"
    return strip_controls(" · ".join(part for part in (stage, view.filter_text, order) if part))
