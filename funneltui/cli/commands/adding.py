"""`add` and `edit`: a deal's fields from options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from funneltui.cli.completion import choices
from funneltui.cli.deal_answers import tell_deals
from funneltui.cli.deal_texts import beginning, change
from funneltui.cli.frame import command
from funneltui.cli.inbox_options import LABELS
from funneltui.cli.output import remark
from funneltui.cli.passages import warn_of_passages
from funneltui.cli.typed import DEAL_NUMBER, OPTION_OF, field_options, read_for, set_option, texts_of, versions_for

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.cli.session import Session
    from funneltui.services.fields import Values

_FIELDS = (
    "source", "expected_close", "company", "contact", "email", "phone", "amount", "currency", "owner", "detail",
    "follow_up", "follow_up_note", "probability", "tags", "notes", "qualifier", "reason", "reason_note", "closed_on",
)  # fmt: skip
_STAGE = click.option("--stage", metavar="STAGE", help="The stage.", shell_complete=choices("stage"))


@command("add")
@click.argument("title", metavar="TITLE", required=False)
@field_options(*_FIELDS)
@_STAGE
@click.option("--pipeline", metavar="KEY", help="The pipeline, if there are several.")
@set_option
@click.option(
    "--from-mail",
    metavar="[FILE|-]",
    is_flag=False,
    flag_value="-",
    help="Read the deal from a mail on standard input or in FILE; from an mbox, a Maildir or a folder one from each.",
)
@LABELS
def add(
    session: Session, stage: str | None, pipeline: str | None, also: list[tuple[str, str]], from_mail: str | None,
    labels: Path | None, **options: str | None,
) -> int | None:  # fmt: skip
    """Add a deal TITLE. A source and an expected close are demanded, and whatever its stage demands.

    If another deal looks like the same, by e-mail, phone, or company and title, a note on standard error says so.

    With --from-mail subject, sender, date and text of a mail are the deal's title, contact, e-mail, first day and notes; the
    options win over them, the settings inbox.* fill in. What still lacks something waits in the inbox. No mail comes twice.
    """
    if from_mail is not None:
        from funneltui.cli.mail_adding import add_from_mail

        return add_from_mail(session, from_mail, labels, texts_of(options, also), pipeline, stage)
    if options["title"] is None:
        raise click.MissingParameter(param_hint="'TITLE'", param_type="argument")
    context = session.workspace()
    from funneltui.services import deals, fields, records

    chosen = context.pipeline_of(pipeline) if pipeline else context.pipeline
    place = chosen.find_stage(stage) if stage else chosen.first
    values = fields.read(context, texts_of(options, also), chosen, place)
    alike = records.likely_duplicates(context, values)
    deal = deals.add(context, values, place.key, chosen.key)
    tell_deals(session, [deal], lambda deal: beginning(context, deal))
    for one in alike:
        remark(f"note: {one.words}")
    return None


@command("edit")
@click.argument("numbers", metavar="NUMBER...", type=DEAL_NUMBER, nargs=-1, required=True)
@field_options("title", *_FIELDS)
@click.option("--tag", "tag", metavar="+TAG|-TAG", multiple=True, help="Add a tag or take one away; may be repeated.")
@click.option("--shift-close", metavar="+7d|-2w", help="Put each expected close off, or bring it forward.")
@_STAGE
@set_option
def edit(
    session: Session, numbers: tuple[int, ...], tag: tuple[str, ...], shift_close: str | None, stage: str | None,
    also: list[tuple[str, str]], **options: str | None,
) -> None:  # fmt: skip
    """Change fields of deals, all of them or none; an empty text ("") clears one. A new stage goes through its gate."""
    context = session.workspace()
    from funneltui.services import deals

    texts = texts_of(options, also)
    _demand_clear(texts, numbers, tag, shift_close, stage)
    before = deals.several(context, numbers)
    pipeline = context.pipeline_of(before[0].pipeline)
    place = pipeline.find_stage(stage) if stage else pipeline.stage(before[0].stage)
    values = read_for(context, texts, before[0], place) | _own_changes(tag, shift_close)
    versions = versions_for(texts, before[0])
    after = deals.edit_all(context, numbers, values, versions, place.key if stage else None)
    warn_of_passages(context, before, after)
    told = {new.number: change(context, old, new) for old, new in zip(before, after, strict=True)}
    tell_deals(session, after, lambda deal: told[deal.number])


_ONE_AT_A_TIME = ("title", "amount", "currency")


def _demand_clear(
    texts: dict[str, str], numbers: tuple[int, ...], tag: tuple[str, ...], shift_close: str | None, stage: str | None
) -> None:
    """Refuse what says nothing, or two things at once."""
    message = ""
    if not texts and not tag and shift_close is None and stage is None:
        message = "name at least one field to change"
    elif tag and "tags" in texts:
        message = "--tags says all tags anew, --tag changes those there are: use one of them"
    elif shift_close is not None and "expected_close" in texts:
        message = "--close sets the expected close, --shift-close puts it off: use one of them"
    elif len(set(numbers)) > 1 and (one := next((name for name in _ONE_AT_A_TIME if name in texts), None)):
        message = f"{OPTION_OF[one]} is said for one deal at a time"
    if message:
        raise click.UsageError(message)


def _own_changes(tag: tuple[str, ...], shift_close: str | None) -> Values:
    from funneltui.services import own_changes

    values: Values = {"tags": own_changes.read_tag_change(tag)} if tag else {}
    return values | ({} if shift_close is None else {"expected_close": own_changes.read_shift(shift_close)})
