"""Forms: labels become fields, whatever their case and signs; what is posted is read, or refused with what is wrong."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneltui.domain.inbox import FILLED
from funneltui.domain.text import clean_line, clean_text
from funneltui.errors import BadInput
from funneltui.exchange.form_in import labelled, labels_for, read_form, read_labels
from tests.conftest import small_pipeline
from tests.fielded import fielded_pipeline

if TYPE_CHECKING:
    from pathlib import Path

LABELS = labels_for(small_pipeline())
TODAY, TOMORROW = date(2026, 11, 21), date(2026, 11, 22)
JSON, POSTED = "application/json", "application/x-www-form-urlencoded; charset=UTF-8"


@pytest.mark.parametrize(
    ("label", "field"),
    [("E-mail", "email"), ("EMAIL", "email"), ("your-email", "email"), ("Your Name", "contact"), ("your_subject", "title"),
     ("Phone number", "phone"), ("Organisation", "company"), ("Budget", "amount"), ("Expected close", "expected_close"),
     ("shoe size", ""), ("owner", ""), ("probability", ""), ("stage", ""), ("", "")],
)  # fmt: skip
def test_labels_are_known_by_their_words(label: str, field: str) -> None:
    assert LABELS.field(label) == field


def test_a_pipelines_own_fields_are_labels_too() -> None:
    labels = labels_for(fielded_pipeline())
    assert (labels.field("Market segment"), labels.field("renewal_on"), labels.field("seats")) == (
        "segment", "renewal_on", "seats",
    )  # fmt: skip


def test_labels_of_another_language_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "inbox.toml"
    file.write_text('[labels]\n"Ime in priimek" = "contact"\nTelefon = "phone"\n"Št. sedežev" = "Seats"\n', "utf-8")
    labels = labels_for(fielded_pipeline(), read_labels(file))
    assert labelled("IME IN PRIIMEK: Ana Žagar\nTelefon: 041\nšt sedezev: 5", labels) == {
        "contact": "Ana Žagar", "phone": "041", "seats": "5",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [('[labels]\nTelefon = "telephone"', "cannot fill the field"), ('[labels]\nWer = "owner"', "cannot fill the field"),
     ("[labels]\nTelefon = 5", "line 2"), ("labels = 3", "table"), ("[label]\n", "labels"), ("[labels", "line 1")],
)  # fmt: skip
def test_a_wrong_file_of_labels_says_where(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "inbox.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=message):
        labels_for(small_pipeline(), read_labels(file))


def test_the_lines_of_a_contact_form_are_fields() -> None:
    who = "*First name:* Ana\n*Last name:* Žagar\n\nE-mail:\nana@acme.example\n"
    what = "Shoe size: 38\nSubject: Lamps\nMessage: Five\nName: x"
    assert labelled(who + what, LABELS) == {
        "contact": "Ana Žagar", "email": "ana@acme.example", "title": "Lamps", "notes": "Five\nName: x",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["Hello,\nName: Ana\nE-mail: a@b.example", "Name: Ana", "From: Ana <a@b.example>\nSent: Friday\nTo: us\nSubject: x",
     "Hello\n-- \nTel: 041\nE-mail: a@b.example", "", "http://a.example/\nhttps://b.example/"],
)  # fmt: skip
def test_a_letter_is_no_form(text: str) -> None:
    assert labelled(text, LABELS) == {}


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b'{"name": "Ana", "your-email": "ana@acme.example", "budget": 500, "topics": ["a", "b"], '
      b'"message": "Hi\\nyou"}', JSON),
     (b"name=Ana&your-email=ana%40acme.example&budget=500&topics=a%2C+b&message=Hi%0D%0Ayou", POSTED)],
)  # fmt: skip
def test_what_is_posted_is_the_same_in_both_forms(body: bytes, kind: str) -> None:
    found = read_form(body, kind, LABELS, "", TODAY)
    assert found.texts == {"contact": "Ana", "email": "ana@acme.example", "amount": "500"}
    assert found.text == "name: Ana\nyour-email: ana@acme.example\nbudget: 500\ntopics: a, b\n\nHi\nyou"
    assert (found.sender, found.is_form) == ("Ana <ana@acme.example>", True)


def test_a_form_of_too_many_fields_is_called_that() -> None:
    body = "&".join(f"field{number}=x" for number in range(101)).encode()
    with pytest.raises(BadInput, match="at most 100 fields"):
        read_form(body, POSTED, LABELS, "", TODAY)


def test_the_same_form_twice_a_day_is_one_and_another_day_another() -> None:
    first, again, later = (read_form(b"name=Ana", POSTED, LABELS, "", day).id for day in (TODAY, TODAY, TOMORROW))
    assert first == again != later
    assert read_form(b"name=Ana", POSTED, LABELS, "order-7", TODAY).id == "order-7"


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"{", JSON), (b"[" * 60_000, JSON), (b"[1]", JSON), (b'"x"', JSON), (b'{"name": {"x": 1}}', JSON), (b"\xff", POSTED),
     (b'{"name": [[1]]}', JSON), (b'{"name": NaN}', JSON), (b'{"colour": "red"}', JSON), (b'{"name": ""}', JSON),
     (b"name=%ff", POSTED), (b"name=x", "application/json"), (b"name=x", POSTED.replace("UTF-8", "latin-1")),
     (b"&".join(b"a%d=1" % one for one in range(200)), POSTED), (b'{"name": "\\ud800", "x": 1', JSON)],
)  # fmt: skip
def test_what_is_no_form_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(BadInput):
        read_form(body, kind, LABELS, "", TODAY)


@given(st.one_of(st.binary(max_size=300), st.dictionaries(st.text(max_size=20), st.one_of(st.text(), st.integers(),
       st.none(), st.booleans(), st.lists(st.text())), max_size=5).map(lambda value: json.dumps(value).encode())),
       st.sampled_from([JSON, POSTED]))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_any_post_is_read_clean_or_refused(body: bytes, kind: str) -> None:
    try:
        found = read_form(body, kind, LABELS, "", TODAY)
    except BadInput:
        return
    assert found.texts.keys() <= {*FILLED}
    assert all(text == clean_line(text) for text in found.texts.values())
    assert clean_text(found.text) == found.text
