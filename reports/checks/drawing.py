"""What draws the PDF: Pango, which comes with no wheel, and the typefaces that are bundled."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _

from core.findings import Finding, broken, ok, unknown
from reports.pdf.rendering import PASSED_ON, ROOT
from reports.pdf.typefaces import FONTS

SECONDS = 60.0
_LOAD = "from reports.pdf.renderer import load; print(load())"


def pango(_now: datetime) -> Iterator[Finding]:
    """Loaded in a child process, as the renderer does: this one stays light."""
    name = "Pango"
    there = {n: os.environ[n] for n in PASSED_ON if n in os.environ}
    try:
        child = subprocess.run([sys.executable, "-c", _LOAD], cwd=ROOT, env=there, capture_output=True, text=True, timeout=SECONDS, check=True)  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        yield unknown(name, _("it could not be tried (%(error)s)", error=type(error).__name__))
        return
    missing = child.stdout.strip()
    if missing:
        yield broken(
            name,
            _("It was not found: %(error)s", error=missing),
            _("Run: apt-get install libpangoft2-1.0-0 (elsewhere the package is called pango). Until then reports can be read as pages, not as PDF."),
        )  # fmt: skip
    else:
        yield ok(name, _("It draws the text of reports."))


def typefaces(_now: datetime) -> Iterator[Finding]:
    name = _("Typefaces")
    named = (
        {part.split('"')[0] for part in (FONTS / "print.css").read_text().split("asset:")[1:]}
        if (FONTS / "print.css").exists()
        else {"print.css"}
    )
    lost = sorted(file for file in named if not (FONTS / file).is_file())
    if lost:
        yield broken(
            name,
            _("Not there: %(files)s.", files=", ".join(lost[:3])),
            _("Put %(folder)s back as it came with this version.", folder=FONTS),
        )
    else:
        yield ok(name, _("All %(n)s are there.", n=len(named)))
