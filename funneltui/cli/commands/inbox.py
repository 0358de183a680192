"""`inbox`: what arrived by mail or web form: listed, shown, completed, dropped; and the server that takes forms."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from funneltui.cli.deal_answers import tell_deals
from funneltui.cli.deal_texts import beginning
from funneltui.cli.frame import CommandGroup, command
from funneltui.cli.inbox_options import LABELS, completion
from funneltui.cli.inbox_texts import row_of, whole
from funneltui.cli.output import Column, on_terminal, say, say_json, say_json_array, say_rows
from funneltui.cli.paging import pages
from funneltui.cli.typed import OPTION_OF, field_options, set_option, texts_of
from funneltui.domain.inbox import EntryState
from funneltui.domain.inbox_words import title_of

if TYPE_CHECKING:
    from funneltui.cli.session import Session
    from funneltui.domain.inbox import Entry

_COLUMNS = (
    Column("#", number=True), Column("arrived", number=True), Column("by"), Column("from", least=10),
    Column("title", least=16), Column("owner"), Column("", least=22),
)  # fmt: skip
_NUMBERS = click.argument("numbers", metavar="ENTRY...", type=click.IntRange(1, 2**31 - 1), nargs=-1, required=True)
_NUMBER = click.argument("number", metavar="ENTRY", type=click.IntRange(1, 2**31 - 1))


@command("list", short_help="list what waits")
@click.option("--dropped", is_flag=True, help="Those that were dropped.")
@click.option("--all", "everything", is_flag=True, help="All that ever arrived, with the deals that came of it.")
def list_entries(session: Session, dropped: bool = False, everything: bool = False) -> None:
    """List what arrived and waits to be completed, the newest first, with what it lacks; a rep sees his own."""
    context = session.workspace()
    state = None if everything else EntryState.DROPPED if dropped else EntryState.WAITING
    from funneltui.services import inbox

    said = completion(session, {})
    found = pages(lambda size, start: inbox.listed(context, state, said, size, start))
    if session.json:
        from funneltui.exchange.inbox_records import entry_record

        say_json_array(entry_record(one) for one in found)
        return
    plain = not on_terminal()
    say_rows(_COLUMNS, (row_of(context, one, plain=plain) for one in found))


@command("show", short_help="show one with its text")
@_NUMBER
def show(session: Session, number: int) -> None:
    """Show an ENTRY with what was found in it, what it lacks, and its text."""
    context = session.workspace()
    from funneltui.services import inbox

    opened = inbox.opened(context, number, completion(session, {}))
    if session.json:
        from funneltui.exchange.inbox_records import entry_record

        say_json(entry_record(opened, text=True))
        return
    say(whole(context, opened))


@command("complete", short_help="make a deal of one")
@_NUMBER
@field_options(*OPTION_OF)
@click.option("--stage", metavar="STAGE", help="The stage in which the deal begins.")
@click.option("--pipeline", metavar="KEY", help="The pipeline, if there are several.")
@set_option
def complete(
    session: Session, number: int, stage: str | None, pipeline: str | None, also: list[tuple[str, str]],
    **options: str | None,
) -> None:  # fmt: skip
    """Make a deal of an ENTRY: what it lacks comes from the options, which win over what was found, and the settings.

    `undo` takes the deal back, and the entry waits again.
    """
    context = session.workspace()
    from funneltui.services import inbox

    deal = inbox.complete(context, number, completion(session, texts_of(options, also), pipeline, stage))
    tell_deals(session, [deal], lambda deal: beginning(context, deal))


@command("drop", short_help="take some out of the inbox")
@_NUMBERS
def drop(session: Session, numbers: tuple[int, ...]) -> None:
    """Take each ENTRY out of the inbox, all or none; they are kept, and `inbox restore` brings them back."""
    context = session.workspace()
    from funneltui.services import inbox

    _tell(session, inbox.drop(context, numbers), "dropped")


@command("restore", short_help="bring dropped ones back")
@_NUMBERS
def restore(session: Session, numbers: tuple[int, ...]) -> None:
    """Let each ENTRY that was dropped wait again, all or none."""
    context = session.workspace()
    from funneltui.services import inbox

    _tell(session, inbox.restore(context, numbers), "waits again")


@command("serve", prints=False, short_help="take web forms by HTTP")
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", metavar="N", type=click.IntRange(0, 65535), default=8765, show_default=True, help="0: any free."
)
@click.option(
    "--token-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The file with the token that every request must bring; only you may read it. [env: FUNNELTUI_INBOX_TOKEN]",
)
@LABELS
@field_options("title", "source", "expected_close", "owner")
@click.option("--pipeline", metavar="KEY", help="The pipeline, if there are several.")
@click.option(
    "--rate", metavar="N", type=click.IntRange(1), default=30, show_default=True, help="Requests a minute and address."
)
@click.option(
    "--rate-all", metavar="N", type=click.IntRange(1), default=300, show_default=True, help="Forms a minute in all."
)
@click.option("--proxy", metavar="ADDRESS", help="The reverse proxy whose X-Forwarded-For is believed.")
def serve(
    session: Session, host: str, port: int, token_file: Path | None, labels: Path | None, pipeline: str | None, rate: int,
    rate_all: int, proxy: str | None, **options: str | None,
) -> None:  # fmt: skip
    """Take the forms that a web site posts, as JSON or urlencoded, until SIGTERM or ctrl+c; needs funneltui[serve].

    A request is `POST /` with `Authorization: Bearer TOKEN`. The options say what a form does not; what then still lacks
    something waits in the inbox. Each request leaves a line on standard error that says nothing of anybody.
    """
    from funneltui.cli.inbox_server import Listening, serve_forms
    from funneltui.cli.request_limits import read_token

    token = read_token(token_file)
    said = completion(session, {}, pipeline)
    said = replace(said, defaults={**said.defaults, **texts_of(options)})
    serve_forms(session, Listening(host, port, proxy or "", rate, rate_all), token, labels, said)


def _tell(session: Session, entries: list[Entry], what: str) -> None:
    if session.json:
        say_json([{"number": one.number, "state": one.state.value} for one in entries])
        return
    for one in entries:
        say(f"entry {one.number} {what}: {title_of(one)}")


inbox = CommandGroup(
    "inbox", "What arrived by mail or web form and waits to be a deal.", list_entries,
    (show, complete, drop, restore, serve),
)  # fmt: skip
