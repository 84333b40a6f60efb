"""DKIM: the public half of our key stands in the DNS. Where the mail server signs, that cannot be seen from here."""

import re
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from core.findings import Finding, broken, ok, unknown
from core.settings import settings
from outbox.addresses import domain
from outbox.checks import names

NAME = "DKIM"


def dkim(_now: datetime) -> Iterator[Finding]:
    if not settings().dkim_key:
        yield unknown(
            NAME,
            _("the mail server signs, or nobody does: that cannot be seen from here"),
            _("Send a test to a mailbox elsewhere, and look in its source for “dkim=pass”. Does it not sign? Set DKIM_SELECTOR and DKIM_KEY_FILE."),
        )  # fmt: skip
        return
    where = f"{settings().dkim_selector}._domainkey.{domain(settings().mail_from)}"
    try:
        found = names.texts(where)
    except names.NoAnswerError as why:
        yield unknown(NAME, str(why))
        return
    yield _judged(found, where, public_half(settings().dkim_key))


def _judged(found: list[str], where: str, ours: str) -> Finding:
    record = _("Put this TXT record at %(name)s: %(record)s", name=where, record=f"v=DKIM1; k=rsa; p={ours}")
    if not found:
        return broken(NAME, _("Our mail is signed, and the key to it does not stand in the DNS."), record)
    held = {re.sub(r"\s", "", part[2:]) for text in found for part in _parts(text) if part.startswith("p=")}
    if ours not in held:
        return broken(NAME, _("Another key stands in the DNS than the one we sign with."), record)
    return ok(NAME, _("Our mail is signed, and the key to it stands at %(name)s.", name=where))


def _parts(record: str) -> list[str]:
    return [part.strip() for part in record.split(";")]


def public_half(pem: str) -> str:
    """The SubjectPublicKeyInfo of an RSA key, in base64: what stands behind p=."""
    from dkim.crypto import parse_pem_private_key  # type: ignore[import-untyped]

    key = parse_pem_private_key(pem.encode())
    numbers = _der(0x02, _number(key["modulus"])) + _der(0x02, _number(key["publicExponent"]))
    rsa = bytes.fromhex("300d06092a864886f70d0101010500")  # OID rsaEncryption, NULL
    return b64encode(_der(0x30, rsa + _der(0x03, b"\x00" + _der(0x30, numbers)))).decode()


def _number(value: int) -> bytes:
    """With room for a sign, which DER reads from the first bit."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else _long(size)
    return bytes([tag]) + length + content


def _long(size: int) -> bytes:
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(digits)]) + digits
