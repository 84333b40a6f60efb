"""What comments are about, by a program: read, renamed, merged, taken away."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from typing import Any

import pytest
from flask import Flask

from core.db import db, writing
from tests.api.programs import Program
from tests.cast import Cast
from tests.desk import theme
from tests.each import each
from triage.models import Comment
from triage.themes.models import Theme

both = pytest.mark.both_databases


@pytest.fixture
def themes(manager: Program, survey: str, people: Cast) -> list[int]:
    """Boxes, with two comments; Packing, with one of them; Days, with none."""
    made = [theme(people, name.lower(), name) for name in ("Boxes", "Packing", "Days")]
    for _ in range(2):
        manager.answered()
    ids = [c["id"] for c in manager.get("/comments")["data"]]
    with writing():
        for id, of_it in zip(ids, (made[:2], made[:1]), strict=True):
            db.session.get_one(Comment, id).themes = of_it
    return [t.id for t in made]


def line(id: int, key: str, comments: int, **more: Any) -> dict[str, Any]:
    name = {"en": key.capitalize(), "nl": key.capitalize()}
    return {"id": id, "key": key, "name": name, "comments": comments, "actions": 0, "more": False, **more}


@both
def test_themes_are_read_with_their_counts(viewer: Program, stranger: Program, themes: list[int]) -> None:
    boxes, packing, days = themes
    assert viewer.get("/themes") == {
        "data": [line(boxes, "boxes", 2), line(packing, "packing", 1), line(days, "days", 0)], "next": None,
    }  # fmt: skip
    assert stranger.get("/themes")["data"] == []
    assert [t["id"] for t in viewer.get("/themes?limit=1&after=" + str(boxes))["data"]] == [packing]


@both
def test_a_merged_theme_is_asked_for_by_either_key(manager: Program, themes: list[int]) -> None:
    boxes, packing, _days = themes
    assert manager.post(f"/themes/{boxes}/merger", {"into": packing}, 200) == line(
        packing, "packing", 2, moved=2
    )
    for key in ("boxes", "packing"):
        assert len(manager.get(f"/comments?theme={key}")["data"]) == 2
    assert [t["key"] for t in manager.get("/themes")["data"]] == ["packing", "days"]


@both
def test_two_that_merge_the_same_at_once_leave_one_theme_with_everything(
    app: Flask, manager: Program, themes: list[int]
) -> None:
    """Each into the other: whoever comes second is told so."""
    boxes, packing, _days = themes

    def send(one: int, into: int) -> int:
        program = manager
        return int(Context().run(program.send, "POST", f"/themes/{one}/merger", {"into": into}).status_code)

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(send, *zip(*[(boxes, packing), (packing, boxes)] * 2, strict=True)))
    assert statuses == [200, 409, 409, 409]
    (left,) = [t for t in manager.get("/themes")["data"] if t["key"] != "days"]
    assert left["comments"] == 2
    assert len(manager.get(f"/comments?theme={left['key']}")["data"]) == 2


@both
def test_a_language_that_is_left_out_keeps_its_words(manager: Program, themes: list[int]) -> None:
    boxes = themes[0]
    assert manager.ask("PATCH", f"/themes/{boxes}", {"name": {"nl": "Dozen"}})["name"] == {
        "en": "Boxes",
        "nl": "Dozen",
    }
    assert manager.ask("PATCH", f"/themes/{boxes}", {"name": {"en": ""}})["name"] == {"nl": "Dozen"}
    assert manager.get("/themes")["data"][0]["key"] == "boxes", "the key stays"


REFUSED: list[tuple[str, str, Any, int, str]] = [
    ("PATCH", "/themes/{0}", {"name": {"en": "DAYS"}}, 409, "There is a theme “Days” already."),
    ("PATCH", "/themes/{0}", {"name": {"en": " ", "nl": ""}}, 422, "Give it a name."),
    ("PATCH", "/themes/{0}", {"name": {"en": "x" * 61}}, 422, "This text is 61 characters long"),
    ("PATCH", "/themes/{0}", {"name": {"fr": "Oui"}}, 422, "There is no such name here."),
    ("PATCH", "/themes/{0}", {}, 422, "“name”: This is missing."),
    ("POST", "/themes/{0}/merger", {"into": "x"}, 422, "Give a whole number."),
    ("POST", "/themes/{0}/merger", {"into": 99999}, 404, "There is nothing here"),
    ("POST", "/themes/99999/merger", {"into": 1}, 404, "There is nothing here"),
    ("DELETE", "/themes/{0}", None, 409, "Something is about “Boxes”."),
]


@each(("method", "path", "body", "status", "sentence"), REFUSED)
def test_what_cannot_be_is_refused_with_a_sentence(
    manager: Program, themes: list[int], method: str, path: str, body: Any, status: int, sentence: str
) -> None:
    assert sentence in manager.refused(method, path.format(*themes), body, status)


def test_a_theme_is_not_merged_into_itself(manager: Program, themes: list[int]) -> None:
    said = manager.refused("POST", f"/themes/{themes[0]}/merger", {"into": themes[0]})
    assert said == "A theme cannot be merged into itself. Choose another one."


def test_another_organisation_sees_and_changes_none_of_it(
    manager: Program, stranger: Program, people: Cast, themes: list[int]
) -> None:
    with writing():
        theirs = Theme(organisation_id=people.housing.id, key="boxes", name={"en": "Boxes"})
        db.session.add(theirs)
    id = theirs.id
    stranger.refused("PATCH", f"/themes/{themes[0]}", {"name": {"en": "Mine"}}, 404)
    stranger.refused("DELETE", f"/themes/{themes[2]}", None, 404)
    stranger.refused("POST", f"/themes/{id}/merger", {"into": themes[0]}, 404)
    manager.refused("POST", f"/themes/{themes[0]}/merger", {"into": id}, 404)


def test_changing_is_for_managers(agent: Program, themes: list[int]) -> None:
    for method, path, body in (
        ("PATCH", f"/themes/{themes[0]}", {"name": {"en": "Mine"}}),
        ("POST", f"/themes/{themes[0]}/merger", {"into": themes[1]}),
        ("DELETE", f"/themes/{themes[2]}", None),
    ):
        agent.refused(method, path, body, 403)


@both
def test_what_nothing_is_about_is_taken_away(manager: Program, themes: list[int]) -> None:
    manager.ask("DELETE", f"/themes/{themes[2]}", status=204)
    assert "was taken away meanwhile" in manager.refused("DELETE", f"/themes/{themes[2]}", None, 409)
    assert len(manager.get("/themes")["data"]) == 2
