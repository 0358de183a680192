"""The user's own themes are seen as they lie in their folder now: new, changed, broken, gone, without a restart."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from funneltui.tui import theme_watch
from funneltui.tui.theme_watch import ThemeNews, ThemeWatch, take
from tests.tui.conftest import THEMES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Board, Shop, Show

NIGHT = (THEMES / "night.toml").read_text(encoding="utf-8")
OURS = len(list(THEMES.glob("*.toml")))


def write(folder: Path, name: str = "mine", file: str = "mine.toml", **values: str) -> Path:
    """Write a theme like night, with other values for some keys, over the one of that file if there is one."""
    text = NIGHT.replace('name = "night"', f'name = "{name}"', 1)
    for key, value in values.items():
        before = next(line for line in text.splitlines() if line.startswith(f"{key} ="))
        text = text.replace(before, f'{key} = "{value}"', 1)
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / "new"
    new.write_text(text, encoding="utf-8")
    return new.replace(folder / file)


def news(watch: ThemeWatch) -> ThemeNews:
    """Give what has changed, which must be something."""
    found = watch.poll()
    assert found is not None
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the place of the user's own themes; the folder is not there yet."""
    return tmp_path / "themes"


@pytest.fixture
def watch(folder: Path) -> ThemeWatch:
    """Give a watch over the user's own themes and ours."""
    return ThemeWatch([folder, THEMES])


def test_the_first_look_gives_all_and_the_next_ones_nothing(watch: ThemeWatch) -> None:
    assert len(news(watch).looks) == OURS
    assert watch.poll() is None
    assert watch.poll() is None


def test_a_new_theme_is_seen_in_a_new_folder(watch: ThemeWatch, folder: Path) -> None:
    watch.poll()
    write(folder)
    assert "mine" in news(watch).looks
    assert watch.poll() is None


def test_a_changed_theme_is_read_again(watch: ThemeWatch, folder: Path) -> None:
    write(folder)
    watch.poll()
    write(folder, background="#123456")
    assert news(watch).looks["mine"].colors["background"] == "#123456"


def test_a_change_within_the_clock_s_tick_to_the_same_length_is_seen_too(watch: ThemeWatch, folder: Path) -> None:
    path = write(folder, background="#111111")
    moment = path.stat().st_mtime_ns
    watch.poll()
    os.utime(write(folder, background="#222222"), ns=(moment, moment))
    assert news(watch).looks["mine"].colors["background"] == "#222222"


def test_only_what_has_changed_is_read(watch: ThemeWatch, folder: Path) -> None:
    write(folder)
    before = news(watch).looks
    write(folder, "other", "other.toml")
    after = news(watch).looks
    assert [name for name in before if after[name] is not before[name]] == []


def test_a_theme_that_breaks_is_told_once_with_its_file_and_keeps_its_old_look(watch: ThemeWatch, folder: Path) -> None:
    write(folder, background="#123456")
    before = news(watch).looks["mine"]
    write(folder, background="reddish")
    broken = news(watch)
    assert broken.looks["mine"] == before
    assert len(broken.problems) == 1
    for words in ("mine.toml", "background", "reddish", "no colour"):
        assert words in broken.problems[0]
    assert watch.poll() is None


def test_a_theme_that_is_mended_is_taken(watch: ThemeWatch, folder: Path) -> None:
    write(folder, overdue="glowing")
    assert "mine" not in news(watch).looks
    write(folder, overdue="#abcdef")
    mended = news(watch)
    assert "mine" in mended.looks
    assert mended.problems == []


def test_one_that_replaced_ours_gives_it_back_when_it_goes(watch: ThemeWatch, folder: Path) -> None:
    path = write(folder, "day", background="#123456")
    assert news(watch).looks["day"].colors["background"] == "#123456"
    path.unlink()
    assert not news(watch).looks["day"].dark


def test_a_link_that_leads_nowhere_is_no_theme(watch: ThemeWatch, folder: Path) -> None:
    folder.mkdir()
    (folder / "lost.toml").symlink_to(folder / "nothing")
    assert news(watch).problems == []


def ground(board: Board) -> str:
    """Give the colour that most of the screen is painted on."""
    strip = board.app.screen._compositor.render_strips()[12]
    style = max(strip, key=lambda segment: segment.cell_length).style
    assert style is not None
    assert style.bgcolor is not None
    return style.bgcolor.get_truecolor().hex


async def test_the_board_changes_while_the_file_of_its_theme_is_edited(full: Shop, show: Show, folder: Path) -> None:
    write(folder, background="#101010", overdue="#aa0000")
    watch = ThemeWatch([folder, THEMES])
    async with show(theme="mine", folders=(folder, THEMES)) as board:
        take(board.app, news(watch))
        before = board.text
        write(folder, background="#202020", overdue="#bb0000")
        take(board.app, news(watch))
        await board.until(lambda: ground(board) == "#202020")
        assert board.text == before
        assert inks(board) >= {Color.parse("#bb0000").hex.lower()}
        assert not inks(board) & {Color.parse("#aa0000").hex.lower()}


def inks(board: Board) -> set[str]:
    """Give the colours in which is painted."""
    styles = [segment.style for strip in board.app.screen._compositor.render_strips() for segment in strip]
    return {style.color.get_truecolor().hex for style in styles if style and style.color}


async def test_an_open_dialog_changes_with_it(full: Shop, show: Show, folder: Path) -> None:
    write(folder, key="bold #010203")
    watch = ThemeWatch([folder, THEMES])
    async with show(theme="mine", folders=(folder, THEMES)) as board:
        take(board.app, news(watch))
        await board.press("m", "3")
        await board.opens("MoveDialog")
        write(folder, key="bold #a1b2c3")
        take(board.app, news(watch))
        await board.until(lambda: "#a1b2c3" in inks(board))


async def test_a_broken_edit_is_a_message_and_the_old_look_stays(full: Shop, show: Show, folder: Path) -> None:
    write(folder, background="#101010")
    watch = ThemeWatch([folder, THEMES])
    async with show(theme="mine", folders=(folder, THEMES)) as board:
        take(board.app, news(watch))
        write(folder, background="#[/]")
        take(board.app, news(watch))
        await board.tells('theme mine.toml: "background" is "#[/]", which is no colour')
        await board.pilot.pause()
        assert ground(board) == "#101010"


async def test_a_theme_in_force_whose_file_goes_stays_until_another_is_chosen(
    full: Shop, show: Show, folder: Path
) -> None:
    path = write(folder, background="#101010")
    watch = ThemeWatch([folder, THEMES])
    async with show(theme="mine", folders=(folder, THEMES)) as board:
        take(board.app, news(watch))
        path.unlink()
        take(board.app, news(watch))
        await board.pilot.pause()
        assert ground(board) == "#101010"
        board.app.show_theme("day")
        write(folder, "another")
        take(board.app, news(watch))
        assert "mine" not in board.app.looks


async def test_an_app_that_follows_its_folders_offers_a_theme_as_soon_as_it_is_written(
    full: Shop, show: Show, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theme_watch, "INTERVAL", 0.01)
    async with show(folders=(folder, THEMES)) as board:
        board.app.run_worker(theme_watch.follow(board.app, ThemeWatch(board.app.folders)))
        await board.until(lambda: "day" in board.app.looks)
        write(folder, background="#303030")
        await board.until(lambda: "mine" in board.app.looks)
        board.app.show_theme("mine")
        await board.until(lambda: ground(board) == "#303030")
        write(folder, background="#404040")
        await board.until(lambda: ground(board) == "#404040")
