"""The files of drafts: written whole, private, held by one program at a time; whatever else lies there is passed by."""

from __future__ import annotations

import json
import os
import stat
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.text import LINE_LIMIT, NOTE_LIMIT, strip_controls
from funneltui.errors import StorageError
from funneltui.exchange.drafts import LIFETIME, MOST, SIZE_LIMIT, Draft, DraftFolder, What, owner_key
from tests.conftest import NOW

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OWNER = owner_key("shop.db", "ana")
NEW = Draft(What.NEW, {"title": "Northwind", "amount": "12.5k"}, NOW, pipeline="sales")
EDIT = Draft(What.EDIT, {"company": "", "notes": "call Anna"}, NOW, number=12, version=3, title="Hooli pilot")
NOTE = Draft(What.NOTE, {"by": "call", "words": "asked for a price"}, NOW, number=12, title="Hooli pilot")
ENTRY = Draft(What.ENTRY, {"source": "phone"}, NOW, "sales", 7, title="Five lamps")
NOTES = Draft(What.NOTES, {"notes": "first\n\n  second"}, NOW, number=12, version=3, title="Hooli pilot")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of drafts, which is not there yet."""
    return tmp_path / "state" / "drafts"


@pytest.fixture
def drafts(folder: Path) -> DraftFolder:
    """Give ana's drafts as one program sees them."""
    return DraftFolder(folder, OWNER)


@pytest.fixture
def left(drafts: DraftFolder) -> Callable[[Draft], Path]:
    """Give a function that leaves a draft behind, as a program does that has died."""

    def leave(draft: Draft) -> Path:
        file = drafts.begin()
        file.keep(draft)
        file.release()
        return file.path

    return leave


@pytest.mark.parametrize("draft", [NEW, EDIT, NOTE, NOTES, ENTRY], ids=lambda draft: draft.what.value)
def test_a_draft_is_found_as_it_was_left(drafts: DraftFolder, left: Callable[[Draft], Path], draft: Draft) -> None:
    left(draft)
    assert [file.draft for file in drafts.waiting(NOW)] == [draft]


def test_a_draft_that_is_kept_again_takes_its_own_place(drafts: DraftFolder, folder: Path) -> None:
    file = drafts.begin()
    file.keep(NEW)
    file.keep(EDIT)
    file.release()
    assert [file.draft for file in drafts.waiting(NOW)] == [EDIT]
    assert len(list(folder.iterdir())) == 1


def test_nobody_else_can_read_a_draft_or_list_them(left: Callable[[Draft], Path], folder: Path) -> None:
    path = left(NEW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_place_without_drafts_has_none_and_is_not_made(drafts: DraftFolder, folder: Path) -> None:
    assert drafts.waiting(NOW) == []
    drafts.begin()
    assert not folder.exists()


def test_a_dropped_draft_is_gone_and_can_be_dropped_twice(drafts: DraftFolder, folder: Path) -> None:
    file = drafts.begin()
    file.keep(NEW)
    file.drop()
    file.drop()
    assert list(folder.iterdir()) == []


def test_what_one_program_holds_is_not_offered_in_another(drafts: DraftFolder, folder: Path) -> None:
    typing = drafts.begin()
    typing.keep(NEW)
    typing.keep(EDIT)
    other = DraftFolder(folder, OWNER)
    assert other.waiting(NOW) == []
    typing.release()
    assert len(other.waiting(NOW)) == 1
    assert drafts.waiting(NOW) == []


def test_a_draft_that_is_gone_on_with_stays_held_through_every_writing(
    drafts: DraftFolder, left: Callable[[Draft], Path]
) -> None:
    left(NEW)
    file = drafts.waiting(NOW)[0]
    file.keep(EDIT)
    assert drafts.waiting(NOW) == []


def test_a_draft_that_is_written_anew_while_another_program_looks_is_not_offered(
    drafts: DraftFolder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing = drafts.begin()
    typing.keep(NEW)
    opened = os.open

    def open_and_type(path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = opened(path, flags, mode)
        if flags & os.O_RDWR:
            typing.keep(EDIT)
        return descriptor

    monkeypatch.setattr(os, "open", open_and_type)
    assert DraftFolder(folder, OWNER).waiting(NOW) == []
    assert typing.path.exists()


def test_the_newest_draft_comes_first(drafts: DraftFolder, left: Callable[[Draft], Path]) -> None:
    for minutes in (30, 10, 20):
        left(Draft(What.NEW, {"title": f"{minutes} min"}, NOW - timedelta(minutes=minutes)))
    found = [file.draft.texts["title"] for file in drafts.waiting(NOW) if file.draft]
    assert found == ["10 min", "20 min", "30 min"]


def test_more_drafts_than_anybody_looks_through_wait(drafts: DraftFolder, left: Callable[[Draft], Path]) -> None:
    for minutes in range(MOST + 1):
        left(Draft(What.NEW, {"title": "x"}, NOW - timedelta(minutes=minutes)))
    first = drafts.waiting(NOW)
    assert len(first) == MOST
    assert [file.draft.at for file in drafts.waiting(NOW) if file.draft] == [NOW - timedelta(minutes=MOST)]


@pytest.mark.parametrize(("late", "kept"), [(timedelta(0), 1), (timedelta(seconds=1), 0)])
def test_a_draft_past_its_lifetime_is_removed(
    drafts: DraftFolder, left: Callable[[Draft], Path], late: timedelta, kept: int
) -> None:
    path = left(Draft(What.NEW, {"title": "old"}, NOW - LIFETIME - late))
    assert len(drafts.waiting(NOW)) == kept
    assert path.exists() == bool(kept)


def test_what_was_left_half_written_goes_after_a_lifetime(drafts: DraftFolder, left: Callable[[Draft], Path]) -> None:
    path = left(NEW)
    young, old = path.with_name(f"{OWNER}-young.new"), path.with_name(f"{OWNER}-old.new")
    for half, age in ((young, LIFETIME - timedelta(1)), (old, LIFETIME + timedelta(1))):
        half.write_text("{")
        os.utime(half, times=((NOW - age).timestamp(),) * 2)
    drafts.waiting(NOW)
    assert (young.exists(), old.exists()) == (True, False)


def test_other_peoples_drafts_are_let_be(left: Callable[[Draft], Path], folder: Path) -> None:
    left(NEW)
    for other in (owner_key("shop.db", "bob"), owner_key("other.db", "ana")):
        assert DraftFolder(folder, other).waiting(NOW) == []
        (folder / f"{other}-1.json").write_bytes(next(folder.glob(f"{OWNER}-*")).read_bytes())
        assert DraftFolder(folder, other).waiting(NOW) == []


def test_neither_a_file_nor_its_name_tells_where_the_workspace_is(folder: Path) -> None:
    secret = "postgresql://ana:s3cret@db.example.com:5432/sales"
    file = DraftFolder(folder, owner_key(secret, "ana")).begin()
    file.keep(NEW)
    said = file.path.name + file.path.read_text()
    assert [word for word in ("s3cret", "example", "5432", "postgresql") if word in said] == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("postgresql://ana:old@db:5432/sales", "postgres://ana:new@db:5432/sales?sslmode=require", True),
        ("postgresql://ana@db:5432/sales", "postgresql://ana@db:5432/other", False),
        ("postgresql://ana@db/sales", "postgresql://ana@other/sales", False),
        ("postgresql:///sales?host=/run/one", "postgresql:///sales?host=/run/two", False),
        ("sqlite:///shop.db", "shop.db", True),
        ("./here/../shop.db", "shop.db", True),
        ("shop.db", "other.db", False),
    ],
)
def test_a_workspace_is_known_by_its_place(one: str, other: str, same: bool) -> None:
    assert (owner_key(one, "ana") == owner_key(other, "ana")) is same
    assert owner_key(one, "ana") != owner_key(one, "bob")


def test_a_file_is_known_by_its_path_from_wherever_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert owner_key("shop.db", "ana") == owner_key(str(tmp_path / "shop.db"), "ana")


def test_texts_are_made_harmless_when_they_are_kept_and_when_they_are_found(
    drafts: DraftFolder, left: Callable[[Draft], Path]
) -> None:
    hostile = "a\x1b]0;owned\x07b\u202ec\nd\ud800\x00"
    path = left(Draft(What.NEW, {"title": hostile, "notes": hostile}, NOW))
    assert strip_controls(path.read_text()) == path.read_text()
    said = json.loads(path.read_text())
    said["texts"] = {"title": hostile, "notes": hostile}
    said["title"] = said["pipeline"] = hostile
    path.write_text(json.dumps(said))
    draft = drafts.waiting(NOW)[0].draft
    assert draft is not None
    assert [*draft.texts.values(), draft.title, draft.pipeline] == ["a]0;ownedbc d"] * 4


def test_a_text_is_kept_as_far_as_its_field_would_keep_it(drafts: DraftFolder, left: Callable[[Draft], Path]) -> None:
    left(Draft(What.NEW, {"title": "x" * 1_000, "notes": "\U0001f600" * 200_000}, NOW))
    draft = drafts.waiting(NOW)[0].draft
    assert draft is not None
    assert (len(draft.texts["title"]), len(draft.texts["notes"])) == (LINE_LIMIT, NOTE_LIMIT)


def good(**changed: object) -> bytes:
    said = {
        "funneltui draft": 1, "owner": OWNER, "what": "new", "at": NOW.isoformat(), "pipeline": "sales", "number": 0,
        "version": 0, "title": "", "texts": {"title": "Northwind"},
    }  # fmt: skip
    return json.dumps(said | changed).encode()


def test_the_file_that_the_next_test_breaks_is_a_good_one(drafts: DraftFolder, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / f"{OWNER}-1.json").write_bytes(good())
    assert len(drafts.waiting(NOW)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"null", b"[]", b"7", b'"text"', b"{}", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b"9" * 10_000,
        good() + b" " * SIZE_LIMIT, good(what="other"), good(what=None), good(at="yesterday"), good(at=5),
        good(at="0001-01-01T00:00:00+14:00"), good(texts=None), good(texts=[]), good(texts="title"), good(texts={}),
        good(texts={"title": 5}), good(texts={"a colour": "red"}), good(number="1"), good(number=-1), good(number=10**30),
        good(number=True), good(version=1.5), good(title=5), good(pipeline=[]), good(owner="other"),
        good(**{"funneltui draft": 2}),
    ],
    ids=lambda content: repr(content[:40]) if len(content) < 10_000 else f"{len(content)} bytes of {content[:9]!r}",
)  # fmt: skip
def test_what_is_no_draft_is_passed_by_and_left(drafts: DraftFolder, folder: Path, content: bytes) -> None:
    folder.mkdir(parents=True)
    path = folder / f"{OWNER}-1.json"
    path.write_bytes(content)
    assert drafts.waiting(NOW) == []
    assert path.read_bytes() == content


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "unreadable link"])
def test_what_is_no_plain_file_is_passed_by(drafts: DraftFolder, folder: Path, tmp_path: Path, kind: str) -> None:
    folder.mkdir(parents=True)
    path = folder / f"{OWNER}-1.json"
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_bytes(good())
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(elsewhere if kind == "link" else "nothing")
    assert drafts.waiting(NOW) == []
    assert elsewhere.read_bytes() == good()


def test_a_link_in_the_place_of_a_draft_is_replaced_and_not_followed(drafts: DraftFolder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    file = drafts.begin()
    file.path.parent.mkdir(parents=True)
    for path in (file.path, file.path.with_suffix(".new")):
        path.symlink_to(elsewhere)
    file.keep(NEW)
    assert elsewhere.read_text() == "mine"
    assert not file.path.is_symlink()


def test_a_disk_that_refuses_leaves_the_draft_as_it_was(
    drafts: DraftFolder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = drafts.begin()
    file.keep(NEW)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match=r"cannot be kept .*No space left"):
        file.keep(EDIT)
    assert len(list(folder.iterdir())) == 1
    file.release()
    assert [file.draft for file in drafts.waiting(NOW)] == [NEW]


def test_a_place_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    with pytest.raises(StorageError, match="cannot be kept as a draft"):
        DraftFolder(tmp_path / "state" / "drafts", OWNER).begin().keep(NEW)
