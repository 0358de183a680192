"""What keys do in the inbox: each action once, for the bindings, the line of keys and the help."""

from __future__ import annotations

from funneltui.tui.actions import PROGRAM, VIEWS, WORK, Action, going_about

_NEW, _UNDO, _REDO = (
    next(one for one in WORK if one.id == wanted) for wanted in ("deal.new", "deal.undo", "deal.redo")
)
_GROUP = "The inbox"

INBOX = (
    Action("inbox.open", "enter", "complete", "make a deal of it; what is one already is opened", _GROUP),
    Action("inbox.deal", "o", "deal", "open the deal that came of it", _GROUP),
    Action("inbox.drop", "x", "drop", "take it out of the inbox; it is kept, and can be restored", _GROUP),
    Action("inbox.restore", "r", "restore", "let it wait again; among what waits: what you dropped last", _GROUP),
    Action("inbox.mark", "space", "mark", "mark it, to drop or restore several at once", _GROUP),
    _NEW,
    _UNDO,
    _REDO,
    *going_about("one"),
    Action("inbox.text_down", "J,shift+down", "", "further down in what it says", "Going about"),
    Action("inbox.text_up", "K,shift+up", "", "further up in what it says", "Going about"),
    Action("inbox.next_tab", "tab,l,right", "dropped, deals", "on to what was dropped, and to what became deals", "Looking"),
    Action("inbox.previous_tab", "shift+tab,h,left", "", "back to what waits", "Looking"),
    Action("inbox.back", "escape", "back", "back: out of the marks, then to where this was opened", "Program"),
    *VIEWS,
    *PROGRAM,
)  # fmt: skip
"""What keys do in the inbox."""
