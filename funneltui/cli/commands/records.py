"""`companies` and `contacts`: looked for, opened, corrected and merged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from funneltui.cli.frame import command
from funneltui.cli.output import Column, on_terminal, remark, say, say_facts, say_json, say_json_array, say_rows
from funneltui.cli.paging import pages
from funneltui.cli.record_group import RecordGroup
from funneltui.cli.record_texts import (
    COMPANY_COLUMNS,
    CONTACT_COLUMNS,
    company_row,
    contact_row,
    say_deals,
    say_figures,
)
from funneltui.domain.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.cli.session import Session
    from funneltui.domain.deal import Deal
    from funneltui.services.records import ContactLine

_WORDS = click.argument("words", nargs=-1)
_LIMIT = click.option("--limit", metavar="N", type=click.IntRange(min=0), help="At most so many.")
_PROPOSALS = click.option(
    "--limit", metavar="N", type=click.IntRange(1, 1000), default=50, show_default=True, help="At most so many."
)
_SAME_COLUMNS = (Column("score", number=True), Column("keep", least=16), Column("other", least=16), Column("why"))


@command("list", short_help="list companies by name")
@_WORDS
@_LIMIT
def list_companies(session: Session, words: tuple[str, ...], limit: int | None) -> None:
    """List the companies of your deals whose names have all the WORDS, with what their deals come to."""
    context = session.workspace()
    from funneltui.services import records

    found = pages(lambda size, start: records.companies(context, " ".join(words), size, start), limit)
    if session.json:
        from funneltui.exchange.company_records import company_record

        say_json_array(company_record(line) for line in found)
        return
    say_rows(COMPANY_COLUMNS, (company_row(context, line) for line in found))


@command("show", short_help="show a company with its contacts and deals")
@click.argument("name")
def show_company(session: Session, name: str) -> None:
    """Show company NAME: what its deals come to, its lifetime value, its contacts and its newest deals."""
    context = session.workspace()
    from funneltui.services import records

    sheet = records.company(context, name)
    if session.json:
        from funneltui.exchange.company_records import company_sheet_record

        say_json(company_sheet_record(context, sheet))
        return
    say(sheet.company.name)
    say_figures(context, sheet.figures)
    if sheet.contacts:
        say("contacts")
        say_rows(CONTACT_COLUMNS, map(contact_row, sheet.contacts))
    say_deals(context, sheet.deals)


@command("edit", short_help="give a company another name")
@click.argument("name")
@click.option("--name", "new_name", metavar="NAME", required=True, help="The name that it is to have.")
def edit_company(session: Session, name: str, new_name: str) -> None:
    """Give company NAME another name, on all its deals at once; `undo` takes it back."""
    context = session.workspace()
    from funneltui.services import merging

    done = merging.edit_company(context, name, new_name)
    _tell(session, {"name": done.company.name}, f"company {done.company.name}", done.deals)


@command("same", short_help="propose companies that are probably the same")
@_PROPOSALS
def same_companies(session: Session, limit: int) -> None:
    """List pairs of companies that are probably the same, the surest first. `companies merge` merges; nothing else does."""
    context = session.workspace()
    from funneltui.services import same_records

    pairs = same_records.same_companies(context, limit)
    if session.json:
        from funneltui.exchange.company_records import same_companies_record

        say_json_array(map(same_companies_record, pairs))
        return
    rows = ((f"{one.score}%", one.keep.company.name, one.other.company.name, ", ".join(one.why)) for one in pairs)
    say_rows(_SAME_COLUMNS, rows)
    _hint(pairs, "companies merge KEEP OTHER")


@command("merge", short_help="merge companies into one")
@click.argument("keep")
@click.argument("others", metavar="OTHER...", nargs=-1, required=True)
def merge_companies(session: Session, keep: str, others: tuple[str, ...]) -> None:
    """Let the deals of OTHER companies go over to company KEEP; `undo` takes it back."""
    context = session.workspace()
    from funneltui.services import merging

    done = merging.merge_companies(context, keep, others)
    _tell(session, {"name": done.company.name}, f"company {done.company.name}", done.deals)


@command("list", short_help="list contacts by name")
@_WORDS
@_LIMIT
def list_contacts(session: Session, words: tuple[str, ...], limit: int | None) -> None:
    """List the contacts of your deals that have all the WORDS in name, e-mail, phone or company."""
    context = session.workspace()
    from funneltui.services import records

    found = pages(lambda size, start: records.contacts(context, " ".join(words), size, start), limit)
    if session.json:
        from funneltui.exchange.company_records import contact_record

        say_json_array(contact_record(line) for line in found)
        return
    say_rows(CONTACT_COLUMNS, map(contact_row, found))


@command("show", short_help="show a contact with its deals")
@click.argument("contact")
def show_contact(session: Session, contact: str) -> None:
    """Show a CONTACT, by its number, name or e-mail: what its deals come to, and the newest of them."""
    context = session.workspace()
    from funneltui.services import records

    sheet = records.contact(context, _which(contact))
    if session.json:
        from funneltui.exchange.company_records import contact_sheet_record

        say_json(contact_sheet_record(context, sheet))
        return
    found = sheet.contact
    say(f"contact {found.id}  {found.label}")
    say_facts(("company", found.company), ("e-mail", found.email), ("phone", found.phone))
    say_figures(context, sheet.figures)
    say_deals(context, sheet.deals)


@command("edit", short_help="correct a contact")
@click.argument("contact")
@click.option("--name", "contact_name", metavar="NAME", help="The name.")
@click.option("--email", metavar="ADDRESS", help="The e-mail.")
@click.option("--phone", metavar="NUMBER", help="The phone.")
def edit_contact(session: Session, contact: str, contact_name: str | None, **others: str | None) -> None:
    """Correct a CONTACT, by its number, name or e-mail, on all its deals at once; "" takes a text away."""
    typed = {name: text for name, text in {"contact": contact_name, **others}.items() if text is not None}
    if not typed:
        message = "name at least one of --name, --email and --phone"
        raise click.UsageError(message)
    context = session.workspace()
    from funneltui.exchange.company_records import named_contact
    from funneltui.services import fields, merging

    values = fields.read(context, typed, context.pipeline, context.pipeline.first)
    done = merging.edit_contact(context, _which(contact), {name: str(text) for name, text in values.items()})
    _tell(session, named_contact(done.contact), f"contact {done.contact.id} ({done.contact.label})", done.deals)


@command("same", short_help="propose contacts that are probably one person")
@_PROPOSALS
def same_contacts(session: Session, limit: int) -> None:
    """List pairs of contacts that are probably one person, the surest first. `contacts merge` merges; nothing else does."""
    context = session.workspace()
    from funneltui.services import same_records

    pairs = same_records.same_contacts(context, limit)
    if session.json:
        from funneltui.exchange.company_records import same_contacts_record

        say_json_array(map(same_contacts_record, pairs))
        return
    rows = ((f"{one.score}%", _told(one.keep), _told(one.other), ", ".join(one.why)) for one in pairs)
    say_rows(_SAME_COLUMNS, rows)
    _hint(pairs, "contacts merge KEEP OTHER")


@command("merge", short_help="merge contacts into one")
@click.argument("keep")
@click.argument("others", metavar="OTHER...", nargs=-1, required=True)
def merge_contacts(session: Session, keep: str, others: tuple[str, ...]) -> None:
    """Let the deals of OTHER contacts go over to contact KEEP, each by its number, name or e-mail.

    What KEEP lacks it takes from the others; `undo` takes it all back.
    """
    context = session.workspace()
    from funneltui.exchange.company_records import named_contact
    from funneltui.services import merging

    done = merging.merge_contacts(context, _which(keep), [_which(other) for other in others])
    _tell(session, named_contact(done.contact), f"contact {done.contact.id} ({done.contact.label})", done.deals)


def _which(typed: str) -> int | str:
    """Give the number of a contact if one was typed, else its name or e-mail."""
    return int(typed) if re.fullmatch("[1-9][0-9]{0,8}", typed) else typed


def _tell(session: Session, record: dict[str, object], named: str, changed: Sequence[Deal]) -> None:
    if session.json:
        say_json(record | {"changed": [deal.number for deal in changed]})
        return
    say(f"{named}: {counted(len(changed))} changed" if changed else f"{named} is as it was")


def _told(line: ContactLine) -> str:
    contact = line.contact
    return f"{contact.id} {contact.label}{f' ({contact.company})' if contact.company else ''}"


def _hint(pairs: Sequence[object], command_line: str) -> None:
    if pairs and on_terminal():
        remark(f"`funneltui {command_line}` makes one of two; nothing is merged by itself")


companies = RecordGroup(
    "companies",
    "Companies with their deals and what they brought. WORDS look for names.",
    list_companies,
    (show_company, edit_company, same_companies, merge_companies),
)
contacts = RecordGroup(
    "contacts",
    "Contacts with their deals and what they brought. WORDS look for names, e-mails, phones and companies.",
    list_contacts,
    (show_contact, edit_contact, same_contacts, merge_contacts),
)
