"""Mappings as data: TOML files that say how another system's export is read; found by name, recognised by its headers."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from funneltui.domain.dates import DateOrder
from funneltui.domain.pipeline import StageKind
from funneltui.domain.text import clean_line, cut, fold
from funneltui.errors import BadInput, NotFound
from funneltui.exchange.toml_places import File, Table, parse, read_text, type_words
from funneltui.exchange.typed_paths import typed_path
from funneltui.paths import config_dir

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ENOUGH = 3
"""So many columns of a file must be called exactly as a system calls its own for the system to be recognised."""

PLAIN = "csv"
"""The system of a file that none is known of."""

_KINDS = ("deals", "visits")
_KEYS = (
    "name", "system", "kind", "signature", "unread", "date_order", "decimal", "close_is_both", "created_is_entry",
    "id_first", "without_numbers", "without_brackets", "entered_columns", "footer", "columns", "outcomes", "stages",
    "sources", "reasons", "set", "kept",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SystemMapping:
    """How the files of one system are read.

    `key` is the mapping's name, `system` that in whose ids its deals are known again. `columns` gives the exact headers of
    each field, the first that a file has wins, but of a closing all are read; `signature` those by which a file is
    recognised (in the TOML: all that are read, unless some are named, and the `unread` ones). `stages`, `sources` and
    `reasons` give for a word of the system the stages (with "/" and a detail), sources and reasons that it may stand for:
    the first that the pipeline knows; the word "*" is any other. `outcomes` are its words for won, lost and open, `sets`
    fills what rows lack. `entered_columns` are headers like 'Date entered "{stage}"' that hold when a stage was entered.
    `created_is_entry`: the created date tells when the record was written, and a deal may be older. `id_first`: only so
    many characters of an id count (0: all). `footer` begins lines behind the rows; `kept` are columns whose texts are kept
    in the notes. `is_visits`: its rows are visits.
    """

    key: str
    name: str
    system: str
    columns: Mapping[str, tuple[str, ...]]
    signature: frozenset[str]
    is_visits: bool = False
    order: DateOrder | None = None
    decimal: str | None = None
    close_is_both: bool = False
    created_is_entry: bool = False
    id_first: int = 0
    without_numbers: tuple[str, ...] = ()
    without_brackets: tuple[str, ...] = ()
    entered_columns: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    outcomes: Mapping[str, StageKind] = field(default_factory=dict)
    stages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    is_own: bool = False


def id_read(text: str, form: SystemMapping | None) -> str:
    """Give the id that a cell holds: one clean line, of a system's only the characters that count; or nothing."""
    line = clean_line(text)
    return line[: form.id_first] if form and form.id_first else line


def own_folder() -> Path:
    """Give the folder of the user's own mappings, which is looked through first."""
    return config_dir() / "mappings"


def mappings() -> list[SystemMapping]:
    """Give all mappings: the user's own, then those that come with the program that no own one of that name replaces.

    Raises:
        BadInput: a file is not as it must be; the message names it and the line.
    """
    own = [read_mapping_file(path, is_own=True) for path in sorted(own_folder().glob("*.toml"))]
    taken = {one.key for one in own}
    return [*own, *(one for one in _shipped() if one.key not in taken)]


def mapping_named(text: str) -> SystemMapping | None:
    """Give the mapping of this key or name, any case, or nothing."""
    wanted = fold(text.strip())
    return next((one for one in mappings() if wanted in (one.key, fold(one.name))), None)


def mapping_at(text: str) -> SystemMapping:
    """Give the mapping in the file at a path, or of this name.

    Raises:
        NotFound: it is neither. BadInput: the file is not as it must be.
    """
    path = typed_path(text)
    if path.is_file():
        return read_mapping_file(path, is_own=True)
    known = mappings()
    found = next((one for one in known if fold(text.strip()) in (one.key, fold(one.name))), None)
    if found is None:
        message = f'there is no mapping "{cut(text)}", and no file of that name; known are: '
        raise NotFound(message + ", ".join(one.key for one in known))
    return found


def form_for(header: Sequence[str], system: str | None = None, mapping: str | None = None) -> SystemMapping | None:
    """Give how a file is read: as the mapping says that is named, else the system's, else as its columns are recognised.

    The system "csv" is a file that no system is known of: only common names are recognised.

    Raises:
        NotFound: there is no such mapping. BadInput: the columns fit several systems alike, or are those of visits.
    """
    if mapping:
        return mapping_at(mapping)
    if system and (fold(system.strip()) == PLAIN or (found := mapping_named(system))):
        return None if fold(system.strip()) == PLAIN else found
    return recognised(header)


def recognised(header: Sequence[str], *, visits: bool = False) -> SystemMapping | None:
    """Give the mapping of the system that a file's columns are of: at least `ENOUGH` are called exactly so, most wins.

    The user's own mappings are asked first. Nothing, if none fits. `visits`: look for files of visits instead of deals.

    Raises:
        BadInput: they fit several systems alike, or a file of visits is no file of deals; the message says what to do.
    """
    names = {name.strip() for name in header}
    known = [one for one in mappings() if not one.is_visits or _has(one, names, *one.columns)]
    found = _best(known, names, visits=visits)
    if not visits and not (found and _has(found, names, "title")) and (history := _best(known, names, visits=True)):
        message = f"the columns are those of {history.name}: visits, no deals; name the file of the deals, and this one"
        raise BadInput(f"{message} with --history")
    return found


def _best(known: Sequence[SystemMapping], names: set[str], *, visits: bool) -> SystemMapping | None:
    for some in _own_first(known):
        fitting = [(len(one.signature & names), one) for one in some if one.is_visits is visits]
        most = max((count for count, _ in fitting), default=0)
        best = [one for count, one in fitting if count == most]
        if most >= ENOUGH:
            if len(best) > 1:
                message = f"the columns are those of {' and of '.join(one.name for one in best)} alike; say which it is"
                raise BadInput(f"{message} with --system {best[0].key}")
            return best[0]
    return None


def _has(mapping: SystemMapping, names: set[str], *fields: str) -> bool:
    return all(names & set(mapping.columns.get(field, ())) for field in fields)


def _own_first(some: Sequence[SystemMapping]) -> Iterator[list[SystemMapping]]:
    yield [one for one in some if one.is_own]
    yield [one for one in some if not one.is_own]


def _shipped() -> Iterator[SystemMapping]:
    from importlib.resources import files

    for one in sorted((files("funneltui") / "mappings").iterdir(), key=lambda one: one.name):
        if one.name.endswith(".toml"):
            # A test reads them with all their places; here nobody needs the lines, which take most of the time.
            text = one.read_text(encoding="utf-8")
            yield _mapping_of(Table(File(one.name, text, {}), (), "", tomllib.loads(text)), one.name)


def read_mapping_file(path: Path, *, is_own: bool = False) -> SystemMapping:
    """Give the mapping that a TOML file describes; see `read_mapping`.

    Raises:
        NotFound: there is no such file. BadInput: it cannot be read, or is not as it must be.
    """
    return read_mapping(read_text(path, "a mapping"), path.name, is_own=is_own)


def read_mapping(text: str, where: str, *, is_own: bool = False) -> SystemMapping:
    """Give the mapping that a TOML text describes; the file's name without its ending is the mapping's.

    Raises:
        BadInput: it is not as it must be; the message names `where` and the line.
    """
    return _mapping_of(parse(text, where), where, is_own=is_own)


def _mapping_of(top: Table, where: str, *, is_own: bool = False) -> SystemMapping:
    top.refuse_unknown(_KEYS)
    key = fold(clean_line(where, 60)).removesuffix(".toml")
    fields, filled = _inner(top, "columns"), _inner(top, "set")
    columns = {name: _texts(fields, name) for name in fields.values}
    signature = _texts(top, "signature") or tuple(name for names in columns.values() for name in names)
    signature += _texts(top, "unread")
    outcomes = _inner(top, "outcomes")
    outcomes.refuse_unknown([kind.value for kind in StageKind])
    order = top.choice("date_order", [one.value for one in DateOrder])
    return SystemMapping(
        key, top.line("name") or key, top.line("system") or key, columns, frozenset(signature),
        is_visits=top.choice("kind", _KINDS) == "visits",
        order=DateOrder(order) if order else None,
        decimal=top.choice("decimal", (".", ",")) or None,
        close_is_both=_flag(top, "close_is_both"), created_is_entry=_flag(top, "created_is_entry"),
        id_first=top.number("id_first", 500, "a number of characters") or 0,
        without_numbers=_texts(top, "without_numbers"), without_brackets=_texts(top, "without_brackets"),
        entered_columns=_texts(top, "entered_columns"), footer=_texts(top, "footer"),
        outcomes={fold(word): kind for kind in StageKind for word in _texts(outcomes, kind.value)},
        stages=_words(top, "stages"), sources=_words(top, "sources"), reasons=_words(top, "reasons"),
        sets={name: filled.line(name) for name in filled.values}, kept=_texts(top, "kept"), is_own=is_own,
    )  # fmt: skip


def _inner(top: Table, name: str) -> Table:
    value = top.values.get(name, {})
    if not isinstance(value, dict):
        message = f"{name} is {type_words(value)}; expected a table, [{name}]"
        raise top.wrong(message, name)
    return Table(top.file, (*top.place, name), f"{name}: ", value)


def _words(top: Table, name: str) -> dict[str, tuple[str, ...]]:
    table = _inner(top, name)
    return {word: _texts(table, word) for word in table.values}


def _texts(table: Table, name: str) -> tuple[str, ...]:
    """Give texts, in a list or one alone; none if absent."""
    value = table.values.get(name, [])
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        message = f"{name} is {type_words(value)}; expected a text or a list of texts"
        raise table.wrong(message, name)
    return tuple(str(one) for one in listed)


def _flag(top: Table, name: str) -> bool:
    value = top.values.get(name, False)
    if not isinstance(value, bool):
        message = f"{name} is {type_words(value)}; expected true or false"
        raise top.wrong(message, name)
    return value
