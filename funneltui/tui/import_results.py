"""The last steps of an import as lines: what gates still miss, what a trial has shown, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from funneltui.domain.gates import label_of
from funneltui.domain.text import counted
from funneltui.exchange.import_questions import choices_for_all, gaps_of, text_set, without_options
from funneltui.tui.import_lines import column_lines, file_lines, word_lines
from funneltui.tui.import_state import Line, Step, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from funneltui.exchange.importer import ImportReport
    from funneltui.services.context import Context
    from funneltui.tui.import_state import ImportState, Outcome

_REASONS, _LIKES = 100, 20


def lines_of(state: ImportState, context: Context) -> list[Line]:
    """Give the lines of the step where the import stands."""
    match state.step:
        case Step.FILE:
            return list(file_lines(state, context))
        case Step.COLUMNS:
            return list(column_lines(state, context))
        case Step.WORDS:
            return list(word_lines(state, context))
        case Step.GAPS:
            return list(gap_lines(state))
        case Step.TRIAL:
            return list(outcome_lines(state, state.trial)) if state.trial else []
        case Step.IMPORT:
            return list(outcome_lines(state, state.done)) if state.done else []


def gap_lines(state: ImportState) -> Iterator[Line]:
    """Give the fields that gates miss in some rows, each with what is to fill it there."""
    plan, trial = state.plan, state.trial
    if plan is None or trial is None:
        return
    yield Line("missing", "filled with", tone=Tone.HEADING)
    for name, rows in gaps_of(plan, trial.report).items():
        label, text = label_of(plan.pipeline, name), text_set(plan.said, name)
        choices = choices_for_all(plan.pipeline, name)
        filled = next((one.name for one in choices if one.key == text), text)
        tone = Tone.SAID if text else Tone.WANTED
        note = "" if text else "rows without it are rejected"
        about = f"{counted(rows, 'row')} without {label}" if rows else f"{label}: what fills it where a row has nothing"
        yield Line(label, filled or "–", note, rows or None, tone, "gap", name, about)


def outcome_lines(state: ImportState, outcome: Outcome) -> Iterator[Line]:
    """Give what became of the rows, or would: the figures, the rejected ones with their reasons, what else to look at."""
    report = outcome.report
    yield from _figures(report)
    if state.undone:
        yield Line("undone", state.undone, tone=Tone.SAID)
    if report.rejected:
        yield Line("", tone=Tone.HEADING)
        yield Line("rejected", tone=Tone.HEADING)
        if outcome.rejects:
            where = outcome.rejects
            yield Line("are now in", where.name, note=_folder(where), about=str(where))
        elif state.rejects:
            where = state.rejects
            yield Line("written to", where.name, note=_folder(where), kind="rejects", key="path", about=str(where))
        for one in outcome.alike[:_REASONS]:
            lines = ", ".join(map(str, one.lines)) + (" …" if one.count > len(one.lines) else "")
            yield Line(f"line {lines}", one.why, rows=one.count, tone=Tone.WANTED, about=one.why)
        if (more := len(outcome.alike) - _REASONS) > 0:
            yield Line("", f"and {more:,} more reasons", tone=Tone.QUIET)
    if report.like_count:
        yield Line("", tone=Tone.HEADING)
        yield Line("look like deals that are there", "nothing is merged by itself", tone=Tone.HEADING)
        for like in report.likes[:_LIKES]:
            yield Line(f"line {like.line}", f"deal {like.number}: {like.why}")
        if (left := report.like_count - len(report.likes[:_LIKES])) > 0:
            yield Line("", f"and {left:,} more", tone=Tone.QUIET)
    if report.both_count:
        yield Line("", tone=Tone.HEADING)
        yield Line("changed here too; the file's value stands now", tone=Tone.HEADING)
        for both in report.both:
            yield Line(f"line {both.line}", f"deal {both.number}: {', '.join(both.fields)}", tone=Tone.WANTED)
        if (left := report.both_count - len(report.both)) > 0:
            yield Line("", f"and {left:,} more", tone=Tone.QUIET)
    if report.remark_count:
        yield Line("", tone=Tone.HEADING)
        yield Line("not taken as it stands in the file", tone=Tone.HEADING)
        for remark in report.remarks:
            yield Line(f"line {remark.line}", remark.text, about=remark.text)
        if (left := report.remark_count - len(report.remarks)) > 0:
            yield Line("", f"and {left:,} more", tone=Tone.QUIET)
    if report.ambiguous:
        yield Line("", tone=Tone.HEADING)
        yield Line("could be read otherwise", tone=Tone.HEADING)
        for doubt in report.ambiguous:
            yield Line(f"{doubt.what}s", without_options(doubt.words()), about=without_options(doubt.words()))


def _figures(report: ImportReport) -> Iterator[Line]:
    told = "would be" if report.is_rehearsal else "were"
    yield Line(f"of {counted(report.rows, 'row')} {told}", tone=Tone.HEADING)
    yield Line("created", rows=report.created, tone=Tone.GOOD if report.created else Tone.QUIET)
    yield Line("updated", rows=report.updated, tone=Tone.GOOD if report.updated else Tone.QUIET)
    yield Line("unchanged", rows=report.unchanged, tone=Tone.PLAIN if report.unchanged else Tone.QUIET)
    yield Line("rejected", rows=len(report.rejected), tone=Tone.WANTED if report.rejected else Tone.QUIET)


def _folder(file: Path) -> str:
    """Give the folder of a file; the one where the program was started needs no word."""
    return str(file.parent) if file.parent.name else ""
