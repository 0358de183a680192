"""For terminals without box characters: everything that is painted becomes ASCII, and stays as wide as it was."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from textual.filter import LineFilter

from funneltui.domain.text import fold

if TYPE_CHECKING:
    from textual.color import Color

UNKNOWN = "?"
_ENTER, _ENTER_SPELLED = "↵", "enter"
_KEPT = 3  # blanks that stay: two stand between the keys of a hint, and are none to spare
_SPARE = re.compile(rf" {{{len(_ENTER_SPELLED) - 1 + _KEPT}}}| {{{len(_ENTER_SPELLED)}}}$")

# What stands for what: first the signs that the program and Textual paint with, then what people type.
_SIGNS = {
    "|": "│┃║╎╏┆┇┊┋╵╷╹╻╽╿▏▎▍▊▋▉▐▕¦",
    "-": "─╌╍┄┅┈┉╴╶╸╺╼╾‐‑‒–—―−⁃▔▀",
    "=": "━═",
    "/": "╱⁄",
    "\\": "╲",
    "x": "╳×✕✖✗✘",
    "_": "▁▂▃",
    "#": "█▄▅▆▇▓■▪◼◾▙▛▜▟",
    "%": "▒",
    ":": "░",
    ">": "▌▸▶►→⇒⇨⟶›»❯",
    "<": "◀◂◄←⇐⇦⟵‹«❮⏎↩↵",
    "^": "▴▲△↑⇑⇧",
    "v": "▾▼▽↓⇓⇩✓✔",
    "*": "•●∙⁕★☆✦❖◆",
    "o": "○◦◇□▫°",
    ".": "…·‥․",
    "~": "∼≈˜",
    "'": "‘’‚‛′´ʼ",
    '"': "“”„‟″",
    "!": "¡",
    "?": "¿",
    "+": "±†▖▗▘▝▚▞",
    "S": "§",
    "P": "¶₱",
    "c": "©¢",
    "r": "®",
    "u": "µ",
    # Signs of currencies, by the letter that they are made of or begin with.
    "E": "€",
    "L": "£₾₤",
    "Y": "¥",
    "R": "₽₹₨",
    "W": "₩",
    "B": "฿₿",
    "C": "₡₵",
    "D": "֏",
    "G": "₲",
    "H": "₴",
    "K": "₭",
    "M": "₼",
    "N": "₦",
    "s": "₪",
    "T": "₺₸₮",
    "d": "₫",
}  # fmt: skip
_ASCII = {chr(code): "+" for code in range(0x2500, 0x2580)}  # corners and crossings: whatever of the boxes is not below
_ASCII |= {glyph: sign for sign, glyphs in _SIGNS.items() for glyph in glyphs}


class AsciiOnly(LineFilter):
    """Gives every line in ASCII. The last filter of all: what the others let through is what there is to replace."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Give the segments in ASCII."""
        if all(text.isascii() for text, _, _ in segments):
            return segments
        if any(_ENTER in text for text, _, _ in segments):
            segments = _with_enter_spelled(segments)
        return [Segment(ascii_of(text), style, control) for text, style, control in segments]


def _with_enter_spelled(segments: list[Segment]) -> list[Segment]:
    """Write "enter" for its sign where the line has blanks to spare behind it; what follows moves, the line stays as wide.

    Any sign of one cell that stood for it would be taken for the key of that sign.
    """
    line = "".join(segment.text for segment in segments)
    owners = [place for place, segment in enumerate(segments) for _ in segment.text]
    at = line.find(_ENTER)
    while at >= 0 and (spare := _SPARE.search(line, at)):
        end = spare.end() - (1 if spare.end() == len(line) else _KEPT)
        taken = range(end - len(_ENTER_SPELLED) + 1, end)
        owners = [
            *owners[:at],
            *[owners[at]] * len(_ENTER_SPELLED),
            *owners[at + 1 : taken.start],
            *owners[taken.stop :],
        ]
        line = line[:at] + _ENTER_SPELLED + line[at + 1 : taken.start] + line[taken.stop :]
        at = line.find(_ENTER)
    texts = [""] * len(segments)
    for place, character in zip(owners, line, strict=True):
        texts[place] += character
    return [Segment(text, style, control) for text, (_, style, control) in zip(texts, segments, strict=True)]


@lru_cache(maxsize=4096)
def ascii_of(text: str) -> str:
    """Give a text in ASCII that takes exactly as many cells.

    Our own signs and those of typography and currencies have one of their own each; a letter with accents or bars becomes
    the plain one; anything else a question mark a cell.
    """
    if text.isascii():
        return text
    width = cell_len(text)
    spans, _ = split_graphemes(text)
    shown = "".join(_one(text[start:end], cells) for start, end, cells in spans)
    return shown[:width].ljust(width)  # for joiners that join nothing Rich has two answers


def _one(character: str, cells: int) -> str:
    """Give what stands for a character, with the marks that belong to it, in so many cells."""
    base = character[:1]
    if not cells:
        return ""
    if base.isascii():
        return base.ljust(cells)
    if base.isspace():
        return " " * cells
    sign = _ASCII.get(base) or _plain(character, cells)
    return sign.ljust(cells) if sign else UNKNOWN * cells


def _plain(character: str, cells: int) -> str:
    """Give the plain letter or digit of an accented, barred, raised or wide one; nothing for those of other scripts."""
    folded = fold(character)
    if not (folded.isascii() and folded.isalnum()) or (len(folded) > cells and not character[:1].isalpha()):
        return ""
    return (folded.upper() if character[:1].isupper() else folded)[:cells]
