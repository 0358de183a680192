"""Pipelines as TOML text, in the presets' own style: reading it gives exactly the same pipeline."""

from __future__ import annotations

import re
from textwrap import wrap
from typing import TYPE_CHECKING

from funneltui.domain.gates import ALWAYS, FIELD_LABELS
from funneltui.exchange.pipeline_files import STAGE_COLORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from funneltui.domain.custom_fields import CustomField
    from funneltui.domain.naming import Named
    from funneltui.domain.pipeline import Pipeline, Stage

_WIDTH = 116


def to_toml(pipeline: Pipeline) -> str:
    """Give the definition of a pipeline as TOML with short comments; what it has retired is no part of that.

    Rule: `read_pipeline` of the text gives an equal pipeline, for every one that it can give.
    """
    return "\n".join(_lines(pipeline)) + "\n"


def _lines(pipeline: Pipeline) -> Iterator[str]:
    yield from _comment(
        "A pipeline of funneltui. Names can be changed as you like; a key is kept for good, for by their keys stages, "
        "details, reasons, sources, qualifiers and fields keep their history. What is taken out is retired: old deals "
        "still know its name."
    )
    yield ""
    yield f"key = {_text(pipeline.key)}"
    yield f"name = {_text(pipeline.name)}"
    yield ""
    yield from _comment("The currency of new amounts; deals keep theirs.")
    yield f"currency = {_text(pipeline.currency)}"
    yield from ("", "")
    yield from _comment(
        "--- Stages: the columns of the board, in order. kind is open, won or lost, at least one of each. demands names the "
        f"fields that a deal needs to come in (every deal has {_listed(ALWAYS)}), any of: {', '.join(FIELD_LABELS)}, or the "
        f"key of a field of the pipeline's own. color is one of {', '.join(STAGE_COLORS)}; rot_days and wip_limit 0 are no "
        "limit."
    )
    for stage in pipeline.stages:
        yield ""
        yield from _stage(stage)
    yield from ("", "")
    yield from _comment("--- Reasons: why deals are lost. At least one.")
    yield from _named("reason", pipeline.reasons)
    yield from ("", "")
    yield from _comment("--- Sources: where deals come from. At least one.")
    yield from _named("source", pipeline.sources)
    if pipeline.qualifiers:
        yield from ("", "")
        yield from _comment("--- Qualifiers: what a deal's qualifier can be. Without any, it is free text.")
        yield from _named("qualifier", pipeline.qualifiers)
    if pipeline.fields:
        yield from ("", "")
        yield from _comment(
            "--- Fields of this pipeline's own. kind is text, number, date or choice, and stays what it is; a choice has "
            "choices; help is a line for whoever fills it in."
        )
        for field in pipeline.fields:
            yield ""
            yield from _field(field)


def _stage(stage: Stage) -> Iterator[str]:
    yield "[[stage]]"
    yield f"key = {_text(stage.key)}"
    yield f"name = {_text(stage.name)}"
    yield f"kind = {_text(stage.kind.value)}"
    if stage.demands:
        yield f"demands = [{', '.join(_text(name) for name in stage.demands)}]"
    if stage.question:
        yield f"question = {_text(stage.question)}"
    yield from _listed_in("details", stage.details)
    for name, text in (("guidance", stage.guidance), ("entry", stage.entry)):
        if text:
            yield from _long(name, text)
    if stage.probability is not None:
        yield f"probability = {stage.probability}"
    for name, number in (("rot_days", stage.rot_days), ("wip_limit", stage.wip_limit)):
        if number:
            yield f"{name} = {number}"
    yield f"follow_up_days = {stage.follow_up_days}"
    if stage.color:
        yield f"color = {_text(stage.color)}"


def _field(field: CustomField) -> Iterator[str]:
    yield from ("[[field]]", f"key = {_text(field.key)}", f"name = {_text(field.name)}")
    yield f"kind = {_text(field.kind.value)}"
    yield from _listed_in("choices", field.choices)
    if field.help:
        yield f"help = {_text(field.help)}"


def _listed_in(name: str, some: Sequence[Named]) -> Iterator[str]:
    if some:
        yield f"{name} = ["
        yield from (f"    {{ key = {_text(one.key)}, name = {_text(one.name)} }}," for one in some)
        yield "]"


def _named(heading: str, some: Sequence[Named]) -> Iterator[str]:
    for one in some:
        yield from ("", f"[[{heading}]]", f"key = {_text(one.key)}", f"name = {_text(one.name)}")


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"


def _comment(text: str) -> list[str]:
    return wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


_UNSAFE = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u2028\u2029]")


def _text(text: str) -> str:
    """Give a text of one line in quotes."""
    return f'"{_escaped(text).replace(chr(34), chr(92) + chr(34))}"'


def _escaped(text: str) -> str:
    return _UNSAFE.sub(lambda found: "\\\\" if found[0] == "\\" else f"\\u{ord(found[0]):04x}", text)


def _long(name: str, text: str) -> Iterator[str]:
    """Give a text of any length: in three quotes when it does not fit a line, broken between words by a backslash."""
    in_one = f"{name} = {_text(text)}"
    if "\n" not in text and len(in_one) <= _WIDTH:
        yield in_one
        return
    yield f'{name} = """\\'
    # A quote that another one follows, or the end, would be read with it.
    lines = [re.sub(r'"(?="|$)', r'\\"', _escaped(line)) for line in text.split("\n")]
    # Blanks that end a line are easily lost in an editor, and those that begin the first one in its backslash.
    lines = [re.sub(r" $", r"\\u0020", line) for line in lines]
    lines[0] = re.sub(r"^ ", r"\\u0020", lines[0])
    for rank, line in enumerate(lines):
        *broken, last = _broken(line)
        yield from (f"{part}\\" for part in broken)
        yield last if rank < len(lines) - 1 else f'{last}"""'


def _broken(line: str) -> list[str]:
    """Give a line in parts that fit the width, each but the last ending in the blank before the next word."""
    parts = [""]
    for word in re.findall("[^ ]+ *| +", line):
        # Only after a single blank: more of them would be taken for the beginning of the next line, and dropped.
        if parts[-1] and len(parts[-1]) + len(word) > _WIDTH and re.search("[^ ] $", parts[-1]):
            parts.append("")
        parts[-1] += word
    return parts
