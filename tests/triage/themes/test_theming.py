"""Themes put in order: renamed, merged, taken away. Whatever happens to one, its comments are found."""

from datetime import datetime

import pytest
from sqlalchemy import func, select

from core.db import db, writing
from core.errors import Conflict, DomainError
from core.models import Event
from surveys.models import Survey
from tests.cast import Cast
from tests.desk import labelled, said, theme
from tests.each import each
from tests.hostile import WORDS
from tests.loop import decided
from triage.inbox.filters import Filters
from triage.inbox.finding import Matches
from triage.inbox.models import SavedView
from triage.inbox.seeking import sought
from triage.labelling import Labels, label
from triage.models import Comment
from triage.models_index import CommentIndex
from triage.themes.models import Theme, comment_theme
from triage.themes.theming import as_compared, holding, in_use, merge, named, remove, rename

pytestmark = pytest.mark.both_databases


@pytest.fixture
def boxes(people: Cast) -> Theme:
    return theme(people, "boxes", "Boxes")


@pytest.fixture
def packing(people: Cast) -> Theme:
    return theme(people, "packing", "Packing")


def merged(one: Theme, into: Theme, now: datetime) -> int:
    with writing():
        return merge(one, into, now)


def about(people: Cast, key: str) -> list[int]:
    """What the inbox finds when it is narrowed to this theme."""
    return Matches(sought(people.webshop.id, Filters(theme=key), "Europe/Amsterdam")).few or []


def typed(people: Cast, name: str, now: datetime, language: str = "en") -> Theme:
    with writing():
        return named(people.webshop.id, name, language, now)


def last_event() -> Event:
    return db.session.scalars(select(Event).order_by(Event.id.desc())).first()  # type: ignore[return-value]


def test_all_comments_move_and_are_found_by_either_address(
    people: Cast, survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    one, both, other = (labelled(said(survey, now), *t) for t in ([boxes], [boxes, packing], [packing]))
    ids = sorted([one.id, both.id, other.id], reverse=True)
    assert merged(boxes, packing, now) == 2
    assert [[t.key for t in c.themes] for c in (one, both, other)] == [["packing"]] * 3
    assert about(people, "packing") == about(people, "boxes") == ids


def test_the_index_holds_no_mark_of_a_theme_that_was_merged(
    survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    for themes in ([boxes], [boxes, packing], [packing, boxes]):
        labelled(said(survey, now), *themes)
    merged(boxes, packing, now)
    for tokens in db.session.scalars(select(CommentIndex.tokens)):
        marks = tokens.split()
        assert (marks.count(f"#t{packing.id}"), marks.count(f"#t{boxes.id}")) == (1, 0)
        assert tokens == " ".join(marks), "nothing but one blank between two of them"


def test_a_theme_whose_number_begins_alike_is_left_alone(
    people: Cast, survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    with writing():
        db.session.add(
            Theme(id=boxes.id * 10, organisation_id=people.webshop.id, key="ten", name={"en": "Ten"})
        )
    ten = db.session.get_one(Theme, boxes.id * 10)
    comment = labelled(said(survey, now), ten)
    merged(boxes, packing, now)
    assert about(people, "ten") == [comment.id]


def test_actions_and_saved_views_follow(
    people: Cast, survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    with writing():
        action = decided(people, now, theme_id=boxes.id)
        view = SavedView(
            organisation_id=people.webshop.id, staff_id=people.bob.id, name="Mine", key="mine",
            filters={"theme": "boxes", "q": "torn"}, created_at=now,
        )  # fmt: skip
        db.session.add(view)
    merged(boxes, packing, now)
    assert (action.theme_id, view.filters) == (packing.id, {"theme": "packing", "q": "torn"})


def test_both_names_stand_in_the_history(people: Cast, boxes: Theme, packing: Theme, now: datetime) -> None:
    merged(boxes, packing, now)
    event = last_event()
    assert (event.verb, event.subject_id) == ("theme.merged", packing.id)
    assert (event.detail["name"]["en"], event.detail["into"]["en"]) == ("Boxes", "Packing")


def test_a_theme_is_not_merged_into_itself(boxes: Theme, now: datetime) -> None:
    with pytest.raises(DomainError, match="cannot be merged into itself"):
        merged(boxes, boxes, now)


def test_who_comes_second_is_told_what_happened_and_nothing_is_lost(
    people: Cast, survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    comment = labelled(said(survey, now), boxes)
    returns = theme(people, "returns", "Returns")
    merged(boxes, packing, now)
    for one, into in ((boxes, returns), (packing, boxes), (boxes, packing)):
        with pytest.raises(Conflict, match="“Boxes” was merged into “Packing” meanwhile"):
            merged(one, into, now)
    assert about(people, "packing") == [comment.id]


def test_one_that_was_merged_twice_leads_to_the_last(
    people: Cast, survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    comment = labelled(said(survey, now), boxes)
    returns = theme(people, "returns", "Returns")
    merged(boxes, packing, now)
    merged(packing, returns, now)
    assert boxes.merged_into_id == returns.id
    assert about(people, "boxes") == [comment.id]


def test_whoever_labels_with_a_theme_that_was_merged_meanwhile_gives_the_one_that_stays(
    people: Cast, survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    comment = said(survey, now)
    merged(boxes, packing, now)
    with writing():
        label(comment, Labels(None, [boxes, packing], None, "BOXES"), now)
    assert [t.key for t in comment.themes] == ["packing"]
    with writing():
        assert decided(people, now, theme_id=boxes.id).theme_id == packing.id


def test_a_new_name_is_kept_with_both_in_the_history(boxes: Theme, now: datetime) -> None:
    with writing():
        rename(boxes, {"en": "  Torn \n boxes", "nl": ""}, now)
    assert (boxes.name, boxes.key) == ({"en": "Torn boxes"}, "boxes")
    event = last_event()
    assert (event.verb, event.detail["before"]["en"], event.detail["after"]) == (
        "theme.renamed", "Boxes", {"en": "Torn boxes"},
    )  # fmt: skip


@pytest.mark.parametrize("name", [{}, {"en": " \t "}, {"nl": "\u2028", "en": ""}])
def test_a_theme_is_called_something(boxes: Theme, now: datetime, name: dict[str, str]) -> None:
    with writing(), pytest.raises(DomainError, match="Give it a name"):
        rename(boxes, name, now)


@pytest.mark.parametrize("name", ["Packing", "pACKING ", "pac-king".replace("-", ""), "Packing!"])
def test_a_name_that_exists_is_refused_in_any_language(
    boxes: Theme, packing: Theme, now: datetime, name: str
) -> None:
    with writing(), pytest.raises(Conflict, match="There is a theme “Packing” already"):
        rename(boxes, {"en": "Boxes", "nl": name}, now)


def test_a_theme_may_be_called_as_before(boxes: Theme, now: datetime) -> None:
    with writing():
        rename(boxes, {"en": "BOXES", "nl": "Boxes"}, now)
    assert boxes.name == {"en": "BOXES", "nl": "Boxes"}


def test_another_organisation_may_use_the_same_name(people: Cast, boxes: Theme, now: datetime) -> None:
    with writing():
        theirs = named(people.housing.id, "Boxes", "en", now)
    assert (theirs.key, theirs.organisation_id) == ("boxes", people.housing.id)


def test_whoever_types_a_name_gets_the_theme_that_is_called_so_now(
    people: Cast, boxes: Theme, packing: Theme, now: datetime
) -> None:
    with writing():
        rename(boxes, {"en": "Torn boxes", "nl": "Kapotte dozen"}, now)
    assert typed(people, "kapotte  DOZEN", now) is boxes
    new = typed(people, "Boxes", now)
    assert (new.key, new.name) == ("boxes-2", {"en": "Boxes"}), "nothing is called so any more"
    merged(boxes, packing, now)
    assert typed(people, "Torn boxes", now) is packing


def test_names_without_a_letter_are_not_one_theme(people: Cast, now: datetime) -> None:
    found_ = [typed(people, name, now) for name in ("🙂", "🎉", "🙂", "!!")]
    assert [t.key for t in found_] == ["-", "--2", "-", "--3"]


def test_long_names_that_begin_alike_are_two_themes(people: Cast, now: datetime) -> None:
    one, other = (typed(people, "x" * 45 + end, now) for end in "ab")
    assert (one.key, other.key) == ("x" * 36, "x" * 36 + "-2")


@each("name", WORDS)
def test_any_words_make_a_name_that_is_found_again(people: Cast, now: datetime, name: str) -> None:
    made = typed(people, WORDS[name], now)
    assert 1 <= len(made.key) <= 40
    assert typed(people, WORDS[name], now) is made
    assert as_compared(made.name["en"]) == as_compared(WORDS[name])


def test_only_what_nothing_is_about_is_taken_away(
    people: Cast, survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    labelled(said(survey, now), boxes)
    with writing():
        decided(people, now, theme_id=packing.id)
    for used in (boxes, packing):
        with writing(), pytest.raises(Conflict, match="Something is about"):
            remove(used, now)
    assert in_use(boxes)


def test_what_was_taken_away_is_there_again_when_somebody_names_it(
    people: Cast, survey: Survey, boxes: Theme, now: datetime
) -> None:
    comment = said(survey, now)
    with writing():
        remove(boxes, now)
    with pytest.raises(Conflict, match="was taken away meanwhile"), writing():
        remove(boxes, now)
    with writing():
        label(comment, Labels(None, [], None, "boxes"), now)
    assert (comment.themes, boxes.ended_at) == ([boxes], None)


def test_a_page_that_lay_open_gives_back_what_was_taken_away(boxes: Theme, now: datetime) -> None:
    with writing():
        remove(boxes, now)
    with writing():
        assert holding([boxes, boxes], now) == [boxes]
    assert boxes.ended_at is None


def test_no_comment_is_left_with_a_theme_that_ended(
    survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    labelled(said(survey, now), boxes, packing)
    merged(boxes, packing, now)
    ended = select(func.count()).select_from(comment_theme).join(Theme, Theme.id == comment_theme.c.theme_id)
    assert db.session.scalar(ended.where(Theme.ended_at.is_not(None))) == 0
    assert db.session.scalar(select(func.count(Comment.id))) == 1


def test_another_organisation_is_left_alone(
    people: Cast, survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    """Its theme of the same name, its saved views, and what it finds."""
    with writing():
        theirs = Theme(organisation_id=people.housing.id, key="boxes", name={"en": "Boxes"})
        view = SavedView(
            organisation_id=people.housing.id, staff_id=people.charlie.id, name="Theirs", key="theirs",
            filters={"theme": "boxes"}, created_at=now,
        )  # fmt: skip
        db.session.add_all([theirs, view])
    labelled(said(survey, now), boxes)
    merged(boxes, packing, now)
    assert (theirs.ended_at, view.filters) == (None, {"theme": "boxes"})
    with writing():
        assert named(people.housing.id, "Boxes", "en", now) is theirs


def test_what_was_taken_away_can_be_called_by_another(
    boxes: Theme, packing: Theme, people: Cast, now: datetime
) -> None:
    with writing():
        remove(boxes, now)
    with writing():
        rename(packing, {"en": "Boxes"}, now)
    assert typed(people, "boxes", now) is packing, "what is there comes before what was"


def test_the_number_of_comments_that_moved_stands_in_the_history(
    survey: Survey, boxes: Theme, packing: Theme, now: datetime
) -> None:
    for _ in range(3):
        labelled(said(survey, now), boxes)
    merged(boxes, packing, now)
    assert last_event().detail["comments"] == 3
