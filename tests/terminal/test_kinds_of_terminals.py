"""Kinds of terminals: poor ones are refused or spared, and hostile data acts on none of them."""

from __future__ import annotations

import re
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.terminal.pseudo_terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.terminal.conftest import Shop

    Run = Callable[..., Terminal]

STREAMS = Path(__file__).parents[3] / "shared" / "data" / "bad" / "terminal"
OURS = ("a\x1b]0;owned\x07b", "\x1b[2J\x1bc\x1b[?1049l", "\x9b31m\x9d0;x\x9c\x90q", "\x0e\x0f\x05\x1b[6n\x1b[c\x1b[5i",
        "\x1bP+q544e\x1b\\", "\x1b]52;c;eA==\x07", "x\x08\x08y\x0b\x0c\x7f\u2028")  # fmt: skip
# Control sequences, and the shape of the mouse's pointer, which Textual sets.
SEQUENCE = re.compile(rb"\x1b\[[0-9;:<=>?]*[ $]?[a-zA-Z]|\x1b\]22;[a-z]*\x07")
COLOUR = re.compile(rb"\x1b\[([0-9;]*)m")


def colours(raw: bytes) -> list[bytes]:
    """Give every style code that names a colour (not those that give the terminal's own back)."""
    named = re.compile(rb"(?:^|;)(3[0-7]|38|4[0-7]|48|9[0-7]|10[0-7])(?=;|$)")
    return [codes for codes in COLOUR.findall(raw) if named.search(codes)]


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_show_a_board_is_refused_with_the_commands_that_work(run: Run, term: str) -> None:
    board = run(size=(200, 24), TERM=term)
    assert board.end() == 1
    for words in ("cannot show the board", "list", "today", "move", "--help"):
        assert words in board.text
    assert b"\x1b" not in board.raw


@pytest.mark.parametrize("redirection", ["</dev/null", "2>said", "<&-"])
def test_without_a_terminal_for_its_keys_and_its_screen_the_board_is_refused(
    shop: Shop, tmp_path: Path, redirection: str
) -> None:
    line = f'cd "{tmp_path}" && "{sys.executable}" -m funneltui {redirection}'
    with Terminal(["/bin/sh", "-c", line], shop.environment, (200, 24)) as board:
        assert board.end() == 1
        said = tmp_path / "said"
        text = said.read_text(encoding="utf-8") if said.exists() else board.text
        assert "needs a terminal" in text
        assert "list, today, funnel" in text
        assert b"\x1b" not in board.raw


def test_a_place_without_a_workspace_asks_how_to_begin_and_makes_nothing_when_it_is_left(
    run: Run, tmp_path: Path
) -> None:
    board = run(size=(200, 24), FUNNELTUI_DB=str(tmp_path / "nothing.db"))
    board.shows("There is no workspace yet")
    board.type(b"\x1b")
    assert board.end() == 0
    assert not (tmp_path / "nothing.db").exists()


def test_no_color_is_honoured(run: Run) -> None:
    board = run(NO_COLOR="1")
    look_around(board)
    assert colours(board.raw) == []


def test_a_console_of_sixteen_colours_gets_no_others(run: Run) -> None:
    board = run(TERM="linux")
    look_around(board)
    found = colours(board.raw)
    assert found
    assert [codes for codes in found if re.search(rb"(?:^|;)[34]8(?:;|$)", codes)] == []


def test_a_terminal_of_256_colours_gets_no_true_colour(run: Run) -> None:
    board = run(TERM="xterm-256color")
    look_around(board)
    assert [codes for codes in colours(board.raw) if re.search(rb"[34]8;2;", codes)] == []


def test_a_theme_of_more_colours_gives_way_on_a_console_of_sixteen(run: Run) -> None:
    board = run("--theme", "night", size=(100, 24), TERM="linux")
    board.shows("this terminal shows 16 colours")
    look_around(board)
    assert [codes for codes in colours(board.raw) if re.search(rb"(?:^|;)[34]8(?:;|$)", codes)] == []


@pytest.mark.parametrize("term", ["xterm-ghostty", "foot"])
def test_a_terminal_whose_name_says_no_number_gets_256_colours(run: Run, term: str) -> None:
    board = run(TERM=term)
    look_around(board)
    found = colours(board.raw)
    assert [codes for codes in found if re.search(rb"[34]8;5;", codes)]
    assert [codes for codes in found if re.search(rb"[34]8;2;", codes)] == []


WITHOUT_UTF8 = {
    "LANG=C": {"LANG": "C", "TERM": "linux"},
    "C and Python's own help switched off": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "latin-1 by the stream": {"PYTHONIOENCODING": "latin-1"},
    "wished for": {"FUNNELTUI_ASCII": "1", "TERM": "linux"},
}


@pytest.mark.parametrize("locale", WITHOUT_UTF8)
def test_a_terminal_without_utf8_gets_ascii_and_nothing_else(shop: Shop, run: Run, locale: str) -> None:
    shop.add("Łódź – “žuti” 漢字", amount=1_000)
    board = run(**WITHOUT_UTF8[locale])
    look_around(board)
    for words in (">Northwind rollout", 'Lodz - "zuti" ????', "E12,500", "====", "enter open"):
        assert words in board.text
    assert board.raw.isascii()
    assert b"\\u" not in board.raw
    board.type(b"n")
    board.shows("New deal")
    board.type(b"Caf\xe9")  # é as a terminal of latin-1 types it
    board.shows("Caf")
    board.type(b"\x1b")
    board.hides("New deal")
    board.type(b"q")
    assert board.end() == 0


def test_ascii_can_be_refused_whatever_the_locale_says(run: Run) -> None:
    board = run(LANG="C", FUNNELTUI_ASCII="no")
    board.shows("▌Northwind rollout")


def look_around(board: Terminal) -> None:
    """Open what can be opened."""
    board.shows("Northwind rollout")
    for keys, text in ((b"L", "Which detail?"), (b"n", "New deal"), (b"?", "add a deal"), (b"\r", "History")):
        board.type(keys)
        board.shows(text)
        board.settle()
        board.type(b"\x1b")
        board.hides(text)
    board.type(b"/")
    board.shows("esc shows all")
    board.type(b"nothing like it")
    board.shows("No deal matches")
    board.type(b"\x1b")
    board.shows("Northwind rollout")


@pytest.fixture
def hostile(shop: Shop) -> Callable[[list[str]], None]:
    """Give a function that writes texts past the program into every field of deals that are shown."""

    def fill(texts: list[str]) -> None:
        numbers = [shop.add("Title", company="Acme", contact="Anna", notes="n").number for _ in texts]
        with sqlite3.connect(shop.path) as database:
            for number, text in zip(numbers, texts, strict=True):
                kept = text.replace("\x00", "")
                command = "UPDATE deal SET title = ?, follow_up_note = ?, notes = ? WHERE number = ?"
                database.execute(command, (kept[:400], kept[:400], kept, number))
            database.execute("UPDATE company SET name = ?", (texts[0],))
            database.execute("UPDATE stage SET name = 'Offered' || ? WHERE key = 'offered'", (texts[1],))
        database.close()

    return fill


def only_our_own_codes(raw: bytes) -> bool:
    """Tell whether nothing but CR, LF, BS and control sequences of Textual's kind stands among the text."""
    rest = SEQUENCE.sub(b"", raw)
    controls = {byte for byte in rest if byte < 0x20 or byte == 0x7F} - {0x0D, 0x0A, 0x08}
    c1 = re.search("[\x80-\x9f\u2028\u2029]", rest.decode("utf-8", "replace"))
    return not controls and c1 is None


def read_through(board: Terminal) -> None:
    board.shows("Funnel")
    for keys in ("G", "g", "j\r", "jjjj", "\x1b", "L", "\x1b", "o", "t", "t", "e", "\x1b", "d", "\x1b", "c"):
        board.type(keys.encode())
        board.settle()


def test_escape_streams_in_the_data_reach_no_terminal(run: Run, hostile: Callable[[list[str]], None]) -> None:
    hostile(list(OURS) * 3)
    board = run()
    read_through(board)
    assert only_our_own_codes(board.raw)
    assert b"\x1b[5i" not in board.raw
    assert board.raw.count(b"\x1b[?1049l") == 0


@pytest.mark.skipif(not STREAMS.is_dir(), reason="the recorded escape streams do not lie beside the checkout")
def test_recorded_escape_streams_reach_no_terminal(run: Run, hostile: Callable[[list[str]], None]) -> None:
    hostile([path.read_bytes().decode("latin-1") for path in sorted(STREAMS.glob("*.in"))])
    board = run()
    read_through(board)
    assert only_our_own_codes(board.raw)


def test_a_killed_import_leaves_a_database_that_the_doctor_calls_sound(shop: Shop, run: Run, tmp_path: Path) -> None:
    source = tmp_path / "many.csv"
    rows = (f"Deal {number},web,2099-01-01" for number in range(20_000))
    source.write_text("\n".join(["title,source,expected close", *rows]) + "\n", encoding="utf-8")
    importing = run("import", str(source))
    with sqlite3.connect(shop.path) as database:
        importing.until(lambda: database.execute("SELECT count(*) FROM deal").fetchone()[0] > 3)
        assert importing.process.poll() is None
        importing.process.kill()
        importing.process.wait()
        counts = [database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("deal", "visit", "event")]
    database.close()
    assert counts[0] < 20_003
    assert counts == [counts[0]] * 3
    doctor = run("doctor")
    assert doctor.end() == 0
