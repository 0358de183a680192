"""The form server's token and rates: what is secret stays so, and nobody sends without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from funneltui.cli.request_limits import VARIABLE, Rates, read_token
from funneltui.errors import BadInput, StorageError

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "correct horse battery staple"


class Hand:
    """A clock that goes only when it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_token_is_known_by_its_bearer(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    token = read_token(file)
    assert token.is_brought(f"Bearer {SECRET}")
    assert token.is_brought(f"bearer  {SECRET} ")
    for wrong in ("", "Bearer", f"Basic {SECRET}", SECRET, f"Bearer {SECRET}!", "Bearer \xe9\ud800"):
        assert not token.is_brought(wrong)
    assert SECRET not in repr(token)


def test_a_token_that_is_no_secret_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    file.write_text(SECRET)
    file.chmod(0o644)
    with pytest.raises(BadInput, match="chmod 600"):
        read_token(file)
    file.write_text("short")
    file.chmod(0o600)
    with pytest.raises(BadInput, match="too short"):
        read_token(file)
    with pytest.raises(StorageError, match="cannot read"):
        read_token(tmp_path / "absent")
    with pytest.raises(BadInput, match=VARIABLE):
        read_token(None)
    monkeypatch.setenv(VARIABLE, SECRET)
    assert read_token(None).is_brought(f"Bearer {SECRET}")


def test_an_address_sends_its_share_and_then_waits() -> None:
    clock = Hand()
    rates = Rates(3, 100, clock)
    assert [rates.lets_in("192.0.2.1") for _ in range(5)] == [True, True, True, False, False]
    assert rates.lets_in("192.0.2.2")
    clock.now += 20
    assert [rates.lets_in("192.0.2.1") for _ in range(2)] == [True, False]
    clock.now += 600
    assert [rates.lets_in("192.0.2.1") for _ in range(4)] == [True, True, True, False]


def test_a_network_of_many_addresses_is_one() -> None:
    rates = Rates(1, 100, Hand())
    assert rates.lets_in("2001:db8::1")
    assert not rates.lets_in("2001:db8::2:3")
    assert rates.lets_in("2001:db8:0:1::1")


def test_forms_are_counted_in_all() -> None:
    clock = Hand()
    rates = Rates(100, 2, clock)
    assert [rates.lets_through() for _ in range(3)] == [True, True, False]
    clock.now += 30
    assert [rates.lets_through() for _ in range(2)] == [True, False]


def test_of_any_number_of_addresses_those_that_were_silent_longest_are_forgotten() -> None:
    rates = Rates(1, 1, Hand())
    assert [rates.lets_in("192.0.2.1") for _ in range(2)] == [True, False]
    others = [f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}" for number in range(10_000)]
    assert all(map(rates.lets_in, others))
    assert not rates.lets_in(others[-1])
    assert rates.lets_in("192.0.2.1")
