"""A survey in any language of a closed list: built side by side, read in each, and what we do not speak ourselves says so."""

import json
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db, writing
from core.languages import LANGUAGES, WRITTEN, Said, direction, in_language, own_name, spoken
from core.voice import speaking
from surveys.builder.building import Draft, create_survey, open_survey
from surveys.builder.missing import in_each_language
from surveys.builder.portable import as_file
from surveys.few_words import few_words
from surveys.invitations.first_question import first_question
from surveys.invitations.letters import asking, write
from surveys.models import Survey
from tests import hostile
from tests.browser import Colleague
from tests.cast import Cast
from tests.each import each
from tests.pages import Page, get, send
from tests.surveys.answers import opened, responses
from tests.surveys.making import NEW, surveys, titled

ARABIC = {
    "title": "طلبك الأخير",
    "csat": "ما مدى رضاك؟",
    "kept": "هل وصل الطلب؟",
    "comment": "ماذا حدث؟",
    "contact": "كيف نرد عليك؟",
}
QUESTIONS = (
    Draft("csat", "csat", {"nl": "Hoe tevreden bent u?", "ar": ARABIC["csat"]}),
    Draft("kept", "yes_no", {"nl": "Kwam het?", "ar": ARABIC["kept"]}),
    Draft("about", "single_choice", {"nl": "Waarover?", "ar": "عن ماذا؟"}, options={"choices": [
        {"key": "1", "words": {"nl": "De doos", "ar": "الصندوق"}}, {"key": "2", "words": {"nl": "De koerier"}}]}),
    Draft("comment", "long_text", {"nl": "Waarom?", "ar": ARABIC["comment"]}),
    Draft("contact", "contact", {"nl": "Wie bent u?", "ar": ARABIC["contact"]}),
)  # fmt: skip


@pytest.fixture
def arabic(people: Cast, now: datetime) -> Survey:
    """Dutch and Arabic, of an organisation that speaks Dutch."""
    title = {"nl": "Uw bestelling", "ar": ARABIC["title"]}
    with writing():
        made = create_survey(people.webshop.id, "talen", title, "nl", people.alice.id, QUESTIONS, now)
        open_survey(made, now)
        return made


def added(alice: Colleague, page: Page, *codes: str, **typed: str) -> Page:
    for code in codes:
        page = Page(send(alice, page, more="yes", language_to_add=code, **typed))
    return page


def test_what_we_speak_is_part_of_what_can_be_written_and_each_has_a_name_and_a_direction() -> None:
    assert set(LANGUAGES) < set(WRITTEN)
    assert {code for code in WRITTEN if direction(code) == "rtl"} == {"ar", "fa"}
    assert own_name("de") == "Deutsch"
    assert all(
        set(few_words(name)) == set(WRITTEN) for name in ("yes", "no", "uncertain", "more", "same", "less")
    )


def test_fixed_words_fall_back_to_the_organisations_language() -> None:
    assert [spoken(code, "en") for code in ("nl", "en", "ar", "", "tlh")] == ["nl", "en", "en", "en", "en"]
    assert spoken("ar", "tlh") == "nl"


def test_words_know_their_language_and_say_so_between_words_of_another(app: Flask, people: Cast) -> None:
    with app.test_request_context(), speaking("nl", people.webshop):
        assert in_language({"ar": "<b>"}, "nl").__html__() == '<span lang="ar" dir="rtl">&lt;b&gt;</span>'
        assert in_language({"nl": "<b>"}, "nl").__html__() == "&lt;b&gt;"
        assert in_language({"de": "x", "nl": "y"}, "fr", "nl") == "y"
        assert in_language({}, "fr") == ""
        assert json.dumps([Said("x", "de")]) == '["x"]'


def test_its_own_words_are_read_in_the_language_that_was_chosen_and_each_piece_says_which(
    client: FlaskClient, arabic: Survey
) -> None:
    page = opened(client, "/s/talen?lang=ar")
    assert page.heading == ARABIC["title"]
    assert ARABIC["csat"] in page.words
    assert '<html lang="nl" dir="ltr">' in page.html
    assert page.element("main").get("dir") == "rtl"
    assert f'<span lang="ar" dir="rtl">{ARABIC["csat"]}</span>' in page.html
    assert "Mijn reactie versturen" in page.html


def test_words_that_are_missing_stand_there_in_the_surveys_own_language(
    client: FlaskClient, arabic: Survey
) -> None:
    page = opened(client, "/s/talen?lang=ar")
    assert "الصندوق" in page.words
    assert "De koerier" in page.words


def test_yes_and_no_are_said_in_the_language_of_the_question(client: FlaskClient, arabic: Survey) -> None:
    assert "نعم" in opened(client, "/s/talen?lang=ar").words
    assert "نعم" not in opened(client, "/s/talen?lang=nl").words


def test_the_browser_is_believed_and_every_language_of_the_survey_is_offered(
    client: FlaskClient, arabic: Survey
) -> None:
    page = opened(client, "/s/talen")
    assert page.heading == "Uw bestelling", "this browser speaks English, which the survey does not"
    assert "العربية" in page.words
    assert get(client, "/s/talen", headers={"Accept-Language": "ar-MA,fr;q=0.5"}).heading == ARABIC["title"]
    assert get(client, "/s/talen?lang=fr").heading == "Uw bestelling"


def test_what_is_not_right_is_said_in_words_that_we_speak_and_nothing_is_lost(
    client: FlaskClient, arabic: Survey
) -> None:
    page = opened(client, "/s/talen?lang=ar")
    refused = Page(send(client, page, comment="الصندوق ممزق", contact__wants="mail", contact__email="nobody"))
    assert refused.status == 422
    assert refused.form()["comment"] == "الصندوق ممزق"
    assert refused.heading == ARABIC["title"]


def test_an_answer_keeps_its_language_and_its_own_page_reads_on_in_it(
    client: FlaskClient, arabic: Survey
) -> None:
    sent = send(client, opened(client, "/s/talen?lang=ar"), comment="الصندوق ممزق", contact__wants="page")
    (response,) = responses()
    assert (response.language, sent.status_code) == ("ar", 303)
    own = get(client, sent.location)
    assert ARABIC["title"] in own.html
    assert "العربية" in own.words
    english = get(client, f"{sent.location}?lang=en")
    assert '<html lang="en"' in english.html


def test_a_mail_that_asks_marks_the_words_of_the_survey_and_speaks_the_organisations_language(
    app: Flask, arabic: Survey, now: datetime
) -> None:
    with app.test_request_context():
        mail = asking(
            "invitation",
            arabic,
            "ar",
            "",
            first_question(arabic),
            now,
            link="https://x.example",
            unsubscribe="",
        )
        written = write(mail, "ar", now)
    assert ARABIC["title"] in written.subject
    assert "<span" not in written.text + written.subject
    assert f'<span lang="ar" dir="rtl">{ARABIC["csat"]}</span>' in written.html
    assert '<html lang="nl"' in written.html
    assert "Goedendag" in written.text or "Goede" in written.text


def test_a_language_is_added_beside_the_others_and_taken_away_again(alice: Colleague) -> None:
    page = added(alice, get(alice, NEW), "de", "ar", **titled())
    assert {"title_nl", "title_en", "title_de", "title_ar", "questions-0-prompt_ar"} <= set(page.form())
    assert page.form()["title_nl"] == "Uw reparatie", "what was typed stays"
    less = Page(send(alice, page, less="de"))
    assert "title_de" not in less.form()
    assert "title_ar" in less.form()


def test_the_surveys_own_language_cannot_be_taken_away(alice: Colleague) -> None:
    page = Page(send(alice, get(alice, NEW), less="nl", **titled()))
    assert "title_nl" in page.form()


def test_a_survey_in_a_language_that_we_do_not_speak_at_all(alice: Colleague) -> None:
    page = added(alice, get(alice, NEW), "de", **titled())
    words = {f"questions__{n}__prompt_de": f"Frage {n}?" for n in range(3)}
    page = Page(
        send(alice, page, language="de", title_de="Ihre Bestellung", slug="bestellung", less="nl", **words)
    )
    send(alice, page, less="en")
    assert send(alice, page, language="de", save="yes", title_en="").status_code == 303
    (made,) = surveys()
    assert (made.language, made.title["de"]) == ("de", "Ihre Bestellung")
    assert made.versions[0].questions[0].prompt["de"] == "Frage 0?"


def test_what_is_not_written_yet_is_counted_and_stands_there_in_the_own_language(alice: Colleague) -> None:
    page = added(alice, get(alice, NEW), "de", **titled())
    page = Page(send(alice, page, title_de="Ihre Reparatur", more="", language_to_add=""))
    assert "3 texts are not written yet" in page.words
    assert 'placeholder="Uw reparatie"' in page.html
    assert page.words.count("Not written yet") >= 3


def test_words_without_a_title_are_refused_since_nobody_would_be_offered_them(alice: Colleague) -> None:
    page = added(alice, get(alice, NEW), "de", **titled())
    refused = Page(send(alice, page, questions__0__prompt_de="Wie war es?", save="yes"))
    assert refused.status == 422
    assert "Give a title in this language too" in refused.errors()["title_de"]


def test_a_language_that_is_removed_takes_its_words_along(alice: Colleague, arabic: Survey) -> None:
    edit = f"/surveys/{arabic.id}/edit"
    assert get(alice, edit).form()["title_ar"] == ARABIC["title"]
    page = Page(send(alice, get(alice, edit), less="ar"))
    send(alice, page, publish="yes", knowingly="yes")
    db.session.rollback()
    (kept,) = surveys()
    assert kept.title == {"nl": "Uw bestelling"}
    assert all("ar" not in question.prompt for question in kept.versions[-1].questions)


def test_what_an_arabic_reader_does_not_find_is_counted_on_its_page(arabic: Survey) -> None:
    found = {one.language: one.missing for one in in_each_language(arabic)}
    assert found == {"nl": (), "ar": ("De koerier",)}


BAD_CODES = ["", "tlh", "nl nl", "../etc", "\x00", "ar" * 5000, "<script>", "AR", "en_GB"]


@each("code", BAD_CODES)
def test_only_languages_of_the_list_make_room(alice: Colleague, code: str) -> None:
    page = Page(send(alice, get(alice, NEW), more="yes", language_to_add=code, **titled()))
    assert page.status == 200
    assert sorted(name for name in page.form() if name.startswith("title_")) == ["title_en", "title_nl"]
    forged = Page(send(alice, get(alice, NEW), languages=code, add="csat", **titled()))
    assert forged.status == 200
    assert {"title_nl"} <= set(forged.form())


@each("name", hostile.WORDS)
def test_words_in_an_added_language_are_words(alice: Colleague, name: str) -> None:
    page = added(alice, get(alice, NEW), "ar", **titled())
    page = Page(
        send(
            alice, page, title_ar=hostile.WORDS[name], questions__0__prompt_ar=hostile.WORDS[name], add="csat"
        )
    )
    assert page.status == 200
    assert "<script>alert(1)" not in page.html


def test_a_file_brings_every_language_along_and_takes_them_out_again(
    alice: Colleague, arabic: Survey
) -> None:
    held = alice.get(f"/surveys/{arabic.id}/export").get_json()
    assert held["title"]["ar"] == ARABIC["title"]
    assert (
        alice.post("/surveys/file", data={"text": json.dumps({**held, "slug": "nog-een"})}).status_code == 303
    )
    again = next(one for one in surveys() if one.slug == "nog-een")
    assert as_file(again) == {**held, "slug": "nog-een"}
