"""Pipelines as TOML files: the presets and a user's own, read and checked, every mistake named with its line."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.pipeline import Detail, Pipeline, Reason, Source, Stage, StageKind
from funneltui.domain.text import clean_line, clean_text, cut
from funneltui.errors import BadInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from importlib.resources.abc import Traversable

DEFAULT_PRESET = "acquisition"
"""The preset of a workspace for which nobody chose one."""

DEFAULT_CURRENCY = "EUR"
"""The currency when neither the caller nor the file names one."""

STAGE_COLORS = ("slate", "blue", "amber", "green", "red", "violet", "teal", "rose")
"""The colours that a stage may name; a theme says what each looks like."""

KEY_LIMIT = 60
"""The most characters of a key."""

SIZE_LIMIT = 1_000_000
"""The most bytes of a pipeline file."""

_DAYS_LIMIT = 3650
_WIP_LIMIT = 100_000
_TOP_KEYS = ("key", "name", "description", "currency", "stage", "reason", "source")
_STAGE_KEYS = (
    "key", "name", "kind", "demands", "question", "details", "detail", "guidance", "entry", "probability",
    "rot_days", "follow_up_days", "wip_limit", "color",
)  # fmt: skip
_NAMED_KEYS = ("key", "name")
_KEY_SYNTAX = re.compile(rf"[A-Za-z0-9_-]{{1,{KEY_LIMIT}}}")
_KEY_RULE = f"letters a-z, digits, _ and -, at most {KEY_LIMIT} of them"
_CURRENCY_RULE = 'a currency code of three letters, such as "EUR"'
_TYPE_WORDS = {
    str: "text", bool: "true or false", int: "a whole number", float: "a fraction", list: "a list", dict: "a table",
}  # fmt: skip

_Place = tuple[str | int, ...]


def preset_names() -> list[str]:
    """Give the names of the pipelines that come with the program, in alphabetical order."""
    return sorted(one.name.removesuffix(".toml") for one in _presets().iterdir() if one.name.endswith(".toml"))


def preset(name_or_path: str, currency: str | None = None) -> Pipeline:
    """Give the pipeline of a preset's name, or of the file at a path; a name wins over a file of that name.

    `currency` (ISO 4217) wins over the one in the file.

    Raises:
        NotFound: it is neither; the message lists the names.
        BadInput: the file, or the currency, is not as it must be.
    """
    name = name_or_path.strip().lower()
    if name in preset_names():
        return read_pipeline(_preset_text(name), f"{name}.toml", currency)
    try:
        return read_pipeline_file(Path(name_or_path), currency)
    except NotFound:
        raise _no_preset(name_or_path) from None


def describe_preset(name: str) -> str:
    """Give a preset in one line: its `description`.

    Raises:
        NotFound: there is no preset of that name; the message lists the names.
    """
    if name not in preset_names():
        raise _no_preset(name)
    return _parse(_preset_text(name), f"{name}.toml").line("description")


def read_pipeline_file(path: Path, currency: str | None = None) -> Pipeline:
    """Give the pipeline that the TOML file at `path` describes; see `read_pipeline`.

    Raises:
        NotFound: there is no such file.
        BadInput: it cannot be read, is over 1 MB, is not UTF-8, or is not as it must be.
    """
    where = clean_line(str(path))
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_LIMIT + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise NotFound(f'there is no file "{where}"') from None
    except OSError as error:
        raise BadInput(f"{where} cannot be read: {error.strerror}; expected a pipeline file (TOML)") from error
    if len(content) > SIZE_LIMIT:
        raise BadInput(f"{where} is too large for a pipeline file; expected at most 1 MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = f"{content[error.start]:#04x}"
        raise BadInput(f"{where}, line {line}: byte {byte} is not UTF-8; expected UTF-8 text") from error
    return read_pipeline(text, where, currency)


def read_pipeline(text: str, where: str, currency: str | None = None) -> Pipeline:
    """Give the pipeline that the TOML `text` describes; `where` names its file in messages.

    `currency` (ISO 4217) wins over the one in the text; with neither it is EUR. The format is explained in
    `presets/acquisition.toml`. Names and texts come out cleaned of everything that acts on a terminal.

    Raises:
        BadInput: something is not as it must be; the message names file and line and says what was expected.
    """
    top = _parse(text, where)
    top.refuse_unknown(_TOP_KEYS)
    own = top.line("currency").upper()
    if "currency" in top.values and not _is_currency(own):
        raise top.wrong(f'currency "{cut(own)}" is unknown; expected {_CURRENCY_RULE}', "currency")
    wanted = (currency or "").strip().upper()
    if wanted and not _is_currency(wanted):
        raise BadInput(f'currency "{cut(wanted)}" is unknown; expected {_CURRENCY_RULE}')
    key, name = top.key(), top.line("name", required=True)
    return Pipeline(
        key=key,
        name=name,
        currency=wanted or own or DEFAULT_CURRENCY,
        stages=_stages(top),
        reasons=tuple(Reason(*one) for one in _named(top, "reason", least_one=True)),
        sources=tuple(Source(*one) for one in _named(top, "source", least_one=True)),
    )


def _presets() -> Traversable:
    from importlib import resources

    return resources.files("funneltui.presets")


def _preset_text(name: str) -> str:
    return (_presets() / f"{name}.toml").read_text("utf-8")


def _no_preset(name: str) -> NotFound:
    names = preset_names()
    nearest = _nearest(name, names)
    return NotFound(f'there is no preset or file "{cut(name, 120)}"{nearest}; presets are: {", ".join(names)}')


def _is_currency(code: str) -> bool:
    return re.fullmatch("[A-Z]{3}", code) is not None


def _nearest(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(cut(word).lower(), known, 1)
    return f'; did you mean "{near[0]}"?' if near else ""


# --- What the file says, as domain values


def _stages(top: _Table) -> tuple[Stage, ...]:
    tables = top.tables("stage", _STAGE_KEYS)
    _refuse_twins(tables)
    stages = tuple(_stage(table) for table in tables)
    for kind in StageKind:
        if not any(stage.kind is kind for stage in stages):
            last = tables[-1] if tables else top
            raise top.file.wrong(last.place, f'there is no {kind} stage; expected a [[stage]] with kind = "{kind}"')
    return stages


def _stage(table: _Table) -> Stage:
    if "detail" in table.values and "details" in table.values:
        raise table.wrong("it has details as well as [[stage.detail]]; expected only one of them", "detail")
    details = tuple(Detail(*one) for one in _named(table, "detail" if "detail" in table.values else "details"))
    demands = _demands(table)
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


def _demands(table: _Table) -> tuple[str, ...]:
    given = table.values.get("demands", [])
    expected = 'a list of fields, such as demands = ["detail"]'
    if not isinstance(given, list):
        raise table.wrong(f"demands is {_type_words(given)}; expected {expected}", "demands")
    for rank, field in enumerate(given):
        if not isinstance(field, str):
            raise table.wrong(f"demands holds {_type_words(field)}; expected {expected}", "demands", rank)
        if field not in FIELD_LABELS:
            hint = _nearest(field, FIELD_LABELS) or f"; expected some of {', '.join(FIELD_LABELS)}"
            raise table.wrong(f'demands an unknown field "{cut(field)}"{hint}', "demands", rank)
        if field in given[:rank]:
            raise table.wrong(f'demands "{field}" twice; expected each field once', "demands", rank)
    return tuple(given)


def _named(parent: _Table, name: str, *, least_one: bool = False) -> list[tuple[str, str]]:
    tables = parent.tables(name, _NAMED_KEYS)
    _refuse_twins(tables)
    if least_one and not tables:
        raise parent.file.wrong_at_end(f"there is no {name}; expected at least one [[{name}]] with key and name")
    return [(table.key(), table.line("name", required=True)) for table in tables]


def _refuse_twins(tables: Sequence[_Table]) -> None:
    # Case is ignored, as it is when a person types a key or a name to choose one.
    for field in _NAMED_KEYS:
        seen: dict[str, _Table] = {}
        for table in tables:
            value = (table.key() if field == "key" else table.line(field, required=True)).casefold()
            twin = seen.setdefault(value, table)
            if twin is not table:
                line = table.file.line((*twin.place, field))
                raise table.wrong(f"this {field} is already taken in line {line}; expected another", field)


# --- The file's values, each with its place


@dataclass(frozen=True, slots=True)
class _File:
    """A parsed text: its name, and where in it each value begins."""

    where: str
    text: str
    offsets: Mapping[_Place, int]

    def line(self, place: _Place) -> int:
        """Give the line of what stands at `place`, or else of the nearest that holds it."""
        while place and place not in self.offsets:
            place = place[:-1]
        return self.text.count("\n", 0, self.offsets.get(place, 0)) + 1

    def wrong(self, place: _Place, message: str) -> BadInput:
        return BadInput(f"{self.where}, line {self.line(place)}: {message}")

    def wrong_at_end(self, message: str) -> BadInput:
        return BadInput(f"{self.where}, line {_last_line(self.text)}: {message}")


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of the file: it hands out checked values, and errors that say where."""

    file: _File
    place: _Place
    label: str
    values: Mapping[str, object]

    def wrong(self, message: str, *inside: str | int) -> BadInput:
        return self.file.wrong((*self.place, *inside), f"{self.label}{message}")

    def refuse_unknown(self, known: Sequence[str]) -> None:
        for name in self.values:
            if name in known:
                continue
            hint = _nearest(name, known) or f"; expected some of {', '.join(known)}"
            if name in _TOP_KEYS:
                hint = "; expected it at the top of the file, above the first [[...]]"
            raise self.wrong(f'unknown key "{cut(name)}"{hint}', name)

    def text(self, name: str) -> str:
        """Give text of several lines, cleaned; empty if absent."""
        value = self.values.get(name, "")
        if not isinstance(value, str):
            raise self.wrong(f'{name} is {_type_words(value)}; expected text in quotes, {name} = "..."', name)
        return clean_text(value)

    def line(self, name: str, *, required: bool = False) -> str:
        """Give one line of text, cleaned; empty if absent."""
        value = clean_line(self.text(name))
        if required and not value:
            state = "empty" if name in self.values else "missing"
            raise self.wrong(f'{name} is {state}; expected {name} = "..."', name)
        return value

    def key(self) -> str:
        self.line("key", required=True)
        key = str(self.values["key"])
        if not _KEY_SYNTAX.fullmatch(key):
            raise self.wrong(f'key "{cut(key, KEY_LIMIT)}" cannot be a key; expected {_KEY_RULE}', "key")
        return key

    def choice(self, name: str, among: Sequence[str]) -> str:
        """Give one of `among`; empty if absent."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.wrong(f"{name} is {_type_words(value)}; expected one of {', '.join(among)}", name)
        if value not in among:
            raise self.wrong(f'{name} "{cut(value)}" is none of {", ".join(among)}', name)
        return value

    def number(self, name: str, most: int, what: str) -> int | None:
        """Give a whole number from 0 to `most`, or nothing if absent."""
        value = self.values.get(name)
        if value is None:
            return None
        expected = f"expected {what} from 0 to {most}"
        # A truth value is a number to Python, not to the person who wrote it.
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(f"{name} is {_type_words(value)}; {expected}", name)
        if not 0 <= value <= most:
            raise self.wrong(f"{name} is {'below 0' if value < 0 else 'too large'}; {expected}", name)
        return value

    def tables(self, name: str, known: Sequence[str]) -> list[_Table]:
        """Give the tables listed under `name`, with none but `known` keys; each is labelled by its key or number."""
        value = self.values.get(name, [])
        expected = f"expected a list of tables, [[{name}]] once for each"
        if name == "details":
            expected = 'expected a list, details = [{ key = "...", name = "..." }]'
        if not isinstance(value, list):
            raise self.wrong(f"{name} is {_type_words(value)}; {expected}", name)
        tables = []
        for rank, one in enumerate(value):
            if not isinstance(one, dict):
                raise self.wrong(f"{name} holds {_type_words(one)}; {expected}", name, rank)
            key = one.get("key")
            called = f'"{cut(key)}"' if isinstance(key, str) and cut(key) else str(rank + 1)
            label = f"{self.label}{name.removesuffix('s')} {called}: "
            tables.append(_Table(self.file, (*self.place, name, rank), label, one))
            tables[-1].refuse_unknown(known)
        return tables


def _type_words(value: object) -> str:
    return _TYPE_WORDS.get(type(value), "a date or time")


# --- TOML: tomllib reads the values, the scan below finds their places


def _parse(text: str, where: str) -> _Table:
    where = clean_line(where)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if len(text) > SIZE_LIMIT:
        raise BadInput(f"{where} is too large for a pipeline file; expected at most 1 MB")
    try:
        values = tomllib.loads(text)
        offsets = _offsets(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(text, where, str(error)) from error
    except ValueError as error:
        # Python refuses to read so long a number, and does not say where it stands.
        found = re.search(r"\w{1000,}", text)
        line = text.count("\n", 0, found.start() if found else 0) + 1
        raise BadInput(f"{where}, line {line}: a number is too long; expected at most {_DAYS_LIMIT}") from error
    except RecursionError as error:
        raise BadInput(f"{where}, line 1: lists are nested too deeply; expected a pipeline file") from error
    return _Table(_File(where, text, offsets), (), "", values)


def _not_toml(text: str, where: str, message: str) -> BadInput:
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    line = int(found[1]) if found and found[1] else _last_line(text)
    what = cut(message[: found.start()] if found else message, 120)
    return BadInput(f'{where}, line {line}: {what}; expected TOML, such as name = "In negotiation"')


def _last_line(text: str) -> int:
    return text.rstrip("\n").count("\n") + 1


_GAP = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_KEY_PART = re.compile(r"""[ \t]*("(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*""")
_SCALAR = re.compile(
    r'''"""(?:\\.|[^\\])*?"""(?!")|\'\'\'.*?\'\'\'(?!\')|"(?:\\.|[^"\\])*"|'[^']*'|[^,\]}#\n]+''', re.DOTALL
)


def _offsets(text: str) -> dict[_Place, int]:
    """Give where each table, key and list item of a valid TOML `text` begins: tomllib does not tell."""
    offsets: dict[_Place, int] = {}
    counts: dict[_Place, int] = {}
    table: _Place = ()
    at = _skip(_GAP, text, 0)
    while at < len(text):
        begin = at
        brackets = 2 if text.startswith("[[", at) else 1 if text[at] == "[" else 0
        keys, at = _keys(text, at + brackets)
        if brackets:
            table = _table_place(keys, counts, another=brackets == 2)
            offsets.setdefault(table, begin)
            at += brackets
        else:
            offsets.setdefault(table + keys, begin)
            at = _scan_value(text, at + 1, table + keys, offsets)
        at = _skip(_GAP, text, at)
    return offsets


def _table_place(keys: tuple[str, ...], counts: dict[_Place, int], *, another: bool) -> _Place:
    place: _Place = ()
    for rank, key in enumerate(keys, 1):
        place = (*place, key)
        if another and rank == len(keys):
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place


def _scan_value(text: str, at: int, place: _Place, offsets: dict[_Place, int]) -> int:
    """Note the places inside the value at `at`; give where it ends."""
    at = _skip(_GAP, text, at)
    if text[at] not in "[{":
        return _skip(_SCALAR, text, at)
    is_list, rank = text[at] == "[", 0
    at = _skip(_GAP, text, at + 1)
    while text[at] not in "]}":
        begin, inner = at, (*place, rank)
        if not is_list:
            keys, at = _keys(text, at)
            inner, at = place + keys, at + 1
        offsets.setdefault(inner, begin)
        at = _skip(_GAP, text, _scan_value(text, at, inner, offsets))
        if text[at] == ",":
            at = _skip(_GAP, text, at + 1)
        rank += 1
    return at + 1


def _keys(text: str, at: int) -> tuple[tuple[str, ...], int]:
    keys = []
    while match := _KEY_PART.match(text, at):
        keys.append(match[1].strip("\"'"))
        at = match.end()
        if text[at] != ".":
            break
        at += 1
    return tuple(keys), at


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
