"""What is probably the same, pair by pair: a key merges, a key says no; nothing is merged by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from funneltui.domain.records import Contact
from funneltui.domain.text import strip_controls
from funneltui.errors import FunneltuiError
from funneltui.services import merge_plans, record_windows
from funneltui.services.record_windows import Kind, label_of, record_of
from funneltui.tui.keymap import hint
from funneltui.tui.painting import fit
from funneltui.tui.screens.base import Dialog
from funneltui.tui.widgets.painted import Painted, Piece
from funneltui.tui.widgets.record_figures import counts, sums, touched_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.geometry import Size

    from funneltui.services.context import Clock, Context
    from funneltui.services.record_windows import RecordLine
    from funneltui.services.same_records import SameCompanies, SameContacts
    from funneltui.tui.theming import Look
    from funneltui.tui.worker import Worker

    Same = SameCompanies | SameContacts

_LABEL, _SUMS = 12, 30


class SameDialog(Dialog[None]):
    """Looks for pairs in the storage thread, and shows one after another; `refused` are those that one has said no to."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "merge", show=False),
        Binding("n,space", "no", show=False),
        Binding("s,x", "swap", show=False),
        Binding("escape,q", "leave", show=False),
    ]

    def __init__(self, worker: Worker, context: Context, look: Look, kind: Kind, refused: set[frozenset[int]]) -> None:
        """Look for pairs of a kind."""
        super().__init__(classes="dialog")
        self.worker, self.look, self.kind, self.refused = worker, look, kind, refused
        self.pairs: list[Same] = []
        self.shown: tuple[RecordLine, RecordLine] | None = None
        self.merged = self._asked = 0
        self._view = PairView(look, context.clock)

    def compose(self) -> ComposeResult:
        """Lay out the pair."""
        with Vertical(classes="box wide"):
            yield Static(Content(""), classes="title")
            yield self._view
            yield Static(Content(""), classes="problem")
            yield Static(Content(""), classes="hint")

    def on_mount(self) -> None:
        """Begin to look."""
        self._tell("looking ...")
        self.soon(self._look(), reading=True)

    async def _look(self) -> None:
        from funneltui.services import same_records

        service = same_records.same_companies if self.kind is Kind.COMPANY else same_records.same_contacts
        try:
            found: Sequence[Same] = await self.worker.run(service)
        except FunneltuiError as error:
            self._tell(str(error))
            return
        if self.is_left:
            return
        self.pairs = [pair for pair in found if frozenset(_ids(pair)) not in self.refused]
        self._asked = len(self.pairs)
        await self._next()

    async def _next(self) -> None:
        """Show the next pair of which both are still there; meanwhile one may be gone."""
        self.shown = None
        while self.pairs and self.shown is None:
            try:
                lines = await self.worker.run(record_windows.lines, self.kind, _ids(self.pairs[0]))
            except FunneltuiError as error:
                self._tell(str(error))
                return
            if self.is_left:
                return
            if len(lines) == 2:
                self.shown = lines[0], lines[1]
            else:
                self.pairs.pop(0)
        if self.shown is None:
            self._tell(self._over())
            return
        pair = self.pairs[0]
        self._view.show(*self.shown)
        place = self._asked - len(self.pairs) + 1
        why = f"  {place} of {self._asked}   {pair.score} %: {', '.join(pair.why)}"
        self.query_one(".title", Static).update(Content.assemble("Probably the same", (why, "dim")))
        self._keys(("↵", "merge"), ("s", "the other stays"), ("n", "no"), ("esc", "leave"))
        self._complain("")

    def _over(self) -> str:
        plural = "companies" if self.kind is Kind.COMPANY else "contacts"
        if not self._asked:
            return f"no two {plural} look the same"
        if not self.merged:
            return "that was all; nothing was merged"
        return f"that was all: {self.merged} merged{hint(self.app, 'deal.undo', 'takes the last one back')}"

    def _tell(self, words: str) -> None:
        if self.is_left:
            return
        self._view.show()
        self.query_one(".title", Static).update(Content(strip_controls(words)))
        self._complain("")
        self._keys(("esc", "back"))

    def _keys(self, *keys: tuple[str, str]) -> None:
        parts: list[str | tuple[str, str]] = []
        for key, does in keys:
            parts += [(key, "bold"), f" {does}  "]
        self.query_one(".hint", Static).update(Content.assemble(*parts))

    def _complain(self, problem: str) -> None:
        shown = self.query_one(".problem", Static)
        shown.display = bool(problem)
        shown.update(Content(strip_controls(problem)))

    async def action_merge(self) -> None:
        """Let the second one's deals go over to the first; refused, the pair stays with the reason."""
        if self.shown is None:
            self.action_leave()
            return
        keep, gone = (record_of(line).id for line in self.shown)
        try:
            await self.worker.run(merge_plans.merge, self.kind, keep, [gone])
        except FunneltuiError as error:
            self._complain(str(error))
            return
        self.merged += 1
        self.pairs.pop(0)
        await self._next()

    async def action_no(self) -> None:
        """They are two; on to the next pair."""
        if self.pairs and self.shown:
            self.refused.add(frozenset(_ids(self.pairs.pop(0))))
            await self._next()

    def action_swap(self) -> None:
        """Let the other one stay."""
        if self.shown:
            self.shown = self.shown[1], self.shown[0]
            self._view.show(*self.shown)

    def action_leave(self) -> None:
        """Back to the list."""
        self.dismiss(None)


def _ids(pair: Same) -> list[int]:
    return [record_of(pair.keep).id, record_of(pair.other).id]


class PairView(Painted):
    """Two records side by side: the one that would stay, and the one that would go."""

    def __init__(self, look: Look, clock: Clock) -> None:
        """Show nothing yet."""
        super().__init__(look)
        self.clock = clock
        self._rows: list[tuple[str, str, str]] = []

    def show(self, keep: RecordLine | None = None, gone: RecordLine | None = None) -> None:
        """Show two records, or nothing."""
        self._rows = []
        if keep is not None and gone is not None:
            texts = zip(self._texts(keep), self._texts(gone), strict=True)
            self._rows = [
                ("", "stays", "goes over to it"),
                *((label, one, other) for (label, one), (_, other) in texts),
            ]
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Take a line a text."""
        return len(self._rows)

    def _texts(self, line: RecordLine) -> list[tuple[str, str]]:
        record, figures = record_of(line), line.figures
        texts = [("name", label_of(record))]
        if isinstance(record, Contact):
            texts = [
                ("name", record.name),
                ("company", record.company),
                ("e-mail", record.email),
                ("phone", record.phone),
            ]
        return [
            *texts,
            ("deals", counts(figures)),
            ("open", sums(figures.open_amounts, _SUMS)),
            ("won", sums(figures.won_amounts, _SUMS)),
            ("last touch", touched_in_words(figures, self.clock)),
        ]

    def pieces(self, y: int, width: int) -> list[Piece]:
        """Paint a line; what differs is what one looks at."""
        if y >= len(self._rows):
            return []
        palette, (label, one, other) = self.palette, self._rows[y]
        room = (width - _LABEL - 2) // 2
        style = palette.muted if not y or one == other else palette.strong if y == 1 else palette.text
        return [
            (fit(label, _LABEL), palette.muted), (fit(one or "-", room), palette.won if not y else style), ("  ", style),
            (fit(other or "-", room), style),
        ]  # fmt: skip
