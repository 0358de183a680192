"""What keys do at the first start: each action once, for the bindings, the line of keys and the help."""

from __future__ import annotations

from funneltui.tui.actions import PROGRAM, Action

_PROGRAM = {action.name: action for action in PROGRAM}

FIRST = (
    Action(
        "first.begin", "enter", "begin with it", "begin with what is chosen; nothing is made before that", "Beginning"
    ),
    Action("first.currency", "c", "currency", "amounts in another currency", "Beginning"),
    Action("first.down", "j,down", "", "the next way to begin", "Beginning"),
    Action("first.up", "k,up", "", "the one before", "Beginning"),
    Action("first.page_down", "pagedown,ctrl+d", "", "more of what is shown at the right", "Beginning"),
    Action("first.page_up", "pageup,ctrl+u", "", "back up", "Beginning"),
    _PROGRAM["redraw"],
    Action("first.help", "question_mark", "keys", "the keys of where you are", "Program"),
    Action("first.leave", "escape,q", "leave", "leave; nothing was made", "Program"),
)
"""What keys do at the first start; a digit chooses too."""
