"""Which role each route asks for, and the refusal to start with a route that does not say."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from flask import Flask, current_app
from werkzeug.routing import Rule

from core.access import Role

HARMLESS = {"GET", "HEAD", "OPTIONS", "TRACE"}
_UNSAID = object()


class Route(Rule):
    """The function that builds its address is compiled when it is first asked for: most of them never are."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(partial(super()._compile_builder, append_unknown))

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            return compiled()(rule, **values)

        return build


def refuse_undeclared(app: Flask) -> None:
    """Deny by default: RuntimeError naming every route that is neither `public` nor `require`s a role."""
    asked = {(rule.endpoint, method) for rule in app.url_map.iter_rules() for method in methods(rule.methods)}
    silent = sorted({endpoint for endpoint, method in asked if _role(app, endpoint, method) is _UNSAID})
    if silent:
        raise RuntimeError(f"say public or require(…) for {', '.join(silent)}")


def least_role(endpoint: str, method: str) -> Role | None:
    """The least role that a route asks for; None where strangers may come."""
    role = _role(current_app, endpoint, method)
    if role is _UNSAID:
        raise RuntimeError(f"say public or require(…) for {endpoint}")
    return role  # type: ignore[no-any-return]


def methods(of_rule: set[str] | None) -> list[str]:
    """The methods somebody wrote; Flask adds HEAD and OPTIONS by itself."""
    return sorted((of_rule or set()) - {"HEAD", "OPTIONS"})


def _role(app: Flask, endpoint: str, method: str) -> Any:
    if endpoint == "static":
        return None
    view = app.view_functions[endpoint]
    return getattr(_handler(view, method), "least_role", getattr(view, "least_role", _UNSAID))


def _handler(view: Callable[..., Any], method: str) -> Any:
    """The function behind one method of a class of views, else the view itself."""
    return getattr(getattr(view, "view_class", None), method.lower(), view)
