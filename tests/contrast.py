"""How well colours can be told apart: WCAG contrast, and distance as colour-blind people see it."""

from __future__ import annotations

Colour = tuple[float, float, float]
"""Red, green and blue from 0 to 1."""

SEEN_BY = {
    "everybody": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopes": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopes": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
"""What linear light becomes, after Machado, Oliveira and Fernandes (2009), severity 1."""


def parse(written: str) -> Colour:
    """The colour of `#RRGGBB`."""
    red, green, blue = (int(written[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def blended(colour: str, ground: str, share: float) -> str:
    """What is seen of a colour that covers its ground by `share`, from 0 to 1."""
    pairs = zip(parse(colour), parse(ground), strict=True)
    return "#" + "".join(f"{round(255 * (share * one + (1 - share) * other)):02X}" for one, other in pairs)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2: 1 of a colour with itself, 21 of black and white."""
    darker, lighter = sorted((luminance(parse(one)), luminance(parse(other))))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: Colour) -> float:
    """Relative luminance: of black 0, of white 1."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(colour: Colour) -> Colour:
    """Light instead of the numbers that screens are sent."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return red, green, blue


def distance(one: str, other: str, whom: str) -> float:
    """How far apart two colours are to `whom` (a key of SEEN_BY): CIE 1976, just noticed at about 2.3."""
    first, second = (_lab(_seen(linear(parse(each)), whom)) for each in (one, other))
    return sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5


def _seen(light: Colour, whom: str) -> Colour:
    red, green, blue = (
        min(max(sum(weight * part for weight, part in zip(row, light, strict=True)), 0.0), 1.0)
        for row in SEEN_BY[whom]
    )
    return red, green, blue


def _lab(light: Colour) -> Colour:
    red, green, blue = light
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
