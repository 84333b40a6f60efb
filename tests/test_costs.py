"""The list of what tests cost counts the work of a test, its fixtures and its children, and no waiting."""

import re

import pytest

from core.settings import ROOT

pytest_plugins = ["pytester"]
WORK = """
import subprocess, sys, time

def work(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
"""
TESTS = {
    "own": "def test_it():\n    work(0.3)",
    "fixture": "import pytest\n@pytest.fixture\ndef made():\n    work(0.2)\n    yield\n    work(0.1)\ndef test_it(made): pass",
    "child": "def test_it():\n    subprocess.run([sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.3: pass'])",
    "subtests": "def test_it(subtests):\n    with subtests.test():\n        work(0.2)\n    with subtests.test():\n        work(0.1)",
    "idle": "def test_it():\n    time.sleep(0.3)",
}


def costs(said: str) -> dict[str, float]:
    return {
        name: float(cost) for cost, name in re.findall(r"^ +([\d.]+) s  test_(\w+)\.py$", said, re.MULTILINE)
    }


def test_work_counts_wherever_it_is_done(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(**{f"test_{name}": WORK + body for name, body in TESTS.items()})
    without = ("-p", "no:hypothesispytest", "-p", "no:schemathesis")
    said = pytester.runpytest_subprocess("-p", "tests.costs", *without, "--costs", "9", "-n", "1")
    found = costs(said.stdout.str())
    assert all(0.2 < found[name] < 1 for name in TESTS if name != "idle"), found
    assert found["idle"] < 0.2
