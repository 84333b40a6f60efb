"""The bundled typefaces, and of them only those whose characters a text uses: each one costs the renderer time."""

import re
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent.parent.parent / "static" / "vendor" / "fonts"
FACE = re.compile(r"@font-face\s*\{[^}]*\}")
FILE = re.compile(r"asset:([\w.-]+)")
RANGE = re.compile(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", re.IGNORECASE)

LATIN_END = 0x250  # emoji faces hold digits too, and Arabic ones full stops


def typefaces(text: str) -> dict[str, bytes]:
    """By name: `print.css` with the faces that `text` needs, and their font files."""
    used = {ord(character) for character in set(text)}
    faces = [face for face in _faces() if any(used & block for block in _covered(face))]
    files = {name: (FONTS / name).read_bytes() for name in FILE.findall("".join(faces))}
    return {"print.css": "\n".join(faces).encode()} | files


@lru_cache
def _faces() -> tuple[str, ...]:
    """All upright ones: nothing in a report is set in italics."""
    faces = FACE.findall((FONTS / "print.css").read_text())
    return tuple(face for face in faces if "italic" not in face)


@lru_cache
def _covered(face: str) -> tuple[frozenset[int], ...]:
    """The blocks of characters a face is needed for, from its unicode-range; Latin ones only from Source Sans."""
    blocks = RANGE.findall(face.partition("unicode-range")[2])
    least = 0 if "Source Sans 3" in face else LATIN_END
    return tuple(frozenset(range(max(int(a, 16), least), int(b or a, 16) + 1)) for a, b in blocks)
