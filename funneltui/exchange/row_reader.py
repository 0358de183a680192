"""Reads a file's rows into the values of deals: every cell by the same readers as what people type."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from funneltui.domain.custom_fields import FieldKind, read_number
from funneltui.domain.gates import FIELD_LABELS, label_of
from funneltui.domain.money import minor_digits, parse_amount
from funneltui.domain.pipeline import StageKind
from funneltui.domain.text import clean_line, cut
from funneltui.errors import BadInput, NotFound
from funneltui.exchange.cell_checks import KEPT, cuts, refuse_errors, rounded
from funneltui.exchange.file_dates import DATES, MOMENTS, read_moment
from funneltui.exchange.own_exports import OwnColumns, is_own_export
from funneltui.exchange.row_words import WordReader
from funneltui.exchange.system_mappings import id_read
from funneltui.services.fields import read_one, read_percent, read_tags, settle
from funneltui.services.imports import ImportRow, Stay

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.exchange.import_mapping import ImportMapping
    from funneltui.exchange.tables_in import Row
    from funneltui.services.context import Context
    from funneltui.services.fields import Values

_LISTED = ("source", "reason", "detail", "qualifier")
_ONLY_LOST = ("reason", "reason_note")
_ONLY_OPEN = ("follow_up", "follow_up_note", "probability")
_NUMBER_BEHIND = re.compile(r"\s*\([0-9]+\)\s*$")
_BETWEEN_MAILS = re.compile(r"[,;\s]+")
_BRACKETS = re.compile(r"\s*\([^()]*\)")


class RowReader:
    """Reads the rows of one file by its mapping; knows the pipeline, the currency, how dates and amounts are written."""

    def __init__(
        self,
        context: Context,
        pipeline: Pipeline,
        mapping: ImportMapping,
        decimal: str | None = None,
        visits: Callable[[str], Sequence[tuple[str, str]]] | None = None,
        *,
        shares: bool | None = None,
    ) -> None:
        """Read what `--set` says. `visits` gives the visits of a deal's id, from a file of its own: stages and moments.

        `shares`: whether a probability of 1 is all of it, or one percent; without it the row has to tell. `currency_taken`
        is the currency in which amounts were read whose row names none, if it is the pipeline's and there were any.

        Raises:
            BadInput, NotFound: a text to be set cannot be read.
        """
        self._context = context
        self._pipeline = pipeline
        self._mapping = mapping
        self._order = mapping.order or context.order
        self._decimal = mapping.decimal or decimal
        self._shares = shares
        self._currency = mapping.sets.get("currency") or pipeline.currency
        self._defaults: dict[tuple[str, bool], Values] = {}
        self._set_moments = {
            name: self._typed("closed_on", text)
            for name, text in mapping.sets.items()
            if name in ("created", "entered")
        }
        self._own = {field.key: field for field in pipeline.fields}
        plain = (*_PLAIN_SETS, *self._own)
        self._set_values = {name: self._typed(name, text) for name, text in mapping.sets.items() if name in plain}
        self._set_closed = self._typed("closed_on", mapping.sets["closed"]) if "closed" in mapping.sets else None
        self._set_stage = mapping.sets.get("stage")
        reason = self._set_values.get("reason")
        self._set_reason = str(reason) if reason else None
        self._visits = visits
        self._kept = mapping.in_notes
        self._words = WordReader(context, pipeline, mapping)
        self._own_columns = OwnColumns(context, pipeline, mapping.header) if is_own_export(mapping.header) else None
        self._remarks: list[str] = []
        self.currency_taken: str | None = None
        self._check_set_detail()

    def read(self, row: Row) -> ImportRow:
        """Give the values of a row.

        Raises:
            BadInput, NotFound, RuleBroken: a cell cannot be read, or cells contradict each other; the message names it.
        """
        if row.why:
            raise BadInput(row.why)
        self._remarks = []
        cells, columns = row.cells, self._mapping.columns
        texts = {
            name: text
            for name, place in columns.items()
            if place < len(cells) and (text := self._tidy(name, cells[place].strip("\0 \t\r\n")))
        }
        if "closed" not in texts:
            told = (cells[place].strip() for place in self._mapping.closings if place < len(cells))
            if text := next(filter(None, told), ""):
                texts["closed"] = text
        refuse_errors(texts, columns, self._mapping.header)
        if self._own_columns and self._own_columns.is_spam(cells):
            texts.pop("won", None)
        stage, is_outcome_only, via = self._words.stage(texts)
        stands_in = stage or (self._pipeline.stage(self._set_stage) if self._set_stage else self._pipeline.first)
        currency = self._currency_of(texts)
        self._round(texts, row, currency)
        values = self._values(texts, stands_in, currency, via)
        stays = self._stays(texts, cells)
        moments = self._moments(texts, stands_in)
        if not stays:
            moments = self._begun(moments)
        if "currency" in texts:
            values["currency"] = currency
        elif "amount" in values and "currency" not in self._mapping.sets:
            self.currency_taken = currency
        self._remarks += cuts(texts, cells, self._kept, self._mapping.header)
        exported = self._own_columns.read(cells, self._day_made(moments)) if self._own_columns else None
        defaults = self._defaults_of(stands_in, currency, self._words.detail_told(texts, stage))
        return ImportRow(
            row.line, values, defaults, currency, stage.key if stage else None,
            is_outcome_only, via.key if via else None, self._id_of(texts), stage_if_new=stands_in.key,
            stays=stays, lost_because=self._set_reason, rest=self._rest(cells), exported=exported,
            remarks=tuple(self._remarks), **moments,
        )  # fmt: skip

    def has_id(self, row: Row) -> bool:
        """Tell whether a row has an id of its own system."""
        place = self._mapping.columns.get("external_id")
        return place is not None and place < len(row.cells) and bool(row.cells[place].strip("\0 \t\r\n"))

    def _round(self, texts: dict[str, str], row: Row, currency: str) -> None:
        if "amount" in texts and self._mapping.columns["amount"] in row.fractions:
            texts["amount"], remark = rounded(texts["amount"], currency)
            self._remarks += [remark] if remark else []
            if self._decimal == ",":
                texts["amount"] = texts["amount"].replace(".", ",")

    def _day_made(self, moments: Mapping[str, date | None]) -> date | None:
        created = moments.get("created")
        return _day(self._context, created) if created and "created" in self._mapping.columns else None

    def _tidy(self, name: str, text: str) -> str:
        """Give a cell without what its system adds to it: "Acme (5551)" is Acme, "Red (dark), Blue" two tags.

        Of several e-mails in a cell the first is the contact's.
        """
        form = self._mapping.form
        if form and name == "email":
            return _BETWEEN_MAILS.split(text)[0]
        if form and name in form.without_numbers:
            return _NUMBER_BEHIND.sub("", text)
        return _BRACKETS.sub("", text) if form and name in form.without_brackets else text

    def _id_of(self, texts: Mapping[str, str]) -> str | None:
        return id_read(texts.get("external_id", ""), self._mapping.form) or None

    def _rest(self, cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Give what is kept in the notes, by the columns' names: of a column that a field is read from too what it lost."""
        places, columns = list(self._kept), self._mapping.columns
        for name, is_cut in (("source", self._is_other_source), ("email", _BETWEEN_MAILS.search)):
            place = columns.get(name) if self._mapping.keep_rest else None
            if place is not None and place < len(cells) and place not in places and is_cut(cells[place].strip()):
                places.append(place)
        read = ((place, clean_line(cells[place], KEPT)) for place in places if place < len(cells))
        return tuple((clean_line(self._mapping.header[place], 60), text) for place, text in read if text)

    def _is_other_source(self, text: str) -> bool:
        return self._words.is_other("source", text)

    def _stays(self, texts: Mapping[str, str], cells: Sequence[str]) -> tuple[Stay, ...]:
        """Give the stages that the row, or the file of visits, tells the deal to have entered, each with its moment."""
        told: list[tuple[str, str]] = []
        if self._visits and "external_id" in texts:
            told = [(self._words.stage_called(word).key, when) for word, when in self._visits(self._id_of(texts) or "")]
        if not told:
            told = [(key, cells[place].strip()) for place, key in self._mapping.stays if place < len(cells)]
        try:
            return tuple(Stay(key, read_moment(when, self._order)) for key, when in told if when)
        except BadInput as error:
            message = f"when it entered a stage: {error}"
            raise BadInput(message) from error

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

    def _defaults_of(self, stage: Stage, currency: str, detail: str | None = None) -> Values:
        """Give what fills in when a row makes a new deal: what is set, as far as it befits the stage."""
        known = self._defaults.get((stage.key, stage.is_open))
        if known is None:
            known = settle({name: value for name, value in self._set_values.items() if _befits(name, stage)})
            if "detail" in self._mapping.sets and (filled := self._set_detail(stage)):
                known["detail"] = filled
            if self._set_closed and not stage.is_open:
                known["closed_on"] = self._set_closed
            if "owner" in self._mapping.columns:
                known.setdefault("owner", None)
            self._defaults[stage.key, stage.is_open] = known
        return known | {"currency": currency} | ({"detail": detail} if detail else {})

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
                (name not in FIELD_LABELS and name not in self._own)
                or not _befits(name, stage)
                or (name == "detail" and (via or not stage.details))
            ):
                continue
            try:
                values[name] = self._value(name, text, stage, currency)
            except BadInput as error:
                label = label_of(self._pipeline, name)
                message = f"{label}: {str(error).removeprefix(label + ': ')}"
                raise BadInput(message) from error
        if "reason" in values and "reason_note" not in values and self._words.is_other("reason", texts["reason"]):
            values["reason_note"] = texts["reason"]
        return values

    def _custom(self, name: str, text: str, stage: Stage) -> object:
        """Read a custom field's cell; dates and numbers as the file writes them, the rest as people type it."""
        if self._own[name].kind is FieldKind.NUMBER:
            return read_number(text, self._decimal)
        if self._own[name].kind is FieldKind.DATE:
            return _day(self._context, read_moment(text, self._order)).isoformat()
        return self._words.listed(name, text, stage)

    def _value(self, name: str, text: str, stage: Stage, currency: str) -> object:
        if name in self._own:
            return self._custom(name, text, stage)
        if name in DATES:
            return _day(self._context, read_moment(text, self._order))
        if name == "amount":
            return parse_amount(text, currency, decimal=self._decimal)
        if name == "probability":
            return _percent(text, self._shares)
        if name == "tags":
            return read_tags(text)
        if name in _LISTED and (name != "qualifier" or self._pipeline.qualifiers):
            return self._words.listed(name, text, stage)
        if name == "email":
            return read_one(self._context, name, text, self._pipeline, stage, currency)
        return text

    def _moments(self, texts: Mapping[str, str], stage: Stage) -> dict[str, date | None]:
        found: dict[str, date | None] = {}
        for name in MOMENTS:
            text = texts.get(name, "")
            if name == "closed" and stage.is_open and self._mapping.closed_is_expected:
                text = ""
            try:
                found[name] = read_moment(text, self._order) if text else self._set_moment(name)
            except BadInput as error:
                message = f"{name}: {error}"
                raise BadInput(message) from error
        if found["closed"] is None and self._mapping.close_is_both and not stage.is_open and "expected_close" in texts:
            when = read_moment(texts["expected_close"], self._order)
            found["closed"] = when if _day(self._context, when) <= self._context.clock.today() else None
        return found

    def _begun(self, found: dict[str, date | None]) -> dict[str, date | None]:
        """Give moments with the created one no later than what followed, where a system notes only when it was told."""
        created = found["created"]
        if created and self._mapping.form and self._mapping.form.created_is_entry:
            after = [when for name in ("entered", "closed") if (when := found[name])]
            earliest = min(after, key=lambda when: _day(self._context, when), default=created)
            if _day(self._context, earliest) < _day(self._context, created):
                found["created"] = earliest
        return found

    def _set_moment(self, name: str) -> date | None:
        when = self._set_moments.get(name)
        return when if isinstance(when, date) else None


_PLAIN_SETS = tuple(name for name in FIELD_LABELS if name not in ("detail", "closed_on"))


def _befits(name: str, stage: Stage) -> bool:
    """Tell whether a field means anything of a deal in this stage: a reason of a lost one, a next step of an open one."""
    if name in _ONLY_LOST:
        return stage.kind is StageKind.LOST
    return stage.is_open or name not in _ONLY_OPEN or name in stage.demands


def _day(context: Context, when: date) -> date:
    return context.clock.local_day(when) if isinstance(when, datetime) else when


def _percent(text: str, shares: bool | None = None) -> int:
    """Read a probability as files write it: "60", "60 %", "60.0", and "0.6" for sixty percent."""
    found = re.fullmatch(r"([0-9]{0,3})[.,]([0-9]{1,6})\s*(%?)", text)
    if found is None and text != "1":
        return read_percent(text)
    number = float(f"{found[1] or 0}.{found[2]}") if found else 1
    is_bare = found is None or not found[3]
    if is_bare and number == 1 and shares is None:
        message = f'"{cut(text)}" could be 1 % or 100 %; write it with the sign'
        raise BadInput(message)
    return read_percent(str(round(number * 100 if is_bare and (number < 1 or (number == 1 and shares)) else number)))
