"""Sign-ins and what programs were answered, once their time is over: their rows go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from accounts.models import ApiAnswer, Membership, SignInLink, StaffSession
from core.db import Rows, db
from core.rows import among


def old_sessions(organisation_id: int, until: datetime) -> Rows:
    """Ids of sign-ins, each long over, of everybody who is or was here. Who works in two places is kept for the shorter time."""
    return select(StaffSession.id).where(
        StaffSession.staff_id.in_(_staff(organisation_id)), StaffSession.created_at <= until
    )


def old_links(organisation_id: int, until: datetime) -> Rows:
    return select(SignInLink.id).where(
        SignInLink.staff_id.in_(_staff(organisation_id)), SignInLink.expires_at <= until
    )


def _staff(organisation_id: int) -> Rows:
    return select(Membership.staff_id).where(Membership.organisation_id == organisation_id)


def old_api_answers(organisation_id: int, until: datetime) -> Rows:
    return select(ApiAnswer.id).where(
        ApiAnswer.organisation_id == organisation_id, ApiAnswer.created_at <= until
    )


def forget_sessions(ids: Sequence[int], now: datetime) -> None:  # noqa: ARG001 - as each of them is called
    _delete(StaffSession, ids)


def forget_links(ids: Sequence[int], now: datetime) -> None:  # noqa: ARG001
    _delete(SignInLink, ids)


def forget_api_answers(ids: Sequence[int], now: datetime) -> None:  # noqa: ARG001
    """A program that sends the same again after so long makes it anew."""
    _delete(ApiAnswer, ids)


def _delete(model: Any, ids: Sequence[int]) -> None:
    gone = delete(model).where(among(model.id, ids))
    db.session.execute(gone.execution_options(synchronize_session=False))
