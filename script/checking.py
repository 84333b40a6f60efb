"""The list of steps that script/check and CI run, each timed and named."""

import shutil
import subprocess
import sys
import time
from typing import NamedTuple

BIN = ".venv/bin"
LINE = "─" * 20


class Step(NamedTuple):
    name: str
    command: list[str]


STEPS = [
    Step("lint", [f"{BIN}/ruff", "check", "."]),
    Step("format", [f"{BIN}/ruff", "format", "--check", "."]),
    Step("types", [f"{BIN}/mypy"]),
    Step("words", [f"{BIN}/python", "-m", "script.words"]),
    Step("tests", ["script/test"]),
]

# From outside and heavier: said to be "not run" where the program is absent.
FULL = [
    Step(
        "shell",
        ["shellcheck", "-x", "script/bootstrap", "script/setting_up.sh", "script/server", "script/test"],
    ),
    Step("known holes", ["pip-audit", "--requirement", "requirements.txt", "--no-deps", "--disable-pip"]),
]


def main(arguments: list[str]) -> int:
    steps = [*FULL, *STEPS] if "--full" in arguments else STEPS
    lines = [_run(step) for step in steps]
    print(f"\n{LINE} summary")
    print("\n".join(lines), flush=True)
    return int(any(" FAILED " in line for line in lines))


def _run(step: Step) -> str:
    """Run one step with its output in view; returns its line of the summary."""
    print(f"\n{LINE} {step.name}", flush=True)
    begin = time.monotonic()
    verdict = _verdict(step.command)
    return f"{step.name:<12} {verdict} {time.monotonic() - begin:6.1f} s"


def _verdict(command: list[str]) -> str:
    if not shutil.which(command[0]):
        print(f"{command[0]} is not installed here.", flush=True)
        return "not run"
    return "ok     " if subprocess.run(command, check=False).returncode == 0 else "FAILED "


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
