"""A workspace's health: what keeps it, what is in it, and everything that is wrong with it, with what mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.pipeline_definitions import whole
from funneltui.errors import BadInput, StorageError
from funneltui.storage import disks, health, pipelines
from funneltui.storage.database import Damaged, reading
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
    """What an examination has found; the workspace is sound when there are no findings. `remarks` are good to know."""

    engine: Engine
    users: int
    deals: int
    events: int
    file_mode: int | None
    findings: tuple[Finding, ...]
    remarks: tuple[str, ...] = ()


_RESTORE = "`funneltui doctor --repair` saves what can be read; `funneltui restore FILE` puts a backup in its place"
_DEFINE = (
    "`funneltui pipeline edit {}` writes down what is missing; `funneltui restore FILE` puts a backup in its place"
)
_REPORT = (
    "`funneltui doctor --repair` puts right what history tells, after a backup; report it as a bug, that must not be"
)
_UNREADABLE = (ValueError, KeyError, TypeError, OverflowError, AttributeError, IndexError)
"""What reading falls over where a database holds something that cannot be."""

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
        discords = [] if damages else _about_pipelines(context) + _discords(context) + _unreadable(context)
        counts = health.counts(context.database)
    mode = health.file_mode(path) if path else None
    findings = (*damages, *discords, *_about_file(engine, path, mode))
    return Health(
        engine, counts["users"], counts["deals"], counts["events"], mode, findings, tuple(_about_disk(engine, path))
    )


def needs_salvage(context: Context) -> tuple[str, ...]:
    """Give what is damaged in a workspace's file that cannot be put right in it: its rows go into a new one."""
    try:
        found = health.damages(context.database, whole=True)
        if not health.is_history_readable(context.database):
            found.append("lines of history that cannot be read")
    except Damaged as error:
        return (str(error),)
    return tuple(text for text in found if not health.is_mendable(text))


def explained(context: Context, error: Exception) -> Exception:
    """Give what to tell when work fell over something that nobody expected: the damage of the database, if it has any.

    Where there is none, it is the error itself: a fault of the program.
    """
    if not isinstance(error, _UNREADABLE):
        return error
    try:
        with reading(context.database):
            damaged = bool(
                health.damages(context.database)
                or health.unreadable(context.database)
                or not health.is_history_readable(context.database)
            )
    except Damaged as told:
        return told
    except (StorageError, *_UNREADABLE):
        return error
    message = f"the database holds something that cannot be read: {_RESTORE}"
    return Damaged(message) if damaged else error


def _unreadable(context: Context) -> list[Finding]:
    numbers = tuple(health.unreadable(context.database))
    found = [Finding(f"deals that cannot be read: {_shown(numbers)}", _RESTORE, numbers)] if numbers else []
    if not health.is_history_readable(context.database):
        found.append(Finding("history has lines that cannot be read", _RESTORE))
    return found


def _shown(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers[:10])) + (f" ... ({len(numbers)} in all)" if len(numbers) > 10 else "")


def _about_pipelines(context: Context) -> list[Finding]:
    """Say of pipelines in use what no definition may be like: a kind of stage that is missing, a detail demanded of none."""
    found = []
    try:
        known = pipelines.load_all(context.database)
    except _UNREADABLE:
        return []  # that is told beside the deals
    for one in known:
        try:
            if not one.is_retired:
                whole(one)
        except BadInput as error:
            found.append(Finding(f"a part of the pipeline {one.name} is missing: {error}", _DEFINE.format(one.key)))
    return found


def _discords(context: Context) -> list[Finding]:
    findings = []
    for discord in Discord:
        try:
            numbers = tuple(health.discordant(context.database, discord))
        except _UNREADABLE:
            findings.append(Finding("the pipelines cannot be read", _RESTORE))
            continue
        if numbers:
            findings.append(Finding(f"deals that {_WORDS[discord]}: {_shown(numbers)}", _REPORT, numbers))
    return findings


def _about_disk(engine: Engine, path: Path | None) -> list[str]:
    """Say what a network disk means: SQLite's locks are only as good there as that disk's are."""
    kind = disks.kind_of_disk(path) if path is not None and disks.on_network_disk(path) else ""
    if not kind:
        return []
    return [
        f"the file lies on a network disk ({kind}), where SQLite's WAL is not safe: the journal mode {engine.journal} is "
        "used instead. One person at a time is well there; for a team use PostgreSQL, or a file on the machine itself"
    ]


def _about_file(engine: Engine, path: Path | None, mode: int | None) -> list[Finding]:
    findings = []
    if path is not None and mode is not None and mode & 0o077:
        findings.append(Finding(f"other accounts can reach the database file (mode {mode:04o})", f"chmod 600 {path}"))
    if path is not None and health.is_unsafe_journal(engine, path):
        what = f"the file is in WAL mode, which SQLite {engine.version} on this disk can damage"
        mend = "close every other program that has it open, then run any command: it changes the mode"
        findings.append(Finding(what, mend))
    return findings
