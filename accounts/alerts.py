"""Of what a colleague is told by mail, and how often: each person's own choice, in each organisation."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from accounts.models import Membership
from core import audit

KINDS = {
    "threat": _l("Somebody threatens"),
    "detractor": _l("Somebody is dissatisfied: 2 or less of 5, 6 or less of 10, or what their survey says"),
    "promise": _l("A promise falls due and is not settled"),
    "approval": _l("Words wait for a manager"),
}
OF_OUTLETS = {
    **{kind: words for kind, words in KINDS.items() if kind != "approval"},
    "step": _l("A step waits for a manager"),
    "mail": _l("Mail does not go out"),
}
"""What an outlet may hear of; by mail one hears of steps in any case, and that mail fails could not arrive."""
HOW = {"none": _l("Not by mail"), "each": _l("At once"), "daily": _l("Once a day")}
FOR_MANAGERS = ("approval",)
"""What others can do nothing about."""
DAILY_ONLY = ("promise",)
"""It is counted once a day."""
OF_MANAGERS = {"threat": "each", "detractor": "none", "promise": "daily", "approval": "each"}
"""What managers get as long as they chose nothing; others get nothing."""


def hows(kind: str) -> dict[str, object]:
    """What there is to choose."""
    return {how: words for how, words in HOW.items() if how != "each" or kind not in DAILY_ONLY}


def kinds(member: Membership) -> list[str]:
    """What this person may choose to hear of."""
    return [kind for kind in KINDS if kind not in FOR_MANAGERS or member.role in {"manager", "admin"}]


def choice(member: Membership, kind: str) -> str:
    """One of HOW."""
    manages = member.role in {"manager", "admin"}
    if kind in FOR_MANAGERS and not manages:
        return "none"
    return str(member.alerts.get(kind) or (OF_MANAGERS[kind] if manages else "none"))


def choose(member: Membership, chosen: dict[str, str], now: datetime) -> None:
    member.alerts = chosen
    audit.record("staff.alerts_chosen", member, now, **chosen)
