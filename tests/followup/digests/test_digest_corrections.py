"""What stood in "you said, we did" is put right for everybody who heard it there: once, and nobody else."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from core.db import db, writing
from followup.composing import compose_due
from followup.corrections.correcting import correct
from followup.corrections.retelling import compose_corrections
from followup.digests.corrections import holding, said_in_digests
from followup.digests.models import DigestCorrection, HeardRight
from followup.digests.retelling_digests import compose_digest_corrections
from followup.digests.rounds import approve, write
from followup.judging import Judgement, judge
from followup.models import LargeStep
from followup.own_page.hearing import choose
from followup.receipts import compose_receipts
from followup.steps import large_steps
from followup.steps.carrying_out import carry_out_steps
from followup.steps.sampling import correction_previews, samples
from followup.steps.stepping import take_correction
from followup.sweeping import sweep
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.models import Promise, Update
from surveys.models import Round, Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said, scored
from tests.loop import decided, promises_of, settled
from tests.pages import Page, get
from triage.acting import Decision, decide
from triage.models import Action

HOUR = timedelta(hours=1)
RIGHT = {"nl": "De dozen blijven zoals ze zijn.", "en": "The boxes stay as they are."}
STOOD = "In “You said, we did” of November 2026 stood: “We now use a stronger box.” That was not right."


@pytest.fixture
def wrong(people: Cast, survey: Survey, now: datetime) -> Action:
    """Told to Rita, who wrote; its words stand in the digest, which is drafted from it."""
    comment = said(survey, now)
    with writing():
        action = decided(people, now)
        settled(comment.response, action, now)
    return action


@pytest.fixture
def scores(survey: Survey, now: datetime) -> dict[str, Response]:
    """Who gave a score and no words: by mail, on their page, and by mail in Dutch."""
    values = {
        "mail": {}, "page": {"wants": "page"}, "dutch": {"language": "nl"},
    }  # fmt: skip
    return {name: scored(survey, now, email=f"{name}@example.com", **value) for name, value in values.items()}


@pytest.fixture
def november(wrong: Action, scores: dict[str, Response], now: datetime) -> Round:
    """Approved as it was drafted, and told to all of them."""
    found = db.session.scalars(select(Round)).one()
    with writing():
        approve(found, {}, None, now)
    assert compose_due(now) == 4
    return found


def put_right(people: Cast, wrong: Action, now: datetime, **words: str) -> Action:
    with writing():
        right = decide(
            wrong.organisation_id, Decision("already", "Put right", people.alice.id, dict(words or RIGHT)),
            now.date(), now, corrects=wrong,
        )  # fmt: skip
        db.session.flush()
        correct(wrong, right, now)
    return right


def told(now: datetime) -> int:
    """Both ticks, until nothing is left; how many heard it by their digest."""
    compose_corrections(now)
    return compose_digest_corrections(now)


def corrections() -> dict[str, Message]:
    found = db.session.scalars(select(Message).where(Message.kind == "correction").order_by(Message.id))
    return {m.recipient: m for m in found}


def hows(response: Response) -> list[str]:
    query = (
        select(Update.how).join(Promise).where(Promise.response_id == response.id, Update.kind == "ending")
    )
    return list(db.session.scalars(query.order_by(Update.id)))


def adds_up(people: Cast) -> bool:
    return ledger(Scope(people.webshop.id)).adds_up


@pytest.mark.both_databases
def test_everybody_who_heard_the_digest_hears_what_holds_by_their_channel_in_their_language(
    people: Cast, wrong: Action, november: Round, scores: dict[str, Response], now: datetime
) -> None:
    put_right(people, wrong, now + HOUR)
    assert adds_up(people), "before anybody was told"
    assert told(now + HOUR) == 3
    sent = corrections()
    assert set(sent) == {"rita@example.com", "mail@example.com", "dutch@example.com"}
    english, dutch = sent["mail@example.com"], sent["dutch@example.com"]
    assert english.subject == "A correction of what we told you about “Your order”"
    assert STOOD in english.text
    assert "The boxes stay as they are." in english.text
    assert "The boxes stay as they are." in english.html
    assert "In “U zei, wij deden” van november 2026 stond" in dutch.text
    assert "De dozen blijven zoals ze zijn." in dutch.text
    page = promises_of(scores["page"])[-1].updates[-1]
    assert (page.channel, page.how) == ("page", "correction")
    assert STOOD in page.words
    assert all(hows(r) == ["digest", "correction"] for r in scores.values())
    assert adds_up(people)


@pytest.mark.both_databases
def test_once_and_then_no_tick_looks_at_it_again(
    people: Cast, wrong: Action, november: Round, now: datetime
) -> None:
    put_right(people, wrong, now + HOUR)
    assert [told(now + HOUR) for _clock in range(3)] == [3, 0, 0]
    assert db.session.scalars(select(DigestCorrection)).one().carried_at == now + HOUR
    assert sweep(now + HOUR) == 0, "nobody was missed"
    assert db.session.scalar(select(func.count(HeardRight.update_id))) == 3


@pytest.mark.both_databases
def test_two_clocks_tell_it_once(people: Cast, wrong: Action, november: Round, now: datetime) -> None:
    """The row that says so is unique: whoever comes second is stopped by the database."""
    put_right(people, wrong, now)
    told(now)
    heard = db.session.scalars(select(HeardRight)).first()
    assert heard
    row = {name: getattr(heard, name) for name in ("response_id", "action_id", "kind", "update_id")}
    db.session.rollback()
    with pytest.raises(IntegrityError), writing():
        db.session.execute(insert(HeardRight), row)


def test_whoever_wrote_and_gave_a_bare_score_too_hears_it_in_one_message(
    people: Cast, survey: Survey, wrong: Action, scores: dict[str, Response], november: Round, now: datetime
) -> None:
    other = scored(survey, now + HOUR)
    compose_due(now + timedelta(days=1))
    later = now + timedelta(days=1, hours=1)
    put_right(people, wrong, later)
    assert compose_digest_corrections(later) == 3, "Rita's own waits for the word about what she wrote"
    compose_corrections(later)
    assert compose_digest_corrections(later) == 1
    mails = list(db.session.scalars(select(Message).where(Message.recipient == "rita@example.com")))
    assert [m.kind for m in mails].count("correction") == 1
    assert hows(other) == ["digest", "correction"], "her other answer says so too"
    assert promises_of(other)[-1].updates[-1].message is mails[-1]


def test_two_bare_scores_of_one_person_are_one_message(
    people: Cast, survey: Survey, wrong: Action, now: datetime
) -> None:
    both = [scored(survey, now, email="twice@example.com") for _ in range(2)]
    with writing():
        approve(db.session.scalars(select(Round)).one(), {}, None, now)
    compose_due(now)
    put_right(people, wrong, now)
    assert told(now) == 2
    assert list(corrections()).count("twice@example.com") == 1
    assert all(hows(r)[-1] == "correction" for r in both)


def test_who_hears_the_digest_later_reads_below_it_what_was_put_right(
    people: Cast, survey: Survey, wrong: Action, november: Round, now: datetime
) -> None:
    put_right(people, wrong, now)
    told(now)
    late = scored(survey, now + HOUR, email="late@example.com")
    compose_due(now + HOUR)
    mail = promises_of(late)[-1].updates[-1].message
    assert mail
    assert "“We now use a stronger box.” was not right. This is what holds:" in mail.text
    assert "The boxes stay as they are." in mail.text
    assert told(now + HOUR) == 0, "and hears it once"
    assert sweep(now + HOUR) == 0


def test_a_correction_that_is_put_right_once_more(
    people: Cast, wrong: Action, november: Round, scores: dict[str, Response], now: datetime
) -> None:
    first = put_right(people, wrong, now)
    told(now)
    put_right(people, first, now + HOUR, en="They change in May.", nl="Ze veranderen in mei.")
    assert told(now + HOUR) == 3
    assert hows(scores["mail"]) == ["digest", "correction", "correction"]
    text = corrections()["mail@example.com"].text
    assert STOOD in text
    assert "They change in May." in text
    assert len(holding(november.id)) == 1, "the last word on it"


def test_who_waits_for_another_word_keeps_that_promise(
    people: Cast, wrong: Action, november: Round, scores: dict[str, Response], now: datetime
) -> None:
    with writing():
        judge(scores["mail"], Judgement(None, False, "No.", "n1"), now + HOUR)
    compose_receipts(now + HOUR)
    waiting = promises_of(scores["mail"])[-1]
    put_right(people, wrong, now + 2 * HOUR)
    assert told(now + 2 * HOUR) == 3
    ended, still = promises_of(scores["mail"])[-2:]
    assert (ended.id, ended.ended_as, still.ended_as) == (waiting.id, "told", None)
    assert (still.because, still.due_at) == (waiting.because, waiting.due_at)
    assert "What we promise you now:" in corrections()["mail@example.com"].text
    assert adds_up(people)


def test_the_erased_and_who_asked_for_nothing_are_left_alone_until_they_ask(
    people: Cast, wrong: Action, november: Round, scores: dict[str, Response], now: datetime
) -> None:
    with writing():
        scores["mail"].erased_at = now
        choose(scores["dutch"], "none", "", now)
    put_right(people, wrong, now)
    assert told(now) == 1
    assert set(corrections()) == {"rita@example.com"}
    with writing():
        choose(scores["dutch"], "mail", "", now + HOUR)
    sweep(now + HOUR)
    told(now + HOUR)
    assert "dutch@example.com" in corrections(), "once they want to be told again"
    assert adds_up(people)


def test_what_was_in_no_digest_is_told_to_nobody_by_one(
    people: Cast, survey: Survey, scores: dict[str, Response], now: datetime
) -> None:
    """One person's action, not chosen for the page and not in the words: nobody else learns that it was there."""
    comment = said(survey, now)
    with writing():
        alone = decided(people, now, words={"en": "We called Rita.", "nl": "Wij belden Rita."})
        settled(comment.response, alone, now)
        approve(db.session.scalars(select(Round)).one(), {"nl": "U zei veel."}, None, now, publish=[])
    compose_due(now)
    put_right(people, alone, now)
    assert told(now) == 0
    assert set(corrections()) == {"rita@example.com"}


def test_a_digest_that_nobody_approved_told_nobody(
    people: Cast, wrong: Action, scores: dict[str, Response], now: datetime
) -> None:
    compose_due(now)
    put_right(people, wrong, now)
    assert db.session.scalars(select(DigestCorrection)).all() == []


@pytest.mark.both_databases
def test_a_large_correction_waits_and_reaches_both_once_it_is_approved(
    people: Cast, wrong: Action, november: Round, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_steps, "FLOOR", 3)
    later = now + HOUR
    with writing():
        right = decide(
            wrong.organisation_id, Decision("already", "Put right", people.alice.id, RIGHT), later.date(), later,
            corrects=wrong,
        )  # fmt: skip
        taken = take_correction(wrong, right, None, later)
    assert taken.step
    assert taken.step.messages == 3, "Rita, and two by mail who heard the digest"
    assert told(later) == 0
    assert any(STOOD in one.text for one in samples(taken.step, later)), "one of the three letters is theirs"
    with writing():
        large_steps.approve(db.session.scalars(select(LargeStep)).one(), later)
    carry_out_steps(later)
    assert told(later) == 3
    assert adds_up(people)


def test_the_preview_counts_people_and_how_many_of_them_by_digest(
    people: Cast, wrong: Action, november: Round, now: datetime
) -> None:
    with writing():
        right = decide(
            wrong.organisation_id, Decision("already", "Put right", people.alice.id, RIGHT), now.date(), now,
            corrects=wrong,
        )  # fmt: skip
    found = correction_previews(wrong, right, now, 25)
    assert (found.reach.reached, found.by_digest, found.reach.mail, found.reach.page) == (4, 3, 3, 1)
    assert found.more == 0
    assert sum(STOOD in one.text for one in [*found.mails, *found.pages]) == 2


def test_what_was_withdrawn_before_its_kept_words_went_out_is_put_right_with_them(
    people: Cast, wrong: Action, scores: dict[str, Response], now: datetime
) -> None:
    round = db.session.scalars(select(Round)).one()
    with writing():
        write(round, {"en": "Boxes! We now use a stronger box.", "nl": "Dozen."}, now)
    compose_due(now)
    put_right(people, put_right(people, wrong, now, en="Not yet."), now)
    with writing():
        approve(round, {}, None, now)
    compose_due(now)
    mail = promises_of(scores["mail"])[-1].updates[-1].message
    assert mail
    assert "“We now use a stronger box.” was not right. This is what holds:" in mail.text
    assert "The boxes stay as they are." in mail.text
    assert told(now) == 0, "with the digest itself, and not once more"


def test_a_score_that_came_back_and_was_told_as_its_own_hears_it_once(
    people: Cast, wrong: Action, november: Round, scores: dict[str, Response], now: datetime
) -> None:
    page = scores["page"]
    with writing():
        judge(page, Judgement(None, False, "No.", "n1"), now + HOUR)
    with writing():
        settled(page, wrong, now + 2 * HOUR)
    compose_due(now + 2 * HOUR)
    put_right(people, wrong, now + 3 * HOUR)
    told(now + 3 * HOUR)
    told(now + 3 * HOUR)
    assert hows(page) == ["digest", "done", "correction"]
    assert sweep(now + 4 * HOUR) == 0


def test_words_that_are_only_a_date_stand_in_every_digest_and_so_in_none(
    people: Cast, survey: Survey, november: Round, now: datetime
) -> None:
    comment = said(survey, now, email="x@example.com")
    with writing():
        bare = decided(people, now, words={"en": "{done_on}"})
        settled(comment.response, bare, now)
    assert said_in_digests(bare) == set()


def test_who_heard_the_digest_beside_its_correction_is_found_by_the_sweep(
    people: Cast, survey: Survey, wrong: Action, november: Round, now: datetime
) -> None:
    """Two transactions side by side: the digest did not see what was put right, and the tick did not see who heard it."""
    put_right(people, wrong, now)
    told(now)
    late = scored(survey, now + HOUR, email="late@example.com")
    compose_due(now + HOUR)
    with writing():
        db.session.execute(delete(HeardRight).where(HeardRight.response_id == late.id))
    assert told(now + HOUR) == 0
    assert (sweep(now + HOUR), told(now + HOUR), sweep(now + HOUR)) == (1, 1, 0)
    assert hows(late) == ["digest", "correction"]


FORM = {
    "kind": "already", "title": "Put right", "note_nl": RIGHT["nl"], "note_en": RIGHT["en"], "reason": "",
    "theme": "",
}  # fmt: skip


def test_the_manager_reads_how_many_before_and_after(
    alice: Colleague, people: Cast, wrong: Action, november: Round, now: datetime
) -> None:
    data = FORM | {"owner": str(people.alice.id)}
    shown = Page(alice.post(f"/actions/{wrong.id}/correction", data=data | {"step": "preview"}))
    assert "This reaches 4 people, 3 of them because they read it in “You said, we did”." in shown.words
    done = alice.post(f"/actions/{wrong.id}/correction", data=data | {"step": "settle"})
    after = get(alice, done.headers["Location"])
    assert "1 comment hears what holds now. So do 3 people who read it in “You said, we did”." in after.words
    assert "What was put right since" in get(alice, f"/rounds/{november.id}").words


def test_the_page_for_everybody_shows_what_holds_and_that_it_was_put_right(
    alice: Colleague, people: Cast, wrong: Action, november: Round, now: datetime
) -> None:
    put_right(people, wrong, now)
    words = get(alice, "/s/bestelling/you-said?lang=en").words
    assert "It is already so · 1 person wrote about this." in words
    assert (
        "Put right on 23 November 2026. Before that we said here, and it was not right: We now use a stronger box."
        " This is what holds: The boxes stay as they are."
    ) in words
    assert words.count("We now use a stronger box.") == 1, "the draft's own paragraph makes way"
