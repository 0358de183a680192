"""Every setting of the config file, once: its name, what it may be, what it is for. Reading, checks and pages follow it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from funneltui.domain.text import clean_line, cut
from funneltui.errors import BadInput, NotFound

Value = str | int | bool | tuple[str, ...]
"""What a setting can be."""

KEYS_TABLE = "keys"
"""The table that gives actions other keys: action ids and keys, "" for none."""

USUAL_DAYS = 4
"""How many usual days the follow-up dialog offers at the most."""

_SWITCHES = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


class Kind(StrEnum):
    """What a setting is written as."""

    TEXT = "text"
    CHOICE = "choice"
    SWITCH = "switch"
    NUMBER = "number"
    CURRENCY = "currency"
    LOCALE = "locale"
    DAYS = "days"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `key` is its name in the file, after its table's and a dot.

    `help` says in a sentence what it is for, `example` is a value that can be tried. A choice has `choices`; a number is
    from `least` to `most`, or 0 if that means something of its own, `zero`.
    """

    key: str
    kind: Kind
    default: Value
    help: str
    example: Value
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    zero: str = ""

    @property
    def expected(self) -> str:
        """What a value must be, for messages and pages."""
        match self.kind:
            case Kind.CHOICE:
                return f"{', '.join(self.choices[:-1])} or {self.choices[-1]}"
            case Kind.SWITCH:
                return "true or false"
            case Kind.NUMBER:
                return f"a whole number from {self.least} to {self.most}{f', or 0: {self.zero}' if self.zero else ''}"
            case Kind.CURRENCY:
                return 'a currency of ISO 4217, such as "EUR", or ""'
            case Kind.LOCALE:
                return 'a language, or a language and a country, such as "sl" or "en-GB", or ""'
            case Kind.DAYS:
                return f'a list of 1 to {USUAL_DAYS} dates as they are typed, such as ["tomorrow", "+3d"]'
            case Kind.DAY:
                return 'a date as it is typed, such as "+30d", or ""'
            case Kind.TEXT:
                return f"a text in quotes, of at most {self.most} characters"


SETTINGS = (
    Setting("theme", Kind.TEXT, "", "The board's theme; empty: what fits the terminal.", "day", most=40),
    Setting(
        "density", Kind.CHOICE, "comfortable", "Cards of two lines or of one.", "compact", ("comfortable", "compact")
    ),
    Setting(
        "ascii", Kind.CHOICE, "auto", "Paint without box characters; auto: where the locale has none.", "yes",
        ("auto", "yes", "no"),
    ),
    Setting("mouse", Kind.SWITCH, True, "Take clicks, the wheel and dragged cards; without, the terminal selects text.",
            False),
    Setting("date_order", Kind.CHOICE, "dmy", "How a typed date with slashes is read.", "mdy", ("dmy", "mdy", "ymd")),
    Setting(
        "week_start", Kind.CHOICE, "mon", 'The day with which a week begins: what "next week" and "next fri" mean.', "sun",
        ("mon", "sun", "sat"),
    ),
    Setting(
        "currency", Kind.CURRENCY, "",
        "The currency of a new workspace, and of an amount typed without one; empty: EUR, and the pipeline's.", "CZK",
    ),
    Setting(
        "locale", Kind.LOCALE, "",
        "How amounts and dates are shown, and typed ones read; empty: the program's own neutral form.", "sl-SI",
    ),
    Setting(
        "fiscal_year_start", Kind.NUMBER, 1,
        'The month with which the fiscal year begins: quarters and years of the forecast, "eoq" and "eoy".', 4, least=1,
        most=12,
    ),
    Setting("user", Kind.TEXT, "", "Who acts; empty: the login's name.", "ana", most=80),
    Setting(
        "default_view", Kind.TEXT, "board", "What is shown first: board, list, review, or a saved view by its name.",
        "list", most=80,
    ),
    Setting("panes.side", Kind.SWITCH, True, "Show today's follow-ups and the funnel beside the lanes.", False),
    Setting(
        "panes.side_width", Kind.NUMBER, 0, "The columns that they take.", 40, least=24, most=80,
        zero="what fits the terminal",
    ),
    Setting(
        "panes.funnel", Kind.CHOICE, "conversion", "The funnel that is shown first.", "standard",
        ("standard", "conversion"),
    ),
    Setting("panes.today_days", Kind.NUMBER, 7, "How many days ahead today's follow-ups reach.", 3, least=1, most=90),
    Setting(
        "follow_up.usual", Kind.DAYS, ("tomorrow", "+3d", "next week", "2w"),
        "The days that the follow-up dialog offers by digit.", ("tomorrow", "fri", "1w", "1m"),
    ),
    Setting(
        "follow_up.days_after_move", Kind.NUMBER, 1,
        "The days to the follow-up that a move proposes, if its stage says none.", 2, least=1, most=365,
    ),
    Setting(
        "backup.daily", Kind.SWITCH, True, "Copy a workspace in a file once a day, when it is opened or changed.", False,
    ),
    Setting("backup.keep", Kind.NUMBER, 7, "How many of the daily copies are kept.", 30, least=1, most=365),
    Setting(
        "inbox.close", Kind.DAY, "",
        "The expected close of a deal from a mail or web form; empty: it waits in the inbox until it has one.", "+30d",
    ),
    Setting(
        "inbox.owner", Kind.TEXT, "me", "Who is in charge of what arrives by mail or web form: a user, me or nobody.",
        "nobody", most=80,
    ),
    Setting(
        "inbox.source", Kind.TEXT, "",
        "The source of what arrives by mail or web form; empty: the pipeline's for e-mail, and for contact forms.",
        "partner", most=60,
    ),
)  # fmt: skip
"""All settings, in the order of the pages."""

BY_KEY = {one.key: one for one in SETTINGS}
TABLES = tuple(dict.fromkeys(one.key.partition(".")[0] for one in SETTINGS if "." in one.key))
"""The tables of the file, beside that of the keys."""


def setting(key: str) -> Setting:
    """Give a setting by its key.

    Raises:
        NotFound: there is none of that name; the message has the one that comes nearest.
    """
    found = BY_KEY.get(key)
    if found is None:
        raise NotFound(unknown(key))
    return found


def unknown(key: str) -> str:
    """Say that there is no such setting, and which may be meant."""
    from funneltui.exchange.toml_places import nearest

    last = key.rpartition(".")[2]
    table = next((one.key.partition(".")[0] for one in SETTINGS if one.key.endswith(f".{last}")), "")
    if last in BY_KEY:
        hint = f"; did you mean {last} at the top of the file, above the first [table]?"
    elif table:
        hint = f"; did you mean {last} in the table [{table}]?"
    else:
        hint = nearest(key, BY_KEY) or "; docs/config.md has them all, `funneltui config` too"
    return f'there is no setting "{cut(key)}"{hint}'


def checked(one: Setting, value: object) -> Value:
    """Give a value of the file in its one form.

    Raises:
        BadInput: it cannot be; the message names the setting and says what was expected.
    """
    match value:
        case bool() if one.kind is Kind.SWITCH:
            return value
        case bool() if one.kind is Kind.CHOICE and {"yes", "no"} <= set(one.choices):
            return "yes" if value else "no"
        case int() if one.kind is Kind.NUMBER and not isinstance(value, bool):
            return _number(one, value)
        case list() | tuple() if one.kind is Kind.DAYS:
            return _days(one, value)
        case str() if one.kind not in (Kind.NUMBER, Kind.DAYS):
            return _text(one, value)
    from funneltui.exchange.toml_places import type_words

    raise _wrong(one, f"is {type_words(value)}")


def typed(one: Setting, text: str) -> Value:
    """Give the value that somebody has typed: a list with commas, a switch as yes or no.

    Raises:
        BadInput: it cannot be.
    """
    text = clean_line(text)
    if one.kind is Kind.NUMBER and re.fullmatch("-?[0-9]{1,9}", text):
        return checked(one, int(text))
    if one.kind is Kind.NUMBER:
        raise _wrong(one, f'is "{cut(text)}"')
    if one.kind is Kind.DAYS:
        return checked(one, [part.strip(" \"'") for part in text.strip("[] ").split(",")])
    return checked(one, text)


def _number(one: Setting, value: int) -> int:
    if one.least <= value <= one.most or (value == 0 and one.zero):
        return value
    raise _wrong(one, f"is {value if abs(value) < 10**9 else 'far too large'}")


def _text(one: Setting, text: str) -> Value:
    text = clean_line(text)
    match one.kind:
        case Kind.SWITCH if text.lower() in _SWITCHES:
            return _SWITCHES[text.lower()]
        case Kind.CHOICE if text.lower() in one.choices:
            return text.lower()
        case Kind.CURRENCY if _is_currency(text.upper()):
            return text.upper()
        case Kind.LOCALE if _is_locale(text):
            return text.replace("_", "-")
        case Kind.DAY if _is_day(text):
            return text
        case Kind.TEXT if len(text) <= one.most and (text or not one.default):
            return text
    raise _wrong(one, f'is "{cut(text)}"')


def _is_currency(code: str) -> bool:
    from funneltui.domain.money import CURRENCIES

    return not code or code in CURRENCIES


def _is_locale(text: str) -> bool:
    import re

    if not text:
        return True
    if re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", text) is None:
        return False
    from funneltui.locale_forms import is_known

    return is_known(text)


def _is_day(text: str) -> bool:
    from datetime import date

    from funneltui.domain.dates import parse_date

    try:
        return not text or parse_date(text, date(2026, 1, 1)) is not None
    except BadInput:
        return False


def _days(one: Setting, given: list[object] | tuple[object, ...]) -> tuple[str, ...]:
    """Give the texts of usual days, each of which can be read as a date."""
    from datetime import date

    from funneltui.domain.dates import parse_date

    if not 1 <= len(given) <= USUAL_DAYS:
        raise _wrong(one, f"has {len(given)} of them")
    texts = []
    for text in given:
        if not isinstance(text, str):
            raise _wrong(one, "holds something that is no text")
        texts.append(clean_line(text))
        try:
            parse_date(texts[-1], date(2026, 1, 1))
        except BadInput:
            raise _wrong(one, f'holds "{cut(text)}", which is no date') from None
    return tuple(texts)


def _wrong(one: Setting, what: str) -> BadInput:
    return BadInput(f"{one.key} {what}; expected {one.expected}")


def checked_keys(action: str, value: object) -> str:
    """Give the keys of an action as one text, "key,key"; whether they can be keys of it is for the keymap to say.

    Raises:
        BadInput: it is neither a text nor a list of texts.
    """
    if isinstance(value, str):
        return clean_line(value, 200)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return clean_line(",".join(value), 200)
    from funneltui.exchange.toml_places import type_words

    message = f'keys: {cut(action)} is {type_words(value)}; expected keys in quotes, such as "w", "w,ctrl+w" or ""'
    raise BadInput(message)


def toml_text(value: Value) -> str:
    """Give a value as it is written in the file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        import json

        return json.dumps(value, ensure_ascii=False)  # a JSON string without controls is a TOML string
    return f"[{', '.join(map(toml_text, value))}]"
