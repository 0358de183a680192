"""Tables on a terminal: texts are cut to the room, numbers never are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.cli import output
from funneltui.cli.output import Column, say_rows

if TYPE_CHECKING:
    import pytest


def test_no_number_is_cut_however_late_it_comes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "on_terminal", lambda: True)
    rows = [(str(number), "x", f"€{number * 1000:,}") for number in range(1, 1205)]
    say_rows((Column("no", number=True), Column("title"), Column("amount", number=True)), rows)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1].split() == ["1204", "x", "€1,204,000"]
    assert not [line for line in lines if "…" in line]


def test_headings_reach_no_terminal_unsanitised(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(output, "on_terminal", lambda: True)
    say_rows((Column("a\x1b]0;x\x07b"),), [("y",)])
    assert "\x1b" not in capsys.readouterr().out
