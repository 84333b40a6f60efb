"""HTML as a tree, as a browser reads it, and whether it is sound.

html5lib names what is not sound, and takes a hundred times as long as the parser of a browser: it reads each shape of a
page once, and the tree comes from Lexbor.
"""

import re
from typing import Any
from xml.etree.ElementTree import Comment, Element

import html5lib
from selectolax.lexbor import LexborHTMLParser

ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|#34|#39);")
VALUE = re.compile(r'="[\w ./:,;?#%+()~@!*|=-]*"')
WORDS = re.compile(r">\s*[\w.,:;!?()/’‘“”…·–—€%+*@#~|-][\w\s.,:;!?()/’‘“”…·–—€%+*@#~|-]*<")
"""What a template escaped; values and runs of text that hold no character which means something to a parser or may not stand in a page."""
SVG = "{http://www.w3.org/2000/svg}"
PREFIXES = {
    "xlink:href": "{http://www.w3.org/1999/xlink}href",
    "xmlns": "{http://www.w3.org/2000/xmlns/}xmlns",
}
_sound: set[str] = set()


def tree(html: str) -> Element:
    """Sound HTML as a tree; AssertionError with what is not sound, and where."""
    sound(html)
    return read(html)


def sound(html: str) -> None:
    """AssertionError as of `tree`. What differs from a page before only in plain words and values is as sound as that."""
    shape = WORDS.sub(">x<", VALUE.sub('=""', ESCAPED.sub("x", html)))
    if shape not in _sound:
        _judge(html)
        _sound.add(shape)


def _judge(html: str) -> None:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    parser.parse(html)
    assert not parser.errors, [(place, code) for place, code, _ in parser.errors]


def read(html: str) -> Element:
    """Any HTML, sound or not."""
    return _element(LexborHTMLParser(html).root, "")


def _element(node: Any, space: str) -> Element:
    space = SVG if node.tag == "svg" else space
    made = Element(space + node.tag, _attributes(node, space))
    last: Any = None
    child = node.child
    while child is not None:
        if child.is_text_node:
            _say(made, last, child.text_content or "")
        else:
            last = (
                _element(child, "" if node.tag == "foreignObject" else space)
                if child.is_element_node
                else Comment(child.comment_content)
            )
            made.append(last)
        child = child.next
    return made


def _attributes(node: Any, space: str) -> dict[str, str]:
    found = {name: value or "" for name, value in node.attributes.items()}
    return {PREFIXES.get(name, name): value for name, value in found.items()} if space else found


def _say(parent: Element, last: Element | None, words: str) -> None:
    """Where ElementTree keeps text: in the parent before its first child, else behind the child before."""
    if last is None:
        parent.text = (parent.text or "") + words
    else:
        last.tail = (last.tail or "") + words
