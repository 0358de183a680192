"""What keys do while a file is imported: each action once, for the bindings, the line of keys and the help."""

from __future__ import annotations

from funneltui.tui.actions import PROGRAM, Action, going_about

_PROGRAM = {action.name: action for action in PROGRAM}
_GROUP = "Importing"

IMPORT = (
    Action("import.next", "enter", "go on", "go on to the next step; after the last one: out of here", _GROUP),
    Action("import.change", "space,c", "change", "say something else of the line", _GROUP),
    Action("import.leave_out", "x,delete", "leave out", "read nothing from the column", _GROUP),
    Action("import.as_found", "r", "as found", "say nothing more of the line: it is as it was found", _GROUP),
    Action("import.keep_rest", "n", "notes", "keep what no field takes in the notes, or leave it out", _GROUP),
    Action("import.save_mapping", "s", "save", "keep how the file is read, as a mapping of your own", _GROUP),
    Action("import.another", "o", "", "another file", _GROUP),
    Action("import.undo", "u", "undo", "take back what this import has done, all of it", _GROUP),
    *going_about("line"),
    Action("import.back", "escape", "back", "a step back, and out of the first one; what was said stays said", "Program"),
    Action("import.stop", "ctrl+c", "", "stop what is going on; an import stops after whole batches", "Program"),
    _PROGRAM["help"],
    _PROGRAM["redraw"],
    Action("app.quit", "ctrl+q", "", "leave", "Program"),
)  # fmt: skip
"""What keys do while a file is imported; a digit leads back to a step."""
