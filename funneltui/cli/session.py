"""One run of the command line: the global choices, and the workspace that they lead to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from funneltui.cli.program import Program
    from funneltui.config import Config
    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.context import Context


@dataclass(slots=True)
class Session:
    """What a command is given: the global options as they were typed, and the program to open a workspace with.

    `problems` is what was ignored of the config file when a workspace was opened.
    """

    program: Program
    db: str | None = None
    user: str | None = None
    theme: str | None = None
    json: bool = False
    options: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()
    _opened: Context | None = field(default=None, repr=False)

    def config(self) -> Config:
        """Give the configuration in force: what was typed, then the environment, the config file, the defaults.

        Raises:
            BadInput: the environment holds something that cannot be.
        """
        from funneltui import config

        return config.read(self.db, self.user, self.theme)

    def workspace(self) -> Context:
        """Give the workspace, opened at the first call.

        A command calls it before it imports a service: the drivers that the workspace does not need are then left out.

        Raises:
            StorageError: it cannot be opened. NotAllowed: it does not know the user.
        """
        if self._opened is None:
            self._opened = self.program.open(self._ready())
        return self._opened

    def new_workspace(self, pipeline: Pipeline) -> Context:
        """Make a workspace with a pipeline, and give it opened.

        Raises:
            RuleBroken: there is one already. StorageError: the place cannot be written.
        """
        self._opened = self.program.create(self._ready(), pipeline)
        return self._opened

    def _ready(self) -> Config:
        from funneltui import locale_forms
        from funneltui.storage.quick_start import import_drivers

        chosen = self.config()
        self.problems = chosen.problems
        locale_forms.use(chosen, json=self.json)
        import_drivers(chosen.location)
        return chosen

    def after_change(self) -> str:
        """Do what is due once the workspace was changed (the day's backup), and give what went wrong with it."""
        if self._opened is None:
            return ""
        from funneltui.storage.database import has_written

        return self.program.after_change(self.config(), self._opened) if has_written(self._opened.database) else ""

    def explained(self, error: Exception) -> str:
        """Give what to tell of an error that nobody expected: that the database is damaged, if it is; else nothing."""
        if self._opened is None:
            return ""
        from funneltui.services.health import explained

        told = explained(self._opened, error)
        return "" if told is error else str(told)

    def close(self) -> None:
        """Close the workspace if one was opened."""
        if self._opened is not None:
            self._opened.database.close()
            self._opened = None
