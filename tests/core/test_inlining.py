"""Styles on each element: the same as the library makes, once for each shape of a letter."""

from html import escape

import css_inline
import pytest

from core import inlining
from core.inlining import inlined
from tests.markup import tree

SHEET = (
    "<!doctype html><html><head><title>{0}</title><style>p {{ color: red; }} .b {{ margin: 0; }}</style></head>"
    '<body>\n<p class="b">{0}</p><p><a href="{1}">{0}</a> {0}</p></body></html>'
)
HOSTILE = (
    "<script>", "\"'&amp;", "\ue0000\ue001", "{{7*7}} %s \\1 \\g<0>", "a\n\n  b", "ünï \u202e \u2028 👍", "&lt;p&gt;", " x ", "</style>",
)  # fmt: skip
_library = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


def seen(html: str) -> list[tuple[str, dict[str, str], str, str]]:
    """Each element with its attributes and the words in and after it."""
    return [(str(e.tag), dict(e.attrib), e.text or "", e.tail or "") for e in tree(html).iter()]


@pytest.mark.parametrize("words", HOSTILE)
def test_it_is_what_the_library_makes_whatever_the_words(words: str) -> None:
    letter = SHEET.format(escape(words), escape(f"https://x.example/?a={words}"))
    assert seen(inlined(letter)) == seen(_library.inline(letter))


def test_a_shape_is_inlined_once() -> None:
    inlining._inlined.cache_clear()
    for n in range(20):
        inlined(SHEET.format(f"words {n}", f"https://x.example/{n}"))
    inlined(SHEET.replace("red", "blue").format("words", "https://x.example/"))
    assert inlining._inlined.cache_info().misses == 2, "and another style is another shape"


def test_much_white_space_is_no_work() -> None:
    assert inlined(f"<p>{' ' * 100_000}</p><p>x</p>").count(" ") >= 100_000
