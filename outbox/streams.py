"""Two streams of mail to respondents, left one by one: survey mail asks, service mail answers. Staff mail is in neither."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, case, literal_column, or_

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
    return case(
        (_one_of(SURVEY), literal_column("'survey'")),
        (_one_of(STAFF), literal_column("'staff'")),
        else_=literal_column("'service'"),
    )


def _one_of(kinds: tuple[str, ...]) -> ColumnElement[bool]:
    """Words of ours, not parameters: the statement is the same for every message."""
    return or_(*(Message.kind == literal_column(f"'{kind}'") for kind in kinds))


def stream_headers(kind: str, organisation: str, domain: str) -> Mapping[str, str]:
    """By what a mail program and a mail provider know a stream again: the same for every message of it."""
    if (name := stream(kind)) == "staff":
        return {}
    return {
        "List-Id": f"<{name}.{organisation}.{domain}>",
        "Feedback-ID": f"{kind}:{name}:{organisation}:terugkoppel",
    }
