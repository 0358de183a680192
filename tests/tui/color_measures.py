"""How colours are measured, apart from the program: contrast, distance, and what a colour-blind eye makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.color import Color

Triplet = tuple[int, int, int]

# What an eye without the cones for red (protanopia) or green (deuteranopia) makes of linear light: Machado, Oliveira and
# Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009), severity 1.0.
EYES = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881),
    ),
}  # fmt: skip


def triplet(color: Color | None) -> Triplet:
    """Give a colour as it is shown, of whatever kind it is."""
    assert color is not None
    red, green, blue = color.get_truecolor()
    return red, green, blue


def ratio(one: Triplet, other: Triplet) -> float:
    """Give the contrast of two colours, from 1 to 21, as WCAG 2.2 computes it."""
    lights = sorted(map(_luminance, (one, other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def apart(one: Triplet, other: Triplet, eye: str = "normal") -> float:
    """Give how far apart two colours are for an eye, in OKLab: 0.02 is what can just be noticed, black to white is 1."""
    pairs = zip(_oklab(_seen(one, eye)), _oklab(_seen(other, eye)), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5


def _luminance(color: Triplet) -> float:
    red, green, blue = map(_linear, color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: int) -> float:
    """Give a channel of sRGB as the light that it stands for, from 0 to 1."""
    part = channel / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _seen(color: Triplet, eye: str) -> list[float]:
    light = [_linear(channel) for channel in color]
    return [min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in EYES[eye]]


def _oklab(light: list[float]) -> tuple[float, float, float]:
    red, green, blue = light
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )
