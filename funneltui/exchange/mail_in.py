"""Reads a mail (RFC 5322) of any charset and structure into an arrival, in bounded time and memory whatever it holds."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.policy import EmailPolicy
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from funneltui.domain.inbox import Arrival, Channel
from funneltui.domain.text import NOTE_LIMIT, clean_line, clean_text
from funneltui.errors import BadInput
from funneltui.exchange.form_in import TEXT, labelled, message_id, person, sender
from funneltui.exchange.html_text import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from funneltui.exchange.form_in import Labels

READ = 1_000_000
"""The bytes of a message that are read: its text stands before what is attached to it."""

_HEADER = 2_000
"""The characters of one header that are read; the standard library's parser takes longer than their number."""
_HEADERS = 200_000
"""The bytes of the headers of a message that are looked at."""
_EFFORT = 4_000_000
"""The lines of a message times its levels: every line is compared with the ends of all parts that it stands in."""
_LEVELS, _PARTS = 100, 5_000

_NAMED = 10
"""How many files that are attached to a message are named."""

_OF_A_MAIL = ("from", "subject", "date", "message-id", "received", "to", "return-path", "reply-to", "sender")
_STRANGE = {
    "punycode",
    "idna",
    "undefined",
    "unicode_escape",
    "raw_unicode_escape",
    "unicode-escape",
    "raw-unicode-escape",
}
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+")
_HAS_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_TEXT = "(this mail has more parts than are read)"


def read_mail(data: bytes, labels: Labels) -> Arrival:
    """Give what a mail says: sender, subject, date and plain text, its id, and the fields of a contact form's lines.

    Only its first megabyte is read. An HTML mail gives its text. What is attached is not kept: the text's last line names
    it. Without a Message-ID a hash of what it says is its id.

    Raises:
        BadInput: this is no mail.
    """
    message = _parsed(data[:READ])
    raw = {name.lower(): str(value) for name, value in reversed(list(message.raw_items()))}
    if not any(name in raw for name in _OF_A_MAIL):
        raise BadInput("this is no mail: it has neither sender, subject nor date")
    text = _text(message)
    subject = clean_line(_header(message, "subject"))
    name, address = _person(message, "from")
    form = labelled(text, labels)
    if form:
        reply = _person(message, "reply-to")
        # A form's mail comes from the web site: whom it is about its lines say, or whom an answer goes to.
        texts = {"contact": reply[0], "email": reply[1]} | form
        texts["title"] = form.get("title") or subject
    else:
        texts = {"contact": name, "email": address, "title": subject}
    texts.pop(TEXT, None)
    attached = _attached(message, is_cut=len(data) > READ)
    said = "\n".join((raw.get("from", ""), raw.get("date", ""), raw.get("subject", ""), text))
    return Arrival(
        Channel.MAIL, message_id(_id(raw.get("message-id", "")), said), sender(name, address),
        {field: value for field, value in texts.items() if value}, _with_line(text, attached), _sent(raw.get("date", "")),
        bool(form),
    )  # fmt: skip


class _Lenient(EmailPolicy):
    """The modern policy for mails that were not written by the book: long headers cut, raw letters read."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Give a header's name and value, cut; letters outside ASCII that should not be there are read as UTF-8."""
        name, value = sourcelines[0][: _HEADER * 2].split(":", 1)
        return name, _letters("".join([value, *sourcelines[1:]])[:_HEADER].strip(" \t\r\n"))

    def header_fetch_parse(self, name: str, value: str) -> Any:
        """Give a parsed header, or its plain text if it cannot be parsed."""
        try:
            return super().header_fetch_parse(name, value)
        except Exception:  # the standard library's parser trips in a dozen ways over what is written wrong
            return clean_line(value)


_POLICY: EmailPolicy[Any] = _Lenient(utf8=True)


def _parsed(data: bytes) -> EmailMessage:
    """Give a message, of which only the headers are read if it has so many parts that it was made to take long."""
    data = data.lstrip(b"\r\n \t") if data[:1].isspace() else data
    head = re.search(rb"\r?\n\r?\n", data[:_HEADERS])
    body = data[head.end() :] if head else b""
    lower = data.lower()
    levels = lower.count(b"boundary") + lower.count(b"message/")
    lines, parts = body.count(b"\n") + body.count(b"\r"), body.count(b"\n--")
    if head is None and len(data) > _HEADERS:
        data = data[:_HEADERS] + b"\n\n"
    elif levels > _LEVELS or parts > _PARTS or lines * (levels + 1) > _EFFORT:
        data = data[: head.end() if head else _HEADERS] + b"\n"
        data = re.sub(rb"(?im)^(content-|mime-version)", rb"x-\1", data) + _NO_TEXT.encode()
    message = message_from_bytes(data, EmailMessage, policy=_POLICY)
    assert isinstance(message, EmailMessage)
    return message


def _header(message: EmailMessage, name: str) -> str:
    text = _letters(str(message.get(name, "")))
    if "=?" not in text:
        return text
    try:  # encoded words that hold what they must not
        return str(make_header(decode_header(text)))
    except (MessageError, UnicodeError, LookupError, ValueError):
        return text


def _person(message: EmailMessage, name: str) -> tuple[str, str]:
    """Give the name and the address of the first person that a header names; an address that is none is left out."""
    header = message.get(name, "")
    first = next(iter(getattr(header, "addresses", ())), None)
    shown, address = (first.display_name, first.addr_spec) if first else person(str(header))
    shown, address = clean_line(_letters(shown), 200), clean_line(address, 300)
    return shown.strip("\"' "), address if _ADDRESS.fullmatch(address) else ""


def _id(text: str) -> str:
    found = re.search(r"<([^<>]+)>", text)
    return clean_line(found[1] if found else text, 1000)


def _sent(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(clean_line(text, 200))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):  # no date, or none of the calendar
        return None


def _text(message: EmailMessage) -> str:
    """Give the text of a mail: the plain one, else that of the HTML, else that of the first part which has any."""
    for kind, read in (("plain", str), ("html", text_of)):
        for part in _parts(message, f"text/{kind}"):
            text = clean_text(read(_content(part)[: NOTE_LIMIT * 5]))
            if text:
                return text
    return ""


def _parts(message: EmailMessage, kind: str) -> Iterator[Message]:
    """Give the parts of a kind that are shown: no files."""
    for part in message.walk():
        if part.get_content_type() == kind and part.get_content_disposition() != "attachment":
            yield part


def _attached(message: EmailMessage, *, is_cut: bool) -> str:
    """Give the line that names what is attached, with sizes, or nothing; of a mail that `is_cut` the last may be larger."""
    told: list[str] = []
    count, parts = 0, [part for part in message.walk() if not part.is_multipart()]
    for part in parts:
        try:
            name = part.get_filename()
            is_file = part.get_content_disposition() == "attachment" or (name and not part.get("content-id"))
        except Exception:  # the standard library's parser trips in a dozen ways over what is written wrong
            name, is_file = None, False
        if not is_file:
            continue
        count += 1
        if count <= _NAMED:
            payload = part.get_payload(decode=True)
            size = max(1, round(len(payload) / 1024)) if isinstance(payload, bytes) else 1
            more = "more than " if is_cut and part is parts[-1] else ""
            told.append(f"{clean_line(_letters(name or ''), 80) or 'without a name'} ({more}{size:,} KB)")
    if count > _NAMED:
        told.append(f"{count - _NAMED:,} more")
    return f"attachments not kept: {', '.join(told)}" if told else ""


def _with_line(text: str, line: str) -> str:
    """Give a text with a line at its end that stays, however long the text is."""
    return f"{text[: NOTE_LIMIT - len(line) - 2].rstrip()}\n\n{line}".strip() if line else text


def _content(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    for decode in _decodings(str(part.get_content_charset() or "")):
        try:
            return decode(payload)
        except (UnicodeError, LookupError, ValueError):
            continue
    return payload.decode("cp1252", "replace")


def _decodings(charset: str) -> list[Callable[[bytes], str]]:
    """Give the ways to read bytes: as they say, as UTF-8, as they say with what cannot be read replaced."""
    told = charset.strip().lower() if _is_text_encoding(charset) else ""
    plain = told in ("", "us-ascii", "ascii", "unknown-8bit")
    ways: list[Callable[[bytes], str]] = [] if plain else [lambda data: data.decode(told)]
    ways.append(lambda data: data.decode("utf-8"))
    return ways if plain else [*ways, lambda data: data.decode(told, "replace")]


def _is_text_encoding(charset: str) -> bool:
    try:
        found = codecs.lookup(charset)
    except (LookupError, ValueError):
        return False
    return found._is_text_encoding and found.name not in _STRANGE


def _letters(text: str) -> str:
    """Give a header's text with the raw bytes in it read as UTF-8, else as what most mails were written in before."""
    if not _HAS_SURROGATE.search(text):
        return text
    data = text.encode("utf-8", "surrogateescape") if not re.search("[\ud800-\udc7f\udd00-\udfff]", text) else b""
    try:
        return data.decode("utf-8") if data else _HAS_SURROGATE.sub("\ufffd", text)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
