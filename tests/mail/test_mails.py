"""Every mail: its text as somebody read and approved it, the same words in html, and a subject that makes sense alone."""

import re

import pytest
from flask import Flask

from core.application import LANGUAGES
from core.settings import ROOT
from followup.deeds import Deed
from followup.letters import Letter
from followup.rendering import Rendered, page_words, render
from tests.mail import letters
from tests.mail.letters import MAILS, PAGE, STOP, deed, letter, piece, pledge
from tests.markup import tree
from tests.pages import texts

FOLDERS = sorted(p.parent.name for p in (ROOT / "templates" / "mail").glob("*/subject.txt"))
TO_RESPONDENTS = ("receipt", "no_news", "moved", "progress", "default", "update", "check_back")


@pytest.fixture(autouse=True)
def rendering(app: Flask) -> None:
    """Words need an application."""


def visible(html: str) -> str:
    """What is read in an html mail; the line that only shows in a list of mails left out."""
    body = re.sub(r'<div class="preheader".*?</div>', "", html, flags=re.DOTALL)
    return " ".join(" ".join(texts(tree(body))).split())


def lines(text: str) -> list[str]:
    """The lines of a text, without the marks that quote, and without addresses."""
    plain = (re.sub(r"^> ", "", line).strip() for line in text.splitlines())
    return [without for line in plain if (without := re.sub(r":? *https?://\S+$", "", line)).strip()]


def test_every_mail_is_looked_at_here() -> None:
    assert sorted(MAILS) == FOLDERS


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MAILS)
def test_it_reads_as_somebody_approved(name: str, language: str) -> None:
    file = ROOT / "templates" / "mail" / name / f"golden.{language}.txt"
    assert letters.golden(name, language) == file.read_text(), "read it; then: python -m tests.mail.letters"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", MAILS)
def test_html_says_what_the_text_says(name: str, language: str) -> None:
    mail = MAILS[name](language)
    read = visible(mail.html)
    for line in lines(mail.text):
        for part in line.split(": ", 1) if line.count(": ") == 1 and len(line) < 90 else [line]:
            assert " ".join(part.split()).rstrip(":") in read, line
    addresses = set(re.findall(r"https?://\S+", mail.text))
    assert addresses <= set(re.findall(r'href="([^"]+)"', mail.html)) | {a for a in addresses if a in read}


@pytest.mark.parametrize("name", TO_RESPONDENTS)
def test_it_is_signed_can_be_answered_and_can_be_stopped(name: str) -> None:
    mail = MAILS[name]("en")
    for body in (mail.text, visible(mail.html)):
        assert re.search(r"(Alice Adams|Bob Bakker)\s+(Head of customer service, )?Fietsgoed", body), (
            "a named person"
        )
        assert "You can simply answer this message: a person reads it." in body
        assert "Monday to Friday 09:00–17:00" in body, "when, also when it is read next week"
        assert "043 123 45 67" in body
        assert "You get this message because you answered “Your order” on 3 November 2026" in body
    assert STOP in mail.text
    assert f'href="{STOP}"' in mail.html


@pytest.mark.parametrize("name", TO_RESPONDENTS)
def test_it_asks_and_leads_to_their_own_page(name: str) -> None:
    mail = MAILS[name]("en")
    question = {"solved": "Does this solve it?", "clear": "Is it clear what you can expect?"}
    for asked in {"update": ("clear", "solved"), "check_back": ("solved",)}.get(name, ("clear",)):
        assert question[asked] in mail.text
        for body in (mail.text, mail.html):
            assert f"{PAGE}?{asked}=yes#verdict" in body
            assert f"{PAGE}?{asked}=no#verdict" in body


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FOLDERS)
def test_every_mail_says_how_and_when_a_person_can_be_reached(name: str, language: str) -> None:
    text = (ROOT / "templates" / "mail" / name / f"golden.{language}.txt").read_text()
    week = {"nl": "maandag tot en met vrijdag 09:00–17:00", "en": "Monday to Friday 09:00–17:00"}[language]
    for part in ("043 123 45 67", week, "hallo@fietsgoed.example", "Markt 1, Maastricht"):
        assert part in text, f"{name} does not say {part}"


def subject(*deeds: Deed, digest: str = "") -> str:
    return update(*deeds, digest=digest).subject


def update(*deeds: Deed, digest: str = "", **values: object) -> Rendered:
    return render(letter("update", "en", piece("en", *deeds, digest=digest), **values), "en")


@pytest.mark.parametrize(("deeds", "words"), [
    (["done"], "Done: what we changed after your answer about “Your order”"),
    (["planned"], "Planned: what we will do with your answer about “Your order”"),
    (["wont_do"], "Our decision about your answer about “Your order”"),
    (["thanks"], "Thank you for what you wrote about “Your order”"),
    (["already"], "What came of your answer about “Your order”"),
    (["done", "wont_do"], "What came of your answer about “Your order”"),
])  # fmt: skip
def test_a_subject_makes_sense_without_the_rest(deeds: list[str], words: str) -> None:
    assert subject(*(deed(kind, "en") for kind in deeds)) == words


def test_the_subject_of_a_correction_says_so_before_anything_else() -> None:
    right = deed("done", "en", corrects=True)
    assert subject(right, deed("wont_do", "en")) == "A correction of what we told you about “Your order”"
    assert "What we told you before was not right. This is what holds:" in update(right).text


def test_the_subject_of_a_digest() -> None:
    assert subject(digest="You said: late.") == "You said, we did: “Your order”"


def test_a_promise_is_named_in_the_subject_by_who_and_when() -> None:
    for kind in ("receipt", "no_news", "moved"):
        assert "Alice Adams by Monday 30 November 2026" in render(letter(kind, "en"), "en").subject


@pytest.mark.parametrize(("kind", "heading"), [
    ("done", "Done on 20 November 2026"), ("planned", "Planned for 4 December 2026, by Bob Bakker"),
    ("wont_do", "We decided not to do this"), ("already", "It is already so"), ("thanks", "Thank you"),
])  # fmt: skip
def test_each_kind_of_deed_has_a_heading(kind: str, heading: str) -> None:
    mail = update(deed(kind, "en"))
    assert f"{heading}\nWe now use a stronger box." in mail.text
    assert f"{heading} We now use a stronger box." in visible(mail.html)


@pytest.mark.parametrize(("typed", "read"), [
    ("It costs too much", "It costs too much."), ("It costs too much.", "It costs too much."), ("  Too\n much ", "Too much."),
    ("Would you?", "Would you?"), ("They said “no”", "They said “no”"),
])  # fmt: skip
def test_a_reason_reads_as_a_sentence(typed: str, read: str) -> None:
    assert f"The reason: {read}\n" in update(deed("wont_do", "en", reason=typed)).text


def test_a_promise_in_hours_says_the_time() -> None:
    mail = render(letter("receipt", "en", pledge=pledge("en", time="14:30")), "en")
    assert "When: Monday 30 November 2026, before 14:30" in mail.text
    assert "Monday 30 November 2026, before 14:30" in visible(mail.html)


def test_a_deputy_says_for_whom() -> None:
    for body in (letters.no_news("en").text, visible(letters.no_news("en").html)):
        assert "Alice Adams is away until 3 December 2026; Bob Bakker follows this now." in body


def test_a_receipt_quotes_nothing_and_names_nobody_who_may_be_a_stranger() -> None:
    for kind in ("receipt", "no_news", "moved"):
        mail = render(
            letter(kind, "en", piece("en", quotes=("Buy this!",)), name="Buy at spam.example"), "en"
        )
        assert "Buy" not in mail.text + mail.html + mail.subject


def test_long_words_are_quoted_as_far_as_a_mail_goes() -> None:
    mail = update(deed("done", "en"))
    quoted = render(letter("update", "en", piece("en", deed("done", "en"), quotes=("word " * 1000,))), "en")
    assert 1000 < len(quoted.text) - len(mail.text) < 1500
    assert "…" in quoted.text


@pytest.mark.parametrize("name", ["survey_invitation", "survey_reminder"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_that_asks_holds_the_first_question_with_a_link_for_each_answer(
    name: str, language: str
) -> None:
    mail = MAILS[name](language)
    key, steps = ("csat", range(1, 6)) if name == "survey_invitation" else ("nps", range(11))
    for n in steps:
        for body in (mail.text, mail.html):
            assert re.search(rf"https://feedback.example/i/1.1.abc\?{key}={n}(?![0-9])", body)
    assert "214" in mail.text, "the record, also where it is not all good"
    assert "Alice Adams\nFietsgoed" in mail.text
    assert STOP in mail.text
    assert f'href="{STOP}"' in mail.html


def test_a_question_that_fits_no_mail_is_one_button() -> None:
    written = letters._asked(
        "invitation", "en", {"key": "why", "prompt": "Why?", "answers": [], "low": "", "high": ""}, ""
    )
    assert "Give your answer: https://feedback.example/i/1.1.abc\n" in written.text
    assert "Why?" not in written.text
    assert "Good day,\n" in written.text


@pytest.mark.security("stored xss")
def test_hostile_titles_and_names_are_words_in_a_mail_that_asks() -> None:
    question = {
        "key": "csat",
        "prompt": POLYGLOT,
        "answers": [["a&b=<c>", POLYGLOT]],
        "low": POLYGLOT,
        "high": "x",
    }
    written = letters._asked("invitation", "en", question, "<script>alert(1)</script>")
    assert "<script>" not in written.html
    assert "?csat=a%26b%3D%3Cc%3E" in written.html


POLYGLOT = "</p><script>alert(1)</script> {{7*7}} {% raw %} \u202e %s%n\n.\nFrom: me\r\nBcc: you@example.org"


def test_hostile_words_are_words_in_both_parts() -> None:
    mail = render(
        letter("update", "en", piece("en", deed("done", "en"), quotes=(POLYGLOT,)), name="<b>Rita</b>"), "en"
    )
    assert "<script>" not in mail.html
    assert "<b>Rita" not in mail.html
    assert "{{7*7}}" in mail.html
    assert "> </p><script>alert(1)</script> {{7*7}}" in mail.text
    assert not re.search(r"^(\.|From: me|Bcc:)", mail.text, re.MULTILINE), (
        "every quoted line is marked as one"
    )


@pytest.mark.parametrize("name", MAILS)
def test_html_mails_fetch_nothing_and_run_nothing(name: str) -> None:
    html = MAILS[name]("en").html
    assert not re.search(r"<(img|script|link|iframe|form)|url\(|@import|javascript:", html)
    assert 'style="' in html, "each element carries its own look"
    assert len(html) < 20_000


# The heart, for the respondent's own page


def heart(written: Letter) -> str:
    return page_words(written, "en")


def test_the_page_says_the_promise_of_a_receipt() -> None:
    assert heart(letter("receipt", "en")) == "You hear from Alice Adams by Monday 30 November 2026."


def test_the_page_says_what_was_done_without_greeting_and_signature() -> None:
    written = letter(
        "update",
        "en",
        piece("en", deed("done", "en"), deed("wont_do", "en", reason="It costs too much"), quotes=("Torn.",)),
    )
    assert heart(written) == (
        "Done on 20 November 2026\nWe now use a stronger box.\n\n"
        "We decided not to do this\nWe now use a stronger box.\nThe reason: It costs too much."
    )


def test_the_page_says_no_news_honestly() -> None:
    assert (
        heart(letter("no_news", "en"))
        == "There is no news yet.\nYou hear from Alice Adams by Monday 30 November 2026."
    )


def test_the_page_says_why_a_date_moved() -> None:
    assert heart(letter("moved", "en", reason="the part is late")) == (
        "The date on which you would hear from us about “Your order” has moved.\nThe reason: the part is late.\n"
        "You hear from Alice Adams by Monday 30 November 2026."
    )


def test_the_page_says_the_digest() -> None:
    assert (
        heart(letter("update", "en", piece("en", digest="Late.\nMore vans.")))
        == "You said, we did\nLate.\nMore vans."
    )


def test_html_takes_nothing_from_plain_text() -> None:
    """A macro written in a .txt escapes nothing, and what it says would pass for safe in html."""
    pages = (ROOT / "templates").rglob("*.html")
    assert [
        p.name for p in pages if re.search(r"{%-? *(import|from|include|extends) [^%]*\.txt", p.read_text())
    ] == []
