"""One renderer for the whole room, and a survey to report about."""

from collections.abc import Iterator

import pytest

from reports.rendering import Renderer
from tests.desk import alice, bob, charlie, monday, survey

__all__ = ["alice", "bob", "charlie", "monday", "renderer", "survey"]


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    renderer = Renderer()
    yield renderer
    renderer.close()
