"""Web forms and the mails of contact forms: labels become fields, `Label: value` lines and posted pairs an arrival."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from funneltui.domain.gates import FIELD_LABELS
from funneltui.domain.inbox import FILLED, ID_LIMIT, Arrival, Channel
from funneltui.domain.text import clean_line, clean_text, cut, fold
from funneltui.errors import BadInput
from funneltui.exchange.toml_places import parse, read_text, type_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from pathlib import Path

    from funneltui.domain.pipeline import Pipeline

MOST_PAIRS = 100
"""The most fields that a posted form has."""

TEXT = "notes"
"""The field of a form's own text: it has no end before the signature."""

_NAMED = 300
"""The characters of a name with its address that are read: the library takes a call for each bracket."""

_WHO, _FIRST, _LAST = "who", "first", "last"
"""Labels that are no field by themselves: a name with or without an address, and the two parts of a name."""

_WORDS = {
    "title": ("subject", "topic", "about", "regarding", "re"),
    "contact": ("name", "full name", "contact", "contact name", "contact person"),
    "company": ("company", "company name", "organisation", "organization", "business", "firm"),
    "email": ("email", "e mail", "mail", "email address", "e mail address", "mail address"),
    "phone": ("phone", "phone number", "telephone", "telephone number", "tel", "mobile", "mobile phone", "cell"),
    "amount": ("amount", "budget", "value"),
    "expected_close": ("expected close", "close", "close date", "deadline"),
    TEXT: ("message", "message body", "comment", "comments", "notes", "enquiry", "inquiry", "question", "text"),
    _WHO: ("from", "sender"),
    _FIRST: ("first name", "firstname", "given name", "forename"),
    _LAST: ("last name", "lastname", "surname", "family name"),
}
_FORWARDED = {"to", "sent", "cc"}
"""Labels that a mail program writes above a message that it forwards: then it is no form."""

_LABELLED = re.compile(r"[*_>\s]*+([^:\n]{1,60}+)[*_]*:[*_]*(?:\s++(.*)|)")
_SIGNATURE = ("--", "-- ")
_UTF8 = ("", "utf-8", "utf8", "us-ascii", "ascii")


@dataclass(frozen=True, slots=True)
class Labels:
    """What field each label of a form stands for, by the label as it is compared."""

    fields: Mapping[str, str]

    def field(self, label: str) -> str:
        """Give the field that a label stands for, or nothing: case, accents and signs do not count, nor "your"."""
        return self.fields.get(_plain(label), "")


def labels_for(pipeline: Pipeline, own: Mapping[str, str] | None = None) -> Labels:
    """Give the labels of a pipeline's forms: the fields' English names, its own fields' keys and names, and `own` ones.

    `own` says a field for each label; these win.

    Raises:
        BadInput: one of them says a field that a form cannot fill.
    """
    known = {_plain(word): name for name, words in _WORDS.items() for word in words}
    for name in FILLED:
        known |= {_plain(name): name, _plain(FIELD_LABELS.get(name, name)): name}
    for field in pipeline.fields:
        known |= {_plain(field.name): field.key, _plain(field.key): field.key}
    fillable = {*FILLED, TEXT, *(field.key for field in pipeline.fields)}
    for label, name in (own or {}).items():
        meant = pipeline.field_called(name)
        wanted = name if name in fillable else meant.key if meant else ""
        if not wanted:
            message = f'the label "{cut(label)}" cannot fill the field "{cut(name)}"'
            raise BadInput(f"{message}; those that a form fills are: {', '.join(sorted(fillable))}")
        known[_plain(label)] = wanted
    return Labels(known)


def read_labels(path: Path) -> dict[str, str]:
    """Give the labels of a mapping file: TOML with a table [labels], `"Telefon" = "phone"`.

    Raises:
        NotFound: there is no such file. BadInput: it cannot be read so; the message says where.
    """
    top = parse(read_text(path, "a file of labels"), path.name)
    top.refuse_unknown(["labels"])
    table = top.values.get("labels", {})
    if not isinstance(table, dict):
        raise top.wrong(f"labels is {type_words(table)}; expected a table [labels]", "labels")
    for label, name in table.items():
        if not isinstance(name, str):
            raise top.wrong(f'"{cut(label)}" is {type_words(name)}; expected a field in quotes', "labels", label)
    return {str(label): str(name) for label, name in table.items()}


def labelled(text: str, labels: Labels) -> dict[str, str]:
    """Give the fields of a contact form's mail, nothing if it is none.

    It is one if its first line has a known label and two of its lines do; what stands above a forwarded message is none.
    The first of two equal labels counts. A label alone on its line has its value below; the text goes on to the signature.
    """
    pairs: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        if line in _SIGNATURE:
            break
        found = None if pairs and pairs[-1][0] == TEXT else _LABELLED.fullmatch(line)
        label = found[1].strip("*_ \t") if found else ""
        if _plain(label) in _FORWARDED:
            return {}
        if found and (name := labels.field(label)):
            pairs.append((name, [found[2] or ""]))
        elif pairs and (pairs[-1][0] == TEXT or (not any(pairs[-1][1]) and not found)):
            pairs[-1][1].append(line)
        elif not pairs and line.strip():
            return {}
    return _fields((name, "\n".join(lines).strip()) for name, lines in pairs) if len(pairs) > 1 else {}


def read_form(body: bytes, content_type: str, labels: Labels, key: str, day: date) -> Arrival:
    """Give what a web form has posted, as JSON or urlencoded.

    Its id is the `key` that the web site gave it, else made of what it holds and the day: the same twice on one day is one.

    Raises:
        BadInput: it is no such form, or says nothing of anybody; the message says what is wrong.
    """
    pairs = [(clean_line(name, 100), clean_text(value)) for name, value in _pairs(body, content_type)]
    if len(pairs) > MOST_PAIRS:
        raise BadInput(f"a form has at most {MOST_PAIRS} fields")
    texts = _fields((labels.field(name), value) for name, value in pairs)
    message = texts.pop(TEXT, "")
    if not message and not any(texts.values()):
        raise BadInput("none of its fields is known; it needs at least one such as name, email, subject or message")
    own = [(name, value) for name, value in pairs if value and labels.field(name) != TEXT]
    lines = "\n".join(f"{name}: {value}" for name, value in own)
    said = json.dumps([*pairs, day.isoformat()], ensure_ascii=True)
    by = sender(texts.get("contact", ""), texts.get("email", ""))
    text = "\n\n".join(part for part in (lines, message) if part)
    return Arrival(Channel.FORM, message_id(key, said), by, texts, text, is_form=True)


def message_id(given: str, content: str) -> str:
    """Give the id of a message: the one that it has, else (or if that is too long) a hash of what it says."""
    plain = clean_line(given, ID_LIMIT + 1)
    if plain and len(plain) <= ID_LIMIT:
        return plain
    return f"sha256:{hashlib.sha256((given or content).encode('utf-8', 'replace')).hexdigest()}"


def _pairs(body: bytes, content_type: str) -> list[tuple[str, str]]:
    kind, _, rest = content_type.partition(";")
    charset = re.search(r"charset\s*=\s*\"?([\w-]*)", rest, re.IGNORECASE)
    if charset and charset[1].lower() not in _UTF8:
        raise BadInput("its charset must be UTF-8")
    try:
        text = body.decode("utf-8")
        if kind.strip().lower() == "application/json":
            return _json_pairs(text)
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except (ValueError, RecursionError) as error:  # also what is no UTF-8, no JSON, or too deep
        raise BadInput("it cannot be read; send UTF-8, as a JSON object of texts or urlencoded") from error


def _json_pairs(text: str) -> list[tuple[str, str]]:
    found = json.loads(text, object_pairs_hook=tuple, parse_int=str, parse_float=str, parse_constant=_refuse)
    if not isinstance(found, tuple):
        raise BadInput("it is no JSON object")
    return [(name, _json_text(name, value)) for name, value in found]


def _json_text(name: str, value: object) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if not isinstance(value, str):
        raise BadInput(f'its field "{cut(name)}" is neither a text, a number, nor a list of texts')
    return value


def _refuse(constant: str) -> str:
    raise ValueError(constant)


def _fields(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give the first text that is not empty for each field; who sent it parted into name and address, names put together."""
    texts: dict[str, str] = {}
    for name, text in pairs:
        if name and text and not texts.get(name):
            texts[name] = text if name == TEXT else clean_line(text)
    who = person(texts.pop(_WHO, ""))
    parts = (texts.pop(_FIRST, ""), texts.pop(_LAST, ""))
    spoken = {"contact": " ".join(part for part in parts if part) or who[0], "email": who[1]}
    return {name: text for name, text in spoken.items() if text} | texts


def person(text: str) -> tuple[str, str]:
    """Give the name and the address of `Ana <ana@example.com>`, empty what there is none of."""
    name, address = parseaddr(text[:_NAMED])
    return clean_line(name), clean_line(address) if "@" in address else ""


def sender(name: str, address: str) -> str:
    """Give who sent something in one line, `Ana <ana@example.com>`, the other way round than `person`."""
    return f"{name} <{address}>" if name and address else name or address


def _plain(label: str) -> str:
    words = re.sub(r"[\W_]+", " ", fold(clean_line(label, 100))).strip()
    return words.removeprefix("your ")
