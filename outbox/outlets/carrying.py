"""One errand in the child process: judge an address and seal it, or send words to one that was sealed."""

import socket
from collections.abc import Collection, Sequence
from typing import Any

from apprise import Apprise, AppriseAsset

from outbox.outlets.addresses import GATEWAYS, PLAIN, SERVICES, permits, shown, strange_part
from outbox.outlets.answers import Refused, judge_alert, judge_text
from outbox.outlets.guarding import Inside
from outbox.outlets.loading import parts_of
from outbox.outlets.sealing import seal, unseal

NAMING_A_HOST = {"workflow", "workflows", "mmosts", "rockets", "jsons", "xmls", "smseagles"}
"""Schemes with a host of the customer's own; the others go where their service is."""
EXAMPLE = "+31612345678"
"""A number to read an address by, which is not written to."""
ANSWER_SECONDS = 8.0
"""For a gateway: who hangs up too early does not know what became of a text."""
Answer = dict[str, Any]


def carry(errand: Answer, keys: Sequence[str], permitted: Collection[str]) -> Answer:
    try:
        return _kept(errand, keys, permitted) if errand["address"] else _send(errand, keys, permitted)
    except Refused as refusal:
        return refusal.answer | ({"refused": refusal.clear} if errand["texts"] else {})


def _kept(errand: Answer, keys: Sequence[str], permitted: Collection[str]) -> Answer:
    address = errand["address"].strip()
    scheme = str(_judged(address, errand, permitted)["schema"])
    name = (GATEWAYS if errand["texts"] else SERVICES)[PLAIN.get(scheme, scheme)]
    return {"service": name, "shown": shown(address, scheme), "sealed": seal(address, keys)}


def _judged(address: str, errand: Answer, permitted: Collection[str]) -> Answer:
    """The address in its parts, as the library reads it; `Refused` for what we do not send to."""
    parts: Answer = parts_of(address)
    if parts and errand["texts"]:
        _aim(parts, errand["to"] or EXAMPLE)
    if not parts or not _service(parts):
        raise Refused("address")
    scheme = PLAIN.get(parts["schema"], parts["schema"])
    if scheme not in (GATEWAYS if errand["texts"] else SERVICES):
        raise Refused("service")
    if strange := strange_part(parts):
        raise Refused("part", strange)
    host = str(parts["host"]).strip("[]") if scheme in NAMING_A_HOST else ""
    if errand["only_permitted"] and not permits(permitted, host):
        raise Refused("permitted")
    if parts["schema"] in PLAIN and not permits(permitted, host):
        raise Refused("plain")
    if host:
        _look_up(host)
    return parts


def _look_up(host: str) -> None:
    try:
        socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except Inside:
        raise Refused("private", host) from None
    except (OSError, UnicodeError):
        raise Refused("host", host) from None


def _service(parts: Answer) -> Any:
    """What sends there; None for an address that lacks something. No pictures from elsewhere, no redirects, no files."""
    asset = AppriseAsset(
        app_id="Terugkoppel", app_desc="Terugkoppel", app_url="", image_url_mask="", image_url_logo="",
        async_mode=False, http_redirects=False, pgp_autogen=False, pem_autogen=False,
    )  # fmt: skip
    return Apprise.instantiate(dict(parts), asset=asset)


def _send(errand: Answer, keys: Sequence[str], permitted: Collection[str]) -> Answer:
    """Judged once more: a name may point elsewhere since, and a host may not be permitted any more."""
    address = unseal(errand["sealed"], keys)
    if address is None:
        raise Refused("sealed")
    service = _service(_judged(address, errand, permitted))
    taken = bool(service.notify(body=errand["body"], title=errand["title"]))
    if errand["texts"]:
        return judge_text(taken, [*_secrets_of(address), *_hidden_of(errand)])
    judge_alert(taken, _secrets_of(address))
    return {}


def _aim(parts: Answer, number: str) -> None:
    """At this number, and no other that the address may name; software of one's own reads it as `to`."""
    parts["targets"], parts["rto"] = [number], ANSWER_SECONDS
    if parts["schema"] in {"json", "jsons"}:
        parts["payload"] = {"to": number}


def _secrets_of(address: str) -> list[str]:
    return address.replace("@", "/").replace(":", "/").split("/")


def _hidden_of(errand: Answer) -> list[str]:
    """Of a text message that a gateway may repeat: the keys of personal pages, and whom it went to."""
    words = errand["body"].split()
    return [errand["to"].lstrip("+"), *(word.rpartition("/")[2] for word in words if "://" in word)]
