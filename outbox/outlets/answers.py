"""What a service answered, in the child process: whether it took what it was sent, and if not, in whose words."""

import ssl
from collections.abc import Sequence
from typing import Any

from requests import RequestException, Timeout
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from outbox.outlets.guarding import Inside, heard

REPLY = 200
NEVER_REACHED = (NewConnectionError, ConnectTimeoutError, Inside, ssl.SSLCertVerificationError)
"""What can only stop us before a request has begun."""
Answer = dict[str, Any]


class Refused(Exception):
    """The errand ends here: `problem` and `reply` as in `outbox.outlets.errands.Outcome`."""

    def __init__(self, problem: str, reply: str = "", *, clear: bool = True) -> None:
        super().__init__(problem)
        self.clear = clear
        """Nothing was taken, and a second try repeats nothing."""
        self.answer: Answer = {"problem": problem, "reply": reply[:REPLY]}


def judge_alert(taken: bool, secrets: Sequence[str]) -> None:
    if heard.error:
        raise _stopped(heard.error)
    if 300 <= heard.status < 400:
        raise Refused("redirect")
    if not 200 <= heard.status < 300:
        raise Refused("answer", f"{heard.status} {_said(secrets)}".strip() if heard.status else "")
    if not taken or _says_no():
        raise Refused("said_no", _said(secrets))


def judge_text(taken: bool, secrets: Sequence[str]) -> Answer:
    """As `judge_alert`, and whether a refusal is clear: where it is not, the text may be on its way.

    A server's fault (5xx) says nothing about what happened before it; one request of several may have gone through.
    """
    try:
        judge_alert(taken, secrets)
    except Refused as refusal:
        refusal.clear = heard.asked < 2 and _is_clear()
        raise
    return {"reply": str(heard.status)}


def _is_clear() -> bool:
    if heard.error:
        return any(isinstance(cause, NEVER_REACHED) for cause in _causes(heard.error))
    if 200 <= heard.status < 300:
        return _says_no() or _tells_an_error()
    return heard.status < 500


def _tells_an_error() -> bool:
    """Of a 2xx that the library does not take for a yes; what it cannot read is neither yes nor no."""
    inside = heard.json.get("result")
    found = inside if isinstance(inside, dict) else {}
    return bool(heard.json.get("error") or heard.json.get("errors") or found.get("status") == "error")


def _stopped(error: BaseException) -> Refused:
    causes = _causes(error)
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


def _causes(error: BaseException) -> list[BaseException]:
    causes = [error]
    while (below := causes[-1].__cause__ or causes[-1].__context__) and below not in causes:
        causes.append(below)
    return causes


def _says_no() -> bool:
    """Slack, Telegram and Rocket.Chat answer 200 with a no inside; other software does so in the same words."""
    said = heard.json
    return said.get("ok") is False or said.get("success") is False


def _said(secrets: Sequence[str]) -> str:
    """In the service's own words, on one line, without what is secret."""
    said = heard.json
    words = " ".join(str(said.get("error") or said.get("description") or heard.text).split())
    for secret in sorted(secrets, key=len, reverse=True):
        words = words.replace(secret, "…") if len(secret) >= 8 else words
    return "".join(c for c in words if c.isprintable())[:REPLY]
