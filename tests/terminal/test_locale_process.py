"""The board as a process with a locale in its config file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from funneltui.services.context import Clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.terminal.conftest import Shop
    from tests.terminal.pseudo_terminal import Terminal

IN_GERMAN = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")


def test_the_board_is_in_the_locale_of_the_config_file_and_reads_it(
    shop: Shop, run: Callable[..., Terminal], tmp_path: Path
) -> None:
    file = tmp_path / "settings" / "funneltui" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('locale = "de-DE"\n', encoding="utf-8")
    board = run(XDG_CONFIG_HOME=str(tmp_path / "settings"))
    board.shows("12,5k €")
    today = Clock().today()
    board.shows(f"{IN_GERMAN[today.weekday()]} {today.day}. ")
    board.type(b"d")
    board.shows("Follow-up")
    board.type("märz 1 2099".encode())
    board.shows("= So 1. März 2099")
    board.type(b"\r")
    board.until(lambda: any(shop.deal(number).follow_up == date(2099, 3, 1) for number in (1, 2, 3)))
