"""Screens in which one types what to look for: the line for it, how it comes and goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen

from funneltui.tui.widgets.search_line import SearchLine

if TYPE_CHECKING:
    from funneltui.tui.widgets.keys_bar import KeysBar


class Searching(Screen[None]):
    """Has a line to type what to look for, in the place of the keys, and looks for it as it is typed."""

    SEARCHES: ClassVar[str]
    """What the words are looked for in."""
    BACK: ClassVar[str]
    """The action that shows all again."""

    _search: SearchLine | None = None

    @property
    def keys_bar(self) -> KeysBar:
        """The bar that gives its place to the line."""
        raise NotImplementedError

    @property
    def words(self) -> str:
        """What is looked for."""
        raise NotImplementedError

    def look_for(self, words: str) -> None:
        """Show what has these words."""
        raise NotImplementedError

    async def action_search(self) -> None:
        """Type what to look for; the line for it comes with its first use."""
        if self._search is None:
            self._search = SearchLine(self.words, self.SEARCHES, self.BACK)
            await self.mount(self._search, before=self.keys_bar)
        self._search.display = True
        self.keys_bar.display = False
        self.set_focus(self._search.field)

    @property
    def searching(self) -> bool:
        """Whether something is being typed to look for."""
        return self._search is not None and bool(self._search.display)

    def on_search_line_typed(self, message: SearchLine.Typed) -> None:
        """Look for it as it is typed."""
        if self.searching and message.text != self.words:
            self.look_for(message.text)

    def on_search_line_kept(self, message: SearchLine.Kept) -> None:
        """Go on with what was found."""
        self.leave_search()

    def leave_search(self) -> None:
        """Close the line; what it has found stays."""
        if self._search is not None:
            self._search.display = False
        self.keys_bar.display = True
        self.set_focus(None)

    def show_all_again(self) -> bool:
        """Leave the search and what it has found; tell whether there was one."""
        if not (self.searching or self.words):
            return False
        self.leave_search()
        if self._search is not None:
            self._search.field.value = ""
        self.look_for("")
        return True
