"""What an entry of the inbox says: from whom, what was found in it, what is missing, and its text, as plain lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from funneltui.domain import dates
from funneltui.domain.gates import label_of
from funneltui.domain.inbox import EntryState
from funneltui.domain.inbox_words import standing, title_of
from funneltui.domain.text import strip_controls
from funneltui.services.fields import DATES
from funneltui.services.inbox_pages import BEGINNING
from funneltui.tui.keymap import key_for
from funneltui.tui.painting import fit, width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from datetime import datetime

    from textual import events

    from funneltui.domain.inbox import Entry
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.services.inbox import Opened
    from funneltui.tui.theming import Look

_WIDEST = 96
"""The most cells that a line of the text takes: longer ones are hard to read."""


class InboxText(Painted):
    """Paints one entry under a rule, or `beside` the list after a line down; it scrolls."""

    def __init__(self, look: Look, context: Context) -> None:
        """Show nothing yet."""
        super().__init__(look, id="text")
        self.context = context
        self.beside = False
        self._opened: Opened | None = None
        self._top = 0
        self._lines: list[list[Piece]] = []
        self._made_for: tuple[object, ...] = ()

    def show(self, opened: Opened | None) -> None:
        """Show an entry, from its first line if it is another one than before."""
        before = self._opened.entry if self._opened else None
        if opened is None or before is None or opened.entry.number != before.number:
            self._top = 0
        elif len(before.text) > len(opened.entry.text):  # a text never changes: the list has its beginning only
            opened = replace(opened, entry=replace(opened.entry, text=before.text))
        if opened != self._opened:
            self._opened = opened
            self.refresh()

    def has_all(self, number: int) -> bool:
        """Tell whether the whole text of an entry is shown, not only what the list has of it."""
        entry = self._opened.entry if self._opened else None
        return entry is not None and entry.number == number and len(entry.text) > BEGINNING

    def go_on(self, steps: int) -> None:
        """Go so many lines on, as far as there are lines."""
        top = max(0, min(self._top + steps, len(self._all()) - self._room))
        if top != self._top:
            self._top = top
            self.refresh()

    @property
    def _room(self) -> int:
        return max(1, self.size.height - (0 if self.beside else 1))

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the rule, or a line."""
        palette = self.palette
        if not self.beside and y == 0:
            return self._rule(width)
        lines = self._all()
        place = self._top + y - (0 if self.beside else 1)
        line = lines[place] if place < len(lines) else []
        if not self.beside:
            return line
        return [("│", palette.faint), *line] if self._opened else []

    def _rule(self, width: int) -> list[Piece]:
        palette, more = self.palette, len(self._all()) - self._top - self._room
        key = key_for(self.app, "inbox.text_down")
        if more <= 0 or not key:
            return [("─" * width, palette.faint)]
        words = f" {more} more line{'' if more == 1 else 's'} "
        rest = max(0, width - width_of(words) - width_of(key) - 3)
        return [("─" * rest, palette.faint), (f" {key}", palette.key), (words, palette.muted), ("──", palette.faint)]

    def _all(self) -> list[list[Piece]]:
        wanted = (self._opened, self.size.width, self.beside, self.look.name)
        if wanted != self._made_for:
            room = max(10, min(_WIDEST, self.size.width - 3))
            self._lines, self._made_for = self._made(room) if self._opened else [], wanted
            self._top = max(0, min(self._top, len(self._lines) - self._room))
        return self._lines

    def _made(self, room: int) -> list[list[Piece]]:
        assert self._opened is not None
        opened, palette = self._opened, self.palette
        entry = opened.entry
        lines: list[list[Piece]] = [[(f" {part}", palette.strong)] for part in wrapped(title_of(entry), room)]
        state = palette.muted
        if entry.state is EntryState.WAITING:
            state = palette.today if opened.missing else palette.won
        lines += [[(f" {part}", state)] for part in wrapped(standing(entry, opened.missing), room)]
        pairs = self._pairs(entry)
        label = max(width_of(name) for name, _ in pairs)
        for name, text in pairs:
            for place, part in enumerate(wrapped(text, room - label - 2)):
                head = fit(name if place == 0 else "", label)
                lines.append([(f" {head}  ", palette.muted), (part, palette.text)])
        if entry.text:
            lines += [[], *([(f" {part}", palette.text)] for part in wrapped(entry.text, room))]
        return lines

    def _pairs(self, entry: Entry) -> list[tuple[str, str]]:
        """Give what is known of an entry, each with its label; what the sender's line says already is left out."""
        pipeline = self.context.pipeline_of(entry.pipeline)
        sent = f", sent {self._moment(entry.sent)}" if entry.sent and entry.sent != entry.received else ""
        arrived = f"{self._moment(entry.received)}, by {entry.channel.value}{sent}"
        pairs = [("from", entry.sender), ("arrived", arrived), ("owner", entry.owner or "nobody")]
        if len(self.context.in_use) > 1:
            pairs.append(("pipeline", pipeline.name))
        for name, text in entry.texts.items():
            if name != "title" and not (name in ("contact", "email") and text in entry.sender):
                pairs.append((label_of(pipeline, name), self._told(name, text, pipeline)))
        return [(strip_controls(label), text) for label, text in pairs if text]

    def _told(self, name: str, text: str, pipeline: Pipeline) -> str:
        """Give a field's text as people read it: the name of a source, a date with its weekday."""
        if name == "source":
            return pipeline.source_name(text)
        if name in DATES:
            return dates.echo(date.fromisoformat(text), self.context.clock.today())
        return text

    def _moment(self, moment: datetime) -> str:
        local = self.context.clock.local(moment)
        return f"{dates.echo(local.date(), self.context.clock.today())}, {local:%H:%M}"

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.go_on(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll with the wheel."""
        event.stop()
        self.go_on(-3)


def wrapped(text: str, width: int) -> list[str]:
    """Give a text in lines of at most so many cells, as plain text; its own line breaks stay."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        clean = strip_controls(paragraph)
        lines += [one.plain for one in Content(clean).wrap(max(1, width))] if clean.strip() else [""]
    return lines
