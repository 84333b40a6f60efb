"""One renderer for the whole room, and a survey to report about."""

from collections.abc import Iterator

import pytest

from reports.pdf.rendering import Renderer
from tests.desk import alice, bob, charlie, monday, survey, vera

__all__ = ["alice", "bob", "charlie", "monday", "renderer", "survey", "vera"]


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    renderer = Renderer()
    yield renderer
    renderer.close()
