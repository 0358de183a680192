"""The demo's workspace: invented deals with two years of history, told through the real services."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from random import Random
from typing import TYPE_CHECKING, TypeVar

from funneltui.domain.dates import DateOrder
from funneltui.domain.history import Role
from funneltui.domain.money import minor_digits
from funneltui.domain.text import fold, key_from
from funneltui.services import deals, demo_inbox, moves, people, workspaces
from funneltui.services.context import Clock, Context
from funneltui.storage import changes
from funneltui.storage.database import writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import tzinfo

    from funneltui.domain.pipeline import Pipeline
    from funneltui.services.fields import Values

_Card = TypeVar("_Card")

_SIGNS = {"w": "waiting", "a": "acquisition", "o": "offered", "W": "acquired", "L": "resigned"}
"""The stages by the letters of a path; "f" in a path is a follow-up set anew, without a move."""

_COMPANIES = (
    "Harbour Logistics", "Łódź Printworks", "Žalec Garden Supply", "Šiauliai Woollens", "Пловдив Ceramics",
    "Jyväskylä Lamps", "Tall Chimney Bakery", "Copper Spoon Catering", "Blue Barge Freight",
    "Seven Stairs Hotel", "Paper Kite Stationery", "Quiet Mill Foods", "Green Shutter Pharmacy",
    "Slate Roof Builders", "Odd Wheel Cycles", "Long Table Furniture", "Warm Brick Ovens",
    "Crooked Lane Books", "Salt Door Fisheries", "Hollow Tree Nursery", "Rope and Pulley Works",
    "Thimble Tailors", "Wet Stone Tools", "Far Field Seeds", "High Window Glass", "Plain Button Shirts",
    "Brass Hinge Locksmiths", "Windy Corner Clinic", "Iron Ladder Rentals", "Oat and Barley Mill",
    "Lantern Street Dental", "Snowplough Services", "Cedar Box Packaging", "Loose Cable Electric",
    "Upper Quay Storage", "Third Bridge Surveyors", "Lower Meadow School", "Spare Wheel Garage",
)  # fmt: skip

_PRODUCTS = {
    "warehouse scanners": (6, 40), "label printers": (3, 18), "stock software": (8, 60),
    "support contract": (2, 24), "staff training": (1, 9), "till system": (5, 35), "time clocks": (2, 12),
    "site network": (6, 45), "data migration": (4, 30), "backup service": (2, 20), "booking page": (2, 15),
    "spare parts": (1, 8),
}  # fmt: skip
"""What is sold, with the lowest and highest price in thousands."""

_CONTACTS = ("purchasing", "head of IT", "office", "warehouse lead", "finance", "operations", "site lead")
_NEXT_STEPS = (
    "call about the offer", "send the revised price", "ask who signs", "agree on a date",
    "ask about the test run", "confirm the quantities", "send two references", "call back",
)  # fmt: skip
_SOURCES = {
    "contact_form": 26, "email": 20, "phone": 17, "partner": 11, "live_call": 9, "direct_visit": 6,
    "chat": 6, "social_media": 5,
}  # fmt: skip
_REASONS = {
    "price": 9, "competitor": 6, "no_answer": 6, "timing": 5, "no_budget": 4, "no_need": 3,
    "missing_feature": 2, "other": 1,
}  # fmt: skip
_REASON_NOTES = {
    "price": "about 15 % above their limit", "competitor": "took a package with hardware included",
    "timing": "ask again next spring", "no_budget": "frozen until the new year",
}  # fmt: skip
_REPS = ("north", "south", "east")


@dataclass(frozen=True, slots=True)
class _Ending:
    """How some deals stand today: the paths they took, and when what happened last, all in days from today.

    `touched` is the range of days since the last step, `due` that of the days until the next contact (none:
    there is no next contact; `by_close`: it is the expected close that is due), `gap` that of the days from
    one step to the next.
    """

    paths: str
    touched: tuple[int, int]
    due: tuple[int, int] | None = None
    gap: tuple[int, int] = (3, 12)
    by_close: bool = False
    unassigned: bool = False


_OPEN = (
    _Ending("w wa waf wao waof waoLo", (14, 21), due=(-11, -1)),
    _Ending("wa waf wo waoao", (3, 9), due=(0, 0)),
    _Ending("w", (5, 8), due=(0, 0), by_close=True),
    _Ending("w w w wa a waf wao wao waof", (1, 8), due=(1, 7)),
    _Ending("wo", (1, 1), due=(2, 6), gap=(0, 0)),
    _Ending("wa", (4, 6), due=(1, 4), by_close=True),
    _Ending("w w w w wa wa waf waoa wao wao wao waof wo waoao", (2, 12), due=(8, 45)),
    _Ending("w w", (1, 1), unassigned=True),
    _Ending("w w w w w", (1, 3)),
    _Ending("wa wa a", (1, 6)),
    _Ending("w w w w wa wa", (11, 24)),
    _Ending("w", (8, 12), unassigned=True),
)
_ASKING = 3
"""The place in the telling of the deal about which a mail waits in the inbox: offered, and overdue."""
_AFTER_SALE = (_Ending("waoW", (6, 12), due=(3, 7)), _Ending("waoW", (13, 20), due=(8, 20)))
_WON_PATHS = (*("waoW",) * 13, *("woW",) * 3, *("aoW",) * 2, *("waoaoW",) * 2, *("wW",) * 2)
_LOST_PATHS = (*("wL",) * 12, *("waL",) * 12, *("waoL",) * 9, "woL", "aL", "waoaL")
_SPREAD = 630
"""The days over which the closing of deals is spread: with the steps before it that makes two years."""


def create(
    location: str,
    pipeline: Pipeline,
    user: str,
    clock: Clock,
    order: DateOrder = DateOrder.DMY,
) -> Context:
    """Make a workspace full of invented deals, `user` its manager with two reps beside him; give it opened.

    The pipeline must be the `acquisition` preset, in any currency. What is in it depends on the user's day
    alone: the same on every run of a day. Nothing but follow-ups and expected closes lies after yesterday.

    In its inbox a few mails and forms wait.

    Raises:
        RuleBroken: there is a workspace already. NotFound, RuleBroken: the pipeline is another one.
        StorageError: the place cannot be written.
    """
    past = _Past(clock.zone, clock.now())
    context = workspaces.create(location, pipeline, user, past, order)
    author = _Author(pipeline, clock)
    # One transaction: hundreds of steps would otherwise wait for the disk one by one.
    with writing(context.database):
        names = [name for name in _REPS if fold(name) != fold(context.actor.name)][:2]
        reps = [replace(context, actor=people.add_user(context, name, Role.REP)) for name in names]
        numbers = _tell(author.steps(), [context, *reps], past)
        demo_inbox.fill(context, deals.show(context, numbers[_ASKING]).deal, clock, past.stand_at)
    with writing(context.database):
        changes.seal_all(context.database)
    return replace(context, clock=clock)


class _Past(Clock):
    """A clock that is set by hand, to each moment of the past in turn."""

    def __init__(self, zone: tzinfo | None, moment: datetime) -> None:
        """Stand at a moment."""
        super().__init__(zone)
        self.moment = moment

    def now(self) -> datetime:
        """Give the moment at which the clock was set."""
        return self.moment

    def stand_at(self, moment: datetime) -> None:
        """Set the clock."""
        self.moment = moment


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing done with a deal: `deal` is its place in the telling, `who` a place among the users."""

    at: datetime
    deal: int
    who: int
    sign: str
    values: Values


def _tell(steps: Iterable[_Step], users: list[Context], past: _Past) -> dict[int, int]:
    """Do every step at its moment, by the service that does it for everybody: every gate is passed.

    Gives the numbers of the deals by their places in the telling.
    """
    numbers: dict[int, int] = {}
    for step in sorted(steps, key=lambda one: (one.at, one.deal)):
        past.stand_at(step.at)
        context = users[step.who]
        if step.deal not in numbers:
            numbers[step.deal] = deals.add(context, step.values, _SIGNS[step.sign]).number
        elif step.sign == "f":
            deals.edit(context, numbers[step.deal], step.values)
        else:
            moves.move(context, [numbers[step.deal]], _SIGNS[step.sign], step.values)
    return numbers


class _Author:
    """Invents the deals: by lots that depend on the day, from decks in which everything has its share."""

    def __init__(self, pipeline: Pipeline, clock: Clock) -> None:
        """Prepare the decks for a day."""
        self._zone, self._today = clock.zone, clock.today()
        self._lot = lot = Random(self._today.toordinal())
        self._unit = 10 ** minor_digits(pipeline.currency)
        self._sources = self._deck(_SOURCES)
        self._reasons = self._deck(_REASONS)
        self._owners = self._deck({0: 12, 1: 5, 2: 4})
        self._next_steps = self._deck(dict.fromkeys(_NEXT_STEPS, 1))
        self._companies = self._deck(dict.fromkeys(_COMPANIES, 1))
        self._products = {name: cycle(lot.sample(sorted(_PRODUCTS), len(_PRODUCTS))) for name in _COMPANIES}
        self._contacts = {name: lot.choice(_CONTACTS) for name in _COMPANIES}
        details = {stage.key: [detail.key for detail in stage.details] for stage in pipeline.stages}
        self._details = {stage: cycle(keys) for stage, keys in details.items() if keys}

    def steps(self) -> Iterator[_Step]:
        """Give the steps of all deals, deal by deal; the open ones first: every company has one."""
        place = 0
        for ending in (*_OPEN, *_AFTER_SALE, *self._closed(_WON_PATHS), *self._closed(_LOST_PATHS)):
            for path in ending.paths.split():
                yield from self._story(place, ending, path)
                place += 1

    def _closed(self, paths: tuple[str, ...]) -> list[_Ending]:
        """Give endings of closed deals: denser towards today, as in a business that grows."""
        mixed = self._lot.sample(paths, len(paths))
        ages = [3 + int(_SPREAD * (rank / (len(paths) - 1)) ** 1.5) for rank in range(len(paths))]
        return [_Ending(path, (age, age + 12), gap=(4, 20)) for path, age in zip(mixed, ages, strict=True)]

    def _story(self, place: int, ending: _Ending, path: str) -> Iterator[_Step]:
        days = self._days(ending, len(path))
        who = 0 if ending.unassigned else next(self._owners)
        due = self._due(ending)
        close = self._expected_close(ending, path, due, days)
        new = self._new(path[0]) | {"expected_close": self._first_guess(path, close, days[0])}
        if ending.unassigned:
            new["owner"] = None
        for rank, (sign, day) in enumerate(zip(path, days, strict=True)):
            values = new | self._said(sign, day) if rank == 0 else self._said(sign, day)
            if rank == 1 and sign in "ao":
                values["expected_close"] = close
            if sign == "W" and isinstance(new["amount"], int) and self._lot.random() < 0.4:
                values["amount"] = new["amount"] * 9 // 10
            if rank == len(path) - 1:
                values |= self._next_contact(ending, sign, due)
            yield _Step(self._moment(day, rank), place, who, sign, values)

    def _days(self, ending: _Ending, count: int) -> list[date]:
        """Give the days of a deal's steps; it comes in on any day, but a weekend's work is done on Monday."""
        ago = [self._lot.randint(*ending.touched)]
        while len(ago) < count:
            ago.append(ago[-1] + self._lot.randint(*ending.gap))
        first, *others = (self._today - timedelta(days) for days in reversed(ago))
        return [first, *(min(_workday(day), self._today - timedelta(1)) for day in others)]

    def _moment(self, day: date, rank: int) -> datetime:
        # The hour grows with the step: two steps of one day stay in their order.
        at = time(8 + rank, self._lot.randrange(60), self._lot.randrange(60))
        # Without a zone of the user's, a moment without one is in the system's, as it is for the clock.
        return datetime.combine(day, at, self._zone).astimezone(UTC)

    def _due(self, ending: _Ending) -> date | None:
        if ending.due is None:
            return None
        first, last = ending.due
        days = [self._today + timedelta(days) for days in range(first, last + 1)]
        return self._lot.choice([day for day in days if day == _workday(day)] or days)

    def _expected_close(self, ending: _Ending, path: str, due: date | None, days: list[date]) -> date:
        if ending.by_close and due:
            return due
        if path[-1] in "WL":
            near = days[-1] + timedelta(self._lot.randint(-12, 20))
            return _workday(max(near, days[0] + timedelta(5)))
        return _workday(max(due or self._today, self._today) + timedelta(self._lot.randint(9, 80)))

    def _first_guess(self, path: str, close: date, created: date) -> date:
        """Give the expected close as it was said at first: often too early, if a later step mends it."""
        is_mended = len(path) > 1 and path[1] in "ao"
        slip = self._lot.choice((0, 0, 14, 30)) if is_mended else 0
        return max(close - timedelta(slip), min(close, created + timedelta(5)))

    def _new(self, sign: str) -> Values:
        """Give what is known of a deal when it comes in."""
        company = next(self._companies)
        product, contact, source = next(self._products[company]), self._contacts[company], next(self._sources)
        domain = f"{_slug(company, '-')}.example.{self._lot.choice(('com', 'org', 'net'))}"
        low, high = _PRODUCTS[product]
        halves = round(self._lot.triangular(low * 2, high * 2, low * 2 + (high - low) / 2))
        unknown = sign == "w" and self._lot.random() < 0.08
        by_phone = source in ("phone", "live_call")
        return {
            "title": f"{company} – {product}",
            "company": company,
            "contact": contact,
            "email": f"{_slug(contact, '.')}@{domain}",
            "phone": f"+1 202 555 01{self._lot.randrange(100):02}" if by_phone else "",
            "source": source,
            "amount": None if unknown else halves * 500 * self._unit,
            "tags": (self._lot.choice(("renewal", "tender", "urgent")),) if self._lot.random() < 0.15 else (),
        }

    def _said(self, sign: str, day: date) -> Values:
        """Give what a stage's gate wants, and a next contact where one is usual."""
        stage = _SIGNS.get(sign, "")
        if sign == "L":
            reason = next(self._reasons)
            return {"reason": reason, "reason_note": _REASON_NOTES.get(reason, "")}
        if stage not in self._details:
            return {}
        values: Values = {"detail": next(self._details[stage])}
        values |= {"follow_up": _workday(day + timedelta(4)), "follow_up_note": next(self._next_steps)}
        if sign == "o" and self._lot.random() < 0.3:
            values |= {"probability": self._lot.choice((60, 70, 80)), "qualifier": "budget confirmed"}
        return values

    def _next_contact(self, ending: _Ending, sign: str, due: date | None) -> Values:
        if due is None or ending.by_close:
            return {} if sign in "WL" else {"follow_up": None, "follow_up_note": ""}
        note = "ask how it works for them" if sign == "W" else next(self._next_steps)
        return {"follow_up": due, "follow_up_note": note}

    def _deck(self, shares: Mapping[_Card, int]) -> Iterator[_Card]:
        """Give an endless row in which everything comes as often as its share says, shuffled once."""
        cards = [card for card, share in shares.items() for _ in range(share)]
        return cycle(self._lot.sample(cards, len(cards)))


def _workday(day: date) -> date:
    """Give the day, or the Monday after a weekend's."""
    return day + timedelta(7 - day.weekday() if day.weekday() >= 5 else 0)


def _slug(text: str, joint: str) -> str:
    """Give the ASCII words of a text, joined: for an address."""
    return joint.join(word for word in key_from(text).split("_") if word.isascii())
