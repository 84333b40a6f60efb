"""Whether words in a colour can be read, by the rule of WCAG 2.2 (1.4.3), and the nearest colour in which they can."""

import re

LEAST = 4.5
WHITE = "#ffffff"


def is_colour(text: str) -> bool:
    return re.fullmatch("#[0-9a-fA-F]{6}", text) is not None


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white): (L₁ + 0.05) ÷ (L₂ + 0.05), the lighter one above."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour, from 0 to 1."""
    red, green, blue = (_linear(channel / 255) for channel in bytes.fromhex(colour[1:]))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def readable(colour: str) -> str:
    """The colour itself where words in it can be read on white, else darkened until they can, in the same hue."""
    channels = bytes.fromhex(colour[1:])
    shades = ("#" + bytes(round(c * part / 100) for c in channels).hex() for part in range(100, -1, -1))
    return next(shade for shade in shades if contrast(shade, WHITE) >= LEAST)
