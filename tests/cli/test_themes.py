"""themes: it lists what --theme finds, by the names that stand in the files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui import paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop

OURS = Path(__file__).parents[2] / "themes"


@pytest.fixture
def own() -> Path:
    """Give the folder of the user's own themes."""
    folder = paths.theme_dirs()[0]
    folder.mkdir(parents=True)
    return folder


def listed(shop: Shop) -> dict[str, str]:
    return {one["name"]: one["path"] for one in shop.ok("themes", "--json").json}


def test_a_theme_is_listed_by_the_name_in_its_file(shop: Shop, own: Path) -> None:
    text = (OURS / "night.toml").read_text(encoding="utf-8")
    (own / "office-2.toml").write_text(text.replace('"night"', '"office"', 1), encoding="utf-8")
    found = listed(shop)
    assert found["office"] == str(own / "office-2.toml")
    assert "office-2" not in found
    assert found["night"] == str(OURS / "night.toml")


def test_one_of_the_users_own_takes_the_place_of_ours(shop: Shop, own: Path) -> None:
    (own / "mine.toml").write_bytes((OURS / "day.toml").read_bytes())
    assert listed(shop)["day"] == str(own / "mine.toml")


def test_the_names_are_those_that_the_board_finds(shop: Shop, own: Path) -> None:
    from funneltui.tui import theming

    text = (OURS / "night.toml").read_text(encoding="utf-8")
    (own / "a.toml").write_text(text.replace('"night"', '"b"', 1), encoding="utf-8")
    assert list(listed(shop)) == sorted(theming.load(paths.theme_dirs())[0])


@pytest.mark.parametrize("text", ["name = ", "title = 'x'\n", "name = 7\n", "name = ''\n"])
def test_a_file_without_a_name_is_told_of_and_left_out(shop: Shop, own: Path, text: str) -> None:
    (own / "broken.toml").write_text(text, encoding="utf-8")
    done = shop.ok("themes", "--json")
    assert "broken" not in [one["name"] for one in done.json]
    assert f"warning: {own / 'broken.toml'} has no name that can be read" in done.err


def test_a_terminal_is_told_where_ones_own_go(shop: Shop, terminal: Callable[[int], None]) -> None:
    terminal(160)
    assert "your own go into ~/funneltui/themes" in shop.ok("themes").err
