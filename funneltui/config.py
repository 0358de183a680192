"""What the user has chosen, from flags and environment: frozen once the program runs."""

from __future__ import annotations

import os
from dataclasses import dataclass

from funneltui.domain.dates import DateOrder
from funneltui.domain.text import cut
from funneltui.errors import BadInput
from funneltui.paths import default_database

DEFAULT_THEME = "night"


@dataclass(frozen=True, slots=True)
class Config:
    """The choices in force.

    `location` is a path or a URL of the database; `user` who acts, `user_chosen` whether he was named on purpose; `theme`
    a theme's name, or empty for what fits the terminal; `order` how dates with slashes are read.
    """

    location: str
    user: str
    user_chosen: bool
    theme: str = ""
    order: DateOrder = DateOrder.DMY


def read(db: str | None = None, user: str | None = None, theme: str | None = None) -> Config:
    """Give the configuration: flags first, then FUNNELTUI_DB, _USER, _THEME and _DATE_ORDER, then the defaults.

    Raises:
        BadInput: the date order is none of dmy, mdy, ymd.
    """
    named = user or os.environ.get("FUNNELTUI_USER", "")
    order = os.environ.get("FUNNELTUI_DATE_ORDER", "") or DateOrder.DMY.value
    if order not in set(DateOrder):
        message = f'FUNNELTUI_DATE_ORDER is "{cut(order)}"; it must be dmy, mdy or ymd'
        raise BadInput(message)
    return Config(
        location=db or os.environ.get("FUNNELTUI_DB", "") or str(default_database()),
        user=named or _login(),
        user_chosen=bool(named),
        theme=theme or os.environ.get("FUNNELTUI_THEME", ""),
        order=DateOrder(order),
    )


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return f"user{os.getuid()}"
