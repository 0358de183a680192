"""What keys do on the list: each action once, for the bindings, the line of keys and the help."""

from __future__ import annotations

from funneltui.tui.actions import PROGRAM, RECORDS_KEY, ROWS, VIEWS, Action, going_about

LIST = (
    *ROWS,
    *going_about("deal", sideways="column"),
    Action("list.next_tab", "tab", "", "tab to the right: all deals, or one stage", "Going about"),
    Action("list.previous_tab", "shift+tab", "", "tab to the left", "Going about"),
    Action("list.filter", "slash", "filter", "show only deals that match, as you type", "Looking"),
    RECORDS_KEY,
    Action("list.sort", "s", "sort", "sort by the column under the cursor; again: the other way", "Looking"),
    Action("list.reverse", "S", "", "sort the other way", "Looking"),
    Action("list.best_first", "percent_sign", "", "the best chance to win first, with its column", "Looking"),
    Action("list.rows", "r", "", "rows of one line or of two", "Looking"),
    Action("list.columns", "c", "columns", "choose the columns", "Columns"),
    Action("list.wider", "plus,equals_sign", "", "make the column wider", "Columns"),
    Action("list.narrower", "minus", "", "make the column narrower", "Columns"),
    Action("list.move_column_left", "less_than_sign", "", "move the column to the left", "Columns"),
    Action("list.move_column_right", "greater_than_sign", "", "move the column to the right", "Columns"),
    Action("list.views", "v", "views", "your views: recall by digit, save, rename, delete", "Views"),
    Action("list.back", "escape", "", "back: out of the filter, then to the board", "Program"),
    *VIEWS,
    *PROGRAM,
)
"""What keys do on the list."""
