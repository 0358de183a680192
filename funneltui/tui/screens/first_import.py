"""What a file would bring into a new workspace: told before anything is made, with what is rejected and why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from funneltui.domain.gates import Choice
from funneltui.domain.text import cut, strip_controls
from funneltui.errors import FunneltuiError
from funneltui.exchange.first_import import FirstImport, Said, foresee
from funneltui.exchange.rejected_rows import alike
from funneltui.tui.screens.base import Dialog
from funneltui.tui.screens.small_dialogs import PickDialog

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.widget import Widget

    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.importer import ImportReport
    from funneltui.tui.app import FunnelApp
    from funneltui.tui.beginning import Beginning
    from funneltui.tui.theming import Look

_REASONS = 12
"""How many different reasons of rejected rows are told."""


class FirstImportDialog(Dialog["FirstImport | None"]):
    """Gives the import as it was agreed to, or nothing when the user leaves. Tries it in a workspace that is thrown away."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", show=False),
        Binding("p", "pipeline", show=False),
        Binding("t", "title", show=False),
        Binding("s", "stages", show=False),
        Binding("j,down", "scroll(2)", show=False),
        Binding("k,up", "scroll(-2)", show=False),
        Binding("escape,q", "leave", show=False),
    ]
    app: FunnelApp

    def __init__(self, look: Look, beginning: Beginning, presets: Sequence[Pipeline], path: Path) -> None:
        """Look at the file at a path; the pipeline is one of the presets."""
        super().__init__(classes="dialog")
        self.look, self.beginning, self.presets, self.path = look, beginning, presets, path
        self.plan: FirstImport | None = None
        self.report: ImportReport | None = None

    def compose(self) -> ComposeResult:
        """Lay out what is found, what would be, and the keys."""
        with Vertical(classes="box wide"):
            yield Static(Content.assemble("Import", (f"  {cut(self.path.name, 60)}", "dim")), classes="title")
            with VerticalScroll(id="rows", can_focus=False):
                yield Static(Content("reading ..."))
            yield Static(Content(""), classes="problem")
            yield Static(Content.assemble(("esc", "bold"), " back"), classes="hint")

    def on_mount(self) -> None:
        """Try it."""
        self._try(Said())

    def _try(self, said: Said) -> None:
        self.query_one(".problem", Static).update(Content(""))
        self.plan = self.report = None
        self.run_worker(self._tried(said), name="trying")

    async def _tried(self, said: Said) -> None:
        rows = self.query_one("#rows", VerticalScroll)
        await rows.remove_children()
        await rows.mount(Static(Content("reading ...")))
        try:
            plan, report = await self.beginning.worker.apart(rehearsed, self.beginning, self.path, self.presets, said)
        except FunneltuiError as error:
            if not self.is_left:
                await rows.remove_children()
                self.query_one(".problem", Static).update(Content(strip_controls(str(error))))
            return
        if self.is_left:
            return
        self.plan, self.report = plan, report
        await rows.remove_children()
        await rows.mount_all(_told(plan, report))
        self.query_one(".hint", Static).update(_keys(plan, report))

    def action_go(self) -> None:
        """Agree, if that brings anything."""
        if self.plan is None or self.report is None:
            return
        if not self.report.created:
            hint = "" if self.plan.has_title else "; t says which column gives the titles"
            self.query_one(".problem", Static).update(Content(f"nothing of it could be taken in as it is{hint}"))
            return
        self.dismiss(self.plan)

    async def action_pipeline(self) -> None:
        """Take another preset."""
        plan = self.plan
        if plan is None:
            return

        def said(key: str | None) -> None:
            if key is not None:
                self._try(replace(plan.said, preset=key))

        choices = [Choice(one.key, f"{one.key}  {_stages_in_short(one)}") for one in self.presets]
        await self.app.push_screen(PickDialog(self.look, "Which pipeline?", f"now {plan.pipeline.key}", choices), said)

    async def action_title(self) -> None:
        """Say which column gives the titles."""
        plan = self.plan
        if plan is None:
            return

        def said(column: str | None) -> None:
            if column is not None:
                self._try(replace(plan.said, title=column))

        choices = [Choice(name, cut(strip_controls(name), 50)) for name in plan.table.header if name.strip()]
        await self.app.push_screen(PickDialog(self.look, "Which column gives the titles?", "", choices), said)

    def action_stages(self) -> None:
        """Say which stages the file's unknown words stand for, one after another."""
        if self.plan is not None and self.plan.strange:
            self.run_worker(self._ask_stages(self.plan), name="asking")

    async def _ask_stages(self, plan: FirstImport) -> None:
        stages = list(plan.said.stages)
        choices = [Choice(stage.key, stage.name) for stage in plan.pipeline.board_order]
        for word, count in plan.strange:
            heading = f'Which stage is "{cut(strip_controls(word), 24)}"?'
            key = await self.app.push_screen_wait(PickDialog(self.look, heading, f"{count:,} rows", choices))
            if key is None:
                break
            stages.append((word, key))
        self._try(replace(plan.said, preset=plan.pipeline.key, stages=tuple(stages)))

    def action_scroll(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#rows", VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_leave(self) -> None:
        """Leave; nothing was made."""
        self.dismiss(None)


def rehearsed(
    beginning: Beginning, path: Path, presets: Sequence[Pipeline], said: Said
) -> tuple[FirstImport, ImportReport]:
    """Give how a file would be taken in and what would become of its rows, tried in a workspace that is thrown away.

    Raises:
        BadInput, StorageError: the file cannot be read.
    """
    plan = foresee(path, presets, said)
    with beginning.scratch(plan.pipeline) as context:
        plan = plan.dated(context)
        return plan, plan.carry_out(context, dry_run=True)


def _told(plan: FirstImport, report: ImportReport) -> list[Widget]:
    rejected = f", {len(report.rejected):,} rejected" if report.rejected else ""
    words = f" deals of {report.rows:,} rows would be created{rejected}"
    lines: list[Widget] = [Static(Content.assemble((f"{report.created:,}", "$success bold"), words))]
    lines += _reasons(report)
    if not plan.has_title:
        lines.append(_fact("titles", "no column is known to give them: t says which", "$warning"))
    if plan.strange:
        words = ", ".join(f"{word} ({count:,} rows)" for word, count in plan.strange[:_REASONS])
        lines.append(_fact("no stages", f"{words}: s says which they stand for", "$warning"))
    lines += [
        Static(Content("")),
        _fact("pipeline", f"{plan.pipeline.key}: {_stages_in_short(plan.pipeline)}"),
        _fact("amounts", f"in {plan.pipeline.currency}, where a row names no currency"),
    ]
    if plan.added:
        lines.append(_fact("new sources", ", ".join(plan.added)))
    lines += [_fact("read" if not rank else "", words) for rank, words in enumerate(plan.told)]
    if unread := plan.mapping.unread():
        lines.append(_fact("not read", ", ".join(unread)))
    lines.append(_fact("written in", f"{plan.table.describe()}, dates {plan.mapping.order or ''}"))
    return lines


def _reasons(report: ImportReport) -> list[Widget]:
    """Give why rows are rejected, those of one reason together, with the first line of each."""
    some = alike(report.rejected)
    lines: list[Widget] = [
        _fact(f"rejected {one.count:,}", f"{one.why}, {'first in ' if one.count > 1 else ''}line {one.lines[0]}")
        for one in some[:_REASONS]
    ]
    more = len(some) - _REASONS
    return [*lines, Static(Content(f"and {more:,} more reasons"))] if more > 0 else lines


def _fact(label: str, text: str, style: str = "") -> Widget:
    shown = Static(Content.styled(strip_controls(text), style), classes="text")
    return Horizontal(Static(Content(label), classes="label"), shown, classes="fact")


def _stages_in_short(pipeline: Pipeline) -> str:
    return ", ".join(stage.name for stage in pipeline.board_order)


def _keys(plan: FirstImport, report: ImportReport) -> Content:
    parts: list[str | tuple[str, str]] = []
    if report.created:
        parts += [("↵", "bold"), f" import {report.created:,}  "]
    if plan.strange:
        parts += [("s", "bold"), " stages  "]
    parts += [("t", "bold"), " titles  "]
    return Content.assemble(
        *parts, ("p", "bold"), " pipeline  ", ("j k", "bold"), " scroll  ", ("esc", "bold"), " back"
    )
