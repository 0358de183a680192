"""The values of an inbox entry's deal: what was said beside it, what arrived, and what the settings fill in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.custom_fields import FieldKind
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.history import Role
from funneltui.domain.inbox import FILLED, source_for
from funneltui.domain.text import clean_line, fold
from funneltui.errors import BadInput, NotAllowed, NotFound
from funneltui.services import fields
from funneltui.services.people import find_user

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.domain.inbox import Arrival, Entry
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.services.context import Context
    from funneltui.services.fields import Values

NOBODY = "nobody"
"""The word that, as an owner of what arrives, means that it is unassigned."""

DEFAULTED = ("title", "source", "expected_close")
"""The fields that settings fill in; the owner is apart."""

SETTING_OF = {"expected_close": "inbox.close", "owner": "inbox.owner", "source": "inbox.source"}
"""The setting that fills in each field that one can."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What is said beside what arrived, as typed texts by their fields' names.

    `options` win over what arrived, `defaults` (the settings) fill in what neither says: owner, title, source, expected
    close. `pipeline` and `stage` are keys or names; none: the workspace's first.
    """

    options: Mapping[str, str]
    defaults: Mapping[str, str]
    pipeline: str | None = None
    stage: str | None = None


def values_of(context: Context, entry: Entry, said: Completion, pipeline: Pipeline, stage: Stage) -> Values:
    """Give the values of the deal that an entry makes: options, then what arrived, then the settings.

    Raises:
        BadInput, NotFound: an option or a setting cannot be read.
    """
    currency = said.options.get("currency", entry.texts.get("currency", ""))
    with_currency = {"currency": currency} if currency else {}
    values = _lenient(context, {**entry.texts, **with_currency}, pipeline, stage)
    values |= fields.read(context, {**with_currency, **said.options}, pipeline, stage)
    for name in DEFAULTED:
        if not values.get(name) and (typed := said.defaults.get(name)):
            values[name] = default(context, name, typed, pipeline, stage)
    if "owner" not in values:
        values["owner"] = entry.owner
    elif _is_nobody(said.options["owner"]):
        values["owner"] = None
    notes = [str(values.get("notes") or ""), entry.text]
    return values | {"notes": "\n\n".join(part for part in notes if part)}


def default(context: Context, name: str, text: str, pipeline: Pipeline, stage: Stage) -> object:
    """Give the value of a field that the settings say.

    Raises:
        BadInput: it cannot be read.
    """
    try:
        return fields.read_one(context, name, text, pipeline, stage, pipeline.currency)
    except (BadInput, NotFound) as error:
        message = f"the settings of the inbox: {error}"
        raise BadInput(message) from error


def _lenient(context: Context, texts: Mapping[str, str], pipeline: Pipeline, stage: Stage) -> Values:
    """Give the values of those texts that can be read: what a stranger wrote is no mistake of whoever acts here."""
    values = _read_or_nothing(context, {"currency": texts.get("currency", "")}, pipeline, stage)
    for name, text in texts.items():
        if name != "currency":
            given = {"currency": str(values.get("currency", "")), name: text}
            values |= _read_or_nothing(context, given, pipeline, stage)
    return values


def _read_or_nothing(context: Context, texts: Mapping[str, str], pipeline: Pipeline, stage: Stage) -> Values:
    try:
        return fields.read(context, texts, pipeline, stage)
    except (BadInput, NotFound):
        return {}


def kept_texts(
    context: Context, arrival: Arrival, said: Completion, pipeline: Pipeline, stage: Stage
) -> dict[str, str]:
    """Give the texts to be kept: those that can be read, with what is said beside them; dates as ISO text, for what is
    "+30d" today is another day when the entry is completed; and the source, if the pipeline has one for what arrived so.

    Raises:
        BadInput, NotFound: an option or a setting cannot be read.
    """
    given = {name: clean_line(text) for name, text in arrival.texts.items() if _may_fill(name, pipeline)}
    options = {_key(name, pipeline): text for name, text in said.options.items() if name != "owner"}
    read = _lenient(context, given, pipeline, stage) | fields.read(context, options, pipeline, stage)
    texts = {name: text for name, text in {**given, **options}.items() if text and name in read}
    for name in DEFAULTED:
        if not texts.get(name) and (typed := said.defaults.get(name)):
            read[name] = default(context, name, typed, pipeline, stage)
            texts[name] = typed
    days = {name: str(read[name]) for name in texts if name in fields.DATES or _is_day(pipeline, name)}
    source = texts.get("source") or source_for(pipeline, is_form=arrival.is_form)
    return texts | days | ({"source": source} if source else {})


def _key(name: str, pipeline: Pipeline) -> str:
    own = None if name in FIELD_LABELS else pipeline.field_called(name)
    return own.key if own else name


def _may_fill(name: str, pipeline: Pipeline) -> bool:
    return name in FILLED or (name not in FIELD_LABELS and pipeline.field_called(name) is not None)


def _is_day(pipeline: Pipeline, name: str) -> bool:
    own = pipeline.field_called(name)
    return name not in FIELD_LABELS and own is not None and own.kind is FieldKind.DATE


def owner_of(context: Context, said: Completion) -> str | None:
    """Give who will be in charge, none: nobody; a rep takes in for himself only (D11); within a transaction.

    Raises:
        NotFound: nobody is called so. NotAllowed: a rep takes in for somebody else.
    """
    text = said.options.get("owner", said.defaults.get("owner", "me"))
    if context.actor.role is Role.REP:
        if _is_nobody(text) or find_user(context, text).id == context.actor.id:
            return context.actor.name
        message = "only a manager takes in what is somebody else's"
        raise NotAllowed(message)
    return None if _is_nobody(text) else find_user(context, text).name


def _is_nobody(text: str) -> bool:
    return fold(clean_line(text)) in ("", NOBODY)
