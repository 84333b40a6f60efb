"""A field with a widget of the browser's own: what does not fit in it comes back as text, since it would be gone."""

import pytest
from wtforms import Form, StringField
from wtforms.widgets import Input

from core.fields import ColourInput, DayInput, is_day

WRONG_DAYS = (
    "tomorrow",
    "2026-02-30",
    "26-11-2026",
    "2026-11-26T10:00",
    " 2026-11-26",
    "20261126",
    "2026-W48-4",
    "\u0662\u0660\u0662\u0666-11-26",
)


def drawn(widget: Input, value: str) -> str:
    class OneField(Form):
        one = StringField(widget=widget)

    return str(OneField(data={"one": value}).one())


@pytest.mark.parametrize("text", ["2026-11-26", "2024-02-29", "0001-01-01"])
def test_a_day_stands_in_a_calendar(text: str) -> None:
    assert is_day(text)
    assert 'type="date"' in drawn(DayInput(), text)


@pytest.mark.parametrize("text", WRONG_DAYS)
def test_what_is_no_day_comes_back_as_it_was_typed(text: str) -> None:
    assert not is_day(text)
    shown = drawn(DayInput(), text)
    assert 'type="text"' in shown
    assert f'value="{text}"' in shown


@pytest.mark.parametrize(
    ("text", "kind"), [("#0f5c6b", "color"), ("#ABCDEF", "color"), ("red", "text"), ("#fff", "text")]
)
def test_a_colour_stands_in_a_palette_and_what_is_none_as_text(text: str, kind: str) -> None:
    assert f'type="{kind}"' in drawn(ColourInput(), text)


@pytest.mark.parametrize(("widget", "kind"), [(DayInput(), "date"), (ColourInput(), "color")])
def test_an_empty_one_offers_what_the_browser_has(widget: Input, kind: str) -> None:
    assert f'type="{kind}"' in drawn(widget, "")
