"""Colleagues with a password, and colleagues of every role."""

from datetime import datetime

from flask import Flask

from accounts.models import Staff
from accounts.security import hash_password
from core.db import writing
from tests.cast import Cast, make_staff

PASSWORD = "four words in a row"


def with_password(app: Flask, staff: Staff, password: str = PASSWORD) -> str:
    """Give them a password as the page would keep it; returns their address."""
    with app.test_request_context():
        hashed = hash_password(password)
    with writing():
        staff.password = hashed
    return staff.email


def admin_of(people: Cast, now: datetime) -> Staff:
    """Ada, admin of the webshop."""
    with writing():
        return make_staff(people.webshop, "Ada Admin", "admin", now)
