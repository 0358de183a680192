"""A theme's colours on a terminal of 256: each becomes the one of them that looks most like it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.color import Color, ColorType
from rich.segment import Segment
from rich.style import Style
from textual.filter import LineFilter

if TYPE_CHECKING:
    from textual.color import Color as TextualColor

Triplet = tuple[int, int, int]

# xterm's palette: a cube of 6 x 6 x 6 from number 16 on, then 24 greys.
_LEVELS = (0, 95, 135, 175, 215, 255)
_CUBE, _GREYS = 16, 232
_READABLE = 4.5


class FewerColors(LineFilter):
    """Names every colour of a line by its number among 256.

    Rich would do so last of all, channel by channel: night's ground turned black, its dialogs navy, and the row under the
    cursor the same navy. Here the nearest colour is the one that the eye takes for it (the distance in OKLab), and an ink
    stays as readable on its ground as the theme has made it.
    """

    def apply(self, segments: list[Segment], background: TextualColor) -> list[Segment]:
        """Give the segments in colours of the 256."""
        return [Segment(text, style and _fewer(style), control) for text, style, control in segments]


@lru_cache(maxsize=2048)
def _fewer(style: Style) -> Style:
    ink, ground = _triplet(style.color), _triplet(style.bgcolor)
    if ink is None and ground is None:
        return style
    number_of_ground = None if ground is None else nearest(ground)
    number_of_ink = None if ink is None else nearest(ink)
    if ink is not None and ground is not None:
        number_of_ink = nearest_ink(ink, ground)
    return style + Style(color=_numbered(number_of_ink), bgcolor=_numbered(number_of_ground))


def _triplet(color: Color | None) -> Triplet | None:
    return color.triplet if color is not None and color.type is ColorType.TRUECOLOR else None


def _numbered(number: int | None) -> Color | None:
    return None if number is None else Color.from_ansi(number)


@lru_cache(maxsize=1024)
def nearest_ink(ink: Triplet, ground: Triplet) -> int:
    """Give the number of the colour that looks most like an ink, of those that can be read on what its ground becomes.

    What can be read has a contrast of 4.5 (WCAG 2.2), or as much as the ink had if that was less.
    """
    number, below = nearest(ink), shown(nearest(ground))
    needed = min(_READABLE, contrast(ink, ground))
    if contrast(shown(number), below) >= needed:
        return number
    wanted = _oklab(ink)
    readable = [one for one in range(_CUBE, 256) if contrast(shown(one), below) >= needed]
    return min(readable, key=lambda one: _apart(_oklab(shown(one)), wanted), default=number)


@lru_cache(maxsize=1024)
def nearest(color: Triplet) -> int:
    """Give the number, from 16 to 255, of the colour that looks most like this one (0 to 255 a channel)."""
    wanted = _oklab(color)
    return min(range(_CUBE, 256), key=lambda number: _apart(_looks(number), wanted))


@lru_cache(maxsize=256)
def _looks(number: int) -> tuple[float, float, float]:
    return _oklab(shown(number))


def shown(number: int) -> Triplet:
    """Give what a terminal shows for a number from 16 to 255."""
    if number >= _GREYS:
        return (8 + 10 * (number - _GREYS),) * 3
    place = number - _CUBE
    return _LEVELS[place // 36], _LEVELS[place // 6 % 6], _LEVELS[place % 6]


def contrast(one: Triplet, other: Triplet) -> float:
    """Give the contrast of two colours, from 1 to 21, as WCAG 2.2 computes it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Triplet) -> float:
    red, green, blue = (_linear(channel / 255) for channel in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _apart(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _oklab(color: Triplet) -> tuple[float, float, float]:
    """Give lightness and the two axes of hue, after Björn Ottosson's "A perceptual color space" (2020)."""
    red, green, blue = (_linear(channel / 255) for channel in color)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
