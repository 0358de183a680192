"""What keys do among companies and contacts: each action once, for the bindings, the line of keys and the help."""

from __future__ import annotations

from funneltui.tui.actions import PROGRAM, VIEWS, WORK, Action, going_about

_WORK = {action.name: action for action in WORK}
_GROUP = "Companies and contacts"
_NEW = Action("deal.new", "n", "new", "add a deal of this company or contact", "Deals")
_TURN = (_WORK["undo"], _WORK["redo"])

RECORDS = (
    Action("records.open", "enter", "open", "open it: what its deals brought, its contacts, its deals", _GROUP),
    Action("records.edit", "e", "edit", "correct it, on all its deals at once", _GROUP),
    Action("records.mark", "space", "mark", "mark it, to be merged into another one", _GROUP),
    Action("records.merge", "M", "merge", "merge the marked ones into the one under the cursor", _GROUP),
    Action("records.same", "equals_sign", "same?", "go through those that are probably the same", _GROUP),
    Action("records.copy", "y", "", "copy the e-mail, the phone or the name", _GROUP),
    _NEW,
    *_TURN,
    *going_about("one"),
    Action("records.next_tab", "tab,l,right", "", "from the companies to the contacts", "Going about"),
    Action("records.previous_tab", "shift+tab,h,left", "", "back to the companies", "Going about"),
    Action("records.search", "slash", "search", "look for words of names, e-mails and phones, as you type", "Looking"),
    Action("records.back", "escape", "", "back: out of the search, the marks, the screen", "Program"),
    *VIEWS,
    *PROGRAM,
)  # fmt: skip
"""What keys do where companies and contacts are listed."""

RECORD = (
    Action("record.choose", "enter", "open", "open the deal or contact of the line, or change its text", _GROUP),
    Action("record.edit", "e", "edit", "correct it where it stands, on all its deals at once", _GROUP),
    Action("record.copy", "y", "copy", "copy the e-mail, the phone or the name", _GROUP),
    _NEW,
    *_TURN,
    Action("record.down", "j,down", "", "the line below", "Going about"),
    Action("record.up", "k,up", "", "the line above", "Going about"),
    Action("record.first", "g,home", "", "the first line", "Going about"),
    Action("record.last", "G,end", "", "the last line", "Going about"),
    Action("record.section", "tab", "", "on to the contacts, the deals, and round again", "Going about"),
    Action("record.page_down", "pagedown,ctrl+d", "", "a page down", "Going about"),
    Action("record.page_up", "pageup,ctrl+u", "", "a page up", "Going about"),
    Action("record.close", "escape,q", "back", "back", "Program"),
    *PROGRAM[:-1],
    Action("app.quit", "ctrl+q", "", "leave", "Program"),
)
"""What keys do in an opened company or contact."""
