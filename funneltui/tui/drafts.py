"""Drafts: what is typed into a form is kept meanwhile, dropped when that is left or saved, and offered after a cut-off."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from textual.css.query import NoMatches
from textual.screen import ScreenResultType

from funneltui.errors import FunneltuiError, StorageError
from funneltui.tui.screens.base import Dialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from textual.app import App
    from textual.await_complete import AwaitComplete
    from textual.timer import Timer

    from funneltui.exchange.drafts import Draft, DraftFile, DraftFolder
    from funneltui.services.context import Context
    from funneltui.tui.worker import Worker

PAUSE = 1.0
"""The seconds after a key at which what is typed then is kept; so long can a program that is killed lose."""

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Offer:
    """A draft to go on with, the place where it is kept, and what is to be said of it (why it was refused, what changed)."""

    file: DraftFile
    draft: Draft
    remark: str = ""


class Keeper:
    """Keeps what is typed in one form; whichever thread comes first writes the latest, and that only."""

    def __init__(self, file: DraftFile) -> None:
        """Keep it in a place."""
        self.file = file
        self._next: deque[Draft | None] = deque(maxlen=1)
        self._lock = Lock()

    def take(self, draft: Draft | None) -> None:
        """Take what is typed now, or that nothing is; never waits."""
        self._next.append(draft)

    def write(self) -> None:
        """Bring to the disk what was taken last, if that has not been done.

        Raises:
            StorageError: the disk refuses.
        """
        with self._lock:
            if not self._next:
                return
            draft = self._next.pop()
            if draft is None:
                self.file.drop()
            elif self.file.draft is None or self.file.draft.texts != draft.texts:
                self.file.keep(draft)


class Drafts:
    """The drafts of the worker's user in its workspace: those being typed here, and those that wait to be offered."""

    def __init__(self, worker: Worker, folder: Path, location: str) -> None:
        """Keep drafts in a folder; `location` is the workspace's path or URL."""
        self._worker, self._path, self._location = worker, folder, location
        self._saved: dict[int, tuple[object, Keeper, Draft]] = {}  # by the identity of what a form gave
        self._complained = False
        self.offers: deque[Offer] = deque()
        self.offering = False

    @cached_property
    def folder(self) -> DraftFolder:
        """The drafts on the disk."""
        from funneltui.exchange.drafts import DraftFolder, owner_key  # not before the first frame

        return DraftFolder(self._path, owner_key(self._location, self._worker.context.actor.name))

    def now(self) -> datetime:
        """Give the present moment, by the workspace's clock."""
        return self._worker.context.clock.now()

    async def waiting(self) -> list[DraftFile]:
        """Give the drafts on the disk that nobody is typing; see `DraftFolder.waiting`."""
        return await self._worker.run(lambda context: self.folder.waiting(context.clock.now()))

    def write_soon(self, app: App[Any], keeper: Keeper) -> None:
        """Let the worker's thread write what a keeper has taken; no key waits for a disk."""
        self._worker.submit(lambda _: self._write(app, keeper))

    def hand_over(self, answer: object, keeper: Keeper, draft: Draft) -> None:
        """Keep a draft until the answer that its form gave is stored; see `saving`."""
        keeper.take(draft)
        self._saved[id(answer)] = (answer, keeper, draft)

    def flush(self, app: App[Any]) -> None:
        """Write at once, in this thread, what is not on the disk yet: the program is about to end."""
        open_here = [screen.taken_at_the_end() for screen in app.screen_stack if isinstance(screen, DraftedDialog)]
        for keeper in [*open_here, *(keeper for _, keeper, _ in list(self._saved.values()))]:
            if keeper is not None:
                self._write(app, keeper)

    def settling(
        self, app: App[Any], answer: object, service: Callable[Concatenate[Context, Given], Answer]
    ) -> Callable[Concatenate[Context, Given], Answer]:
        """See `saving`."""
        if id(answer) not in self._saved:
            return service
        _, keeper, draft = self._saved[id(answer)]

        def settled(context: Context, /, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
            # All of it in the worker's thread: the program may be told to end between the storing and its answer.
            try:
                stored = service(context, *args, **kwargs)
            except FunneltuiError as error:
                from funneltui.tui.draft_offers import offer_again

                self._write(app, keeper)
                app.call_later(offer_again, app, Offer(keeper.file, draft, str(error)))
                raise
            else:
                keeper.take(None)
                self._write(app, keeper)
                return stored
            finally:
                self._saved.pop(id(answer), None)

        return settled

    def _write(self, app: App[Any], keeper: Keeper) -> None:
        """Write; a disk that refuses is told of once, and nobody is kept from typing."""
        try:
            keeper.write()
        except StorageError as error:
            if not self._complained:
                self._complained = True
                app.call_later(app.notify, str(error), severity="warning", markup=False, timeout=10)


class DraftedDialog(Dialog[ScreenResultType]):
    """A dialog that is typed into: what is typed is kept until it is left, or until its answer is stored."""

    def __init__(self, offer: Offer | None = None) -> None:
        """Begin anew, or with a draft that was offered."""
        super().__init__(classes="dialog")
        self.offer = offer
        self._keeper = Keeper(offer.file) if offer else None
        self._pause: Timer | None = None

    def draft(self, at: datetime) -> Draft | None:
        """Give what is typed now, at this moment, or none if nothing is."""
        raise NotImplementedError

    def typed(self) -> None:
        """A text has changed: keep it in a moment, together with the keys that follow."""
        if self._pause is None and drafts_of(self.app) is not None:
            self._pause = self.set_timer(PAUSE, self._keep)

    def taken(self) -> Keeper | None:
        """Give what keeps the draft once it has taken what was typed last; none when it has that already."""
        drafts = drafts_of(self.app)
        if self._pause is None or drafts is None:
            return None
        self._pause.stop()
        self._pause = None
        return self._taking(drafts, self.draft(drafts.now()))

    def taken_at_the_end(self) -> Keeper | None:
        """Give the same when the program ends: a key may stand in its field already whose word has not come here yet."""
        drafts = drafts_of(self.app)
        keeper = self.taken()
        if keeper is not None or drafts is None:
            return keeper
        with suppress(NoMatches):  # it is only being built: nothing is typed
            if (draft := self.draft(drafts.now())) is not None:
                return self._taking(drafts, draft)
        return None

    def _taking(self, drafts: Drafts, draft: Draft | None) -> Keeper:
        self._keeper = self._keeper or Keeper(drafts.folder.begin())
        self._keeper.take(draft)
        return self._keeper

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close: without an answer nothing is kept any more; with one the draft stays until that is stored."""
        drafts = drafts_of(self.app)
        if drafts is not None:
            draft = None if result is None else self.draft(drafts.now())
            if draft is not None:
                drafts.hand_over(result, self._keeper or Keeper(drafts.folder.begin()), draft)
            elif self._keeper is not None:
                self._keeper.take(None)
                drafts.write_soon(self.app, self._keeper)
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        return super().dismiss(result)

    def _keep(self) -> None:
        drafts, keeper = drafts_of(self.app), self.taken()
        if drafts is not None and keeper is not None:
            drafts.write_soon(self.app, keeper)


def drafts_of(app: App[Any]) -> Drafts | None:
    """Give the drafts that an app keeps; none where nothing stays, as in the demo."""
    drafts: Drafts | None = getattr(app, "drafts", None)
    return drafts


def saving(
    app: App[Any], answer: object, service: Callable[Concatenate[Context, Given], Answer]
) -> Callable[Concatenate[Context, Given], Answer]:
    """Give a service that stores the answer of a form, and that settles its draft in the same stroke.

    The draft is removed once the service has succeeded. When it refuses (a conflict, a rule, the storage) the draft stays,
    and is offered again at once with the refusal.
    """
    drafts = drafts_of(app)
    return service if drafts is None else drafts.settling(app, answer, service)
