"""What respondents read about what is kept of them: true for this organisation, in their language, for anybody."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts import keys
from core import keeping, links
from core.access import Role
from core.db import db, writing
from core.keeping import row_of
from core.models import Event, Organisation
from outbox.models_texts import TextGateway
from reports.privacy.wording import kept_words
from reports.retention.keeping import own_row
from reports.schedules import scheduling
from reports.schedules.models import Reader
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.kiosk import kiosks
from surveys.models import Survey
from tests.browser import signed_in
from tests.cast import Cast, added
from tests.each import each
from tests.hostile import UNKEEPABLE, WORDS, as_shown, foreign
from tests.loop import answered
from tests.pages import Page, get
from tests.public_pages import every_kind
from tests.surveys.test_answering_weight import light

CONSENT = Draft("show", "consent", {"nl": "U mag dit tonen.", "en": "You may show this."})


@pytest.fixture
def path(people: Cast) -> str:
    return f"/privacy/{people.webshop.slug}"


def read(client: FlaskClient, path: str, language: str = "en") -> Page:
    return get(client, f"{path}?lang={language}")


def here(people: Cast) -> Organisation:
    return db.session.get_one(Organisation, people.webshop.id)


def test_anybody_reads_it_without_a_cookie(client: FlaskClient, path: str) -> None:
    page = read(client, path)
    assert (page.status, page.heading) == (200, "What we keep of you")
    assert "Set-Cookie" not in page.headers
    assert "asks what you think, and tells you what comes of it" in page.words


def test_it_is_three_requests_and_thirty_kilobytes(client: FlaskClient, path: str) -> None:
    light(client, path)


def test_each_period_is_the_one_that_holds(client: FlaskClient, people: Cast, path: str) -> None:
    assert "Kept: 2 years, counted from when the last promise about it was kept." in read(client, path).words
    with writing():
        own_row(people.webshop.id).days = {"answers": 365, "messages": 180, "incoming": None}
    said = read(client, path).words
    assert "Kept: 1 year, counted from when the last promise about it was kept." in said
    assert "look up what was said and promised. Kept: 180 days." in said
    assert "To answer you. Kept: without end." in said
    assert "2 years, counted" not in said


def test_what_holds_from_tomorrow_on_does_not_hold_yet(
    client: FlaskClient, people: Cast, path: str, now: datetime
) -> None:
    with writing():
        row = own_row(people.webshop.id)
        row.shorter, row.shorter_at, row.shorter_by = {"answers": 90}, now + timedelta(days=1), "Alice"
    assert "90 days" not in read(client, path).words.split("Kept: 2 years")[0]


def test_each_category_stands_there_but_for_what_is_kept_of_colleagues(app: Flask) -> None:
    with app.test_request_context():
        periods = dict.fromkeys(keeping.CATEGORIES, 1)
        said = kept_words(periods)
        assert len(said) == len(keeping.CATEGORIES) - len({"sign_ins"}) + len({"no more mail"})


@pytest.mark.parametrize(
    ("language", "form", "words"),
    [("nl", "u", "Wat wij van u bewaren"), ("nl", "je", "Wat wij van je bewaren"), ("en", "u", "What we keep of you"),
     ("ar", "u", "Wat wij van u bewaren")],
)  # fmt: skip
def test_it_speaks_the_language_of_its_reader(
    client: FlaskClient, people: Cast, path: str, language: str, form: str, words: str
) -> None:
    with writing():
        here(people).form_of_address = form
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "nl"
    assert read(client, path, language).heading == words


def test_whoever_keeps_to_themselves_shares_with_nobody(client: FlaskClient, path: str) -> None:
    said = read(client, path).words
    assert "each as far as their work asks for it. Nobody else." in said
    assert "Besides them" not in said


@pytest.mark.settings(smtp_url="smtp://mail.webshop.example")
def test_a_mail_server_is_named_where_there_is_one(client: FlaskClient, path: str) -> None:
    said = read(client, path).words
    assert "Mail to you goes through our mail server to yours." in said
    assert "Nobody else." not in said


def test_who_else_reads_it_follows_what_is_set_up(
    client: FlaskClient, people: Cast, path: str, survey: Survey, now: datetime
) -> None:
    with writing():
        here(people).channels = ["letter", "sms"]
        added(TextGateway(
            organisation_id=people.webshop.id, service="46elks", shown="46elks://…", sealed="s", created_at=now
        ))  # fmt: skip
        keys.create(people.webshop.id, "helpdesk", Role.viewer, now)
        scheduling.make(people.webshop, survey, "month", "en", ["board@example.com"], people.alice.id, now)
    said = read(client, path).words
    for words in (
        "are carried by 46elks.",
        "Letters go by post",
        "Programs of ours that hold a key",
        "to people outside",
    ):
        assert words in said
    with writing():
        here(people).channels = []
        db.session.scalars(select(Reader)).one().removed_at = now
    said = read(client, path).words
    assert "46elks" not in said
    assert "by post" not in said
    assert "to people outside" not in said


def test_nothing_of_another_organisation_stands_there(
    client: FlaskClient, people: Cast, path: str, now: datetime
) -> None:
    with writing():
        keys.create(people.housing.id, "theirs", Role.viewer, now)
        own_row(people.housing.id).days = {"answers": 90}
    said = read(client, path).words
    assert "Programs of ours" not in said
    assert "90 days, counted" not in said


def test_it_says_where_to_ask(client: FlaskClient, people: Cast, path: str) -> None:
    with writing():
        here(people).mail, here(people).country = "help@webshop.example", "NL"
    page = read(client, path)
    assert "mailto:help@webshop.example" in page.links().values()
    assert "at the foot of this page" in page.words
    assert "Autoriteit Persoonsgegevens" in page.words
    with writing():
        place = here(people)
        place.mail = place.phone = place.address = ""
        place.country = "BE"
    said = read(client, path).words
    assert "answering any mail that you got from us" in said
    assert "the authority for data protection in your country" in said


def test_a_hostile_name_is_words(client: FlaskClient, people: Cast, path: str) -> None:
    with writing():
        here(people).name = WORDS["script"]
    assert "<script>alert" not in read(client, path).html


@pytest.mark.both_databases
@each("slug", ["nobody", "%00", "..", "WEBSHOP' OR 1=1", "a" * 500])
def test_of_an_organisation_that_is_not_there_it_is_not_there(
    client: FlaskClient, people: Cast, slug: str
) -> None:
    assert client.get(f"/privacy/{slug}").status_code == 404


@pytest.fixture
def asking(people: Cast, now: datetime) -> Survey:
    with writing():
        made = create_survey(
            people.webshop.id,
            "vraag",
            {"en": "Ask", "nl": "Vraag"},
            "en",
            people.alice.id,
            [*every_kind()[:1], CONSENT],
            now,
        )
        open_survey(made, now)
    return made


def test_the_foot_of_public_pages_leads_there(client: FlaskClient, path: str, asking: Survey) -> None:
    for page in (get(client, "/s/vraag?lang=en"), get(client, "/s/vraag/you-said?lang=en")):
        assert page.links()["What we keep of you"] == f"{path}?lang=en"


def test_so_does_a_consent_beside_the_page_so_that_nothing_typed_is_lost(
    client: FlaskClient, path: str, asking: Survey
) -> None:
    for embed in ("", "&embed=1"):
        page = get(client, f"/s/vraag?lang=en{embed}")
        (link,) = [a for a in page.element("main").iter("a") if a.attrib["href"].startswith(path)]
        assert (link.attrib["target"], link.attrib["rel"]) == ("_blank", "noopener")
        assert "how you take this back" in "".join(link.itertext())


def test_on_a_tablet_nothing_leads_there(
    client: FlaskClient, path: str, asking: Survey, now: datetime
) -> None:
    with writing():
        tablet = kiosks.path(kiosks.make(db.session.get_one(Survey, asking.id), "Here", now))
    assert "/privacy/" not in get(client, tablet).html


def test_nothing_that_is_read_out_on_the_phone_leads_there(app: Flask, people: Cast, asking: Survey) -> None:
    page = get(signed_in(app, people.alice), f"/surveys/{asking.id}/phone")
    assert "Do you agree to this" in page.words
    assert "/privacy/" not in page.html


def test_who_sets_the_periods_can_read_what_customers_read(app: Flask, people: Cast, path: str) -> None:
    assert path in get(signed_in(app, people.alice), "/settings/keeping").links().values()


def test_a_page_of_their_own_leads_there_too(
    client: FlaskClient, people: Cast, survey: Survey, path: str
) -> None:
    with writing():
        response = answered(survey, survey.created_at)
    own = links.path("status", response.id, response.link_version)
    assert f"{path}?lang=en" in get(client, f"{own}?lang=en").links().values()


ADD = "/settings/keeping/words"
DUTCH, ENGLISH = "Vragen? Onze functionaris:\nFatma Yılmaz.", "Questions? Ask our officer."


def say(client: FlaskClient, **typed: str) -> Page:
    return Page(client.post(ADD, data={f"words_{language}": words for language, words in typed.items()}))


def test_a_manager_adds_words_in_each_language(app: Flask, client: FlaskClient, people: Cast, path: str) -> None:  # fmt: skip
    assert "What Webshop adds" not in read(client, path).words
    assert say(signed_in(app, people.alice), nl=DUTCH, en=ENGLISH).status == 303
    for language, own, other in (("en", ENGLISH, DUTCH), ("nl", DUTCH, ENGLISH)):
        page = read(client, path, language)
        assert own in page.html
        assert other not in page.html
    light(client, path)


def test_where_there_are_none_in_a_language_those_of_the_organisation_stand_and_say_which(
    app: Flask, client: FlaskClient, people: Cast, path: str
) -> None:
    say(signed_in(app, people.alice), nl=DUTCH)
    (words,) = [e for e in read(client, path).element("main").iter("span") if e.get("lang")]
    assert (words.get("lang"), words.text) == ("nl", DUTCH)


def test_only_managers_add_words_and_each_to_their_own_page(
    app: Flask, client: FlaskClient, people: Cast, path: str
) -> None:
    assert say(signed_in(app, people.bob), en="Bob was here").status == 403
    assert say(signed_in(app, people.charlie), en="Charlie was here").status == 303
    assert "was here" not in read(client, path).html
    assert "Charlie was here" in read(client, f"/privacy/{people.housing.slug}").html


@pytest.mark.security("stored xss")
@pytest.mark.parametrize("name", [name for name in WORDS if name not in {"slots", "control"}])
def test_hostile_words_are_text_or_refused(
    app: Flask, client: FlaskClient, people: Cast, path: str, name: str
) -> None:
    answer = say(signed_in(app, people.alice), en=WORDS[name])
    if len(WORDS[name]) > 2000:
        assert answer.status == 422
        assert "there is room for 2000" in answer.words
        return
    assert answer.status == 303
    page = Page(client.get(f"{path}?lang=en"))
    assert as_shown(WORDS[name]) in as_shown(page.words)
    assert foreign(page.element("main")) == []


def test_what_cannot_be_kept_is_refused(app: Flask, people: Cast) -> None:
    page = say(signed_in(app, people.alice), en=UNKEEPABLE["NUL"], nl=DUTCH)
    assert (page.status, DUTCH in page.html) == (422, True)
    assert row_of(people.webshop.id) is None


def test_the_history_says_in_which_languages_and_not_which_words(app: Flask, people: Cast) -> None:
    alice = signed_in(app, people.alice)
    for typed in ({"nl": DUTCH, "en": ENGLISH}, {"nl": DUTCH, "en": ENGLISH}, {"nl": DUTCH, "en": " "}):
        say(alice, **typed)
    said = db.session.scalars(select(Event.detail).where(Event.verb == "keeping.words").order_by(Event.id))
    assert list(said) == [{"languages": ["en", "nl"]}, {"languages": ["en"]}]
    row = row_of(people.webshop.id)
    assert row
    assert row.words == {"nl": DUTCH}


def test_they_stand_in_their_fields_and_change_no_period(app: Flask, people: Cast) -> None:
    alice = signed_in(app, people.alice)
    say(alice, nl=DUTCH)
    page = get(alice, "/settings/keeping")
    field = page.element("words_nl")
    assert ((field.text or "").strip(), field.get("lang")) == (DUTCH, "nl")
    assert keeping.kept(people.webshop.id) == {key: c.usual for key, c in keeping.CATEGORIES.items()}
