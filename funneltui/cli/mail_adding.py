"""`add --from-mail`: deals from the mails of a place, one after another, and what became of each."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from funneltui.cli.deal_texts import beginning
from funneltui.cli.inbox_options import completion, known_labels
from funneltui.cli.output import remark, say, say_json
from funneltui.domain.inbox import Channel
from funneltui.domain.inbox_words import lacking
from funneltui.domain.text import counted, cut
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from funneltui.cli.session import Session
    from funneltui.domain.inbox import Arrival
    from funneltui.exchange.mail_boxes import Letter
    from funneltui.services.context import Context
    from funneltui.services.inbox import Taken
    from funneltui.services.inbox_values import Completion


@dataclass(slots=True)
class _Tally:
    """What became of the mails of a place; `unreadable` are where and why."""

    fates: dict[str, int] = field(default_factory=lambda: {"added": 0, "waiting": 0, "known": 0})
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    taken: list[dict[str, object]] = field(default_factory=list)

    @property
    def mails(self) -> int:
        """How many there were."""
        return sum(self.fates.values()) + len(self.unreadable)


def add_from_mail(
    session: Session,
    place: str,
    labels: Path | None,
    options: Mapping[str, str],
    pipeline: str | None,
    stage: str | None,
) -> int:
    """Take the mails of a place in: "-" is standard input; give the exit status, 1 if there was nothing but unreadable ones.

    Several mails are one change: one undo takes back all that came of them.

    Raises:
        BadInput: the only mail is none, or an option cannot be read. StorageError: the place cannot be read.
    """
    context = session.workspace()
    from funneltui.exchange import mail_boxes
    from funneltui.exchange.mail_in import read_mail
    from funneltui.services.imports import as_one_change

    is_box = place != "-" and mail_boxes.is_box(Path(place))
    if is_box and "title" in options:
        raise click.UsageError("a TITLE is said for one mail; --from-mail names a place for many")
    said = completion(session, options, pipeline, stage)
    known = known_labels(labels, context.pipeline_of(pipeline) if pipeline else context.pipeline)
    found: Iterator[Letter] = mail_boxes.letters(Path(place)) if place != "-" else iter([mail_boxes.from_input()])
    tally = _Tally()
    with as_one_change(context) if is_box else nullcontext():
        for letter in found:
            try:
                arrival = read_mail(letter.data, known)
            except BadInput as error:
                if not is_box:
                    raise BadInput(f"{letter.where}: {error}") from error
                tally.unreadable.append((letter.where, str(error)))
                continue
            _take(session, context, arrival, said, tally)
    _tell(session, tally, is_box=is_box)
    return 1 if tally.unreadable and len(tally.unreadable) == tally.mails else 0


def _take(session: Session, context: Context, arrival: Arrival, said: Completion, tally: _Tally) -> None:
    from funneltui.services import inbox, records

    texts = {name: arrival.texts[name] for name in ("company", "email", "phone", "title") if name in arrival.texts}
    alike = [] if session.json else records.likely_duplicates(context, dict(texts))
    taken = inbox.take_in(context, arrival, said)
    tally.fates[taken.fate.value] += 1
    if session.json:
        tally.taken.append(_record(taken, arrival))
        return
    say(_sentence(context, taken, arrival))
    for one in alike if taken.fate is inbox.Fate.ADDED else ():
        remark(f"note: {one.words}")


def _sentence(context: Context, taken: Taken, arrival: Arrival) -> str:
    from funneltui.services.inbox import Fate

    if taken.deal is not None:
        return beginning(context, taken.deal)
    title = cut(arrival.texts.get("title", "") or arrival.sender or "no subject")
    if taken.fate is Fate.KNOWN:
        one = taken.entry
        where = "" if one is None else f" (deal {one.deal})" if one.deal else f" (entry {one.number}, {one.state})"
        what = "mail" if arrival.channel is Channel.MAIL else "form"
        return f"known already{where}: {title}; no {what} comes twice"
    number = taken.entry.number if taken.entry else 0
    why = f"it lacks {lacking(taken.missing)}" if taken.missing else taken.why
    return f"entry {number} waits in the inbox: {title}; {why}"


def _record(taken: Taken, arrival: Arrival) -> dict[str, object]:
    entry = taken.entry
    return {
        "fate": taken.fate.value,
        "entry": entry.number if entry else None,
        "deal": entry.deal if entry else None,
        "title": arrival.texts.get("title", ""),
        "lacks": [one.field for one in taken.missing],
    }


def _tell(session: Session, tally: _Tally, *, is_box: bool) -> None:
    if session.json:
        unreadable = [{"where": where, "why": why} for where, why in tally.unreadable]
        say_json({"mails": tally.mails} | tally.fates | {"unreadable": unreadable, "taken": tally.taken})
        return
    for where, why in tally.unreadable:
        say(f"{where}: {why}")
    if is_box:
        fates = ", ".join(f"{number:,} {fate}" for fate, number in tally.fates.items())
        say(f"{counted(tally.mails, 'mail')}: {fates}, {len(tally.unreadable):,} unreadable")
