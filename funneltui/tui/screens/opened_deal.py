"""A deal, opened: what it is, what comes next, and its whole history; the reason of a loss is told here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from funneltui.domain import dates, money
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.history import EventKind
from funneltui.domain.text import strip_controls
from funneltui.tui.actions import DEAL, bindings

if TYPE_CHECKING:
    from datetime import date

    from textual.app import ComposeResult

    from funneltui.domain.history import Event, Visit
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.services.deals import Opened


class OpenedDeal(ModalScreen[str]):
    """Shows one deal; gives "edit" or "new" when the user wants that, else an empty text."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(DEAL)]

    def __init__(self, context: Context, pipeline: Pipeline, opened: Opened) -> None:
        """Show a deal with its history."""
        super().__init__(classes="dialog")
        self.context, self.pipeline, self.opened = context, pipeline, opened

    def compose(self) -> ComposeResult:
        """Lay out the facts, what the stage wants, and the history."""
        deal = self.opened.deal
        with Vertical(classes="box wide tall"):
            yield Static(Content.assemble(_safe(deal.title), (f"  #{deal.number}", "dim")), classes="title")
            with VerticalScroll(id="rows", can_focus=False):
                yield from self._facts()
                if deal.notes:
                    yield Static(Content("\n" + "\n".join(map(_safe, deal.notes.split("\n")))))
                yield Static(Content(""))
                yield from self._guidance()
                yield Static(self._timeline())
            yield Static(Content.assemble(("e", "bold"), " edit  ", ("j k", "bold"), " scroll  ", ("esc", "bold"), " back"),
                         classes="hint")  # fmt: skip

    def action_edit(self) -> None:
        """Edit the deal."""
        self.dismiss("edit")

    def action_new(self) -> None:
        """Add a deal."""
        self.dismiss("new")

    def action_close(self) -> None:
        """Back to the board."""
        self.dismiss("")

    def action_down(self) -> None:
        """Scroll down."""
        self.query_one("#rows", VerticalScroll).scroll_relative(y=2, animate=False)

    def action_up(self) -> None:
        """Scroll up."""
        self.query_one("#rows", VerticalScroll).scroll_relative(y=-2, animate=False)

    def _facts(self) -> ComposeResult:
        deal, pipeline = self.opened.deal, self.pipeline
        detail = pipeline.detail_name(deal.stage, deal.detail)
        rows = [
            ("stage", pipeline.stage(deal.stage).name + (f" · {detail}" if detail else "")),
            ("amount", "" if deal.amount is None else _money(deal.amount, deal.currency)),
            ("probability", "" if deal.probability is None else f"{deal.probability} %"),
            ("company", deal.company),
            ("contact", deal.contact),
            ("e-mail", deal.email),
            ("phone", deal.phone),
            ("source", pipeline.source_name(deal.source)),
            ("owner", deal.owner or "nobody"),
            ("expected close", self._day(deal.expected_close)),
            ("follow-up", " ".join(part for part in (self._day(deal.follow_up), deal.follow_up_note) if part)),
            ("closed", self._day(deal.closed_on)),
            ("rejection reason", " · ".join(
                part for part in (pipeline.reason_name(deal.reason), deal.reason_note) if part)),
            ("qualifier", deal.qualifier),
            ("tags", " ".join(deal.tags)),
            ("came from", " ".join(part for part in (deal.external_system, deal.external_id) if part)),
        ]  # fmt: skip
        for label, text in rows:
            if text:
                yield _fact(label, text)

    def _guidance(self) -> ComposeResult:
        stage = self.pipeline.stage(self.opened.deal.stage)
        for label, text in (("what to do", stage.guidance), ("stands here when", stage.entry)):
            if text:
                yield _fact(label, text, "text quiet")

    def _timeline(self) -> Content:
        lines = [Content.assemble("\n", ("History", "bold"))]
        stays = {visit.entered: visit for visit in self.opened.visits}
        for event in reversed(self.opened.events):
            moment = self.context.clock.local(event.at)
            head = f"{moment:%d %b %Y %H:%M}  "
            sentence = _safe(self._told(event, stays))
            if event.id in self.opened.undone:
                lines.append(Content.assemble((f"{head}{sentence}  undone", "dim")))
            else:
                lines.append(Content.assemble((head, "dim"), sentence, (f"  {event.who or ''}", "dim")))
        return Content("\n").join(lines)

    def _told(self, event: Event, stays: dict[Any, Visit]) -> str:
        after, before = event.data.get("after", {}), event.data.get("before", {})
        note = f" - {event.data['note']}" if event.data.get("note") else ""
        if event.kind is EventKind.CREATED:
            return f"added in {self._stage_name(after.get('stage', ''))}"
        if event.kind is EventKind.EDITED:
            changes = [
                f"{FIELD_LABELS.get(name, name)}: {self._value(name, before.get(name), before)} → "
                f"{self._value(name, after.get(name), after)}"
                for name in after
                if name in FIELD_LABELS
            ]
            return ("; ".join(changes) or "edited") + note
        if event.kind not in _MOVES:
            return f"{_WORDS.get(event.kind, event.data.get('by', ''))}{note}"
        verb = {EventKind.WON: "won", EventKind.LOST: "lost", EventKind.REOPENED: "reopened into"}.get(
            event.kind, "moved to"
        )
        where = self._stage_name(after.get("stage", ""))
        detail = self.pipeline.detail_name(after.get("stage", ""), after.get("detail"))
        reason = self.pipeline.reason_name(after.get("reason"))
        extra = "".join(f" · {part}" for part in (detail, reason) if part)
        left = next((visit for visit in stays.values() if visit.left == event.at and visit.seconds is not None), None)
        spent = f", after {_span(left.seconds or 0)} in {self._stage_name(left.stage)}" if left else ""
        return f"{verb} {where}{extra}{spent}{note}"

    def _value(self, name: str, value: object, side: dict[str, Any]) -> str:
        if value is None or value in ("", []):
            return "nothing"
        if name == "amount" and isinstance(value, int):
            return money.format_full(value, side.get("currency", self.opened.deal.currency))
        if name == "detail":
            return self.pipeline.detail_name(side.get("stage", self.opened.deal.stage), str(value))
        if name == "source":
            return self.pipeline.source_name(str(value))
        if name == "reason":
            return self.pipeline.reason_name(str(value))
        return " ".join(map(str, value)) if isinstance(value, list) else str(value)[:60]

    def _stage_name(self, key: str) -> str:
        return next((stage.name for stage in self.pipeline.stages if stage.key == key), key)

    def _day(self, day: date | None) -> str:
        if day is None:
            return ""
        today = self.context.clock.today()
        return f"{dates.echo(day, today)} ({dates.relative(day, today)})" if self.opened.deal.is_open else f"{day}"


_MOVES = (EventKind.MOVED, EventKind.WON, EventKind.LOST, EventKind.REOPENED)
_WORDS = {
    EventKind.NOTED: "note",
    EventKind.FOLLOWED_UP: "follow-up done",
    EventKind.SPAM: "marked as spam",
    EventKind.RESTORED: "restored",
    EventKind.UNDONE: "a change was undone",
    EventKind.REDONE: "a change was done again",
}


def _fact(label: str, text: str, classes: str = "text") -> Horizontal:
    """Give a line with its label; what is too long for it goes on under itself."""
    shown = Static(Content(_safe(text)), classes=classes)
    return Horizontal(Static(Content(label), classes="label"), shown, classes="fact")


def _safe(text: str) -> str:
    return strip_controls(text)


def _span(seconds: int) -> str:
    days, hours = seconds // 86_400, seconds // 3_600
    return f"{days} d" if days else f"{hours} h" if hours else f"{seconds // 60} min"


def _money(amount: int, currency: str) -> str:
    text = money.format_full(amount, currency)
    return text if currency in text else f"{text} {currency}"
