"""The currency that a new workspace is proposed: that of the settings, else of the country that the locale names."""

from __future__ import annotations

import os

from funneltui.exchange.pipeline_files import DEFAULT_CURRENCY

_VARIABLES = ("LC_ALL", "LC_MONETARY", "LANG")


def proposed_currency(chosen: str = "", locale: str = "") -> str:
    """Give the currency (ISO 4217) to propose: the chosen one, else that of the locale's country, else EUR.

    `locale` is the one of the settings ("sl-SI"); without it that of the environment counts, the first of LC_ALL,
    LC_MONETARY and LANG that is set, as it does for amounts everywhere. A language alone names no country.
    """
    if chosen:
        return chosen
    told = locale or next((text for name in _VARIABLES if (text := os.environ.get(name, ""))), "")
    country = told.partition(".")[0].partition("@")[0].replace("-", "_").rpartition("_")[2]
    return _of_country(country) if len(country) == 2 and country.isupper() else DEFAULT_CURRENCY


def _of_country(country: str) -> str:
    from babel.numbers import get_territory_currencies

    used: list[str] = get_territory_currencies(country)
    return used[0] if used else DEFAULT_CURRENCY
