"""A server of its own, in an empty folder, for the benchmarks that look at processes."""

import os
import re
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Started:
    """The process group of a server, the seconds until its first page, and where it answers."""

    group: int
    seconds: float
    port: int


@contextmanager
def folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as made:
        yield made


@contextmanager
def server(data: str, **settings: str) -> Iterator[Started]:
    """script/server without the demo, until it has answered its first page."""
    port = free_port()
    environment = os.environ | {
        "DATA_DIR": data,
        "DATABASE_URL": f"sqlite:///{data}/bench.db",
        "PORT": str(port),
        "DEMO": "0",
        **settings,
    }
    begun = time.monotonic()
    with (Path(data) / "log").open("ab") as log:
        process = subprocess.Popen(
            [ROOT / "script" / "server"], env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield Started(process.pid, first_page(port, begun), port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def first_page(port: int, begun: float) -> float:
    while time.monotonic() - begun < 120:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                page.read()
                return time.monotonic() - begun
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise TimeoutError("no page within two minutes")


def proportional_memory(group: int) -> float:
    """MB (PSS) of all processes of a group."""
    return sum(_pss(pid) for pid in _processes(group)) / 1024


def cpu_seconds(group: int) -> float:
    """Of all processes of a group that are alive, in them and in the kernel for them."""
    return sum(_ticks(pid) for pid in _processes(group)) / os.sysconf("SC_CLK_TCK")


def children_cpu_seconds(pid: str) -> float:
    """Of those of its children that have ended."""
    return _ticks(pid, 13) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: str, field: int = 11) -> int:
    try:
        fields = (Path("/proc") / pid / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[field]) + int(fields[field + 1])


def _processes(group: int) -> list[str]:
    return [p.name for p in Path("/proc").iterdir() if p.name.isdigit() and _group(p) == group]


def _group(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[2])
    except OSError:
        return -1


def _pss(pid: str) -> int:
    try:
        found = re.search(r"^Pss:\s+(\d+)", (Path("/proc") / pid / "smaps_rollup").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0
