"""The demo's texts fit together: whoever misspells a key or forgets a translation hears it here, not while loading."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from demo.reading import FOLDER, Script, Story
from demo.texts import Colleague, Deed, House, Remark, Sheet
from outbox.addresses import is_reserved, one_address
from surveys.models import COMMENT_KINDS
from triage.models import EMOTIONS, KINDS

MARKS = re.compile(r"\{[^}]*\}")
KNOWN = {"{owner}", "{due_on}", "{done_on}"}
VAGUE = re.compile(
    r"\b(ons best|zo snel mogelijk|binnenkort|asap|soon|shortly|look into it|komen erop terug)\b",
    re.IGNORECASE,
)


def public_words(text: Script) -> list[str]:
    """Everything respondents read of actions and digests."""
    deeds = [words for d in text.deeds for words in (*d.public.values(), *d.promised.values(), d.reason)]
    digests = [words for d in text.digest for words in (d.nl, d.en)]
    stories = [
        words
        for s in text.story
        for part in (s.reason, s.answer, s.wrong, s.correction)
        for words in part.values()
    ]
    return [*deeds, *digests, *stories]


def test_every_key_in_the_files_is_read() -> None:
    """A misspelt key would be left out in silence."""
    files = sorted(FOLDER.glob("**/*.toml"))
    held = {(table, key) for file in files for table, key in _keys(tomllib.loads(file.read_text("utf-8")))}
    classes = {
        "comment": Remark,
        "action": Deed,
        "story": Story,
        "survey": Sheet,
        "staff": Colleague,
        "organisation": House,
    }
    for table, cls in classes.items():
        assert {key for name, key in held if name == table} <= {field.name for field in fields(cls)}, table


def _keys(tables: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(table, key) of each entry"""
    for name, entries in tables.items():
        for entry in entries if isinstance(entries, list) else ():
            yield from ((name, key) for key in entry)


def test_there_are_some_two_hundred_comments_in_two_languages(text: Script) -> None:
    assert len(text.remarks) >= 200
    languages = Counter(r.language for r in text.remarks)
    assert set(languages) == {"nl", "en"}
    assert min(languages.values()) >= 40


def test_no_comment_is_there_twice(text: Script) -> None:
    assert len({r.key for r in text.remarks}) == len(text.remarks)
    assert len({r.text for r in text.remarks}) == len(text.remarks)


def test_every_key_a_comment_names_is_there(text: Script) -> None:
    surveys, deeds = {s.slug: s for s in text.survey}, {d.key: d for d in text.deeds}
    themes = {(t.organisation, t.key) for t in text.theme}
    for remark in text.remarks:
        organisation = surveys[remark.survey].organisation
        assert deeds[remark.action].organisation == organisation
        assert remark.emotion in EMOTIONS
        assert {(organisation, theme) for theme in remark.themes} <= themes


def test_every_key_a_story_names_is_there(text: Script) -> None:
    keys, deeds = {r.key: r for r in text.remarks}, {d.key for d in text.deeds}
    for story in text.story:
        assert all(keys[key].survey == story.survey for key in story.comments)
        assert {story.action, story.again_action} - {""} <= deeds
    assert {key for waiting in text.inbox.values() for key in waiting} <= set(keys)
    assert {key for said in text.verdicts.values() for key in said} <= set(keys)


def test_every_kind_of_story_is_told(text: Script) -> None:
    asked = {
        "kept",
        "early",
        "moved",
        "broken",
        "open",
        "not_solved",
        "not_clear",
        "bounce",
        "unknown",
        "declined",
        "correction",
    }
    assert {s.kind for s in text.story} == asked


def test_what_waits_in_the_inbox_has_no_verdict(text: Script) -> None:
    waiting = {key for keys in text.inbox.values() for key in keys}
    assert not waiting & {key for said in text.verdicts.values() for key in said}


def test_everybody_who_wants_mail_has_one_address_of_their_own(text: Script) -> None:
    mails = [r.email for r in text.remarks if r.wants == "mail"]
    assert len(set(mails)) == len(mails)
    assert all(one_address(mail) == mail and is_reserved(mail) for mail in mails)
    assert not any(r.email or r.name for r in text.remarks if r.wants == "page")


def test_staff_and_organisations_have_reserved_addresses(text: Script) -> None:
    assert all(is_reserved(person.email) for person in text.staff)
    assert all(is_reserved(house.email) for house in text.organisation)
    assert all(house.phone.startswith("088-555") for house in text.organisation)


def test_each_organisation_has_a_manager_first_and_then_agents(text: Script) -> None:
    for house in text.organisation:
        roles = [person.role for person in text.staff if person.organisation == house.slug]
        assert roles[0] == "manager"
        assert set(roles[1:]) == {"agent"}


def test_only_known_marks_are_filled_in(text: Script) -> None:
    found = {mark for words in public_words(text) for mark in MARKS.findall(words)}
    assert found <= KNOWN | {"{signer}"}
    deeds = {
        mark
        for d in text.deeds
        for words in (*d.public.values(), *d.promised.values())
        for mark in MARKS.findall(words)
    }
    assert deeds <= KNOWN
    assert not [d.key for d in text.deeds if MARKS.search(d.reason)]


def test_public_words_are_there_in_both_languages(text: Script) -> None:
    for deed in text.deeds:
        assert set(deed.public) == {"nl", "en"}
        assert set(deed.promised) in ({"nl", "en"}, set())
    for story in text.story:
        assert all(
            set(words) in ({"nl", "en"}, set())
            for words in (story.reason, story.answer, story.wrong, story.correction)
        )


def test_public_words_name_who_does_it(text: Script) -> None:
    assert not [d.key for d in text.deeds if not all("{owner}" in words for words in d.public.values())]


def test_a_plan_names_its_date_and_a_deed_its_day(text: Script) -> None:
    for deed in text.deeds:
        planned = deed.public if deed.kind == "planned" else deed.promised
        assert all("{due_on}" in words for words in planned.values())
        if deed.kind in {"done", "already"}:
            assert all("{done_on}" in words for words in deed.public.values()), deed.key


def test_public_words_are_not_vague(text: Script) -> None:
    assert not [words for words in public_words(text) if VAGUE.search(words)]


def test_public_words_do_not_shout(text: Script) -> None:
    assert not [words for words in public_words(text) if "!" in words]


def test_a_no_has_its_reason_and_nothing_else_does(text: Script) -> None:
    assert {d.kind for d in text.deeds} <= set(KINDS)
    assert all(bool(d.reason) == (d.kind == "wont_do") for d in text.deeds)


def test_who_hears_a_reason_reads_its_language(text: Script) -> None:
    """A reason is one text, in the organisation's own language."""
    noes = {d.key for d in text.deeds if d.reason}
    assert {r.language for r in text.remarks if r.action in noes} == {"nl"}


def test_each_survey_asks_how_satisfied_what_and_who(text: Script) -> None:
    for sheet in text.survey:
        assert [q.type for q in sheet.question] == ["csat", *COMMENT_KINDS, "contact"]
        assert sheet.signer != sheet.deputy
        assert all(set(q.prompt) == {"nl", "en"} for q in sheet.question)


def test_scores_are_given_in_each_of_thirteen_months(text: Script) -> None:
    for sheet in text.survey:
        given = sheet.score_only
        assert given.months_ago == list(range(12, -1, -1))
        assert len(given.scores) == 13
        assert all(len(row) == 5 and sum(row) for row in given.scores)


@pytest.mark.parametrize("slug", ["bestelling", "reparatie"])
def test_each_past_month_has_its_digest(text: Script, slug: str) -> None:
    assert sorted(d.months_ago for d in text.digest if d.survey == slug) == list(range(1, 13))
