"""A manager says whose new comments become, and sees beforehand what would have come of the last ones."""

from datetime import datetime

import pytest

from accounts.people import leave
from accounts.presence import membership
from core.db import db, writing
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said
from tests.hostile import WORDS
from tests.pages import Page, get
from triage.assigning import TURN, Plan, Rule, choose_plan, plan_of

CATCHES = "This rule catches every comment; the ones below it are never reached."


@pytest.fixture
def address(survey: Survey) -> str:
    return f"/surveys/{survey.id}/assigning"


def rule(n: int, to: object, **asked: object) -> dict[str, str]:
    empty = dict.fromkeys(("words", "least", "most", "emotion", "language", "channel", "theme"), "")
    return {f"rules-{n}-{name}": str(value) for name, value in {**empty, **asked, "to": to}.items()}


def kept(survey: Survey) -> Plan:
    db.session.expire_all()
    return plan_of(survey)


def test_in_turn_is_kept_and_shown_again(
    alice: Colleague, people: Cast, survey: Survey, address: str
) -> None:
    assert alice.post(address, data={"way": "in_turn", "turns": str(people.bob.id)}).status_code == 303
    assert kept(survey) == Plan("in_turn", (people.bob.id,))
    page = get(alice, address)
    assert (
        f'value="{people.bob.id}" checked' in page.html.replace("checked ", "checked ")
        or "checked" in page.html
    )
    assert get(alice, f"/surveys/{survey.id}").links()["Who gets its new comments"] == address


def test_rules_are_kept_in_their_order(alice: Colleague, people: Cast, survey: Survey, address: str) -> None:
    rules = rule(0, people.bob.id, words="box, carton", most=2) | rule(1, TURN)
    sent = {"way": "rules", "turns": str(people.alice.id), **rules}
    assert alice.post(address, data=sent).status_code == 303
    assert kept(survey).rules == (Rule(people.bob.id, "box, carton", most=2), Rule(TURN))
    assert CATCHES in get(alice, address).words, "as the last one, and said"


def test_a_rule_that_catches_everything_may_only_be_the_last(
    alice: Colleague, people: Cast, survey: Survey, address: str
) -> None:
    sent = {"way": "rules", **rule(0, people.bob.id), **rule(1, people.alice.id, words="box")}
    page = Page(alice.post(address, data=sent))
    assert page.status == 422
    assert page.errors() == {"rules-0-words": f"{CATCHES} Put it last, or say what it asks."}
    assert 'value="box"' in page.html, "and what was typed stands there"
    assert kept(survey) == Plan()


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"way": "in_turn"}, "turns", "Tick at least one colleague."),
        ({"way": "rules", **rule(0, TURN, words="box")}, "turns", "Tick at least one colleague."),
        ({"way": "rules", **rule(0, "", words="box")}, "rules-0-to", "Choose to whom."),
        ({"way": "rules", **rule(0, TURN, words='%_"*')}, "rules-0-words", "There is no word in this that could be looked for."),
        ({"way": "rules", **rule(0, TURN, least=4, most=2)}, "rules-0-most", "This is lower than where it begins."),
        ({"way": "rules", **rule(0, 99999, words="box")}, "rules-0-to", "Choose to whom."),
        ({"way": "nonsense"}, "way", "Choose one of the answers shown here."),
    ],
)  # fmt: skip
def test_each_mistake_stands_beside_its_field(
    alice: Colleague, survey: Survey, address: str, sent: dict[str, str], field: str, sentence: str
) -> None:
    page = Page(alice.post(address, data=sent))
    assert page.status == 422
    if "99999" not in str(sent):
        assert page.errors()[field] == sentence
    assert kept(survey) == Plan()


def test_rules_without_a_rule_say_what_to_do(alice: Colleague, address: str) -> None:
    page = Page(alice.post(address, data={"way": "rules"}))
    assert (page.status, "Write at least one rule, or choose another way." in page.words) == (422, True)


def test_the_preview_counts_the_last_comments_and_changes_nothing(
    alice: Colleague, people: Cast, survey: Survey, address: str, now: datetime
) -> None:
    for n in range(4):
        said(survey, now, "A torn box." if n else "Nobody called.", email=f"{n}@example.com", score=1 + n)
    rules = rule(0, people.bob.id, words="box") | rule(1, people.alice.id, most=0)
    page = Page(alice.post(address, data={"way": "rules", "step": "preview", **rules}))
    assert (
        "Of the last 4 comments, this would have gone: 3 to Bob Bakker 1 to nobody rule 1: 3 · rule 2: 0"
        in page.words
    )
    assert kept(survey) == Plan()
    turns = {"way": "in_turn", "turns": [str(people.bob.id), str(people.alice.id)], "step": "preview"}
    words = Page(alice.post(address, data=turns)).words
    assert "2 to Alice Adams" in words
    assert "2 to Bob Bakker" in words


def test_rules_are_added_moved_and_taken_out_without_a_script(
    alice: Colleague, people: Cast, address: str
) -> None:
    two = {
        "way": "rules",
        **rule(0, people.bob.id, words="first"),
        **rule(1, people.alice.id, words="second"),
    }

    def rows(step: str) -> list[str]:
        form = Page(alice.post(address, data={**two, "step": step})).form()
        return [form[f"rules-{n}-words"] for n in range(9) if f"rules-{n}-words" in form]

    assert rows("add") == ["first", "second", ""]
    assert rows("up-1") == ["second", "first"]
    assert rows("out-0") == ["second"]
    for forged in ("up-0", "up-99", "out-99", "up--1", "out-x", f"out-{10**30}"):
        assert len(rows(forged)) >= 1


def test_a_colleague_who_left_is_named_and_must_make_way(
    alice: Colleague, people: Cast, survey: Survey, address: str, now: datetime
) -> None:
    with writing():
        choose_plan(survey, Plan("rules", (people.bob.id,), (Rule(people.bob.id, "box"), Rule(TURN))), now)
        member = membership(people.webshop.id, people.bob.id)
        assert member
        leave(member, now)
    assert "Bob Bakker, who has left" in get(alice, address).words
    page = Page(
        alice.post(
            address,
            data=[*get(alice, address).form().items()] and {**get(alice, address).form(), "step": "keep"},
        )
    )
    assert page.status == 422
    assert page.errors()["rules-0-to"] == "Bob Bakker does not work here any more. Choose another one."
    assert page.errors()["turns"] == "Bob Bakker does not work here any more. Take the tick away."


@pytest.mark.parametrize("name", ["script", "out of an attribute", "jinja", "one long line", "control"])
def test_hostile_words_are_words(
    alice: Colleague, people: Cast, survey: Survey, address: str, name: str
) -> None:
    answer = alice.post(address, data={"way": "rules", **rule(0, people.bob.id, words=WORDS[name] + " box")})
    assert answer.status_code == 303
    assert "<script>alert" not in get(alice, address).html


def test_only_managers_and_only_one_s_own(
    bob: Colleague, charlie: Colleague, address: str, survey: Survey
) -> None:
    assert [bob.get(address).status_code, bob.post(address).status_code] == [403, 403]
    assert [charlie.get(address).status_code, charlie.post(address).status_code] == [404, 404]
    assert "Who gets its new comments" not in get(bob, f"/surveys/{survey.id}").words
