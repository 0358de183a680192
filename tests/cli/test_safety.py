"""Nothing that is stored can act on the terminal of whoever reads it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.text import strip_controls

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Shop

HOSTILE = "a\x1b]0;owned\x07b\x1b[2Jc\x9b31md\u202ee\u200bf\x7fg\x00h"
MARKUP = "[red]x[/red] [/] [link=http://example.com]y[/link] :smile:"
COMMANDS = (["list"], ["show", "1"], ["today", "--days", "99"], ["list", "--json"], ["show", "1", "--json"],
            ["funnel"], ["users"], ["doctor"])  # fmt: skip


def harmless(text: str) -> bool:
    return all(strip_controls(line.replace("\t", "")) == line.replace("\t", "") for line in text.split("\n"))


@pytest.fixture
def hostile(shop: Shop, deal: Callable[..., int]) -> Shop:
    """Give a workspace into which somebody wrote controls behind the program's back."""
    deal("plain", "--company", "Acme", "--contact", "Anna", "--notes", "n")
    with sqlite3.connect(shop.location) as database:
        text = HOSTILE.replace("\x00", "")
        database.execute("UPDATE deal SET title = ?, follow_up_note = ?, notes = ?", (text, text, text))
        database.execute("UPDATE company SET name = ?", (text,))
        database.execute("UPDATE contact SET name = ?, email = ?", (text, text))
        database.execute("INSERT INTO person (name, folded, role) VALUES (?, 'x', 'rep')", (text,))
        database.execute("UPDATE stage SET name = ? WHERE key = 'waiting'", (text,))
    database.close()
    return shop


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_controls_never_reach_a_pipe(hostile: Shop, command: list[str]) -> None:
    assert harmless(hostile.ok(*command).out)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_controls_never_reach_a_terminal(
    hostile: Shop, terminal: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    terminal(100)
    monkeypatch.setenv("TERM", "dumb")  # no styles of our own, so that any escape is theirs
    monkeypatch.setenv("NO_COLOR", "1")
    assert harmless(hostile.ok(*command).out)


def test_json_keeps_the_characters_as_escapes(hostile: Shop) -> None:
    assert hostile.ok("list", "--json").json[0]["title"] == HOSTILE.replace("\x00", "")


def test_what_is_typed_is_stored_clean(shop: Shop) -> None:
    shop.ok("add", HOSTILE, "--source", "web", "--close", "fri", "--company", HOSTILE)
    title = shop.ok("show", "1", "--json").json["title"]
    assert strip_controls(title) == title


def test_markup_in_a_title_is_only_text(shop: Shop, terminal: Callable[[int], None]) -> None:
    shop.ok("add", MARKUP, "--source", "web", "--close", "fri")
    terminal(300)
    for command in (["list"], ["today", "--days", "99"], ["show", "1"]):
        assert MARKUP in shop.ok(*command).out


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", HOSTILE],
        ["list", "stage:" + HOSTILE],
        ["move", "1", HOSTILE],
        [HOSTILE],
        ["add", "x", "--source", HOSTILE],
    ],
)
def test_messages_about_hostile_arguments_are_harmless(shop: Shop, arguments: list[str]) -> None:
    done = shop(*(argument.replace("\x00", "") for argument in arguments))
    assert done.status in (1, 2)
    assert harmless(done.err)
