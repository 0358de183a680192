"""What keys do among the settings and the keys: each action once, for the bindings, the line of keys and the help."""

from __future__ import annotations

from funneltui.tui.actions import PROGRAM, Action, going_about

_PROGRAM = {action.name: action for action in PROGRAM}

SETTINGS = (
    Action("settings.choose", "enter", "change", "change the setting, or give the action another key", "Settings"),
    Action("settings.default", "r,delete", "default", "put its default back", "Settings"),
    Action("settings.add_key", "a", "add", "give the action one more key", "Settings"),
    Action("settings.no_key", "x", "none", "let the action have no key", "Settings"),
    *going_about("line"),
    Action("settings.next_tab", "tab,l,right", "keys", "from the settings to the keys of every action", "Going about"),
    Action("settings.previous_tab", "shift+tab,h,left", "settings", "back to the settings", "Going about"),
    Action("settings.search", "slash", "search", "look for words, as you type", "Looking"),
    Action("settings.back", "escape,q", "back", "back: out of the search, then to where you were", "Program"),
    _PROGRAM["help"],
    _PROGRAM["redraw"],
    Action("app.quit", "ctrl+q", "", "leave", "Program"),
)
"""What keys do among the settings and the keys."""
