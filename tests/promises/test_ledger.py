"""Counting who was told: by facts, named by the one rule, and proved by keys."""

from datetime import datetime

from sqlalchemy import text

from core.db import db, writing
from outbox.freezing import freeze
from outbox.models import Message
from promises.ending import conclude, end
from promises.ledger import Scope, ledger
from surveys.models_responses import Response
from tests.cast import Cast
from tests.loop import answered, opened_survey, promises_of


def told_by_mail(people: Cast, now: datetime) -> Response:
    """Somebody whose message was sent."""
    response = answered(opened_survey(people, now), now)
    (promise,) = promises_of(response)
    message = letter(people, now)
    conclude(promise, "done", message, "", now)
    end(promise, "told", now)
    return response


def letter(people: Cast, now: datetime) -> Message:
    message = freeze(
        people.webshop.id, "update", "rita@example.com", "s", "t", "<p>t</p>", "Alice", "en", now
    )
    message.state, message.sent_at = "sent", now
    db.session.flush()
    return message


def test_another_message_under_a_number_used_again_proves_nothing(people: Cast, now: datetime) -> None:
    """Whoever deletes a row with a tool that keeps no foreign keys, leaves its number to the next message."""
    with writing():
        told_by_mail(people, now)
    db.session.rollback()
    with db.engine.connect() as tool:
        by_hand = tool.connection.driver_connection
        assert by_hand
        by_hand.execute("PRAGMA query_only=OFF")
        by_hand.execute("PRAGMA foreign_keys=OFF")
        by_hand.execute("DELETE FROM message")
        tool.detach()
    with writing():
        reused = letter(people, now)
    found = ledger(Scope(people.webshop.id))
    assert db.session.scalar(text("SELECT max(message_id) FROM promise_update")) == reused.id
    assert (found.told, found.missing, found.unproven, found.adds_up) == (0, {"message": 1}, 1, False)


def test_a_round_has_its_own_equation(people: Cast, now: datetime) -> None:
    with writing():
        response = told_by_mail(people, now)
    assert ledger(Scope(people.webshop.id, round_id=response.round_id)).told == 1
    assert ledger(Scope(people.webshop.id, round_id=response.round_id + 1)).responses == 0
