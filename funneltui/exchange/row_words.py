"""Reads the words of a file's rows: which stage a deal stands in, what became of it, which source and reason it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.naming import is_called
from funneltui.domain.pipeline import StageKind
from funneltui.domain.text import cut, fold
from funneltui.errors import BadInput, NotFound, RuleBroken
from funneltui.exchange.file_words import OTHERS, key_meant, known_word
from funneltui.services.fields import read_one

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.services.context import Context

_YES = {"1", "yes", "y", "true", "t", "x", "1.0"}
_NO = {"0", "no", "n", "false", "f", "0.0"}
_REMEMBERED = 10_000


class WordReader:
    """Reads the words of one file by its mapping, for the stages, sources, reasons and choices of a pipeline."""

    def __init__(self, context: Context, pipeline: Pipeline, mapping: ImportMapping) -> None:
        """Read nothing yet."""
        self._context = context
        self._pipeline = pipeline
        self._mapping = mapping
        self._words = {"source": mapping.sources, "reason": mapping.reasons}
        self._read_before: dict[tuple[str, str, str], object] = {}

    def stage(self, texts: Mapping[str, str]) -> tuple[Stage | None, bool, Stage | None]:
        """Give the stage in which a row's deal stands, whether only an outcome says so, and the stage before it closed.

        Raises:
            BadInput, NotFound, RuleBroken: a word is not known, or two contradict each other.
        """
        named, by_word = self._named_stage(texts)
        outcome = self._outcome(texts)
        if outcome is None or (named is not None and named.kind is outcome):
            return named, by_word, None
        if outcome is StageKind.OPEN or (named is not None and not named.is_open):
            if named is None:
                return None, False, None
            message = f'its outcome is "{cut(texts["won"])}", but it stands in {named.name}'
            raise RuleBroken(message)
        return _first_of(self._pipeline, outcome), True, named

    def _named_stage(self, texts: Mapping[str, str]) -> tuple[Stage | None, bool]:
        text = texts.get("stage", "")
        if not text:
            return None, False
        meant = self._mapping.meant_by(text)
        if meant.stage is not None:
            return self._pipeline.stage(meant.stage), False
        if meant.outcome is not None:
            return _first_of(self._pipeline, meant.outcome), True
        names = ", ".join(stage.key for stage in self._pipeline.stages)
        message = f'there is no stage "{cut(text)}"; say which it is with --stage "{cut(text)}=STAGE", one of: {names}'
        raise NotFound(message)

    def stage_called(self, text: str) -> Stage:
        """Give the stage that a word alone names.

        Raises:
            NotFound: it names none.
        """
        named, _ = self._named_stage({"stage": text})
        return named or self._pipeline.first

    def _outcome(self, texts: Mapping[str, str]) -> StageKind | None:
        """Give the outcome that the won column tells: "no" is a loss where the row has a close date, else nothing."""
        text = texts.get("won", "")
        if not text:
            return None
        word = fold(text)
        if word in _YES:
            return StageKind.WON
        if word in _NO:
            return StageKind.LOST if "closed" in texts and not self._mapping.closed_is_expected else None
        outcome = self._mapping.outcome_of(text)
        if outcome is None:
            message = f'won: "{cut(text)}" is neither yes nor no, nor open, won or lost'
            raise BadInput(message)
        return outcome

    def detail_told(self, texts: Mapping[str, str], stage: Stage | None) -> str | None:
        """Give the detail that the row's word for its stage stands for, if it stands there."""
        if stage is None or "stage" not in texts or not self._mapping.details:
            return None
        meant = self._mapping.meant_by(texts["stage"])
        return meant.detail if meant.stage == stage.key else None

    def is_other(self, name: str, text: str) -> bool:
        """Tell whether a word is one of those that only "*" stands for: what it says would be lost."""
        words = self._words.get(name, {})
        if OTHERS not in words or known_word(text, words) in words:
            return False
        among = self._pipeline.reasons if name == "reason" else self._pipeline.sources
        return not any(is_called(one, text) for one in among)

    def listed(self, name: str, text: str, stage: Stage) -> object:
        """Give the key that a word for a source, reason, detail, qualifier or choice stands for.

        Raises:
            NotFound: it stands for none.
        """
        asked = (name, text, stage.key if name == "detail" else "")
        if asked not in self._read_before:
            if len(self._read_before) >= _REMEMBERED:
                self._read_before.clear()
            self._read_before[asked] = self._word_of(name, text, stage)
        return self._read_before[asked]

    def _word_of(self, name: str, text: str, stage: Stage) -> object:
        if name not in self._words:
            return read_one(self._context, name, text, self._pipeline, stage, self._pipeline.currency)
        try:
            return key_meant(self._pipeline, name, text, self._words[name])
        except NotFound as error:
            hint = f'say which it is with --{name} "{cut(text)}={name.upper()}"'
            raise NotFound(f"{error}; or {hint}") from error


def _first_of(pipeline: Pipeline, kind: StageKind) -> Stage:
    among = {
        StageKind.OPEN: pipeline.open_stages,
        StageKind.WON: pipeline.won_stages,
        StageKind.LOST: pipeline.lost_stages,
    }
    if not among[kind]:
        message = f"{pipeline.name} has no {kind} stage"
        raise NotFound(message)
    return among[kind][0]
