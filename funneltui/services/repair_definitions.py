"""What a repair can know of pipelines besides their rows: the versions that are stored, and the presets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from funneltui.errors import FunneltuiError
from funneltui.storage.lost_definitions import Definition, named, version_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.domain.pipeline import Pipeline
    from funneltui.storage.database import Database


@dataclass(frozen=True, slots=True)
class Known:
    """What tells a pipeline: `read` gives that of a stored version's text, `presets` come with the program."""

    read: Callable[[str], Pipeline]
    presets: tuple[Pipeline, ...]


def definitions(database: Database, known: Known) -> list[Definition]:
    """Give what tells the workspace's pipelines: of each its versions, the newest first, else the preset of its key.

    A pipeline that was ever changed has versions, and is no preset any more. A version that is damaged itself is passed by.
    """
    found: list[Definition] = []
    for key in named(database):
        told: list[Definition] = []
        for text in version_texts(database, key):
            try:
                pipeline = replace(known.read(text), key=key)
            except FunneltuiError:
                continue
            told.append(Definition(pipeline, "its own versions", is_its_own=True, is_past=bool(told)))
        found += told or [Definition(one, f"the preset {key}") for one in known.presets if one.key == key]
    return found
