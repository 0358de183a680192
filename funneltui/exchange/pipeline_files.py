"""Pipelines as TOML files: the presets and a user's own, read and checked, every mistake named with its line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.domain.custom_fields import CustomField, FieldChoice, FieldKind, Qualifier
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.money import CURRENCIES
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.domain.pipeline_definitions import wrong_with
from funneltui.domain.text import clean_line, cut
from funneltui.errors import BadInput, NotFound
from funneltui.exchange.toml_places import Table, nearest, parse, read_text, type_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

DEFAULT_PRESET = "acquisition"
"""The preset of a workspace for which nobody chose one."""

DEFAULT_CURRENCY = "EUR"
"""The currency when neither the caller nor the file names one."""

STAGE_COLORS = ("slate", "blue", "amber", "green", "red", "violet", "teal", "rose")
"""The colours that a stage may name; a theme says what each looks like."""

_DAYS_LIMIT = 3650
_WIP_LIMIT = 100_000
_TOP_KEYS = ("key", "name", "description", "currency", "stage", "reason", "source", "qualifier", "field")
_STAGE_KEYS = (
    "key", "name", "kind", "demands", "question", "details", "detail", "guidance", "entry", "probability",
    "rot_days", "follow_up_days", "wip_limit", "color",
)  # fmt: skip
_NAMED_KEYS = ("key", "name")
_FIELD_KEYS = ("key", "name", "kind", "choices", "help")
_CURRENCY_RULE = 'a currency code of ISO 4217, such as "EUR"'


def preset_names() -> list[str]:
    """Give the names of the pipelines that come with the program, in alphabetical order."""
    return sorted(one.name.removesuffix(".toml") for one in _presets().iterdir() if one.name.endswith(".toml"))


def preset(name_or_path: str, currency: str | None = None, *, otherwise: str = DEFAULT_CURRENCY) -> Pipeline:
    """Give the pipeline of a preset's name, or of the file at a path; a name wins over a file of that name.

    `currency` (ISO 4217) wins over the one in the file; with neither it is `otherwise`.

    Raises:
        NotFound: it is neither; the message lists the names.
        BadInput: the file, or the currency, is not as it must be.
    """
    name = name_or_path.strip().lower()
    if name in preset_names():
        return read_pipeline(_preset_text(name), f"{name}.toml", currency, otherwise=otherwise)
    try:
        return read_pipeline_file(Path(name_or_path), currency, otherwise=otherwise)
    except NotFound:
        raise _no_preset(name_or_path) from None


def describe_preset(name: str) -> str:
    """Give a preset in one line: its `description`.

    Raises:
        NotFound: there is no preset of that name; the message lists the names.
    """
    if name not in preset_names():
        raise _no_preset(name)
    return parse(_preset_text(name), f"{name}.toml").line("description")


def read_pipeline_file(path: Path, currency: str | None = None, *, otherwise: str = DEFAULT_CURRENCY) -> Pipeline:
    """Give the pipeline that the TOML file at `path` describes; see `read_pipeline`.

    Raises:
        NotFound: there is no such file.
        BadInput: it cannot be read, is over 1 MB, is not UTF-8, or is not as it must be.
    """
    text = read_text(path, "a pipeline file")
    return read_pipeline(text, clean_line(str(path)), currency, otherwise=otherwise)


def read_pipeline(
    text: str, where: str, currency: str | None = None, *, otherwise: str = DEFAULT_CURRENCY, keeps: str = ""
) -> Pipeline:
    """Give the pipeline that the TOML `text` describes; `where` names its file in messages.

    `currency` (ISO 4217) wins over the one in the text; with neither it is `otherwise`. The key must be `keeps`, if that is
    given. The format is explained in `presets/acquisition.toml`. Names and texts come out cleaned of everything that acts
    on a terminal.

    Raises:
        BadInput: something is not as it must be; the message names file and line and says what was expected.
    """
    top = parse(text, where)
    top.refuse_unknown(_TOP_KEYS)
    own = top.line("currency").upper()
    if "currency" in top.values and own not in CURRENCIES:
        raise top.wrong(f'currency "{cut(own)}" is unknown; expected {_CURRENCY_RULE}', "currency")
    wanted = (currency or "").strip().upper()
    if wanted and wanted not in CURRENCIES:
        raise BadInput(f'currency "{cut(wanted)}" is unknown; expected {_CURRENCY_RULE}')
    key, name = top.key(), top.line("name", required=True)
    if keeps and key != keeps:
        raise top.wrong(f'key is "{key}", but a pipeline keeps its key; expected key = "{keeps}"', "key")
    fields = _fields(top)
    return Pipeline(
        key=key,
        name=name,
        currency=wanted or own or otherwise,
        stages=_stages(top, fields),
        reasons=tuple(Reason(*one) for one in _named(top, "reason", least_one=True)),
        sources=tuple(Source(*one) for one in _named(top, "source", least_one=True)),
        fields=fields,
        qualifiers=tuple(Qualifier(*one) for one in _named(top, "qualifier")),
    )


def _presets() -> Traversable:
    from importlib import resources

    return resources.files("funneltui.presets")


def _preset_text(name: str) -> str:
    return (_presets() / f"{name}.toml").read_text("utf-8")


def _no_preset(name: str) -> NotFound:
    names = preset_names()
    hint = nearest(name, names)
    return NotFound(f'there is no preset or file "{cut(name, 120)}"{hint}; presets are: {", ".join(names)}')


# --- What the file says, as domain values


def _fields(top: Table) -> tuple[CustomField, ...]:
    tables = top.tables("field", _FIELD_KEYS, _TOP_KEYS)
    _refuse_twins(tables)
    return tuple(_field(table) for table in tables)


def _field(table: Table) -> CustomField:
    field = CustomField(
        key=table.key(),
        name=table.line("name", required=True),
        kind=FieldKind(table.choice("kind", tuple(FieldKind)) or FieldKind.TEXT),
        choices=tuple(FieldChoice(*one) for one in _named(table, "choices")),
        help=table.line("help"),
    )
    if wrong := wrong_with(field):
        where, why = wrong
        raise table.wrong(why, where if where in table.values else "kind")
    return field


def _stages(top: Table, fields: Sequence[CustomField]) -> tuple[Stage, ...]:
    tables = top.tables("stage", _STAGE_KEYS, _TOP_KEYS)
    _refuse_twins(tables)
    stages = tuple(_stage(table, fields) for table in tables)
    for kind in StageKind:
        if not any(stage.kind is kind for stage in stages):
            last = tables[-1] if tables else top
            raise top.file.wrong(last.place, f'there is no {kind} stage; expected a [[stage]] with kind = "{kind}"')
    return stages


def _stage(table: Table, fields: Sequence[CustomField]) -> Stage:
    if "detail" in table.values and "details" in table.values:
        raise table.wrong("it has details as well as [[stage.detail]]; expected only one of them", "detail")
    details = tuple(Detail(*one) for one in _named(table, "detail" if "detail" in table.values else "details"))
    demands = _demands(table, [*FIELD_LABELS, *(field.key for field in fields)])
    if "detail" in demands and not details:
        expected = 'details = [{ key = "...", name = "..." }]'
        raise table.wrong(f"it demands a detail but has none to choose from; expected {expected}", "demands")
    return Stage(
        key=table.key(),
        name=table.line("name", required=True),
        kind=StageKind(table.choice("kind", tuple(StageKind)) or StageKind.OPEN),
        details=details,
        demands=demands,
        question=table.line("question"),
        guidance=table.text("guidance"),
        entry=table.text("entry"),
        probability=table.number("probability", 100, "a percentage, a whole number"),
        rot_days=table.number("rot_days", _DAYS_LIMIT, "a whole number of days") or 0,
        follow_up_days=_or(table.number("follow_up_days", _DAYS_LIMIT, "a whole number of days"), 3),
        wip_limit=table.number("wip_limit", _WIP_LIMIT, "a whole number of deals") or 0,
        color=table.choice("color", STAGE_COLORS) if table.values.get("color") != "" else "",
    )


def _or(number: int | None, otherwise: int) -> int:
    return otherwise if number is None else number


def _demands(table: Table, known: Sequence[str]) -> tuple[str, ...]:
    given = table.values.get("demands", [])
    expected = 'a list of fields, such as demands = ["detail"]'
    if not isinstance(given, list):
        raise table.wrong(f"demands is {type_words(given)}; expected {expected}", "demands")
    for rank, field in enumerate(given):
        if not isinstance(field, str):
            raise table.wrong(f"demands holds {type_words(field)}; expected {expected}", "demands", rank)
        if field not in known:
            hint = nearest(field, known) or f"; expected some of {', '.join(known)}"
            raise table.wrong(f'demands an unknown field "{cut(field)}"{hint}', "demands", rank)
        if field in given[:rank]:
            raise table.wrong(f'demands "{field}" twice; expected each field once', "demands", rank)
    return tuple(given)


def _named(parent: Table, name: str, *, least_one: bool = False) -> list[tuple[str, str]]:
    tables = parent.tables(name, _NAMED_KEYS, _TOP_KEYS)
    _refuse_twins(tables)
    if least_one and not tables:
        raise parent.file.wrong_at_end(f"there is no {name}; expected at least one [[{name}]] with key and name")
    return [(table.key(), table.line("name", required=True)) for table in tables]


def _refuse_twins(tables: Sequence[Table]) -> None:
    # Case is ignored, as it is when a person types a key or a name to choose one.
    for field in _NAMED_KEYS:
        seen: dict[str, Table] = {}
        for table in tables:
            value = (table.key() if field == "key" else table.line(field, required=True)).casefold()
            twin = seen.setdefault(value, table)
            if twin is not table:
                line = table.file.line((*twin.place, field))
                raise table.wrong(f"this {field} is already taken in line {line}; expected another", field)
