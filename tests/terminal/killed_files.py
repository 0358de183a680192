"""What the trial of `killed.py` kills of the work on whole workspaces: backups, restores, files made and upgraded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.storage import schema
from tests.terminal.killed_kinds import Kind, Moving
from tests.terminal.killed_places import OLDER

if TYPE_CHECKING:
    from tests.terminal.killed_places import Ended, Place


class BackingUp(Kind):
    """A backup is whole, or not there; the next one takes away what a killed one has left."""

    name = "backup"
    rows = 2000

    def commands(self, place: Place) -> list[list[str]]:
        return [["backup", str(place.folder / "copy.backup")], ["backup"]]

    def check(self, place: Place, ended: list[Ended]) -> str:
        there = (place.folder / "copy.backup").exists()
        if ended[0].has_said_done:
            assert there, "a backup that was told is not there"
        if there:
            seen = place.json("restore", str(place.folder / "copy.backup"), "--dry-run")
            assert seen["holds"]["deals"] == self.rows, seen
        listed = place.json("backup", "--list")
        assert not [one for one in listed if one["wrong"]], listed
        assert not ended[1].has_said_done or any(one["kind"] == "backup" for one in listed)
        left = bool(place.leftovers())
        place.ok("backup", str(place.folder / "copy.backup"), "--force")
        place.ok("backup")
        assert not place.leftovers(), f"left for good: {place.leftovers()}"
        return "new" if there else "unfinished" if left else "old"


class Restoring(Kind):
    """A killed restore leaves the old workspace or the new one, and the old one is kept, found and named."""

    name = "restore"
    rows = 1000

    def build(self, place: Place) -> None:
        super().build(place)
        place.ok("backup", str(place.folder / "earlier.backup"))
        (place.folder / "earlier.jsonl").write_text("".join(place.whole()))
        place.ok(*Moving().commands(place)[0])
        (place.folder / "present.jsonl").write_text("".join(place.whole()))

    def commands(self, place: Place) -> list[list[str]]:
        return [["restore", str(place.folder / "earlier.backup")]]

    def check(self, place: Place, ended: list[Ended]) -> str:
        whole = "".join(place.whole())
        was, is_to_be = ((place.folder / name).read_text() for name in ("present.jsonl", "earlier.jsonl"))
        assert whole in (was, is_to_be), "it is neither the old workspace nor the new one"
        kept = [one for one in place.json("backup", "--list") if one["kind"] == "before-restore"]
        assert all(one["wrong"] is None for one in kept), kept
        if whole == is_to_be:
            assert kept, "what was there is kept nowhere"
            place.ok("restore", kept[0]["file"])
            assert "".join(place.whole()) == was, "what was kept is not what was there"
        place.ok("restore", str(place.folder / "earlier.backup"))
        assert "".join(place.whole()) == is_to_be
        assert not place.leftovers(), f"left for good: {place.leftovers()}"
        return "new" if whole == is_to_be else "old"


class Founding(Kind):
    """A workspace is made of a file, or there is none and it can still be made."""

    name = "init --from"
    rows = 1500
    leaves_workspace = False

    def build(self, place: Place) -> None:
        with place.scratch() as other:
            super().build(other)
            other.ok("export", "--what", "workspace", "--out", str(place.folder / "source.jsonl"))

    def commands(self, place: Place) -> list[list[str]]:
        return [["init", "--from", str(place.folder / "source.jsonl")]]

    def check(self, place: Place, ended: list[Ended]) -> str:
        source = [
            line for line in (place.folder / "source.jsonl").open(encoding="utf-8") if "pipelines_version" not in line
        ]
        again = place.run("init", "--from", str(place.folder / "source.jsonl"))
        if again.status:
            assert "there is a workspace here already" in again.err, again.err
        else:
            assert not ended[0].has_said_done, "a workspace that was told is not there"
        assert place.whole() == source, "it is not what the file holds"
        return "new" if again.status else "old"


class Upgrading(Kind):
    """An older workspace has had each migration whole or not at all, and the next program goes on from there."""

    name = "upgrade"
    rows = 1000
    leaves_workspace = False  # `doctor` would do the work itself

    def build(self, place: Place) -> None:
        with place.scratch() as other:
            super().build(other)
            place.make_older(other)

    def commands(self, place: Place) -> list[list[str]]:
        return [["list", "--json"]]

    def check(self, place: Place, ended: list[Ended]) -> str:
        done = place.schema()
        assert done in schema.known(), done
        assert len(place.json("list", "--json")) == self.rows
        assert not [one for one in place.json("backup", "--list") if one["wrong"]]
        return {OLDER: "old", schema.known()[-1]: "new"}.get(done, "between")
