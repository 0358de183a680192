"""The currency that a new workspace is proposed."""

from __future__ import annotations

import pytest

from funneltui.exchange.local_currency import proposed_currency


@pytest.fixture(autouse=True)
def no_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MONETARY", "LANG"):
        monkeypatch.delenv(name, raising=False)


def test_the_chosen_one_wins() -> None:
    assert proposed_currency("GBP", "pl-PL") == "GBP"


@pytest.mark.parametrize(
    ("locale", "currency"), [("pl-PL", "PLN"), ("cs_CZ", "CZK"), ("sl-SI", "EUR"), ("en-US", "USD")]
)
def test_the_locale_of_the_settings_names_it(locale: str, currency: str) -> None:
    assert proposed_currency("", locale) == currency


def test_the_locale_of_the_environment_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert proposed_currency() == "USD"
    monkeypatch.setenv("LC_MONETARY", "pl_PL.UTF-8@latin")
    assert proposed_currency() == "PLN"


@pytest.mark.parametrize("locale", ["", "C", "C.UTF-8", "POSIX", "sl", "en_XX", "nonsense_nonsense"])
def test_a_language_alone_names_none(monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert proposed_currency() == "EUR"
