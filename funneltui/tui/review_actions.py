"""What keys do in a review: each action once, for the bindings, the lines of keys and the help."""

from __future__ import annotations

from funneltui.tui.actions import PROGRAM, Action

_PROGRAM = {action.name: action for action in PROGRAM}

REVIEW = (
    Action("review.tomorrow", "1", "tomorrow", "put the follow-up off until tomorrow", "Later"),
    Action("review.three_days", "2", "+3 days", "put it off for three days", "Later"),
    Action("review.next_week", "3", "next week", "put it off until next week begins", "Later"),
    Action("review.date", "4", "a date", "set the follow-up: a date and a few words", "Later"),
    Action("review.skip", "space", "skip", "leave the deal as it is, and go on", "Later"),
    Action("review.done", "d", "done", "the follow-up is done; a repeated one stands at its next date", "Answers"),
    Action("review.next_stage", "L,shift+right", "next stage", "move the deal to the next stage", "Answers"),
    Action("review.move_to", "m", "stage", "move the deal: then the digit of the stage", "Answers"),
    Action("review.win", "w", "won", "the deal is won", "Answers"),
    Action("review.lose", "x", "lost", "the deal is lost: then the reason", "Answers"),
    Action("review.activity", "i", "note", "write a note, or log a call, mail or meeting", "Answers"),
    Action("review.close", "c", "expected close", "set another expected close", "Answers"),
    Action("review.open", "enter", "open", "open the deal: everything about it", "Deal"),
    Action("review.edit", "e", "edit", "edit the deal", "Deal"),
    Action("review.new", "n", "", "add a deal", "Deal"),
    Action("review.back", "b,left", "back", "back to the deal before", "Deal"),
    Action("review.undo", "u", "undo", "take your last change back", "Deal"),
    Action("review.redo", "U", "redo", "do it again", "Deal"),
    Action("review.down", "j,down", "", "scroll down", "Review"),
    Action("review.up", "k,up", "", "scroll up", "Review"),
    Action("review.copy", "y", "copy", "copy the summary, at the end", "Review"),
    Action("review.end", "escape,q", "end", "to the summary, and from there out", "Review"),
    Action("review.help", "question_mark", "keys", "the keys of where you are", "Review"),
    _PROGRAM["settings"],
    _PROGRAM["redraw"],
)
"""What keys do in a review."""

_BY_NAME = {action.name: action for action in REVIEW}


def _named(*names: str) -> tuple[Action, ...]:
    return tuple(_BY_NAME[name] for name in names)


ANSWERS = (
    _named("tomorrow", "three_days", "next_week", "date", "done", "activity", "skip"),
    _named("next_stage", "move_to", "win", "lose", "open", "back", "undo", "end", "help", "close", "edit"),
)
"""The two lines of keys under a deal, the first ones first where there is no room for all."""

AT_THE_END = (
    (
        _BY_NAME["copy"].labelled("copy the summary"), _BY_NAME["back"], _BY_NAME["undo"],
        _BY_NAME["end"].labelled("leave"),
    ),
    (),
)  # fmt: skip
"""The same under the summary."""
