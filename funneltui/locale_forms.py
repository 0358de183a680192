"""The forms of a locale, from the Unicode data that Babel brings, which is imported only where a locale is chosen."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from funneltui.domain import forms
from funneltui.domain.forms import NEUTRAL, Forms
from funneltui.domain.text import fold, strip_controls

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel.core import Locale

    from funneltui.config import Config

FIRST_WEEKDAYS = {"mon": 0, "sun": 6, "sat": 5}
"""What the setting `week_start` may be, as the number of a weekday."""

_MONTH_WIDTH = 5
"""How many cells a month's name in short may take: with its day it is at the most 9 wide, which a card has room for."""

_EAST_ASIAN = {"zh": ("月", "日", "年"), "ja": ("月", "日", "年"), "ko": ("월", "일", "년")}
"""What stands after a month, a day and a year in the languages that number all three: 12月15日."""

_SIGN_LENGTH = 5
_MARKS = ",. '’"
_PARTICLE = re.compile(r"de |d['’]")  # "de gen.", "d'abr.": a date says it once more


def use(chosen: Config, *, json: bool = False) -> None:
    """Put the forms of a configuration in force: locale, first weekday, fiscal year. JSON is read by them, never shown."""
    used = forms_of(
        chosen.text("locale"), FIRST_WEEKDAYS[chosen.text("week_start")], chosen.number("fiscal_year_start")
    )
    forms.use(used, shown=NEUTRAL if json else None)


def is_known(tag: str) -> bool:
    """Tell whether there is a locale of this tag, such as "sl" or "en-GB"; upper and lower case do not matter."""
    return _locale(tag) is not None


def forms_of(tag: str, first_weekday: int = 0, fiscal_start: int = 1) -> Forms:
    """Give the forms of a locale by its tag; the neutral ones for none, or for one that is not known.

    What a terminal cannot be trusted with has the neutral form: digits and marks that `domain/money.py` does not read, and
    names in letters that run from right to left (they turn the rest of the line around), that combine, or that are longer
    than a card has room for. Names are read in any case.
    """
    locale = _locale(tag) if tag else None
    if locale is None:
        return Forms(first_weekday=first_weekday, fiscal_start=fiscal_start)
    decimal, group, inner = _numbers(locale)
    first, gap = _place_of_sign(locale)
    months, weekdays, day_month, dated, with_weekday = _dates(locale)
    return Forms(
        tag, decimal, group, inner, _signs(locale), first, gap, months, weekdays, day_month, dated, with_weekday,
        _names_read(locale.months, range(1, 13), months), _names_read(locale.days, range(7), weekdays),
        first_weekday, fiscal_start,
    )  # fmt: skip


def _locale(tag: str) -> Locale | None:
    from babel.core import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return None


def _numbers(locale: Locale) -> tuple[str, str, int]:
    """Give the decimal mark, the group mark and the size of the inner groups, for the digits 0 to 9 that everybody reads."""
    symbols = locale.number_symbols.get("latn", {})
    decimal, group = str(symbols.get("decimal", "")), str(symbols.get("group", ""))
    group = " " if group.isspace() else group
    if decimal not in (",", ".") or group not in _MARKS or len(group) != 1 or group == decimal:
        return NEUTRAL.decimal, NEUTRAL.group, NEUTRAL.inner_group
    grouping = locale.currency_formats["standard"].grouping
    return decimal, group, 2 if grouping == (3, 2) else 3


def _place_of_sign(locale: Locale) -> tuple[bool, str]:
    """Tell whether a currency's sign stands before the number, and give the gap between; an odd blank is a plain one."""
    pattern = strip_controls(locale.currency_formats["standard"].pattern).partition(";")[0]
    gap = " " if re.search(r"¤\s|\s¤", pattern) else ""
    first = pattern.startswith("¤")
    # "12,500€" would be read, and looks like one word: behind the number a sign has its blank everywhere.
    return first, gap if first else " "


def _signs(locale: Locale) -> dict[str, str]:
    """Give the signs of currencies as this locale knows them apart: one that two of them share is shown for neither.

    Where it writes EUR, USD, GBP or JPY by code, they have the sign that everybody knows, if no other currency has it there.
    """
    from funneltui.domain.money import CURRENCIES

    signs = {code: _sign(locale.currency_symbols.get(code, code)) for code in sorted(CURRENCIES)}
    kept = {code: sign for code, sign in signs.items() if sign and sign.upper() not in CURRENCIES}
    times = [sign.lower() for sign in kept.values()]
    own = {code: sign for code, sign in kept.items() if times.count(sign.lower()) == 1}
    return own | {code: sign for code, sign in NEUTRAL.signs.items() if code not in own and sign not in times}


def _sign(symbol: str) -> str:
    """Give a symbol in characters of one cell that can be typed back; nothing if it cannot be had so."""
    sign = strip_controls(unicodedata.normalize("NFKC", symbol)).strip().rstrip(".")
    plain = len(sign) <= _SIGN_LENGTH and all(map(_is_plain_sign, sign))
    # "K" and "M" are thousand and million after a number, and so "kn" and "mk" are only by chance no amounts.
    return sign if plain and sign.lower() not in ("k", "m") else ""


def _is_plain_sign(character: str) -> bool:
    kind = unicodedata.category(character)
    return (kind == "Sc" or kind.startswith("L")) and _goes_right(character) and _cells(character) == 1


def _dates(locale: Locale) -> tuple[tuple[str, ...], tuple[str, ...], str, str, str]:
    """Give the names in short and the three patterns of dates."""
    pattern = strip_controls(str(locale.datetime_skeletons.get("MMMd", "d MMM")))
    weekdays = _weekdays(locale)
    after_month, after_day, after_year = _EAST_ASIAN.get(locale.language, ("", "", ""))
    named = locale.months["format"]["abbreviated"]
    months = tuple(f"{n}{after_month}" if after_month else _short(named[n]) for n in range(1, 13))
    dotted = re.fullmatch(r"d+\. ?M{1,2}\.?", pattern) is not None
    if not (_are_shown(weekdays) and (dotted or after_day or _are_shown(months))):
        return NEUTRAL.months, NEUTRAL.weekdays, NEUTRAL.day_month, NEUTRAL.dated, NEUTRAL.with_weekday
    with_weekday = _with_weekday(locale)
    if after_day:
        gap = " " if locale.language == "ko" else ""
        return months, weekdays, f"{{month}}{gap}{{day}}{after_day}", f"{{year}}{after_year}{gap}{{date}}", with_weekday
    if dotted:
        return months, weekdays, "{day}.{number}.", "{date}{year}", with_weekday
    if pattern.index("d") < pattern.index("M"):
        day_month = "{day}. {month}" if re.search(r"d\.", pattern) else "{day} {month}"
        return months, weekdays, day_month, "{date} {year}", with_weekday
    with_year = strip_controls(str(locale.datetime_skeletons.get("yMMMd", "")))
    return (
        months,
        weekdays,
        "{month} {day}",
        "{year} {date}" if with_year.startswith("y") else "{date}, {year}",
        (with_weekday),
    )


def _weekdays(locale: Locale) -> tuple[str, ...]:
    """Give the names in short that can be shown, or else the usual ones."""
    forms_of_names = (("format", "abbreviated"), ("stand-alone", "abbreviated"), ("format", "short"))
    found = [tuple(_short(locale.days[context][width][n]) for n in range(7)) for context, width in forms_of_names]
    return next((names for names in found if _are_shown(names)), found[0])


def _with_weekday(locale: Locale) -> str:
    pattern = str(locale.datetime_skeletons.get("MMMEd", "E, d MMM"))
    first = re.search(r"[Ec]", pattern)
    return "{date} {weekday}" if first and first.start() > pattern.find("d") >= 0 else "{weekday} {date}"


def _short(name: str) -> str:
    """Give a name in short as it is shown: "dec.", "de gen." and "Th." without what a date does not need."""
    name = unicodedata.normalize("NFC", strip_controls(name)).strip()
    return _PARTICLE.sub("", name).replace(".", "").strip()


def _are_shown(names: tuple[str, ...]) -> bool:
    """Tell whether names can stand on a card and be read back: short, plain, all different, none English for another."""
    lowered = [name.lower() for name in names]
    english = [name.lower() for name in (NEUTRAL.months if len(names) == 12 else NEUTRAL.weekdays)]
    return (
        all(name and all(map(_is_plain_letter, name)) and sum(map(_cells, name)) <= _MONTH_WIDTH for name in names)
        and len(set(lowered)) == len(names)
        and all(name not in english or english.index(name) == place for place, name in enumerate(lowered))
    )


def _is_plain_letter(character: str) -> bool:
    return unicodedata.category(character).startswith("L") and _goes_right(character)


def _goes_right(character: str) -> bool:
    return unicodedata.bidirectional(character) not in ("R", "AL")


def _cells(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _names_read(names: Mapping[str, Any], numbers: range, shown: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Give all names of months or weekdays, each with its number, as they are written in lower case and folded.

    One that could be two of them is left out, but a written one wins over a folded one: "št" is Slovak for Thursday, "st"
    for Wednesday.
    """
    written = {name.lower(): number for number, name in zip(numbers, shown, strict=True)}
    folded: dict[str, int] = {}
    twice: set[str] = set()
    for context, width in (
        ("format", "abbreviated"), ("format", "wide"), ("stand-alone", "abbreviated"), ("stand-alone", "wide"),
    ):  # fmt: skip
        for number in numbers:
            name = " ".join(_short(str(names[context][width][number])).lower().split())
            written.setdefault(name, number)
            if folded.setdefault(fold(name), number) != number:
                twice.add(fold(name))
    found = {name: number for name, number in folded.items() if name not in twice} | written
    return tuple((name, number) for name, number in found.items() if _can_be_typed(name))


def _can_be_typed(name: str) -> bool:
    """Tell whether a name can be told from the numbers around it: Vietnamese "thg 12" cannot, Japanese "12月" can."""
    return bool(name) and (re.search(r"[0-9]", name) is None or re.fullmatch(r"1?[0-9][月월]", name) is not None)
