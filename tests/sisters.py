"""What one process of a test run makes, and its sisters of `-n` only copy."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest


def common(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run see, and no other run."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """`folder`, filled by whoever comes first; the others wait. One that could not be filled is tried again by the next."""
    with Path(f"{folder}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            filling = Path(mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
            make(filling)
            filling.rename(folder)
    return folder
