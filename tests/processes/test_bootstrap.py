"""script/bootstrap as a newcomer meets it, with tools of our own on its PATH: one plain line for what goes wrong."""

import shutil
import subprocess
from pathlib import Path

import psutil
import pytest

from tests.waiting import until

ROOT = Path(__file__).parents[2]
TOOLS = ("bash", "cat", "cp", "dirname", "env", "flock", "grep", "id", "mktemp", "rm", "tail", "uname")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without an environment, and a folder `tools` that is all its scripts can call."""
    shutil.copytree(ROOT / "script", tmp_path / "script")
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "tools").mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool):
            (tmp_path / "tools" / tool).symlink_to(found)
    return tmp_path


def fake(file: Path, body: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    file.write_text(f"#!/usr/bin/env bash\n{body}\n")
    file.chmod(0o755)


def on(checkout: Path) -> dict[str, str]:
    return {"PATH": str(checkout / "tools"), "HOME": str(checkout)}


def bootstrap(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(checkout / "script" / "bootstrap"), *arguments]
    return subprocess.run(command, check=False, env=on(checkout), capture_output=True, text=True, timeout=60)


def test_what_comes_after_takes_its_place(checkout: Path) -> None:
    installed(checkout)
    for _ in ("installing", "with nothing to install"):
        ended = bootstrap(checkout, "--then", "bash", "-c", "echo then $0 $1; exit 7", "this", "that")
        assert (ended.returncode, ended.stdout) == (7, "then this that\n")


def test_a_stop_while_packages_are_installed(checkout: Path) -> None:
    installed(checkout)
    fake(
        checkout / ".venv" / "bin" / "pip",
        '[ "$1" = --version ] || { echo $$ >"$HOME/begun"; exec tail -f /dev/null; }',
    )
    with subprocess.Popen(
        [checkout / "script" / "bootstrap"], env=on(checkout), stderr=subprocess.DEVNULL
    ) as begun:
        until(lambda: (checkout / "begun").exists() and (checkout / "begun").read_text())
        begun.terminate()
        assert begun.wait(10) == 143
    pip = int((checkout / "begun").read_text())
    until(lambda: not psutil.pid_exists(pip) or psutil.Process(pip).status() == psutil.STATUS_ZOMBIE)
    assert not (checkout / ".venv" / "stamp-run").exists()


def test_an_old_python(checkout: Path) -> None:
    fake(checkout / "tools" / "python3", '[ "$1" = -V ] && echo Python 3.9.2 || echo False')
    ended = bootstrap(checkout)
    assert ended.returncode == 1
    assert ended.stderr.startswith(
        "\nError: Python 3.11, 3.12, 3.13 or 3.14 is needed; here is Python 3.9.2. Install it"
    )
    assert not (checkout / ".venv").exists()


def test_no_right_to_install(checkout: Path) -> None:
    fake(checkout / "tools" / "python3", "[[ $* == *version_info* ]] && echo True")
    fake(checkout / "tools" / "apt-get", "exit 99")
    fake(checkout / "tools" / "id", "echo 1000")
    ended = bootstrap(checkout)
    assert ended.returncode == 1
    assert ended.stderr.endswith("apt-get update && apt-get install -y python3-venv libpangoft2-1.0-0\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("NewConnectionError: Network is unreachable", "The Python packages cannot be fetched: no network"),
        (
            "ERROR: No matching distribution found for x",
            "pip stopped: ERROR: No matching distribution found for x",
        ),
    ],
)
def test_packages_that_cannot_be_installed(checkout: Path, words: str, sentence: str) -> None:
    installed(checkout)
    fake(checkout / ".venv" / "bin" / "pip", f'[ "$1" = --version ] || {{ echo "{words}"; exit 1; }}')
    ended = bootstrap(checkout)
    assert ended.returncode == 1
    assert f"\nError: {sentence}" in ended.stderr
    assert not (checkout / ".venv" / "stamp-run").exists()


def test_nothing_is_done_twice(checkout: Path) -> None:
    installed(checkout)
    assert bootstrap(checkout).returncode == 0
    (checkout / "tools" / "python3").unlink()  # what needs it now would fail
    again = bootstrap(checkout)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_changed_requirement_is_installed(checkout: Path) -> None:
    installed(checkout)
    bootstrap(checkout)
    (checkout / "requirements.txt").write_text("one==1\n")
    assert "Installing 1 Python packages … done" in bootstrap(checkout).stderr


def installed(checkout: Path) -> None:
    """A system that lacks nothing and an environment that works."""
    fake(checkout / "tools" / "python3", "[[ $* == *version_info* ]] && echo True || exit 0")
    fake(
        checkout / ".venv" / "bin" / "python",
        f'[ "$1" = -V ] && echo Python 3.11.9 || echo "{checkout}/.venv"',
    )
    fake(checkout / ".venv" / "bin" / "pip", "exit 0")
