"""The sheet of a review: a deal with what it lacks, what is known, what to do, and its history; at the end the summary."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from funneltui.domain import custom_fields, dates, event_words, money
from funneltui.services import reviews
from funneltui.services.reviews import MARKS, Why
from funneltui.tui.keymap import key_for
from funneltui.tui.painting import fit, spread, width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from rich.style import Style

    from funneltui.services.context import Context
    from funneltui.services.reviews import Looked
    from funneltui.tui.review_state import Reviewing
    from funneltui.tui.theming import Look

Line = list[Piece]

_WIDE = 110
_LABEL = 16
_WIDEST_FACTS, _WIDEST_HISTORY = 72, 88
_GUIDANCE_LINES = 2
_GUIDANCE_LINES_WIDE = 8


class DealSheet(Painted):
    """Paints what a review shows between its bars; scrolls when that is more than the screen holds."""

    def __init__(self, look: Look, state: Reviewing, context: Context) -> None:
        """Show a review's state."""
        super().__init__(look, id="sheet")
        self.state, self.context = state, context
        self.top = 0
        self._lines: list[Line] = []
        self._made_for = -1

    def update(self) -> None:
        """Take over what the state says, from its first line on."""
        self.top, self._made_for = 0, -1
        self.refresh()

    def show_look(self, look: Look) -> None:
        """Paint with another look from now on."""
        self._made_for = -1
        super().show_look(look)

    def scroll_by(self, steps: int) -> None:
        """Scroll by so many lines, as far as there are any."""
        top = max(0, min(self.top + steps, len(self._lines) - self.size.height))
        if top != self.top:
            self.top = top
            self.refresh()

    def pieces(self, y: int, width: int) -> Line:
        """Paint a line."""
        if self._made_for != width:
            self._lines, self._made_for = self._made(width), width
        if y == self.size.height - 1 and self.top + self.size.height < len(self._lines):
            more = len(self._lines) - self.top - self.size.height + 1
            return [(f" {more:,} more lines ↓  {key_for(self.app, 'review.down')}", self.palette.muted)]
        index = self.top + y
        return self._lines[index] if index < len(self._lines) else []

    def _made(self, width: int) -> list[Line]:
        if self.state.over:
            return self._summary()
        if not self.state.looked:
            return []
        return self._deal(self.state.looked, width)

    def _summary(self) -> list[Line]:
        lines: list[Line] = [[]]
        for place, text in enumerate(self.state.summary.split("\n")):
            heading = place == 0 or (text and not text.startswith(" "))
            lines.append([(f" {text}", self.palette.strong if heading else self.palette.text)])
        return lines

    def _deal(self, looked: Looked, width: int) -> list[Line]:
        wide = width >= _WIDE
        room = min(_WIDEST_FACTS, width // 2) if wide else width - 2
        left = [self._title(looked, room), self._whys(looked, room), [], *self._facts(looked, room)]
        guidance = self._guidance(looked, room, _GUIDANCE_LINES_WIDE if wide else _GUIDANCE_LINES)
        history = self._history(looked, min(_WIDEST_HISTORY, width - room - 6) if wide else room)
        if not wide:
            return [[], *([(" ", self.palette.text), *line] for line in (*left, *guidance, [], *history))]
        left += guidance
        right = [[("History", self.palette.strong)], *history]
        return [[], *self._side_by_side(left, right, room)]

    def _side_by_side(self, left: list[Line], right: list[Line], room: int) -> list[Line]:
        lines: list[Line] = []
        for place in range(max(len(left), len(right))):
            here = left[place] if place < len(left) else []
            gap = room - sum(width_of(text) for text, _ in here)
            there = right[place] if place < len(right) else []
            lines.append([(" ", self.palette.text), *here, (" " * (gap + 4), self.palette.text), *there])
        return lines

    def _title(self, looked: Looked, room: int) -> Line:
        deal = looked.item.deal
        whose = f" · {deal.owner or 'nobody'}" if self.context.actor.scope is None else ""
        return spread(
            [(deal.title, self.palette.strong)],
            [(f"#{deal.number}{whose}", self.palette.muted)],
            room,
            self.palette.text,
        )

    def _whys(self, looked: Looked, room: int) -> Line:
        styles: dict[Why, Style] = {
            Why.OVERDUE: self.palette.overdue, Why.TODAY: self.palette.today, Why.CLOSE_PASSED: self.palette.overdue,
            Why.ROTTING: self.palette.rotting,
        }  # fmt: skip
        told = [
            (f"{MARKS[why]} {words}   ", styles.get(why, self.palette.text))
            for why, words in reviews.in_words(self.context, looked.item)
        ]
        return spread(told or [("nothing is wanting any more", self.palette.muted)], [], room, self.palette.text)

    def _facts(self, looked: Looked, room: int) -> list[Line]:
        deal, today = looked.item.deal, self.context.clock.today()
        pipeline = self.context.pipeline_of(deal.pipeline)
        days = (today - self.context.clock.local_day(deal.stage_entered)).days
        stage = next((one.name for one in pipeline.stages if one.key == deal.stage), deal.stage)
        where = " · ".join(part for part in (stage, pipeline.detail_name(deal.stage, deal.detail)) if part)
        follow_up = "none"
        if deal.follow_up:
            when = f"{dates.echo(deal.follow_up, today)}, {dates.relative(deal.follow_up, today)}"
            follow_up = f"{when} · {deal.follow_up_note}" if deal.follow_up_note else when
        close = f"{dates.echo(deal.expected_close, today)}, {dates.relative(deal.expected_close, today)}"
        rows = [
            ("stage", f"{where}, {days} d here"),
            ("amount", "" if deal.amount is None else money.format_full(deal.amount, deal.currency)),
            ("who", " · ".join(part for part in (deal.contact, deal.company, deal.phone, deal.email) if part)),
            ("follow-up", follow_up),
            ("expected close", close if deal.is_open else ""),
            ("qualifier", pipeline.qualifier_name(deal.qualifier)),
            *(
                (own.name, custom_fields.told(own, deal.custom.get(own.key), pipeline.choice_names(own), today))
                for own in pipeline.fields
            ),
        ]
        return [
            [(f"{fit(label, _LABEL - 1)} ", self.palette.muted), (fit(text, room - _LABEL), self.palette.text)]
            for label, text in rows
            if text
        ]

    def _guidance(self, looked: Looked, room: int, most: int) -> list[Line]:
        deal = looked.item.deal
        stages = self.context.pipeline_of(deal.pipeline).stages
        text = next((one.guidance for one in stages if one.key == deal.stage), "")
        wrapped = textwrap.wrap(text, max(20, room - 2), max_lines=most, placeholder=" …")
        return [[], *([(fit(line, room), self.palette.muted)] for line in wrapped)] if wrapped else []

    def _history(self, looked: Looked, room: int) -> list[Line]:
        clock = self.context.clock
        today = clock.today()
        pipeline = self.context.pipeline_of(looked.item.deal.pipeline)
        lines: list[Line] = []
        for event in looked.events:
            day = dates.short(clock.local_day(event.at), today)
            told = event_words.in_words(event, pipeline, today)
            who = f" {event.who}" if event.who else ""
            lines.append(
                spread(
                    [(fit(day, 8), self.palette.muted), (told, self.palette.text)], [(who, self.palette.muted)],
                    room, self.palette.text,
                )
            )  # fmt: skip
        return lines
