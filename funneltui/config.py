"""What the user has chosen, from flags, environment and config file: frozen once the program runs."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui import paths, settings
from funneltui.domain.dates import DateOrder
from funneltui.domain.text import cut
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.settings import Value

DEFAULT_THEME = "night"

VARIABLES = {
    "FUNNELTUI_DB": "the workspace, like --db",
    "FUNNELTUI_USER": "who acts, like --user",
    "FUNNELTUI_THEME": "the board's theme, like --theme",
    "FUNNELTUI_DATE_ORDER": "how dates with slashes are read: dmy, mdy or ymd",
    "FUNNELTUI_ASCII": "paint without box characters: yes, no or auto",
    "FUNNELTUI_INBOX_TOKEN": "the token that requests to `funneltui inbox serve` must bring",
}
"""The environment variables that are read, and what each sets."""

VARIABLE_OF = {
    "user": "FUNNELTUI_USER", "theme": "FUNNELTUI_THEME", "date_order": "FUNNELTUI_DATE_ORDER", "ascii": "FUNNELTUI_ASCII",
}  # fmt: skip
"""The variable that wins over a setting of the config file."""


class Origin(StrEnum):
    """Where a choice comes from; the first of them wins."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Config:
    """The choices in force.

    `location` is a path or a URL of the database; `user` who acts, `user_chosen` whether he was named on purpose; `settings`
    every setting of `settings.py` by its key, of which the properties give those that have a name here; `keys` what the
    config file gives to actions, as it is written there; `problems` what is wrong in that file.
    """

    location: str
    user: str
    user_chosen: bool
    settings: Mapping[str, Value]
    keys: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def text(self, key: str) -> str:
        """Give a setting that is a text or one of several words."""
        return str(self.settings[key])

    def number(self, key: str) -> int:
        """Give a setting that is a number."""
        value = self.settings[key]
        return value if isinstance(value, int) else 0

    def switch(self, key: str) -> bool:
        """Tell whether a setting is on."""
        return self.settings[key] is True

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a setting that is a list of texts."""
        value = self.settings[key]
        return value if isinstance(value, tuple) else ()

    @property
    def theme(self) -> str:
        """The name of a theme, or empty for what fits the terminal."""
        return self.text("theme")

    @property
    def order(self) -> DateOrder:
        """How dates with slashes are read."""
        return DateOrder(self.text("date_order"))

    @property
    def currency(self) -> str:
        """The currency of a new workspace, by ISO 4217, or empty."""
        return self.text("currency")


def read(db: str | None = None, user: str | None = None, theme: str | None = None) -> Config:
    """Give the configuration: flags first, then the variables FUNNELTUI_*, then the config file, then the defaults.

    Raises:
        BadInput: a variable is set to what cannot be.
    """
    values: Mapping[str, Value] = {}
    keys: Mapping[str, str] = {}
    problems: tuple[str, ...] = ()
    path = paths.config_file()
    if os.path.lexists(path):
        from funneltui import config_file

        file = config_file.read(path)
        values, keys, problems = file.values, file.keys, file.problems
    chosen = {key: value for key, (value, _) in resolve(values, user=user, theme=theme).items()}
    return Config(
        location=db or os.environ.get("FUNNELTUI_DB", "") or str(paths.default_database()),
        user=str(chosen["user"]) or login(),
        user_chosen=bool(chosen["user"]),
        settings=chosen,
        keys=keys,
        problems=problems,
    )


def resolve(
    in_file: Mapping[str, Value], *, user: str | None = None, theme: str | None = None
) -> dict[str, tuple[Value, Origin]]:
    """Give every setting with where it comes from; `in_file` are those of the config file.

    Raises:
        BadInput: a variable is set to what cannot be.
    """
    flags = {"user": user, "theme": theme}
    return {one.key: _chosen(one.key, flags.get(one.key), in_file) for one in settings.SETTINGS}


def _chosen(key: str, flag: str | None, in_file: Mapping[str, Value]) -> tuple[Value, Origin]:
    variable = VARIABLE_OF.get(key, "")
    if flag:
        return flag, Origin.FLAG
    if text := os.environ.get(variable, ""):
        return _of_variable(key, variable, text), Origin.ENVIRONMENT
    if key in in_file:
        return in_file[key], Origin.FILE
    return settings.BY_KEY[key].default, Origin.DEFAULT


def _of_variable(key: str, variable: str, text: str) -> Value:
    known = settings.BY_KEY[key]
    if "yes" in known.choices:
        text = {"1": "yes", "0": "no"}.get(text, text)
    if known.choices and text not in known.choices:
        raise BadInput(f'{variable} is "{cut(text)}"; it must be {known.expected}')
    return text


def login() -> str:
    """Give the login's name, or what stands for it."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return f"user{os.getuid()}"
