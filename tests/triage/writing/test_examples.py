"""Every rule stands by its examples: what it must find, and good sentences that look like bad ones."""

from typing import Any

import pytest

from tests.triage.writing.conftest import TODAY
from triage.models import EMOTIONS, KINDS
from triage.writing.checking import Setting, check
from triage.writing.finders import FINDERS, UNLESS
from triage.writing.reasons import REASONS
from triage.writing.rules import Rule, Words, rules

RULES = [rule for language in ("nl", "en") for rule in rules(language)]
pytestmark = pytest.mark.usefixtures("reading")


def found(rule: Rule, example: Any) -> set[str]:
    """Names of the rules that find something in it."""
    told = {"text": example} if isinstance(example, str) else example
    setting = Setting(told.get("kind", ""), told.get("emotion", ""))
    return {f.rule for f in check(told["text"], rule.language, TODAY, setting)}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.name}.{r.language}")
def test_it_finds_what_is_bad_and_no_other_rule_does(rule: Rule, subtests: pytest.Subtests) -> None:
    for example in rule.examples["bad"]:
        with subtests.test(str(example)):
            assert found(rule, example) == {rule.name}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.name}.{r.language}")
def test_it_lets_good_sentences_be(rule: Rule, subtests: pytest.Subtests) -> None:
    for example in rule.examples["good"]:
        with subtests.test(str(example)):
            assert not found(rule, example)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_language_has_a_corpus_of_its_own(language: str) -> None:
    bad = sum(len(rule.examples["bad"]) for rule in rules(language))
    good = sum(len(rule.examples["good"]) for rule in rules(language))
    assert bad + good >= 150
    assert good >= 75


def test_the_languages_have_the_same_rules() -> None:
    assert {r.name for r in rules("nl")} == {r.name for r in rules("en")}


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.name}.{r.language}")
def test_a_rule_names_only_what_there_is(rule: Rule) -> None:
    blocks: list[Rule | Words] = [rule, *rule.words]
    assert {b.severity for b in blocks if b.severity} <= {"error", "warning", "hint"}
    assert {b.why for b in blocks if b.why} <= set(REASONS)
    assert rule.finder in FINDERS
    assert set(rule.kinds) <= set(KINDS)
    for words in rule.words:
        assert set(words.unless) <= set(UNLESS)
        assert set(words.emotions) <= set(EMOTIONS)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.name}.{r.language}")
def test_every_finding_says_why_and_what_to_write_instead(rule: Rule) -> None:
    for example in rule.examples["bad"]:
        told = {"text": example} if isinstance(example, str) else example
        for one in check(
            told["text"], rule.language, TODAY, Setting(told.get("kind", ""), told.get("emotion", ""))
        ):
            assert one.why
            assert one.instead
            assert 0 <= one.start < one.end <= len(told["text"])


def test_every_reason_is_given_by_a_rule() -> None:
    given = {rule.why for rule in RULES} | {words.why for rule in RULES for words in rule.words}
    assert set(REASONS) == given - {""}
