"""`doctor`: checks the database, the config file and the terminal, and says what mends what is wrong."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

from funneltui.cli.frame import command
from funneltui.cli.location import shown_location
from funneltui.cli.output import say, say_json
from funneltui.errors import FunneltuiError
from funneltui.terminal_kind import Colors, colors

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.services.health import Health

Facts = dict[str, Any]

_LIBRARIES = ("textual", "rich", "click", "peewee", "python-dateutil", "babel")
_COLORS = {Colors.SIXTEEN: "16", Colors.MANY: "256", Colors.ALL: "truecolor"}
_MEND_SETTINGS = "correct the line; `funneltui config` shows the settings in force, `funneltui keys` the keys"


@command("doctor")
@click.option("--repair", is_flag=True, help="Put right what can be: shown first, asked for, done after a backup.")
@click.option("--yes", is_flag=True, help="Do not ask before a repair.")
def doctor(session: Session, repair: bool, yes: bool) -> int:
    """Check the database, the config file and the terminal.

    The exit status is 1 when something is wrong; each finding says what mends it.
    """
    if repair:
        from funneltui.cli.commands.repairing import repair_workspace

        return repair_workspace(session, yes=yes)
    chosen = session.config()
    health, wrong = _examined(session, chosen.location)
    session.problems = ()  # they are told here, among the findings
    findings = (
        [{"what": one.what, "mend": one.mend, "deals": list(one.deals)} for one in health.findings] if health else []
    )
    if wrong:
        findings.append({"what": wrong, "mend": "", "deals": []})
    findings += [{"what": problem, "mend": _MEND_SETTINGS, "deals": []} for problem in _mistakes(session)]
    facts: dict[str, Facts] = {
        "versions": _versions(health),
        "paths": _paths(chosen.location),
        "database": _database(health),
        "terminal": terminal(),
    }
    if session.json:
        say_json(facts | {"findings": findings, "sound": not findings})
    else:
        _print(facts, findings, health.remarks if health else ())
    return 1 if findings else 0


def _examined(session: Session, location: str) -> tuple[Health | None, str]:
    try:
        context = session.workspace()
        from funneltui.services.health import examine

        return examine(context, location), ""
    except FunneltuiError as error:
        return None, str(error)


def _mistakes(session: Session) -> list[str]:
    """Give what is wrong in the config file; whoever gives no keys there waits for no screen to be imported."""
    from funneltui import config_file, paths

    file = config_file.read(paths.config_file())
    found = session.program.keys(file.keys).mistakes if file.keys else ()
    return [*file.problems, *(file.told(f"keys.{one.action}", one.message) for one in found)]


def _versions(health: Health | None) -> Facts:
    from importlib.metadata import PackageNotFoundError, version

    from funneltui import __version__

    facts: Facts = {"funneltui": __version__, "python": platform.python_version(), "system": platform.platform()}
    for name in _LIBRARIES:
        try:
            facts[name] = version(name)
        except PackageNotFoundError:
            facts[name] = None
    if health is not None:
        facts[health.engine.kind.lower()] = health.engine.version
        facts["driver"] = health.engine.driver
    return facts


def _paths(location: str) -> Facts:
    from funneltui import paths

    return {
        "database": shown_location(location),
        "config": str(paths.config_file()),
        "config_exists": paths.config_file().exists(),
        "themes": [str(folder) for folder in paths.theme_dirs() if folder.is_dir()],
    }


def _database(health: Health | None) -> Facts:
    if health is None:
        return {}
    return {
        "kind": health.engine.kind,
        "journal_mode": health.engine.journal or None,
        "schema": health.engine.schema[-1] if health.engine.schema else None,
        "file_mode": None if health.file_mode is None else f"{health.file_mode:04o}",
        "users": health.users,
        "deals": health.deals,
        "events": health.events,
    }


def terminal() -> Facts:
    """Give what the terminal says of itself; what it can really show is known to nobody else."""
    size = shutil.get_terminal_size((0, 0))
    term = os.environ.get("TERM", "")
    return {
        "term": term or None,
        "colorterm": os.environ.get("COLORTERM") or None,
        "colors": "none" if term in ("", "dumb", "unknown") else _COLORS[colors(os.environ)],
        "no_color": bool(os.environ.get("NO_COLOR")),
        "encoding": sys.stdout.encoding,
        "size": f"{size.columns}x{size.lines}" if size.columns else None,
        "tty": {name: stream.isatty() for name, stream in _streams()},
        "inside": "tmux" if os.environ.get("TMUX") else "screen" if os.environ.get("STY") else None,
        "ssh": bool(os.environ.get("SSH_CONNECTION")),
    }


def _streams() -> tuple[tuple[str, Any], ...]:
    return ("stdin", sys.stdin), ("stdout", sys.stdout), ("stderr", sys.stderr)


def _print(facts: dict[str, Facts], findings: list[Facts], remarks: tuple[str, ...]) -> None:
    for heading, values in facts.items():
        if values:
            say(heading)
        for name, value in values.items():
            say(f"  {name:<16} {_text(value)}")
    for hint in (*remarks, *hints(facts["terminal"])):
        say(f"hint: {hint}")
    for finding in findings:
        say(f"wrong: {finding['what']}")
        if finding["mend"]:
            say(f"  mend: {finding['mend']}")
    say("something is wrong" if findings else "all is well")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(name for name, on in value.items() if on) or "none"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return "-" if value is None else str(value)


def hints(seen: Facts) -> list[str]:
    """Give what is not wrong but makes the board look worse than it can."""
    said = []
    if "utf" not in str(seen["encoding"]).lower():
        said.append(f"the encoding is {seen['encoding']}; with LANG=C.UTF-8 every character can be shown")
    if seen["colors"] == "none":
        said.append("TERM says that there is no terminal to draw on; the board needs another, the commands do not")
    if seen["inside"] == "tmux" and "256color" not in str(seen["term"]):
        said.append('tmux shows 256 colours with: set -g default-terminal "tmux-256color"')
    return said
