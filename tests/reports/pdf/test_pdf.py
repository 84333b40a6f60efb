"""The report as PDF: tagged, named, bookmarked, with its figures attached, and the same bytes every time."""

from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdf
import pytest
from flask import Flask

from reports import verbatims
from reports.figures import Verbatims
from reports.pdf.document import PROFILES, manuscript, page
from reports.pdf.manuscripts import Manuscript
from reports.pdf.rendering import Drawn, Renderer
from tests.reports import samples


@pytest.fixture(scope="module")
def written(wordy_app: Flask) -> Manuscript:
    with wordy_app.app_context():
        return manuscript(samples.figures(missing=3), "en", samples.written(130), PROFILES[0])


@pytest.fixture(scope="module")
def drawn(written: Manuscript, renderer: Renderer) -> Drawn:
    return renderer.draw(written)


@pytest.fixture(scope="module")
def text(drawn: Drawn) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(drawn.pdf)).pages]


def test_another_process_draws_the_same_bytes(written: Manuscript, drawn: Drawn) -> None:
    other = Renderer()
    assert other.draw(written).pdf == drawn.pdf
    other.close()


def test_it_is_tagged_in_a_language_titled_and_bookmarked(drawn: Drawn) -> None:
    with pikepdf.open(BytesIO(drawn.pdf)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert pdf.open_metadata()["dc:title"] == "Na uw bestelling · De Linde"
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        with pdf.open_outline() as outline:
            titles = [str(item.title) for item in outline.root[0].children]
    assert titles[:4] == [
        "What we did, by when",
        "Who was told, and in time",
        "How soon, and what followed",
        "How satisfied people are",
    ]


def test_its_charts_have_words_and_its_tables_have_heads(drawn: Drawn) -> None:
    with pikepdf.open(BytesIO(drawn.pdf)) as pdf:
        elements = [
            o for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/StructElem"
        ]
        figures = [element for element in elements if element.S == "/Figure"]
        assert figures
        assert all(str(figure.Alt) for figure in figures)
        assert any("CSAT by month" in str(figure.Alt) for figure in figures)
        assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/P"} <= {str(element.S) for element in elements}


def test_page_one_says_that_the_ledger_does_not_add_up_and_leads_with_the_deed(text: list[str]) -> None:
    assert "does not add up: 3 responses are not told" in text[0]
    assert text[0].index("Did we do what we said?") < text[0].index("Did we write by the date?")
    assert "Of the 56 dates we named to people, 43 were met." in text[0]
    assert "In this report" in text[0]
    assert "21 November 2026, 14:05" in text[0]


def test_every_part_is_there(text: list[str]) -> None:
    whole = " ".join(text)
    for words in (
        "CSAT = scores of 4 and 5 ÷ all scores = 136 ÷ 214 = 64%; interval 57% to 70% (Wilson, 95%).",
        "Tijdvak van twee uur",
        "On their own page, not mailed",
        "60 of them heard that something changed.",
        "122 comments are left out here; they are in comments.csv.",
        "Het pakket kwam drie dagen later",
        "What we answered Dat doen we nu.",
        "How this was counted",
        "Half had a first word that a person caused within 20 hours; nine in ten within 3 days.",
        "That is faster than in the period before, by more than chance easily explains.",
        "Of 250 invitations that arrived, 100 were answered: 40% (34% to 46%).",
        "Expected 4, got 2.8, from 1 to 5.",
        "English: they wait longer than the others to hear what came of it. Chance does not explain it.",
        "Others, put together",
        "6 people still wait for a word, together for 14 days; one of them for 5 days.",
    ):
        assert words in whole


def test_no_glyph_is_missing_and_the_typeface_is_inside(drawn: Drawn) -> None:
    assert drawn.warnings == []
    with pikepdf.open(BytesIO(drawn.pdf)) as pdf:
        fonts = {
            str(o.FontName) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/FontFile2" in o
        }
    assert {name for name in fonts if "Source" in name}


def test_figures_and_comments_are_attached(drawn: Drawn) -> None:
    attachments = pypdf.PdfReader(BytesIO(drawn.pdf)).attachments
    assert set(attachments) == {"figures.csv", "comments.csv"}
    assert b"Missing from the record,3,214" in attachments["figures.csv"][0]
    assert samples.WORDS[0].encode() in attachments["comments.csv"][0]


def test_an_empty_period_is_two_pages_that_say_so(wordy_app: Flask, renderer: Renderer) -> None:
    with wordy_app.app_context():
        drawn = renderer.draw(manuscript(samples.empty(), "nl", (), PROFILES[0]))
    reader = pypdf.PdfReader(BytesIO(drawn.pdf))
    assert len(reader.pages) == 2
    assert str(reader.root_object["/Lang"]) == "nl"


@pytest.mark.parametrize(
    "words",
    [
        "x" + "\n" * 5_000 + "y",
        "x\n" * 5_000,
        "x" * 5_000,
        "e" + "\u0301" * 5_000,
        "\u202eabc " * 900,
        "\U0001f62d" * 5_000,
    ],
)
def test_a_monstrous_comment_stays_within_bounds(words: str, wordy_app: Flask, renderer: Renderer) -> None:
    monster = verbatims.clipped(replace(samples.written(1)[0], words=words))
    figures = replace(samples.empty(), ledger=samples.figures().ledger, verbatims=Verbatims((monster,), 0))
    with wordy_app.app_context():
        drawn = renderer.draw(manuscript(figures, "en", (), PROFILES[0]))
    assert len(pypdf.PdfReader(BytesIO(drawn.pdf)).pages) <= 7


@pytest.mark.usefixtures("english")
def test_hostile_words_stand_as_text() -> None:
    hostile = "<script>x</script> {{7*7}} </blockquote> <img src=x onerror=y>"
    figures = replace(
        samples.figures(), verbatims=Verbatims((replace(samples.written(1)[0], words=hostile),), 0)
    )
    html = page(figures, "en", PROFILES[0], 0)
    assert "&lt;script&gt;x&lt;/script&gt; {{7*7}} &lt;/blockquote&gt;" in html
    assert "<script" not in html


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize("accent", ["red; } * { background: url(x)", "</style>", "#12345", ""])
def test_an_accent_that_is_no_colour_is_the_houses(accent: str) -> None:
    figures = samples.figures()
    html = page(replace(figures, scope=replace(figures.scope, accent=accent)), "en", PROFILES[0], 0)
    assert "--accent: #9a3b26" in html


@pytest.mark.usefixtures("english")
def test_a_smaller_profile_shows_less_and_counts_what_it_leaves_out() -> None:
    bare = page(samples.figures(), "en", PROFILES[2], 130)
    assert "130 comments are left out" in bare
    assert "<blockquote" not in bare
