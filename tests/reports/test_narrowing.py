"""Figures of a part of those who answered: the same as of a survey that only they answered; and never of too few."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.db import writing
from core.errors import DomainError
from reports.figures import Figures
from reports.groups import LEAST
from reports.making import gather
from reports.narrowing import EVERYBODY, Narrowed, may_be_shown
from reports.period import period
from surveys.models import Survey
from tests.browser import Colleague
from tests.cast import Cast
from tests.desk import alice, bob, monday, survey, theme, vera
from tests.each import each
from tests.hostile import foreign
from tests.loop import answered, decided, opened_survey, settled
from tests.pages import Page, get, send
from tests.reports.test_live import LIVE, hrefs
from tests.reports.test_pages import LIST, reports
from triage.commenting import comments_of

__all__ = ["alice", "bob", "monday", "survey", "vera"]
DAYS = "survey=bestelling&first=2026-11-01&last=2026-11-30"
NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)
SHOPS = [("mail", "nl"), ("mail", "en"), ("page", "nl"), ("page", "en")]


def put_in(survey: Survey, people: Cast, now: datetime, only: Narrowed = EVERYBODY) -> None:
    """Ten to a channel and language, each with a score, an emotion and a theme; half of them told. Or only some of those."""
    late, done = theme(people, f"late-{survey.slug}", "Late"), None
    with writing():
        done = decided(people, now)
        for n in range(40):
            channel, language = SHOPS[n % 4]
            if only.channel in {"", channel} and only.language in {"", language}:
                response = answered(
                    survey,
                    now,
                    email=f"{n}@example.com",
                    score=1 + n % 5,
                    language=language,
                    submitted_at=now,
                )
                response.channel = channel
                (comment,) = comments_of(response)
                comment.emotion, comment.themes = ("angry", "happy")[n % 2], [late]
                settled(response, done, now) if n % 8 < 4 else None


@pytest.fixture
def shops(people: Cast, survey: Survey, now: datetime) -> Survey:
    put_in(survey, people, now)
    return survey


@pytest.mark.parametrize("only", [Narrowed("mail"), Narrowed("", "nl"), Narrowed("page", "en")])
def test_a_part_counts_as_if_nobody_else_had_answered(
    people: Cast, shops: Survey, now: datetime, only: Narrowed
) -> None:
    with writing():
        other = opened_survey(people, now, "other")
    put_in(other, people, now, only)
    found, alone = (
        gather(period(s, *NOVEMBER, now, o), "en") for s, o in ((shops, only), (other, EVERYBODY))
    )
    assert _comparable(found) == _comparable(alone)
    assert found.ledger.responses == (20, 10)[all((only.channel, only.language))]


def _comparable(figures: Figures) -> Figures:
    """Themes are two rows, and of a part nobody knows who was asked."""
    named = tuple(replace(one, key="") for one in figures.themes)
    return replace(figures, scope=replace(figures.scope, only=EVERYBODY, survey=""), themes=named, rates=None)


def test_the_page_says_whose_figures_they_are_and_carries_them_to_every_mark(
    vera: Colleague, shops: Survey
) -> None:
    page = get(vera, f"{LIVE}?{DAYS}&channel=mail&language=nl")
    assert "Only people who hear by mail, and answered in Dutch." in page.words
    links = [href for href in hrefs(page) if href.startswith("/inbox?survey")]
    assert links
    assert all("channel=mail" in href and "language=nl" in href for href in links)
    (file,) = [href for href in hrefs(page) if "figures.csv" in href]
    rows = vera.get(file)
    assert rows.headers["Content-Disposition"].endswith('bestelling-2026-11-01-2026-11-30-mail-nl.csv"')
    assert (
        'Whose figures,"Only people who hear by mail, and answered in Dutch.",10,10,,' in rows.data.decode()
    )
    everybody = [href for href in hrefs(page) if href.startswith(f"{LIVE}?") and "channel" not in href]
    assert get(vera, everybody[0]).words.count("Only people who") == 0


@pytest.mark.parametrize(("query", "sentence"), [
    ("channel=pigeon", "“pigeon” is no way to hear."), ("language=xx", "“xx” is no language here."), ("channel=mail&language=%3Cb%3E", "“<b>” is no language here."),
])  # fmt: skip
def test_what_there_is_not_is_a_sentence(vera: Colleague, shops: Survey, query: str, sentence: str) -> None:
    page = get(vera, f"{LIVE}?{DAYS}&{query}")
    assert page.status == 422
    assert sentence in page.words
    assert foreign(page.tree) == []
    assert vera.get(f"{LIVE}.csv?{DAYS}&{query}").status_code in {409, 422}


@pytest.mark.parametrize("name", ["channel", "language"])
@each("typed", ["\x00", "9" * 5_000, "' OR 1=1--", "{{7*7}}"])
def test_anything_in_the_address_is_a_sentence(vera: Colleague, shops: Survey, name: str, typed: str) -> None:
    assert Page(vera.get(LIVE, query_string={"survey": "bestelling", name: typed})).status == 422


def test_a_way_in_which_nobody_hears_is_a_page_that_says_so(vera: Colleague, shops: Survey) -> None:
    page = get(vera, f"{LIVE}?{DAYS}&channel=letter")
    assert page.status == 200
    assert "Nothing happened in these days." in page.words


def test_of_nine_people_nothing_is_shown_nor_of_all_but_nine(
    vera: Colleague, survey: Survey, now: datetime
) -> None:
    with writing():
        for n in range(29):
            answered(
                survey, now, email=f"{n}@example.com", language="en" if n < 9 else "nl", submitted_at=now
            )
    for language in ("en", "nl"):
        page = get(vera, f"{LIVE}?{DAYS}&language={language}")
        assert "figures of fewer than 10 people are not shown" in page.words
        assert "9" not in page.words.split("They answered in")[1].split("figures of")[0]
        assert vera.get(f"{LIVE}.csv?{DAYS}&language={language}").status_code in {409, 422}


def test_by_both_filters_no_gap_is_left_that_sums_would_fill() -> None:
    people = {("mail", "nl"): 40, ("mail", "en"): 4, ("page", "nl"): 40, ("page", "en"): 30}
    assert may_be_shown(people, Narrowed("mail"))
    assert may_be_shown(people, Narrowed("", "en"))
    assert not [p for p in people if may_be_shown(people, Narrowed(*p))], (
        "each is what the others leave of the sums"
    )
    people["mail", "en"] = 0
    assert all(may_be_shown(people, Narrowed(*p)) for p in people)


def test_a_language_of_few_is_taken_together_with_others_before_channels_are_looked_at() -> None:
    people = {
        ("mail", "nl"): 40,
        ("mail", "en"): 40,
        ("page", "nl"): 40,
        ("page", "en"): 30,
        ("page", "fy"): 1,
    }
    assert may_be_shown(people, Narrowed("mail", "nl"))
    assert not may_be_shown(people, Narrowed("mail", "en")), "the English stand for the one Frisian too"


pairs = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.integers(0, 30), max_size=9
)


@given(pairs, st.sampled_from("abc"))
def test_no_channel_can_be_read_by_taking_what_is_shown_from_the_whole(
    people: dict[tuple[str, str], int], key: str
) -> None:
    sizes: Counter[str] = Counter()
    for (channel, _language), n in people.items():
        sizes[channel] += n
    shown = {c for c in "abc" if may_be_shown(people, Narrowed(c))}
    rest = sizes.total() - sum(sizes[c] for c in shown)
    assert rest == 0 or rest >= LEAST or not any(sizes[c] for c in shown)
    assert all(sizes[c] == 0 or sizes[c] >= LEAST for c in shown)


def test_a_pdf_is_asked_for_of_the_same_part(bob: Colleague, shops: Survey, now: datetime) -> None:
    answer = send(
        bob, get(bob, LIST), first="2026-11-01", last="2026-11-30", channel="mail", answered_in="nl"
    )
    assert answer.status_code == 303
    (report,) = reports()
    assert report.only == Narrowed("mail", "nl")
    for address in (answer.location, LIST):
        assert "Only people who hear by mail, and answered in Dutch." in get(bob, address).words


def test_a_pdf_of_too_few_is_refused_and_nothing_chosen_is_lost(
    bob: Colleague, survey: Survey, now: datetime
) -> None:
    with writing():
        answered(survey, now, submitted_at=now)
    page = Page(send(bob, get(bob, LIST), first="2026-11-01", last="2026-11-30", channel="mail"))
    assert page.status == 422
    assert "figures of fewer than 10 people are not shown" in page.words
    assert page.form()["channel"] == "mail"
    assert reports() == []


def test_a_part_that_does_not_exist_is_refused_where_nobody_chose_from_a_list(
    survey: Survey, now: datetime
) -> None:
    with pytest.raises(DomainError):
        Narrowed("pigeon").check()
    with pytest.raises(DomainError):
        Narrowed("", "xx").check()
    Narrowed("mail", "ar").check()
    assert Narrowed("mail").words == "Only people who hear by mail."
    assert Narrowed("", "nl").words == "Only people who answered in Dutch."
    assert not EVERYBODY
    assert EVERYBODY.words == ""
