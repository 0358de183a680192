"""The way into the command line: runs one command and turns every refusal into a line and an exit status."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.errors import FunneltuiError, RuleBroken

if TYPE_CHECKING:
    from funneltui.cli.program import Program
    from funneltui.cli.session import Session

COMMANDS: dict[str, str] = {
    "demo": "a throw-away workspace full of deals, and the board",
    "init": "make a workspace from a preset",
    "add": "add a deal",
    "list": "list deals, filtered and sorted",
    "show": "show a deal with its history",
    "edit": "change fields of deals",
    "move": "move deals to a stage, through its gate",
    "win": "mark deals as won",
    "lose": "mark deals as lost, with a reason",
    "reopen": "bring a closed deal back",
    "follow-up": "set the next contact of a deal",
    "note": "write a note into a deal's history",
    "log": "log a call, mail or meeting",
    "spam": "take deals out of everything",
    "restore": "put spam back where it was, or a backup in its place",
    "undo": "take back your last change",
    "redo": "do again what you undid",
    "history": "what happened, the latest first",
    "today": "whom to contact: overdue, today, soon",
    "review": "answer what is waiting, a key a deal; or print it",
    "funnel": "draw the funnel, or print its figures",
    "forecast": "what everybody will close, against the quotas",
    "quota": "set, revise and list quotas",
    "rate": "enter, import and list rates between currencies",
    "chance": "the chance to win, with its work shown; and how good it was",
    "stats": "win rates, deal sizes, cycles, times in stage, velocity",
    "losses": "why, where and whose deals were lost",
    "changes": "what changed since a date, yesterday, the last review",
    "companies": "find companies, see what they brought, correct and merge",
    "contacts": "find contacts, see what they brought, correct and merge",
    "inbox": "what arrived by mail or web form and waits to be a deal",
    "import": "read deals from CSV, spreadsheets and exports of other systems",
    "backup": "copy the workspace, check the copy; list the backups",
    "export": "write deals, reports or the whole workspace into a file",
    "doctor": "check the database and the terminal",
    "pipeline": "show, list and change pipelines",
    "views": "list your saved views of the list",
    "users": "list, add and promote the users of a workspace",
    "themes": "list the themes of the board",
    "keys": "print the keys in force, screen by screen",
    "config": "show and change your settings",
    "completions": "print the completion script of a shell",
}
"""Every command with its short help, in the order of the help page."""

DONE, REFUSED, USAGE = 0, 1, 2
_INTERRUPTED, _BROKEN_PIPE = 130, 141

PROGRAM_NAME = "funneltui"
COMPLETE_VARIABLE = "_FUNNELTUI_COMPLETE"
"""Set by a shell that asks what can be typed."""


def run(arguments: list[str], program: Program) -> int:
    """Run the command that the arguments name, the board if none, and give the exit status.

    0: done; 1: refused, the reason on standard error and nothing changed; 2: the command is not written so; 130:
    interrupted; 141: nobody reads the output any more.
    """
    from funneltui.cli.session import Session

    _ready_output()
    session = Session(program)
    try:
        status = _dispatch(arguments, session)
        sys.stdout.flush()
        if told := session.after_change():
            _say_beside(f"warning: {told}")
    except FunneltuiError as error:
        return _refuse(str(error), _answers(error, session))
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return _BROKEN_PIPE
    except OSError as error:
        _forget_output()
        return _refuse(f"cannot write: {error.strerror or error}" if error.filename is None else str(error))
    except Exception as error:
        if told := session.explained(error):
            return _refuse(told)
        raise
    finally:
        _tell_problems(session)
        session.close()
    return status


def _tell_problems(session: Session) -> None:
    """Tell what was ignored of the config file; a shell that completes has no place for it."""
    if not os.environ.get(COMPLETE_VARIABLE):
        for problem in session.problems:
            _say_beside(f"warning: {problem}")


def _dispatch(arguments: list[str], session: Session) -> int:
    wanted = os.environ.get(COMPLETE_VARIABLE)
    if not arguments and not wanted:
        return session.program.board(session.config())  # the board is on the screen sooner without click
    import click

    from funneltui.cli.frame import funneltui

    if wanted:
        from click.shell_completion import shell_complete

        return shell_complete(funneltui, {"obj": session}, PROGRAM_NAME, COMPLETE_VARIABLE, wanted)
    try:
        with funneltui.make_context(PROGRAM_NAME, list(arguments), obj=session) as context:
            return int(funneltui.invoke(context) or DONE)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        return _INTERRUPTED
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else PROGRAM_NAME
        _complain(error.format_message())
        _say_beside(f"`{where} --help` tells how it is written")
        return USAGE


def _refuse(message: str, hint: str = "") -> int:
    _complain(message)
    if hint:
        _say_beside(hint)
    return REFUSED


def _complain(message: str) -> None:
    _say_beside(f"funneltui: {message}")


def _say_beside(text: str) -> None:
    from funneltui.cli.output import remark

    remark(text)


_PLACEHOLDERS = {
    "follow_up": "DATE",
    "expected_close": "DATE",
    "closed_on": "DATE",
    "owner": "NAME",
    "amount": "AMOUNT",
}


def _answers(error: FunneltuiError, session: Session) -> str:
    """Give the options with which the command would get through the gate that has just stopped it."""
    if not isinstance(error, RuleBroken) or not error.missing:
        return ""
    from funneltui.cli.typed import OPTION_OF

    parts = []
    for missing in error.missing:
        value = _PLACEHOLDERS.get(missing.field) or "|".join(choice.key for choice in missing.choices) or "TEXT"
        option = OPTION_OF.get(missing.field, "")
        if option in session.options:
            parts.append(f"{option} {value}")
        elif missing.field in session.options:  # an argument of the command
            parts.append(missing.field.upper())
        elif "--set" in session.options:
            parts.append(f"--set {missing.field}={value}")
    return f"say it with: {' '.join(parts)}" if parts else ""


def _ready_output() -> None:
    """Let an output that cannot show a character show another in its place: a list must not stop at a foreign name.

    Python has no output at all for a program that was started with it closed; then what is printed goes nowhere.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open until the end
        reconfigure = getattr(getattr(sys, name), "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _forget_output() -> None:
    """Send what is still buffered nowhere: else the interpreter complains of it, a second time, when it ends."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):  # an output that is no file
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
