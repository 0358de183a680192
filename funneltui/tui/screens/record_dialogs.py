"""The dialogs of companies and contacts: their texts corrected, and a merge confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.records import Company
from funneltui.domain.text import counted, cut, strip_controls
from funneltui.services.record_windows import kind_of, label_of, record_of
from funneltui.tui.keymap import key_for
from funneltui.tui.painting import fit
from funneltui.tui.screens.base import Dialog
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.record_figures import field_label, right, texts_of
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.geometry import Size

    from funneltui.services.context import Context
    from funneltui.services.merge_plans import MergePlan
    from funneltui.services.record_windows import RecordLine
    from funneltui.tui.theming import Look


class RecordForm(Dialog[dict[str, str] | None]):
    """Gives the texts of a company or contact that were changed, or nothing when the user leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]

    def __init__(self, context: Context, line: RecordLine) -> None:
        """Show the texts of a record."""
        super().__init__(classes="dialog")
        self.context, self.line = context, line

    def compose(self) -> ComposeResult:
        """Lay out a line a text."""
        record, pipeline = record_of(self.line), self.context.pipeline
        with Vertical(classes="box"):
            about = f"  changes {counted(self.line.figures.deals)}"
            yield Static(Content.assemble(f"Edit the {kind_of(record)}", (about, "dim")), classes="title")
            for name, text in texts_of(record):
                label = field_label(name, record)
                yield TypedField(
                    self.context, pipeline, pipeline.first, name, label, text, must=isinstance(record, Company)
                )
            yield Static(Content(""), classes="problem")
            yield Static(_keys(("↵", "next, save"), ("ctrl+s", "save"), ("esc", "not at all")), classes="hint")

    def on_mount(self) -> None:
        """Nothing is wrong to begin with."""
        self.query_one(".problem").display = False

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter goes to the next line, and saves in the last one."""
        message.stop()
        if message.input is self.query(Input).last():
            self.action_save()
        else:
            self.focus_next()

    def action_save(self) -> None:
        """Give what was changed, if all of it can be read."""
        values: dict[str, str] = {}
        for field in self.query(TypedField):
            if not field.read():
                self._complain(field)
                return
            if field.changed:
                values[field.field] = str(field.value)
        self.dismiss(values)

    def _complain(self, field: TypedField) -> None:
        shown = self.query_one(".problem", Static)
        shown.display = True
        problem = field.problem.removeprefix(f"{FIELD_LABELS[field.field]}: ")
        shown.update(Content(strip_controls(f"{field.label}: {problem}")))
        field.query_one(Input).focus()

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)


_MOST_NAMED = 8


class MergeDialog(Dialog[bool]):
    """Says what a merge will do, and gives whether it is wanted."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", show=False),
        Binding("escape,q", "leave", show=False),
    ]

    def __init__(self, look: Look, plan: MergePlan) -> None:
        """Tell of a plan."""
        super().__init__(classes="dialog")
        self.look, self.plan = look, plan

    def compose(self) -> ComposeResult:
        """Lay out who stays, who goes, and what becomes of the deals."""
        kind = kind_of(record_of(self.plan.keep))
        plural = "companies" if kind.value == "company" else "contacts"
        with Vertical(classes="box"):
            yield Static(Content(f"Merge {len(self.plan.gone) + 1} {plural} into one"), classes="title")
            yield WhoStays(self.look, self.plan)
            yield Static(Content("\n").join(Content(strip_controls(one)) for one in self._told()), classes="quiet")
            yield Static(_keys(("↵", "merge"), ("esc", "not at all")), classes="hint")

    def _told(self) -> list[str]:
        plan = self.plan
        name = cut(label_of(record_of(plan.keep)))
        counted_deals = sum(line.figures.deals for line in plan.gone)
        spam = ", spam among them," if plan.over > counted_deals else ""
        go = "goes" if plan.over == 1 else "go"
        told = f"{counted(plan.over)}{spam} {go} over to {name}, which then has {plan.after.figures.deals:,}."
        taken = [f"{FIELD_LABELS[field]} {cut(text)}" for field, text in plan.takes.items()]
        takes = [f"It takes over: {', '.join(taken)}."] if taken else []
        undo = key_for(self.app, "deal.undo")
        return [told, *takes, *([f"{undo} takes it all back."] if undo else [])]

    def action_go(self) -> None:
        """Do it."""
        self.dismiss(True)

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(False)


class WhoStays(Painted):
    """The record that stays, then those that go, each with how many deals it has."""

    def __init__(self, look: Look, plan: MergePlan) -> None:
        """Show the records of a plan."""
        super().__init__(look)
        self.lines = [("stays", plan.keep), *(("goes", line) for line in plan.gone)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take a line a record, as far as they are named."""
        return min(len(self.lines), _MOST_NAMED)

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a record's line."""
        hidden = len(self.lines) - _MOST_NAMED
        if y == _MOST_NAMED - 1 and hidden > 0:
            return [(f"         and {hidden + 1:,} more", self.palette.muted)]
        what, line = self.lines[y]
        record = record_of(line)
        company = getattr(record, "company", "")
        name = f"{label_of(record)}{f' · {company}' if company else ''}"
        deals = counted(line.figures.deals)
        room = width - 9 - 12
        style = self.palette.strong if what == "stays" else self.palette.text
        return [
            (fit(what, 9), self.palette.won if what == "stays" else self.palette.muted), (fit(name, room), style),
            (right(deals, 12), self.palette.muted),
        ]  # fmt: skip


def _keys(*keys: tuple[str, str]) -> Content:
    parts: list[str | tuple[str, str]] = []
    for key, does in keys:
        parts += [(key, "bold"), f" {does}  "]
    return Content.assemble(*parts)
