"""The walls of the house, read from the code itself."""

import ast
import re
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from core.rooms import ROOMS
from core.settings import ROOT, Settings
from scheduler import TICKS

NETWORK = {
    "smtplib",
    "imaplib",
    "socket",
    "ssl",
    "http.client",
    "urllib.request",
    "requests",
    "ftplib",
    "poplib",
}
EDGES = re.compile(r"(views\w*|labelling_many|api|jobs|commands|idempotency)\.py$")
LEAST_WEIGHT = 1.0
MOST_FILES = 50
TICKING = {
    "receipts.py", "carrying_out.py", "escalating.py", "composing.py", "retelling.py",
    "retelling_digests.py", "no_news.py", "default_closing.py", "alerting.py", "alerting_writing.py", "alerting_outlets.py",
    "check_back.py", "sweeping.py", "bulk.py", "gratitude.py", "replies.py", "falling_back.py", "delaying_each.py",
}  # fmt: skip
"""Files of followup/ that hold a tick: a tick is an edge, it commits."""
CLOCK_NEVER = {
    "wtforms",
    "flask_wtf",
    "flask_security",
    "flask_smorest",
    "granian",
    "weasyprint",
    "sklearn",
    "alembic",
    "apprise",
    "nacl",
}
WEB_NEVER = {"weasyprint", "sklearn", "apscheduler", "alembic", "apprise", "nacl"}


def files(*folders: str) -> list[Path]:
    return sorted(f for folder in folders for f in (ROOT / folder).rglob("*.py"))


def product() -> list[Path]:
    return [*files(*ROOMS, "cli", "demo"), ROOT / "app.py", ROOT / "scheduler.py"]


@cache
def tree(file: Path) -> ast.Module:
    """Read once for all who judge it."""
    return ast.parse(file.read_text())


@cache
def imports(file: Path) -> tuple[str, ...]:
    return tuple(_imports(file))


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def room(file: Path) -> str:
    return file.relative_to(ROOT).parts[0]


@pytest.mark.parametrize("name", ROOMS)
def test_imports_only_go_down(name: str) -> None:
    above = ROOMS[ROOMS.index(name) + 1 :]
    upward = [
        f"{f}: {m}"
        for f in files(name)
        for m in imports(f)
        if m.split(".")[0] in (*above, "app", "cli", "scheduler", "demo")
    ]
    assert not upward


def test_only_the_outbox_opens_a_socket() -> None:
    others = [f"{f}: {m}" for f in product() if room(f) != "outbox" for m in imports(f) if m in NETWORK]
    assert not others


def test_only_the_database_room_commits() -> None:
    commits = [str(f) for f in product() if f.name != "db.py" and re.search(r"\.commit\(\)", f.read_text())]
    assert not commits, "verbs flush; `writing()` commits"


def test_only_edges_write() -> None:
    """Views, API handlers, jobs and commands open `writing()`, or `written()`; verbs are called inside it."""
    inside = [
        f
        for f in files(*ROOMS)
        if re.search(r"with (writing|written)\(", f.read_text())
        and room(f) not in {"core", "outbox", "reports"}
    ]
    assert not [str(f) for f in inside if not EDGES.search(f.name) and f.name not in TICKING]


def test_only_the_clock_module_asks_for_the_time() -> None:
    asks = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|\btime\.time\(")
    assert not [str(f) for f in product() if f != ROOT / "core" / "clock.py" and asks.search(f.read_text())]


def test_inner_names_say_what_they_hold() -> None:
    assert not [
        str(f)
        for f in product()
        if f.stem in {"utils", "helpers", "manager", "service", "services", "common", "misc"}
    ]


def test_a_folder_can_be_read_at_a_glance_and_says_what_it_is_for() -> None:
    """A subject that has grown gets a folder of its own, in which files have the names they have everywhere."""
    folders = {f.parent for f in files(*ROOMS)}
    assert not [str(d) for d in folders if len(list(d.glob("*.py"))) > MOST_FILES]
    assert not [
        str(d)
        for d in folders
        if d.parent != ROOT and not ast.get_docstring(ast.parse((d / "__init__.py").read_text()))
    ]


def test_a_thing_is_tested_where_it_stands() -> None:
    """A folder of tests within a room is one that the room has: whoever looks for the tests of a file follows its path."""
    folders = {f.parent.relative_to(ROOT / "tests") for f in files(*(f"tests/{name}" for name in ROOMS))}
    assert not [str(d) for d in folders if not (ROOT / d).is_dir()]
    assert not [str(d) for d in folders if len(list((ROOT / "tests" / d).glob("*.py"))) > MOST_FILES]


def test_functions_are_short() -> None:
    lengths = {
        f"{f}:{n.lineno} {n.name}": n.end_lineno - n.lineno + 1
        for f in product()
        for n in functions(f)
        if n.end_lineno
    }
    assert not {where: length for where, length in lengths.items() if length > 40}
    assert statistics.median(lengths.values()) <= 8


def functions(file: Path) -> list[ast.FunctionDef]:
    return [n for n in ast.walk(tree(file)) if isinstance(n, ast.FunctionDef)]


def test_tests_weigh_as_much_as_the_code() -> None:
    """A line of test for each line of code, of the product and of its scripts; a change may not lead away from it."""

    def lines(those: list[Path]) -> int:
        return sum(len(f.read_text().splitlines()) for f in those)

    assert lines(files("tests")) >= LEAST_WEIGHT * lines([*product(), *files("script")])


def test_templates_fit_on_two_screens_and_escape() -> None:
    for file in (ROOT / "templates").rglob("*.*"):
        text = file.read_text()
        assert len(text.splitlines()) <= 120, file
        assert not re.search(r"\|\s*safe\b|Markup\(|autoescape\s+false", text), file


def test_no_page_has_inline_styles_or_handlers() -> None:
    """The policy of R34 forbids them; a mail is another matter."""
    for file in (ROOT / "templates").rglob("*.html"):
        if {"mail", "pdf"} & set(file.relative_to(ROOT / "templates").parts):
            continue
        assert not re.search(r"""\s(style|on[a-z]+)=["']""", file.read_text()), file


def test_every_macro_is_used() -> None:
    text = "\n".join(f.read_text() for f in (ROOT / "templates").rglob("*.*"))
    said = Counter(re.findall(r"\w+", text))
    assert not [macro for macro in re.findall(r"{%-?\s*macro\s+(\w+)", text) if said[macro] < 2]


def test_every_mail_has_subject_text_and_html() -> None:
    for folder in (f for f in (ROOT / "templates" / "mail").iterdir() if f.is_dir()):
        assert {f.name for f in folder.iterdir()} >= {"subject.txt", "body.txt", "body.html"}, folder


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "operations" / "settings.md").read_text()
    assert not [name for name in Settings.model_fields if f"`{name.upper()}`" not in page]


def test_every_tick_has_a_name_of_its_own_and_is_documented() -> None:
    page = (ROOT / "docs" / "operations" / "clock.md").read_text()
    assert len({t.name for t in TICKS}) == len(TICKS)
    assert not [t.name for t in TICKS if f"`{t.name}`" not in page]


def test_every_job_is_in_the_schedule() -> None:
    """A function of (now) → int in a file of jobs, or in one that ticks, is in the list."""
    scheduled = {t.work.__name__ for t in TICKS}
    candidates = [f for f in files(*ROOMS) if f.name.endswith("jobs.py") and room(f) != "core"] + [
        f for f in files("followup") if f.name in TICKING
    ]
    jobs = {n.name for f in candidates for n in functions(f) if _is_job(n)}
    assert jobs == scheduled


def _is_job(function: ast.FunctionDef) -> bool:
    names = [a.arg for a in function.args.args]
    returns = isinstance(function.returns, ast.Name) and function.returns.id == "int"
    return names == ["now"] and returns and not function.name.startswith("_")


@pytest.mark.parametrize(("module", "never"), [("scheduler", CLOCK_NEVER), ("app", WEB_NEVER)])
def test_a_process_loads_only_what_it_needs(module: str, never: set[str]) -> None:
    code = f"import {module}, sys; m = {module}; m.create_app() if hasattr(m, 'create_app') else 0; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {name.split(".")[0] for name in loaded} & never
    if module == "scheduler":
        assert not [
            name
            for name in loaded
            if re.fullmatch(r"[\w.]+\.(views\w*|forms|api)", name) and name.split(".")[0] in ROOMS
        ]
