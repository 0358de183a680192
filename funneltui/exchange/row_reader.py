"""Reads a file's rows into the values of deals: every cell by the same readers as what people type."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from funneltui.domain.dates import DateOrder, parse_moment
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.money import minor_digits, parse_amount
from funneltui.domain.pipeline import StageKind
from funneltui.domain.text import clean_line, cut, fold
from funneltui.errors import BadInput, FunneltuiError, NotFound, RuleBroken
from funneltui.exchange.import_mapping import outcome_of_word, stage_word
from funneltui.services.fields import read_one, read_percent, read_tags, settle
from funneltui.services.imports import ImportRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.exchange.tables_in import Row, Table
    from funneltui.services.context import Context
    from funneltui.services.fields import Values

_DATES = ("expected_close", "follow_up")
_MOMENTS = ("created", "entered", "closed")
_LISTED = ("source", "reason", "detail")
_YES = {"1", "yes", "y", "true", "t", "x", "1.0"}
_NO = {"0", "no", "n", "false", "f", "0.0"}
_ONLY_LOST = ("reason", "reason_note")
_ONLY_OPEN = ("follow_up", "follow_up_note", "probability")
_REMEMBERED = 10_000
_PROVES_MARK = re.compile(r"[0-9]([.,])(?:[0-9]{1,2}|[0-9]{4,})(?![0-9.,])")


class RowReader:
    """Reads the rows of one file by its mapping; knows the pipeline, the currency, how dates and amounts are written."""

    def __init__(
        self, context: Context, pipeline: Pipeline, mapping: ImportMapping, decimal: str | None = None
    ) -> None:
        """Read what `--set` says.

        Raises:
            BadInput, NotFound: a text to be set cannot be read.
        """
        self._context = context
        self._pipeline = pipeline
        self._mapping = mapping
        self._order = mapping.order or context.order
        self._decimal = mapping.decimal or decimal
        self._currency = mapping.sets.get("currency") or pipeline.currency
        self._read_before: dict[tuple[str, str, str], object] = {}
        self._defaults: dict[tuple[str, bool], Values] = {}
        self._set_moments = {
            name: self._typed("closed_on", text)
            for name, text in mapping.sets.items()
            if name in ("created", "entered")
        }
        self._set_values = {name: self._typed(name, text) for name, text in mapping.sets.items() if name in _PLAIN_SETS}
        self._set_closed = self._typed("closed_on", mapping.sets["closed"]) if "closed" in mapping.sets else None
        self._set_stage = mapping.sets.get("stage")
        self._check_set_detail()

    def read(self, row: Row) -> ImportRow:
        """Give the values of a row.

        Raises:
            BadInput, NotFound, RuleBroken: a cell cannot be read, or cells contradict each other; the message names it.
        """
        if row.why:
            raise BadInput(row.why)
        cells, columns = row.cells, self._mapping.columns
        texts = {
            name: text
            for name, place in columns.items()
            if place < len(cells) and (text := cells[place].strip("\0 \t\r\n"))
        }
        stage, is_outcome_only, via = self._stage(texts)
        stands_in = stage or (self._pipeline.stage(self._set_stage) if self._set_stage else self._pipeline.first)
        currency = self._currency_of(texts)
        values = self._values(texts, stands_in, currency, via)
        moments = self._moments(texts, stands_in)
        if "currency" in texts:
            values["currency"] = currency
        return ImportRow(
            row.line, values, self._defaults_of(stands_in, currency), currency, stage.key if stage else None,
            is_outcome_only, via.key if via else None, clean_line(texts.get("external_id", "")) or None,
            stage_if_new=stands_in.key, **moments,
        )  # fmt: skip

    def _typed(self, name: str, text: str) -> object:
        return read_one(self._context, name, text, self._pipeline, self._pipeline.first, self._currency)

    def _check_set_detail(self) -> None:
        text = self._mapping.sets.get("detail")
        if text and not any(self._set_detail(stage) for stage in self._pipeline.stages):
            message = f'there is no detail "{cut(text)}" in any stage of {self._pipeline.name}'
            raise NotFound(message)

    def _set_detail(self, stage: Stage) -> str | None:
        try:
            return self._pipeline.find_detail(stage, self._mapping.sets["detail"]).key
        except NotFound:  # the detail to be set is another stage's
            return None

    def _defaults_of(self, stage: Stage, currency: str) -> Values:
        """Give what fills in when a row makes a new deal: what is set, as far as it befits the stage."""
        known = self._defaults.get((stage.key, stage.is_open))
        if known is None:
            known = settle({name: value for name, value in self._set_values.items() if _befits(name, stage)})
            if "detail" in self._mapping.sets and (detail := self._set_detail(stage)):
                known["detail"] = detail
            if self._set_closed and not stage.is_open:
                known["closed_on"] = self._set_closed
            if "owner" in self._mapping.columns:
                known.setdefault("owner", None)
            self._defaults[stage.key, stage.is_open] = known
        return known | {"currency": currency}

    def _currency_of(self, texts: Mapping[str, str]) -> str:
        if "currency" not in texts:
            return self._currency
        code = texts["currency"].upper()
        minor_digits(code)
        return code

    def _values(self, texts: Mapping[str, str], stage: Stage, currency: str, via: Stage | None) -> Values:
        values: Values = {}
        for name, text in texts.items():
            if (
                name not in FIELD_LABELS
                or not _befits(name, stage)
                or (name == "detail" and (via or not stage.details))
            ):
                continue
            try:
                values[name] = self._value(name, text, stage, currency)
            except BadInput as error:
                message = f"{FIELD_LABELS[name]}: {str(error).removeprefix(FIELD_LABELS[name] + ': ')}"
                raise BadInput(message) from error
        return values

    def _value(self, name: str, text: str, stage: Stage, currency: str) -> object:
        if name in _DATES:
            return _day(self._context, parse_moment(text, self._order))
        if name == "amount":
            return parse_amount(text, currency, decimal=self._decimal)
        if name == "probability":
            return _percent(text)
        if name == "tags":
            return read_tags(text)
        if name in _LISTED:
            return self._listed(name, text, stage)
        if name == "email":
            return read_one(self._context, name, text, self._pipeline, stage, currency)
        return text

    def _listed(self, name: str, text: str, stage: Stage) -> object:
        asked = (name, text, stage.key if name == "detail" else "")
        if asked not in self._read_before:
            if len(self._read_before) >= _REMEMBERED:
                self._read_before.clear()
            self._read_before[asked] = read_one(
                self._context, name, text, self._pipeline, stage, self._pipeline.currency
            )
        return self._read_before[asked]

    def _moments(self, texts: Mapping[str, str], stage: Stage) -> dict[str, date | None]:
        found: dict[str, date | None] = {}
        for name in _MOMENTS:
            text = texts.get(name, "")
            if name == "closed" and stage.is_open and self._closed_is_expected():
                text = ""
            try:
                found[name] = parse_moment(text, self._order) if text else self._set_moment(name)
            except BadInput as error:
                message = f"{name}: {error}"
                raise BadInput(message) from error
        if found["closed"] is None and self._mapping.close_is_both and not stage.is_open and "expected_close" in texts:
            when = parse_moment(texts["expected_close"], self._order)
            found["closed"] = when if _day(self._context, when) <= self._context.clock.today() else None
        return found

    def _set_moment(self, name: str) -> date | None:
        when = self._set_moments.get(name)
        return when if isinstance(when, date) else None

    def _closed_is_expected(self) -> bool:
        columns = self._mapping.columns
        return columns.get("closed") == columns.get("expected_close")

    def _stage(self, texts: Mapping[str, str]) -> tuple[Stage | None, bool, Stage | None]:
        """Give the stage in which a row's deal stands, whether only an outcome says so, and the stage before it closed."""
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
        key = self._mapping.stages.get(stage_word(text))
        if key is not None:
            return self._pipeline.stage(key), False
        outcome = outcome_of_word(text)
        if outcome is not None:
            return _first_of(self._pipeline, outcome), True
        names = ", ".join(stage.key for stage in self._pipeline.stages)
        message = f'there is no stage "{cut(text)}"; say which it is with --stage "{cut(text)}=STAGE", one of: {names}'
        raise NotFound(message)

    def _outcome(self, texts: Mapping[str, str]) -> StageKind | None:
        """Give the outcome that the won column tells: "no" is a loss where the row has a close date, else nothing."""
        text = texts.get("won", "")
        if not text:
            return None
        word = fold(text)
        if word in _YES:
            return StageKind.WON
        if word in _NO:
            return StageKind.LOST if "closed" in texts and not self._closed_is_expected() else None
        outcome = outcome_of_word(text)
        if outcome is None:
            message = f'won: "{cut(text)}" is neither yes nor no, nor open, won or lost'
            raise BadInput(message)
        return outcome


_PLAIN_SETS = tuple(name for name in FIELD_LABELS if name not in ("detail", "closed_on"))


def _befits(name: str, stage: Stage) -> bool:
    """Tell whether a field means anything of a deal in this stage: a reason of a lost one, a next step of an open one."""
    if name in _ONLY_LOST:
        return stage.kind is StageKind.LOST
    return stage.is_open or name not in _ONLY_OPEN or name in stage.demands


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


def _day(context: Context, when: date) -> date:
    return context.clock.local_day(when) if isinstance(when, datetime) else when


def _percent(text: str) -> int:
    """Read a probability as files write it: "60", "60 %", "60.0", and "0.6" for sixty percent."""
    found = re.fullmatch(r"([0-9]{1,3})[.,]([0-9]{1,6})\s*(%?)", text)
    if found is None:
        return read_percent(text)
    number = float(f"{found[1]}.{found[2]}")
    if not found[3] and number == 1:
        message = f'"{cut(text)}" could be 1 % or 100 %; write it with the sign'
        raise BadInput(message)
    return read_percent(str(round(number * 100 if not found[3] and number < 1 else number)))


def survey(context: Context, table: Table, mapping: ImportMapping) -> str | None:
    """Look through a file for how it writes dates and amounts, and give the decimal mark, if the amounts prove one.

    Raises:
        BadInput: dates with slashes are in another order than the one in force: read so, some would be wrong unnoticed.
    """
    days = [(name, mapping.columns[name]) for name in (*_DATES, *_MOMENTS) if name in mapping.columns]
    amount = mapping.columns.get("amount")
    marks: set[str] = set()
    for row in table.rows():
        if row.why:
            continue
        for _, place in days:
            if place < len(row.cells) and "/" in row.cells[place]:
                _check_order(row.cells[place].strip(), mapping.order or context.order, row.line)
        if amount is not None and amount < len(row.cells):
            marks.update(found[1] for found in _PROVES_MARK.finditer(row.cells[amount]))
    return marks.pop() if len(marks) == 1 else None


def _check_order(text: str, order: DateOrder, line: int) -> None:
    if _readable(text, order):
        return
    others = [other.value for other in DateOrder if _readable(text, other)]
    if others:
        message = (
            f'line {line}: "{cut(text)}" is no date in the order {order}, but in {" or ".join(others)}; '
            f"say the order in which the file writes dates, so that none is misread"
        )
        raise BadInput(message)


def _readable(text: str, order: DateOrder) -> bool:
    try:
        parse_moment(text, order)
    except FunneltuiError:  # the question is whether it can be read
        return False
    return True
