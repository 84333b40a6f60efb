"""What one process of a test run makes is there for its sisters."""

import threading
from pathlib import Path

import pytest

from tests.sisters import common, made_once


def test_the_first_one_makes_it_and_the_others_find_it(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        (folder / "one").write_text("here")

    assert {(made_once(tmp_path / "it", make) / "one").read_text() for _ in range(3)} == {"here"}
    assert len(made) == 1


def test_half_of_it_is_never_found(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise RuntimeError("no room")

    with pytest.raises(RuntimeError, match="no room"):
        made_once(tmp_path / "it", fail)
    assert not (tmp_path / "it").exists()
    again = made_once(tmp_path / "it", lambda folder: (folder / "whole").touch())
    assert [f.name for f in again.iterdir()] == ["whole"]


def test_it_is_waited_for(tmp_path: Path) -> None:
    """Whoever looks while it is being made finds nothing before all of it is there."""
    found: list[list[str]] = []

    def look() -> None:
        found.append([f.name for f in made_once(tmp_path / "it", lambda _folder: None).iterdir()])

    sister = threading.Thread(target=look)

    def make(folder: Path) -> None:
        sister.start()
        (folder / "whole").touch()

    made_once(tmp_path / "it", make)
    sister.join(30)
    assert found == [["whole"]]


def test_sisters_share_a_folder_and_strangers_none(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path_factory.getbasetemp()
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw7")
    assert common(tmp_path_factory) == own.parent
    monkeypatch.delenv("PYTEST_XDIST_WORKER")
    assert common(tmp_path_factory) == own
