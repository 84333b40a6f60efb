"""Real letters for the benchmark of mail: what a respondent reads when something was done."""

import time
from typing import Any

from core import clock
from core.db import db, writing
from followup.rendering import Rendered
from outbox import claiming
from outbox.freezing import freeze
from outbox.letters import Letter
from outbox.slots import new_slot, slot_link
from tests.mail.letters import PAGE, STOP, update

BATCH = 200
TEXT = "Dear Rita,\n\nYou wrote: The box was torn.\n\nWe now use a stronger box.\n\nSam Signer\n" * 8
HTML = f"<html><body>{'<p>We now use a stronger box.</p>' * 200}</body></html>"


def render_one() -> Rendered:
    """Subject, text and html, with the styles where mail programs read them."""
    return update("en")


def queue(organisation: int, mails: int) -> dict[str, Any]:
    """Freeze so many messages to twenty domains, in transactions of some hundred; no two are alike."""
    mail = render_one()
    begun, cpu = time.monotonic(), time.process_time()
    for start in range(0, mails, BATCH):
        with writing():
            for n in range(start, min(start + BATCH, mails)):
                _freeze(organisation, mail, n)
            db.session.expunge_all()
    return {
        "ms": round((time.process_time() - cpu) / mails * 1000, 3),
        "per_second": round(mails / (time.monotonic() - begun)),
    }


def _freeze(organisation: int, mail: Rendered, n: int) -> None:
    """With a name and words of their own, and the links of a respondent in their slots."""
    slot = new_slot()
    text, html = (
        body.replace(PAGE, slot_link(slot, "status"))
        .replace(STOP, slot_link(slot, "unsubscribe"))
        .replace("Ritsema", f"Ritsema {n}")
        .replace("was torn", f"was torn {n} times")
        for body in (mail.text, mail.html)
    )
    freeze(
        organisation, "update", f"r{n}@d{n % 20}.example.org", mail.subject, text, html, "Sam", "en", clock.now(), slot=slot,
        recipient_name=f"Rita {n}", links={"status": ["status", n + 1, 1], "unsubscribe": ["unsubscribe", n + 1, 1]},
    )  # fmt: skip


def claimed(most: int) -> list[Letter]:
    """Some letters to build, given back at once."""
    with writing():
        letters = claiming.claim("bench", clock.now(), most=most)
        claiming.release("bench")
    return letters
