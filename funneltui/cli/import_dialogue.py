"""`import --ask`: step by step through a file, its columns, its words, what its rows lack, and a dry run."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from funneltui.cli.import_texts import tell_reading, tell_report
from funneltui.cli.output import remark
from funneltui.cli.progress_bar import progress
from funneltui.domain.dates import DateOrder
from funneltui.domain.gates import choices_of, label_of
from funneltui.domain.text import counted, cut, strip_controls
from funneltui.errors import BadInput, FunneltuiError
from funneltui.exchange.column_names import said_place
from funneltui.exchange.file_dates import survey
from funneltui.exchange.file_words import OTHERS, counted_words
from funneltui.exchange.import_plan import ImportPlan, Said, plan_of
from funneltui.exchange.import_questions import (
    LISTED,
    Open,
    check_filling,
    choices_for_all,
    meaning_of,
    open_question,
    set_to,
    standing_of,
    with_word,
)
from funneltui.exchange.tables_in import open_table

if TYPE_CHECKING:
    from funneltui.domain.pipeline import Pipeline, Stage
    from funneltui.exchange.importer import ImportReport
    from funneltui.exchange.tables_in import Table
    from funneltui.services.context import Context

_SAMPLE = 30
_KEEP = "keep"
"""What is typed in place of a field for a column that is kept in the notes."""


def can_ask() -> bool:
    """Tell whether a person sits at the terminal: questions are read from it, and shown beside the output."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(context: Context, said: Said) -> ImportPlan | None:
    """Ask how a file is to be taken in, and give that; nothing, if the person has seen what it would do and says no.

    Raises:
        BadInput, NotFound, StorageError: the file is no table that can be read.
    """
    plan = _columns(_begun(context, said))
    plan = _stages(_ordered(context, plan))
    for name in LISTED:
        plan = _listed(plan, name)
    plan, report = _filled(context, plan)
    remark("")
    tell_reading(plan.table, plan.mapping, remark)
    tell_report(report, None, remark, short=True)
    return plan if click.confirm("take it in so?", err=True) else None


def _begun(context: Context, said: Said) -> ImportPlan:
    """Give the plan with which the questions begin; what hinders it, such as no column for the title, is asked at once."""
    table = open_table(said.file, delimiter=said.delimiter, encoding=said.encoding, sheet=said.sheet)
    pipeline = context.pipeline_of(said.pipeline) if said.pipeline else context.pipeline
    said = replace(said, maps=tuple(pair for pair in said.maps if _fits(table, pipeline, pair)))
    while True:
        try:
            return plan_of(context, table, said)
        except BadInput as error:
            remark(str(error))
            answer = _asked("which column is which field? (FIELD=COLUMN; Enter gives up)")
            if not answer:
                raise
            if _fits(table, pipeline, _pair(answer)):
                said = replace(said, maps=(*said.maps, _pair(answer)))
                remark(f"  {table.path.name}: {answer}")


def _fits(table: Table, pipeline: Pipeline, pair: tuple[str, str]) -> bool:
    """Tell whether there are the field and the column of a pair; if not, say what is wrong, and it is asked for again."""
    try:
        said_place(table.header, *pair, pipeline)
    except BadInput as error:
        remark(f"funneltui: {error}")
        return False
    return True


def _columns(plan: ImportPlan) -> ImportPlan:
    """Show what is read from which column, with the first row's cell, until nothing is to be changed."""
    example = _example(plan.table)
    while True:
        system = f", read as {plan.form.name}" if plan.form else ""
        remark(f"{plan.table.path.name}: {plan.table.describe()}{system}")
        for name, place in plan.mapping.columns.items():
            cell = cut(example[place], _SAMPLE) if place < len(example) else ""
            remark(f'  {name} from "{cut(plan.table.header[place])}"{f", such as {cell}" if cell else ""}')
        for place in plan.mapping.in_notes:
            remark(f'  notes keep "{cut(plan.table.header[place])}"')
        if unread := plan.mapping.unread():
            remark(f"  not read: {', '.join(unread)}")
        answer = _asked(
            f"another column for a field? (FIELD=COLUMN, FIELD= for none, {_KEEP}=COLUMN for the notes; Enter goes on)"
        )
        if not answer:
            return plan
        plan = _trying(plan, _columns_said(plan.said, _pair(answer)))


def _columns_said(said: Said, pair: tuple[str, str]) -> Said:
    """Give what is said once a person has named a column for a field, or for the notes."""
    name, column = pair
    if name.lower() != _KEEP:
        return replace(said, maps=(*said.maps, pair))
    return replace(said, kept=(*(said.kept or ()), column) if column else ())


def _ordered(context: Context, plan: ImportPlan) -> ImportPlan:
    """Ask for the order of the dates where they are in another one than the person's own, or could be in two."""
    while True:
        refused: BadInput | None = None
        try:
            seen = survey(context, plan.table, plan.mapping)
        except BadInput as error:
            refused = error
            remark(str(error))
        else:
            dates = [one for one in seen.ambiguous if one.what == "date"]
            if not dates:
                return plan
            remark(dates[0].words())
        leave = "gives up" if refused else "leaves it so"
        answer = _asked(f"in which order does the file write dates? ({', '.join(DateOrder)}; Enter {leave})")
        if refused and not answer:
            raise refused
        if not answer:
            return plan
        if answer in list(DateOrder):
            plan = _trying(plan, replace(plan.said, order=DateOrder(answer)))


def _stages(plan: ImportPlan) -> ImportPlan:
    """Ask for the stage of each word that is not known, and for the detail of each that its stage demands."""
    words = counted_words(plan.table, plan.mapping.columns, "stage")["stage"]
    for word, count in words.most_common():
        while question := _stage_question(plan, word):
            answer = _asked(f'"{cut(word)}" ({counted(count, "row")}): {question}')
            if not answer:
                break
            place = _place_meant(plan, word, answer)
            plan = _trying(plan, with_word(plan.said, "stage", word, place))
    while words:
        for word, count in words.most_common():
            remark(f'  "{cut(word)}" ({counted(count, "row")}): {standing_of(plan, word).name or "left out"}')
        answer = _asked("another stage for a word? (WORD=STAGE, or WORD=STAGE/DETAIL; Enter goes on)")
        if not answer:
            break
        plan = _trying(plan, with_word(plan.said, "stage", *_pair(answer)))
    return plan


def _stage_question(plan: ImportPlan, word: str) -> str:
    """Say what is to be asked of a word for a stage, or nothing."""
    match open_question(plan, word):
        case Open.STAGE:
            return f"which stage? ({_places(plan.pipeline)}; Enter leaves these rows out)"
        case Open.DETAIL if stage := standing_of(plan, word).stage:
            return f"{stage.name} demands a detail: which? ({_with_details(stage)}; Enter leaves these rows out)"
    return ""


def _place_meant(plan: ImportPlan, word: str, answer: str) -> str:
    """Give the stage that an answer names; where its detail was asked for, the detail alone is enough."""
    stage = standing_of(plan, word).stage
    return f"{stage.key}/{answer}" if stage and "/" not in answer else answer


def _places(pipeline: Pipeline) -> str:
    return ", ".join(_with_details(stage) for stage in pipeline.board_order)


def _with_details(stage: Stage) -> str:
    return f"{stage.key}/{'|'.join(one.key for one in stage.details)}" if stage.details else stage.key


def _listed(plan: ImportPlan, name: str) -> ImportPlan:
    """Ask what each word for a source or a reason stands for that the pipeline does not know."""
    words = counted_words(plan.table, plan.mapping.columns, name)[name]
    options = ", ".join(one.key for one in choices_of(plan.pipeline, plan.pipeline.first, name))
    for word, count in words.most_common():
        while not meaning_of(plan, name, word):
            answer = _asked(
                f'"{cut(word)}" ({counted(count, "row")}): which {label_of(plan.pipeline, name)}? ({options}; '
                f"with * before it: for all others too; Enter leaves these rows out)"
            )
            if not answer:
                break
            others = answer.startswith("*")
            plan = _trying(plan, with_word(plan.said, name, OTHERS if others else word, answer.lstrip("* ")))
    return plan


def _filled(context: Context, plan: ImportPlan) -> tuple[ImportPlan, ImportReport]:
    """Ask for what the rows' gates miss, one thing after another, until nothing is missing or nobody wants to say more."""
    left_out: set[str] = set()
    while True:
        with progress(f"dry run of {plan.table.path.name}") as told:
            report = plan.carry_out(context, dry_run=True, progress=told)
        missing = [name for name in report.lacking if name not in left_out]
        if not missing:
            return plan, report
        for name in missing:
            before = plan
            plan = _asked_to_fill(context, plan, name, report.lacking[name])
            left_out |= {name} if plan is before else set()


def _asked_to_fill(context: Context, plan: ImportPlan, name: str, count: int) -> ImportPlan:
    options = ", ".join(one.key for one in choices_for_all(plan.pipeline, name))
    shown = f"{options}; " if options else ""
    label = label_of(plan.pipeline, name)
    while answer := _asked(f"no {label} in {counted(count, 'row')}: which is it? ({shown}Enter leaves them out)"):
        try:
            check_filling(context, plan, name, answer)
            return plan.saying(set_to(plan.said, name, answer))
        except FunneltuiError as error:
            remark(f"funneltui: {error}")
    return plan


def _trying(plan: ImportPlan, said: Said) -> ImportPlan:
    """Give the plan with something else said of it; what cannot be is told, and the plan stays."""
    try:
        return plan.saying(said)
    except FunneltuiError as error:
        remark(f"funneltui: {error}")
        return plan


def _example(table: Table) -> tuple[str, ...]:
    return next((row.cells for row in table.rows() if not row.why), ())


def _pair(answer: str) -> tuple[str, str]:
    name, _, column = answer.partition("=")
    return name.strip(), column.strip()


def _asked(question: str) -> str:
    answer: str = click.prompt(strip_controls(question), default="", show_default=False, err=True)
    return answer.strip()
