"""A page is drawn once for everybody; its token and its nonce are each visitor's own."""

from flask import Flask, g

from core.for_all import NONCE, TOKEN, for_all
from core.headers import csp_nonce


def page(app: Flask, token: str, drawn: list[str], key: str = "one") -> tuple[str, str]:
    """What a visitor gets, and the nonce of their response."""

    def draw(mark: str) -> str:
        drawn.append(mark)
        return f"<style nonce={csp_nonce()}></style>{mark}"

    with app.test_request_context():
        g.pop("csp_nonce", None)  # what a test holds open is no response of its own
        return for_all(key, token, draw), csp_nonce()


def test_it_is_drawn_once(app: Flask) -> None:
    drawn: list[str] = []
    assert page(app, "a", drawn)[0] != page(app, "b", drawn)[0]
    assert drawn == [TOKEN]
    page(app, "c", drawn, "another")
    assert len(drawn) == 2


def test_each_visitor_has_a_token_and_a_nonce_of_their_own(app: Flask) -> None:
    visits = [page(app, token, []) for token in ("first", "second")]
    for token, (html, nonce) in zip(("first", "second"), visits, strict=True):
        assert html == f"<style nonce={nonce}></style>{token}"
    assert len({nonce for _html, nonce in visits} | {NONCE}) == 3
