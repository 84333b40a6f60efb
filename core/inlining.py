"""Styles where mail programs read them: on each element. Done once for each shape of a letter, not for each letter.

A letter is its tags and its words. The words are taken out, the tags are inlined and kept, and the words of
the next letter of the same shape are put in their places, escaped as they came.
"""

import re
from functools import lru_cache

import css_inline

_inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)
_STYLE = re.compile(r"(<style\b.*?</style>)", re.DOTALL | re.IGNORECASE)
_WORDS = re.compile(r'(?<=href=")[^"]*(?=")|(?<=>)[^<>]+(?=<)')
_PLACE = re.compile("\ue000([0-9]+)\ue001")


def inlined(html: str) -> str:
    """The html with its styles on each element."""
    words: list[str] = []

    def place(found: re.Match[str]) -> str:
        if found[0].isspace():
            return found[0]
        words.append(found[0])
        return f"\ue000{len(words) - 1}\ue001"

    pieces = _STYLE.split(html)
    pieces[::2] = [_WORDS.sub(place, piece) for piece in pieces[::2]]
    shape = _inlined("".join(pieces))
    return "".join(words[piece] if isinstance(piece, int) else piece for piece in shape)


@lru_cache(maxsize=256)
def _inlined(shape: str) -> tuple[str | int, ...]:
    """The html in pieces: text as it is, and numbers of words."""
    pieces = _PLACE.split(_inliner.inline(shape))
    return tuple(int(piece) if place % 2 else piece for place, piece in enumerate(pieces))
