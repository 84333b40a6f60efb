"""What a colleague reads of it all: words as they chose to see them, and what to do about a threat."""

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import g, request, url_for
from flask_babel import lazy_gettext as _l

from triage.feeling.shielding import LANGUAGES, shielded, swears
from triage.feeling.suggesting import suggested
from triage.feeling.threats import threat

THREATS = {
    "self_harm": _l("They may harm themselves"),
    "violence": _l("A threat of violence"),
    "person": _l("A threat against a person"),
    "legal": _l("They mention legal steps"),
}
ADVICE = {
    "self_harm": _l("Take it as it stands: call them today, and do not leave them alone with it. In the Netherlands whoever thinks of suicide can talk with somebody at 113 (0800-0113, free), day and night; in danger of life call 112."),
    "violence": _l("Warn the colleagues it is about, keep to what your organisation agreed, and report it to the police; in danger call 112."),
    "person": _l("Warn the colleague it is about before anybody visits or calls, and decide together whether to report it to the police; in danger call 112."),
    "legal": _l("Nobody is in danger. Whoever handles complaints should read it before it is answered."),
}  # fmt: skip


@cache
def warm_up() -> None:
    """Make the tables of all rules, a third of a second: before the first request, not within somebody's answer."""
    for language in LANGUAGES:
        suggested("-", language)
    threat("-")
    shielded("-")


def as_chosen(text: str, show: bool = False) -> str:
    """Swearing masked, unless this colleague chose otherwise, for good or (`show`) on this page."""
    return text if show or g.get("show_swearing") else shielded(text)


def is_masked(text: str) -> bool:
    """Whether this colleague reads less of it than was typed."""
    return not g.get("show_swearing") and swears(text or "")


def shows_typed() -> bool:
    """The address asks for words as they were typed; whoever always reads them so need not ask."""
    return request.args.get("show") == "1" and not g.get("show_swearing")


def shown_address(show: bool) -> str:
    """This page with words as they were typed, or masked."""
    args: dict[str, Any] = {**request.args, **(request.view_args or {})}
    return url_for(request.endpoint or "", **{**args, "show": "1" if show else None})


def threat_words(kind: str) -> str:
    return str(THREATS.get(kind, ""))


FILTERS: dict[str, Callable[..., str]] = {
    "shielded": as_chosen,
    "threat": threat_words,
    "threat_advice": lambda kind: str(ADVICE[kind]),
}
