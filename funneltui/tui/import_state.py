"""What the screen of an import knows, without a screen: the step, what was said and found so far, where the cursor is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum, IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.exchange.file_dates import Survey
    from funneltui.exchange.file_looks import FileLook
    from funneltui.exchange.import_plan import ImportPlan, Said
    from funneltui.exchange.import_questions import Words
    from funneltui.exchange.importer import ImportReport
    from funneltui.exchange.rejected_rows import RejectedAlike


class Step(IntEnum):
    """The steps of an import, in their order."""

    FILE = 1
    COLUMNS = 2
    WORDS = 3
    GAPS = 4
    TRIAL = 5
    IMPORT = 6


NAMES = {
    Step.FILE: "file", Step.COLUMNS: "columns", Step.WORDS: "stages", Step.GAPS: "gaps", Step.TRIAL: "trial",
    Step.IMPORT: "import",
}  # fmt: skip
"""What the steps are called."""


class Tone(Enum):
    """How much a line matters."""

    PLAIN = "plain"
    QUIET = "quiet"
    SAID = "said"
    WANTED = "wanted"
    GOOD = "good"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a step: what it is of, a number of rows, what it stands for, a note; `about` tells it in full.

    `kind` and `key` say what a change of it would change; with no kind there is nothing to be changed.
    """

    name: str
    value: str = ""
    note: str = ""
    rows: int | None = None
    tone: Tone = Tone.PLAIN
    kind: str = ""
    key: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file's rows, or would become of them: the report, its rejected rows by reason, the file of these.

    `said` is what had been said when it was tried; `stopped` tells that a person ended it before the last row.
    """

    report: ImportReport
    alike: tuple[RejectedAlike, ...]
    said: Said
    rejects: Path | None = None
    stopped: bool = False


@dataclass(slots=True)
class ImportState:
    """A file on its way in. Going back loses nothing: what was said is kept until another file is chosen."""

    said: Said | None = None
    plan: ImportPlan | None = None
    look: FileLook | None = None
    sheets: tuple[str, ...] = ()
    users: frozenset[str] = frozenset()
    survey: Survey | None = None
    words: Words = field(default_factory=dict)
    trial: Outcome | None = None
    done: Outcome | None = None
    undone: str = ""
    problem: str = ""
    date_problem: str = ""
    rejects: Path | None = None
    step: Step = Step.FILE
    lines: list[Line] = field(default_factory=list)
    message: str = ""
    wrong: bool = False
    place: int = 0
    top: int = 0
    _places: dict[Step, int] = field(default_factory=dict)
    _is_new: bool = True
    _height: int = 0

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.lines[self.place] if self.place < len(self.lines) else None

    @property
    def tried(self) -> Outcome | None:
        """What the trial has shown, as long as nothing else was said since."""
        return self.trial if self.trial and self.plan and self.trial.said == self.plan.said else None

    def begin(self, said: Said) -> None:
        """Begin with a file, from nothing; the file of rejected rows is chosen anew."""
        self.said, self.plan, self.look = said, None, None
        self.problem = self.date_problem = ""
        self.sheets, self.survey, self.words = (), None, {}
        self.trial = self.done = self.rejects = None
        self.undone = ""
        self.step = Step.FILE
        self._places.clear()

    def take(self, plan: ImportPlan) -> None:
        """Go by another plan: what was looked up with the one before holds no longer, where columns play a part."""
        before, self.plan, self.said = self.plan, plan, plan.said
        if before is None or before.mapping.columns != plan.mapping.columns:
            self.words = {}

    def to(self, step: Step) -> None:
        """Go to a step; the cursor stands there where it stood before, at first on what is to be said."""
        self._places[self.step] = self.place
        self.step = step
        self._is_new = step not in self._places
        self.place, self.top = self._places.get(step, 0), 0
        self.lines = []
        self.say("")

    def show(self, lines: list[Line], height: int) -> None:
        """Show other lines; the cursor stays on what it stood on, as far as that is still there."""
        before = self.line
        self.lines = lines
        if before is not None and before.kind:
            same = [place for place, one in enumerate(lines) if (one.kind, one.key) == (before.kind, before.key)]
            self.place = same[0] if same else self.place
        if self._is_new and lines:
            self._is_new = False
            self.place = next(iter(self._wanted), 0)
        self.step_by(0, height)

    @property
    def _spots(self) -> list[int]:
        return [place for place, one in enumerate(self.lines) if one.tone is not Tone.HEADING]

    @property
    def _wanted(self) -> list[int]:
        return [place for place, one in enumerate(self.lines) if one.tone is Tone.WANTED and one.kind]

    def go_on_to_wanted(self, height: int) -> None:
        """Let the cursor go on to the next line of which something is to be said, if the one here is answered."""
        wanted = self._wanted
        if wanted and self.place not in wanted:
            self.place = next((place for place in wanted if place > self.place), wanted[0])
            self.step_by(0, height)

    @property
    def below(self) -> int:
        """How many lines are out of sight below."""
        return max(0, len(self.lines) - self.top - self._height) if self._height else 0

    def step_by(self, steps: int, height: int) -> None:
        """Let the cursor go so many lines on, over headings, and stay in sight."""
        self._height = height
        spots = self._spots
        if not spots:
            self.place = self.top = 0
            return
        here = min(range(len(spots)), key=lambda rank: abs(spots[rank] - self.place))
        self.place = spots[max(0, min(here + steps, len(spots) - 1))]
        first = 0 if self.place == spots[0] else self.place  # the headings above the first line come with it
        self.top = max(0, min(max(min(self.top, first), self.place - height + 1), len(self.lines) - height))

    def say(self, message: str, *, wrong: bool = False) -> None:
        """Say something under the lines, until the cursor goes on."""
        self.message, self.wrong = message, wrong

    def saying(self, **said: object) -> Said:
        """Give what was said with something else in its place."""
        assert self.said is not None  # a file was chosen
        return replace(self.said, **said)  # type: ignore[arg-type]
