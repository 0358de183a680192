"""A user's own pipeline files: what they may say, and how a mistake in one is reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneltui.domain.pipeline import Detail, StageKind
from funneltui.domain.text import strip_controls
from funneltui.errors import BadInput, NotFound
from funneltui.exchange.pipeline_files import preset, read_pipeline, read_pipeline_file

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
key = "mine"
name = "My sales"
currency = "CZK"

[[stage]]
key = "new"
name = "New"
kind = "open"
probability = 20
rot_days = 7

[[stage]]
key = "offered"
name = "Offered"
kind = "open"
demands = ["detail",
           "amount"]
details = [
    { key = "sent", name = "sent" },
    { key = "agreed", name = "agreed" },
]

[[stage]]
key = "won"
name = "Won"
kind = "won"

[[stage]]
key = "lost"
name = "Lost"
kind = "lost"

[[reason]]
key = "price"
name = "price"

[[source]]
key = "web"
name = "web"
"""


def line_of(text: str) -> int:
    """The line of GOOD in which `text` begins."""
    assert text in GOOD
    return GOOD[: GOOD.index(text)].count("\n") + 1


WON_HEADING = line_of('[[stage]]\nkey = "won"')
LOST_HEADING = line_of('[[stage]]\nkey = "lost"')


def refusal(text: str) -> str:
    with pytest.raises(BadInput) as refused:
        read_pipeline(text, "mine.toml")
    return str(refused.value)


def test_a_file_is_read_as_it_is_written() -> None:
    pipeline = read_pipeline(GOOD, "mine.toml")
    assert (pipeline.key, pipeline.name, pipeline.currency) == ("mine", "My sales", "CZK")
    assert [stage.key for stage in pipeline.stages] == ["new", "offered", "won", "lost"]
    assert pipeline.stage("offered").demands == ("detail", "amount")
    assert pipeline.stage("offered").details == (Detail("sent", "sent"), Detail("agreed", "agreed"))
    assert (pipeline.first.probability, pipeline.first.rot_days, pipeline.first.follow_up_days) == (20, 7, 3)


def test_the_callers_currency_wins_over_the_files() -> None:
    assert read_pipeline(GOOD, "mine.toml", currency="USD").currency == "USD"


def test_without_any_currency_it_is_euro() -> None:
    assert read_pipeline(GOOD.replace('currency = "CZK"', ""), "mine.toml").currency == "EUR"


def test_kinds_may_come_in_any_order() -> None:
    head, *stages = GOOD.split("[[stage]]")
    last, tail = stages[-1].split("[[reason]]")
    turned = "[[stage]]".join([head, last, *reversed(stages[:-1])]) + "[[reason]]" + tail
    assert [stage.key for stage in read_pipeline(turned, "mine.toml").board_order] == ["offered", "new", "won", "lost"]


def test_details_may_have_headings_of_their_own() -> None:
    headed = GOOD.replace(
        GOOD[GOOD.index("details =") : GOOD.index('[[stage]]\nkey = "won"')],
        '[[stage.detail]]\nkey = "sent"\nname = "sent"\n',
    )
    assert read_pipeline(headed, "mine.toml").stage("offered").details == (Detail("sent", "sent"),)


def test_a_stage_without_a_kind_is_open() -> None:
    assert read_pipeline(GOOD.replace('kind = "open"\n', ""), "x").stage("new").kind is StageKind.OPEN


def test_no_next_contact_can_be_asked_for_at_once() -> None:
    text = GOOD.replace("rot_days = 7", "follow_up_days = 0")
    assert read_pipeline(text, "mine.toml").first.follow_up_days == 0


def test_an_empty_colour_leaves_it_to_the_theme() -> None:
    assert read_pipeline(GOOD.replace("rot_days = 7", 'color = ""'), "mine.toml").first.color == ""


def test_names_lose_what_acts_on_a_terminal() -> None:
    text = GOOD.replace('name = "New"', r'name = " New\u001b[31m \u202e deal\n"')
    assert read_pipeline(text, "mine.toml").first.name == "New[31m deal"


def test_windows_line_ends_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert read_pipeline_file(file) == read_pipeline(GOOD, "mine.toml")


def test_a_preset_can_be_a_path(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD, "utf-8")
    assert preset(str(file), currency="SEK").currency == "SEK"


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ('kind = "open"\ndemands', 'kind = "opne"\ndemands', 'stage "offered": kind "opne" is none of open, won, lost'),
        ("rot_days", "rot_dayz", 'stage "new": unknown key "rot_dayz"; did you mean "rot_days"?'),
        ('name = "New"', 'nmae = "New"', 'stage "new": unknown key "nmae"; did you mean "name"?'),
        ('name = "price"', 'x = "price"', 'reason "price": unknown key "x"; expected some of key, name'),
        ('name = "My sales"', "name = 5", 'name is a whole number; expected text in quotes, name = "..."'),
        ('name = "New"', 'name = " "', 'stage "new": name is empty; expected name = "..."'),
        ('name = "New"', r'name = "\u200b"', 'stage "new": name is empty; expected name = "..."'),
        ('key = "new"', 'key = ""', 'stage 1: key is empty; expected key = "..."'),
        ('key = "won"', 'key = "new"', 'stage "new": this key is already taken in line 6; expected another'),
        ('key = "won"', 'key = "NEW"', 'stage "NEW": this key is already taken in line 6; expected another'),
        ('name = "Won"', 'name = "New"', 'stage "won": this name is already taken in line 7; expected another'),
        (
            'key = "web"',
            'key = "the web"',
            'source "the web": key "the web" cannot be a key; expected letters a-z, digits, _ and -, at most 60 of them',
        ),
        ('{ key = "agreed"', '{ key = "sent"', "this key is already taken in line 19"),
        ('{ key = "agreed", name', '{ key = "agreed", nam', 'stage "offered": detail "agreed": unknown key "nam"'),
        ("probability = 20", "probability = 101", "probability is too large; expected a percentage"),
        ("probability = 20", "probability = true", "probability is true or false; expected a percentage"),
        ("probability = 20", "probability = 0.2", "a fraction; expected a percentage, a whole number from 0 to 100"),
        ("rot_days = 7", "rot_days = -1", "rot_days is below 0; expected a whole number of days from 0 to 3650"),
        ("rot_days = 7", 'rot_days = "7"', "rot_days is text; expected a whole number of days from 0 to 3650"),
        ("rot_days = 7", "rot_days = 2026-11-21", "rot_days is a date or time; expected a whole number of days"),
        ("rot_days = 7", "wip_limit = 1.5", "wip_limit is a fraction; expected a whole number of deals"),
        (
            "rot_days = 7",
            'color = "pink"',
            'color "pink" is none of slate, blue, amber, green, red, violet, teal, rose',
        ),
        ("rot_days = 7", "rot_days = seven", "Invalid value; expected TOML"),
        ("rot_days = 7", "rot_days = " + "7" * 5000, "a number is too long; expected a number of a few digits"),
        ("rot_days = 7", 'demands = "amount"', "demands is text; expected a list of fields"),
        ("rot_days = 7", "demands = [1]", "demands holds a whole number; expected a list of fields"),
        ("rot_days = 7", 'demands = ["email", "email"]', 'demands "email" twice; expected each field once'),
        ("rot_days = 7", 'demands = ["detail"]', "it demands a detail but has none to choose from; expected details"),
        ('"amount"]', '"amuont"]', 'demands an unknown field "amuont"; did you mean "amount"?'),
        ("details = [", "details = 5 #[", "Invalid"),
        ('currency = "CZK"', 'currency = "crowns"', 'currency "CROWNS" is unknown; expected a currency code'),
        ('currency = "CZK"', 'currency = "ZZZ"', 'currency "ZZZ" is unknown; expected a currency code'),
        ('currency = "CZK"', 'currency = ""', 'currency "" is unknown; expected a currency code'),
        ('[[reason]]\nkey = "price"', '[reason]\nkey = "price"', "reason is a table; expected a list of tables"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_was_expected(good: str, bad: str, says: str) -> None:
    message = refusal(GOOD.replace(good, bad, 1))
    line = line_of(good) if says != "Invalid" else line_of('    { key = "sent"')
    assert message.startswith(f"mine.toml, line {line}: ")
    assert says in message


@pytest.mark.parametrize("kind", ["open", "won", "lost"])
def test_a_pipeline_without_an_open_a_won_or_a_lost_stage_is_refused(kind: str) -> None:
    other = "open" if kind != "open" else "won"
    message = refusal(GOOD.replace(f'kind = "{kind}"', f'kind = "{other}"'))
    expected = f'there is no {kind} stage; expected a [[stage]] with kind = "{kind}"'
    assert message == f"mine.toml, line {LOST_HEADING}: {expected}"


@pytest.mark.parametrize("what", ["reason", "source"])
def test_a_pipeline_without_a_reason_or_a_source_is_refused(what: str) -> None:
    start = GOOD.index(f"[[{what}]]")
    end = GOOD.find("[[", start + 2)
    message = refusal(GOOD[:start] + (GOOD[end:] if end > 0 else ""))
    assert f": there is no {what}; expected at least one [[{what}]] with key and name" in message


def test_a_missing_name_is_reported_at_the_heading() -> None:
    assert refusal(GOOD.replace('name = "Won"\n', "")) == (
        f'mine.toml, line {WON_HEADING}: stage "won": name is missing; expected name = "..."'
    )


def test_an_empty_file_is_told_what_it_lacks() -> None:
    assert refusal("") == 'mine.toml, line 1: key is missing; expected key = "..."'


def test_a_key_of_the_whole_file_below_a_stage_is_sent_to_the_top() -> None:
    message = refusal(GOOD.replace("rot_days = 7", 'currency = "EUR"'))
    assert message.endswith('unknown key "currency"; expected it at the top of the file, above the first [[...]]')


def test_details_cannot_be_given_in_both_ways() -> None:
    both = GOOD.replace('[[stage]]\nkey = "won"', '[[stage.detail]]\nkey = "x"\nname = "x"\n\n[[stage]]\nkey = "won"')
    assert "expected only one of them" in refusal(both)


def test_an_unfinished_file_is_reported_at_its_end() -> None:
    assert refusal('key = "mine"\nname = """My\n\nsales\n').startswith("mine.toml, line 4: ")


@pytest.mark.parametrize(
    "before",
    [
        'description = """\n[[stage]]\nkind = "none"\n"""',
        "description = '''\n[[stage]]\n'' \"\"\" # '''",
        r'description = "a \" # [[stage]]"',
        "# [[stage]] kind = 'none'",
        '"description" = "[[stage]]"',
    ],
)
def test_what_only_looks_like_a_stage_does_not_shift_the_lines(before: str) -> None:
    text = before + "\n" + GOOD.replace('kind = "won"', 'kind = "wno"')
    shift = before.count("\n") + 1
    assert refusal(text).startswith(f"mine.toml, line {WON_HEADING + 3 + shift}: stage")


def test_stages_written_as_one_list_are_reported_by_their_own_lines() -> None:
    text = (
        'key = "a"\nname = "A"\nstage = [\n  { key = "x", name = "X" },\n  { key = "y", name = "Y", rot_days = [] },\n]'
    )
    assert refusal(text).startswith('mine.toml, line 5: stage "y": rot_days is a list')


def test_lists_nested_without_end_are_refused() -> None:
    assert "nested too deeply" in refusal("x = " + "[" * 100_000)


def test_a_message_is_safe_to_print() -> None:
    text = GOOD.replace('kind = "won"', r'kind = "\u001b[2J"')
    with pytest.raises(BadInput) as refused:
        read_pipeline(text, "mi\x1bne.toml")
    assert str(refused.value).isprintable()


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file"):
        read_pipeline_file(tmp_path / "none.toml")


def test_a_directory_is_no_pipeline_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: Is a directory"):
        read_pipeline_file(tmp_path)


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b'key = "mine"\nname = "Caf\xe9"\n')
    with pytest.raises(BadInput, match=r"mine\.toml, line 2: byte 0xe9 is not UTF-8; expected UTF-8 text"):
        read_pipeline_file(file)


def test_a_file_over_one_megabyte_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "big.toml"
    file.write_bytes(b"#" * 1_000_001)
    with pytest.raises(BadInput, match="too large for a pipeline file; expected at most 1 MB"):
        read_pipeline_file(file)


PIECES = st.sampled_from(
    [
        "[[stage]]", "[stage]", "[[stage.detail]]", "[[stage.details]]", "[a.b]", "[[reason]]", "stage = 3", "key = []",
        "details = [{ key = 1 }]", "details = [[], {}]", 'a.b."c d" = 1979-05-27 07:32:00', "demands = [[\n]]",
        "rot_days = inf", 'name = """\n"""', "x = { y.z = [1, # z\n2], w = {} }", "=", '"', "'''", '"""', "]", "}", "\\",
    ]
)  # fmt: skip


@given(st.text())
def test_any_text_gives_a_pipeline_or_is_refused(text: str) -> None:
    assert_read_or_refused(text)


@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), PIECES | st.text(max_size=8)), max_size=4))
def test_any_damage_to_a_good_file_gives_a_pipeline_or_is_refused(damage: list[tuple[int, int, str]]) -> None:
    text = GOOD
    for start, length, piece in damage:
        text = text[:start] + piece + text[start + length :]
    assert_read_or_refused(text)


@given(st.lists(st.sampled_from(GOOD.splitlines()) | PIECES, max_size=30))
def test_any_order_of_lines_gives_a_pipeline_or_is_refused(lines: list[str]) -> None:
    assert_read_or_refused("\n".join(lines))


def assert_read_or_refused(text: str) -> None:
    message, pipeline = "", None
    try:
        pipeline = read_pipeline(text, "mine.toml")
    except BadInput as refused:
        message = str(refused)
    if pipeline is None:
        assert message.startswith("mine.toml, line ")
        assert strip_controls(message) == message
    else:
        assert pipeline.open_stages
        assert pipeline.won_stages
        assert pipeline.lost_stages
