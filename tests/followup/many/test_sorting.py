"""A page of the inbox with the action that each comment will probably get: chosen, read beforehand, said at once, undone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db, writing
from followup.composing import compose_due
from outbox.models import Message
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.loop import answered, promises_of
from tests.pages import Page, get
from triage import sorting
from triage.acting import Decision, decide
from triage.commenting import comments_of
from triage.models import Action, Comment, Tag
from triage.tagging import tag

BOX = "Sinds maandag gebruiken wij dozen met dubbel karton. Since Monday our boxes are of double cardboard."
PHONE = "De telefoon is nu ook op zaterdag open. Since Monday you can telephone us on Saturdays too."
HOLD = timedelta(minutes=15)


def written(people: Cast, title: str, words: str, now: datetime) -> Action:
    with writing():
        decision = Decision("done", title, people.bob.id, {"nl": words, "en": words}, overrule="A test.")
        return decide(people.webshop.id, decision, now.date(), now)


@pytest.fixture
def boxes(people: Cast, now: datetime) -> Action:
    return written(people, "Stevige dozen", BOX, now)


@pytest.fixture
def phone(people: Cast, boxes: Action, now: datetime) -> Action:
    return written(people, "Telefoon op zaterdag", PHONE, now)


@pytest.fixture
def comments(survey: Survey, boxes: Action, phone: Action, now: datetime) -> list[Comment]:
    """About the box, about the phone, about nothing that anybody could tell."""
    texts = ("Doos gescheurd, dozen van dun karton", "Telefoon is zaterdag dicht, telefonisch slecht", "hm")
    return [said(survey, now, text, email=f"{n}@example.com") for n, text in enumerate(texts)]


def answered_before(survey: Survey, action: Action, words: str, now: datetime, times: int = 15) -> None:
    with writing():
        for n in range(times):
            response = answered(survey, now, words, email=f"before-{action.id}-{n}@example.com")
            tag(comments_of(response), action, None, HOLD, now)


@pytest.fixture
def taught(survey: Survey, boxes: Action, phone: Action, comments: list[Comment], now: datetime) -> None:
    """Colleagues answered a few like these already."""
    answered_before(survey, boxes, "doos gescheurd, dozen van dun karton", now)
    answered_before(survey, phone, "telefoon zaterdag dicht, telefonisch slecht bereikbaar", now)


def choices(page: Page) -> dict[int, int]:
    """comment → what is chosen for it, from the top of the page; 0: nothing"""
    found = {}
    for field in page.tree.iter("select"):
        if field.attrib.get("name", "").startswith("for_"):
            chosen = [o.attrib["value"] for o in field.iter("option") if "selected" in o.attrib]
            found[int(field.attrib["name"].removeprefix("for_"))] = int(chosen[0]) if chosen else 0
    return found


def unsure(page: Page) -> set[int]:
    """The comments that somebody should look at."""
    items = [one for one in page.tree.iter("li") if "is-unsure" in one.attrib.get("class", "")]
    return {int(f.attrib["name"].removeprefix("for_")) for item in items for f in item.iter("select")}


def sent(given: dict[Comment, Action], step: str) -> dict[str, object]:
    return {"step": step, **{f"for_{comment.id}": action.id for comment, action in given.items()}}


def tags() -> dict[int, int]:
    """comment → action, as it stands"""
    found = db.session.execute(select(Tag.comment_id, Tag.action_id).where(Tag.withdrawn_at.is_(None)))
    return dict(found.all())


@pytest.mark.usefixtures("taught")
def test_what_is_likely_is_chosen_and_what_is_not_sure_stands_on_top(
    bob: Colleague, comments: list[Comment], boxes: Action, phone: Action
) -> None:
    box, line, nothing = comments
    page = get(bob, "/inbox/sorting")
    chosen = choices(page)
    assert (chosen[box.id], chosen[line.id]) == (boxes.id, phone.id)
    assert next(iter(chosen)) == nothing.id
    assert unsure(page) == {nothing.id}


@pytest.mark.usefixtures("taught")
def test_what_nothing_speaks_for_is_left_to_a_person(
    bob: Colleague, comments: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "LIKELY", 0.9)
    assert choices(get(bob, "/inbox/sorting"))[comments[2].id] == 0


@pytest.mark.usefixtures("taught")
def test_what_is_not_sure_has_a_letter_for_what_is_next_most_probable(
    bob: Colleague, survey: Survey, boxes: Action, phone: Action, now: datetime
) -> None:
    both = said(survey, now, "Doos gescheurd, telefoon dicht", email="both@example.com")
    page = get(bob, "/inbox/sorting")
    (field,) = [one for one in page.tree.iter("select") if "data-letter" in one.attrib]
    assert (field.attrib["name"], field.attrib["data-letter"]) == (f"for_{both.id}", "A")
    first, second = (int(id) for id in field.attrib["data-likely"].split())
    assert first == choices(page)[both.id]
    assert f"A or: {({boxes.id: boxes, phone.id: phone}[second]).title}" in page.words


def test_where_the_letters_do_not_last_those_on_top_have_none(
    bob: Colleague, comments: list[Comment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "LETTERS", "A")
    monkeypatch.setattr("triage.likely.SURE", 1.1)
    page = get(bob, "/inbox/sorting")
    lettered = [one.attrib["name"] for one in page.tree.iter("select") if "data-letter" in one.attrib]
    assert lettered == [f"for_{list(choices(page))[-1]}"]


@pytest.mark.usefixtures("taught")
def test_what_came_back_or_holds_a_threat_is_never_chosen_beforehand(
    bob: Colleague, comments: list[Comment], now: datetime
) -> None:
    box, line, nothing = comments
    with writing():
        promises_of(box.response)[-1].because = "not_solved"
        threatening = db.session.get_one(Comment, line.id)
        threatening.threat, threatening.threat_at = "violence", now
    chosen = choices(get(bob, "/inbox/sorting"))
    assert (chosen[box.id], chosen[line.id]) == (0, 0)
    assert list(chosen)[2] == nothing.id


def test_before_anybody_answered_anything_the_actions_own_words_are_all_there_is(
    bob: Colleague, comments: list[Comment], boxes: Action, phone: Action
) -> None:
    assert set(choices(get(bob, "/inbox/sorting"))) == {c.id for c in comments}


@pytest.mark.both_databases
def test_it_learns_from_the_last_that_got_each_action_and_from_nothing_undone(
    survey: Survey, boxes: Action, phone: Action, people: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "EXAMPLES", 2)
    answered_before(survey, boxes, "oudste woorden", now)
    answered_before(survey, boxes, "nieuwste woorden", now, times=2)
    answered_before(survey, phone, "vergissing", now, times=1)
    with writing():
        db.session.scalars(select(Tag).where(Tag.action_id == phone.id)).one().withdrawn_at = now
    found = sorting._examples([boxes, phone])
    assert {id for id, _ in found} == {boxes.id}
    assert len(found) == 2
    assert all("nieuwste" in line and "oudste" not in line for _, line in found)


def test_it_is_read_first_and_nothing_is_written_by_reading(
    bob: Colleague, comments: list[Comment], boxes: Action, phone: Action
) -> None:
    given = {comments[0]: boxes, comments[1]: phone}
    page = Page(bob.post("/inbox/sorting", data=sent(given, "preview")))
    assert (page.status, page.heading) == (200, "What they will read")
    assert "Say this about 2 comments" in page.words
    assert BOX in page.words
    assert PHONE in page.words
    assert tags() == {}


def test_words_that_were_read_before_need_not_be_read_again(
    bob: Colleague, comments: list[Comment], boxes: Action, phone: Action
) -> None:
    """One key a page less; what is new on it is shown first, as always."""
    box, line, _nothing = comments
    assert "I read these words before" not in get(bob, "/inbox/sorting").words
    bob.post("/inbox/sorting", data=sent({box: boxes}, "preview"))
    assert "I read these words before" in get(bob, "/inbox/sorting").words
    shown = Page(bob.post("/inbox/sorting", data=sent({box: boxes, line: phone}, "again")))
    assert (shown.heading, tags()) == ("What they will read", {})
    told = bob.post("/inbox/sorting", data=sent({box: boxes, line: phone}, "again"))
    assert (told.status_code, tags()) == (303, {box.id: boxes.id, line.id: phone.id})


def test_words_that_were_changed_meanwhile_are_shown_again(
    bob: Colleague, comments: list[Comment], boxes: Action
) -> None:
    bob.post("/inbox/sorting", data=sent({comments[0]: boxes}, "preview"))
    with writing():
        db.session.get_one(Action, boxes.id).public_note = {"nl": "Iets anders.", "en": "Something else."}
    shown = Page(bob.post("/inbox/sorting", data=sent({comments[0]: boxes}, "again")))
    assert (shown.heading, tags()) == ("What they will read", {})


def test_who_chose_a_language_without_words_is_looked_at_first(
    bob: Colleague, survey: Survey, comments: list[Comment], boxes: Action, now: datetime
) -> None:
    german = said(survey, now, "Kaputt", language="de", email="de@example.com")
    bob.post("/inbox/sorting", data=sent({comments[0]: boxes}, "preview"))
    shown = Page(bob.post("/inbox/sorting", data=sent({german: boxes}, "again")))
    assert "1 person chose German" in shown.words
    assert tags() == {}


def test_what_a_colleague_read_is_read_by_nobody_else(
    bob: Colleague, alice: Colleague, comments: list[Comment], boxes: Action
) -> None:
    bob.post("/inbox/sorting", data=sent({comments[0]: boxes}, "preview"))
    shown = Page(alice.post("/inbox/sorting", data=sent({comments[0]: boxes}, "again")))
    assert (shown.heading, tags()) == ("What they will read", {})


def test_only_what_was_read_last_is_remembered(
    bob: Colleague, comments: list[Comment], boxes: Action, phone: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("followup.read_before.MOST", 1)
    for action in (boxes, phone):
        bob.post("/inbox/sorting", data=sent({comments[0]: action}, "preview"))
    assert Page(bob.post("/inbox/sorting", data=sent({comments[0]: boxes}, "again"))).status == 200
    assert bob.post("/inbox/sorting", data=sent({comments[0]: boxes}, "again")).status_code == 303


def test_each_gets_its_own_action_in_one_go_and_what_was_left_comes_again(
    bob: Colleague, comments: list[Comment], boxes: Action, phone: Action
) -> None:
    box, line, nothing = comments
    given = {box: boxes, line: phone}
    answer = bob.post(
        "/inbox/sorting?survey=bestelling", data=sent(given, "settle") | {f"for_{nothing.id}": ""}
    )
    assert (answer.status_code, answer.location) == (
        303,
        "/inbox/sorting?tagged=1&tagged=2&survey=bestelling",
    )
    assert tags() == {box.id: boxes.id, line.id: phone.id}
    page = get(bob, answer.location)
    assert "2 comments have their action. You can undo it for 15 minutes." in page.words
    assert set(choices(page)) == {nothing.id}


def test_all_of_it_is_undone_at_once_and_nobody_is_told(
    bob: Colleague, comments: list[Comment], boxes: Action, phone: Action, now: datetime
) -> None:
    answer = bob.post("/inbox/sorting", data=sent({comments[0]: boxes, comments[1]: phone}, "settle"))
    page = get(bob, answer.location)
    assert "What you said a moment ago is held still." in page.words
    assert bob.post("/inbox/sorting/undo", data={"tag_id": ["1", "2"]}).status_code == 303
    assert tags() == {}
    assert "Undone. Nobody was told." in get(bob, "/inbox/sorting").words
    compose_due(now + timedelta(hours=1))
    assert not db.session.scalars(select(Message.id).where(Message.kind == "update")).all()


def test_who_comes_too_late_to_undo_is_told_so_and_nothing_of_it_is_undone(
    bob: Colleague, comments: list[Comment], boxes: Action, phone: Action, now: datetime
) -> None:
    bob.post("/inbox/sorting", data=sent({comments[0]: boxes, comments[1]: phone}, "settle"))
    with writing():
        db.session.scalars(select(Tag).where(Tag.action_id == phone.id)).one().told_at = now
    bob.post("/inbox/sorting/undo", data={"tag_id": ["1", "2"]})
    assert "This was told already." in get(bob, "/inbox/sorting").words
    assert len(tags()) == 2


def test_who_goes_back_to_change_it_finds_what_was_chosen(
    bob: Colleague, comments: list[Comment], boxes: Action, phone: Action
) -> None:
    odd = {comments[0]: phone, comments[2]: boxes}
    chosen = choices(Page(bob.post("/inbox/sorting", data=sent(odd, "edit"))))
    assert chosen == {comments[0].id: phone.id, comments[1].id: 0, comments[2].id: boxes.id}
    assert tags() == {}


def test_a_second_click_or_a_colleague_who_was_quicker_changes_nothing(
    bob: Colleague, comments: list[Comment], boxes: Action, phone: Action
) -> None:
    bob.post("/inbox/sorting", data=sent({comments[0]: boxes}, "settle"))
    again = bob.post("/inbox/sorting", data=sent({comments[0]: phone, comments[1]: phone}, "settle"))
    assert again.status_code == 303
    assert tags() == {comments[0].id: boxes.id, comments[1].id: phone.id}
    assert bob.post("/inbox/sorting", data=sent({comments[0]: boxes}, "settle")).status_code == 422


@pytest.mark.usefixtures("comments")
def test_nothing_chosen_is_said(bob: Colleague) -> None:
    page = Page(bob.post("/inbox/sorting", data={"step": "preview"}))
    assert page.status == 422
    assert "Choose an action for at least one comment." in page.words


def test_an_action_that_was_withdrawn_meanwhile_is_said_and_the_choices_stay(
    bob: Colleague, comments: list[Comment], boxes: Action, phone: Action, now: datetime
) -> None:
    with writing():
        db.session.get_one(Action, phone.id).withdrawn_at = now
    page = Page(bob.post("/inbox/sorting", data=sent({comments[0]: boxes, comments[1]: phone}, "settle")))
    assert page.status == 422
    assert "This action was withdrawn. Choose another one." in page.words
    assert tags() == {}
    assert choices(page)[comments[0].id] == boxes.id


@pytest.mark.parametrize("name", ["for_", "for_x", "for_-1", "for_99999999999999999999", "1", "other"])
@pytest.mark.usefixtures("boxes")
def test_fields_that_name_nothing_are_left_out(bob: Colleague, name: str, boxes: Action) -> None:
    assert bob.post("/inbox/sorting", data={name: str(boxes.id)}).status_code == 422
    assert bob.post("/inbox/sorting", data={"for_1": name}).status_code == 422


def test_strangers_find_nothing_of_it(charlie: Colleague, comments: list[Comment], boxes: Action) -> None:
    assert choices(get(charlie, "/inbox/sorting")) == {}
    assert charlie.post("/inbox/sorting", data=sent({comments[0]: boxes}, "settle")).status_code == 404
    assert charlie.post("/inbox/sorting/undo", data={"tag_id": "1"}).status_code == 404
    assert tags() == {}


def test_a_stranger_undoes_nothing(
    bob: Colleague, charlie: Colleague, comments: list[Comment], boxes: Action
) -> None:
    bob.post("/inbox/sorting", data=sent({comments[0]: boxes}, "settle"))
    assert charlie.post("/inbox/sorting/undo", data={"tag_id": "1"}).status_code == 404
    assert tags() == {comments[0].id: boxes.id}


def test_who_only_looks_does_not_sort(vera: Colleague, comments: list[Comment], boxes: Action) -> None:
    assert vera.get("/inbox/sorting").status_code == 403
    assert vera.post("/inbox/sorting", data=sent({comments[0]: boxes}, "settle")).status_code == 403


def test_it_is_narrowed_like_the_inbox(bob: Colleague, comments: list[Comment]) -> None:
    assert set(choices(get(bob, "/inbox/sorting?q=telefoon"))) == {comments[1].id}
    assert "No comment matches" in get(bob, "/inbox/sorting?q=nothing").words


@pytest.mark.usefixtures("boxes", "survey")
def test_where_nothing_is_left_to_do_the_page_says_so(bob: Colleague) -> None:
    assert "No comment needs a person" in get(bob, "/inbox/sorting").words


def test_who_is_further_down_changes_it_where_they_were(
    bob: Colleague, comments: list[Comment], boxes: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("triage.inbox.inbox.page.__defaults__", (2,))
    further = get(bob, "/inbox/sorting").links()["Further down"]
    (last,) = choices(get(bob, further))
    read = Page(bob.post(further, data={"step": "preview", f"for_{last}": boxes.id}))
    changed = Page(bob.post(read.action(), data={"step": "edit", f"for_{last}": boxes.id}))
    assert choices(changed) == {last: boxes.id}


def test_a_language_in_which_nobody_wrote_words_is_said(
    bob: Colleague, survey: Survey, boxes: Action, now: datetime
) -> None:
    comment = said(survey, now, "Kaputt", language="de", email="de@example.com")
    page = Page(bob.post("/inbox/sorting", data=sent({comment: boxes}, "preview")))
    assert "1 person chose German, and nobody wrote words in German." in page.words


@pytest.mark.usefixtures("survey")
def test_without_actions_the_next_thing_to_do_is_to_write_one(bob: Colleague) -> None:
    page = get(bob, "/inbox/sorting")
    assert "No action is written down yet." in page.words
    assert page.links()["Write the first one"] == "/actions/new"


def test_each_action_has_a_key_of_its_own_that_does_nothing_else() -> None:
    assert len(set(sorting.KEYS)) == len(sorting.KEYS)
    assert not set(sorting.KEYS) & set("jkxeasznb/?*")
