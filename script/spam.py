"""SpamAssassin over every kind of mail in every language, as it is really built: each must score under 2.0."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from core import clock, schema
from core.application import LANGUAGES, bare_app
from core.db import db, writing
from core.settings import Settings, settings
from outbox.envelopes import build
from outbox.freezing import freeze
from outbox.letters import Letter
from outbox.models import Message
from tests.cast import make_organisation
from tests.mail.letters import MAILS

LIMIT = 2.0
_SCORE = re.compile(r"^X-Spam-Status: .*?score=(-?[0-9.]+).*?tests=([A-Z0-9_,\s]*)", re.MULTILINE | re.DOTALL)


def main() -> int:
    with TemporaryDirectory() as folder:
        scores = {name: score(data) for name, data in _mails(Path(folder))}
    for name, (points, rules) in scores.items():
        print(f"{points:5.1f}  {name:<16} {rules}")
    return int(any(points >= LIMIT for points, _ in scores.values()))


def _mails(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(kind and language, the bytes on the wire)"""
    app = bare_app(
        Settings(
            database_url=f"sqlite:///{folder}/spam.db",
            secret_key="a key for spam that is long enough",  # noqa: S106
            mail_from="terugkoppeling@fietsgoed.nl",
            public_url="https://terugkoppeling.fietsgoed.nl",
        )
    )
    with app.app_context():
        schema.require_current()
        with writing():
            organisation = make_organisation("fietsgoed", clock.now()).id
        for kind in MAILS:
            for language in LANGUAGES:
                yield f"{kind} {language}", _built(organisation, kind, language)
        db.session.remove()
        db.engine.dispose()


def _built(organisation: int, kind: str, language: str) -> bytes:
    mail = MAILS[kind](language)
    text, html = (
        body.replace("feedback.example", "terugkoppeling.fietsgoed.nl") for body in (mail.text, mail.html)
    )
    with writing():
        frozen = freeze(
            organisation, kind, "rita@voorbeeld.nl", mail.subject, text, html, "Alice Adams", language, clock.now(),
            recipient_name="Rita Ritsema", links={"unsubscribe": ("unsubscribe", 1, 1)},
        )  # fmt: skip
        id = frozen.id
    message = db.session.get_one(Message, id)  # its words are a row of their own
    return build(Letter(**{name: getattr(message, name) for name in Letter.__slots__}), settings()).data


def score(data: bytes) -> tuple[float, str]:
    """(points, the rules that gave them), by local rules alone."""
    read = subprocess.run(["spamassassin", "-L", "-t"], input=data, capture_output=True, check=True)
    found = _SCORE.search(read.stdout.decode("utf-8", "replace"))
    if not found:
        raise SystemExit("SpamAssassin gave no score.")
    return float(found[1]), "".join(found[2].split())


if __name__ == "__main__":
    sys.exit(main())
