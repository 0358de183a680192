"""A workspace's health: what keeps it, what is in it, and everything that is wrong with it, with what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.storage import health
from funneltui.storage.database import reading
from funneltui.storage.database_places import file_of, is_server
from funneltui.storage.health import Discord, Engine

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.services.context import Context


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, what would mend it, and the deals it is about (none: the whole workspace)."""

    what: str
    mend: str
    deals: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """What an examination has found; the workspace is sound when there are no findings."""

    engine: Engine
    users: int
    deals: int
    events: int
    file_mode: int | None
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


_RESTORE = "restore a backup of the database file; a copy made now may help to find out what happened"
_REPORT = "the records contradict each other: keep a copy of the database, restore a backup, and report it as a bug"

_WORDS = {
    Discord.VISITS: "do not stand in exactly one stage",
    Discord.PLACE: "stand in another stage or detail than their last visit says",
    Discord.OUTCOME: "have an outcome that their stage does not",
    Discord.REACH: "are said to have reached another stage than their visits show",
    Discord.HISTORY: "lack events of their history",
    Discord.REASON: "are lost without a reason",
    Discord.DUE: "are listed under another day than their dates say",
}


def examine(context: Context, location: str) -> Health:
    """Examine a workspace, whoever owns its deals; changes nothing.

    Raises:
        StorageError: the database does not answer.
    """
    path = None if is_server(location) else file_of(location)
    with reading(context.database):
        engine = health.engine(context.database)
        damages = [Finding(f"the database is damaged: {text}", _RESTORE) for text in health.damages(context.database)]
        # What a damaged file says of its deals is worth nothing.
        discords = [] if damages else _discords(context)
        counts = health.counts(context.database)
    mode = health.file_mode(path) if path else None
    findings = (*damages, *discords, *_about_file(engine, path, mode))
    return Health(engine, counts["users"], counts["deals"], counts["events"], mode, findings)


def _discords(context: Context) -> list[Finding]:
    findings = []
    for discord in Discord:
        numbers = tuple(health.discordant(context.database, discord))
        if numbers:
            shown = ", ".join(map(str, numbers[:10])) + (f" ... ({len(numbers)} in all)" if len(numbers) > 10 else "")
            findings.append(Finding(f"deals that {_WORDS[discord]}: {shown}", _REPORT, numbers))
    return findings


def _about_file(engine: Engine, path: Path | None, mode: int | None) -> list[Finding]:
    findings = []
    if path is not None and mode is not None and mode & 0o077:
        findings.append(Finding(f"other accounts can reach the database file (mode {mode:04o})", f"chmod 600 {path}"))
    if path is not None and health.is_unsafe_journal(engine, path):
        what = f"the file is in WAL mode, which SQLite {engine.version} on this disk can damage"
        mend = "close every other program that has it open, then run any command: it changes the mode"
        findings.append(Finding(what, mend))
    return findings
