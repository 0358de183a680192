"""Sentences that name a key name the one in force: a dozen actions are given other keys, and no screen names an old one."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui import paths
from funneltui.tui.keymap import build, hint, key_for, use
from funneltui.tui.widgets.note import Note
from tests.tui.records_seen import fill, seen
from tests.tui.test_keymap import ids

if TYPE_CHECKING:
    from tests.tui.conftest import Board, Shop, Show

OTHERS = ids({
    "deal__new": "f2", "deal__undo": "f3", "records__mark": "f4", "records__merge": "f5", "records__back": "f6",
    "record__page_down": "f7", "review__back": "f8", "review__end": "f9", "review__down": "f10", "review__undo": "f3",
    "filter__leave": "f11", "filter__take": "ctrl+y", "filter__next": "ctrl+n", "app__help": "f1", "review__help": "f1",
    "settings__back": "f12", "settings__next_tab": "ctrl+y", "record__close": "f12",
})  # fmt: skip
"""Actions with a key that nothing else has."""

OLD = re.compile(
    r"(?<![\w.-])(n|u|M|b|j|esc|PgDn|tab|\?)(?= (adds|takes|on the|goes|shows|back|undo|merge|new|keys|end)\b|$)"
)
"""An old key of them, as a sentence or a line of keys names it."""


def changed(board: Board) -> None:
    """Give the dozen actions their other keys."""
    keymap = build(OTHERS)
    assert keymap.problems == ()
    use(board.app, keymap)


def old_keys(text: str) -> list[str]:
    """Give the places of a text that name an old key."""
    return [text[max(0, one.start() - 20) : one.end() + 12] for one in OLD.finditer(text)]


async def test_a_sentence_names_the_key_in_force_or_none(shop: Shop, show: Show) -> None:
    async with show() as board:
        assert hint(board.app, "deal.undo", "takes it back") == "; u takes it back"
        use(board.app, build({"deal.undo": "ctrl+z", "app.help": "f1", "deal.redo": ""}))
        assert hint(board.app, "deal.undo", "takes it back") == "; ctrl+z takes it back"
        assert (key_for(board.app, "app.help"), key_for(board.app, "review.back")) == ("f1", "b")
        assert hint(board.app, "deal.redo", "does it again") == ""


async def test_among_companies_and_contacts_every_hint_names_the_new_keys(shop: Shop, show: Show) -> None:
    async with seen(show) as at:
        changed(at.board)
        await at.board.shows("no deal names a company yet; f2 adds a deal")
        fill(shop)
        await at.lists("Acme", "Acme d.o.o.", "Globex", "Hooli")
        assert "f5 merge" in at.board.lines[-1]
        await at.press("f5")
        await at.board.tells("mark with f4 what is to go, then press f5 on the one that stays")
        await at.press("slash")
        await at.board.shows("enter keeps them, f6 shows all")
        await at.board.type("zzz")
        await at.board.shows("no company has these words; f6 shows all again")
        assert old_keys(at.board.text + at.board.told) == []


async def test_the_board_and_the_list_name_the_new_keys_where_there_is_nothing(shop: Shop, show: Show) -> None:
    async with show() as board:
        changed(board)
        await board.shows("f2 adds the first one")
        await board.press("w")
        await board.tells("there is no deal here; f2 adds one")
        await board.press("2")
        await board.shows("there are no deals here; f2 adds one")
        assert old_keys(board.text + board.told) == []


async def test_spam_says_with_which_key_it_is_taken_back(full: Shop, show: Show) -> None:
    async with show() as board:
        changed(board)
        await board.press("exclamation_mark")
        await board.tells("marked as spam; f3 takes that back")


async def test_a_corrected_record_says_with_which_key_it_is_taken_back(shop: Shop, show: Show) -> None:
    fill(shop)
    async with seen(show) as at:
        changed(at.board)
        await at.press("e")
        await at.opens("RecordForm")
        await at.board.type(" Group")
        await at.press("enter")
        await at.board.tells("4 deals corrected; f3 takes it back")


async def test_a_merge_says_with_which_key_it_is_taken_back(shop: Shop, show: Show) -> None:
    fill(shop)
    async with seen(show) as at:
        changed(at.board)
        await at.press("j", "f4", "g", "f5")
        await at.opens("MergeDialog")
        assert "f3 takes it all back." in at.board.text
        await at.press("escape")
        await at.opens("")
        await at.press("equals_sign")
        await at.board.shows("stays")
        await at.press("enter")
        await at.board.shows("that was all: 1 merged; f3 takes the last one back")


async def test_an_opened_company_says_with_which_key_there_is_more(shop: Shop, show: Show) -> None:
    for number in range(40):
        shop.add(f"Deal {number}", company="Acme")
    async with seen(show, (80, 24)) as at:
        changed(at.board)
        await at.lists("Acme")
        await at.open("Acme")
        await at.board.shows("more lines  f7")
        assert old_keys(at.board.text) == []


async def test_the_review_names_the_new_keys_in_its_footer_and_its_messages(full: Shop, show: Show) -> None:
    async with show((80, 24)) as board:
        changed(board)
        board.app.show_review(board.state.pipeline)
        await board.opens("ReviewScreen")
        await board.shows("1 of 3")
        await board.shows("f8 back")
        assert ("f3 undo" in board.text, "f9 end" in board.text) == (True, True)
        await board.press("y")
        await board.tells("the summary comes at the end; f9 goes there")
        await board.press("1", "f9")
        await board.shows("y copy the summary  f8 back  f3 undo  f9 leave")
        await board.press("1")
        await board.tells("the review is at its end; f8 goes back")
        assert old_keys(board.text + board.told) == []


async def test_a_review_key_that_is_taken_away_is_not_in_the_footer(full: Shop, show: Show) -> None:
    async with show() as board:
        use(board.app, build({"review.skip": ""}))
        board.app.show_review(board.state.pipeline)
        await board.shows("1 tomorrow")
        assert " skip" not in board.text


async def test_the_line_of_a_filter_names_the_new_keys(full: Shop, show: Show) -> None:
    async with show() as board:
        changed(board)
        await board.press("slash")
        await board.shows("enter keeps it, f11 shows all")
        await board.type("c")
        await board.shows("ctrl+y [c")
        await board.shows("ctrl+n next")
        assert old_keys(board.text) == []


async def test_where_there_is_nothing_to_show_the_key_in_force_is_named_or_nothing(shop: Shop, show: Show) -> None:
    async with show() as board:
        changed(board)
        note = board.screen.query_one(Note)
        note.say("Nothing here.", "[deal.new] adds one", "[deal.redo] does it again")
        await board.shows("f2 adds one")
        assert "U does it again" in board.text
        use(board.app, build({"deal.redo": ""}))
        await board.until(lambda: "does it again" not in board.text)


async def test_the_help_is_closed_by_the_key_that_opens_it(shop: Shop, show: Show) -> None:
    async with show() as board:
        changed(board)
        await board.press("f1")
        await board.opens("Help")
        await board.press("f1")
        await board.opens("")


async def test_help_has_room_for_several_long_keys(shop: Shop, show: Show) -> None:
    async with show((120, 100)) as board:
        use(board.app, build({"deal.win": "ctrl+w,ctrl+pagedown,f2", "deal.redo": ""}))
        await board.press("question_mark")
        await board.opens("Help")
        lines = {name: next(line for line in board.lines if name in line) for name in ("the deal is won", "do again")}
        assert "ctrl+w  ctrl+pagedown  f2  the deal is won" in lines["the deal is won"]
        assert "  -  " in lines["do again"]


async def test_the_settings_name_their_own_new_keys(shop: Shop, show: Show) -> None:
    paths.config_file().parent.mkdir(parents=True)
    lines = [f'"{action}" = "{keys}"\n' for action, keys in OTHERS.items()]
    paths.config_file().write_text("".join(["[keys]\n", *lines]), encoding="utf-8")
    async with show() as board:
        await board.press("comma")
        await board.shows("ctrl+y keys  / search  f12 back  f1 keys")
        await board.press("ctrl+y", "slash")
        await board.shows("enter keeps them, f12 shows all")
        assert old_keys(board.lines[-1]) == []


PACKAGE = Path(__file__).parents[2] / "funneltui"
SENTENCE = re.compile(
    r"(?:^|[;:,.(\[] ?|press |with |  )(?:esc|enter|space|tab|↵|PgDn|PgUp|ctrl\+\w|[b-hj-zA-HJ-Z?!#*/0-9])"
    r"(?= (?:adds|takes|goes|shows|puts|keeps|comes|leaves|opens|brings|leads|makes|changes|moves|on the|and the)\b|\]|$)"
)
"""A key that a sentence names by itself: it would still do so when the key is another one."""

IN_DIALOGS = ("enter keeps", "ctrl+s keeps it", "choose one at least, with space")
"""Keys that cannot be changed: those of dialogs, and enter in a line that is typed into."""


def sentences(path: Path) -> list[str]:
    """Give the texts of a file that have several words, but for docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docs)
    return [text.value for text in texts if isinstance(text.value, str) and " " in text.value.strip()]


@pytest.mark.parametrize("folder", ["tui", "services"])
def test_no_sentence_names_a_key_that_can_be_changed(folder: str) -> None:
    named = {
        f"{path.relative_to(PACKAGE)}: {text}"
        for path in (PACKAGE / folder).rglob("*.py")
        for text in sentences(path)
        if SENTENCE.search(text) and not any(words in text for words in IN_DIALOGS) and text != "saved: #"
    }
    assert named == set()
