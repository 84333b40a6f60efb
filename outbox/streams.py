"""Two streams of mail to respondents, left one by one: survey mail asks, service mail answers. Staff mail is in neither."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, case, literal

from outbox.models import Message

SURVEY = ("invitation", "reminder", "check_back")
"""Kinds of message that ask for something."""
STAFF = ("sign_in", "alert", "report")
"""Kinds for those who work here: a respondent's wish does not stop them."""
PURPOSES = {"service": "unsubscribe", "survey": "unsubscribe_survey"}
"""stream → the purpose of the link that leaves it"""


def stream(kind: str) -> str:
    """service, survey or staff, by the kind of a message."""
    return "survey" if kind in SURVEY else "staff" if kind in STAFF else "service"


def stream_sql() -> ColumnElement[str]:
    """As `stream`, of a row."""
    kind = Message.kind
    return case(
        (kind.in_(SURVEY), literal("survey")), (kind.in_(STAFF), literal("staff")), else_=literal("service")
    )


def stream_headers(kind: str, organisation: str, domain: str) -> Mapping[str, str]:
    """By what a mail program and a mail provider know a stream again: the same for every message of it."""
    if (name := stream(kind)) == "staff":
        return {}
    return {
        "List-Id": f"<{name}.{organisation}.{domain}>",
        "Feedback-ID": f"{kind}:{name}:{organisation}:terugkoppel",
    }
