"""Programs with keys of each role, and one of another organisation."""

import pytest
from flask import Flask

from core.access import Role
from tests.api.programs import Program
from tests.cast import Cast


@pytest.fixture
def manager(app: Flask, people: Cast) -> Program:
    return Program(app, people.webshop, Role.manager)


@pytest.fixture
def agent(app: Flask, people: Cast) -> Program:
    return Program(app, people.webshop, Role.agent)


@pytest.fixture
def viewer(app: Flask, people: Cast) -> Program:
    return Program(app, people.webshop, Role.viewer)


@pytest.fixture
def stranger(app: Flask, people: Cast) -> Program:
    """A manager's key, of the other organisation."""
    return Program(app, people.housing, Role.manager)


@pytest.fixture
def survey(manager: Program) -> str:
    """The slug of an open survey."""
    return manager.opened_survey()
