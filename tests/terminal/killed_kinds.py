"""What the trial of `killed.py` kills, first of all the changes of deals: what must hold of each whenever it was killed."""

from __future__ import annotations

import csv
from collections import Counter
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.terminal.killed_places import Ended, Place, Running

BATCH = 500
"""The rows of a file that an import takes in at once."""

MOVED = 300
"""The deals of one move: so many that there is a middle in which to be killed."""


class Kind:
    """A kind of work: what it finds, the commands that run at once, and what must hold afterwards.

    `check` gives a word for what was found ("old", "new", ...), which the report counts: it shows that the kills hit.
    """

    name: ClassVar[str]
    rows: ClassVar[int] = MOVED
    leaves_workspace: ClassVar[bool] = True
    """Whether there is a workspace afterwards in any case."""

    def build(self, place: Place) -> None:
        """Make what the work finds: a workspace with deals."""
        write_deals(place.folder / "deals.csv", self.rows)
        place.ok("init")
        place.ok("import", str(place.folder / "deals.csv"))

    def start(self, place: Place) -> Sequence[Running]:
        """Start what is killed."""
        return [place.start(*words) for words in self.commands(place)]

    def commands(self, place: Place) -> list[list[str]]:
        """Give the commands that run at once."""
        raise NotImplementedError

    def check(self, place: Place, ended: list[Ended]) -> str:
        """Demand what must hold."""
        raise NotImplementedError


def write_deals(file: Path, rows: int, ids: str = "A") -> None:
    """Write a file of deals, each with an id, for an import."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(
            ["Id", "Title", "Company", "Contact", "E-mail", "Amount", "Currency", "Source", "Expected close", "Created"]
        )
        for one in range(1, rows + 1):
            who = one % 97
            writer.writerow(
                [f"{ids}{one}", f"Deal {one}", f"Company {one % 50}", f"Person {who}", f"p{who}@example.com", one * 10,
                 "EUR", "phone", f"2099-0{one % 9 + 1}-15", f"2026-0{one % 9 + 1}-02"]
            )  # fmt: skip


def stages_of(place: Place) -> Counter[str]:
    """Give how many deals stand in each stage."""
    return Counter(deal["stage"] for deal in place.json("list", "--json"))


class Importing(Kind):
    """An import leaves whole batches, and run again comes to the very end of one that nobody killed."""

    name = "import"
    rows = 0
    wanted: ClassVar[int] = 3000

    def build(self, place: Place) -> None:
        place.ok("init")
        write_deals(place.folder / "more.csv", self.wanted)
        with place.scratch() as whole:
            whole.ok("init")
            whole.ok("import", str(place.folder / "more.csv"))
            (place.folder / "expected.json").write_text(whole.ok("list", "--json"))

    def commands(self, place: Place) -> list[list[str]]:
        return [["import", str(place.folder / "more.csv"), "--json"]]

    def check(self, place: Place, ended: list[Ended]) -> str:
        count = len(place.json("list", "--json"))
        assert count % BATCH == 0, f"{count} deals: half a batch is there"
        if ended[0].has_said_done:
            assert count == self.wanted, f"{count} deals of an import that was done"
        again = place.json("import", str(place.folder / "more.csv"))
        assert (again["created"], again["unchanged"]) == (self.wanted - count, count), again
        expected = (place.folder / "expected.json").read_text()
        assert place.ok("list", "--json") == expected, "it did not come to the same end"
        return "old" if count == 0 else "new" if count == self.wanted else "batches"


class Moving(Kind):
    """A move of many deals is there, or nothing of it."""

    name = "move"

    def commands(self, place: Place) -> list[list[str]]:
        return [["move", *map(str, range(1, MOVED + 1)), "acquisition", "--detail", "call_scheduled"]]

    before: ClassVar[str] = "waiting"
    after: ClassVar[str] = "acquisition"

    def check(self, place: Place, ended: list[Ended]) -> str:
        stages = stages_of(place)
        assert set(stages) in ({self.before}, {self.after}), f"half of it is there: {stages}"
        if ended[0].has_said_done:
            assert self.after in stages, "a change that was told is lost"
        return "new" if self.after in stages else "old"


class Undoing(Moving):
    """An undo takes a whole change back, or nothing of it."""

    name = "undo"
    before, after = "acquisition", "waiting"

    def build(self, place: Place) -> None:
        super().build(place)
        place.ok(*Moving().commands(place)[0])

    def commands(self, place: Place) -> list[list[str]]:
        return [["undo"]]


class Redoing(Moving):
    """A redo does a whole change again, or nothing of it."""

    name = "redo"

    def build(self, place: Place) -> None:
        super().build(place)
        place.ok(*Moving().commands(place)[0])
        place.ok("undo")

    def commands(self, place: Place) -> list[list[str]]:
        return [["redo"]]


class Together(Kind):
    """Several programs at once, all killed: what each of them has told is there."""

    name = "together"
    wanted: ClassVar[int] = 1500

    def build(self, place: Place) -> None:
        super().build(place)
        write_deals(place.folder / "more.csv", self.wanted, ids="B")

    def commands(self, place: Place) -> list[list[str]]:
        moved = [str(number) for number in range(1, MOVED + 1)]
        third = MOVED // 3
        return [
            ["import", str(place.folder / "more.csv")],
            ["move", *moved[:third], "acquisition", "--detail", "to_be_offered"],
            ["win", "200"],
            ["note", "201", "a note of the trial"],
            ["backup"],
        ]

    def check(self, place: Place, ended: list[Ended]) -> str:
        deals = {deal["number"]: deal for deal in place.json("list", "--json")}
        imported, moved, won, noted, backed = ended
        assert (len(deals) - MOVED) % BATCH == 0, f"{len(deals)} deals: half a batch is there"
        stages = Counter(deals[number]["stage"] for number in range(1, MOVED // 3 + 1))
        assert len(stages) == 1, f"half of a move is there: {stages}"
        assert not imported.has_said_done or len(deals) == MOVED + self.wanted
        assert not moved.has_said_done or "acquisition" in stages
        assert not won.has_said_done or deals[200]["outcome"] == "won"
        notes = [event for event in place.json("show", "201")["events"] if event["kind"] == "noted"]
        assert len(notes) == 1 if noted.has_said_done else len(notes) <= 1
        listed = place.json("backup", "--list")
        assert not [one for one in listed if one["wrong"]], listed
        assert not backed.has_said_done or any(one["kind"] == "backup" for one in listed)
        return f"{sum(one.has_said_done for one in ended)} of {len(ended)} done"
