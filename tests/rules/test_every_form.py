"""Whatever is sent in a form of ours gets an answer that somebody can read: never a failure of ours."""

from typing import Any
from urllib.parse import quote_plus

import pytest

from tests.hostile import ADDRESSES, DAYS, UNKEEPABLE, WORDS
from tests.markup import sound
from tests.rules.forms import Form, forms
from tests.rules.world import World

SOME_WORDS = ("script", "out of a textarea", "jinja", "control", "header")
TYPED = {
    **{name: WORDS[name] for name in SOME_WORDS},
    "NUL": UNKEEPABLE["NUL"],
    "more than fits": "ß" * 6000,
    "a number": str(2**63),
    "a day": DAYS[0],
    "an address": ADDRESSES[2],
}
CHOSEN = ("-1", str(2**63), "abc", "\x00")
DATES = (*DAYS[:4], "0")
DATED = ("_on", "until", "first", "last")


@pytest.fixture(scope="module")
def every_form(world: World) -> tuple[Form, ...]:
    return forms(world)


def sent(world: World, form: Form, body: Any, **options: Any) -> int:
    """The status of the answer, by whoever finds this form; a page that comes back must be sound HTML."""
    who = "stranger" if form.page.startswith(("/s/", "/f/", "/i/", "/u/", "/reports/read/")) else "admin"
    answer = world.ask(who, "POST", form.action, data=body, **options)
    if answer.mimetype == "text/html" and answer.status_code != 303:
        sound(answer.text.replace("\x07", "").replace("\x1b", "").replace("\x7f", ""))
    return int(answer.status_code)


def test_the_crawl_finds_the_forms(every_form: tuple[Form, ...]) -> None:
    found = {form.page for form in every_form}
    assert len(every_form) > 25
    assert {"/surveys/new", "/actions/new", "/settings/organisation"} <= found


def test_what_a_browser_would_send_at_once_is_understood(
    world: World, every_form: tuple[Form, ...], subtests: pytest.Subtests
) -> None:
    for form in every_form:
        with subtests.test(str(form)):
            assert sent(world, form, form.filled()) in {200, 201, 303, 409, 422}


@pytest.mark.parametrize("name", TYPED)
def test_hostile_words_in_every_field_at_once(
    world: World, every_form: tuple[Form, ...], name: str, subtests: pytest.Subtests
) -> None:
    for form in every_form:
        with subtests.test(str(form)):
            assert sent(world, form, form.filled(**dict.fromkeys(form.typed, TYPED[name]))) < 500


def test_a_forged_choice_in_each_field(
    world: World, every_form: tuple[Form, ...], subtests: pytest.Subtests
) -> None:
    fields = [(form, field) for form in every_form for field in form.chosen]
    for form, field in fields:
        for value in DATES if field.endswith(DATED) else CHOSEN:
            with subtests.test(f"{form} {field}={value!r}"):
                assert sent(world, form, form.filled(**{field: value})) < 500


def test_bytes_that_are_no_text(
    world: World, every_form: tuple[Form, ...], subtests: pytest.Subtests
) -> None:
    for form in every_form:
        with subtests.test(str(form)):
            body = "&".join(f"{quote_plus(name)}=%ED%A0%80%FF" for name in (*form.typed, *form.chosen))
            assert sent(world, form, body, content_type="application/x-www-form-urlencoded") < 500


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", "nonsense"]
)
def test_another_kind_of_body(
    world: World, every_form: tuple[Form, ...], kind: str, subtests: pytest.Subtests
) -> None:
    for form in every_form:
        with subtests.test(str(form)):
            assert sent(world, form, b'{"a": [1]}', content_type=kind) < 500
