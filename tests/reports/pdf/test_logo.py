"""The organisation's logo and colour in a report: within the file itself, the same bytes, and as they were when it was made."""

import io
from dataclasses import replace
from datetime import date, datetime

import pikepdf
import pytest
from flask import Flask
from PIL import Image

from accounts import logos
from accounts.pictures import Picture, redrawn
from core.db import writing
from reports.erasure.revising import kept_figures
from reports.figures import frozen
from reports.making import gather
from reports.models import Report
from reports.pdf.document import PROFILES, manuscript, page
from reports.pdf.rendering import Renderer
from reports.period import period
from surveys.models import Survey
from tests.cast import Cast
from tests.reports import samples

NOVEMBER = date(2026, 11, 1), date(2026, 11, 30)


@pytest.fixture(scope="module")
def picture() -> Picture:
    written = io.BytesIO()
    Image.new("RGBA", (300, 80), "#a0302080").save(written, "PNG")
    return redrawn(written.getvalue())


def test_the_logo_is_in_the_file_and_the_file_is_the_same_each_time(
    wordy_app: Flask, renderer: Renderer, picture: Picture
) -> None:
    with wordy_app.app_context():
        written = manuscript(samples.empty(), "en", [], PROFILES[0], picture.printed)
    drawn = renderer.draw(written)
    assert drawn.warnings == []
    assert renderer.draw(written).pdf == drawn.pdf
    with pikepdf.open(io.BytesIO(drawn.pdf)) as pdf:
        drawings = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]
        assert 300 in {int(drawing.Width) for drawing in drawings}
        elements = [
            o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/StructElem"
        ]
        assert all(str(e.Alt) for e in elements if e.S == "/Figure"), (
            "each picture has its words, or is none to a reader"
        )


def test_without_a_logo_nothing_is_asked_for(wordy_app: Flask) -> None:
    with wordy_app.app_context():
        written = manuscript(samples.empty(), "en", [], PROFILES[0])
    assert "logo.png" not in written.assets
    assert "asset:logo" not in written.html


def test_a_report_that_is_made_again_keeps_the_logo_and_colour_it_had(
    people: Cast, survey: Survey, now: datetime, picture: Picture
) -> None:
    with writing():
        logos.adopt(people.webshop, picture, now)
    over = period(survey, *NOVEMBER, now)
    then = gather(over, "en")
    with writing():
        logos.adopt(people.webshop, replace(picture, printed=b"another"), now)
        people.webshop.accent = "#224488"
    again = kept_figures(Report(figures=frozen(then)), gather(over, "en"))
    assert again.scope == then.scope
    assert logos.printed(people.webshop.id, again.scope.logo) == picture.printed
    assert gather(over, "en").scope.logo == people.webshop.logo != then.scope.logo


@pytest.mark.parametrize(
    ("accent", "used"),
    [("#9a3b26", "#9a3b26"), ("#ffdd00", "#877500"), ("red;}", "#9a3b26"), ("", "#9a3b26")],
)
def test_a_colour_in_which_words_cannot_be_read_is_darkened(wordy_app: Flask, accent: str, used: str) -> None:
    pale = replace(samples.figures(), scope=replace(samples.figures().scope, accent=accent))
    with wordy_app.app_context():
        assert f"--accent: {used} }}" in page(pale, "en", PROFILES[0], 0)
