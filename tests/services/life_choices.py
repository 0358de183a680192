"""What the lives of deals choose from: people, deals, fields and their values; and the faults that they are not to meet."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from hypothesis import strategies as st

from funneltui.services import merging
from tests.services.life_office import AWAY, BOTH, KIND_OF, MANAGER, TODAY

# Assumptions: each names a fault of the product that the lives have found, and is struck out when it is mended.
REDO_LOOKS_ONLY_AT_LATER_CHANGES = False
"""A redo is accepted although what the change stood on was undone since: the lives do not redo in that case."""
UNDO_TELLS_OF_DEALS_GIVEN_AWAY = False
"""A rep whose undo is refused is told the last deed on a deal that is not his any more."""
EVENTS_KEEP_A_COMPANY_AS_TYPED = False
"""An event, and the deal that is given back, have a known company in the spelling typed, not in the one stored: the lives
spell each company in one way."""
REOPENING_LOOKS_AT_THE_VERSION_LAST = False
"""Who reopens a deal that was reopened meanwhile is told that it is open, not who did that."""
WEIGHTED_SUMS_TAKE_PERCENTS_FOR_BINARY_FRACTIONS = False
"""A weighted sum that ends in exactly a half is not rounded to even, as 10 % are taken for slightly more than a tenth."""

WHO = st.sampled_from(BOTH)
PLACE = st.sampled_from([0, 0, 0, 0, 0, 1, 1, 2, 3, 10, 11])
"""Which deal, counted from the one last changed: mostly that one, so that the two meet; from 10 on one that does not fit."""
PLACES = st.lists(PLACE, min_size=1, max_size=4)
STAGE = st.sampled_from(list(KIND_OF))
DAYS = [TODAY - timedelta(days=3), TODAY, TODAY + timedelta(days=9)]
SEEN = st.sampled_from(["not told", "not told", "fresh", "fresh", "fresh", "stale"])
COMPANIES = ["Acme", "Globex", "Initech"] + ([] if EVENTS_KEEP_A_COMPANY_AS_TYPED else ["ACME"])
CONTACTS = ["Ann", "Ben"]
CORRECTIONS = [
    *(partial(merging.edit_company, name=a, new_name=b) for a, b in itertools.permutations(COMPANIES, 2)),
    *(partial(merging.merge_companies, keep=a, others=[b]) for a, b in itertools.permutations(COMPANIES, 2)),
    *(partial(merging.edit_contact, which=a, values={"contact": b}) for a, b in itertools.permutations(CONTACTS)),
    *(partial(merging.edit_contact, which=name, values={"phone": "+386 2", "email": ""}) for name in CONTACTS),
    *(partial(merging.merge_contacts, keep=a, others=[b]) for a, b in itertools.permutations(CONTACTS)),
]
FIELDS: dict[str, Sequence[object]] = {
    "title": ["Deal", "Łódź \x1b[2J"], "company": ["", *COMPANIES], "contact": ["", *CONTACTS],
    "email": ["", "ann@example.com"], "phone": ["", "+386 1"], "source": ["web", "phone"], "amount": [None, 0, 7, 54_321],
    "currency": ["EUR", "USD"], "probability": [None, 0, 80], "expected_close": DAYS, "follow_up": DAYS,
    "follow_up_note": ["", "call"], "follow_up_repeat": ["", "1 week", "1 month"], "qualifier": ["", "warm"],
    "tags": [(), ("new", "big")], "notes": ["", "they asked"],
    "seats": ["", "7", "40.5"], "segment": ["", "public", "other"], "rival": ["", "Žagar"],
}  # fmt: skip
PAIRS = [(name, value) for name, values in FIELDS.items() for value in values]
DETAILS = [("detail", key) for key in ("call", "meeting", "contract")]
SAID = st.sampled_from([("stage", key) for key in KIND_OF]) | st.sampled_from(DETAILS) | st.sampled_from(PAIRS)
CHANGES = st.lists(st.sampled_from(PAIRS), max_size=3).map(dict)
DOUBTFUL: list[dict[str, object]] = [
    {"title": " "}, {"expected_close": None}, {"detail": "nothing"}, {"detail": "call"}, {"detail": "meeting"},
    {"reason": "timing"}, {"reason": None}, {"amount": -1}, {"currency": "JPY"}, {"follow_up": None}, {"source": "gone"},
    {"owner": "dana"}, {"owner": MANAGER}, {"owner": AWAY}, {"owner": None}, {"closed_on": DAYS[0]}, {"closed_on": DAYS[2]},
    {"segment": "moon"}, {"seats": "many"}, {"hats": "5"},
]  # fmt: skip
"""What is right in some stages, for some people, or never."""
MORE = st.sampled_from([*[{}] * 3 * len(DOUBTFUL), *DOUBTFUL])
ASKED: dict[str | None, dict[str, object]] = {
    "acquisition": {"detail": "call"},
    "offered": {"detail": "contract", "follow_up": TODAY},
    "served": {"amount": 5},
    "resigned": {"reason": "price"},
    "lapsed": {"reason": "timing"},
}
"""What the gates of the stages want."""
IS_ASKED = st.sampled_from([True, True, True, False])
