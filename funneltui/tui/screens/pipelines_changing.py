"""Changing a pipeline by key: added, renamed, moved, retired, brought back, every value; each a step of the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from funneltui.domain.custom_fields import CustomField, FieldKind
from funneltui.domain.gates import ALWAYS, FIELD_LABELS, Choice
from funneltui.domain.pipeline import Stage, StageKind
from funneltui.domain.pipeline_changes import Part
from funneltui.domain.pipeline_edits import (
    Spot,
    added,
    changed,
    found,
    is_offered,
    moved,
    offered_again,
    read_value,
    removed,
    renamed,
)
from funneltui.errors import BadInput
from funneltui.tui.keymap import hint
from funneltui.tui.pipeline_state import At
from funneltui.tui.screens.pipelines_ground import PipelinesGround
from funneltui.tui.screens.small_dialogs import PickDialog
from funneltui.tui.widgets.pipeline_lines import LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events


_HINTS = {
    "probability": "a percentage, or nothing", "rot_days": "days, 0 for never", "follow_up_days": "days",
    "wip_limit": "deals, 0 for no limit", "question": "what is asked above the details", "currency": "EUR, USD ...",
    "help": "a line for whoever fills it in",
}  # fmt: skip
IN_TURN = "in turn"


class Changing(PipelinesGround):
    """The keys that change the pipeline that is shown."""

    _typing: At | None = None

    async def action_change(self) -> None:
        """Change the value under the cursor; at the left go to the values."""
        at = self.state.at
        if not self.state.side and self.state.has_values:
            self.action_right()
        elif self.may_change():
            await self._change(at)

    async def _change(self, at: At) -> None:
        if at.gone:
            await self.action_bring_back()
        elif not at.field and not at.spot.key:
            await self.action_add()
        elif not at.field:
            await self.action_rename()
        elif at.field == "demands":
            await self._choose_demands(at)
        elif at.field == "color":
            await self.action_color()
        elif at.field == "kind":
            await self._choose_kind(at)
        elif at.field in ("entry", "guidance"):
            await self._write(at)
        else:
            await self._type_over(at)

    async def _type_over(self, at: At) -> None:
        """Lay a field over the value."""
        value = getattr(self._thing(at.spot), at.field)
        text = "" if value is None else str(value)
        field = Input(text, placeholder=_HINTS.get(at.field, ""), select_on_focus=False, classes="value")
        field.cursor_blink = False
        await self.stop_typing()
        self._typing = at
        await self.mount(field)
        self._place()
        field.focus()
        self._bottom.type_in()

    def _thing(self, spot: Spot) -> object:
        return self.state.pipeline if spot.part is Part.PIPELINE else found(self.state.pipeline, spot)

    async def on_input_submitted(self, message: Input.Submitted) -> None:
        """Set the value; one that cannot be read is told, and typed on."""
        message.stop()
        at = self._typing
        if at is None:
            return
        try:
            value = read_value(at.field, message.value)
        except BadInput as error:
            self.tell(str(error))
            return
        await self.stop_typing()
        if value != getattr(self._thing(at.spot), at.field):
            await self.take(changed(self.state.pipeline, at.spot, at.field, value), at)

    async def on_key(self, event: events.Key) -> None:
        """Escape in a field leaves the value as it was."""
        if self._typing is not None and event.key in ("escape", "tab", "shift+tab"):
            event.stop()
            event.prevent_default()
            await self.stop_typing()

    def on_resize(self) -> None:
        """Let a field stay over its value."""
        if self._typing is not None:
            self.call_after_refresh(self._place)

    def _place(self) -> None:
        x, y, width = self._page.value_place()
        for field in self.query("Input.value"):
            field.styles.offset = (x, self._page.region.y + y)
            field.styles.width = width

    async def stop_typing(self) -> None:
        """Leave the value as it is."""
        self._typing = None
        self._bottom.typed()
        await self.query("Input.value").remove()

    async def _write(self, at: At) -> None:
        from funneltui.tui.screens.pipeline_dialogs import LongTextDialog

        stage = found(self.state.pipeline, at.spot)

        async def said(text: str | None) -> None:
            if text is not None and (value := read_value(at.field, text)) != getattr(stage, at.field):
                await self.take(changed(self.state.pipeline, at.spot, at.field, value), at)

        dialog = LongTextDialog(LABELS[at.field].capitalize(), stage.name, str(getattr(stage, at.field)))
        await self.app.push_screen(dialog, said)

    async def _choose(self, title: str, choices: Sequence[Choice], spot: Spot, field: str, at: At) -> None:
        async def said(key: str | None) -> None:
            if key is not None:
                value: object = StageKind(key) if field == "kind" else "" if key == IN_TURN else key
                await self.take(changed(self.state.pipeline, spot, field, value), at)

        about = found(self.state.pipeline, spot).name
        await self.app.push_screen(PickDialog(self.look, title, about, choices), said)

    async def action_color(self) -> None:
        """Choose the stage's colour."""
        at = self.state.at
        spot = at.spot.owner or at.spot
        if not self.may_change():
            return
        if spot.part is not Part.STAGE or at.gone:
            self.tell("put the cursor on a stage: only stages have colours")
            return
        from funneltui.exchange.pipeline_files import STAGE_COLORS

        choices = [*(Choice(name, name) for name in STAGE_COLORS), Choice(IN_TURN, "in turn, as the theme goes")]
        await self._choose("Which colour?", choices, spot, "color", at)

    async def _choose_kind(self, at: At) -> None:
        if at.spot.part is Part.STAGE:
            choices = [Choice(kind.value, kind.value) for kind in StageKind]
            await self._choose("What is a deal that stands here?", choices, at.spot, "kind", at)
            return
        kinds = [Choice(kind.value, kind.value) for kind in FieldKind]

        async def said(key: str | None) -> None:
            if key == FieldKind.CHOICE:
                await self._first_choice(at)
            elif key is not None:
                field = changed(self.state.pipeline, at.spot, "choices", ())
                await self.take(changed(field, at.spot, "kind", FieldKind(key)), at)

        about = found(self.state.pipeline, at.spot).name
        await self.app.push_screen(PickDialog(self.look, "What are its values?", about, kinds), said)

    async def _first_choice(self, at: At) -> None:
        """A choice has something to choose from, from its first day on."""
        from funneltui.tui.screens.pipeline_dialogs import NameDialog

        async def said(name: str | None) -> None:
            if name is not None:
                field = changed(self.state.pipeline, at.spot, "kind", FieldKind.CHOICE)
                new, spot = added(field, Spot(Part.CHOICE, of=at.spot.key), name)
                await self.take(new, At(spot))

        one = found(self.state.pipeline, at.spot)
        if isinstance(one, CustomField) and one.choices:
            return
        await self.app.push_screen(NameDialog("The first choice", one.name), said)

    async def _choose_demands(self, at: At) -> None:
        from funneltui.tui.screens.many_dialog import ManyDialog

        stage = found(self.state.pipeline, at.spot)
        if not isinstance(stage, Stage):
            return
        names = [Choice(name, label) for name, label in FIELD_LABELS.items() if name not in ALWAYS]
        names += [Choice(field.key, field.name) for field in self.state.pipeline.fields]
        known = {one.key for one in names}

        async def said(taken: tuple[str, ...] | None) -> None:
            if taken is not None:
                always = tuple(name for name in stage.demands if name not in known)
                await self.take(changed(self.state.pipeline, at.spot, "demands", always + taken), at)

        taken = [name for name in stage.demands if name in known]
        dialog = ManyDialog(self.look, "What it demands", names, taken, about=stage.name, takes="demand it")
        await self.app.push_screen(dialog, said)

    async def action_add(self) -> None:
        """Add one after what the cursor is on."""
        await self._add_one(before=False)

    async def action_add_before(self) -> None:
        """Add one before it."""
        await self._add_one(before=True)

    async def _add_one(self, *, before: bool) -> None:
        beside = self.state.at.spot
        if not self.may_change():
            return
        if self.state.at.field and beside.part is not Part.FIELD:
            part = Part.DETAIL if beside.part is Part.STAGE else beside.part
            beside = Spot(part, of=beside.key) if part is Part.DETAIL else beside
        if beside.part is Part.PIPELINE:
            another = hint(self.app, "pipelines.add", "adds another one")
            pipeline = hint(self.app, "pipelines.new", "adds a pipeline")
            self.tell(f"put the cursor on a stage, a reason, a source ...{another}{pipeline}")
            return
        from funneltui.tui.screens.pipeline_dialogs import NameDialog

        async def said(name: str | None) -> None:
            if name is not None:
                new, spot = added(self.state.pipeline, beside, name, before=before)
                await self.take(new, At(spot))

        await self.app.push_screen(NameDialog(f"A new {beside.part}", self._where(beside, before=before)), said)

    def _where(self, beside: Spot, *, before: bool) -> str:
        if not beside.key or not is_offered(self.state.pipeline, beside):
            owner = beside.owner
            return found(self.state.pipeline, owner).name if owner else self.state.pipeline.name
        return f"{'before' if before else 'after'} {found(self.state.pipeline, beside).name}"

    async def action_rename(self) -> None:
        """Give another name."""
        at = self.state.at
        if not self.may_change() or at.gone or not (at.spot.key or at.spot.part is Part.PIPELINE):
            return
        from funneltui.tui.screens.pipeline_dialogs import NameDialog

        one = self.state.pipeline if at.spot.part is Part.PIPELINE else found(self.state.pipeline, at.spot)
        name = one.name

        async def said(text: str | None) -> None:
            if text is not None and text.strip() != name:
                await self.take(renamed(self.state.pipeline, at.spot, text), at)

        await self.app.push_screen(NameDialog("Another name", f"the {at.spot.part} {name}", name), said)

    async def action_lower(self) -> None:
        """Move it down in its list."""
        await self._move(1)

    async def action_higher(self) -> None:
        """Move it up in its list."""
        await self._move(-1)

    async def _move(self, steps: int) -> None:
        at = self.state.at
        if not self.may_change() or at.field or at.gone or not at.spot.key:
            return
        new = moved(self.state.pipeline, at.spot, steps)
        if new == self.state.pipeline:
            self.tell("stages stand by their kinds: open, won, lost; it goes no further")
        else:
            await self.take(new, at)

    async def action_retire(self) -> None:
        """Take out what the cursor is on."""
        at = self.state.at
        if not self.may_change():
            return
        if at.field or at.gone or not at.spot.key:
            self.tell("put the cursor on what is to be retired: a stage, a detail, a reason, a source")
            return
        await self.take(removed(self.state.pipeline, at.spot))

    async def action_bring_back(self) -> None:
        """Offer again what was retired."""
        at = self.state.at
        if not at.gone:
            self.tell(f"put the cursor on something retired{hint(self.app, 'pipelines.bring_back', 'brings it back')}")
        elif self.may_change():
            await self.take(offered_again(self.state.pipeline, at.spot), At(at.spot))

    async def action_undo(self) -> None:
        """Take the last step back."""
        await self._turn(-1, "nothing is changed here that is not applied yet")

    async def action_redo(self) -> None:
        """Do it again."""
        await self._turn(1, "there is nothing to do again")

    async def _turn(self, steps: int, otherwise: str) -> None:
        to = self.state.step + steps
        if not -1 <= to < len(self.state.drafts):
            self.tell(otherwise)
            return
        self.state.step = to
        await self._compare()

    async def _compare(self) -> None:
        """Tell anew what differs."""
        from funneltui.services.pipeline_difference import difference

        wanted = await self.worker.run(difference, self.state.overview.pipeline, self.state.pipeline)
        self.state.difference = None if wanted.is_empty else wanted
        self.state.settle()
        self.show()
