"""One errand in the child process: judge an address and seal it, or send words to one that was sealed."""

import socket
from collections.abc import Collection, Sequence
from typing import Any

from apprise import Apprise, AppriseAsset, plugins
from requests import RequestException, Timeout

from outbox.outlets.addresses import PLAIN, SERVICES, permits, shown, strange_part
from outbox.outlets.guarding import Inside, heard
from outbox.outlets.sealing import seal, unseal

NAMING_A_HOST = {"workflow", "workflows", "mmosts", "rockets", "jsons", "xmls"}
"""Schemes with a host of the customer's own; the others go where their service is."""
REPLY = 200
Answer = dict[str, Any]


class Refused(Exception):
    """The errand ends here: `problem` and `reply` as in `outbox.outlets.errands.Outcome`."""

    def __init__(self, problem: str, reply: str = "") -> None:
        super().__init__(problem)
        self.answer: Answer = {"problem": problem, "reply": reply[:REPLY]}


def carry(errand: Answer, keys: Sequence[str], permitted: Collection[str]) -> Answer:
    try:
        if errand["address"]:
            return _kept(errand["address"].strip(), errand["only_permitted"], keys, permitted)
        _send(errand, keys, permitted)
    except Refused as refusal:
        return refusal.answer
    return {}


def _kept(address: str, only_permitted: bool, keys: Sequence[str], permitted: Collection[str]) -> Answer:
    parts = _judged(address, only_permitted, permitted)
    scheme = str(parts["schema"])
    name = SERVICES[PLAIN.get(scheme, scheme)]
    return {"service": name, "shown": shown(address, scheme), "sealed": seal(address, keys)}


def _judged(address: str, only_permitted: bool, permitted: Collection[str]) -> Answer:
    """The address in its parts, as the library reads it; `Refused` for what we do not send to."""
    parts: Answer = plugins.url_to_dict(address, secure_logging=True) or {}  # type: ignore[no-untyped-call]
    if not parts or not _service(parts):
        raise Refused("address")
    scheme = PLAIN.get(parts["schema"], parts["schema"])
    if scheme not in SERVICES:
        raise Refused("service")
    if strange := strange_part(parts):
        raise Refused("part", strange)
    host = str(parts["host"]).strip("[]") if scheme in NAMING_A_HOST else ""
    if only_permitted and not permits(permitted, host):
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


def _send(errand: Answer, keys: Sequence[str], permitted: Collection[str]) -> None:
    """Judged once more: a name may point elsewhere since, and a host may not be permitted any more."""
    address = unseal(errand["sealed"], keys)
    if address is None:
        raise Refused("sealed")
    service = _service(_judged(address, errand["only_permitted"], permitted))
    taken = service.notify(body=errand["body"], title=errand["title"])
    _judge_answer(bool(taken), address)


def _judge_answer(taken: bool, address: str) -> None:
    if heard.error:
        raise _stopped(heard.error)
    if 300 <= heard.status < 400:
        raise Refused("redirect")
    if not 200 <= heard.status < 300:
        raise Refused("answer", f"{heard.status} {_said(address)}".strip() if heard.status else "")
    if not taken or _says_no():
        raise Refused("said_no", _said(address))


def _stopped(error: BaseException) -> Refused:
    causes = [error]
    while (below := causes[-1].__cause__ or causes[-1].__context__) and below not in causes:
        causes.append(below)
    inside = next((c for c in causes if isinstance(c, Inside)), None)
    if inside:
        return Refused("private", str(inside))
    if isinstance(error, Timeout):
        return Refused("time")
    system = next(
        (c for c in causes if isinstance(c, OSError) and not isinstance(c, RequestException) and c.strerror),
        None,
    )
    return Refused("refused", str(getattr(system, "strerror", "") or ""))


def _says_no() -> bool:
    """Slack, Telegram and Rocket.Chat answer 200 with a no inside; other software does so in the same words."""
    said = heard.json
    return said.get("ok") is False or said.get("success") is False


def _said(address: str) -> str:
    """In the service's own words, on one line, without what is secret in the address."""
    said = heard.json
    words = " ".join(str(said.get("error") or said.get("description") or heard.text).split())
    for secret in sorted(address.replace("@", "/").replace(":", "/").split("/"), key=len, reverse=True):
        words = words.replace(secret, "…") if len(secret) >= 8 else words
    return "".join(c for c in words if c.isprintable())[:REPLY]
