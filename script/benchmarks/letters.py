"""Real letters for the benchmark of mail: what a respondent reads when something was done."""

import time
from typing import Any

from core import clock
from core.db import db, writing
from followup.letters import Rendered
from outbox import claiming
from outbox.freezing import freeze
from outbox.letters import Letter
from tests.mail.letters import update

BATCH = 200
TEXT = "Dear Rita,\n\nYou wrote: The box was torn.\n\nWe now use a stronger box.\n\nSam Signer\n" * 8
HTML = f"<html><body>{'<p>We now use a stronger box.</p>' * 200}</body></html>"


def render_one() -> Rendered:
    """Subject, text and html, with the styles where mail programs read them."""
    return update("en")


def queue(organisation: int, mails: int) -> dict[str, Any]:
    """Freeze so many messages to twenty domains, in transactions of some hundred."""
    mail = render_one()
    begun, cpu = time.monotonic(), time.process_time()
    for start in range(0, mails, BATCH):
        now = clock.now()
        with writing():
            for n in range(start, min(start + BATCH, mails)):
                to = f"r{n}@d{n % 20}.example.org"
                freeze(organisation, "update", to, mail.subject, mail.text, mail.html, "Sam", "en", now)
            db.session.expunge_all()
    return {
        "ms": round((time.process_time() - cpu) / mails * 1000, 3),
        "per_second": round(mails / (time.monotonic() - begun)),
    }


def claimed(most: int) -> list[Letter]:
    """Some letters to build, given back at once."""
    with writing():
        letters = claiming.claim("bench", clock.now(), most=most)
        claiming.release("bench")
    return letters
