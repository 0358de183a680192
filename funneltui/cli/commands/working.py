"""`note`, `log`, `spam` and `restore`: working a deal where it stands; `restore` takes a backup as well."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from funneltui.cli.deal_answers import tell_deals
from funneltui.cli.frame import command
from funneltui.cli.typed import DEAL_NUMBER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.cli.session import Session
    from funneltui.domain.deal import Deal

_NUMBER = click.argument("number", type=DEAL_NUMBER)
_NUMBERS = click.argument("numbers", metavar="NUMBER...", type=DEAL_NUMBER, nargs=-1, required=True)


@command("note", context_settings={"ignore_unknown_options": True})
@_NUMBER
@click.argument("text", nargs=-1, required=True)
def note(session: Session, number: int, text: tuple[str, ...]) -> None:
    """Write TEXT into the history of deal NUMBER."""
    context = session.workspace()
    from funneltui.services import activities

    _tell(session, [activities.note(context, number, " ".join(text))], "noted on deal {}")


@command("log")
@_NUMBER
@click.option("--call", "by", flag_value="call", help="It was a call.")
@click.option("--mail", "by", flag_value="mail", help="It was a mail.")
@click.option("--meeting", "by", flag_value="meeting", help="It was a meeting.")
@click.argument("text", nargs=-1)
def log(session: Session, number: int, by: str | None, text: tuple[str, ...]) -> None:
    """Log a contact with the client of deal NUMBER: --call, --mail or --meeting, and a few words."""
    if by is None:
        message = "say how: --call, --mail or --meeting"
        raise click.UsageError(message)
    context = session.workspace()
    from funneltui.services import activities

    done = activities.log(context, number, activities.ContactBy(by), " ".join(text))
    _tell(session, [done], f"{by} logged on deal {{}}")


@command("spam")
@_NUMBERS
def spam(session: Session, numbers: tuple[int, ...]) -> None:
    """Mark deals as spam: out of the board, every list and every figure, until they are restored."""
    context = session.workspace()
    from funneltui.services import activities

    _tell(session, activities.spam(context, numbers), "deal {} is spam; `funneltui restore {}` puts it back")


@command("restore")
@click.argument("what", metavar="NUMBER...|FILE", type=click.Path(), nargs=-1)
@click.option(
    "--backup", "file", metavar="FILE", type=click.Path(path_type=Path), help="A backup, whatever its name is."
)
@click.option("--dry-run", is_flag=True, help="Examine the backup, say what it holds, and change nothing.")
def restore(session: Session, what: tuple[str, ...], file: Path | None, dry_run: bool) -> None:
    """Put spam back where it was; or put the backup FILE in the place of the whole workspace.

    A word that is a whole number is a deal's, anything else is a backup's file. A backup is examined first; the present
    state is kept beside the other backups, from where it can be restored in turn.
    """
    numbers = [word for word in what if re.fullmatch(r"[0-9]+", word)]
    files = [Path(word) for word in what if word not in numbers] + ([file] if file else [])
    if len(files) > 1 or bool(files) == bool(numbers):
        message = "name the numbers of deals that are spam, or one backup's file (`funneltui backup --list`)"
        raise click.UsageError(message)
    if files:
        from funneltui.cli.commands.restore import restore_backup

        restore_backup(session, files[0], dry_run=dry_run)
        return
    if dry_run:
        message = "--dry-run is for a backup's file"
        raise click.UsageError(message)
    wanted = [DEAL_NUMBER.convert(number, None, None) for number in numbers]
    context = session.workspace()
    from funneltui.services import activities

    _tell(session, activities.restore(context, wanted), "deal {} is back where it was")


def _tell(session: Session, changed: Sequence[Deal], sentence: str) -> None:
    """Say a sentence of each deal, its number in the place of {}."""
    tell_deals(session, changed, lambda deal: sentence.replace("{}", str(deal.number)))
