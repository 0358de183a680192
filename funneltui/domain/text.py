"""Text from outside: made harmless for a terminal, and folded for searching."""

from __future__ import annotations

import re
import unicodedata

# C0 and C1 controls, DEL; bidirectional controls and isolates; zero-width characters, word joiner, soft hyphen, BOM;
# line and paragraph separators; interlinear annotation; variation selectors' supplement and tag characters (invisible
# text); lone surrogates; noncharacters. U+200D (ZWJ) is handled apart: it holds emoji together.
_HARMFUL = (
    "\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
_CONTROL = re.compile(f"[{_HARMFUL}]")
_CONTROL_BUT_NEWLINE = re.compile(f"[{_HARMFUL}]".replace("\x00-\x1f", "\x00-\x09\x0b-\x1f"))
_LOOSE_JOINER = re.compile(
    "\u200d(?![\u2190-\u2bff\U0001f000-\U0001faff])|(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d"
)
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_TAG = re.compile(r"\s+")
_MAX_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)

LINE_LIMIT = 500
"""The most characters that a one-line field keeps."""

NOTE_LIMIT = 100_000
"""The most characters that a note keeps."""

# Letters whose bar or tail is no combining mark, so that Unicode's decomposition leaves them as they are.
_FOLDED_LETTERS = str.maketrans(
    {
        "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th",
        "ŋ": "n", "ĸ": "k", "ə": "e", "ƒ": "f", "ѐ": "е", "ё": "е",
    }
)  # fmt: skip


def strip_controls(text: str) -> str:
    """Give `text` without any character that acts on a terminal or hides: the last line of defence, for output.

    Newlines and tabs go too: a caller that wants lines splits before. A zero-width joiner stays between emoji only.
    """
    if text.isascii() and text.isprintable():
        return text
    return _LOOSE_JOINER.sub("", _CONTROL.sub("", text))


def clean_line(text: str, limit: int = LINE_LIMIT) -> str:
    """Give one line of at most `limit` characters: NFC, breaks and tabs as blanks, controls gone, blanks collapsed."""
    if len(text) > limit * 4:
        text = text[: limit * 4]
    text = _BREAKS.sub(" ", text).replace("\t", " ")
    text = _TAG.sub(" ", strip_controls(text)).strip()
    text = _MAX_MARKS.sub(r"\1", unicodedata.normalize("NFC", text))
    return text[:limit].rstrip(" \u200d")


def clean_text(text: str, limit: int = NOTE_LIMIT) -> str:
    """Give text of several lines: like `clean_line`, but line breaks stay, as newlines, and blanks are kept."""
    text = _BREAKS.sub("\n", text[: limit * 2]).replace("\t", "    ")
    text = _LOOSE_JOINER.sub("", _CONTROL_BUT_NEWLINE.sub("", text))
    return _MAX_MARKS.sub(r"\1", unicodedata.normalize("NFC", text))[:limit].strip().rstrip("\u200d")


def fold(text: str) -> str:
    """Give the form in which texts are compared: no accents, no case, no letter variants; Cyrillic stays Cyrillic.

    The same function folds what is stored and what is searched for, so that "zagar" finds "Žagar" and "lodz" "Łódź"
    on every database alike.
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", bare.translate(_FOLDED_LETTERS))


def cut(text: str, limit: int = 40) -> str:
    """Give `text`, made harmless and cut to `limit` characters with an ellipsis: for quoting input in a message."""
    text = clean_line(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def key_from(name: str) -> str:
    """Give the stable key that a name suggests: folded, words joined by underscores ("After call" -> "after_call")."""
    return re.sub(r"[^\w]+", "_", fold(name)).strip("_")


def counted(number: int, what: str = "deal") -> str:
    """Give a number of things in words: "1 deal", "1,200 deals"."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"
