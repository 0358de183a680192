"""What a person says of the file as a whole: which it is, how it is written and read, into which pipeline it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.gates import Choice
from funneltui.domain.text import cut
from funneltui.errors import BadInput, FunneltuiError
from funneltui.exchange.import_plan import Said
from funneltui.exchange.system_mappings import PLAIN, mappings
from funneltui.tui.import_lines import DELIMITERS
from funneltui.tui.screens.import_dialogs import ImportFileDialog, picking
from funneltui.tui.screens.import_running import ImportRunning
from funneltui.tui.screens.small_dialogs import WordsDialog

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from pathlib import Path
    from typing import Any

    from funneltui.tui.import_state import Line

_ENCODINGS = ("utf-8", "utf-16", "cp1250", "cp1251", "cp1252", "iso8859-2", "latin-1", "cp852")
_NONE, _OTHER = "*none", "*other"


class ImportChoosing(ImportRunning):
    """Asks for one thing at a time; after each answer the file is looked at anew."""

    async def ask_for_file(self, leave: Callable[[], object] | None = None) -> None:
        """Ask for the file; `leave` is done where none is chosen and there was none before."""

        async def chosen(path: Path | None) -> None:
            if path is not None:
                await self._begin(path)
            elif leave is not None and self.state.said is None:
                leave()

        text = str(self.state.said.file) if self.state.said else ""
        await self.app.push_screen(ImportFileDialog(self.look, "Import a file", text), chosen)

    async def _begin(self, path: Path) -> None:
        """Begin with a file; the one that is chosen already is read anew, and everything said of it stays."""
        said = self.state.said
        if said is not None and said.file == path:
            self.work(self.open_file(said))
        else:
            pipeline = said.pipeline if said else self.first_pipeline
            self.work(self.open_file(Said(path, pipeline=pipeline), anew=True))

    @property
    def first_pipeline(self) -> str | None:
        """The key of the pipeline into which a file goes at first."""
        return None

    def work(self, work: Coroutine[Any, Any, object]) -> None:
        """Do something that takes its time, while keys and mouse are seen to."""
        self.run_worker(work, name="import")

    async def pick(
        self, title: str, about: str, choices: Sequence[Choice], now: str, said: Callable[[str], object]
    ) -> None:
        """Ask for one of some choices, and do something with the one that is taken."""

        def picked(key: str | None) -> None:
            if key is not None:
                said(key)

        await self.app.push_screen(picking(self.look, title, about, choices, now), picked)

    async def words(
        self, title: str, about: str, hint: str, check: Callable[[str], object], said: Callable[[str], object]
    ) -> None:
        """Ask for a line of text, and do something with it once nothing is wrong with it."""

        def told(text: str) -> str:
            check(text.strip())
            return ""

        def typed(text: str | None) -> None:
            if text is not None:
                said(text.strip())

        await self.app.push_screen(WordsDialog(title, about, hint, told), typed)

    async def ask_about_file(self, line: Line) -> None:
        """Ask what is to be said of the file as a whole: what a line of the first step tells."""
        said = self.state.said
        if said is None or line.key == "path":
            await self.ask_for_file()
        elif line.key == "system":
            await self._ask_for_system(said)
        elif line.key == "encoding":
            await self._ask_for_encoding(said)
        elif line.key == "delimiter":
            choices = [Choice(sign, name) for sign, name in DELIMITERS.items()]
            now = self.state.plan.table.delimiter if self.state.plan else ""
            await self.pick("What parts the columns?", "", choices, now, lambda key: self._reopen(delimiter=key))
        elif line.key == "sheet":
            choices = [Choice(name, cut(name, 50)) for name in self.state.sheets]
            now = self.state.plan.table.sheet or "" if self.state.plan else ""
            await self.pick("Which sheet?", said.file.name, choices, now, lambda key: self._reopen(sheet=key))
        elif line.key == "pipeline":
            await self._ask_for_pipeline()
        elif line.key == "history":
            await self._ask_for_history()

    def _reopen(self, **said: object) -> None:
        """Look at the file anew, as it is said now."""
        self.work(self.open_file(self.state.saying(**said)))

    async def _ask_for_system(self, said: Said) -> None:
        try:
            known = await self.worker.apart(mappings)
        except FunneltuiError as error:
            self.say(str(error), wrong=True)
            return
        choices = [Choice(_NONE, "as its columns tell"), Choice(PLAIN, "by common names of columns only")]
        choices += [
            Choice(f"={one.key}", cut(one.name, 50) + (" · your own" if one.is_own else ""))
            for one in known
            if not one.is_visits
        ]

        def chosen(key: str) -> None:
            mapping = key[1:] if key.startswith("=") else None
            self._reopen(mapping=mapping, system=PLAIN if key == PLAIN else None)

        now = f"={said.mapping}" if said.mapping else said.system or _NONE
        await self.pick("How is it read?", said.file.name, choices, now, chosen)

    async def _ask_for_encoding(self, said: Said) -> None:
        choices = [*(Choice(name, name) for name in _ENCODINGS), Choice(_OTHER, "another ...")]
        now = self.state.plan.table.encoding if self.state.plan else said.encoding or "utf-8"

        def chosen(key: str) -> None:
            if key != _OTHER:
                self._reopen(encoding=key)
            else:
                self.app.call_later(self.words, "Encoding", "", "cp437, koi8-r, big5 ...", some_text,
                                    lambda text: self._reopen(encoding=text))  # fmt: skip

        await self.pick("What is it written in?", said.file.name, choices, now, chosen)

    async def _ask_for_pipeline(self) -> None:
        plan, choices = self.state.plan, [Choice(one.key, one.name) for one in self.context.in_use]
        if plan is None or len(choices) < 2:
            self.say("there is one pipeline only")
            return

        def chosen(key: str) -> None:
            if key != plan.pipeline.key:  # its stages, sources and reasons are others
                self._reopen(pipeline=key, stages=(), sources=(), reasons=(), sets=())

        await self.pick("Into which pipeline?", "", choices, plan.pipeline.key, chosen)

    async def _ask_for_history(self) -> None:
        def chosen(path: Path | None) -> None:
            if path is not None:
                self._reopen(history=path)

        await self.app.push_screen(ImportFileDialog(self.look, "The file of the deals' visits"), chosen)


def some_text(text: str) -> None:
    """Refuse to take nothing for an answer.

    Raises:
        BadInput: nothing was typed.
    """
    if not text:
        message = "type something"
        raise BadInput(message)
