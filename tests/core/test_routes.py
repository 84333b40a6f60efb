"""Deny by default: what a route must say, and how it is read."""

from typing import Any

import pytest
from flask import Flask, url_for
from flask.views import MethodView

from core.access import Role, public, require
from core.routes import Route, least_role, methods, refuse_undeclared


@pytest.fixture
def app(app_of_its_own: Flask) -> Flask:
    """Routes are added to it."""
    return app_of_its_own


def with_view(view: Any, **options: Any) -> Flask:
    app = Flask("routes")
    app.add_url_rule("/page", "page", view, **options)
    return app


def test_a_route_that_says_nothing_is_named() -> None:
    with pytest.raises(RuntimeError, match="page"):
        refuse_undeclared(with_view(lambda: ""))


@pytest.mark.parametrize("guard", [public, require(Role.viewer), require(Role.admin)])
def test_a_route_that_says_something_is_fine(guard: Any) -> None:
    refuse_undeclared(with_view(guard(lambda: "")))


def test_the_role_is_read_from_each_method_of_a_class() -> None:
    class Page(MethodView):
        @public
        def get(self) -> str:
            return ""

        @require(Role.manager)
        def post(self) -> str:
            return ""

    app = with_view(Page.as_view("page"))
    refuse_undeclared(app)
    with app.app_context():
        assert (least_role("page", "GET"), least_role("page", "POST")) == (None, Role.manager)


def test_one_silent_method_of_a_class_is_enough_to_refuse() -> None:
    class Page(MethodView):
        @public
        def get(self) -> str:
            return ""

        def post(self) -> str:
            return ""

    with pytest.raises(RuntimeError, match="page"):
        refuse_undeclared(with_view(Page.as_view("page")))


def test_only_what_somebody_wrote_is_judged() -> None:
    assert methods({"GET", "HEAD", "OPTIONS", "POST"}) == ["GET", "POST"]
    assert methods(None) == []


def test_an_address_is_built_from_the_second_time_on_by_what_was_compiled_at_the_first() -> None:
    app = Flask("routes")
    app.url_rule_class = Route
    app.add_url_rule("/rules/<rule>/<int:number>", "page", public(lambda: ""))
    with app.test_request_context():
        assert url_for("page", rule="a b", number=1) == "/rules/a%20b/1"
        assert url_for("page", rule="c", number=2, more="x") == "/rules/c/2?more=x"
        assert url_for("page", rule="d", number=3) == "/rules/d/3"
