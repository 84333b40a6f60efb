"""One renderer for the whole room."""

from collections.abc import Iterator

import pytest

from reports.rendering import Renderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    renderer = Renderer()
    yield renderer
    renderer.close()
