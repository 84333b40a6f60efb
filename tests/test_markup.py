"""How tests read pages: as a browser does, as html5lib does, and never past what is not sound."""

from typing import Any

import html5lib
import pytest

from tests.hostile import WORDS
from tests.markup import read, sound, tree

BEGIN = '<!doctype html><html lang="en"><title>A</title>'
PAGES = {
    "text before, in and behind": "<p>a<b>b</b>c<i>d</i>e</p>f",
    "what a browser adds": "<p>one<p>two<table><tr><td>1</table><ul><li>a<li>b</ul>",
    "attributes": '<input hidden value="" data-a="&lt;&amp;&quot;"><a href=x>y</a>',
    "first line of an area": "<textarea>\n\na\n</textarea><pre>\nb</pre>",
    "a remark": "<p>a<!-- not said -->b</p>",
    "without a script": "<noscript><a href='/x'>on</a></noscript><script>if (1 < 2) {}</script><style>a > b {}</style>",
    "a drawing": '<svg viewBox="0 0 1 1"><title>t</title><use xlink:href="#a"/><foreignObject><p>p</p></foreignObject></svg>',
    "lines of another system": "<p>a\r\nb\rc</p>",
    "letters": "<p>Ünïcödé 😀 &eacute;&nbsp;&#8364;</p>",
    "not sound": "<p><b>a</p>b</i><table>c<tr>d</table><p>",
}


def told(element: Any) -> Any:
    """All that can be found of it; of a remark without the spaces around it."""
    if not isinstance(element.tag, str):
        return "a remark", (element.text or "").strip(), element.tail or ""
    rest = [told(child) for child in element]
    return element.tag, sorted(element.attrib.items()), element.text or "", element.tail or "", rest


@pytest.mark.parametrize("name", PAGES)
def test_both_parsers_read_the_same(name: str) -> None:
    html = BEGIN + PAGES[name]
    assert told(read(html)) == told(html5lib.parse(html, namespaceHTMLElements=False))


@pytest.mark.parametrize("name", WORDS)
def test_also_hostile_words(name: str) -> None:
    html = f"{BEGIN}<p>{WORDS[name]}"
    assert told(read(html)) == told(html5lib.parse(html, namespaceHTMLElements=False))


@pytest.mark.parametrize(
    "broken",
    [
        "<h1>b</h2>", "<h1>b", '<h1 id="1" id="2">c</h1>', "<h1>b</h1>&#0;", "<h1>b</p></h1>", "<h1>\x07</h1>", "<h1>a & b &x;</h1>", "<h1>a &ampx b</h1>",
        '<h1 id="a"b">c</h1>', "<h1>b<</h1>", "<table><p>a</p><tr><td>b</table>",
    ],
)  # fmt: skip
def test_what_resembles_a_sound_page_and_is_not_is_seen(broken: str) -> None:
    for whole in ('<h1 id="1">a</h1>', '<h1 id="2">b</h1>', "<table> <tr><td>b</table>"):
        sound(BEGIN + whole)
    with pytest.raises(AssertionError):
        tree(BEGIN + broken)


def test_a_page_that_differs_in_plain_words_only_is_not_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    sound(f'{BEGIN}<h1 id="a-1">One, two</h1><p> </p>')
    judged: list[str] = []
    monkeypatch.setattr("tests.markup._judge", judged.append)
    sound(f'{BEGIN}<h1 id="it&#39;s">Drie &amp; (vier)!</h1><p> </p>')
    assert judged == []
    sound(f"{BEGIN}<h1>One &euro; two</h1>")
    assert len(judged) == 1
