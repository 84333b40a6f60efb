"""Attributes of fields: quicker than the library's, and the same letter for letter."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import lazy_gettext
from markupsafe import Markup
from wtforms import Form, RadioField, StringField, SubmitField, TextAreaField, widgets
from wtforms.fields import choices
from wtforms.widgets import core as widgets_core

from core.attributes import attributes
from tests.hostile import WORDS

core: Any = widgets_core
one: Any = vars(choices)["SelectChoice"]
VALUES: tuple[Any, ...] = (
    "",
    7,
    1.5,
    None,
    True,
    False,
    Markup('<b title="x">'),
    Markup("&quot;"),
    lazy_gettext("Cancel"),
    ["a", '"'],
)
NAMES = ("class_", "for_", "data_left", "aria_labelledby", "data-left", "maxlength", "x_y", 'a"b<c>')


class Asked(Form):
    name = StringField("Name", render_kw={"data_count": "n", "autofocus": True})
    words = TextAreaField("Words")
    kind = RadioField("Kind", choices=[one("a", "A"), one('"', "<B>")])
    go = SubmitField("Go")


def as_the_library(**given: Any) -> str:
    """What WTForms itself does, which is replaced in this process."""
    params = []
    for name, value in sorted(given.items()):
        if value is True:
            params.append(core.clean_key(name))
        elif value is not False:
            escaped = Markup.escape(value).replace(Markup('"'), Markup("&quot;"))
            params.append(Markup('{k}="{v}"').format(k=core.clean_key(name), v=escaped))
    return Markup(" ").join(params)


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("name", NAMES)
def test_whatever_it_is_the_library_writes_the_same(name: str) -> None:
    for value in (*VALUES, *WORDS.values()):
        given = {name: value, "id": "one"}
        assert attributes(**given) == as_the_library(**given)
        assert type(attributes(**given)) is Markup


def test_they_stand_in_the_order_of_their_names() -> None:
    assert attributes(name="n", checked=True, id="i", required=False) == 'checked id="i" name="n"'


def test_every_field_of_the_application_is_written_by_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert widgets.html_params is core.html_params is attributes
    asked = Asked(data={"name": '"<', "words": "</textarea>", "kind": '"'})
    ours = [str(field()) for field in asked] + [str(asked.name.label(class_="x"))]
    for place in (widgets, core):
        monkeypatch.setattr(place, "html_params", as_the_library)
    for widget in (core.Input, core.Button):
        monkeypatch.setattr(widget, "html_params", staticmethod(as_the_library))
    assert [str(field()) for field in asked] + [str(asked.name.label(class_="x"))] == ours
