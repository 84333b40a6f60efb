"""Colleagues at their desks."""

from tests.desk import alice, bob, charlie, monday, survey, vera

__all__ = ["alice", "bob", "charlie", "monday", "survey", "vera"]
