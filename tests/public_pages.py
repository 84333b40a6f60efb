"""Every page that people outside an organisation can come to, in each of its states: for whatever looks at all of them."""

from datetime import datetime, timedelta
from typing import Any

from core import links
from core.db import db, writing
from followup.composing import compose_due
from followup.judging import Judgement, judge
from outbox.suppressing import suppress
from surveys.builder.building import Draft, close_survey, create_survey, open_survey
from surveys.kinds import KINDS
from surveys.kiosk import kiosks
from surveys.models import Survey
from surveys.models_responses import Response
from surveys.partial import unfinished
from surveys.partial.models import Unfinished
from tests.cast import Cast
from tests.inviting import invited, link
from tests.loop import answered, decided, settled

TITLE = {"nl": "Uw bestelling", "en": "Your order", "ar": "طلبك الأخير"}
PROMPT = {"nl": "Hoe ging het?", "en": "How did it go?", "ar": "كيف كان الأمر؟"}
CHOICES = [
    {"key": "1", "words": {"nl": "De doos", "en": "The box", "ar": "الصندوق"}},
    {"key": "2", "words": {"nl": "De koerier", "en": "The courier", "ar": "الساعي"}},
    {"key": "3", "words": {"nl": "De prijs", "en": "The price", "ar": "السعر"}},
]
LANGUAGES = ("nl", "en", "ar")
KEYS = {"long_text": "comment"}
"""By which `tests.loop.answered` knows the question whose answer is work."""


def every_kind() -> list[Draft]:
    """A question of each kind, in three languages."""
    return [
        Draft(
            KEYS.get(kind, kind), kind, PROMPT, help=PROMPT, required=kind == "csat", options=_options(kind)
        )
        for kind in KINDS
    ]


def _options(kind: str) -> dict[str, Any]:
    held = {"choices": CHOICES} if kind in {"single_choice", "multiple_choice", "ranking", "matrix"} else {}
    return {**held, "rows": CHOICES[:2]} if kind == "matrix" else held


def make(people: Cast, now: datetime) -> dict[str, str]:
    """name → address. Nothing else may be in the database but these people."""
    return {**_answering(people, now), **_own_pages(people, now), **_around(people, now)}


def _survey(people: Cast, slug: str, now: datetime, **values: Any) -> Survey:
    before = now - timedelta(days=40)
    made = create_survey(
        people.webshop.id, slug, TITLE, "nl", people.alice.id, every_kind(), before, **values
    )
    open_survey(made, before)
    return made


def _answering(people: Cast, now: datetime) -> dict[str, str]:
    """Where an answer is given: all at once, in steps, in a frame, by a personal link, too early and too late."""
    with writing():
        whole, steps, closed, nobody = (
            _survey(people, slug, now) for slug in ("alles", "stap", "dicht", "niemand")
        )
        steps.one_by_one, nobody.anonymous, whole.embed_origins = True, True, ["https://shop.example"]
        create_survey(people.webshop.id, "straks", TITLE, "nl", people.alice.id, every_kind(), now)
        close_survey(closed, now)
        kept = unfinished.begin(whole, "a page", "en", [("csat", "4"), ("comment", "Half")], now)
        begun = unfinished.begin(steps, "another", "en", [("csat", "4")], now)
        asked, late = invited(whole, now), invited(whole, now - timedelta(days=29), "late@example.org")
        return {
            "form": "/s/alles", "chosen beforehand": "/s/alles?csat=2", "in a frame": "/s/alles?embed=1", "closed": "/s/dicht",
            "not open yet": "/s/straks", "anonymous": "/s/niemand", "first step": "/s/stap", "kept": _resumed(kept, "?kept=1"),
            **{f"step {n}": _resumed(begun, f"?at={n}") for n in range(2, len(KINDS))}, "by a link": link(asked),
            "tablet": kiosks.path(kiosks.make(whole, "The counter", now)),
            "from a mail": f"{link(asked)}?csat=2", "link that is over": link(late), "trial": links.path("trial", whole.id),
        }  # fmt: skip


def _resumed(row: Unfinished, more: str) -> str:
    return links.path("unfinished", row.id, row.link_version) + more


def _own_pages(people: Cast, now: datetime) -> dict[str, str]:
    """The page of whoever answered, as far as it is with them."""
    with writing():
        survey = _survey(people, "klaar", now)
        closed = _survey(people, "gesloten", now)
        given = {
            name: answered(survey, now - timedelta(days=days), email=f"n{n}@example.org", **values)
            for n, (name, days, values) in enumerate(OWN, 1)
        }
        given["too late"] = answered(closed, now, email="over@example.org")
        close_survey(closed, now)
        suppress(people.webshop.id, "n8@example.org", "unsubscribed", now)
        for name in ("planned", "wont_do", "done", "judged", "not solved"):
            kind = name if name in {"planned", "wont_do"} else "done"
            settled(given[name], decided(people, now, kind), now)
    compose_due(now)
    with writing():
        for name, solved in (("judged", True), ("not solved", False)):
            judge(
                db.session.get_one(Response, given[name].id),
                Judgement(True, solved, "Torn again.", name),
                now,
            )
    own = {name: links.path("status", r.id, r.link_version) for name, r in given.items()}
    framed = f"/s/klaar/answered?embed=1&in=en&own={own['promised'].rsplit('/', 1)[1]}"
    return {
        **own,
        "changing": own["promised"] + "/answer",
        "not any more": own["too late"] + "/answer",
        "answered in a frame": framed,
    }


OWN: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("promised", 0, {}),
    ("late", 30, {}),
    ("planned", 1, {}),
    ("wont_do", 1, {}),
    ("done", 1, {}),
    ("judged", 1, {}),
    ("not solved", 1, {}),
    ("unsubscribed", 1, {}),
    ("declined", 0, {"wants": "none"}),
    ("on their page", 0, {"wants": "page"}),
    ("in arabic", 0, {"language": "ar", "comment": "وصل الصندوق ممزقًا."}),
    ("long word", 0, {"comment": "W" * 400}),
)


def _around(people: Cast, now: datetime) -> dict[str, str]:
    """What was done, whether a mail is ours, no more mail, the way in for colleagues, and what is not there."""
    identity = people.rita.identities[0].id
    return {
        "you said": "/s/klaar/you-said", "nothing said yet": "/s/niemand/you-said", "verify": "/verify", "sign in": "/", "sign in again": "/sign-in",
        "one-time link": "/sign-in/unknown", "unsubscribe": links.path("unsubscribe", identity), "nowhere": "/s/nowhere", "members only": "/inbox",
    }  # fmt: skip


def spoken(address: str, language: str) -> str:
    """The page in a language, where it speaks that."""
    return f"{address}{'&' if '?' in address else '?'}lang={language}"
