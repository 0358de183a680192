"""What arrives from outside and may become a deal: a mail or a web form, and the entry of the inbox in which it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from funneltui.domain.naming import is_called

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from funneltui.domain.pipeline import Pipeline

FILLED = (
    "title", "contact", "company", "email", "phone", "amount", "currency", "expected_close", "source", "qualifier", "tags",
)  # fmt: skip
"""The fields that somebody outside may fill, beside the pipeline's own: none that says whose a deal is or how it stands."""

ID_LIMIT = 300
"""The most characters of a message's id."""

_MAIL_WORDS = ("email", "e-mail", "mail")
_FORM_WORDS = ("contact form", "web form", "form", "website", "web")


class Channel(StrEnum):
    """How something arrived; also the name of the system in whose ids a deal that came of it is known again."""

    MAIL = "mail"
    FORM = "form"


class EntryState(StrEnum):
    """What became of an entry so far."""

    WAITING = "waiting"
    DEAL = "deal"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What somebody outside has sent, read and cleaned but not believed.

    `id` tells it from every other one of its channel; `texts` are fields as they were written, by their names; `text` is
    the whole of it for people; `sent` is what its date says, none if it says nothing; `is_form` tells a mail that a contact
    form wrote from one that a person wrote.
    """

    channel: Channel
    id: str
    sender: str
    texts: Mapping[str, str]
    text: str
    sent: datetime | None = None
    is_form: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """An arrival as it is kept in the inbox.

    `texts` are its fields, dates as ISO text; `owner` is who will be in charge, none: nobody; `deal` is the number of the
    deal that came of it and stands: one whose adding was undone is none, so that the entry waits again. Moments are UTC.
    """

    number: int
    channel: Channel
    id: str
    received: datetime
    sent: datetime | None
    sender: str
    texts: Mapping[str, str]
    text: str
    pipeline: str
    owner: str | None = None
    stage: str | None = None
    deal: int | None = None
    dropped: datetime | None = None
    dropped_by: str | None = None

    @property
    def state(self) -> EntryState:
        """What became of it so far."""
        if self.deal is not None:
            return EntryState.DEAL
        return EntryState.WAITING if self.dropped is None else EntryState.DROPPED

    @property
    def began(self) -> datetime:
        """When its deal begins: when it was sent, as far as that can be; a date to come is not believed."""
        return self.received if self.sent is None or self.sent > self.received or self.sent.year < 1970 else self.sent


def source_for(pipeline: Pipeline, *, is_form: bool) -> str:
    """Give the key of the source of a pipeline that stands for mails or for contact forms (D6), or nothing."""
    for word in _FORM_WORDS if is_form else _MAIL_WORDS:
        for source in pipeline.sources:
            if is_called(source, word):
                return source.key
    return ""
