"""Colleagues at their desks."""

from tests.desk import action, alice, bob, charlie, monday, survey, vera

__all__ = ["action", "alice", "bob", "charlie", "monday", "survey", "vera"]
