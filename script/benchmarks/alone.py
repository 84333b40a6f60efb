"""One report or one export in a process of its own, so that its peak of memory is its own: `python -m script.benchmarks.alone`."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from sqlalchemy import select

from core import clock
from core.db import db
from core.spreadsheets.csv_files import csv_stream
from followup.exports import exporting_answers
from reports import queries
from reports.figures import Figures, Verbatim, Verbatims
from reports.making import gather
from reports.pdf.document import MOST_ATTACHED, PROFILES, manuscript
from reports.pdf.manuscripts import Manuscript
from reports.pdf.rendering import renderer
from reports.period import period
from script.benchmarks.scene import application
from script.benchmarks.serving import ROOT, children_cpu_seconds
from surveys.models import Survey

YEAR = timedelta(days=365)
WEASYPRINT = """
import sys, time, resource, weasyprint
page = weasyprint.HTML(filename=sys.argv[1])
page.write_pdf(pdf_variant="pdf/ua-1")
begun, cpu = time.monotonic(), time.process_time()
page.write_pdf(pdf_variant="pdf/ua-1")
print(time.monotonic() - begun, time.process_time() - cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
CHROMIUM = ("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--no-pdf-header-footer")  # fmt: skip
LONG = "The box was torn when it came and nobody knew of it when I called, twice, in one week. " * 11
"""About what a quote holds at most."""


class Clocked:
    """seconds and CPU seconds of this process, and the most it has held so far in MB."""

    def __init__(self) -> None:
        self.seconds = self.cpu = self.peak_mb = 0.0

    def said(self, part: str) -> dict[str, float]:
        return {
            f"{part}_s": round(self.seconds, 2),
            f"{part}_cpu_s": round(self.cpu, 2),
            f"{part}_peak_mb": round(self.peak_mb),
        }


@contextmanager
def clocked() -> Iterator[Clocked]:
    found, begun, cpu = Clocked(), time.monotonic(), time.process_time()
    yield found
    found.seconds, found.cpu = time.monotonic() - begun, time.process_time() - cpu
    found.peak_mb = _peak(resource.RUSAGE_SELF)


def _peak(whose: int) -> float:
    return resource.getrusage(whose).ru_maxrss / 1024


def main() -> None:
    what, url = sys.argv[1:]
    with tempfile.TemporaryDirectory() as data, application(data, database_url=url):
        survey = db.session.scalars(select(Survey)).one()
        found = {"report": _report, "export": _export}[what](survey, Path(data))
    print(json.dumps(found))


def _export(survey: Survey, _data: Path) -> dict[str, Any]:
    before, size, lines = _peak(resource.RUSAGE_SELF), 0, 0
    with clocked() as took:
        for part in csv_stream(exporting_answers.pages(survey, clock.now())):
            size, lines = size + len(part), lines + part.count(b"\r\n")
    return {
        "answers": lines - 1, "megabytes": round(size / 1e6, 1), "before_mb": round(before), **took.said("export"),
        "cpu_ms_per_1000": round(took.cpu / lines * 1e6),
    }  # fmt: skip


def _report(survey: Survey, data: Path) -> dict[str, Any]:
    before, today = _peak(resource.RUSAGE_SELF), clock.now()
    over = period(survey, (today - YEAR).date(), today.date(), today)
    with clocked() as figures_took:
        figures = gather(over, "en")
        comments = list(queries.all_verbatims(over, MOST_ATTACHED))
    with clocked() as charts_took:
        written = manuscript(figures, "en", comments, PROFILES[0])
    db.session.rollback()
    renderer.draw(written)
    warm, longest = _drawn(written, "pdf"), _drawn(_longest(figures, comments), "longest_pdf")
    renderer.close()  # what it held at most is known once it is gone
    return {
        "answers": figures.ledger.responses, "before_mb": round(before), **figures_took.said("figures"), **charts_took.said("charts"),
        **warm, **longest, "renderer_peak_mb": round(_peak(resource.RUSAGE_CHILDREN)), **_beside(written, data),
    }  # fmt: skip


def _drawn(written: Manuscript, name: str) -> dict[str, Any]:
    """By a warm renderer: seconds, and the CPU seconds of the process that it forks for it."""
    pid = str(renderer.child.pid) if renderer.child else ""
    begun, cpu = time.monotonic(), children_cpu_seconds(pid)
    pdf = renderer.draw(written).pdf
    seconds, used = time.monotonic() - begun, children_cpu_seconds(pid) - cpu
    return {f"{name}_s": round(seconds, 2), f"{name}_cpu_s": round(used, 2), f"{name}_pages": _pages(pdf), f"{name}_kb": len(pdf) // 1024}  # fmt: skip


def _longest(figures: Figures, comments: list[Verbatim]) -> Manuscript:
    """As many and as long quotes as a report ever holds."""
    quote = Verbatim(LONG, 2, date(2026, 11, 1), "en", "We now use a stronger box.")
    full = replace(figures, verbatims=Verbatims((quote,) * 60, figures.verbatims.left_out))
    return manuscript(full, "en", comments, PROFILES[0])


def _pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def _beside(written: Manuscript, data: Path) -> dict[str, Any]:
    """The same page by WeasyPrint alone, warm, and by a browser that is started for it."""
    page = data / "page.html"
    page.write_text(written.html.replace("asset:", ""))
    for name, content in written.assets.items():
        (data / name).write_bytes(content.replace(b"asset:", b""))
    alone = _run([sys.executable, "-c", WEASYPRINT, str(page)])
    seconds, cpu, peak = map(float, alone.split())
    children = _children_cpu()
    with clocked() as browser:
        printed = _tried(lambda: _run([*CHROMIUM, f"--print-to-pdf={data}/page.pdf", str(page)]))
    found = {
        "weasyprint_alone_s": round(seconds, 2),
        "weasyprint_alone_cpu_s": round(cpu, 2),
        "weasyprint_alone_peak_mb": round(peak),
    }
    return found | ({"chromium_s": round(browser.seconds, 2), "chromium_cpu_s": round(_children_cpu() - children, 2), "chromium_pages": _pages((data / "page.pdf").read_bytes())} if printed else {})  # fmt: skip


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(command: list[str]) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def _tried(work: Callable[[], object]) -> bool:
    """A machine without a browser has nothing to print with."""
    try:
        work()
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


if __name__ == "__main__":
    main()
