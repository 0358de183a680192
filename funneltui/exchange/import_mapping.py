"""Which column of a file is which field of a deal, and which of its words is which stage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from funneltui.domain.money import minor_digits
from funneltui.domain.pipeline import StageKind
from funneltui.domain.text import clean_line, cut, fold
from funneltui.errors import BadInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from funneltui.domain.dates import DateOrder
    from funneltui.domain.pipeline import Pipeline

# Names are compared without case, accents, blanks and signs ("Deal - Close_Date" is "dealclosedate", and that is
# "closedate"); the first name of a field that a file has wins.
COMMON_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "subject", "dealname", "opportunityname", "name", "topic"),
    "company": (
        "company", "companyname", "account", "accountname", "organization", "organisation", "organizationname",
        "customer", "client", "potentialcustomer", "associatedcompany", "partnername",
    ),
    "contact": ("contact", "contactname", "contactperson", "person", "personname", "fullname"),
    "email": ("email", "emailaddress", "contactemail", "personemail", "personemailwork", "emailfrom", "mail"),
    "phone": ("phone", "telephone", "phonenumber", "contactphone", "contactphonenumber", "personphone", "mobile"),
    "source": ("source", "leadsource", "sourcename", "origin"),
    "owner": (
        "owner", "ownername", "salesagent", "salesrep", "salesperson", "rep", "agent", "assignedto", "responsible",
    ),
    "amount": ("amount", "value", "closevalue", "dealvalue", "estrevenue", "plannedrevenue", "revenue"),
    "currency": ("currency", "currencycode", "currencyisocode", "currencyofvalue"),
    "probability": ("probability",),
    "stage": ("stage", "dealstage", "stagename", "pipelinestage", "salesstage", "phase", "listname", "status"),
    "detail": ("detail", "stagedetail", "substage"),
    "expected_close": (
        "expectedclose", "expectedclosedate", "expectedclosingdate", "estclosedate", "closedate", "closingdate",
        "datedeadline", "duedate",
    ),
    "follow_up": ("followup", "followupon", "followupdate", "nextactivitydate", "nextcontact", "nextcontactdate"),
    "follow_up_note": ("followupnote", "nextstep", "nextaction"),
    "qualifier": ("qualifier",),
    "tags": ("tags", "tag", "labels", "label"),
    "notes": ("notes", "note", "description", "comments", "comment"),
    "reason": ("reason", "rejectionreason", "lostreason", "lossreason", "closedlostreason"),
    "reason_note": ("reasonnote", "rejectionreasonnote", "lossnote"),
    "created": (
        "created", "createdon", "createdat", "createddate", "createdate", "createdtime", "datecreated", "creationdate",
        "dealcreated", "addtime",
    ),
    "entered": ("entered", "stageentered", "enteredstage", "laststagechange", "stagechangedate"),
    "closed": ("closed", "closedon", "closedat", "closeddate", "dateclosed", "actualclosedate"),
    "won": ("won", "iswon", "outcome", "wonlost", "status"),
    "external_id": ("externalid", "id", "dealid", "opportunityid", "recordid", "uuid"),
}  # fmt: skip
"""The fields that a file can give, with the column names by which they are recognised."""

FIELDS = tuple(COMMON_NAMES)
SETTABLE = tuple(field for field in FIELDS if field not in ("won", "external_id"))
"""The fields that `--set` can fill where a row has nothing: all but those that tell rows apart."""

_WORDS_BEFORE = ("deal", "opportunity", "property", "lead", "card")
_CLOSE_OF_BOTH = ("closedate", "closingdate", "close")
"""Names of a column that holds the expected close of an open deal and the close date of a closed one."""

OUTCOME_WORDS: dict[str, StageKind] = {
    "open": StageKind.OPEN, "won": StageKind.WON, "closedwon": StageKind.WON, "win": StageKind.WON,
    "lost": StageKind.LOST, "closedlost": StageKind.LOST, "lose": StageKind.LOST,
}  # fmt: skip
"""Words for an outcome, as systems write them in a stage's or a status' column."""


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """How a file's rows become deals of a pipeline.

    `columns` is the place of each field's column; `stages` gives the stage's key for a folded word; `sets` are the texts
    that fill what a row lacks; `close_is_both` says that the expected close's column also holds the date on which a
    closed deal closed. `order` and `decimal` are how dates and amounts are written, if that was said. Deals are known
    again by `system` and the id of their row.
    """

    pipeline: str
    header: tuple[str, ...]
    columns: Mapping[str, int]
    stages: Mapping[str, str]
    sets: Mapping[str, str]
    close_is_both: bool = False
    system: str = "csv"
    order: DateOrder | None = None
    decimal: str | None = None

    def describe(self) -> list[str]:
        """Say it in words for people, one line a field: what is read from which column, what is filled in."""
        read = [f"{field} from {_quoted(self.header[place])}" for field, place in self.columns.items()]
        if self.close_is_both:
            read.append(f"closed from {_quoted(self.header[self.columns['expected_close']])}, of won and lost deals")
        filled = [f"{field} set to {_quoted(text)} where there is none" for field, text in self.sets.items()]
        return read + filled

    def unread(self) -> list[str]:
        """Give the names of the columns from which nothing is read."""
        used = set(self.columns.values())
        return [cut(name) for place, name in enumerate(self.header) if place not in used and name.strip()]


def build_mapping(
    header: Sequence[str],
    pipeline: Pipeline,
    maps: Sequence[tuple[str, str]] = (),
    stages: Sequence[tuple[str, str]] = (),
    sets: Sequence[tuple[str, str]] = (),
    *,
    system: str = "csv",
    order: DateOrder | None = None,
    decimal: str | None = None,
) -> ImportMapping:
    """Give the mapping of a file with this header: what is said (`maps`, field and column), else what is recognised.

    A field mapped to the empty name is not read. `stages` are words of the file with the stage (key, name or beginning)
    that they stand for, `sets` fields with the text that fills them where a row of a new deal has nothing.

    Raises:
        BadInput: there is no such field or column, a column's name is not the only one, nothing gives a title.
        NotFound: there is no such stage.
    """
    columns = _columns(header, maps)
    texts = {_field(name, SETTABLE): text for name, text in sets}
    if "title" not in columns and "title" not in texts and "external_id" not in columns:
        message = "no column is recognised as the title; say which is with --map title=COLUMN"
        raise BadInput(f"{message}. The columns are: {_names(header)}")
    if decimal not in (None, ".", ","):
        message = f'the decimal mark must be "." or ",", not "{cut(decimal or "")}"'
        raise BadInput(message)
    if "stage" in texts:
        texts["stage"] = pipeline.find_stage(texts["stage"]).key
    if "currency" in texts:
        texts["currency"] = texts["currency"].strip().upper()
        minor_digits(texts["currency"])
    close = columns.get("expected_close")
    both = close is not None and "closed" not in columns and _bare(_plain(header[close])) in _CLOSE_OF_BOTH
    system = clean_line(system, 60) or "csv"
    return ImportMapping(
        pipeline.key, tuple(header), columns, _stage_words(pipeline, stages), texts, both, system, order, decimal
    )


def _columns(header: Sequence[str], maps: Iterable[tuple[str, str]]) -> dict[str, int]:
    said: dict[str, int | None] = {}
    for name, column in maps:
        said[_field(name, FIELDS)] = _column(header, column) if column.strip() else None
    taken = {place for place in said.values() if place is not None}
    found = dict(said)
    plain = [_plain(name) for name in header]
    bare = [_bare(name) for name in plain]
    for field, names in COMMON_NAMES.items():
        if field not in said:
            place = _recognised(plain, bare, names, taken)
            if place is not None:
                _demand_one(header, place, field)
            found[field] = place
            taken |= set() if place is None else {place}
    return {field: place for field in FIELDS if (place := found.get(field)) is not None}


def _recognised(plain: list[str], bare: list[str], names: tuple[str, ...], taken: set[int]) -> int | None:
    """Give the place of the first of these names that a column not taken yet bears, whole or without "deal"."""
    for name in names:
        for form in (plain, bare):
            place = next((place for place, one in enumerate(form) if one == name and place not in taken), None)
            if place is not None:
                return place
    return None


def _column(header: Sequence[str], name: str) -> int:
    """Give the place of a column named by a person: exactly, else without regard to case, accents and signs."""
    exact = [place for place, one in enumerate(header) if one.strip() == name.strip()]
    wanted = _plain(name)
    places = exact or [place for place, one in enumerate(header) if wanted and _plain(one) == wanted]
    if not places:
        message = f'the file has no column "{cut(name)}"; its columns are: {_names(header)}'
        raise BadInput(message)
    _demand_one(header, places[0], "FIELD")
    return places[0]


def _demand_one(header: Sequence[str], place: int, field: str) -> None:
    name = header[place].strip()
    if sum(one.strip() == name for one in header) > 1:
        message = f'the file has several columns "{cut(name)}": rename all but one'
        raise BadInput(f"{message}, or read none of them with --map {field}=")


def _field(name: str, among: tuple[str, ...]) -> str:
    field = fold(name.strip()).replace("-", "_").replace(" ", "_")
    if field not in among:
        message = f'there is no field "{cut(name)}" to be read or set; choose one of: {", ".join(among)}'
        raise BadInput(message)
    return field


def _stage_words(pipeline: Pipeline, said: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give the key of a stage for each word, folded, that names it: its key, its name, and what was said."""
    words = {}
    for stage in pipeline.stages:
        words[stage_word(stage.key)] = stage.key
        words[stage_word(stage.name)] = stage.key
    for word, text in said:
        try:
            words[stage_word(word)] = pipeline.find_stage(text).key
        except NotFound as error:
            message = f'--stage "{cut(word)}={cut(text)}": {error}'
            raise NotFound(message) from error
    return words


def stage_word(text: str) -> str:
    """Give the form in which a file's words for stages are compared."""
    return fold(clean_line(text)).replace("_", " ").replace("-", " ")


def outcome_of_word(text: str) -> StageKind | None:
    """Give the outcome for which a word stands ("Closed Won"), or nothing."""
    return OUTCOME_WORDS.get(_plain(text))


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(clean_line(name)))


def _bare(plain: str) -> str:
    """Give a column's plain name without the words for a deal before it: "dealowner" is "owner"."""
    prefix = next((word for word in _WORDS_BEFORE if plain.startswith(word) and plain != word), None)
    return _bare(plain.removeprefix(prefix)) if prefix else plain


def _names(header: Sequence[str]) -> str:
    named = [cut(name) for name in header if name.strip()]
    return ", ".join(named[:30]) + (f" and {len(named) - 30} more" if len(named) > 30 else "")


def _quoted(text: str) -> str:
    return f'"{cut(text)}"'
