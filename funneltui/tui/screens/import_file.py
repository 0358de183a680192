"""The import of a file, step by step: what was recognised, columns, words, gaps, a trial, and the import itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from funneltui.domain.text import counted
from funneltui.errors import FunneltuiError
from funneltui.exchange.import_questions import gaps_of, with_field
from funneltui.exchange.mapping_files import save_mapping
from funneltui.tui.actions import Action, bindings
from funneltui.tui.import_actions import IMPORT
from funneltui.tui.import_lines import word_lines
from funneltui.tui.import_state import Step
from funneltui.tui.keymap import hint
from funneltui.tui.screens.deal_screen import DealScreen
from funneltui.tui.screens.import_asking import ImportAsking
from funneltui.tui.screens.small_dialogs import WordsDialog
from funneltui.tui.widgets.import_bars import ImportSteps, can_go_on, can_undo

if TYPE_CHECKING:
    from funneltui.services.context import Context
    from funneltui.tui.app import FunnelApp
    from funneltui.tui.theming import Look
    from funneltui.tui.widgets.rows import Rows
    from funneltui.tui.worker import Worker

_WHILE_BUSY = ("back", "stop", "app.help", "app.redraw", "app.quit")
_NO_TITLES = "no column gives the titles of the deals: choose one"


class ImportScreen(ImportAsking):
    """Takes every key of an import; leads from step to step, and back without losing what was said."""

    ACTIONS: ClassVar[tuple[Action, ...]] = IMPORT
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(IMPORT),
        *(Binding(str(step.value), f"to({step.value})", show=False) for step in Step),
    ]

    def __init__(self, worker: Worker, context: Context, look: Look, pipeline: str | None = None) -> None:
        """Import into the worker's workspace; `pipeline` is the key of the one into which a file goes at first."""
        super().__init__(worker, context, look)
        self._pipeline = pipeline

    @property
    def first_pipeline(self) -> str | None:
        """The pipeline whose board this was opened from."""
        return self._pipeline

    async def on_mount(self) -> None:
        """Ask for the file."""
        self.show_lines()
        await self.ask_for_file(lambda: self.dismiss(None))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is being done, only that can be stopped."""
        return self.progress is None or action in _WHILE_BUSY

    async def action_another(self) -> None:
        """Ask for another file."""
        await self.ask_for_file()

    async def action_change(self) -> None:
        """Say something else of the line."""
        line = self.state.line
        if line is not None and line.kind:
            await self.ask_about(line)
        else:
            self.say("there is nothing to be changed here")

    def action_leave_out(self) -> None:
        """Read nothing from the column."""
        plan, line = self.state.plan, self.state.line
        if plan is not None and line is not None and line.kind == "column":
            self.take(with_field(plan, int(line.key), ""))
        else:
            self.say("only columns are left out")

    def action_as_found(self) -> None:
        """Say nothing more of the line."""
        if self.state.line is not None:
            self.forget(self.state.line)

    def action_keep_rest(self) -> None:
        """Keep what no field takes in the notes, or leave it out."""
        if self.state.plan is not None and self.state.step is not Step.IMPORT:
            self.take(self.state.saying(keep_rest=not self.state.plan.said.keep_rest))

    async def action_save_mapping(self) -> None:
        """Keep how the file is read as a mapping of the user's own."""
        plan = self.state.plan
        if plan is None or plan.lacks_titles:
            self.say(_NO_TITLES if plan else "there is no file yet", wrong=True)
            return

        async def saved(name: str | None) -> None:
            if name is None:
                return
            try:
                path = await self.worker.apart(save_mapping, name, plan.mapping)
            except FunneltuiError as error:
                self.say(str(error), wrong=True)
            else:
                self.say(f"kept in {path}; files of the same columns are read so from now on")

        now = plan.form.name if plan.form and plan.form.is_own else ""
        await self.app.push_screen(WordsDialog("Save the mapping", now, "a name, such as our old system"), saved)

    def action_next(self) -> None:
        """Go on to the next step."""
        self.work(self._on())

    async def _on(self) -> None:
        match self.state.step:
            case Step.FILE:
                await self._on_to_columns()
            case Step.COLUMNS:
                await self._on_to_words()
            case Step.WORDS:
                await self._on_to_gaps()
            case Step.GAPS:
                await self._on_to_trial()
            case Step.TRIAL:
                await self._on_to_import()
            case Step.IMPORT if can_go_on(self.state):
                await self._import()
            case Step.IMPORT:
                self.dismiss(None)

    async def _on_to_columns(self) -> None:
        if self.state.plan is None:
            self.say(self.state.problem or "choose a file first", wrong=True)
            return
        self._go_to(Step.COLUMNS)
        await self.look_at_dates()

    async def _on_to_words(self) -> None:
        state = self.state
        if state.plan is None:
            return
        if state.plan.lacks_titles and "external_id" not in state.plan.mapping.columns:
            self.point_to_wanted()
            self.say(_NO_TITLES, wrong=True)
        elif state.date_problem:
            self.point_to_wanted()
            self.say(f"{state.date_problem}; say how the file writes dates", wrong=True)
        elif await self.count_words():
            if any(word_lines(state, self.context)):
                self._go_to(Step.WORDS)
            else:
                await self._on_to_gaps()

    async def _on_to_gaps(self) -> None:
        if await self.try_out():
            self._go_to(Step.GAPS if self._gaps() else Step.TRIAL)

    def _gaps(self) -> dict[str, int]:
        plan, trial = self.state.plan, self.state.trial
        return gaps_of(plan, trial.report) if plan and trial else {}

    async def _on_to_trial(self) -> None:
        known = self._gaps()
        if not await self.try_out():
            return
        if new := [name for name in self._gaps() if name not in known]:
            self._go_to(Step.GAPS)
            self.say(f"{counted(len(new), 'more gap')}: with what was said, other rows come as far as their gates")
        else:
            self._go_to(Step.TRIAL)

    async def _on_to_import(self) -> None:
        if not await self.try_out() or self.state.trial is None:
            return
        report = self.state.trial.report
        if report.created + report.updated:
            await self._import()
        elif not report.rows:
            self.say("the file has no rows under the names of its columns", wrong=True)
        elif report.unchanged:
            self.say("nothing would change: what the file says is in the workspace already")
        else:
            self.say("nothing of it can be taken in as it is; going back, more can be said", wrong=True)

    async def _import(self) -> None:
        if not await self.carry_out():
            return
        self._go_to(Step.IMPORT)
        done = self.state.done
        undo = hint(self.app, "import.undo", "takes it all back")
        if done is not None and done.stopped:
            self.say(
                f"stopped after {done.report.rows:,} rows, which are stored{undo}; the same file can be gone on with"
            )
        elif can_undo(self.state):
            self.say(f"imported{undo}, here or on the board")

    def _go_to(self, step: Step) -> None:
        self.state.to(step)
        self.show_lines()

    async def action_back(self) -> None:
        """Stop what is going on; else a step back, and out of the first one and the last one."""
        step = self.state.step
        if self.progress is not None:
            self.action_stop()
        elif step in (Step.FILE, Step.IMPORT):
            self.dismiss(None)
        elif step is Step.COLUMNS:
            self._go_to(Step.FILE)
        elif step is Step.WORDS or not any(word_lines(self.state, self.context)):
            self._go_to(Step.COLUMNS)
        elif step is Step.TRIAL and self._gaps():
            self._go_to(Step.GAPS)
        else:
            self._go_to(Step.WORDS)

    def action_stop(self) -> None:
        """Stop what is going on; an import stops after whole batches."""
        if self.progress is not None:
            self.progress.stop()
            self._meter.refresh()

    def action_to(self, step: int) -> None:
        """Back to a step that was passed; the next one by the way that enter goes."""
        wanted, here = Step(step), self.state.step
        if here is Step.IMPORT or wanted is here:
            return
        if wanted < here and (wanted is not Step.GAPS or self._gaps()):
            self._go_to(wanted)
        elif wanted == here + 1:
            self.action_next()
        else:
            self.say("that step comes after the next one")

    def on_import_steps_chosen(self, message: ImportSteps.Chosen) -> None:
        """A step was clicked."""
        if self.progress is None:
            self.action_to(message.step.value)

    async def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """A line was clicked: the cursor goes there; a second click changes it."""
        if message.place == self.state.place:
            await self.action_change()
        else:
            self.go(0)
            self.state.place = message.place
            self.go(0)

    async def action_undo(self) -> None:
        """Take back what this import has done."""
        if can_undo(self.state):
            self.work(self.take_back())
        else:
            self.say("there is nothing of this import to be taken back")


async def open_import(app: FunnelApp) -> None:
    """Show the import over a screen of deals, which is read anew afterwards; nothing over any other screen."""
    here = app.screen
    if not isinstance(here, DealScreen):
        return

    async def left(_: None) -> None:
        await here.reload()

    await app.push_screen(ImportScreen(app.worker, app.worker.context, app.look, here.pipeline.key), left)
