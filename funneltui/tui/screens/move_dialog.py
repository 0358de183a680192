"""The move dialog: asks for exactly what the gate of a stage wants, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from funneltui.domain.gates import label_of
from funneltui.domain.text import cut, strip_controls
from funneltui.services.fields import Values
from funneltui.tui.painting import fit
from funneltui.tui.preferences import preferences_of
from funneltui.tui.screens.base import Dialog
from funneltui.tui.widgets.choices import ChoiceList
from funneltui.tui.widgets.typed_field import TypedField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from funneltui.domain.gates import Missing
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Context
    from funneltui.tui.theming import Look


_INNER_WIDTH = 56
_LABEL = 17


class MoveDialog(Dialog[Values | None]):
    """Gives the fields that the user says with the move, or nothing when he leaves."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(digit), f"pick({(digit - 1) % 10})", show=False) for digit in range(10)),
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("enter", "go", show=False),
        Binding("backspace", "back", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(
        self,
        look: Look,
        context: Context,
        pipeline: Pipeline,
        stage: Stage,
        title: str,
        missing: Sequence[Missing],
        *,
        several: bool = False,
        warning: str = "",
    ) -> None:
        """Ask for what is `missing` for the deal of this title, or for several, to enter `stage`; a warning is shown."""
        super().__init__(classes="dialog")
        self.look, self.context, self.pipeline, self.stage = look, context, pipeline, stage
        self.deal_title, self.several, self.warning = title, several, warning
        self.choices = [one for one in missing if one.choices]
        self.typed = [one for one in missing if not one.choices]
        self.turn = 0
        self.picked: dict[str, str] = {}

    @property
    def choice(self) -> Missing | None:
        """What is chosen now: one question after the other, those before it are answered."""
        return self.choices[self.turn] if self.choices else None

    def compose(self) -> ComposeResult:
        """Lay out the question, the choices, and a line for each other thing that is wanted."""
        with Vertical(classes="box"):
            yield Static(self._title(), classes="title")
            if self.stage.entry and self.stage.kind.value != "lost":
                yield Static(Content(strip_controls(self.stage.entry)), classes="quiet entry")
            if self.warning:
                yield Static(Content(f"! {self.warning}"), classes="quiet entry")
            if self.choice:
                yield Static(Content(""), classes="quiet", id="answered")
                yield Static(self._question(), classes="quiet", id="question")
                yield ChoiceList(self.look, self.choice.choices)
            for one in self.typed:
                text = self._proposal(one.field)
                yield TypedField(
                    self.context, self.pipeline, self.stage, one.field, self._label(one.field), text, must=True
                )
            if any(one.field == "reason" for one in self.choices):
                yield TypedField(self.context, self.pipeline, self.stage, "reason_note", "note, if any")
            yield Static(Content(""), classes="problem")
            yield Static(self._keys(), classes="hint", id="keys")

    def on_mount(self) -> None:
        """Begin in the first field when there is nothing to choose."""
        self.query_one(".problem").display = False
        if self.choice:
            self.query_one("#answered").display = False
        elif self.typed:
            self.set_focus(self.query(Input).first())

    def action_pick(self, index: int) -> None:
        """Pick by digit; where more is to be chosen, the next question comes at once."""
        if self.choice and index < len(self.choice.choices):
            self.query_one(ChoiceList).pick(index)
            self._go_on()

    def _go_on(self) -> bool:
        """Take the pick as the answer and ask the next question; tell whether there was one."""
        if self.choice is None:
            return False
        key = self.query_one(ChoiceList).key
        if key is None:
            return False
        self.picked[self.choice.field] = key
        self.query_one(".problem").display = False
        if self.turn + 1 == len(self.choices):
            return False
        self._ask(self.turn + 1)
        return True

    def _ask(self, turn: int) -> None:
        """Ask the question of a turn; what was answered before stands above it in a line each."""
        self.turn = turn
        asked = self.choices[turn]
        lines = [
            Content.assemble(f"{fit(one.label, _LABEL)} ", (self._name_of(one), "bold")) for one in self.choices[:turn]
        ]
        answered = self.query_one("#answered", Static)
        answered.update(Content("\n").join(lines))
        answered.display = bool(lines)
        self.query_one("#question", Static).update(self._question())
        self.query_one(ChoiceList).ask(asked.choices, self.picked.get(asked.field))
        self.query_one("#keys", Static).update(self._keys())

    def _name_of(self, asked: Missing) -> str:
        names = {one.key: one.name for one in asked.choices}
        return strip_controls(names[self.picked[asked.field]])

    def action_back(self) -> None:
        """Back to the question before."""
        if self.turn:
            self._ask(self.turn - 1)

    def action_step(self, steps: int) -> None:
        """Move the pick."""
        if self.choice:
            choices = self.query_one(ChoiceList)
            choices.pick(0 if choices.picked is None else choices.picked + steps)

    def on_choice_list_picked(self, message: ChoiceList.Picked) -> None:
        """Pick by mouse."""
        self.action_pick(message.index)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Enter in a field means the same as anywhere."""
        message.stop()
        self.action_go()

    def action_go(self) -> None:
        """Give what was said, if nothing is lacking any more."""
        if self._go_on():
            return
        if self.choice and self.choice.field not in self.picked:
            self._complain(f"pick the {self.choice.label} first, by its digit")
            self.set_focus(None)
            return
        given: Values = dict(self.picked)
        for field in self.query(TypedField):
            if not field.read():
                self._complain(field.problem if field.text.strip() else f"{self._label(field.field)} is needed")
                field.query_one(Input).focus()
                return
            if field.text.strip():
                given[field.field] = field.value
        self.dismiss(given)

    def action_leave(self) -> None:
        """Leave without a trace."""
        self.dismiss(None)

    def _complain(self, problem: str) -> None:
        shown = self.query_one(".problem", Static)
        shown.display = True
        shown.update(Content(problem))

    def _title(self) -> Content:
        title = cut(self.deal_title, max(20, _INNER_WIDTH - len(self.stage.name) - 3))
        return Content.assemble(title, (" → ", "dim"), (self.stage.name, "bold"))

    def _question(self) -> Content:
        place = f"  {self.turn + 1} of {len(self.choices)}" if len(self.choices) > 1 else ""
        return Content.assemble(strip_controls(self._words()), (place, "dim"))

    def _words(self) -> str:
        if self.choice is None:
            return ""
        if self.choice.field == "reason":
            return "Why were they lost?" if self.several else "Why was it lost?"
        # The stage's own question is about where the deal stands.
        own = self.choice.field == "detail" or len(self.choices) == 1
        return (self.stage.question if own else "") or f"Which {self.choice.label}?"

    def _label(self, name: str) -> str:
        return "follow-up" if name == "follow_up" else label_of(self.pipeline, name)

    def _proposal(self, name: str) -> str:
        if name == "follow_up":
            return f"+{self.stage.follow_up_days or preferences_of(self.app).days_after_move}d"
        return ""

    def _keys(self) -> Content:
        parts: list[str | tuple[str, str]] = []
        if self.choice:
            parts += [("1", "bold"), "-", (str(min(9, len(self.choice.choices))), "bold"), " pick  "]
            parts += [("bksp", "bold"), " before  "] if self.turn else []
            if self.typed or self.choice.field == "reason":
                parts += [("tab", "bold"), " field  "]
        return Content.assemble(*parts, ("↵", "bold"), " move  ", ("esc", "bold"), " not at all")
