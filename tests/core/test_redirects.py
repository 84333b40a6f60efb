"""A form may send somebody to a page of this site, and nowhere else (R45)."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from core.redirects import same_site
from tests.each import each

ELSEWHERE = (
    "", "evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example",
    "https://evil.example", "https:/evil.example", "https:evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
    " //evil.example", "/ /evil.example", "/%2f/evil.example", "/\u2028/evil.example", "/settings\r\nSet-Cookie: a=b", "/\x00settings",
    "http://localhost@evil.example/", "/no/such/page", "/sign-out", "settings", "?next=/settings", "#top", "ftp://localhost/settings",
)  # fmt: skip


@pytest.mark.security("open redirect")
@each("target", ELSEWHERE)
def test_elsewhere_becomes_the_home_page(app: Flask, target: str) -> None:
    with app.test_request_context("/"):
        assert same_site(target) == "/"


@each(
    "target",
    ["/", "/settings", "/settings/profile?a=1&b=2", "/settings?next=//evil.example", "/settings/people/7"],
)
def test_a_page_of_ours_stays(app: Flask, target: str) -> None:
    with app.test_request_context("/"):
        assert same_site(target) == target


def test_whatever_is_sent_stays_here() -> None:
    app = Flask("any")
    app.add_url_rule("/", "home", lambda: "")
    app.add_url_rule("/<path:rest>", "all", lambda rest: rest)

    @given(st.text() | st.text().map("/{}".format) | st.text().map("//{}".format))
    def stays(target: str) -> None:
        with app.test_request_context("/"):
            found = same_site(target)
        assert found.startswith("/")
        assert not found.startswith(("//", "/\\"))
        assert found.isprintable()

    stays()
