"""The form server over loopback: good forms are stored, everything else gets its status, and nothing of it is kept."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Shop

pytest.importorskip("waitress")

TOKEN = "correct-horse-battery-staple"
JSON, POSTED = "application/json", "application/x-www-form-urlencoded"
GOOD = b'{"name": "Jan Novak", "email": "jan@acme.example", "subject": "Lamps", "message": "Five, please"}'


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server has answered."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


class Site:
    """A web site's server that posts forms to ours."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def send(self, body: bytes = GOOD, method: str = "POST", path: str = "/", **headers: str | None) -> Reply:
        """Send one request, by default a good one; a header that is none is left out."""
        usual: dict[str, str | None] = {"authorization": f"Bearer {TOKEN}", "content-type": JSON}
        given = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            known = {name: value for name, value in given.items() if value is not None}
            with suppress(ConnectionError):  # refused while it was still being sent: the answer stands there
                connection.request(method, path, body, known)
            response = connection.getresponse()
            return Reply(
                response.status, response.read(), {name.lower(): value for name, value in response.getheaders()}
            )
        finally:
            connection.close()

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal, and give the exit status and the log."""
        self.process.send_signal(number)
        _, log = self.process.communicate(timeout=30)
        return self.process.returncode, log


@contextmanager
def serving(shop: Shop, tmp_path: Path, *options: str) -> Iterator[Site]:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    command = [sys.executable, "-m", "funneltui", "inbox", "serve", "--port", "0", "--token-file", str(file), *options]
    environment = os.environ | {"FUNNELTUI_DB": shop.location, "FUNNELTUI_USER": "ana", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("forms are taken at http://127.0.0.1:"), process.communicate()
        yield Site(process, int(line.split(":")[2].split("/")[0]))
    finally:
        process.kill()
        process.communicate()


def test_a_form_becomes_a_deal_or_waits_and_comes_once(everywhere: Shop, tmp_path: Path) -> None:
    with serving(everywhere, tmp_path, "--close", "+30d") as site:
        first = site.send()
        assert (first.status, first.json) == (201, {"state": "added"})
        again = site.send()
        assert (again.status, again.json) == (200, {"state": "known"})
        untitled = site.send(b"name=Bor&message=caf%C3%A9", content_type=POSTED)
        assert (untitled.status, untitled.json) == (201, {"state": "waiting"})
        assert site.end()[0] == 0
    (deal,) = everywhere.ok("list", "--json").json
    assert (deal["title"], deal["source"], deal["contact"]) == ("Lamps", "web", "Jan Novak")
    (entry,) = everywhere.ok("inbox", "--json").json
    assert (entry["channel"], entry["lacks"]) == ("form", ["title"])
    assert everywhere.ok("inbox", "show", "2").out.endswith("name: Bor\n\ncafé\n")


REFUSALS: list[tuple[int, dict[str, Any]]] = [
    (405, {"method": "GET"}), (405, {"method": "HEAD"}), (405, {"method": "DELETE"}), (405, {"method": "BREW"}),
    (204, {"method": "OPTIONS", "origin": "https://other.example"}), (403, {"origin": "https://other.example"}),
    (404, {"path": "/admin"}), (404, {"path": "/../etc/passwd"}), (401, {"authorization": None}),
    (401, {"authorization": "Bearer wrong"}), (401, {"authorization": f"Basic {TOKEN}"}),
    (415, {"content_type": "text/plain"}), (415, {"content_type": None}), (415, {"content_type": "multipart/form-data"}),
    (415, {"content_encoding": "gzip"}), (400, {"body": b""}), (400, {"body": b"{"}), (400, {"body": b"\xff\xfe"}),
    (400, {"body": b"[" * 60_000}), (400, {"body": b'{"colour": "red"}'}), (400, {"body": b'{"name": {}}'}),
    (400, {"content_type": "application/json; charset=latin-1"}), (413, {"body": b'{"name": "' + b"a" * 70_000}),
    (400, {"content_type": POSTED, "body": b"%ff%fe=1"}), (400, {"content_type": POSTED, "body": b"a=1&" * 5_000}),
    (431, {"x": "a" * 20_000}),
]  # fmt: skip


def test_what_is_no_good_form_gets_its_status_and_says_why(shop: Shop, tmp_path: Path) -> None:
    with serving(shop, tmp_path, "--rate", "100000") as site:
        for status, request in REFUSALS:
            reply = site.send(**request)
            assert reply.status == status, request
            assert "access-control-allow-origin" not in reply.headers
            assert (reply.headers.get("allow") == "POST, OPTIONS") == (status in (204, 405))
        assert site.send(method="GET").json == {"error": "forms are posted: use POST"}
        assert site.send(authorization="no").headers["www-authenticate"].startswith("Bearer")


def test_a_flood_of_bad_requests_leaves_nothing_but_the_good_ones_between_them(shop: Shop, tmp_path: Path) -> None:
    """Ten thousand of them take ten seconds and one megabyte; here are some hundreds."""
    with serving(shop, tmp_path, "--rate", "1000000", "--close", "+30d") as site:
        for number in range(12):
            assert [site.send(**request).status for _, request in REFUSALS] == [status for status, _ in REFUSALS]
            assert site.send(GOOD.replace(b"Lamps", b"Lamps %d" % number)).status == 201
    assert len(shop.ok("inbox", "list", "--all").rows) == len(shop.ok("list").rows) == 12


def test_who_sends_too_much_waits(shop: Shop, tmp_path: Path) -> None:
    with serving(shop, tmp_path, "--rate", "5") as site:
        statuses = [site.send(authorization="Bearer guess").status for _ in range(7)]
        assert statuses == [401] * 5 + [429] * 2
        assert site.send().headers["retry-after"] == "60"
    assert shop.ok("inbox", "list", "--all").rows == []


def test_only_the_proxy_named_is_believed_about_the_sender(shop: Shop, tmp_path: Path) -> None:
    with serving(shop, tmp_path, "--rate", "2") as site:
        assert [site.send(method="GET", x_forwarded_for=f"192.0.2.{one}").status for one in range(3)] == [405, 405, 429]
    with serving(shop, tmp_path, "--rate", "2", "--proxy", "127.0.0.1") as site:
        assert [site.send(method="GET", x_forwarded_for=f"192.0.2.{one}").status for one in range(3)] == [405] * 3


def test_the_log_says_nothing_of_anybody(shop: Shop, tmp_path: Path) -> None:
    with serving(shop, tmp_path) as site:
        site.send()
        site.send(path="/secret-path?name=Jan")
        status, log = site.end(signal.SIGINT)
    assert status == 0
    assert [line.split(" ", 1)[1] for line in log.splitlines()] == [f"POST 201 {len(GOOD)}", f"POST 404 {len(GOOD)}"]


def test_a_pipeline_that_changes_meanwhile_is_read_again(shop: Shop, tmp_path: Path) -> None:
    with serving(shop, tmp_path, "--close", "+30d") as site:
        assert site.send().json == {"state": "added"}
        shop.ok("pipeline", "rename", "sales", "Selling")
        assert site.send(GOOD.replace(b"Lamps", b"Desks")).json == {"state": "added"}


def test_a_database_that_takes_nothing_is_said_and_the_server_stays_up(shop: Shop, tmp_path: Path) -> None:
    with serving(shop, tmp_path) as site:
        with sqlite3.connect(shop.location) as database:
            database.execute(
                "CREATE TRIGGER full BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
        reply = site.send()
        assert (reply.status, reply.headers["retry-after"]) == (503, "60")
        with sqlite3.connect(shop.location) as database:
            database.execute("DROP TRIGGER full")
        assert site.send().status == 201


def test_a_site_names_its_forms_so_that_one_sent_again_is_known(shop: Shop, tmp_path: Path) -> None:
    with serving(shop, tmp_path) as site:
        assert site.send(idempotency_key="order-7").status == 201
        assert site.send(GOOD.replace(b"Lamps", b"Desks"), idempotency_key="order-7").json == {"state": "known"}


@pytest.mark.parametrize(
    ("options", "message"),
    [([], "token"), (["--close", "some day", "--token-file", "{token}"], "some day"),
     (["--source", "moon", "--token-file", "{token}"], "moon"), (["--owner", "eve", "--token-file", "{token}"], "eve"),
     (["--host", "192.0.2.1", "--token-file", "{token}"], "cannot listen on 192.0.2.1")],
)  # fmt: skip
def test_a_server_that_cannot_work_does_not_start(shop: Shop, tmp_path: Path, options: list[str], message: str) -> None:
    file = tmp_path / "token"
    file.write_text(TOKEN)
    file.chmod(0o600)
    done = shop("inbox", "serve", "--port", "0", *(one.format(token=file) for one in options))
    assert done.status == 1
    assert message in done.err
