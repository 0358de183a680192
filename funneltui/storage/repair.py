"""Records put right where it is certain what they should be: what is worked out from others, and what refers to nothing."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import peewee

from funneltui.domain.text import fold
from funneltui.storage import deals, reach
from funneltui.storage.database import Database, query, run_many
from funneltui.storage.deals import EVERYTHING
from funneltui.storage.health import DUE_ON

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funneltui.domain.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Mended:
    """What was put right, in words, in how many places, and the deals that it is about, if it is about some.

    Where it `is_loss`, a part of it could not be had any more: the words say which.
    """

    what: str
    count: int
    deals: tuple[int, ...] = ()
    is_loss: bool = False


def settle(database: Database, pipelines: Sequence[Pipeline]) -> list[Mended]:
    """Work out anew everything that is worked out from other records, and give what was wrong; within a transaction.

    How far deals got, the day they are listed under, the text they are found by, when they entered their stage, the
    seconds of their stays, and the folded names of people and companies.
    """
    done = [_settle_reach(database, pipelines)]
    for what, wrong, right in _WORKED_OUT:
        numbers = [int(number) for (number,) in query(database, f"SELECT number FROM deal WHERE {wrong}")]
        if numbers:
            run_many(database, f"UPDATE deal SET {right} WHERE {wrong}", [()])
        done.append(_of_deals(what, numbers))
    done += [_settle_seconds(database), _settle_search(database), _settle_names(database)]
    return [one for one in done if one.count]


def _of_deals(what: str, numbers: Sequence[int]) -> Mended:
    return Mended(what, len(numbers), tuple(sorted(numbers)))


_ENTERED = "(SELECT v.entered FROM visit v WHERE v.deal = deal.number AND v.left_at IS NULL)"
_DUE = DUE_ON.replace("d.", "deal.")
_WORKED_OUT = (
    (
        "the day under which deals are listed",
        f"coalesce(due_on, '') <> {_DUE}",
        f"due_on = CASE WHEN {_DUE} = '' THEN NULL ELSE {_DUE} END",
    ),
    (
        "when deals entered their stage",
        f"outcome <> 'undone' AND stage_entered <> {_ENTERED}",
        f"stage_entered = {_ENTERED}",
    ),
)


def _settle_reach(database: Database, pipelines: Sequence[Pipeline]) -> Mended:
    wrong: list[int] = []
    for pipeline in pipelines:
        found = reach.wrong(database, pipeline)
        if found:
            reach.settle(database, pipeline)
        wrong += found
    return _of_deals("how far deals got", wrong)


def _settle_seconds(database: Database) -> Mended:
    wrong = "left_at IS NOT NULL AND coalesce(seconds, -1) <> (left_at - entered) / 1000000"
    numbers = [int(number) for (number,) in query(database, f"SELECT DISTINCT deal FROM visit WHERE {wrong}")]
    if numbers:
        run_many(database, f"UPDATE visit SET seconds = (left_at - entered) / 1000000 WHERE {wrong}", [()])
    return _of_deals("how long deals were in stages that they have left", numbers)


def _settle_search(database: Database) -> Mended:
    kept = dict(query(database, "SELECT number, search FROM deal"))
    wrong = {
        deal.number: text
        for page in deals.pages(database, EVERYTHING)
        for deal in page
        if (text := deals.search_text(deal)) != kept[deal.number]
    }
    run_many(database, "UPDATE deal SET search = ? WHERE number = ?", [(text, one) for one, text in wrong.items()])
    return _of_deals("the text by which deals are found", list(wrong))


def _settle_names(database: Database) -> Mended:
    count = 0
    for table in ("company", "contact", "person"):
        rows = query(database, f"SELECT id, name, folded FROM {table}")
        taken = {folded for _, _, folded in rows} if table != "contact" else set()
        wrong = [(fold(name), number) for number, name, folded in rows if folded != fold(name)]
        free = [(folded, number) for folded, number in wrong if folded not in taken]
        run_many(database, f"UPDATE {table} SET folded = ? WHERE id = ?", free)
        count += len(free)
    return Mended("the names by which companies, contacts and users are found", count)


def forget_stays(database: Database) -> Mended:
    """Take away the stays of deals of which nothing else is left."""
    of_none = "deal NOT IN (SELECT number FROM deal)"
    count = int(query(database, f"SELECT count(*) FROM visit WHERE {of_none}")[0][0])
    if count:
        run_many(database, f"DELETE FROM visit WHERE {of_none}", [()])
    return Mended("stays of deals of which nothing else is left: taken away", count)


@contextmanager
def unbound(database: Database) -> Iterator[None]:
    """Let a connection to a file write, for a time, what refers to something that is missing: it is to be mended."""
    if not isinstance(database, peewee.SqliteDatabase):
        yield
        return
    query(database, "PRAGMA foreign_keys = off")
    try:
        yield
    finally:
        query(database, "PRAGMA foreign_keys = on")


def list_pipelines_again(database: Database) -> Mended:
    """List pipelines that are lost by their keys, as stages and deals name them, and those of their stages that deals name.

    Where all stages of a pipeline are lost they come in the order in which deals first entered them.
    """
    before = database.connection().total_changes
    currency = "(SELECT d.currency FROM deal d WHERE d.pipeline = s.pipeline GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)"
    run_many(
        database,
        f"INSERT OR IGNORE INTO pipeline (key, name, currency, position) SELECT s.pipeline, s.pipeline, {currency}, 0 "
        "FROM stage s WHERE s.pipeline IN (SELECT pipeline FROM deal) AND s.kind = 'open' GROUP BY s.pipeline",
        [()],
    )
    kind = "max(CASE WHEN d.outcome IN ('won', 'lost') THEN d.outcome ELSE 'open' END)"
    first = "coalesce((SELECT min(v.id) FROM visit v WHERE v.stage = d.stage), 0)"
    run_many(
        database,
        "INSERT OR IGNORE INTO stage (pipeline, key, position, name, kind, demands, question, guidance, entry, rot_days, "
        f"follow_up_days, wip_limit, color, retired) SELECT d.pipeline, d.stage, {first}, d.stage, {kind}, '', '', '', '', "
        "0, 3, 0, '', 0 FROM deal d WHERE d.pipeline IN (SELECT key FROM pipeline) "
        "AND d.pipeline NOT IN (SELECT pipeline FROM stage) GROUP BY d.pipeline, d.stage",
        [()],
    )
    count = database.connection().total_changes - before
    return Mended(f"pipelines and stages that are lost: {_BARE}", count, is_loss=True)


_BARE = "listed again by their keys, without their gates: names, demands and details are lost"


def forget_fragments(database: Database) -> Mended:
    """Take away what belongs to no pipeline, and pipelines without a stage: what a damaged key has left of them."""
    before = database.connection().total_changes
    run_many(
        database,
        "DELETE FROM pipeline WHERE key NOT IN (SELECT pipeline FROM stage WHERE kind = 'open' AND NOT retired)",
        [()],
    )
    for table in ("detail", "stage", "source", "reason", "qualifier", "field", "pipeline_version"):
        run_many(database, f"DELETE FROM {table} WHERE pipeline NOT IN (SELECT key FROM pipeline)", [()])
    return Mended("fragments of pipelines: taken away", int(database.connection().total_changes - before))


def deals_of_nothing(database: Database) -> list[int]:
    """Give the numbers of the deals that refer to a stage, a source, a detail or a reason that is not there."""
    if not isinstance(database, peewee.SqliteDatabase):
        return []
    return sorted(
        {
            int(row)
            for child, row, parent, _ in query(database, "PRAGMA foreign_key_check")
            if child == "deal" and parent in _KEYED
        }
    )


def rebuild_indexes(database: Database) -> None:
    """Make every index of a file anew from its table."""
    if isinstance(database, peewee.SqliteDatabase):
        database.execute_sql("REINDEX")


def mend_references(database: Database, parents: frozenset[str] = frozenset()) -> list[Mended]:
    """Make the records again that others refer to and that are not there; give what that was. Within a transaction.

    Whatever is mentioned gets a record again, called lost, or by its key; only in the tables `parents`, if some are
    named. PostgreSQL lets none of it happen.
    """
    if not isinstance(database, peewee.SqliteDatabase):
        return []
    done: dict[str, int] = defaultdict(int)
    for _ in range(len(_LOST) + 2):  # a record that is made may itself refer to one that is missing
        missing = _missing(database)
        before = sum(done.values())
        for child, parent in sorted(missing):
            if parents and parent not in parents:
                continue
            for what, count in _mend_one(database, child, parent):
                done[what] += count
        if sum(done.values()) == before:
            break
    return [Mended(what, count, is_loss=_BARE in what) for what, count in done.items() if count]


def _missing(database: Database) -> set[tuple[str, str]]:
    """Give the pairs of tables of which the first refers to rows that are missing in the second."""
    return {(child, parent) for child, _, parent, _ in query(database, "PRAGMA foreign_key_check")}


_MENTIONED = 'FROM "{child}" c WHERE c.{column} IS NOT NULL'
_LOST: dict[str, str] = {
    "person": (
        "INSERT OR IGNORE INTO person (id, name, folded, role) SELECT DISTINCT c.{column}, 'lost user ' || c.{column}, "
        f"'lost user ' || c.{{column}}, 'rep' {_MENTIONED}"
    ),
    "company": (
        "INSERT OR IGNORE INTO company (id, name, folded) SELECT DISTINCT c.{column}, 'lost company ' || c.{column}, "
        f"'lost company ' || c.{{column}} {_MENTIONED}"
    ),
    "contact": (
        "INSERT OR IGNORE INTO contact (id, name, folded, email, phone) SELECT DISTINCT c.{column}, "
        f"'lost contact ' || c.{{column}}, 'lost contact ' || c.{{column}}, '', '' {_MENTIONED}"
    ),
    "change": (
        "INSERT OR IGNORE INTO change (id, who_id, at, state) SELECT c.{column}, coalesce(max(c.who_id), "
        f"(SELECT min(id) FROM person)), max(c.at), 'sealed' {_MENTIONED} GROUP BY c.{{column}}"
    ),
}
"""How records that are missing are made again, from what refers to them."""

_OF_A_PIPELINE = "AND pipeline IN (SELECT key FROM pipeline)"
_KEYED = ("stage", "source", "detail", "reason")
_LISTED = ("source", "reason", "qualifier")
_NAMES = {"person": "users", "company": "companies", "contact": "contacts", "change": "changes"}


def _mend_one(database: Database, child: str, parent: str) -> list[tuple[str, int]]:
    before = database.connection().total_changes
    if parent in _LOST:
        for column in _columns_to(database, child, parent):
            run_many(database, _LOST[parent].format(child=child, column=column), [()])
        what = f"{_NAMES[parent]} that are lost and still mentioned: named so"
    elif parent in _LISTED and child == "deal":
        run_many(
            database,
            f"INSERT OR IGNORE INTO {parent} (pipeline, key, position, name, retired) "
            f"SELECT DISTINCT pipeline, {parent}, 999, {parent}, 1 FROM deal WHERE {parent} IS NOT NULL {_OF_A_PIPELINE}",
            [()],
        )
        what = f"{parent}s of a pipeline that are lost: listed again by their keys, as given up"
    elif parent == "detail" and child == "deal":
        run_many(
            database,
            "INSERT OR IGNORE INTO detail (pipeline, stage, key, position, name, retired) "
            f"SELECT DISTINCT pipeline, stage, detail, 999, detail, 0 FROM deal WHERE detail IS NOT NULL {_OF_A_PIPELINE}",
            [()],
        )
        what = "details of stages that are lost: listed again by their keys"
    elif parent == "stage":
        columns = "pipeline, stage, min(CASE WHEN outcome IN ('won', 'lost') THEN outcome ELSE 'open' END)"
        if child == "detail":
            columns = "pipeline, stage, 'open'"
        run_many(
            database,
            "INSERT OR IGNORE INTO stage (pipeline, key, position, name, kind, demands, question, guidance, entry, "
            "rot_days, follow_up_days, wip_limit, color, retired) SELECT pipeline, stage, 999, stage, kind, '', '', '', '', "
            f"0, 3, 0, '', 0 FROM (SELECT {columns} AS kind FROM {child} GROUP BY 1, 2) "
            "WHERE pipeline IN (SELECT key FROM pipeline)",
            [()],
        )
        what = f"stages that are lost: {_BARE}"
    else:
        return []
    return [(what, int(database.connection().total_changes - before))]


def _columns_to(database: Database, child: str, parent: str) -> list[str]:
    return [row[3] for row in query(database, f'PRAGMA foreign_key_list("{child}")') if row[2] == parent]
