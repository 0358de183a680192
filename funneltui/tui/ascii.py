"""For terminals without box characters: everything that is painted becomes ASCII, and stays as wide as it was."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from textual.filter import LineFilter

from funneltui.domain.text import fold

if TYPE_CHECKING:
    from textual.color import Color

UNKNOWN = "?"

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
    "<": "◀◂◄←⇐⇦⟵‹«❮↵⏎↩",
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
        return [Segment(ascii_of(text), style, control) for text, style, control in segments]


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
