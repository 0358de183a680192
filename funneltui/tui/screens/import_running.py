"""What an import does in the worker's thread: the file looked at and through, its words counted, the trial, the import."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from funneltui.domain.text import fold
from funneltui.errors import BadInput, FunneltuiError
from funneltui.exchange.file_dates import survey
from funneltui.exchange.file_looks import look_through
from funneltui.exchange.file_words import counted_words
from funneltui.exchange.import_plan import plan_import
from funneltui.exchange.import_questions import without_options
from funneltui.exchange.rejected_rows import alike, free_place
from funneltui.exchange.workbook_sheets import sheet_names
from funneltui.services import people, undo
from funneltui.tui.import_progress import Progress
from funneltui.tui.import_state import Outcome, Step
from funneltui.tui.screens.import_ground import ImportGround
from funneltui.tui.worker import Leaving

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from pathlib import Path

    from funneltui.exchange.import_plan import ImportPlan, Said
    from funneltui.exchange.importer import ImportReport

Answer = TypeVar("Answer")

_WORDS = ("stage", "source", "reason", "owner")
_SHOWN_AFTER, _PACE = 0.3, 0.25
"""The seconds after which work is shown that is not done yet, and between two looks at how far it is."""


class ImportRunning(ImportGround):
    """Carries out one piece of work after another; while one runs, the only key that acts is the one that stops it."""

    def on_unmount(self) -> None:
        """Let what still runs end: nobody waits for it any more."""
        if self.progress is not None:
            self.progress.stop()

    async def _done(self, progress: Progress, work: Awaitable[Answer]) -> Answer | None:
        """Wait for a piece of work while it is shown how far it is; nothing, if it was refused, which is told."""
        self.progress = progress
        self._bottom.show_step(busy=True)
        shown = self.set_timer(_SHOWN_AFTER, self._show_progress)
        paints = self.set_interval(_PACE, self._meter.refresh)
        try:
            return await work
        except Leaving:
            return None
        except FunneltuiError as error:
            self.say(without_options(str(error)), wrong=True)
            return None
        finally:
            shown.stop()
            paints.stop()
            self.progress = None
            self._meter.show(None)
            if not self._page.display:
                self._page.display = True
                self.call_after_refresh(self.show_lines)
            self._bottom.show_step(busy=False)

    def _show_progress(self) -> None:
        self._page.display = False
        self._meter.show(self.progress)

    def _progress(self, plan: ImportPlan, *what: str, give_way: bool = True) -> Progress:
        rows = self.state.look.rows if self.state.look else 0
        words = tuple(f"{one} {plan.table.path.name}" for one in what)
        return Progress(words, plan.table.size, rows, self.worker.give_way if give_way else None)

    async def open_file(self, said: Said, *, anew: bool = False) -> bool:
        """Look at a file as it is said, and through it; tell whether it can be read so."""
        state = self.state
        if anew:
            state.begin(said)
        state.said, state.problem, state.plan = said, "", None
        plan: ImportPlan | None = None
        try:
            state.sheets = await self.worker.apart(sheet_names, said.file)
            state.users = frozenset(fold(one.name) for one in await self.worker.run(people.everyone))
            plan = await self.worker.run(plan_import, said, without_title=True)
        except FunneltuiError as error:
            state.problem = without_options(str(error))
        if plan is not None:
            await self._look_through(plan)
        state.to(Step.FILE)
        self.show_lines()
        return plan is not None

    async def _look_through(self, plan: ImportPlan) -> None:
        state = self.state
        progress = self._progress(plan, "reading")
        progress.rows_in_all = 0
        watched = plan.watched(progress.watch)
        look = await self._done(progress, self.worker.apart(look_through, watched.table))
        if look is not None and not progress.stopped:
            state.take(plan)
            state.words, state.look, state.rejects = {}, look, None

    async def look_at_dates(self) -> None:
        """Find out how the file writes dates and amounts; dates in another order are a question to be answered."""
        state, plan = self.state, self.state.plan
        if plan is None:
            return
        progress = self._progress(plan, "looking at the dates of")
        watched = plan.watched(progress.watch)

        async def found() -> None:
            try:
                state.survey = await self.worker.run(survey, watched.table, watched.mapping)
                state.date_problem = ""
            except BadInput as error:
                told = without_options(str(error)).removeprefix(f"{plan.table.path.name}, ")
                state.survey, state.date_problem = None, told

        await self._done(progress, found())
        self.show_lines()

    async def count_words(self) -> bool:
        """Count the words of the file for stages, sources, reasons and owners; tell whether all were counted."""
        state, plan = self.state, self.state.plan
        if plan is None or state.words:
            return plan is not None
        progress = self._progress(plan, "counting the words of")
        watched = plan.watched(progress.watch)
        words = await self._done(
            progress, self.worker.apart(counted_words, watched.table, watched.mapping.columns, *_WORDS)
        )
        if words is None or progress.stopped:
            return False
        state.words = words
        return True

    async def try_out(self) -> bool:
        """Try what the import would do, and take all of it back; tell whether the trial came to its end.

        It is one transaction, so that nothing else is done meanwhile; what waits is done after it.
        """
        state, plan = self.state, self.state.plan
        if plan is None:
            return False
        if state.tried:
            return True
        progress = self._progress(plan, "looking through", "trying out", give_way=False)
        report = await self._done(progress, self.worker.run(plan.watched(progress.watch).carry_out, dry_run=True))
        if report is None or progress.stopped:
            return False
        state.trial = await self._outcome(plan, report)
        if state.rejects is None:
            state.rejects = await self.worker.apart(free_place, plan.table.path)
        return True

    async def _outcome(
        self, plan: ImportPlan, report: ImportReport, rejects: Path | None = None, *, stopped: bool = False
    ) -> Outcome:
        reasons = await self.worker.apart(alike, report.rejected)
        return Outcome(report, tuple(reasons), plan.said, rejects if report.rejected else None, stopped)

    async def carry_out(self) -> bool:
        """Take the file in, batch after batch, everything else being done in between; tell whether that could be done."""
        state, plan = self.state, self.state.plan
        if plan is None:
            return False
        progress = self._progress(plan, "looking through", "importing")
        work = self.worker.run(plan.watched(progress.watch).carry_out, rejects=state.rejects)
        report = await self._done(progress, work)
        if report is None:
            return False
        rows = state.look.rows if state.look else report.rows
        stopped = progress.stopped and report.rows < rows
        state.done = await self._outcome(plan, report, state.rejects, stopped=stopped)
        state.undone, state.trial, state.rejects = "", None, None
        return True

    async def take_back(self) -> None:
        """Take back what the import has done, by the one undo that it is."""
        step = await self._done(Progress(("taking it back",), 0), self.worker.run(undo.undo))
        if step is not None:
            self.state.undone = step.what
            self.say(f"undone: {step.what}")
        self.show_lines()
