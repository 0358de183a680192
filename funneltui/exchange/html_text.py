"""The text of an HTML page as a person reads it: without markup, comments, scripts, styles and what is not shown.

The standard library's parser is not used: the time that it takes for a page of open tags grows with the square of its length
(100 kB: more than a minute), and it fails on some pages. This one is linear and takes whatever comes.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT = 500_000
"""The most characters of a page that are read."""

_SILENT = {"script", "style", "head", "title", "template", "noscript", "svg", "math", "object"}
_BLOCKS = {
    "address", "article", "aside", "body", "dd", "div", "dl", "dt", "footer", "form", "header", "hr", "li", "main",
    "nav", "ol", "pre", "section", "tr", "ul",
}  # fmt: skip
_APART = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote"}
_CELLS = {"td", "th"}

# Possessive throughout, and quoted values bounded: nothing here is tried twice.
_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*+)(?:[^<>"']++|"[^"]{0,2000}+"|'[^']{0,2000}+')*+>"""
    r"""|<[a-zA-Z/][^<>]*+>"""
)
_BLANKS = re.compile(r"[^\S\n]+")
_LINE, _GAP = "\x01", "\x02"
"""Where a block begins or ends: a new line, however many of them meet; or a blank one."""
_BLOCK_ENDS = re.compile(f"(?: ?[{_LINE}{_GAP}])+")
_NO_MARKS = {ord(_LINE): None, ord(_GAP): None}


def text_of(page: str) -> str:
    """Give the text of a page: a block on a line of its own, cells of a row apart, blanks collapsed; never fails."""
    flat = _BLANKS.sub(" ", "".join(_parts(page[:LIMIT].translate(_NO_MARKS))))
    text = _BLOCK_ENDS.sub(lambda found: "\n\n" if _GAP in found[0] else "\n", flat)
    return re.sub("\n{3,}", "\n\n", "\n".join(line.strip() for line in text.split("\n"))).strip()


def _parts(page: str) -> Iterator[str]:
    """Give the pieces of text in order, with line breaks between blocks."""
    at = 0
    while (start := page.find("<", at)) >= 0:
        yield _plain(page[at:start])
        if page.startswith(("<!", "<?"), start):
            mark = "-->" if page.startswith("<!--", start) else ">"
            at = _behind(page, mark, start + 2)
        elif (found := _TAG.match(page, start)) is None:
            yield "<"  # a sign for people: less than
            at = start + 1
        else:
            name = (found["name"] or "").lower()
            yield _break(name)
            at = found.end()
            if name in _SILENT and not found["end"]:
                ends = rf"(?:</{name}\b{'|<body' if name == 'head' else ''})"  # a head is often left open
                closing = re.compile(rf"{ends}[^<>]*+>?", re.IGNORECASE).search(page, at)
                at = closing.end() if closing else len(page)
    yield _plain(page[at:])


def _behind(page: str, mark: str, at: int) -> int:
    """Give the place behind the next mark; without one the rest is not shown."""
    found = page.find(mark, at)
    return len(page) if found < 0 else found + len(mark)


def _plain(text: str) -> str:
    return unescape(text).translate(_NO_MARKS).replace("\n", " ") if text else ""


def _break(name: str) -> str:
    if name in _APART:
        return _GAP
    if name in _BLOCKS:
        return _LINE
    if name == "br":
        return "\n"
    return " " if name in _CELLS else ""
