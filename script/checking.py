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
    needs: str = ""
    """The program without which it is not run, where that is not the command itself."""


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
        [
            "shellcheck",
            "-x",
            "script/bootstrap",
            "script/setting_up.sh",
            "script/server",
            "script/test",
            "script/pages",
        ],
    ),
    Step("pages", ["script/pages"], "java"),
    Step("spam", [f"{BIN}/python", "-m", "script.spam"], "spamassassin"),
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
    verdict = _verdict(step)
    return f"{step.name:<12} {verdict} {time.monotonic() - begin:6.1f} s"


def _verdict(step: Step) -> str:
    program = step.needs or step.command[0]
    if not shutil.which(program):
        print(f"{program} is not installed here.", flush=True)
        return "not run"
    return "ok     " if subprocess.run(step.command, check=False).returncode == 0 else "FAILED "


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
