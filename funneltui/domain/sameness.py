"""When two companies, contacts or deals are probably the same: by bare names, e-mails and phones. A person decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from funneltui.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from funneltui.domain.records import Company, Contact

Ratio = Callable[[str, str], float]
"""How alike two texts are, 0 to 100: the caller brings the measure (rapidfuzz's `ratio`)."""

SIMILAR = 85
"""From this ratio on two names, or two titles, are similar: a wrong letter in seven, a missing one in four."""

_NEIGHBOURS = 12
"""With how many that follow in an order a record is compared: pairs grow with the records, not with their square."""

_SHORTEST_TAIL = 7
"""So many last digits tell two phones apart, whatever stands before them."""


class Why(StrEnum):
    """Why two records are probably the same."""

    EMAIL = "same e-mail"
    PHONE = "same phone"
    NAME = "same name"
    BARE_NAME = "same name without its legal form"
    SIMILAR_NAME = "similar name"
    TITLE = "same company, similar title"


@dataclass(frozen=True, slots=True)
class Likely:
    """Two records, by their ids, that are probably the same: how surely, in percent, and why."""

    one: int
    other: int
    score: int
    why: tuple[Why, ...]


# Written without blanks and dots, as `_words` leaves them: "d. o. o.", "d.o.o." and "doo" are one.
_BEHIND = """
    ab ad ag aps as asa bt bv bvba co company coltd corp corporation dd dno doo ead ehf ek eood gbr ggmbh gmbh gmbhcokg
    hf inc incorporated jdoo kd kft kg limited llc llp lp ltd nv nyrt oe ohg ood ooo ou oy oyab oyj plc pte ptyltd sa sarl
    sas sca scs se sia sl slu snc sp spa spj spk spolkaakcyjna spolkazoo spolkazograniczonaodpowiedzialnoscia spzoo srl
    sro ug uab vof zrt
    ад адсиц ао еад еоод зао оао ооо оод пао тов
"""
_BEFORE = "ab as et ooo oy pt sia uab ао ет зао оао ооо пао тов"
_FORMS_BEHIND, _FORMS_BEFORE = frozenset(_BEHIND.split()), frozenset(_BEFORE.split())
_LONGEST_FORM = 4


def bare_name(name: str) -> str:
    """Give a company's name as it is compared: folded, its words alone, without legal forms (d.o.o., GmbH, Sp. z o.o.).

    A name of nothing but legal forms stays whole; one without a letter or digit gives "".
    """
    words = _words(name)
    while (less := _without_form(words)) != words:
        words = less
    return " ".join(words)


def _without_form(words: list[str]) -> list[str]:
    for size in range(min(_LONGEST_FORM, len(words) - 1), 0, -1):
        if "".join(words[-size:]) in _FORMS_BEHIND:
            return words[:-size]
    return words[1:] if len(words) > 1 and words[0] in _FORMS_BEFORE else words


def _words(text: str) -> list[str]:
    # Dots and apostrophes join what they stand between ("d.o.o.", "O'Neill"); everything else separates.
    joined = re.sub(r"(?<=\w)[.'’]+(?=\w)", "", fold(text))
    return re.findall(r"[^\W_]+", joined)


def mail_key(email: str) -> str:
    """Give an e-mail as it is compared, "" for none."""
    return email.strip().lower()


def phone_digits(phone: str) -> str:
    """Give the digits of a phone, without the 00 or + of an international one and without a bracketed 0 in it."""
    digits = re.sub(r"\D", "", phone.replace("(0)", ""))
    return digits.removeprefix("00")


def phone_tail(phone: str) -> str:
    """Give the last digits of a phone, by which it is looked up; "" for one that is too short to tell."""
    digits = phone_digits(phone)
    return digits[-_SHORTEST_TAIL:] if len(digits) >= _SHORTEST_TAIL else ""


def same_phone(one: str, other: str) -> bool:
    """Tell whether two phones are the same: by their digits, with and without the country ("041 ...", "+386 41 ...")."""
    return _same_digits(phone_digits(one), phone_digits(other))


def _same_digits(one: str, other: str) -> bool:
    if one == other:
        return one != ""
    short, long = sorted((one, other), key=len)
    national = short.removeprefix("0")
    there = short != national and len(national) >= _SHORTEST_TAIL and not long.startswith("0")
    return there and long.endswith(national)


def similar_titles(one: str, other: str, ratio: Ratio) -> bool:
    """Tell whether two titles of one company's deals are about the same: similar letters, or one's words in the other's.

    Titles with different numbers are not: "Renewal 2026" is no duplicate of "Renewal 2025".
    """
    first, second = _words(one), _words(other)
    if not first or not second or (_numbers(one) and _numbers(other) and _numbers(one) != _numbers(other)):
        return False
    fewer, more = sorted((set(first), set(second)), key=len)
    if len(fewer) > 1 and fewer <= more:
        return True
    in_order, as_written = (" ".join(sorted(first)), " ".join(sorted(second))), ("".join(first), "".join(second))
    return max(ratio(*in_order), ratio(*as_written)) >= SIMILAR


def _numbers(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\d+", text))


@dataclass(frozen=True, slots=True)
class _Named:
    """A company as it is compared."""

    id: int
    bare: str
    letters: str
    numbers: frozenset[str]


def company_pairs(companies: Iterable[Company], ratio: Ratio) -> list[Likely]:
    """Give the pairs of companies that are probably the same, the surest first.

    Compared are only names that stand near each other by their beginning, their end, or their words in order: a slip of
    the pen leaves at least one of these as it was.
    """
    named = [
        _Named(one.id, bare, bare.replace(" ", ""), _numbers(bare))
        for one in companies
        if (bare := bare_name(one.name))
    ]
    orders = (
        sorted(named, key=lambda one: one.bare),
        sorted(named, key=lambda one: one.bare[::-1]),
        sorted(named, key=lambda one: sorted(one.bare.split())),
    )
    return _surest_first(_likely(_near(orders), lambda one, other: _names(one, other, ratio)))


def _names(one: _Named, other: _Named, ratio: Ratio) -> _Likeness | None:
    """Say how surely two names are one company's, if at all."""
    if one.bare == other.bare:
        return 95, (Why.BARE_NAME,)
    if one.numbers != other.numbers:  # "Plant 2" is not a slip of the pen for "Plant 3"
        return None
    likeness = int(ratio(one.letters, other.letters))
    return (likeness, (Why.SIMILAR_NAME,)) if likeness >= SIMILAR else None


@dataclass(frozen=True, slots=True)
class _Person:
    """A contact as it is compared."""

    id: int
    name: str
    mail: str
    phone: str
    company: str


def contact_pairs(contacts: Iterable[Contact], ratio: Ratio) -> list[Likely]:
    """Give the pairs of contacts that are probably the same person, the surest first.

    The same e-mail, or the same phone with similar names; else the same or a similar name at the same company, or the same
    name where one has no company. Namesakes at different companies are two people.
    """
    people = [
        _Person(
            one.id,
            " ".join(sorted(_words(one.name))),
            mail_key(one.email),
            phone_digits(one.phone),
            bare_name(one.company),
        )
        for one in contacts
    ]
    together: tuple[Callable[[_Person], str], ...] = (
        lambda one: one.mail, lambda one: phone_tail(one.phone), lambda one: one.name, lambda one: one.company,
    )  # fmt: skip
    groups = (group for key in together for group in _groups(people, key))
    return _surest_first(_likely(_near(groups), lambda one, other: _people(one, other, ratio)))


def _groups(people: Iterable[_Person], key: Callable[[_Person], str]) -> Iterator[list[_Person]]:
    """Give the people who have the same key, each group in the order of their names and companies."""
    by_key: dict[str, list[_Person]] = {}
    for one in people:
        if its := key(one):
            by_key.setdefault(its, []).append(one)
    return (sorted(group, key=lambda one: (one.name, one.company)) for group in by_key.values() if len(group) > 1)


def _people(one: _Person, other: _Person, ratio: Ratio) -> _Likeness | None:
    """Say how surely two contacts are one person, if at all."""
    mail, phone = bool(one.mail) and one.mail == other.mail, _same_digits(one.phone, other.phone)
    likeness = 100 if one.name == other.name else int(ratio(one.name, other.name)) if one.name and other.name else 0
    alike = likeness >= SIMILAR or not (one.name and other.name)
    why = (Why.EMAIL,) * mail + (Why.PHONE,) * phone
    if one.name and likeness >= SIMILAR:
        why += (Why.NAME if likeness == 100 else Why.SIMILAR_NAME,)
    if mail:
        return (100 if alike else 75), why  # different names with one e-mail may share the mailbox
    if phone:
        return (95, why) if alike else None
    return _namesakes(one, other, likeness, why)


def _namesakes(one: _Person, other: _Person, likeness: int, why: tuple[Why, ...]) -> _Likeness | None:
    """Say the same of two contacts that have nothing but their names in common."""
    together = one.company == other.company
    if not why:
        return None
    if likeness == 100:
        return (90, why) if together else None if one.company and other.company else (SIMILAR, why)
    # A similar name with an e-mail of its own is a colleague's: Ana and Jana.
    return (likeness - 10, why) if together and not (one.mail and other.mail) else None


_Likeness = tuple[int, tuple[Why, ...]]
_Record = TypeVar("_Record", _Named, _Person)


def _near(orders: Iterable[Sequence[_Record]]) -> Iterator[tuple[_Record, _Record]]:
    """Give the pairs of records that stand near each other in one of the orders."""
    for order in orders:
        for place, record in enumerate(order):
            for other in order[place + 1 : place + 1 + _NEIGHBOURS]:
                yield record, other


def _likely(
    pairs: Iterable[tuple[_Record, _Record]], compare: Callable[[_Record, _Record], _Likeness | None]
) -> Iterator[Likely]:
    """Give those of the pairs that are probably the same, each once."""
    found: set[tuple[int, int]] = set()
    for one, other in pairs:
        ids = (one.id, other.id) if one.id < other.id else (other.id, one.id)
        if (likeness := compare(one, other)) and ids not in found:
            found.add(ids)
            yield Likely(*ids, *likeness)


def _surest_first(found: Iterable[Likely]) -> list[Likely]:
    return sorted(found, key=lambda likely: (-likely.score, likely.one, likely.other))
