"""What a person says of an import: each line of each step changed by its own question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from funneltui.domain.dates import DateOrder
from funneltui.domain.gates import Choice, label_of
from funneltui.domain.money import minor_digits
from funneltui.domain.text import counted, cut
from funneltui.errors import FunneltuiError
from funneltui.exchange.file_words import OTHERS
from funneltui.exchange.import_questions import (
    as_recognised,
    check_filling,
    choices_for_all,
    field_at,
    fields_of,
    kept_in_notes,
    set_to,
    stage_choices,
    text_set,
    with_field,
    with_word,
    without_options,
    without_word,
)
from funneltui.exchange.typed_paths import typed_path
from funneltui.tui.import_lines import MARKS, ORDERS, field_words
from funneltui.tui.import_state import Step
from funneltui.tui.screens.import_choosing import ImportChoosing, some_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.exchange.import_plan import ImportPlan, Said
    from funneltui.tui.import_state import Line

_KEEP, _NONE = "*notes", "*none"


class ImportAsking(ImportChoosing):
    """Asks for one thing at a time; what cannot be is told, and what was said before stays."""

    def take(self, said: Said) -> None:
        """Go by what is said now; what cannot be is told, and nothing is changed."""
        state = self.state
        if state.plan is None:
            return
        try:
            state.take(state.plan.saying(said, without_title=True))
        except FunneltuiError as error:
            self.say(without_options(str(error)), wrong=True)
            return
        self.say("")
        self.show_lines()
        if state.step in (Step.WORDS, Step.GAPS):
            self.point_to_wanted()
        if state.step is Step.COLUMNS:
            self.work(self.look_at_dates())

    async def ask_about(self, line: Line) -> None:
        """Ask what is to be said of a line."""
        plan = self.state.plan
        if line.kind == "file":
            await self.ask_about_file(line)
        elif line.kind == "rejects":
            await self.words("Rejected rows", "", "the path of a file", some_text, self._write_rejects_to)
        elif plan is None:
            return
        elif line.kind == "column":
            await self._ask_for_field(plan, int(line.key))
        elif line.kind in ("stage", "source", "reason"):
            await self._ask_for_word(plan, line)
        elif line.kind == "gap":
            await self._ask_for_gap(plan, line)
        elif line.kind:
            await self._ask_about_rows(plan, line)

    def _write_rejects_to(self, text: str) -> None:
        self.state.rejects = typed_path(text)
        self.show_lines()

    async def _ask_for_field(self, plan: ImportPlan, place: int) -> None:
        header, now = plan.table.header[place].strip(), field_at(plan, place)
        taken = {name: plan.table.header[at].strip() for name, at in plan.mapping.columns.items() if at != place}

        def told(name: str) -> str:
            other = f", instead of {cut(taken[name], 24)}" if name in taken else ""
            return f"{field_words(plan.pipeline, name)}{other}"

        choices = [Choice(_NONE, "left out"), Choice(_KEEP, "kept in the notes")]
        choices += [Choice(name, told(name)) for name in fields_of(plan.pipeline)]

        def chosen(key: str) -> None:
            self.take(kept_in_notes(plan, place) if key == _KEEP else with_field(plan, place, key.removeprefix(_NONE)))

        now = now or (_KEEP if place in plan.mapping.in_notes else _NONE)
        await self.pick("Which field is it?", header, choices, now, chosen)

    async def _ask_about_rows(self, plan: ImportPlan, line: Line) -> None:
        said = plan.said
        if line.key == "rest":
            self.take(replace(said, keep_rest=not said.keep_rest))
        elif line.key == "title":
            columns = [Choice(str(at), name.strip()) for at, name in enumerate(plan.table.header) if name.strip()]
            await self.pick("Which column gives the titles?", "", columns, "",
                            lambda key: self.take(with_field(plan, int(key), "title")))  # fmt: skip
        elif line.key == "order":
            orders = [Choice(order.value, words) for order, words in ORDERS.items()]
            order = plan.mapping.order or self.context.order
            await self.pick("How does it write dates?", "", orders, order.value,
                             lambda key: self.take(replace(said, order=DateOrder(key))))  # fmt: skip
        elif line.key == "decimal":
            marks = [Choice(mark, words) for mark, words in MARKS.items()]
            await self.pick("The decimal mark of amounts?", "", marks, plan.mapping.decimal or "",
                             lambda key: self.take(replace(said, decimal=key)))  # fmt: skip
        elif line.key == "stage":
            choices = [Choice(one.key, one.name) for one in plan.pipeline.board_order]
            now = plan.mapping.sets.get("stage", plan.pipeline.first.key)
            await self.pick("In which stage do they begin?", "", choices, now, lambda key: self.set(plan, "stage", key))
        elif line.key == "currency":
            await self.words("Currency", f"now {line.value}", "EUR, USD, CZK ...", lambda text: minor_digits(text.upper()),
                              lambda text: self.set(plan, "currency", text.upper()))  # fmt: skip
        elif line.key == "created":
            await self.words("When did they begin?", f"now {line.value}", "1.11., -2w, yesterday",
                              lambda text: check_filling(self.context, plan, "closed_on", text),
                              lambda text: self.set(plan, "created", text))  # fmt: skip

    def set(self, plan: ImportPlan, name: str, text: str) -> None:
        """Say what fills a field where a row has nothing."""
        self.take(set_to(plan.said, name, text))

    async def _ask_for_word(self, plan: ImportPlan, line: Line) -> None:
        pipeline = plan.pipeline
        choices: Sequence[Choice] = (
            stage_choices(pipeline) if line.kind == "stage" else choices_for_all(pipeline, line.kind)
        )
        now = next((key for word, key in _said_of(plan.said, line.kind) if word == line.key), "")
        now = now or next((one.key for one in choices if one.name == line.value), "")
        title = f"Which {label_of(pipeline, line.kind) if line.kind != 'stage' else 'stage'} is it?"
        about = "any other word" if line.key == OTHERS else line.key

        def chosen(key: str) -> None:
            self.take(with_word(plan.said, line.kind, line.key, key))

        await self.pick(title, about, choices, now, chosen)

    async def _ask_for_gap(self, plan: ImportPlan, line: Line) -> None:
        label, now = label_of(plan.pipeline, line.key), text_set(plan.said, line.key)
        choices = choices_for_all(plan.pipeline, line.key)
        rows = f"for {counted(line.rows, 'row')}" if line.rows else ""
        if choices:
            await self.pick(f"Which {label}?", rows, choices, now, lambda key: self.set(plan, line.key, key))
            return
        is_date = line.key in ("expected_close", "follow_up")
        await self.words(f"{label[0].upper()}{label[1:]}", rows, "fri, +3d, 2w, eom, 15.12." if is_date else label,
                          lambda text: check_filling(self.context, plan, line.key, text),
                          lambda text: self.set(plan, line.key, text))  # fmt: skip

    def forget(self, line: Line) -> None:
        """Say nothing more of a line: it is as it was found."""
        plan, said = self.state.plan, self.state.said
        if line.kind == "file" and said is not None:
            empty: dict[str, dict[str, object]] = {"system": {"system": None, "mapping": None}}
            if line.key not in ("path", "pipeline"):
                self._reopen(**empty.get(line.key, {line.key: None}))
        elif plan is None:
            return
        elif line.kind == "column":
            self.take(as_recognised(plan, int(line.key)))
        elif line.kind in ("stage", "source", "reason"):
            self.take(without_word(plan.said, line.kind, line.key))
        elif line.kind in ("gap", "set"):
            self.set(plan, line.key, "")
        elif line.kind == "how":
            how = {"order": replace(plan.said, order=None), "decimal": replace(plan.said, decimal=None)}
            self.take(how.get(line.key, replace(plan.said, keep_rest=False)))


def _said_of(said: Said, kind: str) -> tuple[tuple[str, str], ...]:
    return {"stage": said.stages, "source": said.sources, "reason": said.reasons}.get(kind, ())
