"""Money: whole numbers of minor units with an ISO 4217 currency, read from what people type and shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from funneltui.domain import forms
from funneltui.domain.text import cut
from funneltui.errors import BadInput

_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_TWO_DIGITS = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
    COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
    MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
"""
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DIGITS = "CLF UYW"

CURRENCIES: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(_NO_DIGITS.split(), 0)
    | dict.fromkeys(_TWO_DIGITS.split(), 2)
    | dict.fromkeys(_THREE_DIGITS.split(), 3)
    | dict.fromkeys(_FOUR_DIGITS.split(), 4)
)
"""The digits of the minor unit of every active code of ISO 4217 (list one of 1 January 2026).

Left out are the codes without a minor unit, in which no deal is made: precious metals (XAU ...), bond market
units (XBA ...), drawing rights (XDR, XSU, XUA), XTS for tests and XXX for none.
"""

MAX_MINOR = 10**15
"""The greatest amount that a deal may have, in minor units: even thousands of them add up within 64 bits."""

_DOLLARS = (
    "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD SRD TTD TWD USN "
    "UYU XCD"
)
# What people write before or after an amount (in lower case), and the currencies that it can mean.
_READ_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "€": "EUR", "$": _DOLLARS, "us$": "USD", "a$": "AUD", "c$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD",
        "r$": "BRL", "£": "GBP EGP FKP GIP LBP SHP SSP SYP", "¥": "JPY CNY", "zł": "PLN", "kč": "CZK", "ft": "HUF",
        "kr": "DKK ISK NOK SEK", "lei": "RON MDL", "₽": "RUB", "₴": "UAH", "₹": "INR", "₺": "TRY", "₩": "KRW KPW",
        "₪": "ILS", "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN", "₸": "KZT", "₾": "GEL", "₼": "AZN", "֏": "AMD",
    }
)  # fmt: skip
_SCALES: Mapping[str, int] = MappingProxyType({"": 0, "k": 3, "m": 6})
_COMPACT_UNITS: Mapping[int, str] = MappingProxyType({0: "", 3: "k", 6: "m", 9: "b", 12: "t"})
_WIDTH_FOR_CODE = 8

# No-break, figure, thin and narrow no-break space; the typographic apostrophe; the minus sign.
_LOOKALIKES = str.maketrans("\u00a0\u2007\u2009\u202f\u2019\u2212", "    '-")
_LONGEST = 80
BY_LOCALE = "locale"
"""The decimal mark of `parse_amount` for what a person types: that of the locale in force where a number is ambiguous."""
_AMOUNT = re.compile(r"(?P<lead>[^0-9.,'+()-]*)(?P<number>[0-9](?:[0-9.,' ]*[0-9])?)(?P<trail>[^0-9.,'+()-]*)")
_SIGN_INSIDE = re.compile(r"[^0-9]{1,4}-[0-9].*")
_EXAMPLES = "12500, 12,500.50, 12.500,50, 12.5k, 1.2m"


def minor_digits(currency: str) -> int:
    """Give the number of decimals of a currency (EUR 2, JPY 0, KWD 3).

    Raises BadInput for anything but an active ISO 4217 code in capitals, naming the codes that come close.
    """
    digits = CURRENCIES.get(currency)
    if digits is not None:
        return digits
    from difflib import get_close_matches

    code = currency.strip().upper()[:8]
    close = [code] if code in CURRENCIES else get_close_matches(code, CURRENCIES, n=3, cutoff=0.6)
    hint = f"; did you mean {', '.join(close)}?" if close else "; write a code of ISO 4217, such as EUR or USD"
    raise BadInput(f'"{cut(currency)}" is no currency{hint}')


def parse_amount(text: str, currency: str, *, decimal: str | None = BY_LOCALE) -> int:
    """Give the amount that `text` means, in minor units of `currency`: 0 to MAX_MINOR.

    Read are digits, grouped by three or not with commas, dots, blanks (also no-break and thin ones) or
    apostrophes; `k` (thousand) or `m` (million) after them; and the currency's code or sign on either side:
    `12500`, `12,500`, `12.500,00`, `12 500,50`, `1'234.50`, `€12.5k`, `1.2m EUR`.

    Which comma or dot is the decimal mark: the last one, if it is the only one of its kind and does not have
    exactly three digits after it (`12,5`, `12.50`). With exactly three it separates thousands (`12,500` is twelve
    thousand five hundred), unless the currency itself has three decimals (`12,500` KWD is twelve and a half),
    another separator has grouped the digits before it (`1.234,500`), or they cannot be a group (`0.125`). Before
    `k` or `m` such a number could mean both and is refused. In these two cases, three decimals and a scale, the locale in
    force settles it by its own marks (`1.234k` is 1,234,000 to a German and 1,234 to a Briton); with `decimal=None` it
    does not: for files, which must not depend on who reads them. `decimal`, "," or ".", settles all: then that
    character is always the decimal mark and the others group; for files, whose writer is known.

    Raises BadInput for anything else: a negative amount, another currency's code or sign, more decimals than the
    currency has (zeros aside), an unknown currency, an amount over MAX_MINOR.
    """
    digits = minor_digits(currency)
    if decimal not in (None, BY_LOCALE, ",", "."):
        raise BadInput(f'the decimal mark must be "," or ".", not "{cut(decimal or "")}"')
    typed = text.translate(_LOOKALIKES).strip() if len(text) <= _LONGEST else ""
    found = _AMOUNT.fullmatch(typed)
    if found is None:
        _refuse_negative(typed, text)
        raise _unreadable(text)
    _match_currency(found["lead"], currency, text)
    scale = _SCALES[_scale_and_sign(found["trail"], currency, text)]
    whole, fraction = _split(found["number"], digits, decimal, text, scaled=scale > 0)
    minor = _shift(whole + fraction, digits + scale - len(fraction))
    if minor is None:
        raise BadInput(f'"{cut(text)}" has more decimals than {currency}, which has {digits}')
    if minor > MAX_MINOR:
        raise BadInput(f'"{cut(text)}" is too much; the greatest amount is {format_full(MAX_MINOR, currency)}')
    return minor


def to_decimal_string(minor: int, currency: str) -> str:
    """Give the amount for machines, with all the currency's decimals: 1250000 EUR is "12500.00", 12500 JPY "12500".

    Negative numbers are given too: a gap may be one. Raises BadInput for an unknown currency.
    """
    digits = minor_digits(currency)
    whole, fraction = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{fraction:0{digits}}" if digits else f"{sign}{whole}"


def as_typed(minor: int, currency: str) -> str:
    """Give the amount as one would type it, exact and without a sign: "12500.00", or "12500,00" by the locale in force.

    For fields that begin with what is there: `parse_amount` reads it back. Raises BadInput for an unknown currency.
    """
    return to_decimal_string(minor, currency).replace(".", forms.read().decimal)


def format_full(minor: int, currency: str) -> str:
    """Give the amount for people, exact: "€12,500", "€12,500.50", "-€1,200", "12,500 PLN", "1.500 KWD".

    That is the neutral form, in which EUR, USD, GBP and JPY have their sign before the number; a locale in force has its
    own marks and signs ("12.500,50 €"). A currency without a sign has its code after the number. Decimals that are all
    zero are left out, except where the currency has three: there "12,500" would read as twelve and a half.
    `parse_amount` reads back what is not negative. Raises BadInput for an unknown currency.
    """
    digits = minor_digits(currency)
    whole, fraction = divmod(abs(minor), 10**digits)
    number = _grouped(whole)
    if digits == 3 or fraction:
        number += f"{forms.shown().decimal}{fraction:0{digits}}"
    return _marked(number, "-" if minor < 0 else "", currency)


def format_compact(minor: int, currency: str, width: int = 6) -> str:
    """Give the amount for a lane header or a card: "€950", "€1.2k", "€14.5k", "€120k", "€1.2m" (b and t: 10^9 and 10^12).

    The letters are the program's own in every locale; mark and sign are those of the forms in force ("1,2k €").

    Whole units below a thousand; above, one decimal below a hundred of the unit. Rounded half to even; a greater amount
    never shows as less. At most `width` columns: a decimal that does not fit is dropped, then the sign or code of
    the currency. A currency without a sign shows its code from 8 columns on ("120k PLN") and never below, so that
    a column of them looks alike. Only a number that does not fit even bare ("-120k" in 4) is wider.

    Raises BadInput for an unknown currency.
    """
    numbers = _rounded(abs(minor), 10 ** minor_digits(currency))
    minus = "-" if minor < 0 and numbers[-1] != "0" else ""
    bare = minus + numbers[-1]
    if currency in forms.shown().signs or width >= _WIDTH_FOR_CODE:
        candidates = [_marked(number, minus, currency) for number in numbers]
    else:
        candidates = [minus + number for number in numbers]
    return next((shown for shown in candidates if len(shown) <= width), bare)


def _marked(number: str, minus: str, currency: str) -> str:
    used = forms.shown()
    sign = used.signs.get(currency)
    if sign is None:
        return f"{minus}{number} {currency}"
    return f"{minus}{sign}{used.sign_gap}{number}" if used.sign_first else f"{minus}{number}{used.sign_gap}{sign}"


def _grouped(whole: int) -> str:
    """Give a whole number with the group marks in force: "1,234,567", in India "12,34,567"."""
    used = forms.shown()
    if used.inner_group == 3 or whole < 1000:
        return f"{whole:,}".replace(",", used.group)
    rest, last = divmod(whole, 1000)
    groups = [f"{last:03}"]
    while rest:
        rest, group = divmod(rest, 10**used.inner_group)
        groups.append(f"{group:0{used.inner_group}}" if rest else str(group))
    return used.group.join(reversed(groups))


def _rounded(minor: int, per_unit: int) -> list[str]:
    """Give the short forms of an amount that is not negative, the more exact first: ["14.5k", "14k"] or ["120k"]."""
    fitting = (power for power in _COMPACT_UNITS if _half_even(minor, per_unit * 10**power) < 1000)
    power = next(fitting, max(_COMPACT_UNITS))
    scale, unit = per_unit * 10**power, _COMPACT_UNITS[power]
    whole, tenths = _half_even(minor, scale), _half_even(minor * 10, scale)
    if power and tenths < 1000 and tenths % 10:
        return [f"{tenths // 10}{forms.shown().decimal}{tenths % 10}{unit}", f"{whole}{unit}"]
    return [f"{whole}{unit}"]


def _half_even(number: int, divisor: int) -> int:
    quotient, rest = divmod(number, divisor)
    return quotient + (2 * rest > divisor or (2 * rest == divisor and quotient % 2 == 1))


def _unreadable(text: str) -> BadInput:
    return BadInput(f'can\'t read "{cut(text)}" as an amount; write it like {_EXAMPLES}')


def _refuse_negative(typed: str, text: str) -> None:
    """Say it plainly when an amount was not read because of its minus sign or an accountant's brackets."""
    if (typed[:1] in ("-", "(") and _AMOUNT.fullmatch(typed.strip("-() "))) or _SIGN_INSIDE.fullmatch(typed):
        raise BadInput(f'"{cut(text)}" is negative; an amount never is')


def _meanings(sign: str) -> tuple[str, ...]:
    """Give the currencies that a code or sign can mean; none if it is neither."""
    code, sign = sign.upper(), sign.lower()
    if code in CURRENCIES:
        return (code,)
    known = _READ_SIGNS.get(sign, "").split()
    own = (of for of, shown in forms.read().signs.items() if shown.lower() == sign and of not in known)
    return (*own, *known)


def _match_currency(sign: str, currency: str, text: str) -> None:
    sign = sign.strip()
    if not sign:
        return
    meant = _meanings(sign)
    if not meant:
        raise _unreadable(text)
    if currency not in meant:
        mends = f"write it in {currency}, or set its own currency"
        raise BadInput(f'"{cut(text)}" is in {" or ".join(meant[:3])}, but {currency} is expected; {mends}')


def _scale_and_sign(trail: str, currency: str, text: str) -> str:
    """Give the scale letter at the start of what follows the number, having checked the currency that follows it."""
    trail = trail.strip()
    letter = trail[:1].lower()
    # "kr" and "MXN" also begin with a scale's letter: what is a currency as a whole is one.
    if _meanings(trail) or not letter or letter not in _SCALES:
        _match_currency(trail, currency, text)
        return ""
    _match_currency(trail[1:], currency, text)
    return letter


def _split(number: str, digits: int, decimal: str | None, text: str, *, scaled: bool) -> tuple[str, str]:
    """Give the digits before and after the decimal mark, by the rule that `parse_amount` states."""
    at = _decimal_at(number, digits, decimal, text, scaled=scaled)
    whole, fraction = (number, "") if at is None else (number[:at], number[at + 1 :])
    if fraction and not fraction.isdigit():
        raise _unreadable(text)
    separators = {character for character in whole if not character.isdigit()}
    if not separators:
        return whole, fraction
    first, *groups = whole.split(separators.pop())
    if separators or not _is_first_group(first) or not _are_groups([first, *groups]):
        raise _unreadable(text)
    return first + "".join(groups), fraction


def _are_groups(groups: list[str]) -> bool:
    """Tell whether digits are grouped by three, or as the locale in force groups them: 12,34,567."""
    *inner, last = groups[1:]
    if len(last) != 3:
        return False
    size = forms.read().inner_group
    return all(len(one) == 3 for one in inner) or (len(groups[0]) <= size and all(len(one) == size for one in inner))


def _is_first_group(digits: str) -> bool:
    return 1 <= len(digits) <= 3 and digits.isdigit() and not digits.startswith("0")


def _decimal_at(number: str, digits: int, decimal: str | None, text: str, *, scaled: bool) -> int | None:
    """Give where the decimal mark stands in a number, or None if it has none."""
    if decimal in (",", "."):
        return number.find(decimal) if decimal in number else None
    at = max(number.rfind(","), number.rfind("."))
    if at < 0 or number.count(number[at]) > 1:
        return None
    before, after = number[:at], number[at + 1 :]
    if len(after) != 3 or not _is_first_group(before):
        return at
    used = forms.read()
    if decimal == BY_LOCALE and used.locale and number[at] in (used.group, used.decimal) and (scaled or digits == 3):
        return at if number[at] == used.decimal else None
    if digits == 3:
        return at
    if scaled:
        raise BadInput(f'"{cut(text)}" could mean two amounts; leave out k or m, or the separator')
    return None


def _shift(digits: str, places: int) -> int | None:
    """Give the whole number that `digits` are, moved by `places` decimals; None if a digit other than 0 is lost."""
    if places >= 0:
        return int(digits + "0" * places)
    kept, lost = digits[:places], digits[places:]
    return None if lost.strip("0") else int(kept or "0")
