"""The attributes of a field, letter for letter as WTForms writes them, which formats each one through a class of its own:
that was an eighth of a page with a form.
"""

from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape
from wtforms import widgets
from wtforms.widgets import core

_core: Any = core
"""Its types know less than it holds."""


def write_for_wtforms() -> None:
    """For the rest of this process."""
    widgets.html_params = _core.html_params = attributes
    for widget in (_core.Input, _core.Button):
        widget.html_params = staticmethod(attributes)


def attributes(**given: Any) -> Markup:
    """`True` stands for a name alone, and `False` for nothing at all."""
    shown = (
        _name(name) if value is True else f'{_name(name)}="{_quoted(value)}"'
        for name, value in sorted(given.items())
        if value is not False
    )
    return Markup(" ".join(shown))  # noqa: S704 - escaped one by one


@lru_cache(maxsize=512)
def _name(name: str) -> str:
    return str(escape(_core.clean_key(name)))


def _quoted(value: Any) -> str:
    """What is marked as HTML has quotes of its own, which would end the attribute."""
    return str.replace(escape(value), '"', "&quot;")
