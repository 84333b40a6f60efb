"""Each story of the demo is there, in rows that the verbs made."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select

from core.db import db
from demo.reading import Script, Story
from demo.stage import Stage
from followup.digests.corrections import heard_in_a_digest
from followup.models import Told, Verdict
from outbox.incoming.models import IncomingMessage
from outbox.models import Attempt, Message, Suppression
from promises import standing
from promises.models import Promise, Update
from surveys.models import Round
from surveys.models_responses import Answer, Response
from tests.demo.played import NOW, TODAY, year
from triage.models import Action, Comment

pytestmark = pytest.mark.usefixtures("demo")


def stories(text: Script, kind: str) -> Iterator[Story]:
    found = [s for s in text.story if s.kind == kind]
    assert found
    yield from found


def response(text: Script, key: str) -> Response:
    """The answer that this comment came in."""
    words = next(r.text for r in text.remarks if r.key == key)
    return db.session.scalars(
        select(Response).join(Answer, Answer.response_id == Response.id).where(Answer.text == words)
    ).one()


def told(text: Script, key: str) -> list[Told]:
    """Everything this person was told about an action, oldest first."""
    query = (
        select(Told).join(Update, Update.id == Told.update_id).join(Promise, Promise.id == Update.promise_id)
    )
    return list(
        db.session.scalars(query.where(Promise.response_id == response(text, key).id).order_by(Told.id))
    )


def messages(text: Script, key: str) -> list[Message]:
    """Every message to this person about this answer, oldest first."""
    carried = select(Update.message_id).join(Promise).where(Promise.response_id == response(text, key).id)
    return list(db.session.scalars(select(Message).where(Message.id.in_(carried)).order_by(Message.id)))


def first_date(text: Script, key: str) -> tuple[date, date]:
    """(the first date told, the day of the deed)"""
    dated = [t for t in told(text, key) if t.due_on]
    assert dated
    done = dated[0].action.done_on
    assert dated[0].due_on
    assert done
    return dated[0].due_on, done


def test_kept_told_a_date_and_done_on_it(text: Script) -> None:
    for story in stories(text, "kept"):
        for key in story.comments:
            due, done = first_date(text, key)
            assert due == done
            assert [t.kind for t in told(text, key)] == ["planned", "done"]


def test_early_done_before_the_date_that_was_told(text: Script) -> None:
    for story in stories(text, "early"):
        for key in story.comments:
            due, done = first_date(text, key)
            assert done < due


def test_broken_the_date_passed_without_a_word_in_advance(text: Script) -> None:
    for story in stories(text, "broken"):
        dated = [key for key in story.comments if any(t.due_on for t in told(text, key))]
        assert len(dated) >= 2
        for key in dated:
            due, done = first_date(text, key)
            assert due < done
            assert not _moves(text, key)


def test_broken_those_who_came_after_the_date_were_kept_informed(text: Script) -> None:
    """No plan with a date that has gone is told; there is no news, on each promised day, until it is done."""
    for story in stories(text, "broken"):
        late = [key for key in story.comments if not any(t.kind == "planned" for t in told(text, key))]
        for key in late:
            kinds = [m.kind for m in messages(text, key)]
            assert kinds[0] == "receipt"
            assert kinds[-1] == "update"
            assert set(kinds[1:-1]) <= {"no_news"}


def test_moved_before_the_date_with_the_reason_and_kept_then(text: Script) -> None:
    for story in stories(text, "moved"):
        for key in story.comments:
            (move,) = _moves(text, key)
            due, done = first_date(text, key)
            assert move.ended_at is not None
            assert move.ended_at.date() < due < done
            successor = db.session.scalars(select(Promise).where(Promise.predecessor_id == move.id)).one()
            assert successor.ended_as == "told"
            assert not successor.is_late(NOW)
            assert successor.reason


def test_moved_says_why_in_the_language_of_the_reader(text: Script) -> None:
    for story in stories(text, "moved"):
        for key in story.comments:
            (mail,) = [m for m in messages(text, key) if m.kind == "moved"]
            answer = response(text, key)
            assert story.reason[answer.language].split("{")[0].strip() in " ".join(mail.text.split())


def test_open_told_a_date_that_is_still_to_come(text: Script) -> None:
    for story in stories(text, "open"):
        for key in story.comments:
            planned = [t for t in told(text, key) if t.kind == "planned"]
            assert planned
            assert planned[0].due_on
            assert planned[0].due_on > TODAY
            assert planned[0].action.done_on is None


def test_not_solved_answered_again_and_solved_then(text: Script) -> None:
    for story in stories(text, "not_solved"):
        (key,) = story.comments
        verdicts = _verdicts(text, key)
        assert [v.solved for v in verdicts] == [False, True]
        assert verdicts[0].words == story.words
        again = [
            t for t in told(text, key) if verdicts[0].created_at < t.tag.tagged_at < verdicts[1].created_at
        ]
        assert [t.kind for t in again] == ["done"]
        assert [p.because for p in _promises(text, key)].count("not_solved") == 1


def test_not_clear_answered_by_a_person_the_same_day(text: Script) -> None:
    for story in stories(text, "not_clear"):
        (key,) = story.comments
        (verdict,) = _verdicts(text, key)
        (promise,) = [p for p in _promises(text, key) if p.because == "not_clear"]
        assert verdict.clear is False
        assert verdict.words == story.words
        assert promise.ended_as == "told"
        assert promise.ended_at is not None
        assert promise.ended_at.date() == verdict.created_at.date()


def test_bounce_the_mail_came_back_with_the_servers_own_words(text: Script) -> None:
    for story in stories(text, "bounce"):
        (key,) = story.comments
        (back,) = [m for m in messages(text, key) if m.state == "bounced"]
        assert story.server_reply in back.server_reply
        notices = select(IncomingMessage).where(IncomingMessage.message_id == back.id)
        assert db.session.scalars(notices).one().kind == "bounce"
        assert standing.of(response(text, key)).state == "unreachable"


def test_bounce_nobody_is_written_to_at_an_address_that_does_not_exist(text: Script) -> None:
    gone = next(s for s in stories(text, "bounce") if " 5.1.1 " in s.server_reply)
    states = [m.state for m in messages(text, gone.comments[0])]
    assert states[0] == "bounced"
    assert set(states[1:]) == {"suppressed"}
    assert db.session.scalar(select(func.count(Suppression.id)).where(Suppression.reason == "hard_bounce"))


def test_unknown_is_shown_with_its_evidence_and_still_promised(text: Script) -> None:
    for story in stories(text, "unknown"):
        (key,) = story.comments
        last = messages(text, key)[-1]
        assert last.state == "unknown"
        assert story.evidence in last.server_reply
        tries = select(Attempt.outcome).where(Attempt.message_id == last.id)
        assert db.session.scalars(tries).all() == ["unknown"]
        assert standing.of(response(text, key)).state == "promised"


def test_declined_gets_no_mail_and_is_no_ones_debt(text: Script) -> None:
    for story in stories(text, "declined"):
        for key in story.comments:
            assert not messages(text, key)
            assert not _promises(text, key)
            assert standing.of(response(text, key)) == standing.Standing("unreachable", "declined")


def test_correction_reaches_everyone_who_was_told_wrongly_and_nobody_else(text: Script) -> None:
    (story,) = stories(text, "correction")
    wrong = db.session.scalars(select(Action).where(Action.withdrawn_at.is_not(None))).one()
    heard = _people(select(Told.update_id).where(Told.action_id == wrong.id))
    heard |= set(db.session.scalars(heard_in_a_digest(wrong)))
    corrected = _people(select(Update.id).where(Update.how == "correction"))
    assert heard == corrected
    assert {response(text, key).id for key in story.comments} <= corrected


def test_correction_says_what_holds_and_later_readers_hear_neither(text: Script, stage: Stage) -> None:
    (story,) = stories(text, "correction")
    (mail,) = [m for m in messages(text, story.comments[0]) if m.kind == "correction"]
    assert "momentsleutel" in mail.text
    later = [m for m in _mails("update") if m.created_at > mail.created_at]
    assert not [m for m in later if story.wrong["nl"] in m.text or story.wrong["en"] in m.text]
    assert not [m for m in later if "Wij schreven u dat bij elke fiets" in m.text]


def test_anonymous_ones_are_told_on_their_own_page(text: Script) -> None:
    waiting = {key for keys in text.inbox.values() for key in keys}
    unnamed = [r.key for r in text.remarks if r.wants == "page" and r.key not in waiting]
    assert len(unnamed) >= 10
    for key in unnamed:
        answer = response(text, key)
        assert answer.anonymous
        assert standing.of(answer).state == "told"
        endings = [u for p in _promises(text, key) for u in p.updates if u.kind == "ending"]
        assert endings[-1].channel == "page"
        assert endings[-1].words


def test_the_inbox_holds_work_that_is_due_soon(text: Script) -> None:
    waiting = {key for keys in text.inbox.values() for key in keys}
    still_open = [c for c in db.session.scalars(select(Comment)) if c.state(NOW) == "open"]
    assert {c.text for c in still_open} == {r.text for r in text.remarks if r.key in waiting}
    owed = [p for c in still_open for p in _open(c.response)]
    assert len(owed) == len(still_open)
    assert min(p.due_on for p in owed if p.due_on) == TODAY
    assert [p for p in owed if p.because == "no_news"]


def test_in_the_inbox_only_what_is_loud_has_a_label(text: Script) -> None:
    waiting = {r.text: r for r in text.remarks if any(r.key in keys for keys in text.inbox.values())}
    found = {c.text: c for c in db.session.scalars(select(Comment)) if c.text in waiting}
    assert {c.emotion for c in found.values()} >= {None, "impatient", "frustrated"}
    assert all(c.emotion in {None, waiting[words].emotion} for words, c in found.items())


def test_what_was_answered_carries_the_labels_of_staff(text: Script) -> None:
    waiting = {key for keys in text.inbox.values() for key in keys}
    for remark in (r for r in text.remarks if r.key not in waiting):
        (comment,) = db.session.scalars(select(Comment).join(Answer).where(Answer.text == remark.text))
        assert comment.emotion == remark.emotion
        assert {t.key for t in comment.themes} == set(remark.themes)
        assert comment.assignee_id


def test_digests_are_approved_for_past_months_and_not_for_this_one() -> None:
    for round in db.session.scalars(select(Round)):
        running = round.starts_on == TODAY.replace(day=1)
        first = round.starts_on < date(2025, 11, 1)
        assert (round.approved_at is None) == (running or first)
        assert running or first or set(round.digest) == {"nl", "en"}


def test_no_words_are_left_to_be_filled_in() -> None:
    words = [m.text + m.subject for m in db.session.scalars(select(Message))]
    words += [u.words for u in db.session.scalars(select(Update))]
    words += [text for r in db.session.scalars(select(Round)) for text in r.digest.values()]
    assert not [text for text in words if "{" in text or "}" in text]


def test_nobody_hears_two_of_these_a_day() -> None:
    limited = ("update", "digest", "no_news", "moved")
    days = Counter((m.organisation_id, m.recipient, m.created_at.date()) for m in _mails(*limited))
    assert max(days.values()) == 1


def test_the_report_shows_every_kind_of_deed() -> None:
    for slug in ("bestelling", "reparatie"):
        deed = year(slug).deed
        assert min(deed.early, deed.kept, deed.warned, deed.broken, deed.open) >= 5


def test_the_report_counts_words_and_verdicts() -> None:
    for slug in ("bestelling", "reparatie"):
        found = year(slug)
        assert found.word.kept > 9 * (found.word.late + found.word.broken)
        assert found.word.moved >= 5
        assert found.verdicts.solved >= 10
        assert found.ledger.adds_up
        assert found.satisfaction.csat is not None
        assert found.satisfaction.csat.enough


def test_satisfaction_rises_over_the_year() -> None:
    for slug in ("bestelling", "reparatie"):
        months = year(slug).satisfaction.months
        first, last = (
            sum(m.scores[3] + m.scores[4] for m in part) / sum(sum(m.scores) for m in part)
            for part in (months[:4], months[-4:])
        )
        assert last > first


def _moves(text: Script, key: str) -> list[Promise]:
    return [p for p in _promises(text, key) if p.ended_as == "moved"]


def _promises(text: Script, key: str) -> list[Promise]:
    query = select(Promise).where(Promise.response_id == response(text, key).id)
    return list(db.session.scalars(query.order_by(Promise.id)))


def _open(answer: Response) -> list[Promise]:
    return list(db.session.scalars(select(Promise).where(Promise.response_id == answer.id, Promise.is_open)))


def _verdicts(text: Script, key: str) -> list[Verdict]:
    query = select(Verdict).where(Verdict.response_id == response(text, key).id)
    return list(db.session.scalars(query.order_by(Verdict.id)))


def _mails(*kinds: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.kind.in_(kinds))))


def _people(update_ids: object) -> set[int]:
    query = select(Promise.response_id).join(Update, Update.promise_id == Promise.id)
    return set(db.session.scalars(query.where(Update.id.in_(update_ids))))  # type: ignore[arg-type]
