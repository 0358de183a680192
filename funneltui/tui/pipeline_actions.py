"""What keys do on the pipeline screen: each action once, for the bindings, the line of keys and the help."""

from __future__ import annotations

from funneltui.tui.actions import PROGRAM, Action, going_about

_PROGRAM = {action.name: action for action in PROGRAM}
_CHANGES, _WHOLE = "Changes", "Pipelines"

PIPELINES = (
    Action("pipelines.change", "enter", "change", "change the value; at the left: go to the values", _CHANGES),
    Action("pipelines.add", "a", "add", "add one of the kind under the cursor, after it", _CHANGES),
    Action("pipelines.add_before", "A", "", "add one before it", _CHANGES),
    Action("pipelines.rename", "e", "rename", "give it another name; its key, and its history, stay", _CHANGES),
    Action("pipelines.lower", "J,shift+down", "lower", "move it down in its list", _CHANGES),
    Action("pipelines.higher", "K,shift+up", "higher", "move it up in its list", _CHANGES),
    Action("pipelines.retire", "x", "retire", "retire it; you say where its deals go", _CHANGES),
    Action("pipelines.bring_back", "b", "", "bring back what was retired", _CHANGES),
    Action("pipelines.color", "c", "", "give the stage another colour", _CHANGES),
    Action("pipelines.text", "E", "", "change the whole pipeline as TOML, in your own editor", _CHANGES),
    Action("pipelines.undo", "u", "", "take the last step back that is not applied yet", _CHANGES),
    Action("pipelines.redo", "U", "", "do again what you undid", _CHANGES),
    Action(
        "pipelines.apply", "w,ctrl+s", "apply", "show what would change and for how many deals, and apply it", _CHANGES
    ),
    Action("pipelines.new", "N", "", "add a pipeline: a preset, or a file", _WHOLE),
    Action("pipelines.earlier", "less_than_sign", "", "put the pipeline before the one at its left", _WHOLE),
    Action("pipelines.later", "greater_than_sign", "", "put the pipeline behind the one at its right", _WHOLE),
    Action("pipelines.next_tab", "tab", "", "the next pipeline", _WHOLE),
    Action("pipelines.previous_tab", "shift+tab", "", "the pipeline before", _WHOLE),
    *going_about("line", sideways="column"),
    Action("pipelines.back", "escape,q", "back", "back: from the values, from the changes, to the board", "Program"),
    _PROGRAM["help"],
    _PROGRAM["command_palette"],
    _PROGRAM["redraw"],
    Action("app.quit", "ctrl+q", "", "leave", "Program"),
)
"""What keys do on the pipeline screen."""
