"""The board as a process with a config file in which everything is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.deal import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.terminal.conftest import Shop
    from tests.terminal.pseudo_terminal import Terminal

EVERY_MISTAKE = """
density = "tight"
asci = "yes"
mouse = 1
side = true
theme = "nigth"
[panes]
side_width = 900
[follow_up]
usual = ["someday"]
[keys]
deal.win = 3
"deal.lose" = "m"
"deal.wim" = "z"
"app.help" = ""
"""


def test_a_config_with_every_mistake_starts_the_board_and_is_told(
    shop: Shop, run: Callable[..., Terminal], tmp_path: Path
) -> None:
    file = tmp_path / "settings" / "funneltui" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(EVERY_MISTAKE, encoding="utf-8")
    board = run(XDG_CONFIG_HOME=str(tmp_path / "settings"))
    board.shows("Northwind rollout")
    board.shows('there is no theme "nigth"')
    board.shows("line 2: density is")
    board.shows("and 7 more: `funneltui config`")
    board.type(b"w")
    board.until(lambda: shop.deal(1).outcome is Outcome.WON)
