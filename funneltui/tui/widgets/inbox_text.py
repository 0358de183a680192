"""What an entry of the inbox says: from whom, what was found in it, what is missing, and its text, as plain lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from funneltui.domain import dates, money
from funneltui.domain.gates import label_of
from funneltui.domain.inbox import Channel, EntryState
from funneltui.domain.inbox_words import standing
from funneltui.domain.text import strip_controls
from funneltui.services.fields import DATES
from funneltui.tui.keymap import key_for
from funneltui.tui.painting import fit, width_of, wrapped
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from textual import events

    from funneltui.domain.inbox import Entry
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context
    from funneltui.services.fields import Values
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
        self._alike: tuple[str, ...] = ()
        self._top = 0
        self._lines: list[list[Piece]] = []
        self._made_for: tuple[object, ...] = ()

    def show(self, opened: Opened | None, alike: Sequence[str] | None = None) -> None:
        """Show an entry, from its first line if it is another one than before.

        `alike` says which deals it may repeat; none: as was said before of the same entry.
        """
        if alike is not None or opened is None or not self._is_of(opened.entry.number):
            self._say_alike(tuple(alike or ()))
        before = self._opened.entry if self._opened else None
        if opened is None or before is None or opened.entry.number != before.number:
            self._top = 0
        elif len(before.text) > len(opened.entry.text):  # a text never changes: the list has its beginning only
            opened = replace(opened, entry=replace(opened.entry, text=before.text))
        if opened != self._opened:
            self._opened = opened
            self.refresh()

    @property
    def said(self) -> str:
        """The text of the entry as far as it is read."""
        return self._opened.entry.text if self._opened else ""

    def _is_of(self, number: int) -> bool:
        return self._opened is not None and self._opened.entry.number == number

    def _say_alike(self, alike: tuple[str, ...]) -> None:
        if alike != self._alike:
            self._alike = alike
            self.refresh()

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
        wanted = (self._opened, self._alike, self.size.width, self.beside, self.look.name)
        if wanted != self._made_for:
            room = max(10, min(_WIDEST, self.size.width - 3))
            self._lines, self._made_for = self._made(room) if self._opened else [], wanted
            self._top = max(0, min(self._top, len(self._lines) - self._room))
        return self._lines

    def _made(self, room: int) -> list[list[Piece]]:
        assert self._opened is not None
        opened, palette = self._opened, self.palette
        entry = opened.entry
        title: Piece = (
            (entry.texts["title"], palette.strong) if entry.texts.get("title") else ("no title", palette.muted)
        )
        lines: list[list[Piece]] = [[(f" {part}", title[1])] for part in wrapped(title[0], room)]
        state = palette.muted
        if entry.state is EntryState.WAITING:
            state = palette.today if opened.missing else palette.won
        lines += [[(f" {part}", state)] for part in wrapped(standing(entry, opened.missing), room)]
        if entry.state is EntryState.WAITING:
            lines += [[(f" {part}", palette.text)] for said in self._alike for part in wrapped(said, room)]
        pairs = self._pairs(opened)
        label = max(width_of(name) for name, _ in pairs)
        for name, text in pairs:
            for place, part in enumerate(wrapped(text, room - label - 2)):
                head = fit(name if place == 0 else "", label)
                lines.append([(f" {head}  ", palette.muted), (part, palette.text)])
        if text := beyond_fields(entry):
            lines += [[], *([(f" {part}", palette.text)] for part in wrapped(text, room))]
        return lines

    def _pairs(self, opened: Opened) -> list[tuple[str, str]]:
        """Give what is known of an entry, each with its label; what the sender's line says already is left out."""
        entry = opened.entry
        pipeline = self.context.pipeline_of(entry.pipeline)
        sent = f", sent {self._moment(entry.sent)}" if entry.sent and entry.sent != entry.received else ""
        arrived = f"{self._moment(entry.received)}, by {entry.channel.value}{sent}"
        pairs = [("from", entry.sender), ("arrived", arrived), ("owner", entry.owner or "nobody")]
        if len(self.context.in_use) > 1:
            pairs.append(("pipeline", pipeline.name))
        for name, text in entry.texts.items():
            if name != "title" and not (name in ("contact", "email") and text in entry.sender):
                pairs.append((label_of(pipeline, name), self._told(name, text, opened.values, pipeline)))
        return [(strip_controls(label), text) for label, text in pairs if text]

    def _told(self, name: str, text: str, values: Values, pipeline: Pipeline) -> str:
        """Give a field's text as people read it: the name of a source, a date with its weekday, an amount of money."""
        if name == "source":
            return pipeline.source_name(text)
        if name in DATES:
            return dates.echo(date.fromisoformat(text), self.context.clock.today())
        if name == "amount" and isinstance(amount := values.get(name), int):
            return money.format_full(amount, str(values.get("currency") or pipeline.currency))
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


def beyond_fields(entry: Entry) -> str:
    """Give the text of an entry; that of a web form without the lines at its head that repeat what stands in a field."""
    if entry.channel is not Channel.FORM:
        return entry.text
    lines = entry.text.split("\n")
    head = lines.index("") if "" in lines else len(lines)
    known = set(entry.texts.values())
    kept = [line for line in lines[:head] if line.partition(": ")[2] not in known]
    return "\n".join([*kept, *lines[head:]]).strip("\n")
