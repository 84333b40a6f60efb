"""What staff do, by a program: find comments, decide, tag, undo, move a promise, approve a digest."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.db import db, writing
from tests.api.programs import STRONGER, Program
from tests.cast import Cast
from triage.models import Action, Comment
from triage.themes.models import Theme

both = pytest.mark.both_databases


@pytest.fixture
def comments(manager: Program, survey: str, people: Cast) -> list[int]:
    """Three comments: the first is about the box and frustrated, the second is held, the third stands in another survey."""
    manager.answered(comment="De DOOS was stuk.")
    manager.answered(comment="Prima geholpen, café!", customer={"channel": "page"})
    manager.answered(manager.opened_survey("retour"), comment="Te laat.")
    ids = [c["id"] for c in manager.get("/comments")["data"]]
    with writing():
        first = db.session.get_one(Comment, ids[0])
        first.emotion = "frustrated"
        first.themes.append(
            Theme(organisation_id=people.webshop.id, key="packing", name={"nl": "Verpakking"})
        )
    manager.post("/tags", {"comment_ids": [ids[1]], "action_id": manager.decided("thanks")})
    return ids


FILTERS = [
    ("", [0, 1, 2]),
    ("state=&survey=&emotion=&theme=&q=", [0, 1, 2]),
    ("state=open", [0, 2]),
    ("state=held", [1]),
    ("state=settled", []),
    ("survey=retour", [2]),
    ("emotion=frustrated", [0]),
    ("emotion=happy", []),
    ("theme=packing", [0]),
    ("theme=nothing", []),
    ("q=doos", [0]),
    ("q=CAF%C3%89", [1]),
    ("q=%25", []),
    ("q=_", []),
    ("state=open&survey=bestelling&emotion=frustrated&theme=packing&q=stuk", [0]),
]


@both
def test_comments_are_found_by_what_is_asked(
    viewer: Program, comments: list[int], subtests: pytest.Subtests
) -> None:
    for query, found in FILTERS:
        with subtests.test(query):
            assert [c["id"] for c in viewer.get(f"/comments?{query}")["data"]] == [comments[n] for n in found]


SENSELESS = [
    ("state=done", 422, "“state”: Give one of: open, held, settled."),
    ("emotion=sad", 422, "“emotion”: Give one of: impatient, frustrated"),
    ("survey=nothing", 404, "There is nothing here"),
    ("q=%00", 422, "This text holds a character that cannot be kept."),
    ("text=box", 422, "“text”: There is no such name here."),
]


@both
def test_a_question_that_makes_no_sense_is_refused(
    viewer: Program, comments: list[int], subtests: pytest.Subtests
) -> None:
    for query, status, sentence in SENSELESS:
        with subtests.test(query):
            assert sentence in viewer.refused("GET", f"/comments?{query}", status=status)


def test_comments_are_read_page_by_page(viewer: Program, comments: list[int]) -> None:
    first = viewer.get("/comments?limit=2")
    rest = viewer.get(f"/comments?limit=2&after={first['next']}")
    assert ([c["id"] for c in first["data"]], [c["id"] for c in rest["data"]], rest["next"]) == (
        comments[:2],
        comments[2:],
        None,
    )


def test_an_action_belongs_to_the_first_person_unless_said(manager: Program) -> None:
    assert manager.decided() != manager.decided(owner="bob@webshop.example")
    assert "Nobody here" in manager.refused("POST", "/actions", action(owner="charlie@housing.example"))


def action(**changes: Any) -> dict[str, Any]:
    return {"kind": "done", "title": "Stevigere dozen", "public_note": STRONGER, **changes}


NO_ACTIONS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "promised"}, "“kind”: Give one of: done, planned, wont_do, already, thanks."),
    ({"kind": "planned"}, "Planned for when? Give the date."),
    ({"kind": "planned", "due_on": "2020-01-01"}, "A plan cannot be due in the past."),
    ({"kind": "planned", "due_on": "31-12-2026"}, "“due_on”: Give a date. An example is 2026-12-04."),
    ({"kind": "planned", "due_on": "2026-02-30"}, "“due_on”: Give a date. An example is 2026-12-04."),
    ({"kind": "wont_do"}, "A “no” needs its reason: the respondent reads it."),
    ({"kind": "wont_do", "reason": "x" * 1001}, "“reason”: There is room for 1000."),
    ({"done_on": "2099-12-31"}, "What is done was not done in the future."),
    ({"done_on": "0001-01-01"}, "“done_on”: Give a day from 2000 to 2100."),
    ({"kind": "planned", "due_on": "9999-12-31"}, "“due_on”: Give a day from 2000 to 2100."),
    ({"title": ""}, "“title”: Give 1 to 200."),
    ({"title": "  "}, "Say in a few words what was decided."),
    ({"title": "x" * 201}, "“title”: Give 1 to 200."),
    ({"public_note": {}}, "Write the words that respondents will read."),
    ({"public_note": {"nl": None}}, "Write the words that respondents will read."),
    ({"public_note": {"fr": "Oui"}}, "“public_note.fr”: There is no such name here."),
    ({"public_note": "Ja"}, "“public_note”: Give an object: names with values."),
    ({"public_note": {"nl": "x" * 5001}}, "This text is 5001 characters long; there is room for 5000."),
    ({"public_note": {"nl": "\x00"}}, "This text holds a character that cannot be kept."),
]


def test_an_action_that_says_too_little_or_too_much_is_refused(
    agent: Program, subtests: pytest.Subtests
) -> None:
    for changes, sentence in NO_ACTIONS:
        with subtests.test(ascii(changes)[:60]):
            assert sentence in agent.refused("POST", "/actions", action(**changes))


def test_an_action_may_keep_its_words_for_a_reason(agent: Program) -> None:
    vague = {"public_note": {"en": "It comes soon."}}
    said = agent.refused("POST", "/actions", action(**vague))
    assert said.startswith("“soon”: Nobody knows when this is.")
    assert agent.decided(public_note=vague["public_note"], overrule="The lawyers want it so.") > 0
    assert agent.decided(overrule="Without need.") > 0
    assert [a.overrule for a in db.session.scalars(select(Action))] == ["The lawyers want it so.", ""]


def test_the_reason_of_a_no_is_read_as_well(agent: Program) -> None:
    no = action(kind="wont_do", reason="Wij komen erop terug.")
    assert "This sounds like a promise" in agent.refused("POST", "/actions", no)


def test_only_a_plan_can_be_done(manager: Program) -> None:
    done = manager.decided()
    assert (
        manager.refused("PATCH", f"/actions/{done}", {"kind": "done"})
        == "Only a planned action can be marked as done."
    )
    assert manager.refused("PATCH", f"/actions/{done}", {"kind": "planned"}) == "“kind”: Give one of: done."


def test_a_plan_was_not_done_in_the_future(manager: Program) -> None:
    plan = manager.decided("planned", due_on="2030-01-01")
    said = manager.refused("PATCH", f"/actions/{plan}", {"kind": "done", "done_on": "2099-12-31"})
    assert said == "What is done was not done in the future."


@both
def test_a_comment_has_one_action_once(manager: Program, comments: list[int]) -> None:
    body = {"comment_ids": [comments[0], comments[0]], "action_id": manager.decided()}
    assert manager.post("/tags", body)["tagged"] == 1
    assert manager.post("/tags", body) == {"tagged": 0, "ids": []}


NO_COMMENTS: list[tuple[Any, str]] = [
    ([], "“comment_ids”: Give 1 to 5000."),
    ([987654321], "There is no comment 987654321."),
    ([2**63 - 1], "There is no comment 9223372036854775807."),
    ([2**63], "The number 9223372036854775808 is too great."),
    (["1 OR 1=1"], "“comment_ids.0”: Give a whole number."),
    ([1.5], "“comment_ids.0”: Give a whole number."),
    ([[1]], "“comment_ids.0”: Give a whole number."),
    ("all", "“comment_ids”: Give a list."),
]


@both
def test_tags_name_comments_that_are_there(manager: Program, subtests: pytest.Subtests) -> None:
    chosen = manager.decided()
    for ids, sentence in NO_COMMENTS:
        with subtests.test(str(ids)):
            assert sentence in manager.refused("POST", "/tags", {"comment_ids": ids, "action_id": chosen})


def test_nobody_tags_the_comments_of_another(
    manager: Program, stranger: Program, comments: list[int]
) -> None:
    assert "There is no comment" in stranger.refused(
        "POST", "/tags", {"comment_ids": comments, "action_id": stranger.decided()}
    )
    stranger.refused("POST", "/tags", {"comment_ids": comments, "action_id": manager.decided()}, 404)


def moved(manager: Program, **body: Any) -> str:
    id = manager.answered()["promise"]["id"]
    return manager.refused("POST", f"/promises/{id}/moves", {"reason": "De leverancier is dicht.", **body})


NO_DAYS = [
    ("soon", "“soon” is not a date. An example is 2026-12-04."),
    ("2026-13-01", "“2026-13-01” is not a date."),
    ("0001-01-01", "The new date is not later than the date that was promised."),
    ("9999-12-31", "Nobody can be promised a word in that year."),
    ("2999-12-31", "Nobody can be promised a word more than ten years ahead."),
    ("9999-12-31T23:59:59-12:00", "Nobody can be promised a word in that year."),
    ("0001-01-01T00:00:00+12:00", "Nobody can be promised a word in that year."),
    ("2999-12-31T12:00:00", "A moment needs its time zone."),
    ("", "“” is not a date."),
]


def test_a_promise_is_moved_to_a_day_that_can_be(
    manager: Program, survey: str, subtests: pytest.Subtests
) -> None:
    for due_at, sentence in NO_DAYS:
        with subtests.test(due_at):
            assert sentence in moved(manager, due_at=due_at)


def test_a_move_needs_its_reason(manager: Program, survey: str) -> None:
    later = (clock.now() + timedelta(days=30)).date().isoformat()
    assert moved(manager, due_at=later, reason=" ").startswith("Give the reason")
    assert moved(manager, due_at=later, reason=None) == "“reason”: This is missing."


@both
def test_a_second_move_is_for_a_manager(manager: Program, agent: Program, survey: str) -> None:
    first = manager.answered()["promise"]["id"]
    body = {"due_at": (clock.now() + timedelta(days=30)).isoformat(), "reason": "De leverancier is dicht."}
    second = agent.post(f"/promises/{first}/moves", body)["id"]
    assert agent.refused("POST", f"/promises/{first}/moves", body, 409) == "This promise has ended already."
    body["due_at"] = (clock.now() + timedelta(days=40)).isoformat()
    assert "is for a manager" in agent.refused("POST", f"/promises/{second}/moves", body, 403)
    assert manager.post(f"/promises/{second}/moves", body)["kind"] == "update"


@both
def test_a_digest_needs_words_in_the_surveys_language(manager: Program, survey: str) -> None:
    manager.answered(comment=None)
    (round,) = manager.get("/rounds")["data"]
    path = f"/rounds/{round['id']}/approval"
    assert (
        manager.refused("POST", path, {"words": {"en": "You said."}})
        == "Write the digest in the language of the survey first."
    )
    assert manager.refused("POST", path, {"words": {"nl": "x" * 5001}}).startswith(
        "This text is 5001 characters long"
    )
    assert manager.get("/rounds")["data"] == [round]


NO_PERIODS: list[tuple[dict[str, Any], str]] = [
    ({"from": "2026-11-30", "to": "2026-11-01"}, "The period ends before it begins."),
    ({"from": "2010-01-01", "to": "2026-12-31"}, "A report covers at most ten years."),
    ({"from": "9999-12-31", "to": "9999-12-31"}, "A report is about days from 2000 to 2100."),
    ({"from": "0001-01-01", "to": "0001-01-01"}, "A report is about days from 2000 to 2100."),
    ({"language": "fr"}, "“language”: Give one of: nl, en."),
    ({"to": None}, "“to”: This is missing."),
    ({"first": "2026-11-01"}, "“first”: There is no such name here."),
]


def test_a_report_is_about_days_that_can_be(agent: Program, survey: str, subtests: pytest.Subtests) -> None:
    body = {"survey": survey, "from": "2026-11-01", "to": "2026-11-30"}
    for changes, sentence in NO_PERIODS:
        with subtests.test(str(changes)):
            assert sentence in agent.refused("POST", "/reports", {**body, **changes})
