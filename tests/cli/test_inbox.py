"""`add --from-mail` and `inbox`: mails become deals or wait, and are listed, completed, dropped and brought back."""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from funneltui.domain.text import strip_controls
from funneltui.services.context import Clock
from tests.cli.conftest import Shop

if TYPE_CHECKING:
    from collections.abc import Callable

MAILS = Path(__file__).parents[3] / "shared" / "data" / "mail"
ENOUGH = ("--source", "phone", "--close", "2026-12-15")


def mail(number: int = 1, subject: str = "Lamps", body: str = "Five, please") -> str:
    return (
        f"From: Jan Novak <jan@acme.example>\nSubject: {subject}\nDate: Fri, 20 Nov 2026 09:00:00 +0100\n"
        f"Message-ID: <{number}@acme.example>\n\n{body}\n"
    )


@pytest.fixture
def letter(tmp_path: Path) -> Callable[..., str]:
    """Give a function that writes a mail into a file and gives its path."""

    def write(number: int = 1, **said: str) -> str:
        file = tmp_path / "mails" / f"{number}.eml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(mail(number, **said), "utf-8")
        return str(file)

    return write


@pytest.fixture
def waiting(everywhere: Shop, letter: Callable[..., str]) -> Shop:
    """Give a shop, on each database, in whose inbox a mail waits as entry 1."""
    everywhere.ok("add", "--from-mail", letter())
    return everywhere


def chosen(**settings: str) -> None:
    file = Path(os.environ["XDG_CONFIG_HOME"]) / "funneltui" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("[inbox]\n" + "".join(f'{name} = "{value}"\n' for name, value in settings.items()), "utf-8")


def test_a_mail_becomes_a_deal_with_the_options(shop: Shop, letter: Callable[..., str]) -> None:
    done = shop.ok("add", "--from-mail", letter(), *ENOUGH, "--amount", "500")
    assert done.out == "deal 1 added: Lamps -> Waiting, close Tue 15 Dec, €500\n"
    shown = shop.ok("show", "1", "--json").json
    assert (shown["contact"], shown["email"], shown["notes"]) == ("Jan Novak", "jan@acme.example", "Five, please")
    assert (shown["created"], shown["external_id"]) == ("2026-11-20T08:00:00+00:00", "1@acme.example")


@pytest.mark.parametrize("place", [["--from-mail"], ["--from-mail", "-"]])
def test_a_mail_comes_by_standard_input(shop: Shop, monkeypatch: pytest.MonkeyPatch, place: list[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(mail().encode())))
    shop.ok("add", "Other", *ENOUGH, *place)
    assert shop.ok("list", "--json").json[0]["title"] == "Other"


def test_the_settings_fill_in_what_a_mail_lacks(shop: Shop, letter: Callable[..., str]) -> None:
    chosen(close="+30d", source="other", owner="nobody")
    shop.ok("add", "--from-mail", letter())
    deal = shop.ok("list", "--json").json[0]
    assert (deal["expected_close"], deal["source"], deal["owner"]) == ("2026-12-21", "other", None)


def test_a_setting_that_is_no_date_is_told_and_left_out(shop: Shop, letter: Callable[..., str]) -> None:
    chosen(close="some day", source="phone")
    done = shop.ok("add", "--from-mail", letter())
    assert done.out.endswith("it lacks expected close\n")
    assert 'inbox.close is "some day"; expected a date as it is typed' in done.err
    assert shop("config", "set", "inbox.close", "+45d").status == 0


def test_a_mail_that_lacks_something_waits_and_does_not_come_again(shop: Shop, letter: Callable[..., str]) -> None:
    done = shop.ok("add", "--from-mail", letter())
    assert done.out == "entry 1 waits in the inbox: Lamps; it lacks source and expected close\n"
    again = shop.ok("add", "--from-mail", letter(), *ENOUGH)
    assert again.out == "known already (entry 1, waiting): Lamps; no mail comes twice\n"
    assert shop.ok("list").rows == []


def test_every_mail_of_a_folder_is_taken_and_one_undo_takes_them_back(shop: Shop, letter: Callable[..., str]) -> None:
    folder = Path(letter()).parent
    letter(2, subject="Desks")
    (folder / "3.eml").write_bytes(b"\x00\x01 no mail")
    done = shop.ok("add", "--from-mail", str(folder), *ENOUGH)
    assert done.out.splitlines()[-2:] == [
        "3.eml: this is no mail: it has neither sender, subject nor date",
        "3 mails: 2 added, 0 waiting, 0 known, 1 unreadable",
    ]
    assert shop.ok("add", "--from-mail", str(folder), "--json").json["known"] == 2
    shop.ok("undo")
    assert shop.ok("list").rows == []
    assert len(shop.ok("inbox").rows) == 2


def test_what_became_of_mails_is_told_for_machines(shop: Shop, letter: Callable[..., str]) -> None:
    told = shop.ok("add", "--from-mail", letter(), "--source", "phone", "--json").json
    assert told == {
        "mails": 1, "added": 0, "waiting": 1, "known": 0, "unreadable": [],
        "taken": [{"fate": "waiting", "entry": 1, "deal": None, "title": "Lamps", "lacks": ["expected_close"]}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--from-mail", "absent.eml"], 1, "cannot read absent.eml"),
        (["--from-mail", "{file}", "--close", "some day"], 1, "expected close"),
        (["--from-mail", "{file}", "--pipeline", "x"], 1, "no pipeline"),
        (["--from-mail", "{file}", "--labels", "absent.toml"], 1, "absent.toml"),
        (["Title", "--from-mail", "{folder}"], 2, "one mail"),
        ([], 2, "Missing argument 'TITLE'"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_kept(
    shop: Shop, letter: Callable[..., str], arguments: list[str], status: int, message: str
) -> None:
    file = letter()
    done = shop("add", *(one.format(file=file, folder=Path(file).parent) for one in arguments))
    assert (done.status, message in done.err) == (status, True)
    assert shop.ok("inbox", "list", "--all").rows == []


def test_labels_of_ones_own_lie_beside_the_config_file(shop: Shop, letter: Callable[..., str]) -> None:
    chosen()
    (Path(os.environ["XDG_CONFIG_HOME"]) / "funneltui" / "inbox.toml").write_text('[labels]\nPodjetje = "company"\n')
    shop.ok("add", "--from-mail", letter(body="Podjetje: Kos\nE-mail: bor@kos.example\n"))
    fields = shop.ok("inbox", "show", "1", "--json").json["fields"]
    assert (fields["company"], fields["email"], fields["source"]) == ("Kos", "bor@kos.example", "web")


def test_the_inbox_lists_what_waits(waiting: Shop) -> None:
    assert waiting.ok("inbox").rows == [
        ["1", "2026-11-21T09:30:00+00:00", "mail", "Jan Novak <jan@acme.example>", "Lamps", "ana",
         "lacks source and expected close"],
    ]  # fmt: skip
    (entry,) = waiting.ok("inbox", "--json").json
    assert list(entry) == [
        "number", "state", "channel", "id", "received", "sent", "sender", "owner", "pipeline", "stage", "fields", "lacks",
        "deal", "dropped", "dropped_by",
    ]  # fmt: skip
    assert (entry["state"], entry["lacks"]) == ("waiting", ["source", "expected_close"])


def test_an_entry_is_shown_with_its_text(waiting: Shop) -> None:
    lines = waiting.ok("inbox", "show", "1").out.splitlines()
    assert lines[0] == "entry 1: Lamps, lacks source and expected close"
    assert "  sent     Fri 20 Nov, 09:00" in lines
    assert lines[-1] == "Five, please"
    assert waiting.ok("inbox", "show", "1", "--json").json["text"] == "Five, please"


def test_completing_makes_a_deal_and_undo_brings_the_entry_back(waiting: Shop) -> None:
    refused = waiting("inbox", "complete", "1", "--source", "phone")
    assert (refused.status, refused.err.splitlines()[1]) == (1, "say it with: --close DATE")
    assert waiting.ok("inbox", "complete", "1", *ENOUGH).out == "deal 1 added: Lamps -> Waiting, close Tue 15 Dec\n"
    assert waiting.ok("inbox").rows == []
    assert waiting.ok("inbox", "list", "--all").rows[0][-1] == "deal 1"
    waiting.ok("undo")
    assert len(waiting.ok("inbox").rows) == 1
    waiting.ok("redo")
    assert (
        waiting("inbox", "complete", "1", *ENOUGH).err == "funneltui: entry 1 has become deal 1; nothing was changed\n"
    )


def test_an_entry_is_dropped_and_restored(waiting: Shop) -> None:
    assert waiting.ok("inbox", "drop", "1").out == "entry 1 dropped: Lamps\n"
    assert waiting.ok("inbox").rows == []
    assert waiting.ok("inbox", "list", "--dropped").rows[0][-1] == "dropped by ana"
    assert waiting.ok("inbox", "restore", "1", "--json").json == [{"number": 1, "state": "waiting"}]
    assert len(waiting.ok("inbox").rows) == 1
    assert waiting("inbox", "restore", "1").status == 1
    assert waiting("inbox", "drop", "7").err.startswith("funneltui: there is no entry 7 in the inbox")


def test_nothing_of_a_mail_acts_on_the_terminal(shop: Shop, letter: Callable[..., str]) -> None:
    hostile = "a\x1b]0;owned\x07b\x1b[2Jc\u202ed"
    shop.ok("add", "--from-mail", letter(subject=hostile, body=hostile))
    for command in (["inbox"], ["inbox", "show", "1"], ["inbox", "--json"], ["inbox", "show", "1", "--json"]):
        printed = shop.ok(*command).out.replace("\t", "").replace("\n", "")
        assert printed == strip_controls(printed)


@pytest.mark.skipif(not MAILS.is_dir(), reason="the collected mails are not beside the checkout (shared/data/mail)")
def test_every_collected_mail_goes_in_once(everywhere: Shop) -> None:
    folders = sorted({path.parent for path in MAILS.rglob("*.eml")})
    first = [everywhere.ok("add", "--from-mail", str(one), *ENOUGH, "--json").json for one in folders if any_mail(one)]
    added = sum(one["added"] for one in first)
    waits = sum(one["waiting"] for one in first)
    assert added + waits > 130
    assert len(everywhere.ok("inbox").rows) == waits
    assert len(everywhere.ok("list", "--json").json) == added
    again = [everywhere.ok("add", "--from-mail", str(one), "--json").json for one in folders if any_mail(one)]
    assert sum(one["added"] + one["waiting"] for one in again) == 0
    assert everywhere("doctor").status == 0


def any_mail(folder: Path) -> bool:
    return any(b"\nFrom:" in b"\n" + path.read_bytes() for path in folder.glob("*.eml"))


def test_undo_after_a_drop_takes_back_the_drop_and_not_what_was_done_before(
    shop: Shop, letter: Callable[..., str], clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    shop.ok("add", "Good", *ENOUGH)
    shop.ok("add", "--from-mail", letter())
    afterwards = Shop(shop.location, Clock(clock.zone, clock.now() + timedelta(minutes=1)), capsys)
    afterwards.ok("inbox", "drop", "1")
    assert "undone: dropped Lamps from the inbox; it waits again" in afterwards.ok("undo").out
    assert [one["title"] for one in shop.ok("list", "--json").json] == ["Good"]
