"""The rows of the settings' screen, and under them what the one under the cursor is and may be."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from rich.style import Style

from funneltui.domain.text import strip_controls
from funneltui.settings_shown import may_be, value_words
from funneltui.tui.painting import fit
from funneltui.tui.settings_state import Heading, KeyRow, SettingRow, SettingsState
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from funneltui.tui.theming import Look

INDENT = 2
NAME = 20
"""The cells of a setting's name."""

_SOURCE = 21
_ROOM_FOR_HELP = 150
_WIDEST_VALUE = 44
_LEAST_FOR_IDS, _WIDE = 70, 100
_KEYS, _KEYS_WHERE_WIDE, _WIDEST_HELP, _IDS = 16, 22, 74, 26


def value_cells(width: int) -> int:
    """Give the cells of a setting's value in a page of so many."""
    return max(8, min(_WIDEST_VALUE, width - INDENT - NAME - _SOURCE - 2))


class SettingsPage(Rows):
    """Paints the rows of a tab; the cursor goes over those that are no headings."""

    def __init__(self, look: Look, state: SettingsState) -> None:
        """Show a state."""
        super().__init__(look, id="page")
        self.state = state

    @property
    def line_on_screen(self) -> int:
        """The line of the page on which the cursor is seen."""
        return self.state.place - self.state.tops[self.state.tab]

    def _place(self, y: int) -> int:
        return self.state.tops[self.state.tab] + y

    def line_style(self, y: int) -> Style:
        """The row under the cursor has a ground of its own."""
        return self.palette.cursor if self._place(y) == self.state.place and self.state.row else Style.null()

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a row."""
        place, state = self._place(y), self.state
        if place >= len(state.rows):
            nothing = state.reading is not None and not state.rows and y == 0
            return [("  nothing has these words", self.palette.muted)] if nothing else []
        row = state.rows[place]
        if isinstance(row, Heading):
            return [(" " * INDENT + row.words, self.palette.strong)] if row.words else []
        here = place == state.place
        bar: Piece = ("▌ " if here else "  ", self.palette.cursor_bar)
        painted = self._setting(row, width) if isinstance(row, SettingRow) else self._key(row, width, here=here)
        if here and self.look.ansi:  # the line is reversed: a colour would be a patch in it
            return [bar, *((text, self.palette.cursor) for text, _ in painted)]
        return [bar, *painted]

    def _setting(self, row: SettingRow, width: int) -> list[Piece]:
        palette, cells = self.palette, value_cells(width)
        own = row.source != "default"
        name, ink = (palette.text, palette.strong) if own else (palette.muted, palette.text)
        return [
            (fit(row.name, NAME), name),
            (fit(row.meaning or row.words, cells) + "  ", palette.muted if row.meaning else ink),
            (fit(row.source, _SOURCE), palette.accent if row.winner else palette.muted),
            (row.setting.help if width >= _ROOM_FOR_HELP else "", palette.muted),
        ]  # fmt: skip

    def _key(self, row: KeyRow, width: int, *, here: bool) -> list[Piece]:
        palette = self.palette
        taking = here and self.state.taking
        keys = "press a key" if taking else row.action.shown_keys
        ids = width >= _LEAST_FOR_IDS
        cells = _KEYS_WHERE_WIDE if width >= _WIDE else _KEYS
        room = width - INDENT - cells - (_IDS if ids else 0)
        sign = " *" if row.changed else ""
        return [
            (fit(keys, cells - 1) + " ", palette.today if taking else palette.key),
            (fit(row.action.help, min(room, _WIDEST_HELP)), palette.text),
            (f"  {row.action.id}{sign}" if ids else "", palette.strong if row.changed else palette.muted),
        ]

    def row_clicked(self, x: int, y: int) -> int | None:
        """Give the place of the row in a line, unless that is a heading."""
        place = self._place(y)
        return place if place in self.state.spots else None


class SettingsDetail(Painted):
    """What the row under the cursor is for; what it may be, and when that acts; what was said, or what wins over it."""

    def __init__(self, look: Look, state: SettingsState) -> None:
        """Show a state."""
        super().__init__(look, id="detail")
        self.state = state

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line."""
        row = self.state.row
        if row is None:
            return []
        said, style = self._said(row)
        told = textwrap.wrap(strip_controls(said), width - 3, max_lines=2, placeholder=" …")
        lines = [self._help(row), self._may_be(row)][: 3 - len(told)] + [(line, style) for line in told]
        if y >= len(lines):
            return []
        text, style = lines[y]
        return [("  ", style), (fit(text, width - 3), style)]

    def _help(self, row: SettingRow | KeyRow) -> Piece:
        if isinstance(row, SettingRow):
            return row.setting.help, self.palette.strong
        return f"{row.action.help[0].upper()}{row.action.help[1:]}.", self.palette.strong

    def _may_be(self, row: SettingRow | KeyRow) -> Piece:
        if isinstance(row, SettingRow):
            usual = value_words(row.setting, row.setting.default) or "empty"
            parts = (may_be(row.setting), f"by default {usual}", self.state.when(row))
            return "  ·  ".join(parts), self.palette.muted
        places = self.state.reading.places_of(row.action.id) if self.state.reading else []
        return f"by default {row.default.shown_keys}  ·  {', '.join(places)}", self.palette.muted

    def _said(self, row: SettingRow | KeyRow) -> Piece:
        state, palette = self.state, self.palette
        if state.taking:
            return f"press the key that {row.id.split()[-1]} is to have", palette.today
        if state.said:
            return state.said, palette.overdue if state.wrong else palette.muted
        if isinstance(row, SettingRow):
            return row.winner, palette.today
        return (state.reading.problem_of(row.action.id) if state.reading else ""), palette.overdue
