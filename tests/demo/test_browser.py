"""The browser of a walk: it reads pages as people do, and sends what stands in their forms."""

import pytest
from flask import Flask, g

from core.errors import DomainError
from demo.browser import Browser
from demo.pages import Page, read

FORM = b"""<html><head><title>no</title><style>no</style></head><body><nav>no</nav><main>
<h1>How was   it?</h1><p>One <b>bold</b> word</p>
<dl><dt>Who</dt><dd>Anna</dd><dt>When</dt><dd><span>today</span></dd></dl>
<div class="as-typed">line one
line two</div><details>folded</details><svg><title>drawn</title></svg>
<form method="post" action="/answer"><input type="hidden" name="token" value="t&amp;1">
<input name="csat" type="radio" value="1"><input name="csat" type="radio" value="2" checked>
<input type="checkbox" name="themes" value="a" checked><input type="checkbox" name="themes" value="b"><input type="checkbox" name="themes" value="c" checked>
<input type="checkbox" name="yes" checked>
<select name="owner"><option value="1">one</option><option value="2" selected>two</option></select>
<select name="first"><option value="x">x</option><option value="y">y</option></select>
<textarea name="words">kept &lt;b&gt;
words</textarea><input type="submit" name="no" value="no"><button name="step" value="go">Go</button>
<button formaction="/elsewhere?x=1">Go elsewhere</button></form>
<form action=""><input name="q" value=""></form></main></body></html>"""


def page(body: bytes = FORM) -> Page:
    return read("/here?page=2", 200, body)


def test_a_form_sends_what_stands_in_it() -> None:
    fields = page().form("/answer").fields
    assert fields == {
        "token": ["t&1"], "csat": ["2"], "themes": ["a", "c"], "yes": ["on"], "owner": ["2"], "first": ["x"],
        "words": ["kept <b>\nwords"],
    }  # fmt: skip


def test_a_button_that_goes_elsewhere_sends_the_same_form() -> None:
    found = page()
    assert found.form("/elsewhere").fields is found.form("/answer").fields


def test_a_form_without_an_address_goes_where_the_page_is() -> None:
    assert page().form("/here").fields == {"q": [""]}


def test_a_form_that_is_not_there_is_said_so() -> None:
    with pytest.raises(DomainError, match=r"/here\?page=2 has no form to /gone"):
        page().form("/gone")


def test_words_are_those_of_the_main_part_a_line_for_each_block() -> None:
    assert page().words.splitlines() == [
        "How was it?",
        "One bold word",
        "Who: Anna",
        "When: today",
        "line one",
        "line two",
    ]


def test_words_around_the_main_part_are_left_out() -> None:
    assert read("/", 200, b"<header>no</header><main>yes</main><footer>no</footer>").words == "yes"


def test_a_pdf_has_no_words() -> None:
    assert read("/reports/1.pdf", 200, b"%PDF-1.7 <main>no</main>").words == ""


def test_it_follows_where_it_is_sent(app: Flask) -> None:
    assert Browser().open("/sign-in").address == "/"


def test_it_opens_absolute_addresses_of_ours(app: Flask) -> None:
    assert Browser().open("http://127.0.0.1:8000/?x=1#part").address == "/?x=1"


def test_what_a_page_refuses_is_said_in_its_words(app: Flask) -> None:
    with pytest.raises(DomainError, match="GET /s/nothing answered 404"):
        Browser().open("/s/nothing")


def test_each_request_has_a_context_of_its_own(app: Flask) -> None:
    g.access = "somebody who is signed in"
    with pytest.raises(DomainError, match="answered 401"):
        Browser().open("/inbox")
    assert g.access == "somebody who is signed in"


def test_it_sends_a_form_with_what_was_filled_in(app: Flask) -> None:
    browser = Browser()
    with pytest.raises(DomainError, match="answered 401"):
        browser.send(
            browser.open("/"), "/sign-in", email="nobody@example.org", password="a guess that is long"
        )
