"""What a page says and draws again and again is looked up once, and stays what it would have been each time."""

from collections.abc import Iterator

import pytest
from flask import Flask, g, url_for
from flask_babel import force_locale

from core.application import address_of
from core.ids import LAST
from core.voice import address_as

ANSWER = "You can simply answer this message: a person reads it."


@pytest.fixture(autouse=True)
def _words(wordy_app: Flask) -> Iterator[None]:
    with wordy_app.test_request_context("/inbox"):
        yield


def drawn(app: Flask, template: str, **values: object) -> str:
    return app.jinja_env.from_string(template).render(**values)


def test_words_change_with_the_language_and_the_form_of_address(wordy_app: Flask) -> None:
    template = '{{ _("You can simply answer this message: a person reads it.") }}'
    with force_locale("nl"):
        assert drawn(wordy_app, template).startswith("U kunt")
        address_as("je")
        assert drawn(wordy_app, template).startswith("Je kunt")
    with force_locale("en"):
        assert drawn(wordy_app, template) == ANSWER


@pytest.mark.parametrize("times", [1, 2])
def test_names_are_escaped_and_our_own_words_are_not(wordy_app: Flask, times: int) -> None:
    for _ in range(times):
        assert drawn(wordy_app, '{{ _("<b>%(who)s</b>", who=who) }}', who="<i>") == "<b>&lt;i&gt;</b>"


def test_words_are_a_format_also_without_names(wordy_app: Flask) -> None:
    assert drawn(wordy_app, '{{ _("100%% sure") }}') == "100% sure"
    assert drawn(wordy_app, '{{ _("100%% of %(n)s", n=3) }}') == "100% of 3"
    with pytest.raises(KeyError):
        drawn(wordy_app, '{{ _("%(n)s without its number") }}')


def test_in_a_text_nothing_is_escaped(wordy_app: Flask) -> None:
    text = '{% autoescape false %}{{ _("%(who)s & co", who=who) }}{% endautoescape %}'
    assert drawn(wordy_app, text, who="<i>") == "<i> & co"
    assert drawn(wordy_app, '{{ _("%(who)s & co", who=who) }}', who="<i>") == "&lt;i&gt; & co"


COUNTED = "{% macro draw(n) %}{% do drawn.append(n) %}<b>{{ n }}</b>{% endmacro %}"


def test_the_same_is_drawn_once_and_another_by_itself(wordy_app: Flask) -> None:
    made: list[int] = []
    page = COUNTED + "{% set list = {} %}{% for n in [1, 2, 1, 2] %}{{ draw|once(list, n, n) }}{% endfor %}"
    assert drawn(wordy_app, page, drawn=made) == "<b>1</b><b>2</b><b>1</b><b>2</b>"
    assert made == [1, 2]


def test_two_macros_of_one_list_draw_each_their_own(wordy_app: Flask) -> None:
    page = "{% macro a(n) %}a{{ n }}{% endmacro %}{% macro b(n) %}b{{ n }}{% endmacro %}{% set list = {} %}"
    assert drawn(wordy_app, page + "{{ a|once(list, 1, 1) }}{{ b|once(list, 1, 1) }}") == "a1b1"


def test_another_list_is_drawn_anew(wordy_app: Flask) -> None:
    made: list[int] = []
    lists = "{% for list in [{}, {}] %}{{ draw|once(list, 1, 1) }}{% endfor %}"
    assert drawn(wordy_app, COUNTED + lists, drawn=made) == "<b>1</b><b>1</b>"
    assert made == [1, 1]


@pytest.mark.parametrize("args", [{}, {"q": "100% & <b>"}, {"q": str(LAST)}, {"survey": "a", "theme": "b"}])
def test_an_address_is_what_it_would_be_by_itself(args: dict[str, str]) -> None:
    small = Flask("small")
    small.add_url_rule("/things/<int:number>", "thing")
    with small.test_request_context("/"):
        for number in (1, 23, LAST):
            assert address_of("thing", "number", number, args) == url_for("thing", number=number, **args)  # type: ignore[arg-type]
        assert len(g.addresses) == 1
