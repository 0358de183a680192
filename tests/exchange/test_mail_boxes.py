"""Mails are found in a file, an mbox, a Maildir or a folder, in their order, and left there as they are."""

from __future__ import annotations

import io
import mailbox
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.errors import BadInput, StorageError
from funneltui.exchange.mail_boxes import from_input, is_box, letters
from funneltui.exchange.mail_in import READ

if TYPE_CHECKING:
    from collections.abc import Sequence

ONE, TWO = b"From: a@b.example\n\nFrom here on\n\n>From there\n", b"From: c@d.example\n\nTwo\n"


def bodies(path: Path) -> Sequence[bytes]:
    return [letter.data for letter in letters(path)]


def test_a_file_is_one_mail(tmp_path: Path) -> None:
    file = tmp_path / "one.eml"
    file.write_bytes(ONE)
    assert not is_box(file)
    assert bodies(file) == [ONE]


def test_an_mbox_is_many(tmp_path: Path) -> None:
    file = tmp_path / "box"
    box = mailbox.mbox(file)
    for data in (ONE, TWO, ONE):
        box.add(data)
    box.close()
    assert is_box(file)
    assert [data.strip() for data in bodies(file)] == [ONE.replace(b"\nFrom here", b"\n>From here").strip(), TWO.strip(),
                                                       ONE.replace(b"\nFrom here", b"\n>From here").strip()]  # fmt: skip
    assert [letter.where for letter in letters(file)] == ["box, mail 1", "box, mail 2", "box, mail 3"]


def test_a_maildir_is_read_and_nothing_marked(tmp_path: Path) -> None:
    folder = mailbox.Maildir(tmp_path / "mails")
    for data in (ONE, TWO):
        folder.add(data)
    before = sorted(tmp_path.rglob("*"))
    assert sorted(bodies(tmp_path / "mails")) == sorted([ONE, TWO])
    assert sorted(tmp_path.rglob("*")) == before


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(ONE)
    (tmp_path / ".hidden").write_bytes(TWO)
    (tmp_path / "inner").mkdir()
    os.mkfifo(tmp_path / "pipe")
    assert bodies(tmp_path) == [ONE]
    with pytest.raises(BadInput, match="neither"):
        is_box(tmp_path / "pipe")
    with pytest.raises(StorageError, match="cannot read"):
        is_box(tmp_path / "absent")


def test_a_large_mail_is_read_in_part(tmp_path: Path) -> None:
    large = b"From: a@b.example\n\n" + b"x" * (3 * READ)
    (tmp_path / "a").write_bytes(large)
    (tmp_path / "z").write_bytes(b"From a\n" + large + b"\n\nFrom b\n" + TWO)
    assert [len(data) for data in bodies(tmp_path / "a")] == [READ]
    first, second = bodies(tmp_path / "z")
    assert READ <= len(first) < 1.2 * READ
    assert second == TWO


def test_standard_input_is_taken_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(ONE + b"x" * (2 * READ)))
    monkeypatch.setattr("sys.stdin", stream)
    assert len(from_input().data) == READ
    assert stream.buffer.read() == b""
    with pytest.raises(BadInput, match="no mail on standard input"):
        from_input()
