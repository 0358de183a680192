"""The first steps of an import as lines: the file and how it is read, its columns beside the fields, its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.dates import DateOrder
from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.history import Role
from funneltui.domain.text import counted, cut, fold
from funneltui.exchange.file_words import OTHERS
from funneltui.exchange.import_questions import (
    LISTED,
    Open,
    field_at,
    is_said,
    meaning_of,
    open_question,
    standing_of,
    text_set,
    without_options,
)
from funneltui.tui.import_state import Line, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from funneltui.domain.pipeline import Pipeline
    from funneltui.exchange.import_plan import ImportPlan, Said
    from funneltui.services.context import Context
    from funneltui.tui.import_state import ImportState

ORDERS = {
    DateOrder.DMY: "day, month, year", DateOrder.MDY: "month, day, year", DateOrder.YMD: "year, month, day",
}  # fmt: skip
"""The orders of dates in words."""

MARKS = {".": "point: 1,234.50", ",": "comma: 1.234,50"}
"""The decimal marks in words."""

MOST_WORDS = 200
"""How many words of a kind are listed; those that fewer rows have are still taken."""

_ONLY_FILES = {
    "stage": "stage", "currency": "currency", "created": "created", "entered": "stage entered", "closed": "close date",
    "won": "outcome", "external_id": "id",
}  # fmt: skip
_ABOUT_SYSTEM = (
    "which columns are which fields, and what its words mean; one of your own mappings, or common names only"
)


def field_words(pipeline: Pipeline, name: str) -> str:
    """Give the words for a field that a column can be read into."""
    own = pipeline.custom_field(name) if name not in FIELD_LABELS else None
    return own.name if own else _ONLY_FILES.get(name) or FIELD_LABELS.get(name, name)


def file_lines(state: ImportState, context: Context) -> Iterator[Line]:
    """Give the file and how it is read: everything that was found out, each to be said otherwise."""
    said, plan, look = state.said, state.plan, state.look
    if said is None:
        return
    where = str(said.file.absolute().parent)
    yield Line("file", said.file.name, where, kind="file", key="path", about=str(said.file.absolute()))
    if plan is not None:
        told = "as you say" if said.mapping or said.system else "recognised by its columns" if plan.form else ""
        name = plan.form.name if plan.form else "any table"
        yield Line("read as", name, told or "by common names of columns", tone=_tone(said.mapping or said.system),
                   kind="file", key="system", about=_ABOUT_SYSTEM)  # fmt: skip
    if plan is not None and look is not None:
        broken = f"{look.broken:,} of them cannot be read" if look.broken else ""
        tone = Tone.WANTED if look.broken else Tone.PLAIN
        yield Line(
            "rows", f"{look.rows:,}", broken, tone=tone, about=f"{look.rows:,} rows under the names of the columns"
        )
    if plan is not None and (told := plan.table.left_out()):
        yield Line("header", told.split(", ")[0].removeprefix("the header is "), told.split(", ")[1], about=told)
    if len(state.sheets) or said.sheet:
        sheet = plan.table.sheet if plan else said.sheet
        yield Line("sheet", sheet or "the first", f"one of {len(state.sheets)}", tone=_tone(said.sheet), kind="file",
                   key="sheet", about=", ".join(state.sheets))  # fmt: skip
    else:
        yield from _text_lines(said, plan)
    yield from _going_into(state, context, said)


def _text_lines(said: Said, plan: ImportPlan | None) -> Iterator[Line]:
    encoding = (plan.table.encoding if plan else said.encoding or "utf-8").upper()
    found = "found out" if plan else ""
    yield Line("encoding", encoding, "as you say" if said.encoding else found, tone=_tone(said.encoding), kind="file",
               key="encoding", about="what the letters of the file are written in")  # fmt: skip
    mark = plan.table.delimiter if plan else said.delimiter
    if mark:
        columns = f"{len([one for one in plan.table.header if one.strip()])} columns" if plan else ""
        yield Line("parted by", DELIMITERS.get(mark, mark), columns, tone=_tone(said.delimiter), kind="file",
                   key="delimiter", about="the sign between two cells")  # fmt: skip


DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""The signs between cells in words."""


def _going_into(state: ImportState, context: Context, said: Said) -> Iterator[Line]:
    if state.plan is None:
        return
    several = len(context.in_use) > 1
    yield Line("pipeline", state.plan.pipeline.name, "" if several else "there is no other one", kind="file",
               key="pipeline", about="the pipeline whose deals the rows become")  # fmt: skip
    history = said.history.name if said.history else "none"
    yield Line("visits", history, "a second file that tells the stages they went through", tone=_tone(said.history),
               kind="file", key="history", about="such as Salesforce's OpportunityHistory")  # fmt: skip


def column_lines(state: ImportState, context: Context) -> Iterator[Line]:
    """Give each column of the file with the field that it is read into and samples; then what holds of all rows."""
    plan, look = state.plan, state.look
    if plan is None:
        return
    yield Line("column", "field", "such as", tone=Tone.HEADING)
    for place, header in enumerate(plan.table.header):
        if header.strip():
            samples = look.samples[place] if look and place < len(look.samples) else ()
            yield _column_line(plan, place, ", ".join(samples))
    yield Line("", tone=Tone.HEADING)
    yield Line("all rows", tone=Tone.HEADING)
    yield from _rows_lines(state, plan, context)


def _column_line(plan: ImportPlan, place: int, samples: str) -> Line:
    header, mapping = plan.table.header[place], plan.mapping
    name = field_at(plan, place)
    is_kept, names = place in mapping.in_notes, plan.said.kept or ()
    said = header.strip() in (*names, *(column for _, column in plan.said.maps))
    value = field_words(plan.pipeline, name) if name else ""
    if not value and place in mapping.closings:
        value = "close date, else"
    if not value and (stage := next((key for at, key in mapping.stays if at == place), "")):
        value = f"entered {plan.pipeline.stage_name(stage)}"
    if name == "expected_close" and mapping.close_is_both:
        value = "expected close; close date"
    tone = Tone.QUIET if not value and not said else Tone.SAID if said else Tone.PLAIN
    value = value or ("in the notes" if is_kept else "–")
    about = f"{header.strip()}: {samples}" if samples else f"{header.strip()}: empty"
    return Line(header.strip(), value, samples, tone=tone, kind="column", key=str(place), about=about)


def _rows_lines(state: ImportState, plan: ImportPlan, context: Context) -> Iterator[Line]:
    said, mapping, survey = plan.said, plan.mapping, state.survey
    if "title" not in mapping.columns:
        yield Line("titles", text_set(said, "title") or "–", "no column is known to give them", kind="how", key="title",
                   tone=_tone(text_set(said, "title")) if not plan.lacks_titles else Tone.WANTED,
                   about="every deal has a title: which column is it?")  # fmt: skip
    doubts = {one.what: without_options(one.words()) for one in survey.ambiguous} if survey else {}
    order = mapping.order or context.order
    doubt = state.date_problem or doubts.get("date", "")
    yield Line("dates", ORDERS[order], doubt or ("as you say" if said.order else ""), kind="how", key="order",
               tone=Tone.WANTED if doubt else _tone(said.order), about=doubt or "how 3/4/2026 is read")  # fmt: skip
    mark = mapping.decimal or (survey.decimal if survey else None)
    doubt = doubts.get("amount", "")
    yield Line("amounts", MARKS[mark] if mark else "as each is written", doubt, kind="how", key="decimal",
               tone=Tone.WANTED if doubt else _tone(said.decimal), about=doubt or "their decimal mark")  # fmt: skip
    code = mapping.sets.get("currency") or plan.pipeline.currency
    note = "where a row names none" if "currency" in mapping.columns else "no column tells it"
    yield Line("currency", code, note, tone=_tone(text_set(said, "currency")), kind="set", key="currency",
               about="what the amounts are in")  # fmt: skip
    if "created" not in mapping.columns:
        yield Line("created", text_set(said, "created") or "today", "no column tells when a deal began", kind="set",
                   key="created", tone=_tone(text_set(said, "created")), about="when the deals began")  # fmt: skip
    rest = [cut(mapping.header[place]) for place in mapping.rest if place not in mapping.kept]
    if rest:
        value = "in the notes" if mapping.keep_rest else "left out"
        yield Line("the rest", value, counted(len(rest), "column"), kind="how", key="rest",
                   tone=_tone(said.keep_rest), about=", ".join(rest))  # fmt: skip


def word_lines(state: ImportState, context: Context) -> Iterator[Line]:
    """Give the words of the file for stages, sources and reasons, each with what it stands for; owners not known yet."""
    plan = state.plan
    if plan is None:
        return
    sections = [_stage_lines(state, plan)]
    sections += [_listed_lines(state, plan, name) for name in LISTED]
    sections.append(_owner_lines(state, context))
    first = True
    for section in filter(None, sections):
        if not first:
            yield Line("", tone=Tone.HEADING)
        first = False
        yield from section


def words_of(state: ImportState, name: str) -> list[tuple[str, int]]:
    """Give the words of the file for a field with the rows that have them, the most frequent first."""
    return state.words[name].most_common(MOST_WORDS) if name in state.words else []


def _stage_lines(state: ImportState, plan: ImportPlan) -> list[Line]:
    if "stage" not in plan.mapping.columns:
        stage = plan.mapping.sets.get("stage")
        begin = plan.pipeline.stage_name(stage) if stage else plan.pipeline.first.name
        return [Line(_HEADS["stage"], "stand for", tone=Tone.HEADING),
                Line("every row", begin, "no column tells stages", None, _tone(stage), "set", "stage",
                     "where the deals begin of which nothing else is told")]  # fmt: skip
    lines: list[Line] = []
    unknown = False
    for word, rows in words_of(state, "stage"):
        standing, question = standing_of(plan, word), open_question(plan, word)
        unknown |= question is Open.STAGE
        note = {Open.STAGE: "not known: rejected", Open.DETAIL: "a detail is demanded"}.get(question, "")
        tone = Tone.WANTED if question is not Open.NOTHING else _tone(is_said(plan.said, "stage", word))
        lines.append(Line(cut(word, 60), standing.name or "–", note, rows, tone, "stage", word))
    return _with_others(plan, "stage", lines, unknown=unknown)


def _listed_lines(state: ImportState, plan: ImportPlan, name: str) -> list[Line]:
    lines: list[Line] = []
    unknown = False
    for word, rows in words_of(state, name):
        meaning = meaning_of(plan, name, word)
        unknown |= not meaning
        note = "" if meaning else "not known: rejected"
        tone = _tone(is_said(plan.said, name, word)) if meaning else Tone.WANTED
        lines.append(Line(cut(word, 60), meaning or "–", note, rows, tone, name, word))
    return _with_others(plan, name, lines, unknown=unknown)


_HEADS = {"stage": "stages", "source": "sources", "reason": "reasons"}


def _with_others(plan: ImportPlan, name: str, lines: list[Line], *, unknown: bool) -> list[Line]:
    """Give the lines under their heading; with what stands for all other words, where some are not known."""
    if not lines:
        return []
    others = is_said(plan.said, name, OTHERS)
    if unknown or others:
        words = plan.mapping.stages if name == "stage" else getattr(plan.mapping, f"{name}s")
        key = words.get(OTHERS, "")
        pipeline = plan.pipeline
        meaning = {"stage": pipeline.stage_name, "source": pipeline.source_name, "reason": pipeline.reason_name}[name]
        lines.append(Line("any other", meaning(key) if key else "–", "of those that are not known", tone=_tone(others),
                          kind=name, key=OTHERS))  # fmt: skip
    return [Line(_HEADS[name], "stand for", rows=None, tone=Tone.HEADING), *lines]


def _owner_lines(state: ImportState, context: Context) -> list[Line]:
    new = [(word, rows) for word, rows in words_of(state, "owner") if fold(word) not in state.users]
    if not new:
        return []
    is_manager = context.actor.role is Role.MANAGER
    told = "a new rep" if is_manager else "not you: rejected"
    tone = Tone.PLAIN if is_manager else Tone.WANTED
    return [Line("owners", tone=Tone.HEADING), *(Line(cut(word, 60), told, "", rows, tone) for word, rows in new)]


def _tone(said: object) -> Tone:
    return Tone.SAID if said else Tone.PLAIN
