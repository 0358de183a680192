"""What waits in the demo's inbox: mails and a web form of invented companies, taken in as every other mail is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from funneltui.domain.inbox import Arrival, Channel
from funneltui.services import inbox
from funneltui.services.inbox_values import NOBODY, Completion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from funneltui.domain.deal import Deal
    from funneltui.services.context import Clock, Context

_READ_AFTER = timedelta(minutes=4)
"""How long after it was sent a mail is read, by a mailbox that is looked into every few minutes."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """One thing that arrives so many days ago at an hour; `owner` as it is typed, `is_junk`: it was dropped."""

    days: int
    hour: int
    minute: int
    sender: str
    address: str
    title: str
    text: str
    channel: Channel = Channel.MAIL
    fields: Mapping[str, str] = field(default_factory=dict)
    owner: str = "me"
    is_junk: bool = False


_LETTERS = (
    _Letter(
        6, 11, 20, "Sunny Pallet Deals", "offers@sunny-pallet.example.net", "LAST HOURS: pallets at half price",
        "Only today: pallets at half price.\n\nYou receive this because you once visited a fair.", is_junk=True,
    ),
    _Letter(
        4, 9, 31, "Ticket office, Velvet Anchor Ferries", "tickets@velvet-anchor.example.com", "Till system for four piers",
        "Good morning,\n\nwe sell tickets at four piers, each with its own till, and count by hand in the evening.\n"
        "From spring on we would like one system for all of them, with card payment.\n\n"
        "- four tills, one of them outdoors\n- a report a pier and day\n- training for nine people\n\n"
        "What would that cost, and how long does it take you to install it?\n\nTicket office\nVelvet Anchor Ferries",
    ),
    _Letter(
        3, 14, 5, "front desk", "desk@tin-whistle.example.org", "Booking page for practice rooms",
        "Our pupils book twelve practice rooms on paper. Can your booking page show which room has a piano?",
        Channel.FORM, {"company": "Tin Whistle Music School", "phone": "+1 202 555 0147", "amount": "4500"},
    ),
    _Letter(
        2, 8, 48, "Workshop, Blunt Chisel Joinery", "workshop@blunt-chisel.example.com", "",
        "Hello, do you repair time clocks that you did not sell? Ours is five minutes late every morning,\n"
        "and so is everybody else.", owner=NOBODY,
    ),
    _Letter(
        1, 16, 22, "purchasing", "purchasing@marble-goose.example.net", "Warehouse scanners, 20 pieces",
        "Please send an offer for 20 warehouse scanners with charging stations and two years of support.\n"
        "We decide at the end of the month.", Channel.FORM,
        {"company": "Marble Goose Feathers", "amount": "18000"},
    ),
)  # fmt: skip


def fill(context: Context, asking: Deal, clock: Clock, at: Callable[[datetime], None]) -> None:
    """Let mails and forms of the last days arrive that lack an expected close, one of which was dropped.

    The newest is an answer about `asking`, a deal that stands on the board: it shows how a likely duplicate is told. `at`
    sets the context's clock to a moment. Nothing arrives today.
    """
    for letter in (*_LETTERS, _answer(asking)):
        moment = _moment(clock, letter)
        at(moment)
        owner = {"owner": letter.owner}
        taken = inbox.take_in(context, _arrival(letter, moment), Completion(owner, {}))
        if letter.is_junk and taken.entry is not None:
            inbox.drop(context, [taken.entry.number])


def _answer(deal: Deal) -> _Letter:
    product = deal.title.rpartition(" – ")[2]
    text = (
        f"Thank you for your message about {product}. We have asked our two other sites, and all three would take part.\n"
        "Could you send us a new price for that?"
    )
    return _Letter(1, 17, 40, f"{deal.contact}, {deal.company}", deal.email, f"Re: {product}, for three sites", text)


def _moment(clock: Clock, letter: _Letter) -> datetime:
    day = clock.today() - timedelta(letter.days)
    # Without a zone of the user's, a moment without one is in the system's, as it is for the clock.
    return datetime.combine(day, time(letter.hour, letter.minute), clock.zone).astimezone(UTC)


def _arrival(letter: _Letter, moment: datetime) -> Arrival:
    """Give what a mail or a form says, as its reader gives it."""
    is_form = letter.channel is Channel.FORM
    known = {"title": letter.title, "contact": letter.sender, "email": letter.address, **letter.fields}
    texts = {name: text for name, text in known.items() if text}
    fields = "\n".join(f"{name}: {text}" for name, text in texts.items())
    return Arrival(
        letter.channel, f"{letter.days}.{letter.hour}.{letter.address}", f"{letter.sender} <{letter.address}>", texts,
        f"{fields}\n\n{letter.text}" if is_form else letter.text, None if is_form else moment - _READ_AFTER, is_form,
    )  # fmt: skip
