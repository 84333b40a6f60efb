"""A survey that exists is changed: publishing makes a new version, answers keep the one they saw, keys keep their meaning."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from core.db import db, writing
from core.errors import Conflict, DomainError
from surveys.builder.building import Draft, ReplyTime
from surveys.builder.carrying import Asked, carried, ever_asked
from surveys.builder.differences import differences, waiting
from surveys.builder.editing import Change, as_seen, discard, draft_of, edit_survey, publish
from surveys.models import Question, Survey
from surveys.versions import published
from tests.loop import answered

BOTH = pytest.mark.both_databases
SPEED = Draft("speed", "rating", {"nl": "Hoe snel waren wij?", "en": "How fast were we?"})


def change(survey: Survey, **values: Any) -> Change:
    now = [draft_of(q) for q in survey.versions[-1].questions]
    same = Change(survey.title, survey.language, survey.signer_id, survey.deputy_id,
                  ReplyTime(survey.reply_working_days, survey.reply_hours), now, as_seen(survey))  # fmt: skip
    return replace(same, **values)


def edited(survey: Survey, now: datetime, **values: Any) -> None:
    with writing():
        edit_survey(survey, change(survey, **values), now)


def drafts(survey: Survey) -> list[Draft]:
    return [draft_of(q) for q in survey.versions[-1].questions]


@BOTH
def test_customers_see_new_questions_once_they_are_published(survey: Survey, now: datetime) -> None:
    with writing():
        first = answered(survey, now)
    edited(survey, now, questions=[*drafts(survey), SPEED])
    seen = published(survey)
    assert seen is not None
    assert "speed" not in [q.key for q in seen.questions]
    with writing():
        publish(survey, now)
    newest = published(survey)
    assert newest is not None
    assert (newest.number, newest.questions[-1].key) == (2, "speed")
    assert first.version.number == 1, "who answered keeps what they saw"


@BOTH
def test_a_draft_is_changed_in_its_place_and_what_is_published_never(survey: Survey, now: datetime) -> None:
    before = [(q.id, q.prompt) for q in survey.versions[0].questions]
    for drafted in ([SPEED], [*drafts(survey), SPEED], [replace(SPEED, required=True)]):
        edited(survey, now, questions=drafted)
    db.session.expire_all()
    assert [v.number for v in survey.versions] == [1, 2]
    assert [q.required for q in survey.versions[1].questions] == [True]
    assert [(q.id, q.prompt) for q in survey.versions[0].questions] == before


def test_a_draft_that_somebody_tried_out_stays_as_they_saw_it(survey: Survey, now: datetime) -> None:
    edited(survey, now, questions=[SPEED])
    with writing():
        trial = answered(survey, now)
        trial.is_test, trial.version_id = True, survey.versions[1].id
    edited(survey, now, questions=[SPEED, *[draft_of(q) for q in survey.versions[0].questions]])
    assert [len(v.questions) for v in survey.versions[1:]] == [1, 4]


def test_the_same_questions_are_no_new_version(survey: Survey, now: datetime) -> None:
    edited(survey, now, title={"nl": "Anders"}, reply=ReplyTime(None, 48))
    assert (len(survey.versions), survey.title, survey.reply_hours, survey.reply_working_days) == (
        1,
        {"nl": "Anders"},
        48,
        None,
    )
    with pytest.raises(Conflict, match="no new questions to publish"), writing():
        publish(survey, now)


@BOTH
def test_of_two_who_change_it_at_once_the_second_hears_so(survey: Survey, now: datetime) -> None:
    mine, theirs = change(survey, title={"nl": "Mijn"}), change(survey, title={"nl": "Hun"})
    with writing():
        edit_survey(survey, theirs, now)
    with pytest.raises(Conflict, match="Somebody else changed this survey"), writing():
        edit_survey(survey, mine, now)
    db.session.rollback()
    assert survey.title == {"nl": "Hun"}


@BOTH
def test_thrown_away_customers_go_on_seeing_what_they_saw(survey: Survey, now: datetime) -> None:
    edited(survey, now, questions=[SPEED])
    with writing():
        discard(survey, now)
    db.session.expire_all()
    assert [v.number for v in survey.versions] == [1]
    with pytest.raises(Conflict, match="no new questions to throw away"), writing():
        discard(survey, now)


def test_a_tried_draft_that_is_thrown_away_leaves_the_published_questions_as_the_newest(
    survey: Survey, now: datetime
) -> None:
    edited(survey, now, questions=[SPEED])
    with writing():
        trial = answered(survey, now)
        trial.is_test, trial.version_id = True, survey.versions[1].id
    with writing():
        discard(survey, now)
    assert [len(v.questions) for v in survey.versions] == [3, 1, 3]
    assert waiting(survey) == []


def test_questions_that_cannot_stand_together_change_nothing(survey: Survey, now: datetime) -> None:
    with pytest.raises(DomainError, match="key of its own"):
        edited(survey, now, questions=[SPEED, SPEED])
    db.session.rollback()
    assert len(survey.versions) == 1


def test_what_changes_is_said_before_it_is_published(survey: Survey, now: datetime) -> None:
    csat, comment, _contact = drafts(survey)
    reworded = replace(comment, prompt={"nl": "Vertel", "en": "Tell us"})
    edited(survey, now, questions=[reworded, replace(csat, required=not csat.required), SPEED])
    said = waiting(survey)
    assert said[0] == "new: “Hoe snel waren wij?”"
    assert said[1].startswith("asked no more: ")
    assert "in other words: “Vertel”" in said
    assert "in another order" in said
    old, new = survey.versions
    assert differences(old, old, "nl") == []
    assert any(
        "must be answered" in line or "may be left open" in line for line in differences(old, new, "nl")
    )


def test_another_first_scale_is_said_since_reports_go_by_it(survey: Survey, now: datetime) -> None:
    edited(survey, now, questions=[SPEED, *drafts(survey)])
    assert "the score that alerts and reports go by is then “Hoe snel waren wij?”" in waiting(survey)
    edited(survey, now, questions=[draft_of(survey.versions[0].questions[1])])
    assert "answers have no score any more: no question is on a scale" in waiting(survey)


def words(*lines: str) -> list[dict[str, str]]:
    return [{"en": line} for line in lines]


OLD = [
    {"key": "1", "words": {"en": "Red", "tlh": "Doq"}},
    {"key": "2", "words": {"en": "Green"}},
    {"key": "3", "words": {"en": "Blue"}},
]


@pytest.mark.parametrize(("new", "keys"), [
    (("Red", "Green", "Blue"), "123"),
    (("Blue", "Red", "Green"), "312"),
    (("Green", "Blue"), "23"),
    (("Crimson", "Green", "Blue"), "123"),
    (("Red", "Yellow", "Green", "Blue"), "1823"),
    (("Yellow", "Pink", "White", "Black"), "89" + "1011"),
    (("Red", "Red"), "18"),
])  # fmt: skip
def test_an_answer_keeps_its_key_by_its_words_and_a_new_one_never_gets_a_used_one(
    new: tuple[str, ...], keys: str
) -> None:
    assert "".join(one["key"] for one in carried(words(*new), OLD, {"1", "2", "3", "7"})) == keys


def test_words_in_languages_that_the_form_does_not_show_are_kept() -> None:
    assert carried(words("Red"), OLD, "123")[0]["words"] == {"en": "Red", "tlh": "Doq"}


def test_keys_of_any_version_count_as_used(survey: Survey, now: datetime) -> None:
    one = Draft("colour", "single_choice", {"nl": "Kleur?"}, options={"choices": [dict(o) for o in OLD]})
    for choices in (OLD, OLD[:2]):
        edited(survey, now, questions=[replace(one, options={"choices": choices})])
        with writing():
            publish(survey, now)
    asked = ever_asked(survey)["colour"]
    assert (len(asked.lines("choices")), asked.keys["choices"]) == (2, frozenset("123"))
    assert Asked(Question(options={}), {}).lines("rows") == []
