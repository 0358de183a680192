"""Working deals, on whatever screen they are seen: added, edited, opened, followed up, noted, spam; undo and redo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome
from funneltui.domain.gates import Choice
from funneltui.domain.history import Role
from funneltui.domain.text import counted
from funneltui.errors import FunneltuiError
from funneltui.services import activities, deals, last_acts, people, undo
from funneltui.tui.drafts import saving
from funneltui.tui.keymap import hint
from funneltui.tui.screens.moving import Moving

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.deal import Deal
    from funneltui.services.changes import Versions
    from funneltui.services.context import Context
    from funneltui.services.fields import Values


class Working(Moving):
    """The keys that change deals otherwise than by moving them; with marks they are meant for all marked ones."""

    async def action_open(self) -> None:
        """Open the deal."""
        if (deal := self.here()) is not None:
            await self.open_deal(deal.number)

    async def open_deal(self, number: int) -> None:
        """Open a deal by its number; what is seen here is read anew afterwards."""
        from funneltui.services import dossiers
        from funneltui.tui.screens.opened_deal import OpenedDeal

        try:
            found = await self.worker.run(dossiers.dossier, number)
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return

        async def left(_: None) -> None:
            await self.reload()

        await self.app.push_screen(OpenedDeal(self.worker, self.context, self.look, found, self.step_from), left)

    async def action_records(self) -> None:
        """Show companies and contacts; what is seen here is read anew afterwards."""
        from funneltui.tui.screens.records import RecordsScreen

        async def left(_: None) -> None:
            await self.reload()

        await self.app.push_screen(RecordsScreen(self.worker, self.context, self.look), left)

    async def open_record(self, *, contact: bool) -> None:
        """Open the deal's company, or its contact (D8)."""
        deal = self.here()
        if deal is None:
            return
        from funneltui.services.record_windows import Kind
        from funneltui.tui.screens.opened_record import open_record_of

        await open_record_of(self, Kind.CONTACT if contact else Kind.COMPANY, deal.number)

    async def step_from(self, number: int, steps: int) -> int | None:
        """Give the number of the deal that comes so many places after another one here; none at the end.

        The cursor goes with it. One that has gone elsewhere meanwhile has left its place to the next.
        """
        place = self.place
        await self.reload()
        if steps > 0 and (self.deal is None or self.deal.number != number):
            return self.deal.number if self.deal and self.place == place else None
        place = self.place
        self.go(place + steps)
        if self.place == place:
            return None
        if self.deal is None:
            await self.reload()
        return self.deal.number if self.deal else None

    async def action_new(self) -> None:
        """Add a deal."""
        await self.fill_in(None)

    async def action_edit(self) -> None:
        """Edit the deal."""
        if (deal := self.here()) is not None:
            await self.fill_in(deal)

    async def fill_in(self, deal: Deal | None) -> None:
        """Show the form, empty or of a deal, and store what was typed."""
        from funneltui.tui.screens.deal_form import DealForm

        def said(values: Values | None) -> None:
            if values and deal is None:
                self.soon(self._add(values))
            elif values and deal is not None:
                edit, version = saving(self.app, values, deals.edit), {deal.number: deal.version}
                self.soon(self.do(self.worker.run(edit, deal.number, values, None, version)))

        await self.app.push_screen(DealForm(self.context, self.pipeline, deal), said)

    async def _add(self, values: Values) -> None:
        """Add a deal, and say which others it may repeat."""
        from funneltui.services import records

        add = saving(self.app, values, deals.add)
        try:
            alike = await self.worker.run(records.likely_duplicates, values)
        except FunneltuiError:  # the adding itself will say why
            alike = []
        told = "\n".join(one.words for one in alike[:3])
        await self.do(self.worker.run(add, values, None, self.pipeline.key), told)

    async def action_follow_up(self) -> None:
        """Set the follow-up."""
        versions = self.chosen()
        if not versions:
            return
        from funneltui.tui.screens.follow_up_dialog import FollowUpDialog

        def said(values: Values | None) -> None:
            if values is not None:
                self._edit_all(versions, values, "have a follow-up now" if values["follow_up"] else "have none now")

        one = self.deal if self.deal and list(versions) == [self.deal.number] else None
        await self.app.push_screen(
            FollowUpDialog(self.look, self.context, self.pipeline, self.name_of(versions), one), said
        )

    def _edit_all(self, versions: Versions, values: Values, done: str = "") -> None:
        """Change fields of deals, all or none; `done` is what to say of several."""
        words = f"{counted(len(versions))} {done}" if done and len(versions) > 1 else ""
        self.soon(self.do(self.worker.run(deals.edit_all, list(versions), values, versions), words))

    async def action_activity(self) -> None:
        """Write a note, or log a contact."""
        versions = self.chosen()
        if not versions:
            return
        from funneltui.tui.screens.activity_dialog import NOTE, Activity, ActivityDialog

        def said(activity: Activity | None) -> None:
            if activity is None:
                return
            if activity.kind == NOTE:
                note = saving(self.app, activity, activities.note_all)
                kept = self.worker.run(note, list(versions), activity.text)
            else:
                log, by = saving(self.app, activity, activities.log_all), activities.ContactBy(activity.kind)
                kept = self.worker.run(log, list(versions), by, activity.text)
            self.soon(self.do(kept, f"{activity.kind} kept in the history of {_named(versions)}"))

        one = next(iter(versions)) if len(versions) == 1 else 0
        await self.app.push_screen(ActivityDialog(self.look, self.name_of(versions), one), said)

    async def action_notes(self) -> None:
        """Write the deal's notes."""
        deal = self.here()
        if deal is None:
            return
        from funneltui.tui.screens.notes import NotesDialog

        def said(text: str | None) -> None:
            if text is not None and text != deal.notes:
                edit, version = saving(self.app, text, deals.edit), {deal.number: deal.version}
                self.soon(self.do(self.worker.run(edit, deal.number, {"notes": text}, None, version)))

        await self.app.push_screen(NotesDialog(deal.title, deal.notes, deal.number, deal.version), said)

    async def action_assign(self) -> None:
        """Choose another owner."""
        versions = self.chosen()
        if not versions:
            return
        if self.context.actor.role is Role.REP:
            self.tell("only a manager gives a deal to somebody else")
            return

        def said(name: str) -> None:
            self._edit_all(versions, {"owner": name or None}, f"are {name or 'nobody'}'s now")

        await self.ask_whose("Whose is it?", said, about=self.name_of(versions), after=(Choice("", "nobody"),))

    async def ask_whose(
        self,
        question: str,
        said: Callable[[str], None],
        *,
        about: str = "",
        before: tuple[Choice, ...] = (),
        after: tuple[Choice, ...] = (),
    ) -> None:
        """Ask for one of the people, or of what stands before or after them; `said` is given the key of the answer."""
        from funneltui.tui.screens.small_dialogs import PickDialog

        try:
            names = [user.name for user in await self.worker.run(people.everyone)]
        except FunneltuiError as error:
            self.tell(str(error), severity="error")
            return

        def picked(name: str | None) -> None:
            if name is not None:
                said(name)

        choices = [*before, *(Choice(name, name) for name in names), *after]
        await self.app.push_screen(PickDialog(self.look, question, about, choices), picked)

    async def action_tag(self) -> None:
        """Add tags, or take them away."""
        versions = self.chosen()
        if not versions:
            return
        from funneltui.services.own_changes import read_tag_change
        from funneltui.tui.screens.small_dialogs import WordsDialog

        def said(text: str | None) -> None:
            if text is not None:
                self._edit_all(versions, {"tags": read_tag_change([text])}, "are tagged")

        def check(text: str) -> str:
            change = read_tag_change([text])  # what cannot be read is refused by the dialog
            return "   ".join([*(f"+{tag}" for tag in change.add), *(f"-{tag}" for tag in change.remove)])

        tags = self.deal.tags if self.deal and list(versions) == [self.deal.number] else ()
        about = " ".join(tags) or self.name_of(versions)
        await self.app.push_screen(WordsDialog("Tags", about, "hot adds it, -hot takes it away", check), said)

    async def action_copy(self) -> None:
        """Copy something of the deal; it is shown too, for terminals that do not let a program copy."""
        deal = self.here()
        if deal is None:
            return
        from funneltui.domain.deal_line import one_line
        from funneltui.tui.screens.small_dialogs import PickDialog

        pipeline = self.context.pipeline_of(deal.pipeline)
        line = one_line(deal, pipeline, self.context.clock.today())
        texts = [line, str(deal.number), *(text for text in (deal.email, deal.phone) if text)]

        def said(text: str | None) -> None:
            if text is not None:
                self.app.copy_to_clipboard(text)
                self.tell(f"copied: {text}", severity="information")

        choices = [Choice(text, text) for text in texts]
        await self.app.push_screen(PickDialog(self.look, "Copy", "", choices), said)

    async def action_done(self) -> None:
        """Finish the follow-up; where the stage demands one, the next one is asked for (D3)."""
        versions = self.chosen()
        if not versions:
            return
        one = self.deal if self.deal and list(versions) == [self.deal.number] else None
        try:
            wanted = (
                activities.wants_next(self.context, one)
                if one
                else await self.worker.run(activities.wants_next_of_all, list(versions))
            )
        except FunneltuiError as error:
            self.tell(str(error))
            return
        if not wanted:
            self._finish(versions)
            return
        from funneltui.tui.screens.follow_up_dialog import FollowUpDialog

        def said(values: Values | None) -> None:
            if values is not None:
                self._finish(versions, values)

        title = self.name_of(versions)
        dialog = FollowUpDialog(self.look, self.context, self.pipeline, title, one, following=True)
        await self.app.push_screen(dialog, said)

    def _finish(self, versions: Versions, following: Values | None = None) -> None:
        finished = self.worker.run(activities.finish_follow_ups, list(versions), "", versions, following or {})
        self.soon(self.do(finished, f"follow-up of {_named(versions)} done"))

    def action_spam(self) -> None:
        """Mark as spam; what is spam is put back where it was (D12)."""
        versions = self.chosen()
        if not versions:
            return
        if self.deal is not None and self.deal.outcome is Outcome.SPAM:
            restored = self.worker.run(activities.restore, list(versions), versions)
            self.soon(self.do(restored, f"{counted(len(versions))} put back"))
        else:
            marked = self.worker.run(activities.spam, list(versions), versions)
            undo = hint(self.app, "deal.undo", "takes that back")
            self.soon(self.do(marked, f"{counted(len(versions))} marked as spam{undo}"))

    def action_undo(self) -> None:
        """Take back one's last change."""
        self.soon(self._turn(last_acts.undo_last, "undone"), "undo")

    def action_redo(self) -> None:
        """Do again what was undone."""
        self.soon(self._turn(undo.redo, "redone"), "undo")

    async def _turn(self, service: Callable[[Context], undo.Step], word: str) -> None:
        try:
            step = await self.worker.run(service)
        except FunneltuiError as error:
            self.tell(str(error))
        else:
            self.tell(f"{word}: {step.what}", severity="information")
            self.follow(step.deals)
        await self.reload()


def _named(versions: Versions) -> str:
    return f"#{next(iter(versions))}" if len(versions) == 1 else counted(len(versions))
