"""What staff type into the form of a new survey, and what was made of it."""

from sqlalchemy import select

from core.db import db
from surveys.models import Survey

NEW = "/surveys/new"


def surveys() -> list[Survey]:
    db.session.rollback()
    return list(db.session.scalars(select(Survey).order_by(Survey.id)))


def titled(**values: str) -> dict[str, str]:
    return {"title_nl": "Uw reparatie", "title_en": "Your repair", "language": "nl", **values}
