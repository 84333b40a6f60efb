"""An application with words but no rows, and one renderer for the whole room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from core.application import bare_app
from core.settings import Settings
from reports.rendering import Renderer


@pytest.fixture(scope="session")
def wordy_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder: Path = tmp_path_factory.mktemp("words")
    return bare_app(
        Settings(
            database_url=f"sqlite:///{folder / 'none.db'}",
            data_dir=folder,
            secret_key="long enough to be one, really",
        )
    )


@pytest.fixture
def english(wordy_app: Flask) -> Iterator[None]:
    with wordy_app.app_context(), force_locale("en"):
        yield


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    renderer = Renderer()
    yield renderer
    renderer.close()
