"""The columns of a file: which field each is, by common names, by a system's exact ones, or as a person says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from funneltui.domain.text import clean_line, cut, fold
from funneltui.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
        "datedeadline", "duedate", "close",
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
CLOSE_OF_BOTH = ("closedate", "closingdate", "close")
"""Names of a column that holds the expected close of an open deal and the close date of a closed one."""


def places_of(
    header: Sequence[str],
    maps: Iterable[tuple[str, str]],
    pipeline: Pipeline,
    exact: Mapping[str, tuple[str, ...]] | None = None,
) -> dict[str, int]:
    """Give the place of each field's column: what is said (`maps`), else what is recognised.

    A column called as one of the pipeline's own fields is that field. Of a system whose `exact` headers are known nothing
    else is recognised, otherwise common names are.

    Raises:
        BadInput: there is no such field or column, or a column's name is not the only one.
    """
    said: dict[str, int | None] = {}
    for name, column in maps:
        field, place = said_place(header, name, column, pipeline)
        said[field] = place
    taken = {place for place in said.values() if place is not None}
    found = dict(said)
    for name, names in (exact or {}).items():
        field = field_named(name, FIELDS, pipeline)
        if field not in found:
            place = next((at for one in names for at, title in enumerate(header) if title.strip() == one), None)
            if place is not None and place not in taken:
                _demand_one(header, place, field)
                found[field] = place
                taken.add(place)
    plain = [plain_name(name) for name in header]
    bare = [bare_name(name) for name in plain]
    own = {field.key: (plain_name(field.key), plain_name(field.name)) for field in pipeline.fields}
    # A pipeline's own fields come first: what is called exactly so is meant for them.
    for field, names in (own if exact else own | COMMON_NAMES).items():
        if field not in found:
            place = _recognised(plain, bare, names, taken)
            if place is not None:
                _demand_one(header, place, field)
            found[field] = place
            taken |= set() if place is None else {place}
    return {field: place for field in (*FIELDS, *own) if (place := found.get(field)) is not None}


def said_place(header: Sequence[str], name: str, column: str, pipeline: Pipeline) -> tuple[str, int | None]:
    """Give the field that a person names and the place of its column; none if no column is named.

    Raises:
        BadInput: there is no such field or column, or the column's name is not the only one.
    """
    place = place_of(header, column) if column.strip() else None
    if place is not None:
        _demand_one(header, place, "FIELD")
    return field_named(name, FIELDS, pipeline), place


def _recognised(plain: list[str], bare: list[str], names: tuple[str, ...], taken: set[int]) -> int | None:
    """Give the place of the first of these names that a column not taken yet bears, whole or without "deal"."""
    for name in names:
        for form in (plain, bare):
            place = next((place for place, one in enumerate(form) if one == name and place not in taken), None)
            if place is not None:
                return place
    return None


def place_of(header: Sequence[str], name: str) -> int:
    """Give the place of the column that a person names, or of the first one of that name: exactly, else loosely.

    Loosely is without regard to case, accents and signs.

    Raises:
        BadInput: there is none; the message lists those there are.
    """
    exact = [place for place, one in enumerate(header) if one.strip() == name.strip()]
    wanted = plain_name(name)
    places = exact or [place for place, one in enumerate(header) if wanted and plain_name(one) == wanted]
    if not places:
        message = f'the file has no column "{cut(name)}"; its columns are: {listed_names(header)}'
        raise BadInput(message)
    return places[0]


def _demand_one(header: Sequence[str], place: int, field: str) -> None:
    name = header[place].strip()
    if sum(one.strip() == name for one in header) > 1:
        message = f'the file has several columns "{cut(name)}": rename all but one'
        raise BadInput(f"{message}; or read none of them with --map {field}=")


def field_named(name: str, among: tuple[str, ...], pipeline: Pipeline) -> str:
    """Give the field that a person means, one of the pipeline's own too.

    Raises:
        BadInput: there is none such; the message lists those there are.
    """
    field = fold(name.strip()).replace("-", "_").replace(" ", "_")
    if field in among:
        return field
    own = pipeline.field_called(name)
    if own is None:
        known = (*among, *(one.key for one in pipeline.fields))
        message = f'there is no field "{cut(name)}" to be read or set; choose one of: {", ".join(known)}'
        raise BadInput(message)
    return own.key


def plain_name(name: str) -> str:
    """Give the form in which names of columns are compared: folded, letters and digits alone."""
    return re.sub(r"[\W_]+", "", fold(clean_line(name)))


def bare_name(plain: str) -> str:
    """Give a column's plain name without the words for a deal before it: "dealowner" is "owner"."""
    prefix = next((word for word in _WORDS_BEFORE if plain.startswith(word) and plain != word), None)
    return bare_name(plain.removeprefix(prefix)) if prefix else plain


def listed_names(header: Sequence[str]) -> str:
    """Give the names of columns in a line, of very many the first ones."""
    named = [cut(name) for name in header if name.strip()]
    return ", ".join(named[:30]) + (f" and {len(named) - 30} more" if len(named) > 30 else "")
