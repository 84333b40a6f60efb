"""One letter of each kind, from people and dates that never change: what the golden texts are made of.

`python -m tests.mail.letters` writes the golden texts again, to be read before they are kept.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from accounts import letters as staff_letters
from accounts.models import Staff
from core.application import LANGUAGES, bare_app
from core.models import WORKING_HOURS, Organisation
from core.reach import reach
from core.settings import ROOT, Settings
from core.voice import speaking
from customers.models import Customer
from followup.alerts import alerting_writing as staff_alerts
from followup.alerts.alerting import Danger, warning
from followup.alerts.alerting_writing import Part
from followup.beside import Beside
from followup.deeds import Deed, Wait
from followup.digests.escalating import Waiting, digest_waits
from followup.gratitude import compliment
from followup.letters import Letter, Piece, Pledge
from followup.models import LargeStep
from followup.notes.noting import mentioned
from followup.rendering import Rendered, page_words, render
from followup.signing import Signature
from followup.steps.asking_managers import step_waits
from outbox import references
from promises.lines import Line
from reports.retention import keeping
from reports.schedules import report_mail
from surveys.invitations.letters import Asking, Signer
from surveys.invitations.letters import write as write_asking
from surveys.invitations.record import sentence as record_sentence
from surveys.models import Record, Round, Survey
from surveys.models_responses import Answer, Response
from surveys.wording import reply_words
from tests.reports.samples import figures
from triage.models import Action, Comment, Tag
from triage.models_notes import Note

REFERENCE = "1234-K7MQ-X4TW"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PAGE, STOP = "https://feedback.example/f/1.1.abc", "https://feedback.example/u/1.1.def"
TITLES = {"nl": ("Uw bestelling", "Uw reparatie"), "en": ("Your order", "Your repair")}
WORDS = {
    "nl": ("De doos was gescheurd.\nEn de lamp dus ook.", "Wij gebruiken nu een stevigere doos.", "Wij blijven bij onze koerier.",
           "De andere komt ’s avonds niet", "U zei: het duurt te lang.\nWij deden: er is een monteur bij sinds 2 november."),
    "en": ("The box was torn.\nAnd so was the lamp.", "We now use a stronger box.", "We keep our courier.",
           "The other one does not come in the evening", "You said: it takes too long.\nWe did: one more mechanic since 2 November."),
}  # fmt: skip


def organisation() -> Organisation:
    return Organisation(
        id=1, name="Fietsgoed", accent="#0f5c6b", phone="043 123 45 67", mail="hallo@fietsgoed.example", address="Markt 1, Maastricht",
        hours=WORKING_HOURS, timezone="Europe/Amsterdam", country="NL", form_of_address="u",
    )  # fmt: skip


def pledge(language: str, **values: Any) -> Pledge:
    with force_locale(language):
        what = _("what we did, or decided, with your answer")
    said: dict[str, Any] = {
        "what": what,
        "who": "Alice Adams",
        "due_on": date(2026, 11, 30),
        "time": "",
        "channel": "mail",
    }
    return Pledge(**{**said, **values})


def next_word(language: str, who: str) -> Pledge:
    """What is owed when what and when are not known yet."""
    with force_locale(language):
        return pledge(language, what=_("how it stands, also when there is no news yet"), who=who)


def deed(kind: str, language: str, **values: Any) -> Deed:
    said: dict[str, Any] = {
        "kind": kind, "words": WORDS[language][1], "reason": "", "owner": "Bob Bakker", "due_on": date(2026, 12, 4),
        "done_on": date(2026, 11, 20), "corrects": False,
    }  # fmt: skip
    return Deed(**{**said, **values})


def piece(
    language: str, *deeds: Deed, quotes: tuple[str, ...] = (), digest: str = "", second: bool = False
) -> Piece:
    return Piece(TITLES[language][second], date(2026, 11, 3), quotes, deeds, digest, PAGE)


def letter(kind: str, language: str, *pieces: Piece, **values: Any) -> Letter:
    here = organisation()
    with force_locale(language):
        said: dict[str, Any] = {
            "organisation": here, "name": "Rita Ritsema", "pieces": pieces or (piece(language),), "reason": "",
            "pledge": None if kind == "update" else pledge(language), "signature": Signature("Alice Adams", "", ""),
            "reach": reach(here, NOW), "unsubscribe": STOP,
        }  # fmt: skip
    return Letter(kind, **{**said, **values})


def receipt(language: str) -> Rendered:
    job = {"nl": "Hoofd klantenservice", "en": "Head of customer service"}[language]
    return render(letter("receipt", language, signature=Signature("Alice Adams", job, "")), language)


def no_news(language: str) -> Rendered:
    deputy = Signature("Bob Bakker", "", "Alice Adams", date(2026, 12, 3))
    return render(
        letter("no_news", language, signature=deputy, pledge=next_word(language, "Bob Bakker")), language
    )


def moved(language: str) -> Rendered:
    why = {"nl": "het onderdeel komt uit Italië", "en": "the part comes from Italy"}[language]
    return render(letter("moved", language, reason=why, pledge=next_word(language, "Alice Adams")), language)


def progress(language: str) -> Rendered:
    how = {"nl": "De monteur heeft het onderdeel besteld.", "en": "The mechanic has ordered the part."}[
        language
    ]
    supplier = Wait(
        {"nl": "de fabriek", "en": "the factory"}[language], date(2026, 11, 19), date(2026, 11, 26)
    )
    waiting = replace(piece(language), waits=(supplier,))
    return render(
        letter("progress", language, waiting, reason=how, pledge=next_word(language, "Alice Adams")), language
    )


def update(language: str) -> Rendered:
    quote, _done, kept, reason, digest = WORDS[language]
    refused = deed("wont_do", language, words=kept, reason=reason)
    own = {"nl": "Wat vervelend, net op uw verjaardag.", "en": "How sad, and on your birthday too."}[language]
    done = deed("done", language, beside=Beside(own, ("Bob Bakker",)))
    order = piece(language, done, refused, quotes=(quote,))
    return render(letter("update", language, order, piece(language, digest=digest, second=True)), language)


def default(language: str) -> Rendered:
    said = {
        "nl": "Wij lazen uw reactie niet op tijd. Dat had wel gemoeten.",
        "en": "We did not read your answer in time. We should have.",
    }
    return render(letter("default", language, pledge=None, reason=said[language]), language)


def note(language: str) -> Rendered:
    comment = Comment(id=1, response=_response())
    written = Note(comment_id=1, comment=comment, by="Bob Bakker", text="A secret between colleagues.")
    return _rendered(mentioned(written, _reader(language), NOW))


def compliment_to(language: str) -> Rendered:
    """Passed on by nobody in particular: a plan that a program tagged."""
    answer = Answer(text=WORDS[language][0])
    passed = Tag(comment=Comment(id=1, response=_response(), answer=answer))
    return _rendered(compliment(passed, _reader(language), NOW))


def _reader(language: str) -> Staff:
    return Staff(id=1, name="Alice Adams", email="alice@fietsgoed.example", language=language)


def _response() -> Response:
    survey = Survey(
        title={"nl": "Uw bestelling", "en": "Your order"}, language="nl", organisation=organisation()
    )
    rita = Customer(name="Rita Ritsema")
    return Response(survey=survey, customer=rita, submitted_at=datetime(2026, 11, 3, 10, tzinfo=UTC))


def alert(language: str) -> Rendered:
    title = {"nl": "Uw bestelling", "en": "Your order"}
    owed = Line(
        id=1, response_id=1, name="Rita Ritsema", survey=title, kind="update", because="answer", who="Bob Bakker", channel="mail", due_on=date(2026, 11, 24),
        time="", days=1, overdue=False, moves=0, reason="", opened_on=date(2026, 11, 17), ended_as="", ended_on=None,
    )  # fmt: skip
    found = Danger(
        [owed, replace(owed, name="", who="Alice Adams", due_on=date(2026, 11, 23), time="15:00")], 22, 3
    )
    return _rendered(warning(organisation(), "Alice Adams", language, found, NOW))


def check_back(language: str) -> Rendered:
    plan = deed("planned", language, words=WORDS[language][2])
    return render(
        letter("check_back", language, piece(language, deed("done", language), plan), pledge=None), language
    )


def sign_in(language: str) -> Rendered:
    return _for_staff(staff_letters.sign_in, language)


def invitation(language: str) -> Rendered:
    return _for_staff(staff_letters.invitation, language)


def _for_staff(write: Callable[..., Any], language: str) -> Rendered:
    return _rendered(write(organisation(), "Bob Bakker", language, "a-token-that-opens-nothing", NOW))


def _rendered(written: staff_letters.Letter) -> Rendered:
    return Rendered(written.subject, written.text, written.html)


def digest_waiting(language: str) -> Rendered:
    bob = Staff(name="Bob Bakker", language=language, email="bob@fietsgoed.example")
    titles = {code: titles[0] for code, titles in TITLES.items()}
    survey = Survey(organisation=organisation(), title=titles, language="nl")
    round = Round(id=7, survey=survey, starts_on=date(2026, 10, 1))
    return _rendered(digest_waits(round, bob, Waiting(7, date(2026, 11, 26), 41), NOW))


def past_time(language: str) -> Rendered:
    alice = Staff(name="Alice Adams", language=language, email="alice@fietsgoed.example")
    going = {"answers": 214, "messages": 1, "incoming": 12}
    return _rendered(keeping.begins(organisation(), alice, going, date(2026, 11, 30), NOW))


def large_step(language: str) -> Rendered:
    here = organisation()
    carla = Staff(name="Carla Claes", language=language, email="carla@fietsgoed.example")
    step = LargeStep(
        id=4, organisation_id=here.id, kind="correction", messages=1212, usual=38, asked_by="Bob Bakker",
        action=Action(title={"nl": "Stevigere dozen", "en": "Stronger boxes"}[language]),
    )  # fmt: skip
    return _rendered(step_waits(step, carla, here, NOW))


def staff_alert(language: str) -> Rendered:
    torn = (
        "The driver is an a****** and I am going to punch him."
        if language == "en"
        else "De chauffeur is een k******* en ik sla hem in elkaar."
    )
    titles = dict(zip(("nl", "en"), (TITLES["nl"][0], TITLES["en"][0]), strict=True))
    threat = Part("threat", [staff_alerts.Line(7, "Rita Ritsema", titles, 1, torn)], 0)
    low = Part("detractor", [staff_alerts.Line(9, "", titles, 2, "")], 14)
    return _rendered(staff_alerts.written(organisation(), "Alice Adams", language, [threat, low], NOW))


def report(language: str) -> Rendered:
    """Of two surveys, after two months in which the clock stood still; to somebody who is no colleague."""
    here, read = organisation(), "https://feedback.example/reports/read/1.1.abc"
    with speaking(language, here):
        said = figures()
        both = (replace(said, scope=replace(said.scope, survey=title)) for title in TITLES[language])
        pieces = [report_mail.piece(one, f"{read}/{n}.pdf", True) for n, one in enumerate(both, start=12)]
    return _rendered(report_mail.written(here, "", language, pieces, _november(language, 0), read, NOW))


def report_failed(language: str) -> Rendered:
    why = {
        "nl": "Het tekenen van het rapport duurde langer dan 60 seconden en is gestopt.",
        "en": "Drawing the report took longer than 60 seconds and was stopped.",
    }
    link, reasons = "https://feedback.example/reports/schedules/4", [(TITLES[language][0], why[language])]
    return _rendered(
        report_mail.not_made(
            organisation(), "Alice Adams", language, reasons, _november(language, 1), link, NOW
        )
    )


def _november(language: str, failed: int) -> report_mail.Facts:
    month, until = {"nl": ("november", "1 maart 2027"), "en": ("November", "1 March 2027")}[language]
    return report_mail.Facts(f"1 {month} 2026", f"30 {month} 2026", "month", 2, until, "Alice Adams", failed)


def survey_invitation(language: str) -> Rendered:
    """With the words of each step, and a record that is not all good."""
    return _asked("invitation", language, CSAT[language], "Rita Ritsema")


def survey_reminder(language: str) -> Rendered:
    """To somebody whose name is not known, about a scale of bare numbers."""
    prompt = {
        "nl": "Hoe waarschijnlijk is het dat u ons aanbeveelt?",
        "en": "How likely are you to recommend us?",
    }
    ends = {
        "nl": ("zeer onwaarschijnlijk", "zeer waarschijnlijk"),
        "en": ("not at all likely", "very likely"),
    }
    low, high = ends[language]
    steps = [[str(n), str(n)] for n in range(11)]
    return _asked(
        "reminder",
        language,
        {"key": "nps", "prompt": prompt[language], "answers": steps, "low": low, "high": high},
        "",
    )


CSAT: dict[str, dict[str, Any]] = {
    language: {
        "key": "csat",
        "prompt": prompt,
        "low": "",
        "high": "",
        "answers": [[str(n), word] for n, word in enumerate(words, start=1)],
    }
    for language, prompt, words in (
        (
            "nl",
            "Hoe tevreden bent u?",
            ("zeer ontevreden", "ontevreden", "neutraal", "tevreden", "zeer tevreden"),
        ),
        (
            "en",
            "How satisfied are you?",
            ("very dissatisfied", "dissatisfied", "neutral", "satisfied", "very satisfied"),
        ),
    )
}


def _asked(kind: str, language: str, question: dict[str, Any], name: str) -> Rendered:
    here = organisation()
    before = Record(
        first_day=date(2026, 10, 1),
        last_day=date(2026, 10, 31),
        responses=214,
        told=209,
        changed=61,
        dates=10,
        dates_kept=9,
    )
    survey = Survey(
        title={"nl": "Uw bestelling", "en": "Your order"},
        language="nl",
        organisation=here,
        reply_working_days=5,
    )
    with speaking(language, here):
        mail = Asking(
            kind, here, survey.title[language], name, question, reply_words(survey), record_sentence(before, NOW.date()),
            Signer("Alice Adams", ""), date(2026, 12, 21), "https://feedback.example/i/1.1.abc", STOP,
        )  # fmt: skip
    written = write_asking(mail, language, NOW)
    return Rendered(written.subject, written.text, written.html)


MAILS = {
    "survey_invitation": survey_invitation,
    "survey_reminder": survey_reminder,
    "staff_alert": staff_alert,
    "report": report,
    "report_failed": report_failed,
    "receipt": receipt,
    "no_news": no_news,
    "moved": moved,
    "progress": progress,
    "default": default,
    "alert": alert,
    "update": update,
    "check_back": check_back,
    "sign_in": sign_in,
    "invitation": invitation,
    "digest_waiting": digest_waiting,
    "large_step": large_step,
    "past_time": past_time,
    "note": note,
    "compliment": compliment_to,
}


def golden(name: str, language: str) -> str:
    """Subject and text, as they are kept beside the templates."""
    mail = MAILS[name](language)
    return f"{mail.subject}\n\n{mail.text}".replace(references.MARK, REFERENCE)


def heart(written: Letter, language: str) -> str:
    return page_words(written, language)


def write_all() -> None:
    folder = Path(tempfile.mkdtemp())
    app = bare_app(
        Settings(
            database_url=f"sqlite:///{folder}/empty.db",
            secret_key="a key that signs nothing that anybody opens",
        )
    )
    with app.app_context():
        for name in MAILS:
            for language in LANGUAGES:
                (ROOT / "templates" / "mail" / name / f"golden.{language}.txt").write_text(
                    golden(name, language)
                )


if __name__ == "__main__":
    write_all()
