"""Every action once: its id, keys, words and help. Bindings, footer, palette and help are all made from this list."""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual.binding import Binding

from funneltui.tui.key_names import character


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a key does.

    `id` is stable (for keymaps); `keys` Textual's key names, comma-separated; `label` what the footer shows (empty: not in
    the footer); `help` the sentence of the help screen; `group` the heading it stands under.
    """

    id: str
    keys: str
    label: str
    help: str
    group: str

    @property
    def name(self) -> str:
        """The name of the method that does it, after `action_`."""
        return self.id.split(".", 1)[1]

    def labelled(self, label: str | None) -> Action:
        """Give the action with another word for the footer; with none, as it is."""
        return replace(self, label=label) if label else self

    @property
    def called(self) -> str:
        """Its name in the palette."""
        return self.label or self.name.replace("_", " ")

    @property
    def single_keys(self) -> tuple[str, ...]:
        """Its keys, one by one."""
        return tuple(key for key in self.keys.split(",") if key)

    @property
    def shown_keys(self) -> str:
        """All its keys as people read them; a dash for none."""
        return "  ".join(map(key_label, self.single_keys)) or "-"

    @property
    def shown_key(self) -> str:
        """The first key as people read it."""
        return key_label(self.keys.split(",")[0])


WORK = (
    Action("deal.new", "n", "new", "add a deal", "Deals"),
    Action("deal.edit", "e", "", "edit the deal", "Deals"),
    Action("deal.follow_up", "d", "", "set the follow-up: a date and a few words", "Deals"),
    Action("deal.done", "D", "", "the follow-up is done; one that repeats comes again", "Deals"),
    Action("deal.activity", "i", "", "write a note, or log a call, mail or meeting", "Deals"),
    Action("deal.notes", "N", "", "the deal's notes: a text of any length, in your editor too", "Deals"),
    Action("deal.assign", "a", "", "give the deal to another owner", "Deals"),
    Action("deal.tag", "number_sign", "", "tags: hot adds one, -hot takes it away", "Deals"),
    Action("deal.copy", "y", "", "copy the number, the e-mail, the phone or a line about the deal", "Deals"),
    Action("deal.spam", "exclamation_mark", "", "spam: out of everything, found by is:spam; spam is put back", "Deals"),
    Action("deal.undo", "u", "undo", "take back your last change, whatever it was", "Deals"),
    Action("deal.redo", "U", "", "do again what you undid", "Deals"),
    Action("deal.move_right", "L,shift+right", "", "move the deal to the next stage", "Moving"),
    Action("deal.move_left", "H,shift+left", "", "move the deal to the stage before", "Moving"),
    Action("deal.move_to", "m", "move", "move the deal: then the digit of the stage", "Moving"),
    Action("deal.win", "w", "won", "the deal is won", "Moving"),
    Action("deal.lose", "x", "lost", "the deal is lost: then the reason", "Moving"),
    Action("deal.transfer", "M", "", "move the deal to another pipeline", "Moving"),
)
"""What keys do to deals, on whatever screen they are seen."""

_OPEN = Action("deal.open", "enter", "open", "open the deal: everything about it, with its history", "Deals")
_MARKS = (
    Action("deal.mark", "space", "", "mark the deal; changes are then made to all marked ones", "Marks"),
    Action("deal.mark_all", "asterisk", "", "mark all that the lane or tab shows, or take all marks away", "Marks"),
)
RECORDS_KEY = Action(
    "deal.records", "C", "", "companies and contacts: found, corrected, merged; their deals", "Looking"
)
_IMPORT = Action("app.import_file", "I", "", "import deals from a file, of another system or a spreadsheet", "Deals")
ROWS = (_OPEN, *WORK, *_MARKS, _IMPORT)
"""What keys do to deals where several of them are seen."""

VIEWS = (
    Action("app.board", "1", "board", "the board", "Views"),
    Action("app.list", "2", "", "all deals as a table", "Views"),
    Action("app.today", "3", "", "the board, among today's follow-ups", "Views"),
    Action("app.funnel", "4", "", "the funnel in full: every number opens", "Views"),
    Action("app.forecast", "5", "", "quota, won, gap and pipeline by period and owner; what if", "Views"),
    Action("app.insights", "6", "", "rates, cycles, reps, sources, losses: every figure opens", "Views"),
    Action("app.changes", "7", "", "what changed since yesterday, since the last review, since any date", "Views"),
    Action("app.inbox", "8", "", "what arrived by mail and web form", "Views"),
)
"""The keys that lead from one view to another."""

PROGRAM = (
    Action("app.help", "question_mark", "keys", "the keys of where you are", "Program"),
    Action("app.command_palette", "colon,ctrl+p", "", "commands by name, and themes", "Program"),
    Action("app.settings", "comma", "", "your settings, and the keys of every action", "Program"),
    Action("app.redraw", "ctrl+l", "", "paint the screen anew", "Program"),
    Action("app.quit", "q,ctrl+q", "", "leave", "Program"),
)
"""What keys do on every screen."""


def going_about(one: str, within: str = "", sideways: str = "") -> tuple[Action, ...]:
    """Give the actions of a cursor: it goes over one thing after another `within` something, and over what is `sideways`."""
    group, of = "Going about", f" of the {within}" if within else ""
    beside = (
        Action("cursor.left", "h,left", "", f"{sideways} to the left", group),
        Action("cursor.right", "l,right", "", f"{sideways} to the right", group),
    )
    return (
        Action("cursor.down", "j,down", "", f"next {one}", group),
        Action("cursor.up", "k,up", "", f"previous {one}", group),
        *(beside if sideways else ()),
        Action("cursor.first", "g,home", "", f"first {one}{of}", group),
        Action("cursor.last", "G,end", "", f"last {one}{of}", group),
        Action("cursor.page_down", "pagedown,ctrl+d", "", "a page down", group),
        Action("cursor.page_up", "pageup,ctrl+u", "", "a page up", group),
    )


BOARD = (
    *ROWS,
    *going_about("deal", within="lane", sideways="lane"),
    Action("board.filter", "slash", "filter", "show only deals that match, as you type", "Looking"),
    Action("board.sort", "s", "", "sort lanes by due date, amount, title, time in stage, or newest", "Looking"),
    Action("board.funnel", "f", "funnel", "switch the funnel: standard or conversion", "Looking"),
    Action("board.today", "t", "today", "go to today's follow-ups, and back", "Looking"),
    RECORDS_KEY,
    Action("board.pipeline", "p", "", "another pipeline's board", "Looking"),
    Action("board.pipelines", "P", "", "the pipelines: their stages, details, demands, all to be changed", "Looking"),
    Action("board.review", "R", "", "review what waits: a key an answer, the next comes by itself", "Looking"),
    Action("board.as_of", "at", "", "the board as it stood on a date", "Looking"),
    Action("board.lost", "o", "", "show or hide the lost deals' lane", "Looking"),
    Action("board.density", "c", "", "cards of one line or of two (remembered)", "Looking"),
    Action("board.side", "b", "", "hide or show the side: today and the funnel (remembered)", "Looking"),
    Action("board.side_wider", "less_than_sign", "", "make the side wider (remembered)", "Looking"),
    Action("board.side_narrower", "greater_than_sign", "", "make the side narrower (remembered)", "Looking"),
    Action("board.back", "escape", "", "back: out of the pane, the filter, the marks", "Program"),
    *VIEWS,
    *PROGRAM,
)
"""What keys do on the board."""

_LOOKS = ("board.filter", "board.sort", "board.funnel", "board.today", "board.lost", "board.density", "board.side")

PAST = (
    _OPEN,
    *going_about("deal", within="lane", sideways="lane"),
    Action("past.earlier", "left_square_bracket", "earlier", "the day before", "The past"),
    Action("past.later", "right_square_bracket", "later", "the day after; from yesterday to now", "The past"),
    Action("board.as_of", "at", "date", "as it stood on another date", "The past"),
    *(action for action in BOARD if action.id in _LOOKS),
    Action("past.back", "escape", "now", "back to now", "Program"),
    *VIEWS,
    *PROGRAM,
)
"""What keys do on the board of a past day: they look, and change nothing."""

DEAL = (
    *WORK,
    Action("opened.down", "j,down", "", "the line below", "The opened deal"),
    Action("opened.up", "k,up", "", "the line above", "The opened deal"),
    Action("opened.first", "g,home", "", "the first line", "The opened deal"),
    Action("opened.last", "G,end", "", "the last line, and the end of what stands there", "The opened deal"),
    Action(
        "opened.choose",
        "enter",
        "change",
        "change the line where it stands; open the deal or record it names",
        "The opened deal",
    ),
    Action("opened.page_down", "pagedown,ctrl+d", "", "further down in the history", "The opened deal"),
    Action("opened.page_up", "pageup,ctrl+u", "", "further up in the history", "The opened deal"),
    Action(
        "opened.company", "C", "", "the deal's company: what it brought, its contacts, its deals", "The opened deal"
    ),
    Action("opened.contact", "P", "", "the deal's contact", "The opened deal"),
    Action("opened.next", "J,right", "next", "the next deal of where it was opened", "The opened deal"),
    Action("opened.previous", "K,left", "", "the deal before", "The opened deal"),
    Action("opened.close", "escape,q", "back", "back", "The opened deal"),
    *PROGRAM[:-1],
    Action("app.quit", "ctrl+q", "", "leave", "Program"),
)
"""What keys do in an opened deal."""

_SHOWN = {
    "enter": "↵", "escape": "esc", "space": "space", "down": "↓",
    "up": "↑", "left": "←", "right": "→", "pagedown": "PgDn", "pageup": "PgUp", "shift+right": "⇧→", "shift+left": "⇧←",
    "ctrl+@": "ctrl+space",
}  # fmt: skip


_spelled = False


def spell_keys(spelled: bool) -> None:
    """Show keys by their names instead of by signs from now on: "enter", not "↵", for a terminal that has ASCII only.

    It is set once, by the app: what a bar has room for is reckoned with what it will show, long before the screen's last
    filter makes ASCII of it.
    """
    global _spelled
    _spelled = spelled


def key_label(key: str) -> str:
    """Give a key's name as people read it."""
    *held, base = key.split("+")
    shown = _SHOWN.get(key, "")
    if _spelled and not shown.isascii():
        return key
    return shown or "+".join([*held, character(base) or base])


def bindings(actions: tuple[Action, ...]) -> list[Binding]:
    """Give Textual's bindings for a list of actions, each with its id, so that a keymap can change them."""
    return [
        Binding(
            action.keys, _method(action), action.label or action.help, id=action.id, show=False, tooltip=action.help
        )
        for action in actions
    ]


def _method(action: Action) -> str:
    return f"app.{action.name}" if action.id.startswith("app.") else action.name
