"""Pipelines as stored: written from a domain value, read back into one in seven statements; nothing is ever deleted."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from funneltui.domain.custom_fields import CustomField, FieldChoice, FieldKind, Qualifier
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Retired, Source, Stage, StageKind
from funneltui.storage.database import Database, query, run_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from funneltui.domain.naming import Named

_STAGE_COLUMNS = (
    "pipeline", "key", "name", "kind", "demands", "question", "guidance", "entry", "probability", "rot_days",
    "follow_up_days", "wip_limit", "color", "retired",
)  # fmt: skip
_COUNTER = "pipelines_version"
COUNT_CHANGES = f"SELECT value FROM setting WHERE key = '{_COUNTER}'"
"""The statement that gives how often pipelines were changed, as text: nothing when they never were."""


def version(database: Database) -> int:
    """Give how often pipelines or users' roles were changed: another number says that what was read of them has passed."""
    rows = query(database, COUNT_CHANGES)
    return int(rows[0][0]) if rows else 0


def count_change(database: Database) -> None:
    """Let everybody know that pipelines, or a user's role, were changed; see `version`."""
    value = str(version(database) + 1)
    _upsert(database, "setting", ("key",), ("value",), [(_COUNTER, value)])


def add(database: Database, pipeline: Pipeline, position: int = 0) -> None:
    """Store a new pipeline with all that belongs to it."""
    row = (pipeline.key, pipeline.name, pipeline.currency, position)
    _upsert(database, "pipeline", ("key",), ("name", "currency", "position"), [row])
    store(database, pipeline)


def place(database: Database, keys: Sequence[str]) -> None:
    """Put the pipelines into the order of these keys."""
    run_many(database, "UPDATE pipeline SET position = ? WHERE key = ?", list(enumerate(keys)))


def store(database: Database, pipeline: Pipeline) -> None:
    """Write a pipeline that is there already as it is now, what it has retired with the rest."""
    key, gone = pipeline.key, pipeline.retired
    run_many(
        database, "UPDATE pipeline SET name = ?, currency = ? WHERE key = ?", [(pipeline.name, pipeline.currency, key)]
    )
    order = gone.order or tuple(stage.key for stage in pipeline.stages)
    stages = [(stage, False) for stage in pipeline.stages] + [(stage, True) for stage in gone.stages]
    _upsert(
        database, "stage", ("pipeline", "key"), (*_STAGE_COLUMNS[2:], "position"),
        [(key, *_stage_values(stage), retired, order.index(stage.key)) for stage, retired in stages],
    )  # fmt: skip
    details = [(stage.key, detail, False) for stage, _ in stages for detail in stage.details]
    details += [(stage, detail, True) for stage, detail in gone.details]
    _upsert(
        database, "detail", ("pipeline", "stage", "key"), ("name", "retired", "position"),
        [(key, stage, one.key, one.name, retired, rank) for rank, (stage, one, retired) in enumerate(details)],
    )  # fmt: skip
    _store_named(database, "reason", key, pipeline.reasons, gone.reasons)
    _store_named(database, "source", key, pipeline.sources, gone.sources)
    _store_named(database, "qualifier", key, pipeline.qualifiers, gone.qualifiers)
    fields = (*pipeline.fields, *gone.fields)
    _upsert(
        database, "field", ("pipeline", "key"), ("name", "kind", "choices", "help", "retired", "position"),
        [
            (key, one.key, one.name, one.kind.value, _choices(pipeline, one), one.help, rank >= len(pipeline.fields), rank)
            for rank, one in enumerate(fields)
        ],
    )  # fmt: skip


def _choices(pipeline: Pipeline, field: CustomField) -> str:
    """Give the choices of a field as JSON, those that it gave up among them."""
    live = [{"key": one.key, "name": one.name} for one in field.choices]
    gone = [{"key": one.key, "name": one.name, "retired": True} for one in pipeline.choices_given_up(field.key)]
    return json.dumps([*live, *gone], ensure_ascii=False)


def _stage_values(stage: Stage) -> tuple[object, ...]:
    return (
        stage.key, stage.name, stage.kind.value, " ".join(stage.demands), stage.question, stage.guidance, stage.entry,
        stage.probability, stage.rot_days, stage.follow_up_days, stage.wip_limit, stage.color,
    )  # fmt: skip


def _store_named(database: Database, table: str, pipeline: str, live: Sequence[Named], gone: Sequence[Named]) -> None:
    rows = [(pipeline, one.key, one.name, rank >= len(live), rank) for rank, one in enumerate((*live, *gone))]
    _upsert(database, table, ("pipeline", "key"), ("name", "retired", "position"), rows)


def _upsert(
    database: Database, table: str, keys: tuple[str, ...], others: tuple[str, ...], rows: Sequence[Sequence[object]]
) -> None:
    """Write rows, given by the columns of their keys and then the others, over those that have the same keys."""
    columns = (*keys, *others)
    new = ", ".join(f"{name} = excluded.{name}" for name in others)
    sql = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) "
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {new}"
    )
    run_many(database, sql, rows)


def load_all(database: Database) -> list[Pipeline]:
    """Give every pipeline of the workspace with what it has retired: those in use in their order, then retired ones."""
    pipelines = [
        _Rows(key, name, currency, retired)
        for key, name, currency, retired in query(
            database,
            "SELECT key, name, currency, coalesce((SELECT v.retired FROM pipeline_version v WHERE v.pipeline = p.key "
            "ORDER BY v.version DESC LIMIT 1), false) FROM pipeline p ORDER BY 4, position, key",
        )
    ]
    by_key = {one.key: one for one in pipelines}
    for key, stage, detail, name, retired in _listed(database, "detail", "pipeline, stage, key, name, retired"):
        by_key[key].details[stage].append((Detail(detail, name), retired))
    for row in _listed(database, "stage", ", ".join(_STAGE_COLUMNS)):
        by_key[row[0]].stages.append((row[1:-1], row[-1]))
    for key, reason, name, retired in _listed(database, "reason", "pipeline, key, name, retired"):
        by_key[key].reasons[bool(retired)].append(Reason(reason, name))
    for key, source, name, retired in _listed(database, "source", "pipeline, key, name, retired"):
        by_key[key].sources[bool(retired)].append(Source(source, name))
    for key, qualifier, name, retired in _listed(database, "qualifier", "pipeline, key, name, retired"):
        by_key[key].qualifiers[bool(retired)].append(Qualifier(qualifier, name))
    for key, *field, retired in _listed(database, "field", "pipeline, key, name, kind, choices, help, retired"):
        by_key[key].add_field(field, retired=bool(retired))
    return [one.pipeline() for one in pipelines]


def _listed(database: Database, table: str, columns: str) -> list[tuple[Any, ...]]:
    return query(database, f"SELECT {columns} FROM {table} ORDER BY pipeline, position")


class _Rows:
    """The rows of one pipeline while they are read."""

    def __init__(self, key: str, name: str, currency: str, is_retired: object) -> None:
        self.key, self.name, self.currency, self.is_retired = key, name, currency, bool(is_retired)
        self.stages: list[tuple[tuple[Any, ...], object]] = []
        self.details: dict[str, list[tuple[Detail, object]]] = defaultdict(list)
        self.reasons: tuple[list[Reason], list[Reason]] = ([], [])
        self.sources: tuple[list[Source], list[Source]] = ([], [])
        self.qualifiers: tuple[list[Qualifier], list[Qualifier]] = ([], [])
        self.fields: tuple[list[CustomField], list[CustomField]] = ([], [])
        self.choices: list[tuple[str, FieldChoice]] = []

    def add_field(self, row: Sequence[str], *, retired: bool) -> None:
        """Take a custom field, with the choices that it gave up."""
        key, name, kind, text, help = row
        live: list[FieldChoice] = []
        for one in json.loads(text):
            choice = FieldChoice(one["key"], one["name"])
            if one.get("retired"):
                self.choices.append((key, choice))
            else:
                live.append(choice)
        self.fields[retired].append(CustomField(key, name, FieldKind(kind), tuple(live), help))

    def pipeline(self) -> Pipeline:
        """Give the pipeline that they are."""
        live: list[Stage] = []
        gone: list[Stage] = []
        for row, retired in self.stages:
            details = tuple(detail for detail, given_up in self.details[row[0]] if not given_up)
            (gone if retired else live).append(_stage(row, details))
        given_up = tuple((stage, one) for stage, some in self.details.items() for one, retired in some if retired)
        order = tuple(row[0] for row, _ in self.stages) if gone else ()
        retired = Retired(
            tuple(gone), given_up, tuple(self.reasons[1]), tuple(self.sources[1]), order,
            tuple(self.fields[1]), tuple(self.choices), tuple(self.qualifiers[1]),
        )  # fmt: skip
        reasons, sources = tuple(self.reasons[0]), tuple(self.sources[0])
        return Pipeline(
            self.key, self.name, self.currency, tuple(live), reasons, sources, retired, self.is_retired,
            tuple(self.fields[0]), tuple(self.qualifiers[0]),
        )  # fmt: skip


def _stage(row: tuple[Any, ...], details: tuple[Detail, ...]) -> Stage:
    key, name, kind, demands, question, guidance, entry, probability, rot_days, follow_up_days, wip_limit, color = row
    return Stage(
        key=key, name=name, kind=StageKind(kind), details=details, demands=tuple(demands.split()),
        question=question, guidance=guidance, entry=entry,
        probability=None if probability is None else int(probability), rot_days=int(rot_days),
        follow_up_days=int(follow_up_days), wip_limit=int(wip_limit), color=color,
    )  # fmt: skip
