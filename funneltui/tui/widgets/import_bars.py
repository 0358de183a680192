"""The lines around an import: the file, the steps with the one where it stands, the keys that can act there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from funneltui.tui.import_actions import IMPORT
from funneltui.tui.import_state import NAMES, Step, Tone
from funneltui.tui.painting import width_of
from funneltui.tui.widgets.keys_bar import KeysBar
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.screen_bars import HeadLine

if TYPE_CHECKING:
    from textual import events

    from funneltui.exchange.importer import ImportReport
    from funneltui.services.context import Context
    from funneltui.tui.actions import Action
    from funneltui.tui.import_state import ImportState
    from funneltui.tui.theming import Look

_BY_NAME = {action.name: action for action in IMPORT}
_FOOTERS = {
    Step.FILE: ("next", "change", "back", "help"),
    Step.COLUMNS: ("next", "change", "leave_out", "keep_rest", "save_mapping", "back", "help"),
    Step.WORDS: ("next", "change", "as_found", "save_mapping", "back", "help"),
    Step.GAPS: ("next", "change", "as_found", "back", "help"),
    Step.TRIAL: ("next", "change", "save_mapping", "back", "help"),
    Step.IMPORT: ("next", "undo", "back", "help"),
}


class ImportTop(HeadLine):
    """The program, the file, how it is read and into which pipeline."""

    def __init__(self, look: Look, state: ImportState, context: Context) -> None:
        """Show a state."""
        super().__init__(look, context)
        self.state = state

    def where(self) -> list[Piece]:
        """Give the file with what was recognised."""
        palette, state = self.palette, self.state
        told: list[Piece] = [("  Import", palette.strong)]
        if state.said:
            told.append((f"  {state.said.file.name}", palette.text))
        if state.plan:
            form = f" · {state.plan.form.name}" if state.plan.form else ""
            told.append((f"{form} → {state.plan.pipeline.name}", palette.muted))
        return told


class ImportSteps(Painted):
    """The steps; the one where it stands in brackets, those behind it brighter than those ahead."""

    class Chosen(Message):
        """A step was clicked."""

        def __init__(self, step: Step) -> None:
            self.step = step
            super().__init__()

    def __init__(self, look: Look, state: ImportState) -> None:
        """Show a state."""
        super().__init__(look, id="tabs")
        self.state = state

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the steps."""
        palette = self.palette
        pieces: list[Piece] = [(" ", palette.text)]
        for step in Step:
            here, past = step is self.state.step, step < self.state.step
            ink = palette.strong if here else palette.text if past else palette.muted
            number = palette.key if past or here else palette.muted
            between = "" if step is Step.IMPORT else " · "
            pieces += [
                ("[" if here else " ", palette.key), (f"{step.value} ", number), (NAMES[step], ink),
                ("]" if here else " ", palette.key), (between, palette.faint),
            ]  # fmt: skip
        return pieces

    def on_click(self, event: events.Click) -> None:
        """Choose the step that was clicked."""
        left = 1
        for step in Step:
            right = left + width_of(NAMES[step]) + 7
            if left <= event.x < right:
                self.post_message(self.Chosen(step))
            left = right


class ImportBottom(KeysBar):
    """The keys that can act in the step where it stands; while something is being done, the one that stops it."""

    def __init__(self, look: Look, state: ImportState) -> None:
        """Show a state."""
        super().__init__(look, IMPORT)
        self.state = state

    def show_step(self, *, busy: bool) -> None:
        """Show the keys of the step."""
        names = ("back", "help") if busy else _FOOTERS[self.state.step]
        self.actions = [self._labelled(_BY_NAME[name], busy=busy) for name in names]
        self.refresh()

    def _labelled(self, action: Action, *, busy: bool) -> Action:
        state = self.state
        if action.name == "back" and busy:
            return action.labelled("stop")
        if action.name == "back" and state.step in (Step.FILE, Step.IMPORT):
            return action.labelled("leave")
        if action.name == "next" and state.step is Step.TRIAL and state.trial:
            report = state.trial.report
            return action.labelled(f"import {changes_of(report):,}")
        if action.name == "next" and state.step is Step.IMPORT:
            return action.labelled("go on with it" if can_go_on(state) else "done")
        return action

    def note(self, width: int) -> str:
        """Tell of lines that are out of sight."""
        return f"{self.state.below:,} more ↓ " if self.state.below and self.screen.is_active else ""

    def acts(self, action: Action) -> bool:
        """Tell whether an action can act on what is shown now."""
        state = self.state
        line = state.line
        if action.name == "change":
            return line is not None and bool(line.kind)
        if action.name == "leave_out":
            return line is not None and line.kind == "column"
        if action.name == "as_found":
            return line is not None and line.tone is Tone.SAID
        if action.name == "next" and state.step is Step.TRIAL and state.trial:
            return bool(changes_of(state.trial.report))
        if action.name == "undo":
            return can_undo(state)
        return True


def can_go_on(state: ImportState) -> bool:
    """Tell whether an import that was stopped can be gone on with: its rows are known again, with ids or without."""
    return state.done is not None and state.done.stopped and not state.undone


def can_undo(state: ImportState) -> bool:
    """Tell whether the import has done something that was not taken back yet."""
    done = state.done
    return done is not None and not state.undone and bool(changes_of(done.report))


def changes_of(report: ImportReport) -> int:
    """Give the number of deals that an import has added or changed, or would."""
    return report.created + report.updated
