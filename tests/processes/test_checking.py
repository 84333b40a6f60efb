"""script/check: one list of steps, all of them run, and a summary that cannot be misread."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from script import checking
from script.checking import Step

ROOT = Path(__file__).parents[2]


def test_every_step_runs_and_one_failure_fails_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = [Step("breaks", ["false"]), Step("holds", ["true"]), Step("absent", ["no-such-program"])]
    monkeypatch.setattr(checking, "STEPS", steps)
    assert checking.main([]) == 1
    summary = capsys.readouterr().out.split("summary\n")[1].splitlines()
    assert [line.split(maxsplit=1)[1].rsplit(maxsplit=2)[0] for line in summary] == [
        "FAILED",
        "ok",
        "not run",
    ]


def test_what_is_absent_does_not_fail_the_full_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "STEPS", [Step("holds", ["true"])])
    monkeypatch.setattr(checking, "FULL", [Step("absent", ["no-such-program"])])
    assert checking.main(["--full"]) == 0


def test_each_step_calls_something_that_exists() -> None:
    assert all(
        shutil.which(step.command[0], path=str(ROOT)) or (ROOT / step.command[0]).exists()
        for step in checking.STEPS
    )


@pytest.mark.parametrize(
    "script",
    [*sorted(p for p in (ROOT / "script").iterdir() if not p.suffix and p.is_file()), ROOT / ".ci" / "run"],
    ids=lambda p: p.name,
)
def test_every_script_can_be_run_and_parses(script: Path) -> None:
    assert script.stat().st_mode & 0o111
    first, explanation = script.read_text().splitlines()[:2]
    assert first.startswith("#!/usr/bin/env ")
    assert explanation.startswith(("# ", '"""'))
    assert not first.endswith("bash") or subprocess.run(["bash", "-n", script], check=False).returncode == 0


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_exactly(name: str) -> None:
    lines = [
        line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith(("#", "-r "))
    ]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_vendored_assets_are_pinned_and_name_no_registry() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert {f"node_modules/{name}": version for name, version in wanted.items()} == {
        name: package["version"] for name, package in locked.items() if name
    }
    assert not any("resolved" in package for package in locked.values())


@pytest.mark.parametrize(("sheet", "scheme"), [("screen.css", ""), ("print.css", "asset:")])
def test_every_bundled_font_is_there(sheet: str, scheme: str) -> None:
    fonts = ROOT / "static" / "vendor" / "fonts"
    sources = re.findall(r'url\("([^"]+)"\)', (fonts / sheet).read_text())
    assert sources
    assert [
        s for s in sources if not s.startswith(scheme) or not (fonts / s.removeprefix(scheme)).is_file()
    ] == []


def test_what_is_vendored_stays_small_and_carries_its_licence() -> None:
    vendored = [
        p for folder in ("static/vendor", "tests/vendor") for p in (ROOT / folder).rglob("*") if p.is_file()
    ]
    assert sum(p.stat().st_size for p in vendored) < 2_000_000
    licences = {p.stem for p in (ROOT / "static" / "vendor" / "licences").iterdir()}
    assert licences == {"htmx", "noto-emoji", "noto-sans-arabic", "noto-sans-hebrew", "pico", "source-sans-3"}
