"""The list's dialogs: which columns it shows, and the user's saved views."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.domain.gates import Choice
from funneltui.domain.text import strip_controls
from funneltui.domain.views import NAME_LIMIT, AnyColumn, Column, FieldColumn, View
from funneltui.tui.screens.base import Dialog
from funneltui.tui.screens.many_dialog import ManyDialog
from funneltui.tui.widgets.choices import ChoiceList
from funneltui.tui.widgets.table import heading

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from funneltui.domain.pipeline import Pipeline
    from funneltui.tui.theming import Look


_SPOKEN = {
    Column.NUMBER: "number", Column.CLOSE: "expected close", Column.CLOSED_ON: "closed on",
    Column.AGE: "days in its stage", Column.PROBABILITY: "own probability", Column.CHANCE: "chance to win",
}  # fmt: skip


def _spoken(column: AnyColumn, pipeline: Pipeline) -> str:
    known = None if isinstance(column, FieldColumn) else _SPOKEN.get(column)
    return known or heading(column, pipeline)


class ColumnsDialog(ManyDialog):
    """Gives the columns to be shown, by the names under which a view keeps them, or nothing when the user leaves."""

    def __init__(self, look: Look, view: View, pipeline: Pipeline) -> None:
        """Show the columns of a view, and those that the pipeline's deals can be shown with."""
        own: list[AnyColumn] = [FieldColumn(field.key) for field in pipeline.fields]
        choices = [Choice(column.value, _spoken(column, pipeline)) for column in (*own, *Column)]
        super().__init__(
            look,
            "Columns",
            choices,
            [placed.column.value for placed in view.columns],
            does="show them",
            needed="choose one at least, with space",
        )


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


class ViewsDialog(Dialog[ViewWish | None]):
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
    """Say in short what a view shows: its stage, its filter, its order; or that it cannot be read."""
    if not view.is_readable:
        return "cannot be read"
    stage = next((stage.name for stage in pipeline.stages if stage.key == view.tab), "")
    order = f"by {_spoken(view.sort, pipeline)} {'↓' if view.descending else '↑'}"
    return strip_controls(" · ".join(part for part in (stage, view.filter_text, order) if part))
