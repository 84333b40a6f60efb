"""Which actions a digest tells: ticked beside its words, kept as rows; whoever reads it hears what becomes of each."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.access import Role
from core.db import db, writing
from followup.composing import compose_due
from followup.corrections.correcting import correct, tell_done
from followup.corrections.retelling import compose_corrections
from followup.digests.actions import told_in
from followup.digests.models import DigestAction, DigestCorrection
from followup.digests.retelling_digests import compose_digest_corrections
from followup.digests.rounds import approve, write
from followup.judging import Judgement, judge
from followup.models import LargeStep
from followup.no_news import compose_moves, compose_no_news
from followup.own_page.hearing import choose
from followup.plans.delaying import delay
from followup.receipts import compose_receipts
from followup.steps import large_steps
from followup.steps.carrying_out import carry_out_steps
from followup.steps.sampling import digest_previews, done_previews
from followup.steps.stepping import take_done
from followup.sweeping import sweep
from outbox.models import Message
from promises.ledger import Scope, ledger
from promises.models import Promise
from surveys.models import Round, Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import said, scored
from tests.loop import decided, promises_of, settled
from tests.pages import Page, get
from triage.acting import Decision, decide
from triage.models import Action

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OWN = {"nl": "U vroeg om betere dozen: die komen er.", "en": "You asked for better boxes: they are coming."}
"""Words of a manager's own, in which no action's words stand."""
ZONE = "Europe/Amsterdam"


@pytest.fixture
def plan(people: Cast, survey: Survey, now: datetime) -> Action:
    """Bob's, for Monday a week later; told to Rita, who wrote."""
    comment = said(survey, now)
    with writing():
        action = decided(people, now, "planned")
        settled(comment.response, action, now)
    return action


@pytest.fixture
def scores(survey: Survey, now: datetime) -> dict[str, Response]:
    """Who gave a score and no words."""
    by = {"mail": {}, "page": {"wants": "page"}}
    return {name: scored(survey, now, email=f"{name}@example.com", **value) for name, value in by.items()}


@pytest.fixture
def round(plan: Action, scores: dict[str, Response]) -> Round:
    return db.session.scalars(select(Round)).one()


@pytest.fixture
def november(round: Round, plan: Action, now: datetime) -> Round:
    """In words of a manager's own, which tell the plan; told to everybody."""
    with writing():
        approve(round, OWN, None, now, publish=[], tells=[plan.id])
    assert compose_due(now) == 3
    return round


def hear(now: datetime) -> int:
    """What changed, to everybody who heard otherwise; how many heard it by their digest."""
    compose_corrections(now)
    return compose_digest_corrections(now)


def put_right(people: Cast, wrong: Action, now: datetime, kind: str = "already", **values: object) -> Action:
    words = {"en": "The boxes stay.", "nl": "De dozen blijven."}
    with writing():
        right = decide(
            wrong.organisation_id, Decision(kind, "Put right", people.alice.id, words, **values),  # type: ignore[arg-type]
            now.date(), now, corrects=wrong,
        )  # fmt: skip
        db.session.flush()
        correct(wrong, right, now)
    return right


def hows(response: Response) -> list[str]:
    return [u.how for p in promises_of(response) for u in p.updates if u.kind == "ending"]


def owed(response: Response) -> Promise:
    return promises_of(response)[-1]


def last_mail(to: str = "mail@example.com") -> Message:
    query = select(Message).where(Message.recipient == to).order_by(Message.id.desc()).limit(1)
    return db.session.scalars(query).one()


# What the words tell


def test_a_draft_tells_all_it_is_put_together_from(round: Round, plan: Action, now: datetime) -> None:
    with writing():
        approve(round, {}, None, now)
    assert set(told_in(round)) == {plan.id}


def test_words_of_ones_own_tell_what_was_ticked(
    people: Cast, round: Round, plan: Action, scores: dict[str, Response], now: datetime
) -> None:
    """The gap that was: nothing of the action's own words stands in them, and nobody chose it for the page."""
    with writing():
        approve(round, OWN, None, now, publish=[], tells=[plan.id])
    compose_due(now)
    put_right(people, plan, now + HOUR)
    assert hear(now + HOUR) == 2
    assert all(hows(r) == ["digest", "correction"] for r in scores.values())
    assert "“We now use a stronger box.” That was not right." in last_mail().text


def test_what_was_unticked_is_told_to_nobody_who_read_the_rest(
    people: Cast, round: Round, plan: Action, now: datetime
) -> None:
    """Also where it stands on the page for everybody, which then shows what holds."""
    with writing():
        approve(round, OWN, None, now, publish=[plan.id], tells=[])
    compose_due(now)
    put_right(people, plan, now)
    assert hear(now) == 0
    assert sweep(now) == 0
    assert db.session.scalars(select(DigestCorrection.wrong_id)).all() == [plan.id], "for the page"


def test_where_nobody_ticked_what_stands_in_the_words_and_on_the_page_is_told(
    people: Cast, survey: Survey, round: Round, plan: Action, now: datetime
) -> None:
    """As through the API: each tells more than the words say sooner than less."""
    comment = said(survey, now, email="other@example.com")
    with writing():
        other = decided(people, now, words={"en": "Shorter queues.", "nl": "Kortere rijen."})
        settled(comment.response, other, now)
        write(round, {"nl": "Kortere rijen. En meer."}, now, publish=[plan.id])
    assert set(told_in(round)) == {plan.id, other.id}


def test_words_that_were_kept_and_approved_as_they_were_tell_the_same(
    round: Round, plan: Action, now: datetime
) -> None:
    with writing():
        write(round, OWN, now, publish=[], tells=[plan.id])
        approve(round, {}, None, now)
    row = db.session.scalars(select(DigestAction)).one()
    assert (row.action_id, row.kind, row.due_on) == (plan.id, "planned", plan.due_on)


def test_only_what_was_done_about_this_round_can_be_told(
    people: Cast, round: Round, plan: Action, now: datetime
) -> None:
    with writing():
        foreign = decided(people, now)
        thanks = decided(people, now, "thanks")
        db.session.flush()
        write(round, OWN, now, tells=[plan.id, foreign.id, thanks.id, 10**9])
    assert set(told_in(round)) == {plan.id}


def test_what_was_done_while_its_digest_waited_stands_below_the_words(
    round: Round, plan: Action, scores: dict[str, Response], now: datetime
) -> None:
    """The kept words say that it is planned, and its first readers hear at once that it is done: once."""
    with writing():
        write(round, OWN, now, tells=[plan.id])
        tell_done(plan, now.date(), now)
        approve(round, {}, None, now)
    compose_due(now)
    assert "This was planned, and is done by now.\nDone on 23 November 2026" in last_mail().text
    assert (hear(now), sweep(now)) == (0, 0)
    assert all(owed(r).ended_as == "told" for r in scores.values()), "nothing is planned any more"


# What is planned is owed its outcome


@pytest.mark.both_databases
def test_who_read_a_plan_in_a_digest_is_promised_its_outcome_by_the_same_message(
    people: Cast, november: Round, plan: Action, scores: dict[str, Response], now: datetime
) -> None:
    outcome = owed(scores["mail"])
    assert (outcome.kind, outcome.because, outcome.due_on, outcome.who) == (
        "outcome", "planned", plan.due_on, people.bob
    )  # fmt: skip
    assert hows(scores["mail"]) == ["digest"]
    assert "What we promise you now:" in last_mail().text
    assert outcome.updates[0].message == last_mail()
    assert (
        "You hear from Bob Bakker by Monday 30 November 2026"
        in promises_of(scores["page"])[0].updates[-1].words
    )
    found = ledger(Scope(people.webshop.id))
    assert (found.adds_up, found.planned) == (True, 1), "the one on the page; the mails are on their way"


@pytest.mark.both_databases
def test_when_it_is_done_everybody_who_was_told_it_is_planned_hears_so_once(
    people: Cast, november: Round, plan: Action, scores: dict[str, Response], now: datetime
) -> None:
    later = now + DAY
    with writing():
        tell_done(plan, later.date(), later)
    assert ledger(Scope(people.webshop.id)).adds_up
    assert [hear(later) for _clock in range(3)] == [2, 0, 0]
    assert sweep(later) == 0
    for response in scores.values():
        assert hows(response) == ["digest", "done"]
        assert owed(response).ended_as == "told", "nothing is owed any more"
    mail = last_mail()
    assert mail.kind == "update"
    assert mail.subject == "Done: what we changed after your answer about “Your order”"
    assert "Done on 24 November 2026" in mail.text
    assert "not right" not in mail.text
    assert "Does this solve it?" in mail.text
    assert ledger(Scope(people.webshop.id)).adds_up


def test_the_digest_is_told_once_whatever_became_of_its_plan(
    november: Round, plan: Action, scores: dict[str, Response], now: datetime
) -> None:
    """A promise that goes on after a digest is no score that waits for it."""
    with writing():
        delay(plan, now.date() + 14 * DAY, {"en": "Late."}, Role.agent, now)
    compose_moves(now)
    compose_due(now + DAY)
    assert hows(scores["page"]) == ["digest", "moved"]


def test_a_plan_that_is_moved_is_told_to_its_readers_too(
    november: Round, plan: Action, scores: dict[str, Response], now: datetime
) -> None:
    later = now.date() + timedelta(days=14)
    with writing():
        moved = delay(plan, later, {"en": "The supplier is late."}, Role.agent, now)
    assert moved == 3, "Rita, and two by their digest"
    compose_moves(now)
    assert "The supplier is late." in last_mail().text
    assert (owed(scores["mail"]).kind, owed(scores["mail"]).due_on) == ("outcome", later)
    with writing():
        tell_done(plan, later, now + DAY)
    assert hear(now + DAY) == 2
    assert hows(scores["mail"]) == ["digest", "moved", "done"]
    assert owed(scores["mail"]).ended_as == "told"


def test_on_its_day_without_news_it_is_broken_and_says_so(
    november: Round, plan: Action, scores: dict[str, Response], now: datetime
) -> None:
    day = now + timedelta(days=7, hours=6)
    compose_no_news(day)
    assert hows(scores["page"]) == ["digest", "no_news"]
    assert (owed(scores["page"]).kind, owed(scores["page"]).because) == ("update", "no_news")
    assert "We now use a stronger box." in last_mail().text, "what was planned"
    compose_due(day + DAY)
    with writing():
        tell_done(plan, day.date(), day + DAY)
    assert hear(day + DAY) == 2
    assert (hows(scores["page"]), owed(scores["page"]).ended_as) == (["digest", "no_news", "done"], "told")


def test_who_said_it_is_not_solved_waits_on_for_that(
    round: Round, plan: Action, scores: dict[str, Response], now: datetime
) -> None:
    with writing():
        plan.due_on = now.date() + timedelta(days=40)  # too far off to answer a no by itself
        approve(round, OWN, None, now, tells=[plan.id])
    compose_due(now)
    with writing():
        judge(scores["mail"], Judgement(None, False, "No.", "n1"), now + HOUR)
    compose_receipts(now + HOUR)
    waits = owed(scores["mail"])
    with writing():
        tell_done(plan, now.date(), now + 2 * HOUR)
    assert hear(now + 2 * HOUR) == 2
    still = owed(scores["mail"])
    assert (still.because, still.due_at, still.ended_as) == (waits.because, waits.due_at, None)


def test_who_wants_to_hear_again_hears_that_it_is_done_and_waits_for_nothing_else(
    november: Round, plan: Action, scores: dict[str, Response], now: datetime
) -> None:
    with writing():
        choose(scores["mail"], "none", "", now)
        choose(scores["mail"], "mail", "", now + HOUR)
        tell_done(plan, now.date(), now + DAY)
    compose_due(now + DAY)
    assert hear(now + DAY) == 2
    assert (hows(scores["mail"]), owed(scores["mail"]).ended_as) == (["digest", "done"], "told")


def test_two_plans_of_one_digest_owe_the_earlier_one_first(
    people: Cast, survey: Survey, round: Round, plan: Action, scores: dict[str, Response], now: datetime
) -> None:
    comment = said(survey, now, email="other@example.com")
    with writing():
        sooner = decided(people, now, "planned", due_on=now.date() + timedelta(days=3))
        settled(comment.response, sooner, now)
        approve(round, OWN, None, now, tells=[plan.id, sooner.id])
    compose_due(now)
    assert owed(scores["mail"]).due_on == sooner.due_on
    with writing():
        tell_done(sooner, now.date(), now + DAY)
    hear(now + DAY)
    assert (owed(scores["mail"]).kind, owed(scores["mail"]).due_on) == ("outcome", plan.due_on)


def test_a_plan_that_puts_a_digest_right_is_owed_its_outcome_too(
    people: Cast, november: Round, plan: Action, scores: dict[str, Response], now: datetime
) -> None:
    new = put_right(people, plan, now + HOUR, "planned", due_on=now.date() + timedelta(days=20))
    assert hear(now + HOUR) == 2
    assert owed(scores["mail"]).due_on == new.due_on
    with writing():
        tell_done(new, now.date(), now + DAY)
    assert [hear(now + DAY), hear(now + DAY), sweep(now + DAY)] == [2, 0, 0]
    assert hows(scores["mail"]) == ["digest", "correction", "done"]
    assert "We now use" not in last_mail().text, "what was wrong is not said again"


def test_who_hears_the_digest_later_reads_below_it_that_the_plan_is_done(
    survey: Survey, november: Round, plan: Action, now: datetime
) -> None:
    with writing():
        tell_done(plan, now.date(), now)
    hear(now)
    late = scored(survey, now + HOUR, email="late@example.com")
    compose_due(now + HOUR)
    assert "This was planned, and is done by now." in last_mail("late@example.com").text
    assert owed(late).ended_as == "told"
    assert (hear(now + HOUR), sweep(now + HOUR)) == (0, 0)


def test_a_digest_that_was_approved_at_the_moment_at_which_its_plan_was_done_is_found_by_the_sweep(
    november: Round, plan: Action, now: datetime
) -> None:
    """In a transaction beside the other: no row says that its readers are to hear of it."""
    with writing():
        plan.kind, plan.done_on = "done", now.date()
    assert hear(now) == 0
    assert sweep(now) >= 1
    assert hear(now) == 2
    assert sweep(now) == 0


# Many readers


@pytest.mark.both_databases
def test_so_many_readers_that_a_manager_looks_first(
    november: Round, plan: Action, scores: dict[str, Response], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_steps, "FLOOR", 2)
    with writing():
        taken = take_done(plan, now.date(), None, now + HOUR)
    assert taken.step
    assert taken.step.messages == 2, "Rita, and one by mail who read the digest"
    carry_out_steps(now + HOUR)
    assert hear(now + HOUR) == 0
    with writing():
        large_steps.approve(db.session.scalars(select(LargeStep)).one(), now + HOUR)
    carry_out_steps(now + HOUR)
    assert hear(now + HOUR) == 2
    assert hows(scores["mail"]) == ["digest", "done"]


def test_on_the_promised_day_readers_do_not_wait_for_a_manager(
    november: Round, plan: Action, scores: dict[str, Response], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_steps, "FLOOR", 2)
    with writing():
        take_done(plan, now.date(), None, now + HOUR)
    day = now + timedelta(days=7)
    carry_out_steps(day)
    assert hear(day) == 2
    assert db.session.scalars(select(LargeStep.decided_as)).one() == "approved", "nothing is left to decide"
    compose_no_news(day + 6 * HOUR)
    assert hows(scores["mail"]) == ["digest", "done"], "and nobody hears that there is no news"


# At the desk


def test_a_manager_sees_beforehand_what_its_readers_are_promised_and_hear(
    november: Round, round: Round, plan: Action, now: datetime
) -> None:
    found = done_previews(plan, now.date(), now, 25)
    assert (found.reach.reached, found.by_digest) == (3, 2)
    assert not any("not right" in one.text for one in [*found.mails, *found.pages])
    assert sum("Done on 23 November 2026" in one.text for one in [*found.mails, *found.pages]) == 3


def test_the_preview_of_a_digest_promises_what_its_ticks_plan(
    round: Round, plan: Action, now: datetime
) -> None:
    told, untold = (digest_previews(round, OWN, now, 1, tells=tells) for tells in ([plan.id], []))
    assert "What we promise you now:" in told.mails[0].text
    assert "What we promise you now:" not in untold.mails[0].text


def ticked(page: Page, name: str) -> list[str]:
    boxes = [e for e in page.tree.iter("input") if e.attrib.get("name") == name]
    return [e.attrib["value"] for e in boxes if "checked" in e.attrib]


def test_the_editor_shows_what_the_draft_tells_and_keeps_what_was_unticked(
    alice: Colleague, round: Round, plan: Action, now: datetime
) -> None:
    address = f"/rounds/{round.id}"
    assert ticked(get(alice, address), "tells") == [str(plan.id)], "it was put together from it"
    words = {"words_nl": OWN["nl"], "words_en": OWN["en"], "telling": "yes", "publishing": "yes"}
    alice.post(f"{address}/digest", data=words)
    assert ticked(get(alice, address), "tells") == []
    assert told_in(round) == {}
    alice.post(f"{address}/approval", data={**words, "tells": str(plan.id)})
    assert set(told_in(round)) == {plan.id}
    assert "the words tell it" in get(alice, address).words


def test_ticks_are_not_lost_when_the_words_are_refused(
    alice: Colleague, round: Round, plan: Action, now: datetime
) -> None:
    sent = {"words_nl": " ", "words_en": "x", "telling": "yes", "publishing": "yes", "publish": str(plan.id)}
    page = Page(alice.post(f"/rounds/{round.id}/approval", data=sent))
    assert page.status == 422
    assert (ticked(page, "tells"), ticked(page, "publish")) == ([], [str(plan.id)])


def test_what_was_withdrawn_stays_to_be_unticked(
    alice: Colleague, people: Cast, round: Round, plan: Action, now: datetime
) -> None:
    with writing():
        write(round, OWN, now, tells=[plan.id])
    compose_due(now)
    right = put_right(people, plan, now)
    compose_corrections(now)
    page = get(alice, f"/rounds/{round.id}")
    assert ticked(page, "tells") == [str(plan.id)]
    assert "was withdrawn; if the words still tell it" in page.words
    with writing():
        approve(round, {"nl": "Nieuw.", "en": "New."}, None, now, tells=[right.id])
    assert set(told_in(round)) == {right.id}
    assert db.session.scalars(select(DigestCorrection)).all() == [], "the words tell it no more"


def test_how_many_read_the_plan_in_a_digest_is_said_before_and_after(
    bob: Colleague, november: Round, plan: Action, now: datetime
) -> None:
    shown = Page(bob.post(f"/actions/{plan.id}/completion", data={"step": "preview", "done_on": ""}))
    assert "2 of them because they read it in “You said, we did”." in shown.words
    done = bob.post(f"/actions/{plan.id}/completion", data={"step": "settle", "done_on": ""})
    after = get(bob, done.headers["Location"])
    assert "Done. 1 comment is told so now. So do 2 people who read it in “You said, we did”." in after.words
