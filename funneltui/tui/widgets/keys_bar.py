"""The line at the bottom of a screen: its keys, or the stages that a digit chooses; at the right a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.text import strip_controls
from funneltui.tui.actions import Action
from funneltui.tui.keymap import in_force
from funneltui.tui.painting import fit, spread, width_of
from funneltui.tui.widgets.painted import Painted, Piece

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style

    from funneltui.domain.pipeline import Pipeline
    from funneltui.tui.theming import Look

TYPING = (
    Action("typing.keep", "enter", "keep it", "", ""),
    Action("typing.leave", "escape", "leave it as it was", "", ""),
)
"""The keys of a field that is typed into where it stands."""

_LEAST_WORDS = 12


class KeysBar(Painted):
    """Shows the labelled actions of a screen as far as there is room; the last one, which leads to all others, always.

    While a dialog stands over the screen none of them can act, and none is shown.
    """

    def __init__(self, look: Look, actions: Sequence[Action]) -> None:
        """Show these actions."""
        super().__init__(look, id="bottom")
        self.actions = [action for action in actions if action.label]
        self.choosing_in: Pipeline | None = None
        self._typing: tuple[str, bool] | None = None

    def on_mount(self) -> None:
        """Watch for dialogs that come over the screen and go."""
        self.app.screen_change_signal.subscribe(self, lambda _: self.refresh())

    def choose_stage(self, pipeline: Pipeline | None) -> None:
        """Show the digits of a pipeline's stages instead of the keys, or the keys again."""
        self.choosing_in = pipeline
        self.refresh()

    def type_in(self, words: str = "", *, wrong: bool = False) -> None:
        """Show the keys of a field instead of the screen's, with what can be answered in it, or what is wrong there."""
        self._typing = (words, wrong)
        self.refresh()

    def typed(self) -> None:
        """Show the screen's keys again."""
        self._typing = None
        self.refresh()

    def line_style(self, y: int) -> Style:
        """The bar's ground."""
        return self.palette.bar

    def note(self, width: int) -> str:
        """Give the words at the right; they keep their room."""
        return ""

    def spare_note(self) -> str:
        """Give words at the right that are left out where the keys need the room."""
        return ""

    def acts(self, action: Action) -> bool:
        """Tell whether an action can act on what is shown now."""
        return True

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint the bar."""
        palette = self.palette
        if self.choosing_in:
            return spread(self._stages(self.choosing_in, width), [], width, palette.text)
        if self._typing is not None and self.screen.is_active:
            return self._of_field(*self._typing, width)
        note = self.note(width)
        shown = [one for one in in_force(self.app, self.actions) if one.keys and self.acts(one)]
        room = width - width_of(note) - (1 if note else 0)
        while len(shown) > 1 and keys_width(shown) > room:
            shown.pop(-2)
        keys = self._keys(shown if self.screen.is_active else ())
        spare = f"{self.spare_note()} " if self.spare_note() else ""
        if not note and keys_width(shown) + 2 + width_of(spare) <= width:
            note = spare
        return spread(keys, [(note, palette.muted)] if note else [], width, palette.text)

    def _keys(self, shown: Sequence[Action]) -> list[Piece]:
        palette = self.palette
        keys: list[Piece] = [(" ", palette.text)]
        for action in shown:
            gap = "" if action is shown[-1] else "  "
            keys += [(action.shown_key, palette.key), (f" {action.label}{gap}", palette.muted)]
        return keys

    def _of_field(self, words: str, wrong: bool, width: int) -> list[Piece]:
        """What is wrong comes first where there is no room for all: the keys are known by then."""
        palette, room = self.palette, width - keys_width(TYPING) - 4
        if not words:
            return self._keys(TYPING)
        if wrong and room < width_of(words):
            return [(f" {fit(strip_controls(words), width - 2)}", palette.overdue)]
        ink = palette.overdue if wrong else palette.muted
        told: list[Piece] = [("   ", palette.text), (fit(words, room), ink)] if room >= _LEAST_WORDS else []
        return [*self._keys(TYPING), *told]

    def _stages(self, pipeline: Pipeline, width: int) -> list[Piece]:
        palette = self.palette
        pieces: list[Piece] = [(" ", palette.text), ("move to  ", palette.strong)]
        for digit, stage in enumerate(pipeline.board_order[:10], 1):
            pieces += [(f"{digit % 10}", palette.key), (f" {stage.name}  ", palette.text)]
        room = width - sum(width_of(text) for text, _ in pieces)
        way_out: list[Piece] = [("esc", palette.key), (" not at all", palette.muted)]
        return pieces + way_out[: 2 if room >= 14 else 1]


def keys_width(actions: Sequence[Action]) -> int:
    """Give the cells that the keys of actions take with their labels."""
    return 1 + sum(width_of(one.shown_key) + width_of(one.label) + 3 for one in actions) - 2
