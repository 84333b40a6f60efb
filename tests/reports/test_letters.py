"""Who chose a letter: printed in batches, told only when a batch is posted, and what happens to a sheet that is spoilt or comes back."""

import io
from datetime import datetime, timedelta

import pypdfium2
import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core import links, rows
from core.db import db, writing
from core.errors import Conflict, DomainError
from customers.erasing import forget, known_as
from followup.composing import compose_due
from followup.falling_back import fall_back
from outbox import erasing
from outbox.channels import letter
from outbox.channels.mailbox import Mailbox
from outbox.delivering import deliver
from outbox.models import Message, Suppression
from outbox.models_letters import Batch, Sheet
from promises.ledger import Ledger, Scope, ledger
from reports import letters
from surveys.models import Survey
from surveys.models_responses import Response
from tests.browser import Colleague
from tests.cast import Cast
from tests.hostile import WORDS
from tests.other_ways import HOME, asked_by, due_to, messages, offering
from tests.pages import Page

DAY = timedelta(days=1)
POINTS_A_MM = 72 / 25.4


@pytest.fixture
def rita(people: Cast, survey: Survey, now: datetime) -> Response:
    with writing():
        offering(people, "letter")
        return asked_by("letter", survey, now)


@pytest.fixture
def waiting(people: Cast, rita: Response, now: datetime) -> Message:
    """Her letter, composed."""
    with writing():
        due_to(people, rita, now)
    assert compose_due(now) == 1
    return messages("letter")[0]


@pytest.fixture
def batch(people: Cast, waiting: Message, now: datetime) -> Batch:
    with writing():
        return letter.put_together(people.webshop.id, now)


def stands(people: Cast) -> Ledger:
    found = ledger(Scope(people.webshop.id))
    assert found.adds_up
    return found


def posted(batch: Batch, now: datetime) -> int:
    with writing():
        return letter.post(batch, now)


@pytest.mark.both_databases
def test_a_letter_waits_for_people(people: Cast, waiting: Message, now: datetime) -> None:
    assert (waiting.state, waiting.recipient, waiting.recipient_name) == ("queued", HOME, "Rita Ritsema")
    assert "Good day Rita Ritsema" in waiting.text
    assert "“The box was torn.”" in waiting.text
    assert "We now use a stronger box." in waiting.text
    assert "http" not in waiting.text, "its link is drawn when it is printed"
    assert deliver(now, Mailbox()) == 0
    assert (letter.waiting(people.webshop.id), letter.waiting(people.housing.id)) == (1, 0)
    assert stands(people).promised == 1


@pytest.mark.both_databases
def test_printing_tells_nobody_and_posting_does(people: Cast, batch: Batch, now: datetime) -> None:
    assert letter.waiting(people.webshop.id) == 0
    assert stands(people).promised == 1
    assert posted(batch, now + DAY) == 1
    assert stands(people).told_how == {"done": 1}
    (message,) = messages("letter")
    assert (message.state, message.sent_at, batch.posted_at) == ("sent", now + DAY, now + DAY)
    assert [a.outcome for a in message.attempts] == ["posted"]
    with pytest.raises(Conflict, match="already"):
        posted(batch, now + DAY)


@pytest.mark.both_databases
def test_one_letter_is_in_one_batch(people: Cast, batch: Batch, now: datetime) -> None:
    with pytest.raises(DomainError, match="no letter to print"), writing():
        letter.put_together(people.webshop.id, now)
    same = {"batch_id": batch.id, "message_id": batch.sheets[0].message_id}
    with pytest.raises(IntegrityError), writing():
        rows.put(Sheet, organisation_id=people.webshop.id, **same)


def test_a_spoilt_sheet_is_printed_with_the_next_batch(people: Cast, batch: Batch, now: datetime) -> None:
    with writing():
        letter.spoil(batch.sheets[0], now)
    assert (letter.whole(batch), letter.waiting(people.webshop.id)) == ([], 1)
    with pytest.raises(Conflict, match="is left to post"):
        posted(batch, now)
    with pytest.raises(Conflict), writing():
        letter.spoil(batch.sheets[0], now)
    with writing():
        second = letter.put_together(people.webshop.id, now)
    assert posted(second, now) == 1
    with pytest.raises(Conflict, match="already"), writing():
        letter.spoil(second.sheets[0], now)
    assert stands(people).told == 1


@pytest.mark.both_databases
def test_a_letter_that_comes_back_reached_nobody(people: Cast, batch: Batch, now: datetime) -> None:
    with pytest.raises(Conflict), writing():
        letter.came_back(batch.sheets[0], "moved", now)
    posted(batch, now)
    with writing():
        letter.came_back(batch.sheets[0], "moved away", now + 9 * DAY)
    assert stands(people).unreachable == {"letter_bounced": 1}
    assert db.session.scalars(select(Suppression.reason)).all() == ["hard_bounce"]
    with pytest.raises(Conflict), writing():
        letter.came_back(batch.sheets[0], "again", now)


def test_and_is_told_otherwise_where_that_was_allowed(
    people: Cast, rita: Response, batch: Batch, now: datetime
) -> None:
    with writing():
        rita.otherwise = "page"
    posted(batch, now)
    assert fall_back(now) == 0
    with writing():
        letter.came_back(batch.sheets[0], "", now)
    assert fall_back(now) == 1
    assert stands(people).told_page == {"done": 1}


def test_who_is_erased_is_in_no_batch(people: Cast, rita: Response, batch: Batch, now: datetime) -> None:
    person = known_as(rita.customer) if rita.customer else None
    assert person
    assert person.reached_at == (HOME,)
    with writing():
        erasing.forget_messages(erasing.sent_to(people.webshop.id, person.reached_at), "suppressed", now)
        rita.customer_id, rita.identity_id, rita.erased_at = None, None, now
        forget(person, now)
    assert letter.whole(batch) == []
    with pytest.raises(Conflict):
        posted(batch, now)
    assert stands(people).unreachable == {"erased": 1}


def test_two_of_one_household_are_two_people(
    people: Cast, survey: Survey, rita: Response, now: datetime
) -> None:
    from customers.recognising import Contact
    from surveys.answering import Submission, submit

    def of(name: str, nonce: str) -> Response:
        contact = Contact(name, address=HOME)
        return submit(survey, Submission({"csat": (4.0, None)}, "en", nonce, contact, "letter"), now)

    with writing():
        rob, again = of("Rob Ritsema", "rob"), of("Rita Ritsema", "again")
    assert rob.customer_id != rita.customer_id
    assert again.customer_id == rita.customer_id


def words_of(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_pdf_holds_each_letter_with_its_own_link(
    people: Cast, survey: Survey, rita: Response, batch: Batch, now: datetime
) -> None:
    (page,) = words_of(letters.drawn(batch))
    link = links.url("status", rita.id, rita.link_version)
    assert link.replace(" ", "") in page.replace(" ", "")
    for said in (
        "Rita Ritsema",
        "Dorpsstraat 1",
        "6211 AB Maastricht",
        "We now use a stronger box.",
        people.webshop.name,
    ):
        assert said in page
    assert letters.drawn(batch) == letters.drawn(batch), "printed again it is the same"


def test_the_address_stands_in_the_window(
    people: Cast, survey: Survey, waiting: Message, now: datetime
) -> None:
    """DIN 5008 form B: 20 to 105 mm from the left, 45 to 90 mm from the top, of each sheet of a batch."""
    with writing():
        due_to(people, asked_by("letter", survey, now, nonce="second"), now)
    compose_due(now + DAY)
    with writing():
        batch = letter.put_together(people.webshop.id, now)
    document = pypdfium2.PdfDocument(letters.drawn(batch))
    assert len(document) == 2
    for page in document:
        _in_the_window(page)


def _in_the_window(page: pypdfium2.PdfPage) -> None:
    height, text = page.get_height(), page.get_textpage()
    for line in ("Rita Ritsema", *HOME.splitlines()):
        index, count = text.search(line).get_next() or (0, 0)
        boxes = [text.get_charbox(n) for n in range(index, index + count)]
        left, right = (f(b[n] for b in boxes) / POINTS_A_MM for f, n in ((min, 0), (max, 2)))
        top, bottom = ((height - f(b[n] for b in boxes)) / POINTS_A_MM for f, n in ((max, 3), (min, 1)))
        assert 20 < left < right < 105, line
        assert 61 < top < bottom < 90, line


def test_any_words_are_printed_as_words(people: Cast, survey: Survey, now: datetime) -> None:
    with writing():
        offering(people, "letter")
        for n, typed in enumerate(list(WORDS.values())[:12]):
            due_to(people, asked_by("letter", survey, now, comment=typed[:300], nonce=f"h{n}"), now)
    compose_due(now)
    with writing():
        batch = letter.put_together(people.webshop.id, now)
    assert letters.drawn(batch).startswith(b"%PDF")


def test_the_page_leads_from_print_to_post(bob: Colleague, people: Cast, waiting: Message) -> None:
    page = Page(bob.get("/letters"))
    assert "1 letter waits to be printed." in page.words
    page = Page(bob.post("/letters", follow_redirects=True))
    assert "to be printed and posted" in page.words
    (batch,) = db.session.scalars(select(Batch))
    assert batch.made_by == people.bob.name
    pdf = bob.get(f"/letters/{batch.id}.pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    page = Page(bob.post(f"/letters/{batch.id}/posting", follow_redirects=True))
    assert "1 letter is posted" in page.words
    assert "Print again" in page.words
    (sheet,) = db.session.scalars(select(Sheet))
    page = Page(bob.post(f"/sheets/{sheet.id}/return", data={"why": "moved"}, follow_redirects=True))
    assert "came back" in page.words
    assert "Letters to post" in Page(bob.get("/promises")).words


def test_what_comes_second_is_a_sentence(bob: Colleague, batch: Batch, now: datetime) -> None:
    assert "There is no letter to print." in Page(bob.post("/letters", follow_redirects=True)).words
    sheet = batch.sheets[0].id
    assert (
        "It waits for the next batch."
        in Page(bob.post(f"/sheets/{sheet}/spoilt", follow_redirects=True)).words
    )
    assert "taken out, already" in Page(bob.post(f"/sheets/{sheet}/spoilt", follow_redirects=True)).words
    assert "is left to post" in Page(bob.post(f"/letters/{batch.id}/posting", follow_redirects=True)).words
    assert bob.get(f"/letters/{batch.id}.pdf").status_code == 404


def test_strangers_and_viewers(charlie: Colleague, vera: Colleague, batch: Batch) -> None:
    for address in (
        f"/letters/{batch.id}/posting",
        f"/sheets/{batch.sheets[0].id}/spoilt",
        f"/sheets/{batch.sheets[0].id}/return",
    ):
        assert charlie.post(address).status_code == 404
        assert vera.post(address).status_code == 403
    assert charlie.get(f"/letters/{batch.id}.pdf").status_code == 404
    assert vera.get(f"/letters/{batch.id}.pdf").status_code == 403, "its links open pages"
    assert "Put a batch together" not in Page(vera.get("/letters")).words
