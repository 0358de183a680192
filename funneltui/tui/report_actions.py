"""What keys do on the pages of figures: each action once, for the bindings, the line of keys and the help."""

from __future__ import annotations

from funneltui.tui.actions import PROGRAM, RECORDS_KEY, VIEWS, WORK, Action

_NEW, _UNDO, _REDO = (
    next(one for one in WORK if one.id == wanted) for wanted in ("deal.new", "deal.undo", "deal.redo")
)

REPORT = (
    Action("report.open", "enter", "deals", "list the deals behind the figure", "Figures"),
    Action("report.down", "j,down", "", "the figure below", "Going about"),
    Action("report.up", "k,up", "", "the figure above", "Going about"),
    Action("report.left", "h,left", "", "the figure to the left", "Going about"),
    Action("report.right", "l,right", "", "the figure to the right", "Going about"),
    Action("report.first", "g,home", "", "the first figure", "Going about"),
    Action("report.last", "G,end", "", "the last figure", "Going about"),
    Action("report.page_down", "pagedown,ctrl+d", "", "a page down", "Going about"),
    Action("report.page_up", "pageup,ctrl+u", "", "a page up", "Going about"),
    Action("report.filter", "slash", "filter", "only deals that match, as you type", "Looking"),
    RECORDS_KEY,
    _NEW,
    _UNDO,
    _REDO,
    Action("report.back", "escape", "back", "back: out of the filter, then to where this was opened", "Program"),
    *VIEWS,
    *PROGRAM,
)
"""What keys do on every page of figures."""

_UNFILTERED = tuple(one for one in REPORT if one.id != "report.filter")

CHANGES = (
    Action("report.since", "s", "since", "since when: yesterday, a date, the last review", "The changes"),
    Action("report.last_review", "r", "last review", "since your last review", "The changes"),
    *_UNFILTERED,
)
"""What keys do on the changes."""

_PERIOD = (
    Action("report.period", "p", "period", "a year, a quarter, a month, or all time", "The period"),
    Action("report.earlier", "left_square_bracket", "earlier", "the period before", "The period"),
    Action("report.later", "right_square_bracket", "later", "the period after", "The period"),
)

FUNNEL = (
    Action("report.mode", "f", "mode", "conversion, entered or standard", "The funnel"),
    Action("report.measure", "v", "measure", "standard: count, value or weighted value", "The funnel"),
    Action("report.by", "b", "by", "by owner, source, company, tag, month, or not told apart", "The funnel"),
    *_PERIOD,
    *REPORT,
)
"""What keys do on the funnel."""

INSIGHTS = (
    Action("report.by", "b", "by", "by owner, source, company, tag or month", "The insights"),
    *_PERIOD,
    *REPORT,
)
"""What keys do on the insights."""

FORECAST = (
    Action("forecast.period", "p", "period", "months, quarters or years", "The forecast"),
    Action("forecast.earlier", "left_square_bracket", "earlier", "the period before", "The forecast"),
    Action("forecast.later", "right_square_bracket", "later", "the period after", "The forecast"),
    Action("forecast.owner", "o", "", "whose figures: one owner's, or everybody's", "The forecast"),
    Action("forecast.category", "c", "", "only open deals of a category; quota, won and gap stay", "The forecast"),
    Action(
        "forecast.currency",
        "dollar_sign",
        "",
        "the currency in which all is told, at the rates that are known",
        "The forecast",
    ),
    Action("forecast.everywhere", "a", "", "all pipelines together, or the board's", "The forecast"),
    Action("forecast.quota", "Q", "quota", "set or revise the quota of the owner, or the team's", "The forecast"),
    Action("forecast.suppose", "w", "what if", "what if the deal had another amount, date or chance", "What if"),
    Action("forecast.keep", "K", "", "store all that is supposed, as one change", "What if"),
    Action("forecast.drop", "X", "", "drop all that is supposed", "What if"),
    *_UNFILTERED,
)
"""What keys do on the forecast."""
