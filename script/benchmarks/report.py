"""A report: gathered, written and drawn warm, beside WeasyPrint alone on the same page."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from core import clock
from core.db import db, writing
from customers.recognising import Contact
from reports import queries
from reports.document import PROFILES, manuscript
from reports.making import gather
from reports.period import period
from reports.rendering import renderer
from script.benchmarks.scene import application, open_one
from script.benchmarks.serving import ROOT, folder
from surveys.answering import Submission, submit
from surveys.models import Survey

ALONE = """
import sys, time, weasyprint
page = weasyprint.HTML(filename=sys.argv[1])
page.write_pdf(pdf_variant="pdf/ua-1")
begun = time.monotonic()
page.write_pdf(pdf_variant="pdf/ua-1")
print(time.monotonic() - begun)
"""


def measure(quick: bool) -> Iterator[dict[str, Any]]:
    answers = 300 if quick else 2000
    with folder() as data, application(data):
        survey = open_one()
        _answered(survey, answers)
        gathering, drawing, pages, alone = _once(survey, Path(data))
    yield {
        "figure": "one PDF, warm", "gather_s": round(gathering, 2), "draw_s": round(drawing, 2), "bytes": pages,
        "weasyprint_alone_s": round(alone, 2), "ratio_to_weasyprint": round(drawing / alone, 2), "responses": answers,
    }  # fmt: skip


def _answered(survey: Survey, answers: int) -> None:
    now = clock.now()
    for start in range(0, answers, 100):
        with writing():
            for n in range(start, min(start + 100, answers)):
                words = {
                    "csat": (float(1 + n % 5), None),
                    "comment": (None, f"The box of order {n} was torn."),
                }
                contact = Contact("Rita", f"r{n}@example.org")
                submit(survey, Submission(words, "en", f"n{n}", contact), now - timedelta(days=n % 300))


def _once(survey: Survey, data: Path) -> tuple[float, float, int, float]:
    today = clock.now()
    over = period(survey, (today - timedelta(days=90)).date(), today.date(), today)
    begun = time.monotonic()
    figures, comments = gather(over, "en"), list(queries.all_verbatims(over))
    gathering = time.monotonic() - begun
    written = manuscript(figures, "en", comments, PROFILES[0])
    db.session.rollback()
    renderer.draw(written)
    begun = time.monotonic()
    pdf = renderer.draw(written).pdf
    drawing = time.monotonic() - begun
    page = data / "page.html"
    page.write_text(written.html.replace("asset:", ""))
    for name, content in written.assets.items():
        (data / name).write_bytes(content.replace(b"asset:", b""))
    alone = subprocess.run(
        [sys.executable, "-c", ALONE, page], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return gathering, drawing, len(pdf), float(alone.stdout)
