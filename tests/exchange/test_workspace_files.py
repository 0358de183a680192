"""A whole workspace out as JSON lines and in again: the same to the byte, on each database and across them; or nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneltui.domain.history import Role
from funneltui.domain.inbox import Arrival, Channel
from funneltui.domain.periods import Span, period_of
from funneltui.domain.rates import Rate
from funneltui.domain.text import strip_controls
from funneltui.domain.views import View
from funneltui.errors import FunneltuiError, NotAllowed, RuleBroken
from funneltui.exchange.pipeline_writer import to_toml
from funneltui.exchange.workspace_in import LINE_LIMIT, found_workspace
from funneltui.exchange.workspace_out import write_workspace
from funneltui.services import deals, health, inbox, merging, moves, pipelines, quotas, rates, undo, views, workspaces
from funneltui.services.context import Clock
from funneltui.services.inbox import Completion
from funneltui.services.people import add_user
from funneltui.storage.database import query
from funneltui.storage.deals import EVERYTHING
from funneltui.storage.whole import LEFT_OUT, workspace_tables
from tests.conftest import NOW, drop_postgres, fresh_postgres, small_pipeline
from tests.fielded import with_fields

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funneltui.services.context import Context


@pytest.fixture(params=["sqlite", "postgresql"])
def other_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give an empty place on each of the databases: with `context`, every pair of them is gone through."""
    if request.param == "sqlite":
        yield str(tmp_path / "other.db")
        return
    server = request.getfixturevalue("postgres_server")
    url = fresh_postgres(server)
    yield url
    drop_postgres(server, url)


def written(context: Context) -> str:
    """Give a workspace as it is written out."""
    out = io.BytesIO()
    write_workspace(out, context)
    return out.getvalue().decode("utf-8")


def put_in(text: str, place: str, folder: Path) -> None:
    """Put a workspace in that stands in a text."""
    path = folder / "work.jsonl"
    path.write_text(text, encoding="utf-8")
    found_workspace(place, path)


@contextmanager
def opened(place: str, clock: Clock) -> Iterator[Context]:
    """Open a workspace as ana for a while."""
    context = workspaces.open_workspace(place, "ana", clock, chosen=True)
    with closing(context.database):
        yield context


def lived_in(context: Context) -> Context:
    """Give a workspace in which everything has happened that leaves a trace."""
    add_user(context, "Bor Žagar", Role.REP)
    context = with_fields(context)
    today = context.clock.today()
    values = {"title": "CRM łódź", "source": "web", "expected_close": today + timedelta(days=30)}
    people = {"company": "Żubr & Søn", "contact": "Ann", "email": "ann@example.com", "phone": "+386 1 234"}
    deals.add(context, values | people | {"amount": 12_345, "seats": "12", "rival": "Ödland", "tags": ("hot", "new")})
    deals.add(context, values | {"owner": "Bor Žagar", "notes": "one\ntwo", "currency": "JPY", "amount": 7})
    deals.add(context, values | {"title": "to be undone"})
    undo.undo(context)
    moves.move(context, [1], "offered", {"detail": "contract", "follow_up": today, "follow_up_note": "call"})
    moves.move(context, [2], "resigned", {"reason": "price", "reason_note": "far"})
    merging.edit_company(context, "Żubr & Søn", "Zubr")
    views.save(context, View("mine", filter_text="owner:me"))
    quotas.set_quota(context, "Bor Žagar", period_of(today, Span.MONTH), 500_000, "EUR")
    quotas.set_quota(context, "Bor Žagar", period_of(today, Span.MONTH), 600_000, "EUR", "sales")
    inbox.take_in(
        context, Arrival(Channel.MAIL, "<1@example.com>", "Žan", {"title": "żółw"}, "two\nlines"), Completion({}, {})
    )
    rates.add_all(context, [Rate("JPY", "EUR", today, "0.0061")])
    return pipelines.apply(context, replace(context.pipeline, name="Sales, new"), {}, to_toml).context


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the text of a workspace that was lived in."""
    place = tmp_path_factory.mktemp("whole") / "work.db"
    context = workspaces.create(str(place), small_pipeline(), "ana", Clock(ZoneInfo("Europe/Ljubljana"), NOW))
    with closing(context.database):
        return written(lived_in(context))


def test_what_comes_back_is_what_went_out_to_the_byte_on_and_across_the_databases(
    context: Context, other_place: str, clock: Clock, tmp_path: Path
) -> None:
    before = written(lived_in(context))
    put_in(before, other_place, tmp_path)
    with opened(other_place, clock) as other:
        assert written(other) == before


def tables_of(context: Context) -> dict[str, list[str]]:
    """Give every table of a database as it stands, but for which migrations it has had when."""
    names = sorted(set(context.database.get_tables()) - {*LEFT_OUT, "sqlite_sequence"})
    return {
        name: sorted(
            repr([int(value) if isinstance(value, bool) else value for value in row])
            for row in query(context.database, f'SELECT {_columns(context, name)} FROM "{name}"')
        )
        for name in names
    }


def _columns(context: Context, table: str) -> str:
    return ", ".join(sorted(f'"{column.name}"' for column in context.database.get_columns(table)))


def test_every_table_and_column_of_a_workspace_is_written_out_or_follows_from_what_is(context: Context) -> None:
    known = {table.name: {column.name for column in table.columns} for table in workspace_tables()}
    for name in set(context.database.get_tables()) - {*LEFT_OUT, "sqlite_sequence"}:
        assert name in known, f"add the model of {name} to funneltui/storage/whole.py"
        columns = {column.name for column in context.database.get_columns(name)}
        assert columns - known[name] <= {"folded", "search", "due_on"}, name


def test_what_follows_from_the_rest_is_made_as_it_was(
    context: Context, other_place: str, clock: Clock, tmp_path: Path
) -> None:
    lived = lived_in(context)
    put_in(written(lived), other_place, tmp_path)
    with opened(other_place, clock) as other:
        assert tables_of(other) == tables_of(lived)


def test_work_goes_on_where_it_was_left(context: Context, other_place: str, clock: Clock, tmp_path: Path) -> None:
    put_in(written(lived_in(context)), other_place, tmp_path)
    with opened(other_place, clock) as other:
        undone = undo.undo(other)
        assert [deal.number for deal in undone.deals] == [1]  # the company's name
        values = {"title": "new", "source": "web", "expected_close": clock.today(), "company": "Fresh", "contact": "X"}
        assert deals.add(other, values).number == 4
        assert [view.name for view in views.saved(other)] == ["mine"]


def faulty(text: str, place: str, folder: Path) -> str:
    """Put in what cannot be put in, and give what is said; nothing is left of it."""
    with pytest.raises(FunneltuiError) as refused:
        put_in(text, place, folder)
    assert workspaces.is_absent(place)
    assert not list(folder.glob("other.db*"))
    return str(refused.value)


def with_value(text: str, table: str, column: str, value: object) -> tuple[str, int]:
    """Give a workspace's text with another value in the first row of a table, and the line in which that stands."""
    lines = text.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith(f'{{"{table}": '))
    record = json.loads(lines[place])
    record[table][column] = value
    lines[place] = json.dumps(record)
    return "\n".join(lines) + "\n", place + 1


WRONG: list[tuple[str, str, object]] = [
    ("deal", "number", "one"), ("deal", "number", True), ("deal", "number", -1), ("deal", "number", 2**31),
    ("deal", "number", 10**400), ("deal", "amount", 1.5), ("deal", "amount", 10**16), ("deal", "title", None),
    ("deal", "title", ["x"]), ("deal", "currency", "EURO"), ("deal", "currency", "XXQ"),
    ("deal", "expected_close", "20261215"),
    ("deal", "expected_close", "2026-02-30"), ("deal", "created", "2026-12-15T09:30:00"), ("deal", "created", "soon"),
    ("deal", "created", "0001-01-01T00:00:00+23:59"), ("deal", "custom", {"seats": 12}), ("deal", "custom", {"s'; --": "x"}),
    ("deal", "follow_up_repeat", "hourly"), ("deal", "external_system", "x" * 61), ("deal", "nonsense", 1),
    ("deal", "outcome", "gone"), ("deal", "stage", "nowhere"), ("deal", "owner_id", 99), ("deal", "probability", 101),
    ("stage", "retired", 0), ("field", "choices", [{"key": 1}]), ("field", "key", "A B"), ("person", "role", "king"),
    ("event", "kind", "exploded"), ("event", "data", []), ("event", "data", {"after": []}), ("view", "data", "x"),
    ("rate", "rate", "NaN"), ("rate", "rate", "-1"), ("quota", "span", "week"), ("visit", "deal", 99),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "value"), WRONG)
def test_a_value_that_cannot_be_is_told_with_file_line_and_table(
    whole: str, other_place: str, tmp_path: Path, table: str, column: str, value: object
) -> None:
    text, line = with_value(whole, table, column, value)
    said = faulty(text, other_place, tmp_path)
    assert f"work.jsonl, line {line}: {table}" in said
    assert len(said) < 600


BROKEN: list[tuple[Callable[[str], str], str]] = [
    (lambda text: "", "no workspace"),
    (lambda text: "\n\n", "no workspace"),
    (lambda text: "number,title\n1,x\n", "no workspace"),
    (lambda text: "[1]\n" + text, "line 1: it holds no JSON object"),
    (lambda text: '{"a": ' * 100_000 + "\n" + text, "line 1: "),
    (lambda text: text.replace('"workspace"', '"board"', 1), "no workspace"),
    (lambda text: text.replace('"migration": "0', '"migration": "9', 1), "newer funneltui"),
    (lambda text: text[: len(text) // 2], "no JSON"),
    (lambda text: text.rsplit("\n", 2)[0] + "\n", "it is not whole"),
    (lambda text: text + '{"person": {}}\n', "behind the last line"),
    (lambda text: text + text, "behind the last line"),
    (lambda text: text.replace('{"person"', '{"planet"', 1), 'no table "planet"'),
    (lambda text: text.replace('{"person": {', '{"person": {}, "deal": {', 1), "not just one table's row"),
    (lambda text: text.replace('"role": "manager"', '"role": "rep"'), "no manager"),
    (lambda text: with_value(text, "deal", "version", 99)[0], "contradict"),
    (lambda text: with_value(text, "deal", "stage", "waiting")[0], "stands nowhere above"),
    (lambda text: with_value(text, "deal", "closed_on", "2026-11-01")[0], "contradict"),
    (lambda text: "\n".join(line for line in text.split("\n") if '{"change"' not in line), "nowhere above"),
    (lambda text: "\n".join(line for line in text.split("\n") if '{"visit"' not in line), "contradict"),
    (lambda text: "\n".join(line + "\n" + line if '{"company"' in line else line for line in text.split("\n")), "already"),
    (lambda text: text.replace("{", "{" + " " * LINE_LIMIT, 3), "bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "said"), BROKEN)
def test_a_file_that_is_not_whole_or_contradicts_itself_changes_nothing(
    whole: str, other_place: str, tmp_path: Path, broken: Callable[[str], str], said: str
) -> None:
    assert said in faulty(broken(whole), other_place, tmp_path)


def test_where_there_is_a_workspace_none_is_put_in(context: Context, location: str, whole: str, tmp_path: Path) -> None:
    before = written(context)
    with pytest.raises(RuleBroken, match="already"):
        put_in(whole, location, tmp_path)
    assert written(context) == before


def test_a_rep_does_not_take_the_whole_workspace_out(context: Context, as_user: Callable[[str], Context]) -> None:
    add_user(context, "bor", Role.REP)
    with pytest.raises(NotAllowed, match="only a manager takes the whole workspace out"):
        written(as_user("bor"))


def test_a_workspace_of_an_older_program_is_brought_up_to_date(
    whole: str, other_place: str, clock: Clock, tmp_path: Path
) -> None:
    lines = [json.loads(line) for line in whole.splitlines()]
    newer = ("field", "qualifier", "quota", "rate", "inbox")
    old = [one for one in lines if not one.keys() & {*newer}]
    newest, old[0]["migration"] = old[0]["migration"], "0004_pipeline_versions"
    for one in old:
        one.get("deal", {}).pop("custom", None)
    put_in("".join(json.dumps(one) + "\n" for one in old), other_place, tmp_path)
    with opened(other_place, clock) as other:
        back = [json.loads(line) for line in written(other).splitlines()]
    assert back[0]["migration"] == newest
    for one in old:
        if "deal" in one:
            one["deal"]["custom"] = {}
    assert back[1:] == old[1:]


def test_what_acts_on_a_terminal_is_taken_out_on_the_way_in(
    whole: str, other_place: str, clock: Clock, tmp_path: Path
) -> None:
    text, _ = with_value(whole, "deal", "title", "CRM\x1b]0;x\x07\u202e \ufeffrollout\x00")
    text, _ = with_value(text, "event", "data", {"after": {"title": "\x1b[2J", "\x1bkey": ["\u2066"]}})
    put_in(text, other_place, tmp_path)
    with opened(other_place, clock) as other:
        assert deals.show(other, 1).deal.title == "CRM]0;x rollout"
        assert deals.show(other, 1).events[0].data == {"after": {"title": "[2J", "key": [""]}}
        out = written(other)
    assert all(line == strip_controls(line) for line in out.splitlines())
    assert "\\u00" not in out


def test_a_file_that_cannot_be_read_is_refused_in_words(other_place: str, tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes(b'{"funneltui": "\xe9"}\n')
    for name, said in (("none.jsonl", "cannot read"), (".", "no file"), ("latin.jsonl", "line 1: it is not in UTF-8")):
        with pytest.raises(FunneltuiError, match=said):
            found_workspace(other_place, tmp_path / name)
    assert workspaces.is_absent(other_place)


def test_an_empty_file_is_an_empty_place(whole: str, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "other.db").touch(mode=0o600)
    put_in(whole, str(tmp_path / "other.db"), tmp_path)
    with opened(str(tmp_path / "other.db"), clock) as other:
        assert written(other) == whole


def told_by(do: Callable[[], None]) -> str:
    """Give what is said when something is refused, or nothing."""
    try:
        do()
    except FunneltuiError as error:
        return str(error)
    return ""


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(st.data())
def test_whatever_is_changed_in_a_file_it_is_refused_in_words_or_makes_a_workspace_that_opens(
    whole: str, clock: Clock, tmp_path: Path, data: st.DataObject
) -> None:
    lines = [json.loads(line) for line in whole.splitlines()]
    for _ in range(data.draw(st.integers(1, 3))):
        line = data.draw(st.sampled_from(lines))
        table = next(iter(line))
        if isinstance(line[table], dict) and line[table]:
            line[table][data.draw(st.sampled_from(sorted(line[table])))] = data.draw(ANYTHING)
        else:
            line[table] = data.draw(ANYTHING)
    place = tmp_path / f"{len(list(tmp_path.iterdir()))}.db"
    told = told_by(lambda: put_in("".join(json.dumps(line) + "\n" for line in lines), str(place), tmp_path))
    if told:
        assert "work.jsonl" in told
        assert not place.exists()
        return
    found = workspaces.open_workspace(str(place), "ana", clock)
    with closing(found.database):
        again = written(found)
        assert [deal.number for deal in deals.listed(found, EVERYTHING, "d.number")]
        assert not any(finding.deals for finding in health.examine(found, str(place)).findings)
    put_in(again, f"{place}.again", tmp_path)
