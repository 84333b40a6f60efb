"""SPF, DKIM, DMARC and PTR, asked of a real name server: each says how it is, and what to do."""

from datetime import datetime
from pathlib import Path
from typing import Any

import dns.rcode
import pytest

from core.findings import Check, Finding
from outbox.checks import names
from outbox.checks.dkim_key import dkim
from outbox.checks.dmarc import dmarc
from outbox.checks.ptr import ptr
from outbox.checks.sender import links, sender
from outbox.checks.spf import spf
from tests.checks.conftest import Changed
from tests.name_server import NameServer

KEYS = Path(__file__).parent.parent / "outbox" / "dkim"
PUBLIC = (KEYS / "test.pub").read_text().replace("\n", "")


def found(check: Check, now: datetime) -> Finding:
    (one,) = check(now)
    return one


@pytest.mark.parametrize(
    ("records", "state", "word"),
    [
        (["v=spf1 a:mail.our-shop.nl -all"], "ok", "says who may send"),
        (["other", "v=spf1 include:_spf.provider.nl ~all"], "ok", "says who may send"),
        (["v=spf1 redirect=_spf.provider.nl"], "ok", "says who may send"),
        ([], "broken", "does not say who may send"),
        (["v=spf10 -all"], "broken", "does not say who may send"),
        (["v=spf1 -all", "v=spf1 mx -all"], "broken", "2 SPF records"),
        (["v=spf1 +all"], "broken", "lets everybody"),
        (["v=spf1 all"], "broken", "lets everybody"),
        (["v=spf1 a:mail.our-shop.nl"], "attention", "does not say what others may not"),
        (["v=spf1 " + " ".join(f"include:{n}.nl" for n in range(11)) + " -all"], "broken", "10 look-ups"),
    ],
)
def test_spf(
    changed: Changed, dns: NameServer, now: datetime, records: list[str], state: str, word: str
) -> None:
    dns.text("our-shop.nl", *records)
    one = found(spf, now)
    assert (one.state, word in one.words) == (state, True), one
    assert bool(one.remedy) == (state != "ok")


def test_without_spf_the_record_to_add_names_the_mail_server(changed: Changed, now: datetime) -> None:
    changed(smtp_url="smtp://mail.our-shop.nl:587?starttls=1")
    assert "“v=spf1 a:mail.our-shop.nl -all”" in found(spf, now).remedy


@pytest.mark.parametrize(
    ("where", "record", "state"),
    [
        ("_dmarc.our-shop.nl", "v=DMARC1; p=reject; rua=mailto:x@our-shop.nl", "ok"),
        ("_dmarc.our-shop.nl", "v=DMARC1; p=quarantine", "ok"),
        ("_dmarc.our-shop.nl", "v=DMARC1; p=none", "attention"),
        ("_dmarc.our-shop.nl", "v=DMARC1; p=nonsense", "broken"),
        ("_dmarc.our-shop.nl", "v=DMARC1", "broken"),
        ("elsewhere.nl", "v=DMARC1; p=reject", "broken"),
    ],
)
def test_dmarc(changed: Changed, dns: NameServer, now: datetime, where: str, record: str, state: str) -> None:
    dns.text(where, record)
    assert found(dmarc, now).state == state


def test_a_dmarc_record_speaks_for_the_domains_below_it(
    changed: Changed, dns: NameServer, now: datetime
) -> None:
    changed(mail_from="post@mail.our-shop.nl")
    dns.text("_dmarc.our-shop.nl", "v=DMARC1; p=reject")
    assert found(dmarc, now).state == "ok"
    assert ("_dmarc.nl", "TXT") not in dns.asked


def test_dkim_by_the_mail_server_cannot_be_seen(changed: Changed, now: datetime) -> None:
    one = found(dkim, now)
    assert (one.state, "dkim=pass" in one.remedy) == ("unknown", True)


@pytest.fixture
def signing(changed: Changed) -> None:
    changed(dkim_selector="november", dkim_key=(KEYS / "test.key").read_text())


@pytest.mark.usefixtures("signing")
def test_the_key_we_sign_with_stands_in_the_dns(dns: NameServer, now: datetime) -> None:
    dns.text("november._domainkey.our-shop.nl", f"v=DKIM1; k=rsa; p={PUBLIC}")
    assert found(dkim, now).state == "ok"


@pytest.mark.usefixtures("signing")
@pytest.mark.parametrize("records", [[], ["v=DKIM1; k=rsa; p=AAAA"], ["v=DKIM1; p="]])
def test_a_key_that_is_not_there_is_given_as_a_record(
    dns: NameServer, now: datetime, records: list[str]
) -> None:
    dns.text("november._domainkey.our-shop.nl", *records)
    one = found(dkim, now)
    assert one.state == "broken"
    assert f"v=DKIM1; k=rsa; p={PUBLIC}" in one.remedy


def reverse(dns: NameServer, name: str) -> None:
    dns.records["5.5.5.5.in-addr.arpa", "PTR"] = [f"{name}."]


def test_an_address_whose_name_leads_back_to_it(changed: Changed, dns: NameServer, now: datetime) -> None:
    changed(smtp_url="smtp://mail.our-shop.nl")
    dns.records["mail.our-shop.nl", "A"] = ["5.5.5.5"]
    reverse(dns, "mail.our-shop.nl")
    assert found(ptr, now).state == "ok"


@pytest.mark.parametrize("name", ["", "elsewhere.nl"])
def test_an_address_without_a_name_of_its_own(
    changed: Changed, dns: NameServer, now: datetime, name: str
) -> None:
    changed(smtp_url="smtp://mail.our-shop.nl")
    dns.records["mail.our-shop.nl", "A"] = ["5.5.5.5"]
    if name:
        reverse(dns, name)
    one = found(ptr, now)
    assert (one.state, "reverse DNS" in one.remedy) == ("attention", True)


@pytest.mark.parametrize("host", ["127.0.0.1", "mail.our-shop.nl", "nowhere.nl"])
def test_what_a_server_inside_sends_from_is_not_known(
    changed: Changed, dns: NameServer, now: datetime, host: str
) -> None:
    changed(smtp_url=f"smtp://{host}")
    dns.records["mail.our-shop.nl", "A"] = ["10.0.0.8"]
    assert found(ptr, now).state == "unknown"


@pytest.mark.parametrize("check", [spf, dmarc, ptr], ids=lambda check: check.__name__)
@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"silent": True}, "did not answer within"),
        ({"rcode": dns.rcode.SERVFAIL}, "gave no answer"),
        ({"rcode": dns.rcode.REFUSED}, "gave no answer"),
    ],
)
def test_without_an_answer_nothing_is_known_and_it_says_why(
    changed: Changed,
    dns: NameServer,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    check: Check,
    how: dict[str, Any],
    why: str,
) -> None:
    monkeypatch.setattr(names, "SECONDS", 0.2)
    changed(smtp_url="smtp://mail.our-shop.nl")
    vars(dns).update(how)
    one = found(check, now)
    assert (one.state, why in one.words) == ("unknown", True), one


@pytest.mark.parametrize("mail", ["terugkoppel@localhost", "post@shop.example", "post@shop.test"])
def test_a_sender_that_exists_nowhere(changed: Changed, now: datetime, mail: str) -> None:
    changed(mail_from=mail)
    assert found(sender, now).state == "broken"


def test_a_sender_of_a_real_domain(changed: Changed, now: datetime) -> None:
    assert found(sender, now).state == "ok"


@pytest.mark.parametrize(
    ("address", "state"),
    [("", "attention"), ("http://10.0.0.4", "attention"), ("http://intranet", "attention"), ("https://f.our-shop.nl", "ok")],
)  # fmt: skip
def test_links_that_customers_can_open(changed: Changed, now: datetime, address: str, state: str) -> None:
    changed(public_url=address)
    assert found(links, now).state == state
