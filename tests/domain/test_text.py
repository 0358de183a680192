"""Text from outside: harmless on a terminal, and found again by its folded form."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneltui.domain.text import LINE_LIMIT, NOTE_LIMIT, clean_line, clean_text, cut, fold, key_from, strip_controls

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ZERO_WIDTH = "\u200b\u200c\u2060\ufeff\u00ad"
ANY_TEXT = st.text(st.characters(), max_size=80) | st.text(
    st.sampled_from("a Z\n\t\r\x00\x1b\x9b\x7f\u0301\u200d\u200b\u202e\ufe0f\ud800\U0001f600\U0001f469ł"), max_size=60
)
modest = settings(max_examples=200, deadline=None)


def acts_on_a_terminal(character: str) -> bool:
    """Say, by Unicode's own categories, whether a character must never reach a terminal."""
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in BIDI + ZERO_WIDTH


def naughty_strings() -> list[str]:
    for folder in Path(__file__).resolve().parents:
        found = folder / "shared" / "data" / "bad" / "blns.json"
        if found.is_file():
            return [str(one) for one in json.loads(found.read_text(encoding="utf-8"))]
    pytest.skip("blns.json, the big list of naughty strings, is not beside the project")


@modest
@given(ANY_TEXT)
def test_a_cleaned_line_holds_nothing_that_acts_on_a_terminal(text: str) -> None:
    assert not [character for character in clean_line(text) if acts_on_a_terminal(character)]


@modest
@given(ANY_TEXT)
def test_a_cleaned_note_holds_newlines_and_nothing_else_that_acts(text: str) -> None:
    assert not [c for c in clean_text(text) if acts_on_a_terminal(c) and c != "\n"]


@modest
@given(ANY_TEXT)
def test_stripped_output_holds_nothing_that_acts_on_a_terminal(text: str) -> None:
    assert not [character for character in strip_controls(text) if acts_on_a_terminal(character)]


@modest
@given(ANY_TEXT)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)


@modest
@given(ANY_TEXT)
def test_what_is_cleaned_can_be_stored_as_utf8(text: str) -> None:
    assert clean_line(text).encode() is not None
    assert clean_text(text).encode() is not None


@pytest.mark.parametrize("clean", [clean_line, clean_text])
def test_the_big_list_of_naughty_strings_becomes_harmless(clean: object) -> None:
    for text in naughty_strings():
        assert not [c for c in clean(text) if acts_on_a_terminal(c) and c != "\n"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b]0;pwned\x07Acme", "]0;pwnedAcme"),
        ("\x1b[2JAcme", "[2JAcme"),
        ("a\x9b31mb", "a31mb"),
        ("a\x00b\x7fc", "abc"),
        ("user\u202etxt.exe", "usertxt.exe"),
        ("pay\u200bpal\ufeff", "paypal"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("  many   blanks\t here ", "many blanks here"),
        ("two\r\nlines\u2028three", "two lines three"),
        ("Zuzana\u0301", "Zuzaná"),
    ],
)
def test_a_line_is_cleaned(text: str, cleaned: str) -> None:
    assert clean_line(text) == cleaned


def test_a_note_keeps_its_lines() -> None:
    assert clean_text("one\r\ntwo\rthree\u2029four\n") == "one\ntwo\nthree\nfour"


@pytest.mark.parametrize(
    "text",
    ["Łódź", "Žagar & sinovi", "Търговско дружество", "Äänekoski Oy", "ACME – “quoted”", "👩‍🔧 fitter", "東京", "№ 5"],
)
def test_what_people_write_stays_as_they_wrote_it(text: str) -> None:
    assert clean_line(text) == text


def test_a_joiner_stays_between_emoji_only() -> None:
    assert clean_line("👨‍👩‍👧 a\u200db") == "👨‍👩‍👧 ab"


def test_a_joiner_never_remains_at_the_end_of_what_was_cut() -> None:
    text = "a" * (LINE_LIMIT - 2) + "👩\u200d🔧"
    assert not clean_line(text).endswith("\u200d")


def test_piled_up_marks_are_levelled() -> None:
    assert len(clean_line("Z" + "\u0335" * 200)) <= 4


def test_lengths_are_bounded() -> None:
    assert len(clean_line("x" * 10_000)) == LINE_LIMIT
    assert len(clean_text("x" * (NOTE_LIMIT + 10))) == NOTE_LIMIT


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Łódź", "lodz"),
        ("Żółć gęślą jaźń", "zolc gesla jazn"),
        ("Žagar Čebašek Šiška", "zagar cebasek siska"),
        ("Đorđe", "dorde"),
        ("Äänekoski", "aanekoski"),
        ("Åbo Ölund", "abo olund"),
        ("Straße", "STRASSE"),
        ("Søren Ærø", "soren aero"),
        ("İstanbul ılık", "istanbul ilik"),
        ("ТЪРГОВСКО", "търговско"),
        ("Ёлка", "елка"),
        ("№ 12", "no 12"),
        ("ＡＣＭＥ", "acme"),
    ],
)
def test_a_name_is_found_as_it_is_typed(stored: str, typed: str) -> None:
    assert fold(stored) == fold(typed)


def test_cyrillic_stays_cyrillic() -> None:
    assert fold("Иван Щерев") == "иван щерев"


def test_different_bulgarian_words_stay_different() -> None:
    assert fold("син") != fold("сън")


@modest
@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@modest
@given(st.text(st.sampled_from("aąćčęłńóśźżžšđäöåABCŁŽŠÄÖЙйЖъщ ñ"), max_size=40))
def test_case_never_matters(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@modest
@given(ANY_TEXT)
def test_composed_and_decomposed_forms_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_a_quoted_input_is_cut_and_harmless() -> None:
    assert cut("\x1b[2J" + "x" * 100, 10) == "[2Jxxxxxx…"


def test_a_key_comes_from_a_name() -> None:
    assert key_from("After call - spotkanie Łódź!") == "after_call_spotkanie_lodz"
