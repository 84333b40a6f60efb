"""Where an alert may go, and what came of it: a real child process and a real gateway on a socket."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_babel import force_locale

from core.settings import settings
from outbox.outlets import trying
from outbox.outlets.addresses import is_inside, shown
from outbox.outlets.errands import Errand, Outcome, run
from outbox.outlets.outcomes import sentence
from outbox.outlets.sealing import seal, unseal
from tests.cast import Cast
from tests.each import each
from tests.gateway import Gateway, running
from tests.hostile import ADDRESSES, UNKEEPABLE, WORDS

PERMITTED = pytest.mark.settings(alert_hosts=("127.0.0.1",))
KEYS = ("k" * 32, "j" * 32)


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with running() as server:
        yield server


@pytest.fixture
def silent(gateway: Gateway) -> Gateway:
    gateway.heard.clear()
    return gateway


def judged(*addresses: str, only_permitted: bool = False) -> dict[str, str]:
    """address → what is the matter with it"""
    found = run([Errand(address=each, only_permitted=only_permitted) for each in addresses])
    return {each: outcome.problem for each, outcome in zip(addresses, found, strict=True)}


def sent(*addresses: str, seconds: float = 10.0) -> list[Outcome]:
    sealed = [seal(each, settings().keys) for each in addresses]
    return run(
        [Errand(sealed=each, title="Webshop: news", body="Read http://x/1") for each in sealed], seconds
    )


INSIDE = (
    "127.0.0.1", "127.9.9.9", "10.0.0.8", "172.16.0.1", "192.168.1.1", "100.64.0.1", "100.100.100.200", "169.254.169.254",
    "168.63.129.16", "192.0.0.192", "0.0.0.0", "255.255.255.255", "224.0.0.1", "198.18.0.1", "::", "::1", "::127.0.0.1",
    "::ffff:10.0.0.8", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:1::1", "fe80::1%eth0", "fec0::1", "fd00:ec2::254",
)  # fmt: skip


@pytest.mark.security("ssrf by an address of an alert")
@pytest.mark.parametrize("number", INSIDE)
def test_networks_of_our_own_are_inside(number: str) -> None:
    assert is_inside(number)


@pytest.mark.parametrize(
    "number", ["8.8.8.8", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::"]
)
def test_the_world_is_outside(number: str) -> None:
    assert not is_inside(number)


@pytest.mark.security("ssrf by an address of an alert")
def test_addresses_that_are_refused_and_why(app: Flask) -> None:
    refused = {
        "jsons://localhost/hook": "private",
        "jsons://127.0.0.1/hook": "private",
        "jsons://[::1]/hook": "private",
        "jsons://2130706433/hook": "private",
        "jsons://someone:word@127.0.0.1/hook": "private",
        "mmosts://10.0.0.8/abcdefghijklmnopqrstuvwx": "private",
        f"workflows://169.254.169.254/{'a' * 32}/{'b' * 43}": "private",
        "xmls://192.168.1.1/hook": "private",
        "json://8.8.8.8/hook": "plain",
        "xml://8.8.8.8/hook": "plain",
        "jsons://8.8.8.8/hook?template=/etc/passwd": "part",
        "jsons://8.8.8.8/hook#x?template=/etc/passwd": "part",
        "jsons://8.8.8.8/hook?to=1;template=/etc/passwd": "part",
        "jsons://8.8.8.8/hook?verify=no": "part",
        "jsons://8.8.8.8/hook?rto=600": "part",
        "jsons://8.8.8.8/hook?redirect=yes": "part",
        "jsons://8.8.8.8/hook?+Host=inside": "part",
        "jsons://8.8.8.8/hook?method=GET": "part",
        "syslog://": "service",
        "apprises://8.8.8.8/token": "service",
        "mailto://someone:word@example.com": "service",
        "file:///etc/passwd": "address",
        "https://example.com/hook": "address",
        "jsons://": "address",
        "slack://": "address",
        "slack://too/few": "address",
    }
    assert judged(*refused) == refused


def test_services_that_name_no_host_are_taken_as_they_write_their_address(app: Flask) -> None:
    found = run(
        [
            Errand(address="https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"),
            Errand(address="slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#alerts"),
            Errand(address=f"https://discord.com/api/webhooks/4174216298/{'J' * 68}"),
        ]
    )
    assert [(o.problem, o.service, o.shown) for o in found] == [
        ("", "Slack", "slack://…i7FQ"),
        ("", "Slack", "slack://…i7FQ"),
        ("", "Discord", "discord://…JJJJ"),
    ]


@PERMITTED
def test_a_host_that_is_permitted_may_be_inside_and_without_encryption(app: Flask, silent: Gateway) -> None:
    assert judged(silent.address("hook"), silent.address("hook", "xml")) == {
        silent.address("hook"): "",
        silent.address("hook", "xml"): "",
    }
    assert judged("jsons://localhost/hook") == {"jsons://localhost/hook": "private"}, (
        "permitted by its name alone"
    )


@PERMITTED
def test_a_demo_sends_to_hosts_that_are_permitted_and_to_nobody_else(app: Flask, silent: Gateway) -> None:
    slack = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    assert judged(slack, silent.address("hook"), only_permitted=True) == {
        slack: "permitted",
        silent.address("hook"): "",
    }


@PERMITTED
def test_what_came_of_it(app: Flask, silent: Gateway) -> None:
    words = ("fine", "no", "bad", "echo", "moved", "long")
    outcomes = dict(zip(words, sent(*(silent.address(word) for word in words)), strict=True))
    assert {word: (o.problem, o.reply) for word, o in outcomes.items()} == {
        "fine": ("", ""),
        "no": ("said_no", "channel_not_found"),
        "bad": ("answer", "404 no such hook"),
        "echo": ("answer", "403 wrong token /…/echo"),
        "moved": ("redirect", ""),
        "long": ("", ""),
    }
    assert not [path for path, _body in silent.heard if "followed" in path], "a redirect is not followed"


@PERMITTED
def test_it_says_what_we_said(app: Flask, silent: Gateway) -> None:
    sent(silent.address("hook"))
    (said,) = (json.loads(text) for text in silent.texts)
    assert (said["title"], said["message"], said["attachments"]) == ("Webshop: news", "Read http://x/1", [])


@PERMITTED
def test_one_that_hangs_is_left_and_holds_nobody_up(app: Flask, silent: Gateway) -> None:
    hanging, fine = sent(silent.address("hang"), silent.address("fine"), seconds=2.0)
    assert (hanging.problem, fine.problem) == ("time", "")


@PERMITTED
def test_nobody_there(app: Flask) -> None:
    (outcome,) = sent("json://127.0.0.1:9/hook")
    with force_locale("en"):
        said = sentence(outcome)
    assert said == "It could not be reached: Connection refused."


@pytest.mark.security("ssrf by an address of an alert")
def test_a_host_that_is_permitted_no_more_is_refused_when_something_is_sent(
    app: Flask, silent: Gateway
) -> None:
    sealed = seal(silent.address("hook"), settings().keys)
    assert [o.problem for o in run([Errand(sealed=sealed, title="x", body="y")])] == ["plain"]
    secure = seal(silent.address("hook", "jsons"), settings().keys)
    assert [o.problem for o in run([Errand(sealed=secure, title="x", body="y")])] == ["private"]
    assert not silent.heard


def test_what_another_key_sealed_cannot_be_read(app: Flask) -> None:
    (outcome,) = run([Errand(sealed=seal("jsons://8.8.8.8/hook", ["x" * 32]), title="x", body="y")])
    assert outcome.problem == "sealed"


def test_a_new_key_reads_what_an_older_one_sealed() -> None:
    sealed = seal("slack://a/b/c", KEYS[1:])
    assert "slack" not in sealed
    assert (unseal(sealed, KEYS), unseal(sealed, KEYS[:1])) == ("slack://a/b/c", None)


def test_of_an_address_only_the_end_of_its_longest_word_is_shown() -> None:
    assert (
        shown("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general?footer=no", "slack")
        == "slack://…i7FQ"
    )
    assert shown("jsons://short.example/hook", "jsons") == "jsons://…"


@each("text", [*WORDS.values(), *UNKEEPABLE.values(), *ADDRESSES])
def test_what_is_no_address_is_seen_at_once(app: Flask, people: Cast, text: str) -> None:
    assert trying.judge(text, people.webshop).problem in {"address", "service"}


def test_each_problem_has_a_sentence_of_its_own(english: None) -> None:
    problems = (
        "address", "service", "part", "plain", "host", "private", "permitted", "sealed", "removed", "held", "time", "refused", "redirect",
        "answer", "said_no", "broken",
    )  # fmt: skip
    said = [sentence(Outcome(problem, "x")) for problem in problems]
    assert len(set(said)) == len(problems)
    assert all(each.endswith((".", ": x")) for each in said)
    assert sentence(Outcome()) == ""
