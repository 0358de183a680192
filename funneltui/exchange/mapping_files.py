"""A user's own mappings: how a file was read, saved under a name, to be used and recognised again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from funneltui.domain.text import cut, key_from
from funneltui.errors import BadInput, StorageError
from funneltui.exchange.file_words import stage_word
from funneltui.exchange.files_out import whole_file
from funneltui.exchange.system_mappings import own_folder, read_mapping

if TYPE_CHECKING:
    from pathlib import Path

    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.exchange.system_mappings import SystemMapping

_NAME = re.compile(r"[a-z0-9_]{1,60}")
_PLAIN = re.compile(r"[\w .()&+-]*\w[\w .()&+-]*")


def mapping_key(name: str) -> str:
    """Give the key that a mapping of this name has, which its file is called by.

    Raises:
        BadInput: the name has no letters or digits, or is a path.
    """
    key = key_from(name) if _PLAIN.fullmatch(name.strip()) else ""
    if not _NAME.fullmatch(key):
        message = f'"{cut(name)}" is no name for a mapping; write it with the letters a to z, digits and _'
        raise BadInput(message)
    return key


def save_mapping(name: str, mapping: ImportMapping) -> Path:
    """Keep how a file is read among the user's own mappings, in place of one of that name, and give the file.

    Raises:
        BadInput: the name has no letters or digits, or is a path. StorageError: it cannot be written.
    """
    key = mapping_key(name)
    text = mapping_text(name.strip(), mapping)
    path = own_folder() / f"{key}.toml"
    read_mapping(text, path.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        message = f"cannot make the folder {path.parent}: {error.strerror or error}"
        raise StorageError(message) from error
    with whole_file(path, force=True) as file:
        file.write(text.encode())
    return path


def mapping_text(name: str, mapping: ImportMapping) -> str:
    """Give a mapping as TOML: a file of the same columns is read by it as it was by this one."""
    import tomlkit

    columns = {field: mapping.header[place].strip() for field, place in mapping.columns.items()}
    closings = [mapping.header[place].strip() for place in mapping.closings]
    told: dict[str, object] = {"name": name, "system": mapping.system, "signature": sorted(set(columns.values()))}
    if mapping.order:
        told["date_order"] = mapping.order.value
    if mapping.decimal:
        told["decimal"] = mapping.decimal
    if mapping.close_is_both:
        told["close_is_both"] = True
    if mapping.in_notes:
        told["kept"] = [mapping.header[place].strip() for place in mapping.in_notes]
    told |= _taken_over(mapping.form) if mapping.form else {}
    tables = {
        "columns": columns | ({"closed": [columns["closed"], *closings]} if closings else {}),
        "outcomes": _outcomes(mapping.form) if mapping.form else {},
        "stages": _places(mapping),
        "sources": dict(mapping.sources),
        "reasons": dict(mapping.reasons),
        "set": dict(mapping.sets),
    }
    return tomlkit.dumps(told | {title: table for title, table in tables.items() if table})


def _taken_over(form: SystemMapping) -> dict[str, object]:
    """Give what the system's own mapping says of its files beyond columns and words."""
    said: dict[str, object] = {
        "created_is_entry": form.created_is_entry,
        "id_first": form.id_first,
        "without_numbers": list(form.without_numbers),
        "without_brackets": list(form.without_brackets),
        "entered_columns": list(form.entered_columns),
        "footer": list(form.footer),
    }
    return {name: value for name, value in said.items() if value}


def _outcomes(form: SystemMapping) -> dict[str, list[str]]:
    return {
        kind.value: [word for word, its in form.outcomes.items() if its is kind]
        for kind in dict.fromkeys(form.outcomes.values())
    }


def _places(mapping: ImportMapping) -> dict[str, str]:
    """Give what words for stages stand for, without those of the pipeline itself."""
    return {
        word: f"{stage}/{mapping.details[word]}" if word in mapping.details else stage
        for word, stage in mapping.stages.items()
        if word != stage_word(stage) or word in mapping.details
    }
